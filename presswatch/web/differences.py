"""What changed from one wording to the next, word by word. Does no input or output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from presswatch.store.records import Revision

# Words with the space behind them; scripts without spaces go character by character.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+\s*|\s+")
_LONGEST = 1500  # words of a block; comparing longer ones would take the page's time
_LINES = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words, and what became of them: "same", "gone" or "come"."""

    fate: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One wording of an article against the one before."""

    number: int  # of the later wording
    revision: Revision
    blocks: tuple[tuple[Piece, ...], ...]  # only those that changed


def differences(revisions: Sequence[Revision]) -> tuple[Difference, ...]:
    """Each wording against the one before it, the latest first."""
    found = [
        Difference(number=after.number, revision=after, blocks=tuple(_blocks(before, after)))
        for before, after in pairwise(revisions)
    ]
    return tuple(reversed([difference for difference in found if difference.blocks]))


def _blocks(before: Revision, after: Revision) -> Iterator[tuple[Piece, ...]]:
    old = [before.title, *before.text.split("\n")[:_LINES]]
    new = [after.title, *after.text.split("\n")[:_LINES]]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(j - i, m - k)
        for one, other in zip(old[i : i + paired], new[k : k + paired], strict=True):
            yield tuple(words(one, other))
        yield from ((Piece(fate="gone", text=line),) for line in old[i + paired : j] if line)
        yield from ((Piece(fate="come", text=line),) for line in new[k + paired : m] if line)


def words(before: str, after: str) -> Iterator[Piece]:
    """The words of two texts, in order, each once where both have it."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) > _LONGEST or len(new) > _LONGEST:
        yield Piece(fate="gone", text=before)
        yield Piece(fate="come", text=after)
        return
    # The space behind a word is no difference.
    matcher = SequenceMatcher(None, [w.strip() for w in old], [w.strip() for w in new], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(fate="same", text="".join(new[k:m]))
            continue
        if j > i:
            yield Piece(fate="gone", text="".join(old[i:j]))
        if m > k:
            yield Piece(fate="come", text="".join(new[k:m]))
