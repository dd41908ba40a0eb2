"""People that no list holds, by the grammar around their names. Does no input or output.

A person in the news is quoted ("said Maeve Hartley"), titled ("Dr. Ailsa Munro")
or introduced ("Owen Marsh, directeur"); two words with a capital elsewhere
are no person.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipelines.tagging import introduced, offices, people_east, references
from pipelines.tagging.index import Target
from pipelines.tagging.latin import PARTICLE as _PARTICLE
from pipelines.tagging.latin import PERSON as NAME
from pipelines.tagging.latin import PERSON_TOKEN as _TOKEN
from pipelines.tagging.latin import UPPER as _UPPER
from pipelines.tagging.scene import Item, Scene
from pipelines.tagging.triggers import ENDINGS, HONORIFICS, OFFICIAL, ROLE_EAST, TITLES, words

_TITLE = rf"(?:(?:{'|'.join(sorted(map(re.escape, HONORIFICS), key=len, reverse=True))})\.?[ \u00a0])*"
# "said plant manager Owen Marsh": a few lower-case words may stand between the verb and the name.
_BEHIND = re.compile(
    rf",?[ \u00a0]((?:(?:{_TOKEN}[ \u00a0]){{1,2}}"
    rf"(?=[a-zà-ÿ])(?!(?:of|at|for|from|who|de|du|des|di|del|von|vom|da|do|d|and|in)\b))?"
    rf"(?:[^\W\d_A-Z][\w’'-]*,?[ \u00a0]|[A-Z]{{2,6}}[’'s]{{0,2}}[ \u00a0]){{0,6}}){_TITLE}({NAME})"
)
# "le ministre de la Technologie, Owen Marsh,": the role's own words, then the name between commas.
_BETWEEN = re.compile(rf"[ \u00a0][^.,;\n]{{1,60}},[ \u00a0]{_TITLE}({NAME}),")
# "la ministre britannique Tessa Windrow": Romance languages put one adjective behind the noun.
_DIRECTLY = re.compile(rf"\.?,?[ \u00a0](?:[a-zà-ÿ]{{4,}}[ \u00a0])?{_TITLE}({NAME})")
_AHEAD = re.compile(rf"({NAME})(?:,[^,.;\n]{{1,80}},)?[ \u00a0]$")
_COMMA = re.compile(rf"({NAME}),[ \u00a0]((?:[\w’'&-]+[ \u00a0]){{0,5}})$")
# Between verb or role and name these say that what follows is no speaker.
_NO_SPEAKER = words(
    "that will it its they we he she in with has have is was are were to on for if would could que qu dass daß che se "
    "si whose dont deren dessen cuyo cuya cui by from where when as than about whether into at und and et y ed"
)
# "said the minister of Energy": what stands right before no name.
_OF_WHAT = tuple([word] for word in words("of for de del du des di da do dos der für at chez bei presso en na no in"))
NO_PERSON = words(
    "NVIDIA The This That These AI GPU GPUs CEO CTO Monday Tuesday Wednesday Thursday Friday Saturday Sunday January "
    "February March April June July August September October November December University Université Universität "
    "Universidad Università Universidade Royal National European British Great New North South East West United "
    "Le La Les Der Die Das El Los Las Il Lo Gli Our Their Its In At On For With From Prime Minister Secretary State "
    "Chief Executive Officer Vice President Director Department Ministry House Street Road City County Data Cloud "
    "Research "
    "Open Deep Learning Grace Hopper Blackwell Ultra Rubin Jetson Thor Isaac Omniverse Nemotron Cosmos RTX DGX Earth "
    "Technology Science Innovation Tech Week Summit Council Government Parliament Union Inception Model Models "
    "Premier Premierminister Staatssekretär Ministerin Ministro Ministre Primeiro Primer Commons Lords"
)
# Words of bodies that are quoted as persons are: "según la Organización Mundial de la Salud".
_BODIES = words(
    "World Organisation Organization Organización Organização Organizzazione Mundial Mondiale Agencia Agence Agenzia "
    "Agência Commission Comisión Commissione Comissão Ministerio Ministero Ministère Ministério Association Asociación "
    "Associação Associazione Fundación Fondation Fondazione Fundação Institut Instituto Istituto"
)
FOR_THE_PUBLISHER = "speaks for NVIDIA"  # the note of one who does
# What a sentence begins with before a name, and no name does.
_OPENERS = words(
    "En Em In At On For With From The À Im Am Bei Mit Aus Nach Nel Nella Per Con Por Para Pour Par Avec Chez Sur Dans "
    "Depuis Und Doch And But Aux Au Zur Zum Beim Vom Seit Für Dal Dalla Na No Nas Nos Ao"
)
_OFFICIAL = re.compile(OFFICIAL, re.IGNORECASE)
_MAY_HOLD = ("place", "country")
_NOT_IN_PERSONS = NO_PERSON | _BODIES
_ENDINGS = frozenset(word for ending in ENDINGS for word in ending.split())


def find(
    scene: Scene, found: Sequence[tuple[int, int, str]], known: Iterable[tuple[int, int, str, str]] = ()
) -> list[Item]:
    """The unlisted people of the text, once for every place where they are quoted, titled or introduced.

    `known` are names that the text spells twice: start, end, the native spelling and the Latin one.
    """
    people: dict[tuple[int, int], Item] = {}
    for start, end, native, name in known:
        for first, last in ((start, end), *_alone(scene, native, end)):
            if scene.free(first, last, _MAY_HOLD):
                people[first, last] = _person(scene, first, last, name)
    officials: set[str] = set()
    for start, end, kind in found:
        if not scene.may_tell(scene.span_of(start)):
            continue
        if kind == "speech":
            spots = people_east.beside(scene, start, end) if scene.east else _quoted(scene, start, end)
        elif kind == "role":
            spots = people_east.beside(scene, start, end) if scene.east else _introduced(scene, start, end)
        elif kind == "led" and not scene.east:
            spots = _led(scene, start, end)
        else:
            continue
        office = kind == "role" and _OFFICIAL.search(scene.document, start, end) is not None
        if office and not scene.east:
            held = [spot for spot in offices.find(scene, end) if _is_name(spot[2])]
            officials.update(name for _, _, name in map(_untitled, held))
            spots = iter(held) if held else spots
        for first, last, name in (_of_no_place(scene, _of_no_firm(scene, _untitled(spot))) for spot in spots):
            if _is_name(name) and scene.free(first, last, _MAY_HOLD) and (first, last) not in people:
                people[first, last] = _person(scene, first, last, name)
                if office:
                    officials.add(name)
    beside = () if scene.east else (*introduced.find(scene), *_by_surname(scene, found))
    for first, last, name in (_of_no_place(scene, _of_no_firm(scene, _untitled(spot))) for spot in beside):
        if (first, last) not in people and _is_name(name) and scene.free(first, last, _MAY_HOLD):
            people[first, last] = _person(scene, first, last, name)
    for end in offices.german(scene):
        for first, last, name in offices.find(scene, end):
            if _is_name(name) and scene.free(first, last, _MAY_HOLD):
                people.setdefault((first, last), _person(scene, first, last, name))
                officials.add(name)
    for first, last, name in people_east.native(scene):
        if all(last <= start or end <= first for start, end in people) and scene.free(first, last, _MAY_HOLD):
            people[first, last] = _person(scene, first, last, name)
    if scene.east:
        officials.update(p.target.name for p in people.values() if people_east.holds_office(scene, p.start, p.end))
    found_ones = _apart([*people.values(), *_again(scene, list(people.values()))])
    for person in found_ones:
        if person.target.name in officials:
            person.target = replace(person.target, kind="official")
    return found_ones


def _by_surname(scene: Scene, found: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Who is quoted by a surname alone and has a first name elsewhere in the text: both places, with the full name."""
    for start, end, kind in found:
        if kind != "speech" or not scene.may_tell(scene.span_of(start)):
            continue
        for spot in references.surname_beside(scene, start, end):
            full = references.in_full(scene, *spot) if scene.free(*spot, _MAY_HOLD) else None
            if full and scene.free(*full, _MAY_HOLD):
                name = scene.document[slice(*full)]
                yield from ((*spot, name), (*full, name))


