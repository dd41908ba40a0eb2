"""What tells which place of one name a text means: a state beside it, neighbours, a dateline. No input or output."""

import re

from pipelines.tagging.scene import Item, Scene, is_place
from pipelines.tagging.triggers import words

# Between a place and the state or country that says which one is meant: "Cambridge (Massachusetts)",
# "Birmingham, en Alabama", "Manchester im US-Bundesstaat New Hampshire".
_JOIN = re.compile(
    r"^[\s,(（、，]*(?:(?:in|im|en|au|aux|dans|nel|nella|nello|no|na|do|da|de|del|della|dell|der|des|the|of|l|el|"
    r"u\.s|state|état|estado|stato|us-bundesstaat|bundesstaat|provinz|province|county|grafschaft|comté|condado)"
    r"[\s.'’]+){0,5}$",
    re.IGNORECASE,
)
_EAST_JOIN = re.compile(
    r"^(?:の|的|州|省|郡|州の|州的|주|주의|)[\s・（(]?"
    r"(?:(?:小さな|小|작은 )?(?:町|村|都市|도시|소도시|마을|城市|城|镇|鎮|城镇)[ ]?)?$"
)
# The press's and the post's abbreviations of states and provinces, right after a place's name.
_ABBREVIATED = re.compile(
    r",\s\(?(?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev|N\.H|"
    r"N\.J|N\.M|N\.Y|N\.C|N\.D|Okla|Ore|Pa|R\.I|S\.C|S\.D|Tenn|Tex|Vt|Va|Wash|W\.Va|Wis|Wyo|Ont|Que|B\.C|Alta|Man|"
    r"Sask|N\.S|N\.B|NSW|Vic|Qld)\.|"
    r",\s(?:AZ|CA|DE|FL|GA|IL|KS|KY|MA|MI|MN|MO|NE|NV|NH|NJ|NM|NY|NC|OH|RI|TN|TX|UT|VT|VA|WA|WV|WI|WY|ON|BC|NSW|USA"
    r"|U\.S)\b"
    # "In Leeds, CT scans", "In London, AR glasses": letters that mean something else stand before a word.
    r"|,\s(?:AL|AR|CO|CT|IA|MD|MS|MT|OK|OR|PA|SC)(?=[.,;:)\]—–]|\s[—–]|\s*$)",
    re.MULTILINE,
)
_INTELLIGENCE = frozenset(("fr", "es", "it", "pt"))  # languages that write "IA" for AI
_CANADIAN = words("Ont Que B.C Alta Man Sask N.S N.B ON BC")
_AUSTRALIAN = words("NSW Vic Qld")
_OFTEN = 3  # times that places of a country are named by a text that plays there


def beside(scene: Scene) -> tuple[set[str], dict[str, str]]:
    """Settle the places that have a state or country beside them.

    Returned are the names that are said to be abroad, and those said to be at home with where.
    """
    abroad: set[str] = set()
    at_home: dict[str, str] = {}
    for item in scene.items:
        if item.uk is not None or not is_place(item) or item.dropped:
            continue
        says = _qualifier(item, scene) or _called_so_abroad(item, scene)
        if says is not None:
            home, name = says
            item.uk, item.note = home, f"{name} is named beside it"
            if home:
                at_home[item.target.name] = name
            else:
                abroad.add(item.target.name)
    return abroad, at_home


def _qualifier(item: Item, scene: Scene) -> tuple[bool, str] | None:
    """(whether it is the country's own, what says so) for a place with its state or country beside it."""
    match = _ABBREVIATED.match(scene.document, item.end)
    if match and not (match[0].endswith("IA") and scene.language in _INTELLIGENCE):
        item.country = _country_of(match[0].strip(", ("))
        return False, match[0].strip(", (")
    after = scene.following(item)
    joined = after is not None and _JOIN.match(scene.document[item.end : after.start])
    if after and joined and (says := _tells(item, after, scene)) is not None:
        item.country = after.target.country
        further = scene.following(after)
        listing = further and further.target.kind == "country" and after.target.kind == "country"
        return None if listing and not says else (says, after.target.name)
    before = scene.preceding(item) if scene.east else None
    if before and _EAST_JOIN.match(scene.document[before.end : item.start]):
        told, item.country = _tells(item, before, scene), before.target.country
        return None if told is None else (told, before.target.name)
    return None


