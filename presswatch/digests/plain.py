"""An edition as text: 78 columns for mail, and a short form for chat services. Does no input or output."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from unicodedata import category, east_asian_width

from presswatch.digests.edition import Edition, Item, Month, Reading, joined
from presswatch.models import Digest

WIDTH = 78
FIGURES = 8  # of one story; more would no longer stand out
_INDENT = "   "
_LABEL = 10  # columns of "Figures", "Who", …
_BAR = 20  # columns of the longest bar
# Discord takes 2,000 characters, Telegram 4,096, others more.
_CHAT = 1900
_TIE = "\u00a0"
# No line begins with a stop or a closing bracket, and none ends with an opening one.
_CLOSING = frozenset({"Pe", "Pf", "Po"})
_OPENING = frozenset({"Ps", "Pi"})


def text(edition: Edition, *, full: int, listed: int) -> str:
    """The edition as text; beyond the first `full` items only headline and address, beyond `listed` a number."""
    lines = [*wrap(edition.title.upper()), *wrap(f"{edition.period} · {edition.count}"), "=" * WIDTH, ""]
    for heading, items in sections(edition, listed):
        if heading:
            lines += [heading.upper(), "-" * len(heading), ""]
        for number, item in items:
            lines += [*(_story(item, number) if number <= full else _brief(item, number)), ""]
    for sentence in (left_out(edition, listed), "" if edition.items else nothing_new(edition)):
        lines += [*wrap(sentence), ""] if sentence else []
    return "\n".join([*lines, "-" * WIDTH, *_footer(edition)]) + "\n"


def chat(digest: Digest, limit: int = _CHAT) -> str:
    """The short form for chat services: each story's headline, its figures and its address, as far as they fit.

    It is taken from the stored text, so that every channel tells the edition as it was built.
    """
    stories = list(_stories(digest.text))
    told: list[str] = []
    size = 0
    for index, story in enumerate(stories):
        rest = f"… and {len(stories) - index} more."
        if size + len(story) + 2 + len(rest) > limit and told:
            return "\n\n".join([*told, rest])
        told.append(_harmless(story[:limit]))
        size += len(told[-1]) + 2
    return "\n\n".join(told) or _harmless(digest.subject)


def sections(edition: Edition, listed: int) -> list[tuple[str, list[tuple[int, Item]]]]:
    """The first `listed` items, numbered, under their headings; the news itself needs no heading."""
    headings = [""] * len(edition.new) + ["Updated"] * len(edition.updated)
    numbered = list(enumerate(edition.items[:listed], start=1))
    groups = groupby(
        zip(headings, numbered, strict=False),
        key=lambda pair: pair[0] or ("In wider announcements" if pair[1][1].wider else ""),
    )
    return [(heading, [entry for _, entry in group]) for heading, group in groups]


def left_out(edition: Edition, listed: int) -> str:
    """A sentence for the items that no mail has room for; empty where there are none."""
    more = len(edition.items) - listed
    return f"{more} more would make this mail too long; “presswatch list” shows them all." if more > 0 else ""


def nothing_new(edition: Edition) -> str:
    """The one sentence of an edition without items."""
    return f"Nothing new was published since {edition.told_until}."


def wrap(text: str, indent: str = "", hanging: str | None = None, width: int = WIDTH) -> list[str]:
    """Lines of at most `width` columns, full-width letters counting two; addresses are never broken, nor ties."""
    hanging = indent if hanging is None else hanging
    lines, line = [], indent
    for piece in _pieces(text):
        blank = line.strip() == "" or line in (indent, hanging)
        if not blank and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, blank = hanging, True
        line += piece.lstrip() if blank else piece
    lines += [line.rstrip()] if line.strip() else []
    return [line.replace(_TIE, " ") for line in lines]


def columns(text: str) -> int:
    """How wide a terminal shows the text."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: between words, and between any two full-width letters but before a stop."""
    for word in re.findall(r" *[^ ]+", text):
        if "://" in word or word.isascii():
            yield word
            continue
        piece = ""
        for letter in word:
            wide = piece.strip() and "W" in (east_asian_width(letter), east_asian_width(piece[-1]))
            if wide and category(letter) not in _CLOSING and category(piece[-1]) not in _OPENING:
                yield piece
                piece = ""
            piece += letter
        yield piece