def _person(scene: Scene, start: int, end: int, name: str) -> Item:
    target = Target(name=re.sub(r"[ \u00a0]+", " ", name).strip(), kind="person", listed=False, weight=0.5)
    return Item(start, end, target, scene.span_of(start), note="named as a person in the text")


_CALLS = words("Segundo Selon Según Secondo Laut Watch See Read Hear Meet Join Like And But While When As For")
_NOUNS = "|".join(sorted(TITLES | _CALLS, key=len, reverse=True))
# "Projektleiterin Maeve Hartley": a German noun for a person before at least two names.
_GERMAN_ROLE = re.compile(
    rf"[{_UPPER}][a-zäöüß-]{{3,}}(?:erin|orin|entin|istin|ndin|gin|chefin|chef|er|or|ent|ist|mann|frau|and|ant)"
    rf"[ \u00a0](?={_TOKEN}[ \u00a0]{_PARTICLE}{_TOKEN})"
)
# "Humberline-Chef Marcus Fenwick": the firm that somebody leads, joined to the role.
_JOINED_ROLE = re.compile(
    r"^[\w’'&-]{2,40}-(?:Chefin|Chef|CEO|CTO|Gründerin|Gründer|Sprecherin|Sprecher|Leiterin|Leiter|Managerin|Manager"
    rf"|Direktorin|Direktor|Forscherin|Forscher|Vorstand)[ \u00a0](?={_TOKEN}[ \u00a0]{_PARTICLE}{_TOKEN})"
)
_TITLES = re.compile(rf"^{_TITLE}(?:(?:{_NOUNS})[ \u00a0])*|^(?:{'|'.join(ROLE_EAST)})")


