"""The whole store from one engine to the other: every row, verified, and gone on with where it was ended.

The target is marked as unfinished until the last row is there and counted, so
that nobody works on half a store. What was copied is noted in the transaction that
copies it: whoever runs it again after a kill begins where it ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Table, Text, func, inspect, literal, select, text, tuple_, update

from presswatch.errors import StoreError
from presswatch.store import Store, tables
from presswatch.store.database import Database
from presswatch.store.opened import UNFINISHED
from presswatch.store.search import index

if TYPE_CHECKING:
    from collections.abc import Callable

    from presswatch.settings import Settings

# What machines tell each other while they run belongs to none of it; the queue's tables are not ours to move.
_LEFT = frozenset({"turns", "savings", "machines"})
_OWN = ("queue", "archive")  # rows of `made` that each database has for itself
_BATCH = {"articles": 100, "revisions": 100, "digests": 50}  # their rows hold whole texts
_ROWS = 1000
_ALIVE = timedelta(minutes=3)

_NOTES = Table(
    "moving",
    tables.metadata.__class__(),
    Column("what", Text, primary_key=True),
    Column("last", Text, nullable=False),  # the key of the last row that was copied, as JSON
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved: rows by table, and where they are now."""

    to: str
    rows: dict[str, int]


def move(settings: Settings, target: str, progress: Callable[..., None]) -> Moved:
    """Copy the store of `settings` to `target`, an address of the other engine or of the same.

    The store that is copied stays as it is. Raises `StoreError` while a service runs on
    it, where the target holds something already, and where the counts differ in the end.
    """
    source, goal = Database(settings.database_url, settings.data_dir), Database(target)
    try:
        if source.name == goal.name:
            raise StoreError(f"{goal.name} is the store itself. Name another one with --to.")
        if source.is_sqlite and not Path(source.name).exists():
            raise StoreError(f"There is no store {source.name} to move. Does --data name the right folder?")
        with ExitStack() as held:
            held.enter_context(_alone(source))
            held.enter_context(_alone(goal) if goal.is_sqlite else nullcontext())
            Store.open(settings.database_url, lock_dir=settings.data_dir).close()  # brought up to date
            _prepare(source, goal, target)
            return _copy_all(source, goal, progress)
    finally:
        source.close()
        goal.close()


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Nobody else works on the store."""
    with ExitStack() as held:
        for name, who in (("serve", "The presswatch service"), ("process", ""), ("digest", "")):
            held.enter_context(database.lock(name, who))
        if not database.is_sqlite:
            with database.read() as connection:
                there = inspect(connection).has_table("machines")
                rows = connection.execute(select(tables.machines)).all() if there else []
                now = connection.scalar(select(func.clock_timestamp())) or datetime.now(UTC)
            if alive := [row.name for row in rows if now - row.at < _ALIVE]:
                raise StoreError(
                    f"A presswatch service works on {database.name}: {', '.join(alive)}. Stop it first; one that was"
                    " killed counts as stopped after three minutes."
                )
        yield


def _prepare(source: Database, goal: Database, target: str) -> None:
    """Make the target's tables and mark it as unfinished, or find that it is an unfinished copy of the same store."""
    with goal.read() as connection:
        begun = inspect(connection).has_table("moving")
        said = connection.scalar(select(_NOTES.c.last).where(_NOTES.c.what == "from")) if begun else None
    if begun:
        if said != source.name:
            raise StoreError(
                f"{goal.name} holds an unfinished copy of another store ({said}). Finish that one, or name an empty"
                " database."
            )
        return
    Store.open(target).close()
    with goal.write() as connection:
        for table in _moved():
            if table.name != "made" and connection.execute(select(table).limit(1)).first():
                raise StoreError(f"{goal.name} is no empty store: it has {table.name}. Nothing was changed.")
        _NOTES.create(connection)
        connection.execute(_NOTES.insert().values(what="from", last=source.name))
        connection.execute(text("UPDATE alembic_version SET version_num = :mark"), {"mark": UNFINISHED})


def _moved() -> list[Table]:
    """The tables in an order in which every row finds those that it refers to."""
    return [table for table in tables.metadata.sorted_tables if table.name not in _LEFT]


