"""The digests and their outbox: what was told, to whom, and what is still to be sent."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, update

from presswatch.errors import StoreError
from presswatch.models import Delivery, Digest
from presswatch.recipients import kept
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import DeliveryEntry, DigestDraft, EditionRow, Told
from presswatch.store.tables import AnyRow

DUE, SENT, GIVEN_UP = "due", "sent", "given up"
LEASE = timedelta(minutes=10)  # longer than any channel's timeout: who holds a delivery longer than that has died


class Digests:
    """Queries about digests and deliveries. What is written here outlives a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: DigestDraft, recipients: Sequence[str], *, now: datetime) -> Digest:
        """Store an edition with one delivery for each recipient, all in one transaction.

        Where this edition exists already, it is returned as it is, and nothing is stored.
        """
        with self._database.write(durable=True) as connection:
            return add_edition(self._database, connection, draft, recipients, now)[0]

    def save_next(
        self, draft: DigestDraft, recipients: Sequence[str], *, after: str | None, now: datetime
    ) -> Digest | None:
        """`save`, where `after` is still the last edition (None: there was none); else None, and nothing is stored.

        A builder that was cut off, and took its time, tells nothing that another one told meanwhile.
        """
        with self._database.write(hold=f"digest {draft.name}", durable=True) as connection:
            digests = tables.digests
            last = select(digests.c.edition).where(digests.c.name == draft.name)
            newest = connection.scalar(last.order_by(digests.c.edition.desc()).limit(1))
            if newest not in (after, draft.edition):
                return None
            return add_edition(self._database, connection, draft, recipients, now)[0]

    def get(self, digest_id: int) -> Digest | None:
        """One edition as it was built."""
        return self._one(select(tables.digests).where(tables.digests.c.id == digest_id))

    def last_edition(self, name: str) -> Digest | None:
        """The latest edition of a digest; None before its first."""
        digests = tables.digests
        query = select(digests).where(digests.c.name == name).order_by(digests.c.edition.desc()).limit(1)
        return self._one(query)

    def told(self, name: str) -> Mapping[str, Told]:
        """What a digest told of each story, and when last, by the id that the story had then.

        A story that was joined to another one keeps its entry, which names the living one.
        """
        digests, told, stories = tables.digests, tables.told, tables.stories
        living = func.coalesce(stories.c.merged_into, stories.c.id)
        query = (
            select(told.c.story.label("then"), living.label("story"), digests.c.edition, told.c.state)
            .select_from(told.join(digests, digests.c.id == told.c.digest).join(stories, stories.c.id == told.c.story))
            .where(digests.c.name == name)
            .order_by(digests.c.edition, told.c.position.desc())
        )
        with self._database.read() as connection:
            return {
                row.then: Told(story=row.story, edition=row.edition, state=row.state)
                for row in connection.execute(query)
            }

    def due_deliveries(self, now: datetime) -> tuple[Delivery, ...]:
        """What is to be sent, in the order of the editions. Each is to be claimed before it is sent."""
        deliveries = tables.deliveries
        query = select(deliveries).where(*_ready(now)).order_by(deliveries.c.id)
        with self._database.read() as connection:
            return tuple(_delivery(row) for row in connection.execute(query))

    def claim(self, delivery_id: int, *, now: datetime, lease: timedelta = LEASE) -> Delivery | None:
        """Take a delivery for sending, so that nobody else does; None where it is no longer to be had.

        Counts as an attempt. An edition is not to be had while an earlier one for
        the same recipient still waits. Where nothing is recorded within `lease`, the
        sender has died, and the delivery may be taken again.
        """
        deliveries = tables.deliveries
        take = update(deliveries).where(deliveries.c.id == delivery_id, *_ready(now), ~_earlier_waits())
        values = {"claimed_until": now + lease, "attempts": deliveries.c.attempts + 1}
        with self._database.write(durable=True) as connection:
            row = connection.execute(take.values(values).returning(*deliveries.c)).one_or_none()
            return None if row is None else _delivery(row)

    def record_sent(self, delivery_id: int, *, now: datetime, receipt: str) -> None:
        """The recipient's server has taken it."""
        self._record(delivery_id, state=SENT, sent_at=now, receipt=receipt, error=None, next_attempt_at=None)

    def record_failure(
        self,
        delivery_id: int,
        *,
        now: datetime,
        error: str,
        next_attempt_at: datetime | None,
    ) -> None:
        """It could not be sent: to be tried again at `next_attempt_at`, or given up where that is None.

        What was sent meanwhile, by another process, stays sent.
        """
        state = DUE if next_attempt_at else GIVEN_UP
        self._record(delivery_id, state=state, error=error, next_attempt_at=next_attempt_at)

    def retry(self, delivery_id: int, *, now: datetime) -> Delivery:
        """Try a delivery again now, from the start. Raises `StoreError` where there is none, or it was sent."""
        deliveries = tables.deliveries
        values = {"state": DUE, "attempts": 0, "next_attempt_at": now, "claimed_until": None}
        with self._database.write(durable=True) as connection:
            row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
            if row is None:
                raise StoreError(f"There is no delivery {delivery_id}. `presswatch deliveries` lists them.")
            if row.state == SENT:
                raise StoreError(
                    f"Delivery {delivery_id} was sent on {row.sent_at:%Y-%m-%d %H:%M} UTC; it is not sent twice."
                )
            again = update(deliveries).where(deliveries.c.id == delivery_id).values(values)
            return _delivery(connection.execute(again.returning(*deliveries.c)).one())

    def deliveries(self, *, since: datetime, state: str | None = None) -> tuple[DeliveryEntry, ...]:
        """The deliveries of the editions built from `since` on, newest edition first."""
        deliveries, digests = tables.deliveries, tables.digests
        query = _entry_query().where(digests.c.built_at >= since)
        query = query.order_by(digests.c.built_at.desc(), deliveries.c.id)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        with self._database.read() as connection:
            return tuple(map(_entry, connection.execute(query)))

    def editions(self, *, name: str = "", before: int | None = None, limit: int = 50) -> tuple[EditionRow, ...]:
        """Editions of the digests, the newest first, those below the number `before`; no alerts to the operator."""
        digests, deliveries = tables.digests, tables.deliveries
        query = select(digests.c.id, digests.c.name, digests.c.edition, digests.c.subject, digests.c.built_at)
        query = query.add_columns((digests.c.text == "").label("silent"))
        # The name of what is no digest has a space, which none of digests.yaml has.
        query = query.where(digests.c.name == name) if name else query.where(~digests.c.name.contains(" "))
        if before is not None:
            query = query.where(digests.c.id < before)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(digests.c.id.desc()).limit(limit)).all()
            here = deliveries.c.digest.in_([row.id for row in rows])
            counted = select(deliveries.c.digest, deliveries.c.state, func.count()).where(here)
            counts = {
                (row[0], row[1]): row[2]
                for row in connection.execute(counted.group_by(deliveries.c.digest, deliveries.c.state))
            }
        return tuple(
            EditionRow(
                **row._mapping,
                sent=counts.get((row.id, SENT), 0),
                due=counts.get((row.id, DUE), 0),
                given_up=counts.get((row.id, GIVEN_UP), 0),
            )
            for row in rows
        )

    def deliveries_of(self, digest_id: int) -> tuple[DeliveryEntry, ...]:
        """What became of one edition's deliveries."""
        return self._entries(tables.deliveries.c.digest == digest_id)

    def delivery(self, delivery_id: int) -> DeliveryEntry | None:
        """One delivery; None where there is none of this number."""
        return next(iter(self._entries(tables.deliveries.c.id == delivery_id)), None)

    def _entries(self, here: ColumnElement[bool]) -> tuple[DeliveryEntry, ...]:
        with self._database.read() as connection:
            query = _entry_query().where(here).order_by(tables.deliveries.c.id)
            return tuple(map(_entry, connection.execute(query)))

    def _one(self, query: Select[Any]) -> Digest | None:
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _digest(connection, row)

    def _record(self, delivery_id: int, **values: Any) -> None:
        deliveries = tables.deliveries
        with self._database.write(durable=True) as connection:
            here = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state != SENT)
            connection.execute(here.values(claimed_until=None, **values))


