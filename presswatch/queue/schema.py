"""procrastinate's own tables, beside ours: made by its schema, brought up to date by its migrations.

procrastinate numbers its migrations and keeps no account of which ones ran; the
row "queue" of the table `made` does.
"""

from __future__ import annotations

import re
from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, inspect

from presswatch.errors import StoreError
from presswatch.store import Store

_WHAT = "queue"


def bring_up_to_date(store: Store) -> None:
    """Make the queue's tables, or run the migrations that they lack. Raises `StoreError` where they are newer."""
    while store.made(_WHAT) != _newest():
        # A transaction each: what one adds to a type the next one may use only once it is committed.
        with store.upgrading() as (connection, note):
            note(_WHAT, _one_step(connection, store.made(_WHAT, connection)))


def _one_step(connection: Connection, found: int | None) -> int:
    """Bring the tables from the number `found` to the next one, or, where there are none, to the newest at once."""
    if found is None:
        if inspect(connection).has_table("procrastinate_jobs"):
            raise StoreError(
                "The database holds tables of a procrastinate that is not presswatch's. Give presswatch a database of"
                " its own."
            )
        _run(connection, SchemaManager.get_schema())
        return _newest()
    if found > _newest():
        raise StoreError(
            "The queue was brought up to date by a newer presswatch. Nothing was changed; install that version."
        )
    for number, file in _migrations():
        if number > found:
            _run(connection, file.read_text("utf-8"))
            return number
    return found


def _run(connection: Connection, statements: str) -> None:
    # Past SQLAlchemy and its parameters: a script of many statements, with percent signs of its own.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statements)


def _migrations() -> list[tuple[int, Path]]:
    """procrastinate's migrations in their order: 03.04.00_50_….sql is 3040050."""
    found = []
    for file in Path(SchemaManager.get_migrations_path()).glob("*.sql"):
        if match := re.match(r"(\d\d)\.(\d\d)\.(\d\d)_(\d\d)_", file.name):
            found.append((int("".join(match.groups())), file))
    return sorted(found)


def _newest() -> int:
    return _migrations()[-1][0]