# "Nell Ashby von Trentside Brewing": two names behind "von" are a firm's.
_OF_FIRM = re.compile(rf"[ \u00a0]von[ \u00a0]{_TOKEN}$")
_GOES_ON = re.compile(rf"[ \u00a0]{_TOKEN}")


def _of_no_firm(scene: Scene, spot: tuple[int, int, str]) -> tuple[int, int, str]:
    """A German name without the firm that stands behind it."""
    first, last, name = spot
    cut = _OF_FIRM.search(name) if scene.language == "de" and _GOES_ON.match(scene.document, last) else None
    return (first, last - (len(name) - cut.start()), name[: cut.start()]) if cut else spot


_OF = (" de ", " di ", " da ", " do ", " du ", " of ", " von ", " del ", " della ")


def _of_no_place(scene: Scene, spot: tuple[int, int, str]) -> tuple[int, int, str]:
    """A name without the place that stands behind it: "Kestrel Grid di Londra" may be no person, and hides no town."""
    first, last, name = spot
    for item in scene.between(first, last):
        before = name[: item.start - first]
        if item.start > first and item.target.kind in _MAY_HOLD and before.endswith(_OF):
            cut = before[: before.rstrip().rindex(" ")]
            return first, first + len(cut), cut
    return spot


def _untitled(spot: tuple[int, int, str]) -> tuple[int, int, str]:
    """The name without "Dr." and the like."""
    first, last, name = spot
    cut = match.end() if (match := _TITLES.match(name)) else 0
    if match := _GERMAN_ROLE.match(name, cut) or _JOINED_ROLE.match(name[cut:]):
        cut = match.end() + (cut if match.re is _JOINED_ROLE else 0)
    return first + cut, last, name[cut:]


def _alone(scene: Scene, native: str, after: int) -> Iterator[tuple[int, int]]:
    """Where a native spelling stands again, without its Latin one."""
    at = scene.document.find(native, after)
    while at >= 0:
        yield at, at + len(native)
        at = scene.document.find(native, at + len(native))


def _bounds(scene: Scene, start: int, end: int) -> tuple[int, int]:
    first, last = scene.spans[scene.span_of(start)]
    return max(first, start - 130), min(last, end + 110)


