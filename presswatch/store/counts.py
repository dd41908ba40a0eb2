"""How much of everything the store holds, for `presswatch status` and the metrics."""

from sqlalchemy import Connection, Table, func, select, text

from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import Counts


def count(database: Database) -> Counts:
    """The figures of one moment."""
    pages, stories = tables.pages.c, tables.stories.c
    waiting = pages.processed_at.is_(None) & pages.failed_at.is_(None)
    with database.read() as connection:
        return Counts(
            engine="SQLite" if database.is_sqlite else "PostgreSQL",
            schema=connection.scalar(text("SELECT version_num FROM alembic_version")) or "",
            size=_size(connection, is_sqlite=database.is_sqlite),
            pages=_number(connection, tables.pages),
            pages_waiting=connection.scalar(select(func.count()).where(waiting)) or 0,
            pages_unusable=connection.scalar(select(func.count()).where(pages.failed_at.is_not(None))) or 0,
            refusals=_number(connection, tables.refusals),
            stories=connection.scalar(select(func.count()).where(stories.merged_into.is_(None))) or 0,
            articles=_by(connection, tables.articles, "level"),
            deliveries=_by(connection, tables.deliveries, "state"),
        )


def _number(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _by(connection: Connection, table: Table, column: str) -> dict[str, int]:
    kind = table.c[column]
    rows = connection.execute(select(kind, func.count()).group_by(kind).order_by(kind)).all()
    return {row[0]: row[1] for row in rows}


def _size(connection: Connection, *, is_sqlite: bool) -> int:
    if is_sqlite:
        pages, size = connection.scalar(text("PRAGMA page_count")), connection.scalar(text("PRAGMA page_size"))
        return (pages or 0) * (size or 0)
    return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