def add_edition(
    database: Database, connection: Connection, draft: DigestDraft, recipients: Sequence[str], now: datetime
) -> tuple[Digest, bool]:
    """The edition, stored in this transaction with one delivery for each recipient, and whether it is new."""
    digests = tables.digests
    columns = ("name", "edition", "title", "since", "until", "subject", "html", "text", "event")
    values = {column: getattr(draft, column) for column in columns} | {"built_at": now}
    new = database.insert(digests).values(**values).on_conflict_do_nothing(index_elements=["name", "edition"])
    digest_id = connection.scalar(new.returning(digests.c.id))
    if digest_id is not None:
        _add_stories(connection, digest_id, draft)
        _add_deliveries(connection, digest_id, draft, recipients, now)
    query = select(digests).where(digests.c.name == draft.name, digests.c.edition == draft.edition)
    return _digest(connection, connection.execute(query).one()), digest_id is not None


def _add_stories(connection: Connection, digest_id: int, draft: DigestDraft) -> None:
    told = [(story, False) for story in draft.stories] + [(story, True) for story in draft.updated]
    rows = [
        {"digest": digest_id, "story": story, "position": n, "again": again, "state": draft.states.get(story, "")}
        for n, (story, again) in enumerate(told)
    ]
    if rows:
        connection.execute(tables.told.insert(), rows)


