"""The outbox: what is due is sent, each receipt recorded, and what fails tried again until it is given up.

A delivery is claimed before it is sent, so that no two processes send the same,
and an edition waits for the earlier ones to its recipient. One recipient that
fails holds up nobody else.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from presswatch import recipients
from presswatch.digests.mail import ServerUnavailable
from presswatch.digests.send import Channels, send
from presswatch.errors import DeliveryError, StoreError
from presswatch.models import Delivery, Digest
from presswatch.store import Store
from presswatch.store.digests import LEASE

_LOG = logging.getLogger(__name__)

_FIRST = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_THEN = timedelta(hours=4)
_GIVE_UP = timedelta(days=3)
# The first five attempts end after 81 minutes; then one every four hours until three days have passed.
ATTEMPTS = len(_FIRST) + 1 + int((_GIVE_UP - sum(_FIRST, timedelta())) / _THEN) + 1
# Seconds for which nobody else takes a claimed delivery, with a minute to spare; and between two notes of its receipt.
_MINE, _PAUSE = LEASE.total_seconds() - 60, 5.0
_JITTER = 0.1  # of an interval, either way: so that many do not knock at once


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What became of the deliveries that were due."""

    sent: int = 0
    failed: int = 0  # to be tried again
    given_up: int = 0


def deliver_due(
    store: Store,
    channels: Channels,
    *,
    clock: Callable[[], datetime],
    jitter: Callable[[], float] = random.random,
    ending: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Send everything that is due, in the order of the editions, and record what became of each.

    `clock` gives the time of each record; `jitter` a number from 0 to 1. Where
    `ending` says so, what is in hand gets its receipt, and the rest stays due.
    """
    sent = failed = given_up = 0
    unavailable: ServerUnavailable | None = None
    for due in store.digests.due_deliveries(clock()):
        if ending():
            break
        taken = time.monotonic()
        delivery = store.digests.claim(due.id, now=clock())
        if delivery is None:  # another process has it, or an earlier edition is still to come
            continue
        try:
            address = channels.address(delivery.recipient)
            if unavailable and recipients.is_mail(address):
                raise unavailable  # the server was tried a moment ago; a timeout a recipient would take hours
            receipt = _attempt(store, delivery, address, channels)
        except DeliveryError as error:
            if isinstance(error, ServerUnavailable):
                unavailable = error
            if _record_failure(store, delivery, error, clock(), jitter()):
                failed += 1
            else:
                given_up += 1
            continue
        _record_sent(store, delivery, receipt, clock, until=taken + _MINE)
        _LOG.info(
            "Sent delivery %d to %s.",
            delivery.id,
            recipients.shown(delivery.recipient),
            extra={"delivery": delivery.id},
        )
        sent += 1
    return DeliveryReport(sent=sent, failed=failed, given_up=given_up)


def _record_sent(
    store: Store, delivery: Delivery, receipt: str, clock: Callable[[], datetime], *, until: float
) -> None:
    """Note the receipt. Where the store is elsewhere and out of reach, go on trying while nobody else may send it."""
    while True:
        try:
            store.digests.record_sent(delivery.id, now=clock(), receipt=receipt)
        except StoreError as error:
            if not store.shared or time.monotonic() + _PAUSE >= until:
                raise
            _LOG.warning("The receipt of delivery %d is noted later: %s", delivery.id, error)
            time.sleep(_PAUSE)
        else:
            return


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime | None:
    """When to try again after this many attempts; None where it is time to give up. `jitter` is from 0 to 1."""
    if attempts >= ATTEMPTS:
        return None
    interval = _FIRST[attempts - 1] if attempts <= len(_FIRST) else _THEN
    return now + interval * (1 + _JITTER * (2 * jitter - 1))


def _attempt(store: Store, delivery: Delivery, address: str, channels: Channels) -> str:
    """The receipt; whatever goes wrong comes out as a `DeliveryError`, so that it is recorded and the rest go on."""
    digest: Digest | None = store.digests.get(delivery.digest_id)
    if digest is None:
        raise DeliveryError("The edition is no longer in the store.", permanent=True)
    return hand_over(digest, address, channels, message_id=delivery.message_id)


def hand_over(digest: Digest, address: str, channels: Channels, *, message_id: str = "") -> str:
    """`send`, of which every defect is a `DeliveryError` as well."""
    try:
        return send(digest, address, channels, message_id=message_id)
    except DeliveryError:
        raise
    except Exception as error:
        # A defect, in this program or in a channel's library. Its words may hold an address with a secret.
        raise DeliveryError(
            f"Sending failed unexpectedly ({type(error).__name__}). This is a defect; report it."
        ) from None


def _record_failure(store: Store, delivery: Delivery, error: DeliveryError, now: datetime, jitter: float) -> bool:
    """Whether it will be tried again."""
    again = None if error.permanent else next_attempt(delivery.attempts, now, jitter)
    store.digests.record_failure(delivery.id, now=now, error=str(error), next_attempt_at=again)
    shown, known = recipients.shown(delivery.recipient), {"delivery": delivery.id}
    if again:
        _LOG.warning(
            "Delivery %d to %s failed, next try %s: %s", delivery.id, shown, f"{again:%d %b %H:%M}", error, extra=known
        )
    else:
        _LOG.error(
            "Delivery %d to %s was given up after %d attempts: %s Try again with: presswatch deliveries --retry %d",
            delivery.id, shown, delivery.attempts, error, delivery.id, extra=known,
        )  # fmt: skip
    return again is not None
