"""What is remembered of the sources: when they are due, how they do, what their ways in answered last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import case, func, select

from presswatch.models import Source, SourceHealth
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.histories import histories
from presswatch.store.records import DayOfVisits, FeedState, SourceHistory, Visit


class Sources:
    """Queries about sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, sources: Sequence[Source], *, now: datetime) -> tuple[str, ...]:
        """The ids of the enabled sources that are to be visited, the longest overdue first, the never visited last.

        A last visit in the future means that the clock was set back; such a source is due.
        """
        table = tables.sources
        with self._database.read() as connection:
            rows = {row.id: row for row in connection.execute(select(table))}
        enabled = [source.id for source in sources if source.enabled]
        known = [rows[name] for name in enabled if name in rows]
        overdue = sorted(
            (row for row in known if row.next_due_at <= now or row.last_visit_at > now), key=lambda row: row.next_due_at
        )
        return tuple([row.id for row in overdue] + [name for name in enabled if name not in rows])

    def feed_state(self, url: str) -> FeedState | None:
        """What the way in at `url` answered last; None where it was never asked."""
        with self._database.read() as connection:
            row = connection.execute(select(tables.feeds).where(tables.feeds.c.url == url)).one_or_none()
        return None if row is None else FeedState(**row._mapping)

    def save_feed_state(self, state: FeedState) -> None:
        """Remember an answer. Save the pages it led to first: what is remembered here is not asked for again."""
        values = {name: getattr(state, name) for name in FeedState.__slots__}
        with self._database.write() as connection:
            self._database.upsert(connection, tables.feeds, values)

    def record_visit(
        self,
        source: str,
        *,
        now: datetime,
        ok: bool,
        state: str,
        message: str,
        found: int,
        new: int,
        way: str,
        next_due_at: datetime,
        late: int = 0,
    ) -> None:
        """Remember a visit, and with it how the source does."""
        known = tables.sources
        visit = {"source": source, "at": now, "ok": ok, "state": state, "message": message}
        visit |= {"found": found, "new": new, "late": late, "way": way, "next_due_at": next_due_at}
        with self._database.write() as connection:
            connection.execute(tables.visits.insert().values(**visit))
            values = {
                "id": source,
                "state": state,
                "message": message,
                "first_visit_at": now,
                "last_visit_at": now,
                "last_success_at": now if ok else None,
                "failures": 0 if ok else 1,
                "next_due_at": next_due_at,
            }
            insert = self._database.insert(known).values(**values)
            update = {"state": state, "message": message, "last_visit_at": now, "next_due_at": next_due_at}
            update |= {"failures": 0, "last_success_at": now} if ok else {"failures": known.c.failures + 1}
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=update))

    def health(self, sources: Sequence[Source], *, now: datetime) -> tuple[SourceHealth, ...]:
        """How each of `sources` does, in their order."""
        table, articles = tables.sources, tables.articles
        with self._database.read() as connection:
            rows = {row.id: row for row in connection.execute(select(table))}
            counted = connection.execute(
                select(articles.c.source, func.count().label("articles")).group_by(articles.c.source)
            )
            counts = {row.source: row.articles for row in counted}
        result = []
        for source in sources:
            row = rows.get(source.id)
            state, message = ("new", "") if row is None else (row.state, row.message)
            if not source.enabled:
                state, message = "disabled", ""
            result.append(
                SourceHealth(
                    source=source.id,
                    state=state,
                    message=message,
                    last_success_at=row.last_success_at if row else None,
                    failures=row.failures if row else 0,
                    next_due_at=(row.next_due_at if row else now) if source.enabled else None,
                    articles=counts.get(source.id, 0),
                )
            )
        return tuple(result)

    def histories(self, sources: Sequence[Source], *, now: datetime) -> tuple[SourceHistory, ...]:
        """What is remembered of each of `sources`, in their order: what its health is told by."""
        return histories(self._database, sources, now=now)

    def hurry(self, ids: Sequence[str], *, now: datetime) -> None:
        """Visit these at once: what kept them from answering is over."""
        table = tables.sources
        later = table.c.id.in_(ids) & (table.c.next_due_at > now) & (table.c.failures > 0)
        with self._database.write() as connection:
            connection.execute(table.update().where(later).values(next_due_at=now))

    def visit_now(self, source: str, *, now: datetime) -> None:
        """Make a source due, whatever pause it was given; one that was never visited is due anyway."""
        table = tables.sources
        here = (table.c.id == source) & (table.c.next_due_at > now)
        with self._database.write() as connection:
            connection.execute(table.update().where(here).values(next_due_at=now))

    def days(self, *, since: datetime) -> Mapping[str, tuple[DayOfVisits, ...]]:
        """Every source's visits from `since` on, by day (UTC), oldest first."""
        at = tables.visits.c.at
        day = func.date(at) if self._database.is_sqlite else func.to_char(at, "YYYY-MM-DD")
        failed = func.sum(case((tables.visits.c.ok, 0), else_=1))
        query = select(
            tables.visits.c.source, day.label("day"), func.count(), failed, func.sum(tables.visits.c.new)
        ).where(at >= since)
        found: dict[str, list[DayOfVisits]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query.group_by(tables.visits.c.source, day).order_by(day)):
                found[row[0]].append(
                    DayOfVisits(day=date.fromisoformat(row[1]), visits=row[2], failed=row[3], new=row[4])
                )
        return {source: tuple(days) for source, days in found.items()}

    def visited(self) -> bool:
        """Whether any source was ever visited."""
        with self._database.read() as connection:
            return connection.execute(select(tables.sources.c.id).limit(1)).first() is not None

    def visits(self, source: str | None = None, *, since: datetime) -> tuple[Visit, ...]:
        """The visits from `since` on, oldest first; of one source, or of all."""
        table = tables.visits
        query = select(table).where(table.c.at >= since).order_by(table.c.at, table.c.id)
        if source is not None:
            query = query.where(table.c.source == source)
        with self._database.read() as connection:
            return tuple(
                Visit(**{name: row._mapping[name] for name in Visit.__slots__}) for row in connection.execute(query)
            )
