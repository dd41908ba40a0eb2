"""One sentence of an article with all that was found in it. Does no input or output."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.tagging import facts
from pipelines.vocabulary import Hit
from presswatch.models import Fact

GEOGRAPHY = frozenset(("country", "place", "demonym"))
ACTORS = frozenset(("organisation", "government", "institution", "programme", "system"))
# A number that counts something: no share, date, hour, model number or single digit without a "million".
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,$€¥-])"
    r"(?:\d[\d.,\u202f\u00a0 ]*\d|\d(?=\s*(?:m[iì]l|billion|hundred|thousand|[百千万億亿萬천만억])))"
    r"(?![A-Za-z0-9_-])"
    r"(?!\s*(?:%|％|per ?cent|prozent|pour cent|por ?cien|por cento|per cento|퍼센트"
    r"|[年月日時點点년월일시]|[ap]\.?m\b|uhr|h\b))",
    re.IGNORECASE,
)
# "May 19", "19. Mai", "19 de mayo": a number beside a month counts nothing.
_MONTH = (
    r"(?:jan|feb|febr|mar|märz|mär|mars|apr|avr|abr|may|mai|maio|mayo|mag|jun|juin|giu|jul|juil|lug|aug|août|ago|sep"
    r"|sept|set|oct|okt|ott|out|nov|dec|dez|dic|déc)[a-zäéû]{0,7}\.?"
)
_BEHIND_MONTH = re.compile(rf"\b{_MONTH}[ \u00a0]$", re.IGNORECASE)
_BEFORE_MONTH = re.compile(rf"\.?[ \u00a0](?:de[ \u00a0]|of[ \u00a0])?{_MONTH}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_CLAUSE = 60  # characters that the end of a clause is worth: "300,000 worldwide, 60,000 of them in our halls"
_CLAUSE_ENDS = (", ", "; ", " – ", " — ", "，", "；", "、")
_WHICH = re.compile(r", (?:which|who|qui|dont|où|die|der|das|que|donde|che|onde)\b")
_FRONTED = 12  # characters from a sentence's beginning to what its first comma sets before the rest
_SETS = 6  # characters from a sentence's beginning to a place that sets where all of it happens
_ABROAD = 50  # characters, as `_distance` counts them
_BESIDE = 80  # characters, before or (counted double) behind a figure
_RANKED = 40  # characters before the word for the world: a rank, a noun and what describes it


class Named(NamedTuple):
    """A name in the text, weighed where it stands."""

    start: int
    end: int
    kind: str  # as `Mention.kind`, and "institution" for organisations that are none of business
    name: str
    ours: bool  # of the watch's country
    weight: float
    standing: str  # "", "listed", "address", "dateline"
    note: str
    place: str = ""  # where an organisation sits, as far as it is known


class Figures:
    """The figures of one passage, read when somebody asks: most passages tell nothing of the watch's country."""

    __slots__ = ("_document", "_found", "_language", "_span")

    def __init__(self, document: str, start: int, end: int, language: str) -> None:
        self._document, self._span, self._language = document, (start, end), language
        self._found: tuple[Fact, ...] | None = None

    def within(self, start: int, end: int) -> list[Fact]:
        """Those that stand from `start` to `end` in the document."""
        if self._found is None:
            self._found = facts.find(self._document, [self._span], self._language)
        return [fact for fact in self._found if start <= fact.start and fact.end <= end]


