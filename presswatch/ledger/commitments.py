"""One story's commitments: each of its figures once, with who, where, when and by when. Does no input or output.

A figure that several versions state is one commitment, told by the version that
readers of English fare best with. What does not count a second time:

- the same figure again, in one article or in another version, however each rounds
  it (three digits decide);
- a conversion: a sum in another currency right behind one, in brackets, or only in
  a translation, which converts for its own readers;
- a part of a whole: "£2bn, of which £500m …", and every other sum where the greatest
  is exactly what they add up to. A part is a row of its own, and is left out of sums.

Two sums without such a sign are two commitments. Where rules cannot tell, a figure
stays, so that the reader sees it, with its quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from presswatch import choosing, figures
from presswatch.ledger import due
from presswatch.models import Fact, Story, TagKind, Version

_END = re.compile(r"(?<=[.!?])[\"”’»)]*\s+(?=[^\s\d])|(?<=[。！？])[」』”]*")
_ABBREVIATED = re.compile(r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|Prof|Inc|Ltd|Mio|Mrd|bzw|ca)\.)$")
# Between two sums: the second is a part of the first.
_PART = re.compile(
    r"(?<!\w)(?:of which|including|of that|dont|davon|darunter|de los cuales|de los que|incluidos|di cui|dos quais"
    r"|das quais|incluindo|incluyendo|y compris)(?!\w)|うち|其中|그중|이 중",
    re.IGNORECASE,
)
# Between two sums of different currencies: the second is the first, converted.
_CONVERTED = re.compile(
    r"\s*[,，]?\s*[（(\[]\s*(?:about|around|roughly|approximately|or|environ|rund|etwa|circa|unos|約|약|约)?\s*"
)
_WHO = 6  # names beside a figure; more is a list of partners, not who pays


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A figure that a story commits somebody to."""

    story: str
    position: int  # within the story, from 0
    kind: str  # as `Fact.kind`
    unit: str
    value: float
    qualifier: str
    announced_at: datetime
    due_on: date | None = None
    due_words: str = ""  # as the sentence sets it
    who: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    url: str = ""  # of the version quoted
    language: str = "en"
    quote: str = ""  # its sentence
    quote_en: str = ""  # an English version's sentence of the same figure, where the quote is in another language
    part_of: int | None = None  # the position of the whole that it belongs to

    @property
    def key(self) -> str:
        """The same for one figure, however it is rounded."""
        return figures.key(Fact(kind=self.kind, value=self.value, unit=self.unit, quote="", start=0, end=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """A figure as one version states it."""

    fact: Fact
    version: Version
    sentence: str
    part_of: str = ""  # the key of its whole
    converts: bool = False


def commitments(story: Story) -> tuple[Commitment, ...]:
    """The story's commitments, the version that tells it best first."""
    versions = sorted(choosing.relevant(story), key=lambda v: choosing.suitability(v, "en"))
    if not versions:
        return ()
    announced = choosing.published(versions)
    stated = [[found for found in _read(version) if not found.converts] for version in versions]
    kept = _once(stated)
    places = {figures.key(found.fact): place for place, found in enumerate(kept)}
    result = []
    for place, found in enumerate(kept):
        made = _commitment(story, place, found, announced)
        english = next((s for all_ in stated for s in all_ if _english(s, found)), None)
        result.append(
            replace(
                made,
                quote_en=english.sentence if english else "",
                part_of=places.get(found.part_of) if found.part_of else None,
            )
        )
    return tuple(result)


def _english(other: _Stated, found: _Stated) -> bool:
    if found.version.article.language == "en" or other.version.article.language != "en":
        return False
    return figures.key(other.fact) == figures.key(found.fact)


def _once(stated: Sequence[Sequence[_Stated]]) -> list[_Stated]:
    """Every figure once, as the first version that has it states it; a translation's conversions left out."""
    once: dict[str, _Stated] = {}
    currencies: set[str] = set()
    for number, version in enumerate(stated):
        first = next((s.version.article.language for s in version), "")
        told = {s.version.article.language for s in once.values()}
        for found in version:
            fact = found.fact
            foreign = number and first not in told and fact.kind == "money" and currencies
            if figures.key(fact) not in once and not (foreign and fact.unit not in currencies):
                once[figures.key(fact)] = found
        currencies |= {s.fact.unit for s in once.values() if s.fact.kind == "money"}
    return list(once.values())


def _read(version: Version) -> list[_Stated]:
    """The figures of one version with their sentences, in the order of the text, each once."""
    document = version.article.document
    sentences = _sentences(document)
    facts = sorted(version.facts, key=lambda fact: fact.start)
    found: dict[str, _Stated] = {}
    for fact in facts:
        start, end = _around(sentences, fact)
        found.setdefault(figures.key(fact), _Stated(fact=fact, version=version, sentence=_plain(document[start:end])))
    for one, other in pairwise(facts):
        between = document[one.end : other.start]
        whole, part = found[figures.key(one)], found[figures.key(other)]
        if figures.key(one) == figures.key(other) or _around(sentences, one) != _around(sentences, other):
            continue
        if one.kind == other.kind == "money" and one.unit != other.unit and _CONVERTED.fullmatch(between):
            found[figures.key(other)] = replace(part, converts=True)
        elif one.kind == other.kind and one.unit == other.unit and other.value < one.value and _PART.search(between):
            found[figures.key(other)] = replace(part, part_of=whole.part_of or figures.key(one))
    return _added_up(list(found.values()))


def _added_up(stated: list[_Stated]) -> list[_Stated]:
    """Where the greatest sum is exactly that of the others, of three or more in one unit, they are its parts."""
    result = list(stated)
    for kind, unit in dict.fromkeys((s.fact.kind, s.fact.unit) for s in stated):
        alike = [s for s in stated if (s.fact.kind, s.fact.unit) == (kind, unit) and not s.part_of and not s.converts]
        whole = max(alike, key=lambda s: s.fact.value, default=None)
        if whole is None or len(alike) < 3:
            continue
        rest = sum(s.fact.value for s in alike if s is not whole)
        if abs(rest - whole.fact.value) <= 0.001 * whole.fact.value:
            key = figures.key(whole.fact)
            result = [replace(s, part_of=key) if s in alike and s is not whole else s for s in result]
    return result


def _commitment(story: Story, position: int, found: _Stated, announced: datetime) -> Commitment:
    fact, version = found.fact, found.version
    term = due.find(found.sentence, announced.date())
    return Commitment(
        story=story.id,
        position=position,
        kind=fact.kind,
        unit=fact.unit,
        value=fact.value,
        qualifier=fact.qualifier,
        announced_at=announced,
        due_on=term.on if term else None,
        due_words=term.words if term else "",
        who=_names(found, TagKind.ORGANISATION),
        where=_names(found, TagKind.PLACE),
        url=version.article.url,
        language=version.article.language,
        quote=found.sentence,
    )


def _names(found: _Stated, kind: TagKind) -> tuple[str, ...]:
    """The names in the figure's own sentence; where it has none those of the headline, then of the whole version."""
    tags = [tag for tag in found.version.tags if tag.kind is kind]
    for words in (found.sentence, found.version.article.title):
        if here := [tag.name for tag in tags if tag.name in words or (tag.quote and tag.quote in words)]:
            return tuple(dict.fromkeys(here))[:_WHO]
    return tuple(dict.fromkeys(tag.name for tag in tags))[:_WHO]


def _sentences(document: str) -> list[tuple[int, int]]:
    """The spans of the document's sentences; a line ends one."""
    spans = []
    start = 0
    for line in document.split("\n"):
        end = start + len(line)
        cuts = [
            start + match.end()
            for match in _END.finditer(line)
            if not _ABBREVIATED.search(line[max(0, match.start() - 6) : match.start()])
        ]
        edges = [start, *cuts, end]
        spans += [(a, b) for a, b in pairwise(edges) if b > a]
        start = end + 1
    return spans


def _around(sentences: Sequence[tuple[int, int]], fact: Fact) -> tuple[int, int]:
    inside = [(start, end) for start, end in sentences if start < fact.end and end > fact.start]
    return (inside[0][0], inside[-1][1]) if inside else (fact.start, fact.end)


def _plain(text: str) -> str:
    return " ".join(text.removeprefix("## ").removeprefix("- ").split())
