"""The service: APScheduler ticks that look whether something is due, and children that do it.

It holds no knowledge. What is due is the store's answer, so a restart loses and
doubles nothing; the work is done by `presswatch job NAME` in a child process
with a deadline, so this process stays small for years.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from presswatch import jobs, status
from presswatch.children import Children
from presswatch.errors import PresswatchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from presswatch.services import Services

log = logging.getLogger(__name__)


@dataclass
class Service:
    """Runs until it is told to end. `load` reads the configuration, at the start and again on SIGHUP."""

    load: Callable[[], Services]
    arguments: tuple[str, ...]  # --config, --data and --log-format, handed on to every child

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit status."""
        self._services = self.load()
        self._children = Children()
        self._reload = threading.Event()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._started_at = datetime.now(UTC)
        self._last: dict[str, dict[str, Any]] = {}
        with self._services.store.lock("serve", "Another presswatch service"):
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_end)
            signal.signal(signal.SIGHUP, self._on_reload)
            scheduler = self._scheduler()
            scheduler.start()
            _notify("READY=1")
            log.info("presswatch is running: %d sources, data in %s", *self._facts())
            try:
                self._wait(scheduler)
            finally:
                self._stop(scheduler)
        return 0

    def _facts(self) -> tuple[int, str]:
        return len(self._services.enabled), str(self._services.settings.data_dir)

    def _scheduler(self) -> BackgroundScheduler:
        # The default grace of one second would drop every tick that comes late, after sleep or under load.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        pool = {"default": ThreadPoolExecutor(len(jobs.JOBS) + 1)}
        scheduler = BackgroundScheduler(executors=pool, job_defaults=defaults, timezone=UTC)
        for number, job in enumerate(jobs.JOBS.values()):
            interval = getattr(self._services.settings.schedule, job.name)
            # Half a second apart, so that the first ticks do not all open the store at once.
            first = datetime.fromtimestamp(time.time() + 0.5 * number, UTC)
            scheduler.add_job(
                self._tick, "interval", seconds=interval.total_seconds(), args=[job], id=job.name, next_run_time=first
            )
        beat = status.RENEWED_EVERY.total_seconds()
        scheduler.add_job(self._beat, "interval", seconds=beat, id="beat", next_run_time=datetime.now(UTC))
        return scheduler

    def _beat(self) -> None:
        try:
            status.renew(self._services.settings.data_dir, self._started_at, dict(self._last), datetime.now(UTC))
        except OSError as error:
            log.error("The sign of life cannot be written (%s). Look at the disk and the rights.", error)

    def _tick(self, job: jobs.Job) -> None:
        """Run one job in a child if it is due. Nothing that goes wrong here may end the ticking."""
        if self._ending.is_set():
            return
        started = time.monotonic()
        try:
            if not job.due(self._services, datetime.now(UTC)):
                return
            deadline = job.deadline(self._services.settings)
            result = self._children.run(["-m", "presswatch", *self.arguments, "job", job.name], deadline=deadline)
        except Exception as error:
            self._failed(job, error)
            return
        seconds = round(time.monotonic() - started, 1)
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        self._last[job.name] = {"at": ended, "seconds": seconds, "ok": result.status == 0 and not result.overran}
        extra = {"job": job.name, "seconds": seconds}
        if result.overran:
            log.error("The %s job was ended: it took longer than %s.", job.name, deadline, extra=extra)
        elif result.status not in (0, 1) and not self._ending.is_set():
            log.error("The %s job ended with status %d.", job.name, result.status, extra=extra)

    def _failed(self, job: jobs.Job, error: Exception) -> None:
        if self._ending.is_set():
            return
        self._last[job.name] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "ok": False}
        if isinstance(error, PresswatchError):
            log.error("%s", error, extra={"job": job.name})
        else:
            log.error("The %s job could not be run.", job.name, extra={"job": job.name}, exc_info=error)

    def _on_end(self, *_: object) -> None:
        self._ending.set()
        self._wake.set()

    def _on_reload(self, *_: object) -> None:
        self._reload.set()
        self._wake.set()

    def _wait(self, scheduler: BackgroundScheduler) -> None:
        while not self._ending.is_set():
            self._wake.wait()
            self._wake.clear()
            if self._reload.is_set():
                self._reload.clear()
                self._read_again(scheduler)

    def _read_again(self, scheduler: BackgroundScheduler) -> None:
        """Take up a changed configuration; a mistake in it is said, and the old one goes on."""
        _notify("RELOADING=1")
        try:
            fresh = self.load()
            for job in jobs.JOBS.values():
                seconds = getattr(fresh.settings.schedule, job.name).total_seconds()
                scheduler.reschedule_job(job.name, trigger="interval", seconds=seconds)
            # The store stays open: running ticks hold it, and its address cannot change under a lock.
            fresh.__dict__["store"] = self._services.store
            self._services = fresh
            log.info("The configuration was read again: %d sources, data in %s", *self._facts())
        except PresswatchError as error:
            log.error("The configuration was not taken up; the old one goes on. %s", error)
        _notify("READY=1")

    def _stop(self, scheduler: BackgroundScheduler) -> None:
        _notify("STOPPING=1")
        log.info("presswatch is ending.")
        self._ending.set()
        self._children.stop()
        scheduler.shutdown(wait=True)
        self._services.close()


def _notify(state: str) -> None:
    """Tell systemd, where it started us with Type=notify (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix:
        unix.connect("\0" + address[1:] if address.startswith("@") else address)
        unix.send(state.encode())
