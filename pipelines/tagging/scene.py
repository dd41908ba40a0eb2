"""One text while its names are being told apart. Does no input or output.

A scene holds what has been met so far and answers the questions that telling
names apart asks: what else is in this paragraph, what stands beside this name.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipelines.tagging.index import PLACES, NameIndex, Target
from pipelines.tagging.latin import UPPER, WORD
from pipelines.tagging.matching import EAST_ASIAN

# How much a foreign or home name says where a paragraph plays. Products say nothing.
_TELLING = frozenset(("country", "place", "organisation", "government", "demonym", "currency", "official", "person",
                      "programme", "system", "event"))  # fmt: skip
# The set at its beginning lets the search run from mark to mark; a wide mark or a line's end needs no space after it.
_SENTENCE_END = re.compile(r"[.!?…。！？\n](?:(?<=[。！？\n])|['\"”’»)\]]*\s)")

# Firms of the country that the whole world names (Arm) weigh no more: they say little of where a text plays.
WORLDWIDE = 0.5
_NO_NAMES = ("NVIDIA", "GPUs", "This", "That", "These", "Those", "With", "From", "When", "While", "After", "Since")
_CAPITAL = re.compile(rf"(?<![{WORD}&/.-])[{UPPER}][{WORD}-]{{3,}}")
_OPENING = 2  # paragraphs behind the headline
_MANY = 3  # an article of which one paragraph in so many names the country may be all about it


@dataclass(slots=True, eq=False)
class Item:
    """A name met in the text; `uk` is None until it is settled, and `dropped` where it is no name after all."""

    start: int
    end: int
    target: Target
    span: int
    uk: bool | None = None
    weight: float = 1.0
    note: str = ""
    dropped: bool = False
    country: str = ""  # of a place that the context sends abroad, where it says so

    @property
    def telling(self) -> bool:
        if self.uk is None or self.dropped or self.target.kind not in _TELLING:
            return False
        return self.target.listed or self.target.kind not in ("person", "official")


class Scene:
    """The names of one text, by place; `items` stay sorted and do not overlap."""

    def __init__(self, document: str, spans: Sequence[tuple[int, int]], language: str, index: NameIndex) -> None:
        self.document, self.language, self.index = document, language, index
        self.spans = sorted(spans)
        self.items: list[Item] = []
        self.east = language in ("ja", "zh", "ko") or bool(EAST_ASIAN.search(document[:200]))
        self._title = document.find("\n") if "\n" in document else len(document)
        self._starts = [start for start, _ in self.spans]
        self._home: dict[int, list[Item]] = {}
        self._abroad: dict[int, list[Item]] = {}
        self._sides: dict[bool, list[Item]] = {True: [], False: []}
        self._mostly_home: bool | None = None
        self._sentence_ends: dict[
            int, tuple[list[int], list[int]]
        ] = {}  # by paragraph: where each mark begins and ends
        self._occurrences: dict[str, list[int]] = {}
        self.capitals: dict[
            int, list[tuple[int, int, str]]
        ] = {}  # by paragraph: see `roles`, which looks several times
        self._telling: list[bool] | None = None
        self.references: dict[tuple[str, str], tuple[int, int] | None] = {}  # see the module of that name
        self._there: dict[tuple[str, str], int] = {}
        self._order()

    def _order(self) -> None:
        self.items = sorted([i for i in self.items if not i.dropped], key=attrgetter("start"))
        self._positions = [i.start for i in self.items]

    def since(self, position: int, until: int) -> list[Item]:
        """The names that begin from `position` to before `until`."""
        positions = self._positions
        found = self.items[bisect_left(positions, position) : bisect_left(positions, until)]
        return [item for item in found if not item.dropped] if found else found

    def span_of(self, position: int) -> int:
        number = bisect_right(self._starts, position)
        return number - 1 if number else 0

    def span_text(self, number: int) -> str:
        start, end = self.spans[number]
        return self.document[start:end]

    def headline(self, position: int) -> bool:
        """Headlines in English write every word with a capital, so capitals say nothing there."""
        start = self.spans[self.span_of(position)][0]  # behind the mark of a heading
        return position < self._title or self.document.startswith("## ", max(0, start - 3))

    def weigh(self) -> None:
        """Take stock of what is settled; call it again when more is."""
        self._home, self._abroad, self._sides = {}, {}, {True: [], False: []}
        self.count(self.items)

    def count(self, items: Iterable[Item]) -> None:
        """Add names that are newly settled to the stock."""
        self._mostly_home = None
        for item in items:
            if item.telling and item.weight > 0:
                (self._home if item.uk else self._abroad).setdefault(item.span, []).append(item)
                self._sides[bool(item.uk)].append(item)

    def may_tell(self, number: int) -> bool:
        """Whether paragraph `number` may hold news of the country, or somebody whom such news names.

        Where the headline or the opening names what may be the country's, or many paragraphs do, all of them may;
        or else those that do, the ones beside them, those that speak of the same people or firms, and what stands
        below such a heading or line with a colon.
        What a firm does that the whole world names is no news of the country by that name alone.
        """
        if self._telling is None:
            self._telling = self._paragraphs_that_may_tell()
        return self._telling[number]

    def _paragraphs_that_may_tell(self) -> list[bool]:
        size = len(self.spans)
        ours = (i for i in self.items if i.target.country == self.index.country and i.target.weight > WORLDWIDE)
        named = {item.span for item in ours if not item.dropped}
        if any(number <= _OPENING for number in named) or len(named) * _MANY >= size:
            return [True] * size
        telling = [False] * size
        for number in named:
            start, end = self.spans[number]
            last = min(number + 2, size)
            if self.headline(start) or self.document[end - 1] in ":：":
                below = (n for n in range(number + 1, size) if self.headline(self.spans[n][0]))
                last = next(below, size)
            first = max(0, number - 1)
            telling[first:last] = [True] * (last - first)
            for other in self._naming_the_same(start, end):
                telling[other] = True
        return telling

    def _naming_the_same(self, start: int, end: int) -> Iterator[int]:
        """The paragraphs that share a word with a capital with these characters, one that no list holds.

        In German every noun has one, and nothing is shared but words.
        """
        seen = set(_NO_NAMES)
        for match in _CAPITAL.finditer(self.document, start, end) if self.language != "de" else ():
            word = match[0]
            if word in seen:
                continue
            seen.add(word)
            known = any(item.end >= match.end() for item in self.between(*match.span()))
            if not known and f" {word.lower()} " not in self.document:
                yield from map(self.span_of, self.occurrences(word))

    def home(self, item: Item | None = None, span: int | None = None) -> list[Item]:
        """What is settled as the country's own, in one paragraph or in all, without `item` and its like."""
        pool = self._sides[True] if span is None else self._home.get(span, [])
        return pool if item is None else [i for i in pool if i.target.name != item.target.name]

    def abroad(self, span: int | None = None) -> list[Item]:
        return self._sides[False] if span is None else self._abroad.get(span, [])

    def mostly_home(self) -> bool:
        """Whether the text names more of the country than of elsewhere."""
        if self._mostly_home is None:
            home = {i.target.name for i in self._sides[True]}
            self._mostly_home = len(home) > len({i.target.name for i in self._sides[False] if is_place(i)})
        return self._mostly_home

    def names_there(self, name: str, country: str) -> int:
        """How often towns of a country are named, one that is said to lie there wherever it stands.

        Its states and the country do not count: they say only where the first of them lies.
        """
        if (found := self._there.get((name, country))) is None:
            towns = (i for i in self.items if i.target.kind == "place" and not i.target.role)
            found = self._there[name, country] = sum(
                i.target.name == name or (i.country or i.target.country) == country for i in towns
            )
        return found

    def following(self, item: Item) -> Item | None:
        return self._beside(item, 1)

    def preceding(self, item: Item) -> Item | None:
        return self._beside(item, -1)

    def _beside(self, item: Item, step: int) -> Item | None:
        number = bisect_left(self._positions, item.start)
        while number < len(self.items) and self.items[number] is not item:
            number += 1
        number += step
        while 0 <= number < len(self.items) and self.items[number].span == item.span:
            if not self.items[number].dropped:
                return self.items[number]
            number += step
        return None

    def occurrences(self, name: str) -> list[int]:
        """Where a name stands as a word of its own, after a space."""
        found = self._occurrences.get(name)
        if found is None:
            found = self._occurrences[name] = []
            document, at = self.document, self.document.find(name)
            while at >= 0:
                end = at + len(name)
                if document[at - 1 : at] in (" ", "\u00a0") and not document[end : end + 1].isalnum():
                    found.append(at)
                at = document.find(name, end)
        return found

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the sentence around a name, good enough to ask what shares it."""
        number = self.span_of(start)
        first, last = self.spans[number]
        marks = self._sentence_ends.get(number)
        if marks is None:
            found = [match.span() for match in _SENTENCE_END.finditer(self.document, first, last)]
            marks = self._sentence_ends[number] = [left for left, _ in found], [right for _, right in found]
        lefts, rights = marks
        before, after = bisect_right(rights, start), bisect_left(lefts, end)
        return (rights[before - 1] if before else first, rights[after] if after < len(rights) else last)

    def between(self, start: int, end: int) -> list[Item]:
        """The names of which any part stands in these characters."""
        found: list[Item] = []
        number = bisect_left(self._positions, end)
        while number:
            number -= 1
            item = self.items[number]
            if not item.dropped:
                if item.end <= start:  # names do not overlap, so those before it end earlier still
                    break
                found.append(item)
        if len(found) > 1:
            found.reverse()
        return found

    def free(self, start: int, end: int, allow: Iterable[str] = ()) -> bool:
        """Whether no name of another kind than `allow` stands in these characters."""
        inside = self.between(start, end)
        return not inside or all(item.target.kind in allow for item in inside)

    def add(self, items: Iterable[Item]) -> None:
        """Names that patterns found; what they cover gives way to them."""
        for new in items:
            for old in self.between(new.start, new.end):
                old.dropped = True
            self.items.append(new)
        self._order()


def is_place(item: Item) -> bool:
    return item.target.kind in PLACES
