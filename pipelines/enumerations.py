"""Names in a row that share one predicate: "the U.S., the U.K. and Germany". Does no input or output."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.evidence import Named

_CJK = frozenset(("ja", "zh", "ko"))
_AND = {
    "en": "and|or|&|as well as|along with|to",
    "fr": "et|ou|ainsi que|à",
    "de": "und|oder|sowie|bis",
    "es": "y|e|o|u|así como",
    "it": "e|ed|o|a|nonché",
    "pt": "e|ou|bem como",
}
_WIDE_SEPARATOR = re.compile(
    r"[、，,；・·]\s*(?:以及|及|和|與|与|및)?\s*|(?:以及|及び|および|ならびに|和|與|与|\s?및\s)"
)
_WORDS = 5  # a member of a list is no longer than this
_WIDE_CHARS = 16

Span = tuple[int, int]


def find(text: str, language: str) -> tuple[tuple[Span, ...], ...]:
    """The lists in a sentence: for each, the spans of its members, of which there are at least two.

    The first member may end a longer clause and the last may begin one: only
    the words next to the list are taken.
    """
    wide = language in _CJK
    pieces = _pieces(text, _WIDE_SEPARATOR if wide else _separator(language))
    lists: list[tuple[Span, ...]] = []
    run: list[Span] = []
    for number, piece in enumerate(pieces):
        if _short(text, piece, wide):
            if not run and number:
                run.append(_tail(text, pieces[number - 1], wide))
            run.append(piece)
            continue
        if run:
            run.append(_head(text, piece, wide))
            lists.append(tuple(run))
            run = []
        elif number and not _short(text, pieces[number - 1], wide):
            lists.append((_tail(text, pieces[number - 1], wide), _head(text, piece, wide)))
    if run:
        lists.append(tuple(run))
    return tuple(members for members in lists if len(members) >= 2)


@lru_cache(maxsize=16)
def _separator(language: str) -> re.Pattern[str]:
    words = _AND.get(language, _AND["en"])
    return re.compile(rf"[,;]\s*(?:(?:{words})\s+)?|\s(?:{words})\s")


def _pieces(text: str, separator: re.Pattern[str]) -> list[Span]:
    pieces = []
    start = 0
    for match in separator.finditer(text):
        if match.start() > start:
            pieces.append((start, match.start()))
        start = match.end()
    if start < len(text):
        pieces.append((start, len(text)))
    return pieces


def _short(text: str, piece: Span, wide: bool) -> bool:
    if wide:
        return piece[1] - piece[0] <= _WIDE_CHARS
    return text.count(" ", *piece) < _WORDS


def _tail(text: str, piece: Span, wide: bool) -> Span:
    """The end of a long piece, where the first member of a list stands."""
    start, end = piece
    if wide:
        return max(start, end - _WIDE_CHARS), end
    words = text[start:end].split(" ")
    return max(start, end - len(" ".join(words[-_WORDS:]))), end


def _head(text: str, piece: Span, wide: bool) -> Span:
    """The beginning of a long piece, where the last member of a list stands."""
    start, end = piece
    if wide:
        return start, min(end, start + _WIDE_CHARS // 2)
    return start, min(end, start + len(" ".join(text[start:end].split(" ")[: _WORDS - 1])))


_GEO = frozenset(("country", "place", "demonym"))


def mixed(
    name: "Named",
    ours: Sequence["Named"],
    others: Sequence["Named"],
    lists: Sequence[tuple[Span, ...]],
    offset: int,
    document: str,
) -> bool:
    """Whether `name` is a member of a list beside names of its own sort that are not of the country.

    `ours` and `others` are all names of the sentence, which begins at `offset`.
    """
    for members in lists:
        at = _member(name.start, name.end, members, offset)
        if at is None:
            continue
        geographic = name.kind in _GEO
        rivals = set()
        for other in others:
            number = _member(other.start, other.end, members, offset)
            if number is not None and number != at and (other.kind in _GEO) == geographic:
                rivals.add(number)
        if geographic and rivals:
            return True
        if not geographic and len(members) >= 3:
            known = {_member(n.start, n.end, members, offset) for n in ours}
            unknown = {n for n, span in enumerate(members) if n not in known and _capital(document, span, offset)}
            if rivals or len(unknown) >= 2:
                return True
    return False


def _member(start: int, end: int, members: Sequence[Span], offset: int) -> int | None:
    for number, (left, right) in enumerate(members):
        if left <= start - offset and end - offset <= right:
            return number
    return None


def _capital(document: str, span: Span, offset: int) -> bool:
    return any(char.isupper() for char in document[span[0] + offset : span[1] + offset])
