"""The ledger: commitments of all stories, and what they add up to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, desc, func, or_, select

from presswatch.store import tables
from presswatch.store.briefs import KINDS
from presswatch.store.cursors import cursor, place
from presswatch.store.database import Database
from presswatch.store.list_records import LedgerFilter, LedgerPage, LedgerRow, LedgerSum, LedgerSums, StoryFilter
from presswatch.store.outline import commitment
from presswatch.store.tables import AnyRow

_PORTION = 2000  # rows held in memory at a time while the whole ledger is written out


class Commitments:
    """Queries about what was promised."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, story: str) -> tuple[LedgerRow, ...]:
        """The commitments of one story, in its order."""
        table = tables.commitments
        with self._database.read() as connection:
            found = connection.execute(select(table).where(table.c.story == story).order_by(table.c.position))
            return tuple(map(_row, found))

    def list(self, wanted: LedgerFilter) -> LedgerPage:
        """The commitments that pass the filter, the newest first."""
        c = tables.commitments.c
        query = select(tables.commitments).where(*_matching(wanted, by_date=True))
        if (last := place(wanted.after)) is not None:
            story, _, position = last[1].rpartition("~")
            number = int(position) if position.isdecimal() else 0
            behind = or_(c.story < story, and_(c.story == story, c.position < number))
            query = query.where(
                c.announced_at <= last[0], or_(c.announced_at < last[0], and_(c.announced_at == last[0], behind))
            )
        order = (c.announced_at.desc(), c.story.desc(), c.position.desc())
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(*order).limit(wanted.limit + 1)).all()
        shown = tuple(map(_row, rows[: wanted.limit]))
        more = len(rows) > wanted.limit
        return LedgerPage(rows=shown, cursor=_cursor(shown[-1]) if more else None)

    def all(self, wanted: LedgerFilter) -> Iterator[LedgerRow]:
        """Every commitment that passes the filter, a portion at a time."""
        after = wanted.after
        while True:
            page = self.list(replace(wanted, limit=_PORTION, after=after))
            yield from page.rows
            if page.cursor is None:
                return
            after = page.cursor

    def sums(self, wanted: LedgerFilter, *, by_month: bool = False) -> LedgerSums:
        """What the counted commitments of a filter add up to, by kind, unit and year or month, the latest first.

        Months are for a filter of few years: a year stands in its row, a month is worked out for each.
        """
        c = tables.commitments.c
        when = self._database.month(c.announced_at) if by_month else c.year
        up_to = func.sum(case((c.qualifier == "up to", c.value), else_=0.0))
        query = select(c.kind, c.unit, when.label("time"), c.counted, func.sum(c.value), up_to, func.count())
        query = query.where(*_matching(wanted)).group_by(c.kind, c.unit, "time", c.counted)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(c.kind, c.unit, desc("time"))).all()
        return LedgerSums(
            counted=tuple(_sum(row) for row in rows if row.counted),
            left_out=sum(row[6] for row in rows if not row.counted),
        )

    def units(self) -> tuple[tuple[str, str], ...]:
        """The kinds and units that there are."""
        c = tables.commitments.c
        with self._database.read() as connection:
            found = connection.execute(select(c.kind, c.unit).distinct().order_by(c.kind, c.unit))
            return tuple((row.kind, row.unit) for row in found)

    def due(self, since: date, wanted: StoryFilter | None = None, *, limit: int = 500) -> tuple[LedgerRow, ...]:
        """Commitments of the filter's stories whose term ends from `since` on, the soonest first.

        What only repeats another one is left out.
        """
        c = tables.commitments.c
        query = select(tables.commitments).where(c.due_on >= since.isoformat(), c.repeats.is_(None))
        query = query.where(*_of_stories(wanted)) if wanted else query
        with self._database.read() as connection:
            return tuple(map(_row, connection.execute(query.order_by(c.due_on, c.story, c.position).limit(limit))))

    def money(self) -> tuple[tuple[datetime, str, float], ...]:
        """When, in which currency and how much: every counted sum of money, the oldest first."""
        c = tables.commitments.c
        query = select(c.announced_at, c.unit, c.value).where(c.counted.is_(True), c.kind == "money")
        with self._database.read() as connection:
            return tuple((row[0], row[1], row[2]) for row in connection.execute(query.order_by(c.announced_at)))


def _matching(wanted: LedgerFilter, *, by_date: bool = False) -> list[ColumnElement[bool]]:
    """The conditions of a filter; `by_date` for what is walked in the order of time."""
    c, tags = tables.commitments.c, tables.story_tags.c
    conditions: list[ColumnElement[bool]] = []
    for kind in ("organisation", "place", "topic"):
        if name := getattr(wanted, kind):
            # As a list, which is looked up once: asked of each row, it took ten times as long.
            conditions.append(c.story.in_(select(tags.story).where(tags.kind == kind, tags.name == name)))
    led = bool(conditions)
    if by_date and wanted.year is not None and MINYEAR <= wanted.year < MAXYEAR:
        start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (wanted.year, wanted.year + 1))
        conditions += [c.announced_at >= start, c.announced_at < end]
        led = True
    if wanted.kinds:
        # An equality walks an index in order, where a list of one would be sorted. Where a name's stories or a year
        # lead, the expression keeps SQLite from going through all that is of a kind instead.
        kind_of = func.coalesce(c.kind, "") if led else c.kind
        conditions.append(kind_of == wanted.kinds[0] if len(wanted.kinds) == 1 else kind_of.in_(wanted.kinds))
    if wanted.unit:
        conditions.append((func.coalesce(c.unit, "") if led else c.unit) == wanted.unit)
    if wanted.year is not None:
        conditions.append(c.year == wanted.year)
    return conditions


def _of_stories(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    """The conditions that a filter of stories sets on commitments; its place in the list sets none."""
    c, briefs = tables.commitments.c, tables.briefs.c
    conditions: list[ColumnElement[bool]] = []
    for kind, plural in KINDS:
        if names := getattr(wanted, plural):
            tags = tables.story_tags.alias()
            here = select(tags.c.story).where(tags.c.story == c.story, tags.c.kind == kind, tags.c.name.in_(names))
            conditions.append(here.exists())
    dated = select(briefs.story).where(briefs.story == c.story)
    if wanted.since is not None:
        conditions.append(dated.where(briefs.date >= wanted.since).exists())
    if wanted.until is not None:
        conditions.append(dated.where(briefs.date < wanted.until).exists())
    if wanted.levels:
        conditions.append(dated.where(briefs.level.in_([level.value for level in wanted.levels])).exists())
    return conditions


def _sum(row: AnyRow) -> LedgerSum:
    kind, unit, when, _, total, up_to, rows = row
    year, _, month = str(when).partition("-")
    return LedgerSum(kind=kind, unit=unit, year=int(year), month=int(month or 0), total=total, up_to=up_to, rows=rows)


def _row(row: AnyRow) -> LedgerRow:
    return LedgerRow(commitment=commitment(row), repeats=row.repeats, counted=row.counted)


def _cursor(row: LedgerRow) -> str:
    found: Any = row.commitment
    return cursor(found.announced_at, f"{found.story}~{found.position}")
