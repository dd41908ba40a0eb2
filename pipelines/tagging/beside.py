"""What stands beside a name that no list holds: the publisher, a word for a company. Does no input or output."""

import re
from collections.abc import Sequence

from pipelines.tagging.scene import Scene

_AND = r"[ \u00a0](?:and|&|et|und|y|e|ed)[ \u00a0]"
_KNOWN_BEFORE = re.compile(rf"(?:NVIDIA{_AND}|NVIDIA(?:と|와|과|、|和|與|与|[ ]및[ ]|[ ]和[ ]|[ ]與[ ]|[ ]与[ ]))$")
_KNOWN_AFTER = re.compile(
    rf"^(?:{_AND}NVIDIA|(?:と|와|과|、|和|與|与|[ ]?및[ ]?|[ ]和[ ]|[ ]與[ ]|[ ]与[ ])NVIDIA)(?![’'\w])"
)
_JOIN = re.compile(rf"^(?:{_AND}(?:the[ \u00a0])?|と|와[ ]|과[ ]|和|與|与|[ ][和與与][ ])$")
ACRONYM = re.compile(r"^[A-Z0-9&-]{1,8}s?$")
LONGEST_GAP = 70  # characters between a name and the word that says what it is
CALLED = "called a company in the text"


def joined(scene: Scene, start: int, end: int) -> bool:
    """Whether an "and" joins a name to the publisher's."""
    document = scene.document
    if "NVIDIA" not in document[max(0, start - 16) : end + 16]:
        return False
    before, after = document[max(0, start - 16) : start], document[end : end + 16]
    return bool(
        ("NVIDIA" in before and _KNOWN_BEFORE.search(before)) or ("NVIDIA" in after and _KNOWN_AFTER.match(after))
    )


def near(companies: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The words for a company that stand near enough to say what a name is; they come in the order of the text."""
    found = []
    for company in companies:
        if company[0] >= end + LONGEST_GAP:
            break
        if start - 60 < company[0]:
            found.append(company)
    return found


def near_organisation(scene: Scene, start: int, end: int) -> bool:
    """Whether an "and" joins a name to an organisation's that is known."""
    document = scene.document
    for item in (*scene.between(start - 10, start), *scene.since(end, end + 10)):
        if item.target.kind != "organisation" or item.dropped:
            continue
        gap = document[item.end : start] if item.end <= start else document[end : item.start]
        if _JOIN.match(gap):
            return True
    return False