# "El pueblo se llama Londres": nobody says of the city what it is called, and of a village abroad one does.
_CALLED = re.compile(
    r"\b(?:(?:village|town|hamlet) (?:called|named)|(?:village|bourg|hameau) (?:s['’]appelle|appelé|nommé|baptisé)"
    r"|(?:Dorf|Ort|Städtchen) (?:heißt|namens)|(?:pueblo|aldea) (?:se llama|llamad[oa])"
    r"|(?:paese|borgo|villaggio) (?:si chiama|chiamato)|(?:vila|aldeia|povoado) (?:se chama|chamad[oa]))[ \u00a0]\Z"
)
_WELL_KNOWN = 100_000  # people


def _called_so_abroad(item: Item, scene: Scene) -> tuple[bool, str] | None:
    """What says that a village is no place of the country, where the text says that it is called so."""
    if item.target.kind != "place" or not _CALLED.search(scene.document, max(0, item.start - 32), item.start):
        return None
    for other in scene.since(*scene.sentence(item.start, item.end)):
        if other.target.kind in ("country", "demonym", "place") and other.target.country != scene.index.country:
            item.country = other.target.country
            return False, other.target.name
    return (False, "a village") if item.target.population >= _WELL_KNOWN else None


def _country_of(abbreviation: str) -> str:
    """The country whose state or province is written so."""
    short = abbreviation.rstrip(".")
    return "CA" if short in _CANADIAN else "AU" if short in _AUSTRALIAN else "US"


def _tells(item: Item, other: Item, scene: Scene) -> bool | None:
    """What a neighbouring place says of this one; None where it is only its neighbour."""
    target = other.target
    if target.kind == "country":
        if target.country == scene.index.country:
            return True
        return False if any(n.country == target.country for n in item.target.namesakes) else None
    if target.kind != "place" or not target.role:
        return None
    return target.country == scene.index.country


def rivals(item: Item, scene: Scene) -> tuple[int, str]:
    """How strongly the text speaks of a namesake's surroundings, and by what."""
    if not item.target.namesakes:
        return 0, ""
    best, words = 0, ""
    countries = {n.country for n in item.target.namesakes}
    regions = {n.region for n in item.target.namesakes if n.region}
    for other in scene.abroad():
        near = other.span == item.span
        if other.target.name in regions or other.target.place in regions:
            found = 4 if near else 3
        elif (other.country or other.target.country) in countries:
            # A namesake in that very state is said to be meant: its neighbours are not far.
            found = (4 if near else 3) if _may_be_neighbours(item, other, scene) else 2 if near else 1
        else:
            continue
        if found > best:
            best, words = found, other.target.name
    return best, words


def _may_be_neighbours(item: Item, other: Item, scene: Scene) -> bool:
    """Whether the item may lie where `other` does, a namesake that is said to be abroad.

    It may where it has a namesake in a state that has one of the other's, and where the text keeps speaking of
    places there. "CAMBRIDGE, Mass. — … opens a lab in Leeds" tells only where a firm sits.
    """
    if not other.country:
        return False
    there = {n.region for n in other.target.namesakes if n.country == other.country}
    named = {i.target.name for i in scene.abroad() if i.target.kind == "place" and i.target.role}
    there = there & named or there  # "Cambridge, Massachusetts" is in none of the other states that have a Cambridge
    if any(n.country == other.country and n.region in there for n in item.target.namesakes):
        return True
    return scene.names_there(other.target.name, other.country) >= _OFTEN


def dateline_abroad(item: Item, scene: Scene) -> Item | None:
    """A namesake that the paragraph begins with and that is said to be abroad ("LONDON, Ont. — …")."""
    first = scene.spans[item.span][0]
    begins = next((i for i in scene.since(first, first + 1) if i is not item), None)
    return (
        begins
        if begins
        and begins.uk is False
        and begins.target.country == scene.index.country
        and _may_be_neighbours(item, begins, scene)
        else None
    )


