"""People by what is said right beside their names, where no word of a list does it. Does no input or output.

An age ("Gethin Morse, 52, …"), a trade by its ending ("by programmer Oluchi Nwosu"), a
team ("Imran Sheikh's group"), or kinship ("the siblings Morven and Euan Baird").
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipelines.tagging.latin import PERSON as NAME
from pipelines.tagging.latin import PERSON_TOKEN
from pipelines.tagging.scene import Scene, is_place
from pipelines.tagging.triggers import words

_YEARS = r"(?:years[ \u00a0]old|ans|años|anni|anos|Jahre)"
# "Owen Marsh, 52, …", "Winifred Aske, maestra vetraia di 61 anni"; "À 52 ans, Carys Pugh …"
_AGE_BEHIND = re.compile(rf",[ \u00a0](?:[^,.;:\n]{{1,40}}[ \u00a0])??\d\d(?:,(?!\d)|[ \u00a0]{_YEARS}\b)")
_AGE_AHEAD = re.compile(rf"\b(?:[ÀA]t?|Mit|A los|Aos)[ \u00a0]\d\d(?:[ \u00a0](?:{_YEARS}))?,[ \u00a0]({NAME})")
_AHEAD = re.compile(rf"(?<![\w’'.-])({NAME})\Z")
# What somebody does, by how the word for it ends; words for firms that end so are left to `patterns`.
_TRADES = {
    "en": r"[a-z]{2,}(?:ists?|icians?|wrights?|smiths?|graphers?|keepers?|trainers?|growers?|pilots?|surgeons?)",
    "fr": r"[a-zà-ÿ]{2,}(?:istes?|ologues?|iciens?|iciennes?|graphes?)",
    "de": r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:erin|ologe|ologin|iker|ikerin|ist|istin|ent|entin|rat|rätin|mann|frau|wirt|wirtin)",
    "es": r"[a-zá-ú]{2,}(?:istas?|ólog[oa]s?|ógraf[oa]s?|nieros?|nieras?)",
    "it": r"[a-zà-ù]{2,}(?:ist[ai]|olog[oa]|ograf[oa]|ier[ae]|aio|aia)",
    "pt": r"[a-zá-ú]{2,}(?:istas?|ólog[oa]s?|ógraf[oa]s?|eir[oa]s?)",
}
# Behind a German name "von" may begin a firm's: two names are enough.
_TWO = rf"{PERSON_TOKEN}[ \u00a0]{PERSON_TOKEN}"
_BY_TRADE = {
    language: re.compile(
        rf"(?<![\w’'-]){trade}[ \u00a0](?:[a-zà-ÿ]{{4,}}[ \u00a0])?({_TWO if language == 'de' else NAME})"
    )
    for language, trade in _TRADES.items()
}
# "Imran Sheikh's acoustics group", "das Team um Wiebke Stür", "el grupo de Anil Raghunathan"
_TEAM_BEHIND = re.compile(rf"({NAME})['’]s[ \u00a0](?:[a-z-]+[ \u00a0]){{0,2}}(?:group|team|lab|laboratory|students)\b")
_TEAM_AHEAD = re.compile(
    r"\b(?:[Tt]eam (?:um|von)|[Gg]ruppe (?:um|von)|[ée]quipe d[eu]|grupo de|equipo de|gruppo di|squadra di"
    r"|equipe d[eoa])"
    rf"[ \u00a0]({NAME})"
)
_KIN = re.compile(
    r"\b(?:siblings|brothers|sisters|twins|couple|frères|sœurs|époux|Geschwister|Brüder|Schwestern|hermanos|hermanas"
    rf"|fratelli|sorelle|irmãos|irmãs)[ \u00a0]({PERSON_TOKEN})[ \u00a0](?:and|et|und|y|e)[ \u00a0]({PERSON_TOKEN})"
    rf"[ \u00a0]({PERSON_TOKEN})"
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
            yield from _in_paragraph(scene, first, last)
    for one, other in pairwise(scene.items):
        name = scene.document[one.start : other.end]
        if other.start == one.end + 1 and is_place(one) and is_place(other) and name.split()[0] in _GIVEN_NAMES:
            yield one.start, other.end, name


def _in_paragraph(scene: Scene, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    document = scene.document
    for age in _AGE_BEHIND.finditer(document, first, last):
        if match := _AHEAD.search(document, max(first, age.start() - 50), age.start()):
            yield match.start(1), match.end(1), match[1]
    patterns = [_AGE_AHEAD, _TEAM_BEHIND, _TEAM_AHEAD]
    if scene.language in _BY_TRADE:
        patterns.append(_BY_TRADE[scene.language])
    for pattern in patterns:
        for match in pattern.finditer(document, first, last):
            yield match.start(1), match.end(1), match[1]
    for match in _KIN.finditer(document, first, last):
        yield match.start(1), match.end(1), f"{match[1]} {match[3]}"
        yield match.start(2), match.end(3), f"{match[2]} {match[3]}"
