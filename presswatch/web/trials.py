"""What takes longer than a page may: done aside, and looked at when it is done.

A trial is a child process with a deadline, watched by a thread of its own, so
that it holds up nobody. Two run at a time, the last few are kept for a while,
and nothing of them outlives the server.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from presswatch.errors import PresswatchError, UsageError

log = logging.getLogger(__name__)

_AT_ONCE = 2  # each may take 400 MB and a core
_KEPT = 20


@dataclass(slots=True)
class Trial:
    """Something that was asked for, and what came of it."""

    id: str
    what: str
    begun_at: datetime
    done: bool = False
    result: Any = None
    error: str = ""
    asked: tuple[str, ...] = ()  # what its form held, to go on from


class Trials:
    """The trials of this server."""

    def __init__(self) -> None:
        self._trials: OrderedDict[str, Trial] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, what: str, work: Callable[[], Any], now: datetime) -> Trial:
        """Start `work` aside; raises `UsageError` where enough is being tried already."""
        with self._lock:
            if sum(not trial.done for trial in self._trials.values()) >= _AT_ONCE:
                raise UsageError("Two things are being tried already. Wait until one of them is done, then try again.")
            trial = Trial(id=secrets.token_urlsafe(12), what=what, begun_at=now)
            self._trials[trial.id] = trial
            while len(self._trials) > _KEPT:
                done = next(key for key, one in self._trials.items() if one.done)
                del self._trials[done]
        threading.Thread(target=_do, args=(trial, work), name=f"trial {what}", daemon=True).start()
        return trial

    def get(self, trial_id: str) -> Trial | None:
        """The trial of this name, as far as it is done."""
        with self._lock:
            return self._trials.get(trial_id)


def _do(trial: Trial, work: Callable[[], Any]) -> None:
    try:
        trial.result = work()
    except PresswatchError as error:
        trial.error = str(error)
    except Exception as error:
        log.error("What was tried failed.", exc_info=error)
        trial.error = "This failed; the log says why."
    finally:
        trial.done = True