def _copy_all(source: Database, goal: Database, progress: Callable[..., None]) -> Moved:
    expected = _counts(source)
    total, done = sum(expected.values()), sum(_counts(goal).values())
    progress("Moving", done, total)
    for table in _moved():
        for copied in _copy(source, goal, table):
            done += copied
            progress("Moving", done, total)
    _join_stories(source, goal)
    _verify(expected, _counts(source), _counts(goal), goal.name)
    with goal.write(durable=True) as connection:
        for table in _moved():
            _go_on_counting(source, goal, connection, table)
        _NOTES.drop(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": tables.REVISION})
    if not goal.is_sqlite:
        with goal.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return Moved(to=goal.name, rows=expected)


def _copy(source: Database, goal: Database, table: Table) -> Iterator[int]:
    """Copy a table, a batch a transaction; yields the rows of each."""
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(_BATCH.get(table.name, _ROWS))
    with goal.read() as connection:
        noted = connection.scalar(select(_NOTES.c.last).where(_NOTES.c.what == table.name))
    last: list[Any] | None = json.loads(noted) if noted else None
    while True:
        with source.read() as connection:
            rows = [row._asdict() for row in connection.execute(query if last is None else _after(query, key, last))]
        if not rows:
            return
        last = [rows[-1][column.name] for column in key]
        with goal.write() as connection:
            _insert(goal, connection, table, rows)
            goal.upsert(connection, _NOTES, {"what": table.name, "last": json.dumps(last)})
        yield len(rows)


def _after(query: Any, key: Sequence[Column[Any]], last: Sequence[Any]) -> Any:
    if len(key) == 1:
        return query.where(key[0] > literal(last[0], key[0].type))
    values = [literal(value, column.type) for value, column in zip(last, key, strict=True)]
    return query.where(tuple_(*key) > tuple_(*values))


def _insert(goal: Database, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if table.name == "made":
        for row in rows:
            if row["what"] not in _OWN:
                goal.upsert(connection, table, row)
        return
    if table.name == "stories":  # the living one that a story was joined to may come later
        rows = [row | {"merged_into": None} for row in rows]
    connection.execute(table.insert(), rows)
    if table.name == "articles":
        for row in rows:
            index(goal, connection, row["id"], row["title"], row["text"])


def _join_stories(source: Database, goal: Database) -> None:
    """Say of each story that was joined to another one which it is."""
    stories = tables.stories
    with source.read() as connection:
        joined = connection.execute(
            select(stories.c.id, stories.c.merged_into).where(stories.c.merged_into.isnot(None))
        )
        pairs = [(row.id, row.merged_into) for row in joined]
    with goal.write() as connection:
        for story, living in pairs:
            connection.execute(update(stories).where(stories.c.id == story).values(merged_into=living))


def _go_on_counting(source: Database, goal: Database, connection: Connection, table: Table) -> None:
    """Let the target number new rows from where the source would have: a number is never used again."""
    if "id" not in table.c or not table.c.id.primary_key or isinstance(table.c.id.type, Text):
        return
    with source.read() as reading:
        highest = reading.scalar(select(func.max(table.c.id))) or 0
        if source.is_sqlite:
            known = inspect(reading).has_table("sqlite_sequence")
            query = "SELECT seq FROM sqlite_sequence WHERE name = :name"
            used = (reading.scalar(text(query), {"name": table.name}) or 0) if known else 0
        else:
            query = "SELECT last_value FROM pg_sequences WHERE sequencename = :name AND schemaname = current_schema()"
            used = reading.scalar(text(query), {"name": f"{table.name}_id_seq"}) or 0
    last = max(highest, used)
    if not last:
        return
    if goal.is_sqlite:
        connection.execute(
            text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"), {"last": last, "name": table.name}
        )
    else:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": table.name, "last": last}
        )


def _counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        counted = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in _moved()}
        own = select(func.count()).where(tables.made.c.what.in_(_OWN))
        counted["made"] -= connection.scalar(own) or 0
    return counted


def _verify(before: dict[str, int], after: dict[str, int], there: dict[str, int], name: str) -> None:
    if before != after:
        changed = [table for table in before if before[table] != after[table]]
        raise StoreError(
            f"Somebody wrote to the store while it was moved ({', '.join(changed)}). Stop every service, empty {name},"
            " and move it again."
        )
    for table, count in there.items():
        if count != before[table]:
            raise StoreError(
                f"{name} has {count} rows of {table}, where the store has {before[table]}. Empty it and move again."
            )
