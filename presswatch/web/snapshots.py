"""Values that take longer than a page may, made beside the pages and at most a minute old."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

_Value = TypeVar("_Value")
MAX_AGE = 60.0  # seconds


class Snapshot(Generic[_Value]):
    """The latest value of `make`. Only the first who asks waits; later ones get the last while the next is made."""

    def __init__(self, make: Callable[[], _Value], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._make, self._clock = make, clock
        self._first, self._turn = threading.Lock(), threading.Lock()
        self._value: tuple[_Value, float] | None = None

    def get(self) -> _Value:
        """The value, and a fresher one for whoever asks next where this one is old."""
        held = self._value
        if held is None:
            with self._first:
                held = self._value = self._value or (self._make(), self._clock())
        elif self._clock() - held[1] > MAX_AGE and self._turn.acquire(blocking=False):
            threading.Thread(target=self._renew, name="snapshot", daemon=True).start()
        return held[0]

    def _renew(self) -> None:
        try:
            self._value = (self._make(), self._clock())
        except Exception:
            # The store may be busy or away; whoever asks gets the last value, and the next one tries again.
            log.exception("A chart could not be brought up to date.")
        finally:
            self._turn.release()