def short_for(item: Item, scene: Scene) -> str:
    """A foreign organisation of the text whose name begins with this place ("Bristol" for Bristol Myers Squibb)."""
    start = f"{item.target.name} "
    for other in scene.abroad():
        if other.target.kind == "organisation" and other.target.name.startswith(start):
            return other.target.name
    return ""


# "im Vorort Cardiff", "the Newcastle suburb of Cardiff": of the town that is named beside it, wherever that is.
_SUBURB = (
    "suburb ", "suburb of ", "Vorort ", "Stadtteil ", "banlieue de ", "banlieue d’", "banlieue d'", "quartier de ",
    "quartier d’", "quartier d'", "suburbio de ", "barrio de ", "sobborgo di ", "quartiere di ", "subúrbio de ",
    "bairro de ",
)  # fmt: skip


def suburbs(scene: Scene) -> None:
    """Send a suburb of the country's own name to where the other places of its sentence, or else its text, are."""
    for item in scene.items:
        if not item.uk or item.dropped or item.target.kind != "place" or item.target.role:
            continue
        if scene.document[max(0, item.start - 16) : item.start].endswith(_SUBURB):
            sentence = scene.sentence(item.start, item.end)
            beside = [i for i in scene.since(*sentence) if i is not item and i.telling]
            beside = beside or [i for i in scene.items if i is not item and i.telling and is_place(i)]
            if beside and not any(i.uk for i in beside):
                item.uk, item.note = False, f"a suburb beside {beside[0].target.name}, which is abroad"
                item.country = beside[0].country or beside[0].target.country


# Every town of the country has a namesake there: a text says which of its states is meant, or means none of them.
_EVERY_NAMESAKE = "US"


def follow(scene: Scene) -> None:
    """Send the text's other towns abroad where it opens with a namesake there and names nothing else of the country.

    One of them has to have a namesake in a state that the text names: Newcastle's Wallsend in New South Wales. Then
    so may be its Cardiff, which is too small there for the gazetteer. A country that the opening names will do for
    towns that both have one there: Cambridge and Hastings of New Zealand.
    """
    ours = [i for i in scene.items if i.uk and not i.dropped]
    towns = [i for i in ours if i.target.kind == "place" and not i.target.role]
    gone = [i for i in scene.items if i.uk is False and not i.dropped]
    opens = [i for i in gone if i.span <= 1 and i.target.country == scene.index.country]
    if not opens or not towns or len(towns) < len(ours):
        return
    states = {i.target.name for i in gone if i.target.kind == "place" and i.target.role}
    countries = {i.target.country for i in gone if i.target.kind == "country" and i.span <= 1}
    countries &= {there.country for town in opens for there in town.target.namesakes}
    countries.discard(_EVERY_NAMESAKE)
    if any(n.region in states or n.country in countries for town in towns for n in town.target.namesakes):
        for town in towns:
            town.uk, town.country = False, opens[0].country
            town.note = f"the text plays where {opens[0].target.name} is, which is abroad"


# What a body's name says besides its town where any town of that name may have one; there is one Imperial College.
_ANY_TOWN_HAS = words(
    "University of College School Council City County Town Hospital Hospitals General Airport Museum Port Harbour the "
    "Institute Technology Police Library Zoo Cathedral Theatre Centre Chamber Commerce"
)


def bodies_abroad(scene: Scene) -> bool:
    """Whether a body that is called after a place follows it abroad: a "Newcastle University" in New South Wales."""
    places = [i for i in scene.items if is_place(i) and i.target.country == scene.index.country and not i.dropped]
    gone = {i.target.name for i in places if i.uk is False} - {i.target.name for i in places if i.uk}
    followed = False
    for item in scene.items if gone else ():
        seat = item.target.place
        named_after = item.target.kind == "organisation" and seat in gone and seat in item.target.name
        if item.uk and named_after and not set(item.target.name.replace(seat, "").split()) - _ANY_TOWN_HAS:
            item.uk, item.note, followed = False, f"the same text says that this {seat} is abroad", True
    return followed