def _quoted(scene: Scene, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """`said NAME`, `said the captain NAME`, `NAME said`, `NAME, who …, said`."""
    first, last = _bounds(scene, start, end)
    match = _BEHIND.match(scene.document, end, last)
    between = match[1].casefold().split() if match else []
    if match and between[-1:] not in _OF_WHAT and not _NO_SPEAKER & set(re.findall(r"\w+", match[1].casefold())):
        spot = _untitled((match.start(2), match.end(2), match[2]))
        if _is_name(spot[2]) and scene.free(spot[0], spot[1], _MAY_HOLD):
            yield spot
            return
    match = None if scene.headline(start) else _AHEAD.search(scene.document[first:start])
    if match and not _ENDINGS & set(match[1].split()):
        yield first + match.start(1), first + match.end(1), match[1]


def _introduced(scene: Scene, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """`director NAME`, `the minister for work, NAME,`, `NAME, the director`, `NAME, who`."""
    first, last = _bounds(scene, start, end)
    document = scene.document
    if document[start:end].casefold() not in ("who", "qui"):
        match = _DIRECTLY.match(document, end, last) or _BETWEEN.match(document, end, last)
        if match:
            yield match.start(1), match.end(1), match[1]
    match = _COMMA.search(document[first:start])
    if match and document[start:end] == "qui" and _is_called(document, first + match.start()):
        return
    if match and not _NO_SPEAKER & set(match[2].casefold().split()) and not _ENDINGS & set(match[1].split()):
        yield first + match.start(1), first + match.end(1), match[1]


_LED = re.compile(
    r"[ \u00a0](?:[^\W\d_A-Z][\w’'-]*[ \u00a0]){0,4}"
    rf"(?:(?:{_TOKEN}[ \u00a0])(?={_TOKEN}[ \u00a0]{_PARTICLE}{_TOKEN}))?{_TITLE}({NAME})"
)


def _led(scene: Scene, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """`led by botanist NAME`, `von der Verfahrenstechnikerin NAME`: no capital of a German noun is a part of it."""
    pattern = _LED if scene.language == "de" else _BEHIND
    match = pattern.match(scene.document, end, _bounds(scene, start, end)[1])
    if match:
        group = 1 if pattern is _LED else 2
        yield match.start(group), match.end(group), match[group]


# What stands before a person's name in French, if it is no noun that says what is named.
_BEFORE_PERSON = words("selon de d’ avec par pour et à comme que chez dit dont où")


def _is_called(document: str, at: int) -> bool:
    """Whether a small word that may be a noun or its adjective stands right before: "l'intégrateur breton X, qui"."""
    match = _SMALL_BEFORE.search(document, max(0, at - 24), at)
    return match is not None and match[1] not in _BEFORE_PERSON


_SMALL_BEFORE = re.compile(r"(?:^|[ \u00a0’'])([a-zà-ÿ]{2,})[ \u00a0]\Z")
_ONE_TOKEN = re.compile(_TOKEN)
_NAME_WORD = re.compile(r"[\w’'-]+")


def _is_name(name: str) -> bool:
    if _ONE_TOKEN.fullmatch(name) or name.partition(" ")[0] in _OPENERS:
        return False
    words = set(_NAME_WORD.findall(name))
    return not words & _NOT_IN_PERSONS and not any(w.isupper() and len(w) > 3 for w in words) and not words & _ENDINGS


def _again(scene: Scene, people: Sequence[Item]) -> Iterator[Item]:
    """The other places where the same names stand."""
    for person in {p.target.name: p for p in people}.values():
        at = scene.document.find(person.target.name)
        while at >= 0:
            span = scene.span_of(at)
            if scene.spans[span][0] <= at < scene.spans[span][1]:
                yield _person(scene, at, at + len(person.target.name), person.target.name)
            at = scene.document.find(person.target.name, at + 1)
        for start, end in references.alone(scene, person.target.name) if not scene.east else ():
            # "Bristol" stays the town where an Alice Bristol is quoted; "Hartley-Obi" is no village.
            if all(i.target.kind == "place" and i.end < end for i in scene.between(start, end)):
                yield _person(scene, start, end, person.target.name)


def _apart(people: Sequence[Item]) -> list[Item]:
    kept: list[Item] = []
    for person in sorted(people, key=lambda p: (p.start, -p.end)):
        if not kept or person.start >= kept[-1].end:
            kept.append(person)
    return kept


def tie(scene: Scene) -> None:
    """Say of each unlisted person whether the text ties them to the country."""
    tied: dict[str, tuple[bool, str]] = {}
    loose = [i for i in scene.items if i.target.kind in ("person", "official") and not i.target.listed]
    for person in loose:
        says = _ties(scene, person)
        if says is not None and not tied.get(person.target.name, (False, ""))[0]:
            tied[person.target.name] = says
    for person in loose:
        person.uk, person.note = tied.get(person.target.name, (False, "named as a person in the text"))


def _ties(scene: Scene, person: Item) -> tuple[bool, str] | None:
    document = scene.document
    start, end = scene.sentence(person.start, person.end)
    if re.search(r"(?:for|at|of|from|chez|bei|von|de|di|da|NVIDIAの) ?NVIDIA\b", document[person.end : end + 1]):
        return False, FOR_THE_PUBLISHER
    for other in scene.since(start, end):
        if other.uk and other.telling and other is not person:
            return True, f"named together with {other.target.name}"
    home, abroad = scene.home(person, person.span), scene.abroad(person.span)
    if home and not abroad:
        return True, f"in one paragraph with {home[0].target.name}"
    if not abroad and scene.home(person) and len(scene.home(person)) > 2 * len(scene.abroad()):
        return True, f"in a text about {scene.index.country_name}"
    return None
