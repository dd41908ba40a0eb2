"""People by what stands right beside their names, where no word of a list does it. Does no input or output.

An age ("Gethin Morse, 52, …"), a trade by its ending ("by botanist Oluchi Nwosu"), a
team ("Imran Sheikh's group"), or kinship ("the siblings Morven and Euan Baird").
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipelines.tagging.latin import PERSON as NAME
from pipelines.tagging.latin import PERSON_TOKEN
from pipelines.tagging.scene import Scene, is_place
from pipelines.tagging.triggers import words

# The set at its beginning lets the search run from one to the next: every name follows such a mark.
_NAMES = re.compile(rf"[ \u00a0\n(“«„\"*]({NAME})")
_YEARS = r"(?:years[ \u00a0]old|ans|años|anni|anos|Jahre)"
# "Owen Marsh, 52, …", "Winifred Aske, maestra vetraia di 61 anni"; "À 52 ans, Carys Pugh …"
_AGE_BEHIND = re.compile(
    rf",[ \u00a0]\d\d(?:,(?!\d)|[ \u00a0]{_YEARS}\b)"
    rf"|,[ \u00a0](?:[a-zà-ÿ]+[ \u00a0]){{1,3}}(?:di|de|aged)[ \u00a0]\d\d[ \u00a0]{_YEARS}\b"
)
_AGE_AHEAD = re.compile(rf"\b(?:[ÀA]t?|Mit|A los|Aos)[ \u00a0]\d\d(?:[ \u00a0]{_YEARS})?,[ \u00a0]\Z")
# What somebody does, by how the word for it ends; words for firms that end so are left to `patterns`.
_TRADES = {
    "en": ("ist", "ists", "ician", "icians", "wright", "smith", "grapher", "keeper", "trainer", "grower", "surgeon"),
    "fr": ("iste", "istes", "ologue", "ologues", "icien", "icienne"),
    "de": (
        "erin", "ologe", "ologin", "iker", "ikerin", "ist", "istin", "ent", "entin", "rat", "rätin", "mann", "frau",
        "wirt", "wirtin",
    ),
    "es": ("ista", "istas", "óloga", "ólogo", "ógrafa", "ógrafo", "niero", "niera"),
    "it": ("ista", "isti", "ologo", "ologa", "ografo", "ografa"),
    "pt": ("ista", "istas", "ólogo", "óloga", "ógrafo", "ógrafa", "nheiro", "nheira"),
}  # fmt: skip
_NO_TRADES = words(
    "list lists assist assists exist exists consist consists persist resist insist twist mist liste listes existe "
    "piste pistes consiste insiste assiste persiste résiste triste lista listas revista revistas rivista vista vistas "
    "pista pistas entrevista entrevistas intervista conquista conquistas prevista mista mistas visti misti"
)
_REACH = 90  # characters before a name
# "créée par deux aides à domicile, Dele Akinfenwa et Ruth Tolhurst"
_FOUNDERS = re.compile(
    r"(?:\b(?:founded|set up|started) by|(?:fondée?|créée?) par|gegründet von|(?:fundad|cread|criad)[oa] por"
    r"|(?:fondat|creat)[oa] da)"
    rf"\b[^.;\n]{{0,60}}?[ \u00a0]({NAME})[ \u00a0](?:and|et|und|y|e)[ \u00a0]\Z".replace("[ \u00a0]", " ")
)
# "Jocasta Lumb, die den Versuch leitet, …"
_LEADS = re.compile(
    r",[ \u00a0](?:die|der)[ \u00a0][^,.;\n]{3,60}[ \u00a0](?:leitet|führt|forscht|betreut|verantwortet"
    r"|(?:gegründet|entwickelt) hat),"
)
# "Imran Sheikh's acoustics group", "das Team um Wiebke Stür", "el grupo de Anil Raghunathan"
_TEAM_BEHIND = re.compile(
    r"['’]s[ \u00a0](?:[a-z-]+[ \u00a0]){0,2}(?:group|team|lab|laboratory|students)[ \u00a0]at[ \u00a0]"
    r"(?:the[ \u00a0])?"
    r"(?:University|Institute|[A-Z]\w+[ \u00a0](?:University|College|Institute))"
)
_TEAM_AHEAD = ("Team um ", "Gruppe um ", "équipe de ", "grupo de ", "gruppo di ")
_POSSESSIVE = ("'s", "’s")
_AND = (" and ", " et ", " und ", " y ", " e ")
_KIN = re.compile(
    r"\b(?:siblings|brothers|sisters|twins|couple|frères|sœurs|époux|Geschwister|Brüder|Schwestern|hermanos|hermanas"
    rf"|fratelli|sorelle|irmãos|irmãs)[ \u00a0]({PERSON_TOKEN})[ \u00a0](?:and|et|und|y|e)[ \u00a0]\Z"
)
# Towns that people are called after: "Chester Bolton" is somebody, "London Heathrow" is not.
_GIVEN_NAMES = words(
    "Ashley Ashton Austin Barry Beverley Bradley Carlisle Chester Clayton Clifton Craig Dallas Devon Douglas Dudley "
    "Houston Iona Isla Jordan Kelso Kendal Kent Leigh Lewis Lincoln Milton Nelson Preston Ross Selby Shirley Skye "
    "Stanley Sydney Troy Warwick Wells Whitney"
)


def find(scene: Scene) -> Iterator[tuple[int, int, str]]:
    """Where somebody is introduced so, with the name; in paragraphs that may tell something."""
    for number, (first, last) in enumerate(scene.spans):
        if scene.may_tell(number) and not scene.headline(first):
            for match in _NAMES.finditer(scene.document, max(0, first - 1), last):
                yield from _introduced(scene, match.start(1), match.end(1), first)
    for one, other in pairwise(scene.items):
        name = scene.document[one.start : other.end]
        together = other.start == one.end + 1 and scene.document[one.end] in " \u00a0"
        if together and is_place(one) and is_place(other) and name.split()[0] in _GIVEN_NAMES:
            yield one.start, other.end, name


def _introduced(scene: Scene, start: int, end: int, floor: int) -> Iterator[tuple[int, int, str]]:
    """The person whom a name's surroundings make one, and a brother or sister named before."""
    document = scene.document
    if document.endswith(_POSSESSIVE, start, end):
        end -= 2
    name, before = document[start:end], document[max(floor, start - _REACH) : start].replace("\u00a0", " ")
    kin = _KIN.search(before) if before.endswith(_AND) else None
    founder = _FOUNDERS.search(before) if before.endswith(_AND) and kin is None else None
    if one := kin or founder:
        first = start - len(before) + one.start(1)
        yield first, first + len(one[1]), f"{kin[1]} {name.split()[-1]}" if kin else one[1]
    behind = _AGE_BEHIND.match(document, end) or _TEAM_BEHIND.match(document, end) or _LEADS.match(document, end)
    ahead = before.endswith(_TEAM_AHEAD) or (before.endswith(", ") and _AGE_AHEAD.search(before))
    if kin or founder or behind or ahead or _has_trade(before.split()[-2:], scene.language):
        yield start, end, name
    elif scene.language == "de":  # the trade has a capital itself, and "von" behind two names may begin a firm's
        trade, *names = name.split()[:3]
        if len(names) == 2 and trade.endswith(_TRADES["de"]) and all(word[0].isupper() for word in names):
            begin = start + len(trade) + 1
            yield begin, begin + len(names[0]) + 1 + len(names[1]), " ".join(names)


def _has_trade(words_before: Sequence[str], language: str) -> bool:
    """Whether a trade stands right before a name, or one adjective before it: "la maestra jubilada"."""
    endings = _TRADES.get(language, ())
    *further, last = words_before or ("",)
    if not last.islower() or language == "de":
        return False
    named = [last] if len(last) < 4 else [last, *further]
    return any(word.islower() and word.endswith(endings) and word not in _NO_TRADES for word in named)