def _story(item: Item, number: int) -> Iterator[str]:
    yield from _title(item, number)
    for note in item.notes:
        yield from wrap(note, f"{_INDENT}! ", f"{_INDENT}  ")
    if item.wider:
        yield from wrap(f"In a wider announcement: {item.wider}", _INDENT)
    sentences = item.sentences[1:] if item.sentences[:1] == (item.title,) else item.sentences
    if sentences:
        yield ""
        yield from wrap(joined(sentences, item.language), _INDENT)
    if item.reading:
        yield from _reading(item.reading)
    yield ""
    yield from _figures(item)
    yield from _labelled("Who", ", ".join(item.who))
    yield from _labelled("Where", ", ".join(item.where))
    yield from _labelled("Topics", ", ".join(item.topics))
    yield from _labelled("Source", f"{item.source}, {item.when}")
    if item.url:
        yield f"{_INDENT}{item.url}"
    for index, version in enumerate(item.versions):
        yield from _labelled("Also" if index == 0 else "", version.label)
        if version.url:
            yield f"{_INDENT}{' ' * _LABEL}{version.url}"


def _reading(reading: Reading) -> Iterator[str]:
    """The second reader's sentences, set apart by a bar on every line."""
    quote = f"“{reading.quote}”" if reading.quote else ""
    yield ""
    for part in (f"{reading.label}:", reading.said, f"{reading.dissent} {quote}".strip()):
        yield from wrap(part, f"{_INDENT}| ") if part else ()


def _figures(item: Item) -> list[str]:
    """The figures, none of them broken at the end of a line."""
    more = [f"and {len(item.figures) - FIGURES} more"] if len(item.figures) > FIGURES else []
    tied = " · ".join(text.replace(" ", _TIE) for text in [*(f.text for f in item.figures[:FIGURES]), *more])
    return _labelled("Figures", tied)


def _brief(item: Item, number: int) -> Iterator[str]:
    yield from _title(item, number)
    yield f"{_INDENT}{item.url}" if item.url else f"{_INDENT}{item.source}, {item.when}"


def _title(item: Item, number: int) -> list[str]:
    language = f" [{item.language_name}]" if item.language_name else ""
    return wrap(item.title + language, f"{number}. ".ljust(len(_INDENT)), _INDENT)


def _labelled(label: str, value: str) -> list[str]:
    return wrap(value, f"{_INDENT}{label:<{_LABEL}}", f"{_INDENT}{'':<{_LABEL}}") if value else []


def _month(month: Month) -> Iterator[str]:
    yield from wrap(f"{month.heading}")
    widest = max((columns(bar.label) for bar in month.bars), default=0)
    for bar in month.bars:
        gap = " " * (widest - columns(bar.label) + 2)
        yield f"{_INDENT}{bar.label}{gap}{'■' * max(1, bar.width * _BAR // 100)} {bar.count}"
    if month.ledger:
        yield from wrap(f"What was promised, in figures: {month.ledger}", _INDENT)


def _footer(edition: Edition) -> Iterator[str]:
    if edition.month:
        yield from _month(edition.month)
        yield ""
    for heading, sentences in (("Sources that are not well", edition.ill), ("Not delivered", edition.undelivered)):
        if sentences:
            yield f"{heading}:"
            for sentence in sentences:
                yield from wrap(sentence, "- ", "  ")
            yield ""
    for sentence in edition.why:
        yield from wrap(sentence)


def _stories(text: str) -> Iterator[str]:
    """From a stored text, of each story: its headline, figures and address, a line each."""
    number = re.compile(r"\d+\. +\S")
    body = text.partition("=" * WIDTH)[2].partition("\n" + "-" * WIDTH)[0]
    blocks: list[list[str]] = []
    for line in body.splitlines():
        if number.match(line):
            blocks.append([line])
        elif blocks and (line.startswith(_INDENT) or not line):
            blocks[-1].append(line)
    for block in blocks:
        yield _short(block)


def _short(block: list[str]) -> str:
    headline = [block[0].partition(". ")[2].strip()]
    for line in block[1:]:
        if not line or line[len(_INDENT) :].startswith(("! ", "In a wider", "http://", "https://")):
            break
        headline.append(line.strip())
    figures: list[str] = []
    label = f"{_INDENT}{'Figures':<{_LABEL}}"
    more = " " * len(label)
    for line in block:
        if line.startswith(label) or (figures and line.startswith(more)):
            figures.append(line[len(label) :])
        elif figures:
            break
    address = [line.strip() for line in block if re.match(rf"{_INDENT}https?://", line)][:1]
    return "\n".join(part for part in (_joined(headline), _joined(figures), *address) if part)


def _joined(lines: Iterable[str]) -> str:
    """Wrapped lines as one again; scripts without spaces are joined without one."""
    whole = ""
    for line in lines:
        tight = whole and line and east_asian_width(whole[-1]) == "W" and east_asian_width(line[0]) == "W"
        whole += line if tight or not whole else f" {line}"
    return whole


def _harmless(text: str) -> str:
    """Text that no chat service takes for a mention or a command."""
    text = re.sub(r"@(?=everyone|here|channel)", "@\u200b", text, flags=re.IGNORECASE)
    return text.replace("<", "\u2039").replace(">", "\u203a")  # angle quotation marks
