"""What the operator was told of trouble. An alert and the memory of it are written in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.digests import add_edition
from presswatch.store.records import DigestDraft, Incident


class Alerts:
    """Queries about incidents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def incidents(self) -> tuple[Incident, ...]:
        """Everything that the operator was told of and that is not yet forgotten, the open ones and the closed."""
        table = tables.incidents
        with self._database.read() as connection:
            rows = connection.execute(select(table).order_by(table.c.began_at, table.c.subject))
            return tuple(Incident(**row._mapping) for row in rows)

    def settle(
        self,
        incidents: Sequence[Incident],
        *,
        now: datetime,
        draft: DigestDraft | None = None,
        recipients: Sequence[str] = (),
        forget_before: datetime,
    ) -> bool:
        """Remember these incidents and put the alert about them into the outbox, all or nothing.

        Closed incidents are forgotten once they closed before `forget_before`. False,
        and nothing is done, where an alert of this name and edition exists already.
        """
        table = tables.incidents
        with self._database.write(durable=True) as connection:
            if draft is not None and not add_edition(self._database, connection, draft, recipients, now)[1]:
                return False
            for incident in incidents:
                values = {name: getattr(incident, name) for name in Incident.__slots__}
                self._database.upsert(connection, table, values)
            connection.execute(delete(table).where(table.c.closed_at < forget_before))
        return True
