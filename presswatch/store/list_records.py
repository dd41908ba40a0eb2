"""What lists of stories and the ledger are asked for, and what they give.

Frozen, slotted, keyword-only dataclasses. Does no input or output.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from presswatch.briefs import Brief
from presswatch.ledger import Commitment
from presswatch.models import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """Which stories to list. An empty tuple takes all; of several values of one kind, one is enough.

    Without levels, the stories that are news of the watch: focus and part.
    """

    topics: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    since: datetime | None = None  # by the story's date
    until: datetime | None = None  # excluded
    limit: int = 50
    after: str | None = None  # the `cursor` of the page before


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefPage:
    """Some stories of a list, and where it goes on; None at its end."""

    briefs: tuple[Brief, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCount:
    """A topic, name, language or source, with the told stories that have it."""

    kind: str
    name: str
    stories: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """Which commitments to list, the newest first. An empty value takes all."""

    kinds: tuple[str, ...] = ()
    unit: str = ""
    year: int | None = None  # of the announcement
    organisation: str = ""  # these three as tags of the story
    place: str = ""
    topic: str = ""
    limit: int = 100
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A commitment with its standing in the ledger."""

    commitment: Commitment
    repeats: str | None  # the story that said it first
    counted: bool  # neither part of a whole nor said before

    @property
    def why_not(self) -> str:
        """Why sums leave it out, in a few words; empty where they do not."""
        if self.counted:
            return ""
        return "part of a sum above" if self.commitment.part_of is not None else "said before"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    rows: tuple[LedgerRow, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSum:
    """What the counted commitments of one kind and unit add up to, in a year or a month of it."""

    kind: str
    unit: str
    year: int
    month: int = 0
    total: float
    up_to: float  # of it, what is "up to" so much
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSums:
    """What a part of the ledger adds up to."""

    counted: tuple[LedgerSum, ...]
    left_out: int  # commitments that no sum counts

    def by_year(self) -> tuple[LedgerSum, ...]:
        """The sums of whole years, in the same order."""
        found: dict[tuple[str, str, int], LedgerSum] = {}
        for one in self.counted:
            key = (one.kind, one.unit, one.year)
            before = found.get(
                key, LedgerSum(kind=one.kind, unit=one.unit, year=one.year, total=0.0, up_to=0.0, rows=0)
            )
            found[key] = replace(
                before,
                total=before.total + one.total,
                up_to=before.up_to + one.up_to,
                rows=before.rows + one.rows,
            )
        return tuple(found.values())
