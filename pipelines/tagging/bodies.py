"""Public bodies named after their place, in ten languages: councils, colleges, airports. Does no input or output.

"Stadtrat von Leeds", "conseil municipal de Leeds", "リーズ市議会" are all Leeds City
Council. The place decides which council it is: a county has a county council, a
city a city council, and in Scotland and Wales there is one sort for all.
"""

import re
from collections.abc import Iterator

from pipelines.tagging.index import Target
from pipelines.tagging.scene import Item, Scene, is_place
from pipelines.tagging.triggers import BODIES_AFTER, BODIES_BEFORE, OF_THE_STATE, words

# Between the body's word and its place: nothing, an article, or the place's own "county of".
_GAP = re.compile(r"^[ \u00a0]?(?:the[ \u00a0]|l['’]|la[ \u00a0])?$", re.IGNORECASE)
_GAP_EAST = re.compile(r"^[・ ]?(?:州|郡|市|镇|鎮|町)?$")
# Cities by royal charter whose councils are called so; any other town has a plain council.
_CITIES = frozenset((
    *words(
        "Bath Birmingham Bradford Bristol Cambridge Canterbury Carlisle Chelmsford Chester Chichester Colchester "
        "Coventry Derby Doncaster Durham Ely Exeter Gloucester Hereford Hull Lancaster Leeds Leicester Lichfield "
        "Lincoln Liverpool London Manchester Newcastle Norwich Nottingham Oxford Peterborough Plymouth Portsmouth "
        "Preston Salford Salisbury Sheffield Southampton Southend-on-Sea Stoke-on-Trent Sunderland Truro Wakefield "
        "Wells Winchester Wolverhampton Worcester York Aberdeen Dundee Glasgow Belfast"
    ),
    "Milton Keynes", "Brighton and Hove",
))  # fmt: skip
# Counties outside England, and those of England whose one council has no other name for itself.
_ONE_SORT = words(
    "Fife Aberdeenshire Ayrshire Lanarkshire Lothian Orkney Shetland Highland Moray Angus Argyll Perthshire Powys "
    "Gwynedd Gwent Anglesey Pembrokeshire Carmarthenshire Ceredigion Monmouthshire Flintshire Denbighshire Cornwall "
    "Wiltshire Shropshire Dorset Somerset Buckinghamshire Cumbria"
)


def find(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """The body that the word at `start` to `end` and the place beside it name together."""
    word = scene.document[start:end]
    kind, place = BODIES_BEFORE.get(word.casefold(), ""), None
    if kind:
        place = next((i for i in scene.since(end, end + 6) if is_place(i)), None)
        if place and not _GAP.match(scene.document[end : place.start]):
            place = None
    else:
        kind = BODIES_AFTER.get(word, "")
        before = [i for i in scene.between(start - 3, start) if is_place(i) and i.end <= start]
        if before and _GAP_EAST.match(scene.document[before[-1].end : start]):
            place = before[-1]
    if not kind or place is None or place.target.kind != "place" or place.target.role in ("nation", "state"):
        return  # a nation has a parliament
    first, last = min(start, place.start), max(end, place.end)
    target = Target(
        name=_name(scene, kind, place),
        kind="organisation",
        country=scene.index.country if place.uk else "",
        listed=False,
        place=place.target.name if kind in ("council", "college") else "",
    )
    note = f"the {kind} of {place.target.name}"
    yield Item(first, last, target, scene.span_of(first), uk=bool(place.uk), weight=1.0, note=note)


# "Screen Yorkshire", "Invest Glasgow", "Historic England": what a body is for, and for where.
_FOR = words(
    "Screen Film Creative Arts Sport Visit Invest Marketing Opportunity Innovate Connect Skills Digital Transport "
    "Historic Natural Scale Launch Codebase Careers Volunteering"
)
_LONGEST_FOR = 14  # characters


def called_for(scene: Scene) -> Iterator[Item]:
    """The bodies whose name is what they are for and the place they serve, where no list holds them."""
    for place in scene.items if not scene.east else ():
        if place.dropped or place.target.kind != "place" or place.uk is None or scene.headline(place.start):
            continue
        before = scene.document[max(0, place.start - _LONGEST_FOR) : max(0, place.start - 1)].split()
        head = before[-1] if before else ""
        if head in _FOR:
            name, start = f"{head} {place.target.name}", place.start - 1 - len(head)
            country = scene.index.country if place.uk else ""
            target = Target(name=name, kind="organisation", country=country, listed=False, place=place.target.name)
            note = f"a body for {place.target.name}"
            yield Item(start, place.end, target, place.span, uk=place.uk, weight=0.8, note=note)


def _name(scene: Scene, kind: str, place: Item) -> str:
    """The body's usual English name."""
    town = place.target.name
    if kind == "combined authority":
        return scene.index.authorities.get(town) or f"{town} Combined Authority"
    if kind != "council":
        return f"{town} {kind.title()}"
    if known := scene.index.councils.get(town):
        return known
    if place.target.role in ("region", "county") and town not in _ONE_SORT:
        return f"{town} County Council"
    return f"{town} City Council" if town in _CITIES else f"{town} Council"


_OF_WHOM = re.compile(rf"\s(?:of|de|d['’]|di|da|v)|{OF_THE_STATE}")


def government(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """ "The government", where the paragraph or else the text speaks of one country only."""
    following = scene.document[end : end + 4]
    number = scene.span_of(start)
    if _OF_WHOM.match(following) or not scene.free(start, end) or not scene.index.government:
        return
    abroad = [i for i in scene.abroad(number) if is_place(i) or i.target.kind in ("demonym", "government")]
    home, total = scene.home(span=number), scene.home()
    others = [i for i in scene.abroad() if i.target.kind in ("country", "demonym")]
    if abroad or not total or (not home and len(others) * 2 > len(total)):
        return
    if scene.east and scene.between(start - 3, start):
        return
    target = Target(name=scene.index.government, kind="government", country=scene.index.country, listed=False)
    note = f"{scene.index.country_name} is the only country spoken of"
    yield Item(start, end, target, number, uk=True, weight=0.5, note=note)
