"""Who schedules: of all services that may, the one that holds an advisory lock of the store's server.

The lock belongs to a connection of its own. The server ends a connection whose
machine died or was cut off within 20 seconds, and those who wait ask every few
seconds, so another one takes over within 30. A leader that could not speak to the
server for 15 seconds no longer believes that it is one. For a moment there may
still be two: what they hand out is the same, and waits in the queue only once.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

import psycopg

from presswatch.store.database import lock_number, parameters, plain_address

log = logging.getLogger(__name__)

_EVERY = 3.0  # seconds between two looks
_BELIEVES = 15.0  # seconds after the last answer of the server; less than the server waits before it ends a connection
_SLOWEST = 8_000  # milliseconds that the server may take for an answer


class Leader:
    """Stands for election in a thread until it is stopped."""

    def __init__(self, address: str) -> None:
        self._address = plain_address(address)
        self._until = 0.0
        self._ending = threading.Event()
        self._connection: psycopg.Connection | None = None
        self._thread = threading.Thread(target=self._stand, name="leader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leads(self) -> bool:
        """Whether this one is to schedule, now."""
        return time.monotonic() < self._until

    def stop(self) -> None:
        """Step back; another one may lead at once."""
        self._ending.set()
        self._thread.join(15)

    def _stand(self) -> None:
        led = False
        while not self._ending.is_set():
            asked = time.monotonic()
            holds = self._holds()
            self._until = asked + _BELIEVES if holds else 0.0
            if holds != led:
                log.info("This service schedules from now on." if holds else "This service schedules no longer.")
            led = holds
            self._ending.wait(_EVERY)
        self._until = 0.0
        self._close()

    def _holds(self) -> bool:
        """Whether the lock is ours; the connection is made anew where it was lost."""
        try:
            if self._connection is None or self._connection.closed:
                settings = parameters("presswatch leader") | {"connect_timeout": 5}
                settings["options"] += f" -c statement_timeout={_SLOWEST}"
                self._connection = psycopg.connect(self._address, autocommit=True, **settings)
                self._locked = False
            if self._locked:
                self._connection.execute("SELECT 1")
            else:
                row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (lock_number("leader"),)).fetchone()
                self._locked = bool(row and row[0])
        except psycopg.Error as error:
            if self._until:
                log.warning("The store is out of reach for the scheduler: %s", str(error).strip().splitlines()[0])
            self._close()
            return False
        return self._locked

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
