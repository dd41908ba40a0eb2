"""Who schedules: of all services that may, the one that holds an advisory lock of the store's server.

The lock belongs to a connection of its own. The server ends the connection of a
leader that died or was cut off within 15 seconds, and those who wait ask every two
seconds, so another one takes over well within 30. A leader that could not speak to
the server for 10 seconds no longer believes that it is one. For a moment there may
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

_EVERY = 2.0  # seconds between two looks
_BELIEVES = 10.0  # seconds after the last answer of the server; less than the server waits before it ends a connection
_SLOWEST = 6_000  # milliseconds that the server may take for an answer
# How soon the server ends the connection of a leader that is gone: sooner than others', since all wait for it.
_SERVER = "tcp_keepalives_idle=4 tcp_keepalives_interval=3 tcp_keepalives_count=3 tcp_user_timeout=12000"
_SILENT = 12.0  # seconds without a question of the leader's, after which another one has its connection ended
_END_A_SILENT_LEADER = """
    SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pg_locks.database = pg_stat_activity.datid
    AND datname = current_database() AND (classid::bigint << 32 | objid::bigint) = %(number)s::bigint
    AND clock_timestamp() - state_change > %(silent)s * interval '1 second'
"""


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
                settings["options"] += "".join(
                    f" -c {set_}" for set_ in (*_SERVER.split(), f"statement_timeout={_SLOWEST}")
                )
                settings |= {"tcp_user_timeout": 8_000}
                self._connection = psycopg.connect(self._address, autocommit=True, **settings)
                self._locked = False
            if self._locked:
                self._connection.execute("SELECT 1")
            else:
                self._locked = self._try()
        except psycopg.Error as error:
            if self._until:
                log.warning("The store is out of reach for the scheduler: %s", str(error).strip().splitlines()[0])
            self._close()
            return False
        return self._locked

    def _try(self) -> bool:
        assert self._connection
        number = lock_number("leader")
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
        if row and row[0]:
            return True
        # Whoever holds it asks something every two seconds. One that fell silent is gone, whatever its connection says.
        self._connection.execute(_END_A_SILENT_LEADER, {"number": number, "silent": _SILENT})
        return False

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
