"""An article's text with the evidence marked where it stands. Does no input or output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presswatch.models import Reason, Version

_LONGEST = 120_000  # characters of one text on one page; an article has ten thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some text of a block, and what it is evidence of; nothing for most of it."""

    text: str
    reasons: tuple[Reason, ...] = ()
    number: int = 0  # of a marked part, from 1, for the list that repeats it

    @property
    def against(self) -> bool:
        return bool(self.reasons) and all(reason.weight < 0 for reason in self.reasons)

    @property
    def why(self) -> str:
        return " ".join(dict.fromkeys(reason.text for reason in self.reasons))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of the text: "title", "heading", "item" or "paragraph"."""

    kind: str
    parts: tuple[Part, ...]
    news: bool  # it holds some of the news


def blocks(version: Version) -> tuple[Block, ...]:
    """The headline and the text, block by block."""
    document = version.article.document[:_LONGEST]
    spans = _apart(version.verdict.reasons, len(document))
    numbers = {span: number for number, span in enumerate(spans, start=1)}
    found, start = [], 0
    for place, line in enumerate(document.split("\n")):
        end = start + len(line)
        kind, skipped = _kind(line, first=place == 0)
        inside = [span for span in spans if span[0] < end and span[1] > start + skipped]
        parts = tuple(_parts(document, start + skipped, end, inside, version.verdict.reasons, numbers))
        news = any(one < end and other > start for one, other in version.verdict.passages)
        if parts:
            found.append(Block(kind=kind, parts=parts, news=news))
        start = end + 1
    return tuple(found)


def _kind(line: str, *, first: bool) -> tuple[str, int]:
    """What a line is, and how many characters say so."""
    if first:
        return "title", 0
    if line.startswith("## "):
        return "heading", 3
    return ("item", 2) if line.startswith("- ") else ("paragraph", 0)


def _apart(reasons: Sequence[Reason], length: int) -> list[tuple[int, int]]:
    """The places of the evidence, in order; those that overlap become one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted({(r.start, min(r.end, length)) for r in reasons if 0 <= r.start < min(r.end, length)}):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _parts(
    document: str,
    start: int,
    end: int,
    spans: Sequence[tuple[int, int]],
    reasons: Sequence[Reason],
    numbers: dict[tuple[int, int], int],
) -> Iterator[Part]:
    place = start
    for span in spans:
        one, other = max(span[0], start), min(span[1], end)
        if one > place:
            yield Part(text=document[place:one])
        why = tuple(r for r in reasons if r.start < span[1] and r.end > span[0])
        yield Part(text=document[one:other], reasons=why, number=numbers[span])
        place = other
    if place < end:
        yield Part(text=document[place:end])
