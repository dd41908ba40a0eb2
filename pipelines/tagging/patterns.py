"""Organisations that no list holds, by the grammar around their names. Does no input or output.

"Cardiff-based X", "X Ltd", "spun out of the University of Y", "das Londoner
Unternehmen X", "X, A and B" among known companies. What is found once is then
met again wherever it stands in the text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipelines.tagging import bodies, capitals, patterns_east, readings, roles
from pipelines.tagging.bracketed import Bracketed
from pipelines.tagging.capitals import LEADING, NAME
from pipelines.tagging.latin import TOKEN as _TOKEN
from pipelines.tagging.organisation_names import good, trim
from pipelines.tagging.people import NO_PERSON
from pipelines.tagging.readings import read_as
from pipelines.tagging.scene import Item, Scene, is_place
from pipelines.tagging.triggers import BRITISH_ENDINGS, FOUNDED, words

_LONG = rf"{_TOKEN}(?:(?:[ \u00a0](?:of|and|&|for|the|de|du|des|di|for the|of the))?[ \u00a0]{_TOKEN}){{0,6}}"
_ENDS = re.compile(rf"({_LONG})[ \u00a0,]{{1,2}}$")
_FOUNDED = frozenset(FOUNDED)
_IS = "is|was|were|which is|which was|est|wurde|è|é|fue|foi|ist"
_AHEAD = re.compile(rf"({NAME})(?:,[ \u00a0][^.;\n]{{0,60}}|[ \u00a0](?:{_IS})[ \u00a0][^.;,\n]{{0,30}})?[ \u00a0,]*$")
_RIGHT_AHEAD = re.compile(rf"({NAME})[ \u00a0,]*$")
_ARTICLE = "an?|the|une?|l[ea’']|eine?|ein|una?|um|uma|o|a|il|die|der|das"
_APPOSED = re.compile(rf"({NAME}),[ \u00a0](?:(?:{_ARTICLE})[ \u00a0][^.;\n]{{0,60}})?$")
_BEHIND = re.compile(rf"(?:,|[ \u00a0][a-zà-ÿ-]{{2,20}}){{0,3}}[ \u00a0]({NAME})")
_RIGHT_BEHIND = re.compile(rf",?[ \u00a0]({NAME})")
_BASED = re.compile(rf"^-based[ \u00a0](?:[^\W\d_A-Z][\w’'-]*[ \u00a0]|AI[ \u00a0]){{0,6}}({NAME})")
_PLACES = re.compile(r"^(?:the[ \u00a0]|la[ \u00a0]|l['’])?$", re.IGNORECASE)
_AND = r"(?:and|&|et|und|y|e|ed)"
_FURTHER = re.compile(rf"^(?:,|,?[ \u00a0]{_AND})[ \u00a0](?:of[ \u00a0]|the[ \u00a0]|de[ \u00a0]|d['’]|di[ \u00a0])?$")
_NEXT = re.compile(rf"(?:,[ \u00a0]|、|,?[ \u00a0](?:{_AND}|as well as)[ \u00a0](?:as well as[ \u00a0])?)({NAME})")
_GAP = re.compile(rf"^(?:,|、|[ \u00a0]{_AND}[ \u00a0])")
_OF_NAME = re.compile(rf"[ \u00a0]?(?:the[ \u00a0])?({NAME})")
_NO_COMPANY = NO_PERSON - words(
    "Royal National European British Great North South East West New City Open Deep Cloud Road"
)


def find(scene: Scene, found: Sequence[tuple[int, int, str]], twice: Sequence[Bracketed] = ()) -> list[Item]:
    """The unlisted organisations of the text, and "the government" where one country is spoken of.

    `twice` are organisations that the text spells twice.
    """
    sure = {(item.start, item.end): item for one in twice for item in _spelled_twice(scene, one)}
    items = dict(sure)
    readers = {
        "ending": _ending, "celtic": _celtic, "university": _university, "seated": _seated, "company": _company,
        "role of": _role_of, "government": bodies.government, "body": bodies.find,
    }  # fmt: skip
    for start, end, kind in found:
        if kind in readers and (scene.may_tell(scene.span_of(start)) or _is_british(scene, start, end, kind)):
            for item in readers[kind](scene, start, end):
                known = items.setdefault((item.start, item.end), item)
                if known.weight < item.weight:  # "the Hull company X Logistics" says more of it than its ending
                    items[item.start, item.end] = item
    for item in (*_based(scene), *_of_nation(scene), *_listed_together(scene), *bodies.called_for(scene)):
        items.setdefault((item.start, item.end), item)
    for item in _acting(scene, found):
        if not readings.touch(item, items.values()):
            items[item.start, item.end] = item
    readings.lengthen(scene)
    readings.join_small_words(scene, items)
    readings.refer(scene, found, items)
    readings.agree(items.values())
    readings.complete(scene, items)
    chosen = readings.apart([*items.values(), *readings.again(scene, list(items.values()))])
    return [i for i in chosen if (i.start, i.end) in sure or _may_cover(scene, i)]


def _is_british(scene: Scene, start: int, end: int, kind: str) -> bool:
    """Whether a word makes the name beside it one of the country wherever it stands."""
    return kind == "celtic" or scene.document[start:end] in BRITISH_ENDINGS


def _spelled_twice(scene: Scene, name: Bracketed) -> Iterator[Item]:
    """`リンネ・コンピュート (Linnhe Compute)`, and リンネ・コンピュート alone wherever it stands again."""
    seat = roles.tie(scene, name.start, name.end)
    note = f"spelled in two scripts, beside {seat.target.name}" if seat else "spelled in two scripts"
    ends = [(name.start, name.end)]
    for native in (name.native, name.latin):
        at = scene.document.find(native)
        while at >= 0:
            if not name.start <= at < name.end:
                ends.append((at, at + len(native)))
            at = scene.document.find(native, at + len(native))
    for start, end in ends:
        first, last = scene.spans[scene.span_of(start)]
        if first <= start and end <= last:
            yield read_as(scene, start, end, name.latin, seat is not None, note, 1.0)


def _may_cover(scene: Scene, item: Item) -> bool:
    """Whether what stands inside the name is only a place, or the NHS in the name of one of its trusts."""
    longer = scene.document[item.start : item.end].endswith(tuple(BRITISH_ENDINGS))
    return scene.free(item.start, item.end, ("place", "country", "organisation") if longer else ("place", "country"))


def _company_of(scene: Scene, start: int, end: int) -> Item | None:
    """What in the same sentence ties a name to the country, where nothing there ties it to another."""
    first, last = scene.sentence(start, end)
    here = [i for i in scene.since(first, last) if i.telling and i.target.kind not in ("person", "official")]
    if any(not i.uk and (is_place(i) or i.target.kind == "demonym") for i in here):
        return None
    return next((i for i in here if i.uk), None)


def _ending(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`Kelda Bioscience`, `Leeds City Council`, `Royal Cornwall Hospitals NHS Trust`."""
    first = max(scene.spans[scene.span_of(start)][0], start - 80)
    if scene.headline(start) and not scene.east:
        return
    match = _ENDS.search(scene.document[first:start]) if _may_end(scene.document, first, start) else None
    ending = scene.document[start:end]
    if not match:
        return
    if ending in _OF_ENDINGS and (what := _OF_WHAT.match(scene.document, end)):
        end = what.end()
        ending = scene.document[start:end]
    begin, own = _own_part(scene, first + match.start(1), start, whole=ending in BRITISH_ENDINGS)
    name = f"{own}{ending}"
    whole = ending in BRITISH_ENDINGS
    if not own.strip() or own.strip() in LEADING or not (whole or good(scene, begin, name, start)):
        return
    inside = next((i for i in scene.between(begin, end) if is_place(i)), None)
    if ending in BRITISH_ENDINGS:
        yield read_as(scene, begin, end, name, True, f"{ending} is a British form", 1.0)
    elif inside is not None:
        yield read_as(scene, begin, end, name, bool(inside.uk), f"named after {inside.target.name}", 0.8)
    elif company := roles.tie(scene, begin, end):
        yield read_as(scene, begin, end, name, True, f"an organisation named together with {company.target.name}", 0.4)
    else:
        yield read_as(scene, begin, end, name, False, "an organisation by its name", 0.4)


