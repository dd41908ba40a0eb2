"""The machines that work on one store: who gave a sign of life, when, and what it told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import Machine

_FORGOTTEN_AFTER = timedelta(days=7)


class Machines:
    """Queries about the services that share this store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def renew(self, name: str, role: str, told: Mapping[str, Any], now: datetime) -> None:
        """This service lives; `now` is the store's time where it has one."""
        values = {"name": name, "role": role, "at": now, "told": dict(told)}
        with self._database.write() as connection:
            self._database.upsert(connection, tables.machines, values)
            connection.execute(delete(tables.machines).where(tables.machines.c.at < now - _FORGOTTEN_AFTER))

    def leave(self, name: str) -> None:
        """This service ended as it should."""
        with self._database.write() as connection:
            connection.execute(delete(tables.machines).where(tables.machines.c.name == name))

    def all(self) -> tuple[Machine, ...]:
        """Every service that gave a sign in the last days and did not take its leave, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.machines).order_by(tables.machines.c.name))
            return tuple(Machine(name=r.name, role=r.role, at=r.at, told=r.told) for r in rows)

    def now(self) -> datetime | None:
        """The store's own time, which all its machines go by; None on SQLite, where the machine's will do."""
        if self._database.is_sqlite:
            return None
        with self._database.read() as connection:
            found: datetime | None = connection.scalar(select(func.clock_timestamp()))
            return found
