"""What is remembered of the sources: when they are due, how they do, what their ways in answered last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select

from presswatch.models import Source, SourceHealth
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.histories import articles, histories
from presswatch.store.records import DayOfVisits, FeedState, SourceArticles, SourceHistory, Standing, Visit
from presswatch.store.rows import batches


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
        return self.feed_states([url]).get(url)

    def feed_states(self, urls: Sequence[str]) -> Mapping[str, FeedState]:
        """What each of these ways in answered last, by address; those that were never asked are left out."""
        feeds, found = tables.feeds, dict[str, FeedState]()
        with self._database.read() as connection:
            for batch in batches(urls):
                rows = connection.execute(select(feeds).where(feeds.c.url.in_(batch)))
                found |= {row.url: FeedState(**row._mapping) for row in rows}
        return found

    def standings(self, ids: Sequence[str]) -> Mapping[str, Standing]:
        """How each of these sources did at its last visits; those that were never visited are left out."""
        table, found = tables.sources, dict[str, Standing]()
        with self._database.read() as connection:
            for batch in batches(ids):
                rows = connection.execute(
                    select(table.c.id, table.c.last_success_at, table.c.failures).where(table.c.id.in_(batch))
                )
                found |= {row.id: Standing(last_success_at=row[1], failures=row[2]) for row in rows}
        return found

    def record(self, visits: Sequence[Visit], states: Sequence[FeedState] = ()) -> None:
        """Remember visits, with them how their sources do, and what ways in answered; all of it or nothing.

        Save the pages that an answer led to first: what is remembered here is not asked for again.
        """
        with self._database.write() as connection:
            if states:
                self._database.upsert(connection, tables.feeds, *map(_values, states))
            if visits:
                connection.execute(tables.visits.insert(), [_values(visit) for visit in visits])
                connection.execute(self._standing(), [_standing_after(visit) for visit in visits])

    def _standing(self) -> Any:
        """The statement that takes a visit into its source's row."""
        known = tables.sources
        insert = self._database.insert(known)
        new = insert.excluded
        kept = ("state", "message", "last_visit_at", "next_due_at")
        update: dict[str, Any] = {name: new[name] for name in kept}
        update["failures"] = case((new.failures == 0, 0), else_=known.c.failures + 1)
        update["last_success_at"] = func.coalesce(new.last_success_at, known.c.last_success_at)
        return insert.on_conflict_do_update(index_elements=["id"], set_=update)

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

    def articles(self, *, now: datetime) -> dict[str, SourceArticles]:
        """What each source's articles tell of it: a walk through all that there are."""
        return articles(self._database, now=now)

    def histories(
        self, sources: Sequence[Source], *, now: datetime, articles: Mapping[str, SourceArticles] | None = None
    ) -> tuple[SourceHistory, ...]:
        """What is remembered of each of `sources`, in their order: what its health is told by.

        What their `articles` told before may be given, where it need not be of this moment.
        """
        return histories(self._database, sources, now=now, articles=articles)

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


def _values(record: FeedState | Visit) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def _standing_after(visit: Visit) -> dict[str, Any]:
    """The row of a source that had no visit before this one."""
    return {
        "id": visit.source,
        "state": visit.state,
        "message": visit.message,
        "first_visit_at": visit.at,
        "last_visit_at": visit.at,
        "last_success_at": visit.at if visit.ok else None,
        "failures": 0 if visit.ok else 1,
        "next_due_at": visit.next_due_at,
    }
