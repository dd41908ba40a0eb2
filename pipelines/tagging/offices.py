"""Officials by their office, in Latin script: "the UK's maritime minister, Orla Pettigrew". Does no input or output.

Behind the word for an office stand what it is for, whose it is and at last who
holds it; the name is told from the rest by the small words before each capital.
"""

import re
from collections.abc import Iterator

from pipelines.tagging.latin import PARTICLE, PERSON_TOKEN, UPPER
from pipelines.tagging.scene import Scene
from pipelines.tagging.triggers import words

Spot = tuple[int, int, str]

_REACH = 110  # characters behind the office in which its holder is named
_WORD = re.compile(rf"(,?)[ \u00a0]((?:[dl]|dell|all|dall)['’])?({PERSON_TOKEN}|[{UPPER}]{{2,4}}|[^\W\d_][\w’'-]*)")
_NAME = re.compile(rf"{PERSON_TOKEN}(?:[ \u00a0]{PARTICLE}{PERSON_TOKEN}){{1,3}}")
# What joins an office to what it is for.
_FOR = words(
    "of for to at in the de du des d la le les l aux au à en del los las el al alla alle ai agli dell della dello "
    "delle degli dei di da do das dos para na no für im in der des die"
)
_AND = words("and et und y e ed &")
_AND_MORE = re.compile(r",?[ \u00a0](?:and|et|und|y|e|ed|&)[ \u00a0]")
# An official's office may have an adjective behind it, never a verb; these are what adjectives of a land end in.
_ADJECTIVE = re.compile(
    r"(?:[^\W\d_]{2,}(?:ique|iques|ais|aise|ois|oise|ien|ienne|ain|aine|ico|ica|ano|ana|ese|és|ês|esa|ense|eño|eña|isch|ische"
    r"|ischer|ischen|ant|ante|sche))$"
)
# German joins the two: "Energieminister", "Hafenministerin".
_GERMAN = ("minister", "staatssekretär", "bürgermeister")
_GERMAN_END = re.compile(r"(?:in|innen|s)?(?![\w-])")


def find(scene: Scene, end: int) -> Iterator[Spot]:
    """Who holds the office whose word ends at `end`."""
    document = scene.document
    last = min(scene.spans[scene.span_of(end - 1)][1], end + _REACH)
    at, objects, adjectives, after_for = end, 0, 0, False
    while word := _WORD.match(document, at, last):
        comma, text = word[1], word[3]
        start = word.start(3)
        after_for = after_for or bool(word[2])
        if text[0].isupper():
            if after_for and not comma:
                at, after_for, objects = _past(scene, start, word.end()), False, objects + 1
                continue
            name = _NAME.match(document, start, last)
            if name and not (objects and _AND_MORE.match(document, name.end())):
                yield name.start(), name.end(), name[0]
                return
            if not comma or not objects:
                return
            at = name.end() if name else word.end()  # "Science, Innovation and Technology"
            continue
        if word[2] or text.casefold() in _FOR or (objects and text in _AND):
            after_for = True
        elif after_for:  # "minister for ports": what an English office is for has no capital
            after_for, objects = False, objects + 1
        elif comma or adjectives or not _ADJECTIVE.match(text):
            return
        else:
            adjectives += 1
        at = word.end()


def _past(scene: Scene, start: int, end: int) -> int:
    """Where what an office is for ends: behind the known name that begins there, or behind one word."""
    known = [i.end for i in scene.since(start, start + 1) if i.target.kind not in ("person", "official")]
    return max([end, *known])


def german(scene: Scene) -> Iterator[int]:
    """Where a German compound for an office ends."""
    document = scene.document
    for stem in _GERMAN if scene.language == "de" else ():
        at = document.find(stem)
        while at >= 0:
            if at and document[at - 1].isalpha() and (match := _GERMAN_END.match(document, at + len(stem))):
                yield match.end()
            at = document.find(stem, at + len(stem))