# "Theatr Clwyd", "Grŵp Llandrillo Menai", "Bòrd na Gàidhlig"; what follows is Welsh or Gaelic, too.
_CELTIC_REST = re.compile(rf"(?:[ \u00a0](?:y|yr|a|ac|o|nan|nam|na|an))?(?:[ \u00a0]{_TOKEN}){{1,3}}")


def _celtic(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`Coleg Cambria`: a head that only the country's own languages have."""
    rest = None if scene.headline(start) else _CELTIC_REST.match(scene.document, end)
    if rest:
        name = scene.document[start : rest.end()]
        yield read_as(scene, start, rest.end(), name, True, "a Welsh or Gaelic name", 1.0)


# "Staffordshire College of Clay", "Northern Institute for the Sea": what it is for belongs to the name.
_OF_ENDINGS = words(
    "Group College Academy Institute Institution Society Association Federation Foundation Centre Agency"
)
_OF_WHAT = re.compile(
    rf"[ \u00a0](?:of|for)[ \u00a0](?:the[ \u00a0])?{_TOKEN}(?:[ \u00a0](?:and[ \u00a0])?{_TOKEN}){{0,3}}"
)


def _may_end(document: str, first: int, start: int) -> bool:
    """Whether the word before `start` can be a name's: `_ENDS` matches only where it begins as names begin."""
    before = document[first:start].rstrip(" \u00a0,")
    word = before[max(before.rfind(" "), before.rfind("\u00a0")) + 1 :]
    return any(c.isupper() or c.isdigit() for c in word)


_MANY = re.compile(r"^(?:universities|universités|universitäten|universidades)\b", re.IGNORECASE)


def _own_part(scene: Scene, begin: int, start: int, *, whole: bool = False) -> tuple[int, str]:
    """What before an ending belongs to its name: not the person, the country or the firm that stands before it.

    `whole` says that a firm or university there is a part of the name ("Hull University Hospitals NHS Trust").
    """
    for item in scene.between(begin, start):
        if whole and item.target.kind == "organisation" and scene.document[item.end : item.end + 1] == " ":
            continue
        possessive = scene.document[item.end : item.end + 3] in ("'s ", "’s ")
        if item.end < start and (possessive or not is_place(item)):
            begin = item.end + (3 if possessive else 0)
    begin += len(scene.document[begin:start]) - len(scene.document[begin:start].lstrip(" \u00a0,"))
    text = scene.document[begin:start]
    # "Brighton and Hove City Council" is one name, "Calder Valley Textiles and Kirklees Council" are two.
    for join in (" and ", " et ", " und ", " y ", " e "):
        before, found, after = text.rpartition(join)
        if found and len(before.split()) > 1:
            begin, text = start - len(after), after
    if scene.language == "de":  # "Röntgenaufnahmen des Hexham General Hospital"
        text = re.split(r"[ \u00a0](?:des|der|von)[ \u00a0]", text)[-1]
        begin = start - len(text)
    while cut := re.match(r"(?:of|and|de|du|des|di|for|&)[ \u00a0]", text):
        begin, text = begin + cut.end(), text[cut.end() :]
    return trim(begin, text)


def _university(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`University of X`, `universités de Kent et d'Essex`: each by its usual English name."""
    place = next((i for i in scene.since(end, end + 8) if is_place(i)), None)
    if place is None or not _PLACES.match(scene.document[end : place.start].strip()) or not scene.free(start, end):
        return
    found = [_named_after(scene, start, place)]
    many = _MANY.match(scene.document[start:end])
    while many and (after := scene.following(place)) and _FURTHER.match(scene.document[place.end : after.start]):
        if not is_place(after):
            break
        place = after
        found.append(_named_after(scene, place.start, place))
    if len(found) > 1 or not many:  # "the universities of London" are no one of them
        yield from found


def _named_after(scene: Scene, start: int, place: Item) -> Item:
    known = scene.index.universities.get(place.target.name) if place.uk else None
    name = known or f"University of {place.target.name}"
    note = f"the university of {place.target.name}"
    return read_as(scene, start, place.end, name, bool(place.uk), note, 1.0 if known else 0.8)


def _seated(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`X, based in Leeds`, `X was spun out of the University of Leeds`, `X, con sede en Slough`."""
    reach = 40 if scene.document[start:end].casefold() in _FOUNDED else 11
    seat = next((i for i in scene.since(end, end + reach) if i.telling), None)
    if seat and re.search(r"[,.;:]", scene.document[end : seat.start]):
        seat = None
    if scene.east:
        yield from patterns_east.seated(scene, start, end)
        return
    first = max(scene.sentence(start, end)[0], start - 110)
    if seat is None or scene.headline(start):
        return
    before = scene.document[first:start]
    match = _RIGHT_AHEAD.search(before) or _AHEAD.search(before)
    if match is None:
        return
    begin, name = trim(first + match.start(1), match[1])
    noun = scene.language == "de" and " " not in name and not capitals.is_german_name(scene, begin, begin + len(name))
    if not noun and good(scene, begin, name):
        yield read_as(scene, begin, begin + len(name), name, bool(seat.uk), f"tied to {seat.target.name}", 1.0)


_NO_FIRM = re.compile(r"(?:modèles?|modelos?|modell[oi]) (?:de|di) \Z")  # "un modèle de fondation"


def _company(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`the Cardiff start-up X`, `das Londoner Unternehmen X`, `X, une société de Cardiff`."""
    first, last = scene.sentence(start, end)
    if _NO_FIRM.search(scene.document, max(first, start - 14), start):
        return
    if scene.language == "en" and start > first and scene.document[start].isupper():
        return  # "the Energy Resilience Fund": the word is a part of the name
    if scene.east and (native := patterns_east.native(scene, end, last)):
        yield native
        return
    near = [
        i
        for i in scene.since(max(first, start - 45), min(last, end + 45))
        if i.telling and i.target.kind in ("place", "country", "demonym")
    ]
    if scene.east:
        near += [i for i in scene.since(max(first, start - 45), start) if i.telling and patterns_east.bears(i, start)]
    before = scene.document[first:start]
    if scene.language == "en" and scene.headline(start):
        return
    if not near:
        yield from _apposed(scene, before, first, start, end, last)
        return
    origin = min(near, key=lambda i: abs(i.start - start))
    if scene.east:
        behind = [patterns_east.BEHIND.match(scene.document, end, last)]
        ahead = patterns_east.AHEAD.search(before)
    else:
        past = next((i.end for i in scene.since(end, end + 12) if is_place(i)), end)
        beside = _RIGHT_BEHIND if scene.language == "de" else _BEHIND  # German nouns have capitals, too
        behind = [beside.match(scene.document, at, last) for at in (end, past)]
        ahead = _APPOSED.search(before)
    for match, offset in (*((m, 0) for m in behind), (ahead, first)):
        if match is None:
            continue
        begin, name = trim(offset + match.start(1), match[1])
        if good(scene, begin, name):
            note = f"a company tied to {origin.target.name}"
            called = name if match is ahead else _in_english(scene.document[start:end], name)
            yield read_as(scene, begin, begin + len(name), called, bool(origin.uk), note, 1.0)
            return


_FOUNDATIONS = frozenset(("fondation", "fondazione", "fundación", "fundação", "stiftung"))


def _in_english(word: str, name: str) -> str:
    """ "la Fondazione Thornborough" is the Thornborough Foundation."""
    return f"{name} Foundation" if word.casefold() in _FOUNDATIONS and not name.endswith("Foundation") else name


# "the shipbuilder X", "a cooperative called X", "the X partnership": the company's word alone makes the name.
_CALLED = re.compile(
    r"(?:[ \u00a0](?:called|named|namens|appelée?|baptisée?|nommée?|llamad[oa]|chiamat[oa]|chamad[oa]))?"
    r"(?:[ \u00a0](?:de|d['’]|di|da|do)[ \u00a0]?[a-zà-ÿ]{4,20})?"
    rf"[ \u00a0]({NAME})"
)
_THE = re.compile(rf"\b(?:the|a|an)[ \u00a0]({NAME})[ \u00a0]$")


def _apposed(scene: Scene, before: str, first: int, start: int, end: int, last: int) -> Iterator[Item]:
    """A name right beside the word for a company, where no place stands near; its text says of which country it is."""
    if scene.east or scene.headline(end):
        return
    behind = _CALLED.match(scene.document, end, last)
    ahead = _THE.search(before) if scene.language == "en" and not behind else None
    for match, offset in ((behind, 0), (ahead, first)):
        if match is None:
            continue
        begin, name = trim(offset + match.start(1), match[1])
        if good(scene, begin, name) and not _NO_COMPANY & set(name.split()):
            seat = roles.tie(scene, begin, begin + len(name))
            called = name if match is ahead else _in_english(scene.document[start:end], name)
            yield read_as(
                scene, begin, begin + len(name), called, seat is not None, "called a company in the text", 0.4
            )
        return


def _role_of(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`founder of Kestrel Grid`: an organisation, of the country where its sentence or paragraph is."""
    match = _OF_NAME.match(scene.document, end)
    if not match:
        return
    begin, name = trim(match.start(1), match[1])
    if good(scene, begin, name):
        company = _company_of(scene, begin, begin + len(name))
        note = f"named with a person and {company.target.name}" if company else "named with a person"
        yield read_as(scene, begin, begin + len(name), name, company is not None, note, 0.5)


def _based(scene: Scene) -> Iterator[Item]:
    """`Cardiff-based Kestrel Grid`, `London-based AI start-up Foo`."""
    for item in scene.items:
        if not is_place(item) or item.uk is None:
            continue
        if match := _BASED.match(scene.document[item.end : item.end + 110]):
            begin, name = trim(item.end + match.start(1), match[1])
            if good(scene, begin, name):
                yield read_as(scene, begin, begin + len(name), name, bool(item.uk), f"based in {item.target.name}", 1.0)


# "La britannica Thornbury Mobility": an article, a nation's adjective, and a name of at least two words.
_NATIONS = re.compile(r"(?:\b(?:la|el|lo|il|a|o|le)[ \u00a0]|\bl['’])\Z", re.IGNORECASE)
_NATIONAL = re.compile(rf"[ \u00a0]({_TOKEN}(?:[ \u00a0]{_TOKEN}){{1,3}})(?=[ \u00a0][a-zà-ÿ]|,)")


def _of_nation(scene: Scene) -> Iterator[Item]:
    """What Romance languages name by its nation alone; a person is found before by what is said of her."""
    for item in scene.items if scene.language in ("fr", "es", "it", "pt") else ():
        if item.target.kind != "demonym" or item.uk is None or item.dropped:
            continue
        ahead = _NATIONS.search(scene.document, max(0, item.start - 4), item.start)
        match = _NATIONAL.match(scene.document, item.end) if ahead else None
        if match and good(scene, match.start(1), match[1]):
            note = f"a company tied to {item.target.name}"
            yield read_as(scene, match.start(1), match.end(1), match[1], bool(item.uk), note, 0.5)


def _listed_together(scene: Scene) -> Iterator[Item]:
    """`A, B and X`, where A and B are known organisations: X is one."""
    known = [i for i in scene.items if i.target.kind == "organisation" and i.target.listed and not i.dropped]
    for one, other in pairwise(known):
        gap = scene.document[one.end : other.start]
        if one.span != other.span or len(gap) > 60 or not _GAP.match(gap):
            continue
        uk = bool(one.uk and other.uk)
        end = other.end
        while match := _NEXT.match(scene.document, end, scene.spans[other.span][1]):
            begin, name = trim(match.start(1), match[1])
            end = match.end(1)
            if good(scene, begin, name) and scene.free(begin, end):
                yield read_as(scene, begin, end, name, uk, f"in a list with {other.target.name}", 0.3)


def _acting(scene: Scene, found: Sequence[tuple[int, int, str]]) -> Iterator[Item]:
    """`In Redruth, Trelawne Castings …`, `NVIDIA and Humberline`: names that do what organisations do."""
    for start, end, uk, weight, note in roles.find(scene, found):
        begin, name = trim(start, scene.document[start:end])
        if len(name) > 2 and good(scene, begin, name):
            yield read_as(scene, begin, begin + len(name), name, uk, note, weight)