@dataclass(slots=True)
class Sentence:
    """One sentence with all that was found in it."""

    start: int
    end: int
    passage: int  # number of its passage
    text: str
    figures: Figures  # of its passage
    ours: list[Named] = field(default_factory=list)
    others: list[Named] = field(default_factory=list)
    hits: dict[str, list[Hit]] = field(default_factory=dict)  # by category
    ground: float = 0.0  # how much its names say that it is about the country
    grounded_by: int = -1  # the passage (a heading, a line before a list) that lends it its country
    quoted: bool = False  # whether it is somebody's words rather than the article's
    foreign: bool = False  # whether it names somewhere else
    side: str = ""  # what `relevance` makes of it, once it was asked
    _facts: Sequence[Fact] | None = None
    _number: bool | None = None

    def found(self, category: str) -> Sequence[Hit]:
        return self.hits.get(category, ())

    @property
    def facts(self) -> Sequence[Fact]:
        """Its figures, in the order of the text."""
        if self._facts is None:
            self._facts = self.figures.within(self.start, self.end)
        return self._facts

    @property
    def has_number(self) -> bool:
        """Whether it states a number that is neither a year nor part of a fact, in figures or in words."""
        if self._number is None:
            self._number = bool(self.found("count")) or self._states_number()
        return self._number

    def _states_number(self) -> bool:
        for match in _NUMBER.finditer(self.text):
            digits = match[0].rstrip(" .,\u202f\u00a0")
            start = self.start + match.start()
            if len(digits) <= 2 and self._is_day(match.start(), match.start() + len(digits)):
                continue
            if not _YEAR.match(digits) and not any(fact.start <= start < fact.end for fact in self.facts):
                return True
        return False

    def _is_day(self, start: int, end: int) -> bool:
        """Whether a month stands beside the number at these characters of the text."""
        before = _BEHIND_MONTH.search(self.text, max(0, start - 12), start)
        return before is not None or _BEFORE_MONTH.match(self.text, end) is not None

    def belongs(self, start: int, end: int = 0) -> bool:
        """Whether what stands from `start` to `end` is said of the country, where the sentence names others too."""
        end = max(start, end)
        if not (self.others or "elsewhere" in self.hits):
            return True
        rivals = [(n.start, n.end) for n in self.others if n.kind in GEOGRAPHY and n.standing != "address"]
        rivals += [(hit.start, hit.end) for hit in self.found("elsewhere")]
        if not rivals:
            return True
        if not self.ours:  # "more than 20,000 start-ups worldwide": said right beside it, and of nothing here
            abroad = list(self._abroad())
            if any(self._distance(start, end, *place) <= _ABROAD for place in abroad):
                return False
            # "In Germany, four …, 32 million"
            if abroad and abroad[0][0] - self.start <= _SETS and abroad[0][0] < start:
                return False
            apart = [hit for hit in self.found("elsewhere") if not self._ranks(hit)]
            return all(start - hit.end > _BESIDE or (hit.start - end) * 2 > _BESIDE for hit in apart)
        # Of the country's names the places tell where; who acts may stand anywhere in the sentence.
        near_names = [n for n in self.ours if n.kind in GEOGRAPHY and n.standing != "dateline"] or self.ours
        near = min(self._distance(start, end, n.start, n.end) for n in near_names)
        return near <= min(self._distance(start, end, *rival) for rival in rivals)

    def _abroad(self) -> Iterator[tuple[int, int]]:
        """Where the sentence names countries and towns elsewhere as places in which something happens."""
        return ((n.start, n.end) for n in self.others if n.kind in ("country", "place") and not n.standing)

    def _distance(self, first: int, last: int, start: int, end: int) -> int:
        """How far what stands from `first` to `last` is from a name from `start` to `end`; another clause is far."""
        # What follows a name is rather said of it than what stands before it.
        if first >= end:
            # "In Lyon, …", "the hospital of Lyon, which runs …": the comma ends no clause.
            goes_on = start - self.start <= _FRONTED or _WHICH.match(self.text, end - self.start) is not None
            return first - end + _CLAUSE * max(0, self._clauses(end, first) - goes_on)
        return (start - last) * 2 + _CLAUSE * self._clauses(last, start) if last <= start else 0

    def _clauses(self, start: int, end: int) -> int:
        """How many clauses end between two places."""
        between = self.text[start - self.start : end - self.start]
        return sum(between.count(mark) for mark in _CLAUSE_ENDS)

    def _ranks(self, hit: Hit) -> bool:
        """Whether the world is only what something is ranked in: "the third largest market in the world"."""
        return any(hit.start - _RANKED <= rank.start and rank.end <= hit.start + 1 for rank in self.found("rank"))
