"""`presswatch serve`, whose clock is put forward: python -m tests.soak.service FOLDER ARGUMENTS…

Everything is the service's own: its scheduler, its ticks, its children's
pipes and deadlines. A line on standard input moves its clock and wakes its
scheduler, which would otherwise sleep until its own next tick. When every tick
that this made due is over, a line on standard output says so.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_SUBMITTED,
    EVENT_SCHEDULER_STARTED,
    JobExecutionEvent,
)
from apscheduler.schedulers.background import BackgroundScheduler

from presswatch.scheduler import Service
from tests.soak.clock import Clock


class Steps:
    """Moves the clock when it is told to, and tells when the scheduler has nothing left to do."""

    def __init__(self, clock: Clock, scheduler: BackgroundScheduler, asked: int, answers: int) -> None:
        self._clock, self._scheduler, self._asked, self._answers = clock, scheduler, asked, answers
        self._changed = threading.Condition()
        self._running = self._crawled = 0
        scheduler.add_listener(self._note, EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        thread = threading.Thread(target=self._obey, name="steps", daemon=True)
        scheduler.add_listener(lambda _: thread.start(), EVENT_SCHEDULER_STARTED)

    def _note(self, event: JobExecutionEvent) -> None:
        with self._changed:
            submitted = event.code == EVENT_JOB_SUBMITTED
            self._running += 1 if submitted else -1
            self._crawled += not submitted and event.job_id == "crawl"
            self._changed.notify_all()

    def _obey(self) -> None:
        while os.read(self._asked, 1):
            with self._changed:
                before = self._crawled
            self._clock.follow()
            self._scheduler.wakeup()
            with self._changed:
                # Ticks are handed out in one go, those of the crawl among them.
                self._changed.wait_for(lambda before=before: self._crawled > before and not self._running)
            os.write(self._answers, b"\n")
        os.kill(os.getpid(), signal.SIGTERM)  # whoever moved the clock is gone


def main() -> int:
    """Serve until SIGTERM; returns the exit status."""
    folder = Path(sys.argv[1])
    sys.argv[1:] = sys.argv[2:]
    sys.executable = str(folder / "python")
    clock = Clock(folder)
    clock.start()
    # The command line takes standard input for its own.
    asked, answers = os.dup(0), os.dup(1)
    with open(os.devnull) as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    ordinary = Service._scheduler

    def scheduler(service: Service) -> BackgroundScheduler:
        made = ordinary(service)
        Steps(clock, made, asked, answers)
        return made

    Service._scheduler = scheduler  # type: ignore[method-assign]
    from presswatch.__main__ import main

    return main()


if __name__ == "__main__":
    sys.exit(main())
