"""The weekly comparison of everything that a site lists with what is stored: when it was done, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import Reconciliation
from presswatch.store.rows import batches


class Reconciliations:
    """Queries about reconciliations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Mapping[str, Reconciliation]:
        """The last one of each source that had one, by source."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.reconciliations))
            return {row.source: Reconciliation(**row._mapping) for row in rows}

    def of(self, sources: Sequence[str]) -> Mapping[str, Reconciliation]:
        """The last one of each of `sources` that had one, by source."""
        query = select(tables.reconciliations).where(tables.reconciliations.c.source.in_(sources))
        with self._database.read() as connection:
            return {row.source: Reconciliation(**row._mapping) for row in connection.execute(query)}

    def save(self, reconciliation: Reconciliation) -> None:
        """Remember how one went, in place of the one before."""
        values = {name: getattr(reconciliation, name) for name in Reconciliation.__slots__}
        with self._database.write() as connection:
            self._database.upsert(connection, tables.reconciliations, values)

    def passed_over(self, urls: Iterable[str]) -> set[str]:
        """Those of `urls` that a sitemap named before the watch began."""
        table, wanted = tables.passed_over, list(dict.fromkeys(urls))
        found: set[str] = set()
        with self._database.read() as connection:
            for batch in batches(wanted):
                found.update(connection.scalars(select(table.c.url).where(table.c.url.in_(batch))))
        return found

    def pass_over(self, urls: Iterable[str], *, source: str, now: datetime) -> None:
        """These were there before the watch began; a backfill may take them, a reconciliation never misses them."""
        rows = [{"url": url, "source": source, "at": now} for url in dict.fromkeys(urls)]
        insert = self._database.insert(tables.passed_over).on_conflict_do_nothing(index_elements=["url"])
        with self._database.write() as connection:
            for batch in batches(rows):
                connection.execute(insert, list(batch))

    def fetched(self, urls: Iterable[str]) -> dict[str, datetime]:
        """When the first page of each of `urls` was fetched; those that were never fetched are left out."""
        pages, wanted = tables.pages, list(dict.fromkeys(urls))
        found: dict[str, datetime] = {}
        with self._database.read() as connection:
            for batch in batches(wanted):
                first = select(pages.c.url, func.min(pages.c.fetched_at, type_=tables.UtcTime()).label("at"))
                rows = connection.execute(first.where(pages.c.url.in_(batch)).group_by(pages.c.url))
                found |= {row.url: row.at for row in rows}
        return found