def _add_deliveries(
    connection: Connection, digest_id: int, draft: DigestDraft, recipients: Sequence[str], now: datetime
) -> None:
    rows = [
        {
            "digest": digest_id,
            "recipient": recipient,
            "state": DUE,
            "attempts": 0,
            "next_attempt_at": now,
            "message_id": _message_id(draft, recipient),
        }
        for recipient in dict.fromkeys(map(kept, recipients))
    ]
    if rows:
        connection.execute(tables.deliveries.insert(), rows)


def _message_id(draft: DigestDraft, recipient: str) -> str:
    """The part of a Message-ID before its @: the same for the same edition and recipient, whoever builds it."""
    hashed = hashlib.sha256(f"{draft.name}\n{draft.edition}\n{recipient}".encode()).hexdigest()
    return f"{re.sub(r'[^A-Za-z0-9-]+', '-', f'{draft.name}-{draft.edition}').strip('-')}.{hashed[:20]}"


def _ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    deliveries = tables.deliveries.c
    free = or_(deliveries.claimed_until.is_(None), deliveries.claimed_until <= now)
    return deliveries.state == DUE, deliveries.next_attempt_at <= now, free


def _earlier_waits() -> ColumnElement[bool]:
    """Whether an earlier edition of the same digest is still to be sent to the same recipient."""
    earlier, deliveries = tables.deliveries.alias(), tables.deliveries
    mine, other = tables.digests.alias(), tables.digests.alias()
    return (
        select(earlier.c.id)
        .join(other, other.c.id == earlier.c.digest)
        .join(mine, mine.c.id == deliveries.c.digest)
        .where(earlier.c.recipient == deliveries.c.recipient, earlier.c.state == DUE)
        .where(other.c.name == mine.c.name, other.c.edition < mine.c.edition)
        .correlate(deliveries)
        .exists()
    )


def _digest(connection: Connection, row: AnyRow) -> Digest:
    told = tables.told
    query = select(told.c.story, told.c.again).where(told.c.digest == row.id).order_by(told.c.position)
    stories = connection.execute(query).all()
    return Digest(
        id=row.id,
        name=row.name,
        title=row.title,
        edition=row.edition,
        built_at=row.built_at,
        since=row.since,
        until=row.until,
        subject=row.subject,
        html=row.html,
        text=row.text,
        event=row.event,
        stories=tuple(story for story, again in stories if not again),
        updated=tuple(story for story, again in stories if again),
    )


def _entry_query() -> Select[Any]:
    deliveries, digests = tables.deliveries, tables.digests
    columns = (digests.c.name, digests.c.edition, digests.c.subject)
    return select(deliveries, *columns).join(digests, digests.c.id == deliveries.c.digest)


def _entry(row: AnyRow) -> DeliveryEntry:
    return DeliveryEntry(
        delivery=_delivery(row), name=row.name, edition=row.edition, subject=row.subject, receipt=row.receipt
    )


def _delivery(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.id,
        digest_id=row.digest,
        recipient=row.recipient,
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        error=row.error,
        message_id=row.message_id,
    )
