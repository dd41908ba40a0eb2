"""Whether words with a capital can be an organisation's name, and where it begins. Does no input or output."""

import re

from pipelines.tagging.capitals import LEADING, NO_ORGANISATION, bare, is_sort
from pipelines.tagging.people import NO_PERSON
from pipelines.tagging.readings import GENERIC
from pipelines.tagging.scene import Scene, is_place
from pipelines.tagging.triggers import TITLES

_FIRST_WORD = re.compile(r"([\w’'-]+?)(-based)?[ \u00a0]+")
_ELIDED = re.compile(r"(?:[AaDdNn]ell|[Aa]ll|[Ss]ull|[LlDd])['’](?=\w)")


def trim(start: int, name: str) -> tuple[int, str]:
    """The name without the words of its sentence that it begins with."""
    if elided := _ELIDED.match(name):
        start, name = start + elided.end(), name[elided.end() :]
    while (word := _FIRST_WORD.match(name)) and (
        word[1] in LEADING or word[1] in TITLES or word[2] or is_sort(word[1])
    ):
        start, name = start + word.end(), name[word.end() :]
    return start, bare(name)


def good(scene: Scene, start: int, name: str, end: int | None = None) -> bool:
    """Whether this can be an organisation's name: something of its own, and no name of another kind in it."""
    words = name.split()
    own = [w for w in words if w not in GENERIC and w not in LEADING]
    if (
        not own
        or words[-1] in NO_ORGANISATION
        or name.startswith("NVIDIA")
        or (len(words) == 1 and (name in NO_PERSON or len(name) < 3))
    ):
        return False
    stop = start + len(name) if end is None else end
    whole = (start, start + len(name))
    # A place inside it may give it its name ("Leeds Robotics"); "Irlanda" of "Irlanda do Norte" is no name.
    return all(
        is_place(i) and start <= i.start and i.end <= stop and (i.start, i.end) != whole
        for i in scene.between(start, stop)
    )
