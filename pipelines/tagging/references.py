"""Names that a text gives in full once, and by a part of them or by what they are where they stand again.

"Maeve Quillan" is "Quillan" from then on, "Tarnwell Systems" is "Tarnwell", and what
one sentence names the next calls "the start-up". Does no input or output.
"""

import re
from collections.abc import Iterator, Sequence

from pipelines.tagging.latin import PERSON_TOKEN, TOKEN
from pipelines.tagging.scene import Scene
from pipelines.tagging.triggers import COMPANY, words

_SURNAME_BEHIND = re.compile(rf",?[ \u00a0]({PERSON_TOKEN})(?![\w’'-])(?![ \u00a0]{PERSON_TOKEN})")
_SURNAME_AHEAD = re.compile(rf"(?<![\w’'-])({PERSON_TOKEN})[ \u00a0]\Z")
_FIRST_NAME = re.compile(rf"(?<![\w’'.-])({PERSON_TOKEN})[ \u00a0]\Z")
_FIRMS = frozenset(word.casefold() for word in COMPANY)  # "Chipmaker Tarnwell" is nobody
_SHORTEST = 4  # characters of a name that may stand alone


def surname_beside(scene: Scene, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The one name right behind or right before a word of speech: "Probert says", "calcola Okonjo"."""
    first, last = scene.spans[scene.span_of(start)]
    if match := _SURNAME_BEHIND.match(scene.document, end, last):
        yield match.span(1)
    if match := _SURNAME_AHEAD.search(scene.document, max(first, start - 30), start):
        yield match.span(1)


def in_full(scene: Scene, start: int, end: int) -> tuple[int, int] | None:
    """Where the text puts a first name before the surname that stands there; None where it never does."""
    key = "surname", scene.document[start:end]
    if key not in scene.references:
        scene.references[key] = _in_full(scene, key[1])
    return scene.references[key]


def _in_full(scene: Scene, surname: str) -> tuple[int, int] | None:
    for at in scene.occurrences(surname) if len(surname) >= _SHORTEST else ():
        match = None if scene.headline(at) else _FIRST_NAME.search(scene.document, max(0, at - 30), at)
        if match and match[1].casefold() not in _FIRMS and not _is_word(scene, match[1]):
            return match.start(1), at + len(surname)
    return None


def alone(scene: Scene, name: str) -> Iterator[tuple[int, int]]:
    """Where the last of a person's names stands by itself, in paragraphs that may tell something."""
    first_names, _, surname = name.rpartition(" ")
    if len(surname) < _SHORTEST or _is_word(scene, surname):
        return
    for at in scene.occurrences(surname):
        if scene.document.endswith(first_names, 0, at - 1) or scene.headline(at):
            continue
        end = at + len(surname)
        before = _FIRST_NAME.search(scene.document, max(0, at - 30), at)
        apart = scene.document[end : end + 1] not in ("-", "&") and not _GOES_ON.match(scene.document, end)
        if apart and (before is None or _is_word(scene, before[1])) and scene.may_tell(scene.span_of(at)):
            yield at, end


def whole(scene: Scene, start: int, end: int) -> tuple[int, int] | None:
    """Where the text has a longer name that begins with the single word there: "Tarnwell" of "Tarnwell Systems"."""
    key = "whole", scene.document[start:end]
    if " " in key[1]:
        return None
    if key not in scene.references:
        scene.references[key] = _whole(scene, key[1])
    return scene.references[key]


def _whole(scene: Scene, word: str) -> tuple[int, int] | None:
    for at in scene.occurrences(word) if len(word) >= _SHORTEST else ():
        if (rest := _GOES_ON.match(scene.document, at + len(word))) and not scene.headline(at):
            return None if _is_word(scene, word) else (at, rest.end())
    return None


# "The start-up, which …", "Das junge Unternehmen": what a sentence begins with that speaks of the one named before it.
_THE = re.compile(r"(?:The|La|Le|El|Il|Lo|O|A|Das|Die|Der)[ \u00a0](?:[^\W\d_A-Z][\w’'-]*[ \u00a0]){0,2}|L['’]")


def named_before(
    scene: Scene, names: Sequence[tuple[int, int, str]], companies: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The one name that no list holds in a sentence which the next calls "the company", with that word's place."""
    for start, end in companies:
        left = scene.sentence(start, end)[0]
        floor = scene.spans[scene.span_of(start)][0]
        if left - 3 <= floor or not _THE.fullmatch(scene.document, left, start):
            continue
        first, last = scene.sentence(left - 3, left - 3)
        here = [(at, stop) for at, stop, _ in names if first <= at and stop <= last and not scene.between(at, stop)]
        if len(here) == 1:
            yield here[0], (start, end)


_GOES_ON = re.compile(rf"(?:[ \u00a0](?!(?:The|Its|In|It)\b){TOKEN}){{1,3}}")


def _is_word(scene: Scene, name: str) -> bool:
    """Whether the text has the word with a small letter, too, so that a capital shows no name."""
    small = name.lower()
    return small in _WORDS or f" {small} " in scene.document


_WORDS = words(
    "the a an and but for with from when while after before since like as in on at of to by if so he she it they we "
    "le la les un une et mais pour avec dans sur selon comme quand der die das ein eine und aber als wie wenn dann "
    "auch el los las y pero con según como cuando il lo gli e ma secondo come quando o os um uma mas com segundo mr "
    "mrs ms dr prof professor sir lady lord dame"
)
