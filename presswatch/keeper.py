"""Keeps one child running: started again when it dies, ended with the service.

A child that dies is started again after a pause, twice as long each time, up to
five minutes; one that was ready for a minute begins anew with a second. So a port
that is taken costs one sentence and a try now and then, and a crash by one
visitor costs the others a moment.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from presswatch.children import SAID, Children, ChildResult

log = logging.getLogger(__name__)

_FIRST, _LONGEST = 1.0, 300.0  # seconds between two starts
_SOUND = 60.0  # who was ready for so many seconds does well, whatever was before


class Keeper:
    """Runs `python ARGUMENTS…` again and again, in a thread, until it is stopped.

    `note` is told how the child does, in the form in which the sign of life keeps a
    job. The child says that it is ready with a line of JSON, {"ready": …}, which
    `on_ready` gets.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        note: Callable[..., None],
        on_ready: Callable[[str], None] = lambda _: None,
        first: float = _FIRST,
        longest: float = _LONGEST,
        sound: float = _SOUND,
    ) -> None:
        self._name, self._arguments, self._note, self._on_ready = name, list(arguments), note, on_ready
        self._first, self._longest, self._sound = first, longest, sound
        self._children = Children()
        self._stopping = threading.Event()
        self._failures = 0
        self._failing_since: str | None = None
        self._timer: threading.Timer | None = None
        self._thread = threading.Thread(target=self._keep, name=f"keep {name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the child and start it no more."""
        self._stopping.set()
        self._children.stop()
        self._thread.join(10)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            why = self._run()
            if not self._stopping.is_set():
                self._stopping.wait(self._died(why))

    def _run(self) -> str:
        """Run the child to its end; returns why it ended, in a sentence."""
        try:
            result = self._children.run(self._arguments, deadline=None, on_line=self._line)
        except Exception as error:  # no more processes, no more memory: tried again like any other death
            return f"It could not be started ({error})."
        return _why(result)

    def _line(self, line: str) -> None:
        told: Any = None
        with suppress(ValueError):
            told = json.loads(line)
        if isinstance(told, dict) and "ready" in told:
            self._on_ready(str(told["ready"]))
            self._note(running_since=_now(), ok=True, message="", at=_now(), last_success_at=_now())
            self._timer = threading.Timer(self._sound, self._does_well)
            self._timer.daemon = True
            self._timer.start()

    def _does_well(self) -> None:
        self._failures, self._failing_since = 0, None
        self._note(failures=0, failing_since=None)

    def _died(self, why: str) -> float:
        """Note a death; returns how long to wait before the next start."""
        if self._timer:
            self._timer.cancel()
        pause = min(self._longest, self._first * 2.0 ** min(self._failures, 20))
        self._failures += 1
        self._failing_since = self._failing_since or _now()
        log.error("%s ended. %s The next try is in %.0f s.", self._name.capitalize(), why, pause)
        streak = {"failures": self._failures, "failing_since": self._failing_since}
        self._note(running_since=None, ok=False, at=_now(), message=why[:300], **streak)
        return pause


def _why(result: ChildResult) -> str:
    said = [line for line in result.last_words.splitlines() if line.startswith(SAID)]
    if said:
        return said[-1].removeprefix(SAID)
    return f"Its exit status was {result.status}." if result.status >= 0 else f"Signal {-result.status} ended it."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
