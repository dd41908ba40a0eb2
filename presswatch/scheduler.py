"""The service: APScheduler ticks that look whether something is due, and children that do it.

It holds no knowledge. What is due is the store's answer, so a restart loses and
doubles nothing; the work is done by `presswatch job NAME` in a child process
with a deadline, so this process stays small for years. On PostgreSQL the ticks of
the service that leads hand out orders, and every worker does them the same way.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from presswatch import jobs
from presswatch.children import SAID, Children, ChildResult
from presswatch.errors import ConfigError, PresswatchError, UsageError
from presswatch.memory import give_gaps_back, share_one_heap
from presswatch.monitoring import status

if TYPE_CHECKING:
    from collections.abc import Callable

    from presswatch.keeper import Keeper
    from presswatch.monitoring.port import Monitor
    from presswatch.queue.sharing import Sharing
    from presswatch.services import Services

log = logging.getLogger(__name__)

# How often the clock is looked at. Set back by more than the least, it would keep APScheduler waiting for the old time
# to come again; smaller steps only make a tick late.
_LOOK_AT_CLOCK = timedelta(seconds=10)
_LEAST_SET_BACK = timedelta(seconds=2)
_TIDIED_EVERY = timedelta(hours=1)  # ticks leave gaps of a few kB each; filled again, they would be 2 MB in a month
# What a job makes for another to do; with each waiting for its own tick, news would lie half a minute at every step.
_THEN = {"crawl": "process", "process": "digest", "digest": "deliver"}
# For a look at the whole configuration, and once after an upgrade the lists of a large store: 100,000 articles take a
# minute, on a machine that is busy with other things several.
_READY = timedelta(hours=1)


@dataclass
class Service:
    """Runs until it is told to end. `load` reads the configuration, at the start and again on SIGHUP."""

    load: Callable[[], Services]
    arguments: tuple[str, ...]  # --config, --data and --log-format, handed on to every child
    role: str = "all"  # or one of "scheduler", "worker", "web"

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit status."""
        share_one_heap()
        self._services = self.load()
        self._children = Children(forked=self._services.settings.schedule.forked)
        self._reload = threading.Event()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._started_at = self._tidied_at = datetime.now(UTC)
        self._last: dict[str, dict[str, Any]] = {}
        self._sharing: Sharing | None = None
        self._refuse_what_sqlite_cannot()
        with self._services.store.lock("serve", "Another presswatch service", here=True):
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_end)
            signal.signal(signal.SIGHUP, self._on_reload)
            self._monitor = self._watched()
            self._web = self._pages()
            if self._services.store.shared:
                from presswatch.queue.sharing import Sharing

                self._sharing = Sharing(self._services, self.role, self._do)
            self._ticks = scheduler = self._scheduler()
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

    def _refuse_what_sqlite_cannot(self) -> None:
        if self.role in ("scheduler", "worker") and not self._services.store.shared:
            raise UsageError(
                f"--role {self.role} shares the work with other services, which takes PostgreSQL. Set"
                " PRESSWATCH_DATABASE_URL, or run `presswatch serve`, which does all of it."
            )

    def _scheduler(self) -> BackgroundScheduler:
        # The default grace of one second would drop every tick that comes late, after sleep or under load.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        pool = {"default": ThreadPoolExecutor(len(jobs.JOBS) + 1)}
        scheduler = BackgroundScheduler(executors=pool, job_defaults=defaults, timezone=UTC)
        schedules = self._sharing.schedules if self._sharing else self.role == "all"
        for number, job in enumerate(jobs.JOBS.values() if schedules else ()):
            interval = getattr(self._services.settings.schedule, job.name)
            # Half a second apart, so that the first ticks do not all open the store at once.
            first = datetime.fromtimestamp(time.time() + 0.5 * number, UTC)
            scheduler.add_job(
                self._tick, "interval", seconds=interval.total_seconds(), args=[job], id=job.name, next_run_time=first
            )
        beat = status.RENEWED_EVERY.total_seconds()
        scheduler.add_job(self._beat, "interval", seconds=beat, id="beat", next_run_time=datetime.now(UTC))
        return scheduler

    def _watched(self) -> Monitor | None:
        """The port that others look at, where there is to be one."""
        chosen = self._services.settings.monitoring
        if not chosen.port:
            return None
        from presswatch.monitoring import overview
        from presswatch.monitoring.port import Monitor

        monitor = Monitor(chosen.host, chosen.port, lambda: overview.take(self._services, datetime.now(UTC)))
        log.info("/healthz and /metrics are on http://%s:%d", chosen.host, monitor.port)
        return monitor

    def _pages(self) -> Keeper | None:
        """The pages, where they are to be served: a child of their own, since they weigh as much as all of this."""
        web = self._services.settings.web
        if not web.enabled or self.role not in ("all", "web"):
            self._last.pop(status.PAGES, None)
            return None
        from presswatch.keeper import Keeper

        where = ("--host", web.host, "--port", str(web.port))
        return Keeper(
            "the web pages",
            ["-m", "presswatch", *self.arguments, "web", *where, "--announce"],
            note=lambda **told: self._note(status.PAGES, **told),
            on_ready=lambda where: log.info("The pages are on %s", where),
        )

    def _beat(self) -> None:
        now = datetime.now(UTC)
        if abs(now - self._tidied_at) >= _TIDIED_EVERY:
            self._tidied_at = now
            give_gaps_back()
        try:
            status.renew(self._services.settings.data_dir, self._started_at, dict(self._last), now)
        except OSError as error:
            log.error("The sign of life cannot be written (%s). Look at the disk and the rights.", error)
        if self._sharing:
            self._sharing.tell(self._services, self._started_at, dict(self._last))

    def _tick(self, job: jobs.Job) -> None:
        """Run one job in a child if it is due, or hand it out. Nothing that goes wrong here may end the ticking."""
        if self._ending.is_set():
            return
        try:
            if self._sharing:
                self._sharing.hand_out(self._services, job)
                return
            if not job.due(self._services, datetime.now(UTC)):
                return
        except Exception as error:
            self._failed(job, error)
            return
        self._do(job.name)
        self._go_on(_THEN.get(job.name, ""))

    def _go_on(self, name: str) -> None:
        """Look now whether that job has something to do, unless it is at it."""
        if self._ending.is_set() or self._last.get(name, {}).get("running_since"):
            return
        with suppress(JobLookupError):
            self._ticks.modify_job(name, next_run_time=datetime.now(UTC))

    def _do(self, name: str, parts: tuple[str, ...] = (), done: Callable[[str], None] = lambda _: None) -> None:
        """Do a job, or these parts of it, in a child; `done` is told of parts that are done before the rest."""
        job = jobs.JOBS[name]
        started = time.monotonic()

        def on_line(line: str) -> None:
            with suppress(ValueError, KeyError, TypeError):
                done(json.loads(line)["done"])

        try:
            deadline = job.deadline(self._services.settings)
            self._note(job.name, running_since=_now())
            command = ["-m", "presswatch", *self.arguments, "job", job.name]
            command += [word for part in parts for word in ("--part", part)]
            result = self._children.run(command, deadline=deadline, on_line=on_line, gives_way=True)
        except Exception as error:
            self._failed(job, error)
            return
        seconds = round(time.monotonic() - started, 1)
        self._ended(job, result, seconds, deadline)
        extra = {"job": job.name, "seconds": seconds}
        if result.overran:
            log.error("The %s job was ended: it took longer than %s.", job.name, deadline, extra=extra)
        elif result.status not in (0, 1) and not self._ending.is_set():
            log.error("The %s job ended with status %d.", job.name, result.status, extra=extra)

    def _failed(self, job: jobs.Job, error: Exception) -> None:
        if self._ending.is_set():
            return
        self._note(job.name, at=_now(), running_since=None, **self._failures(job, str(error)))
        if isinstance(error, PresswatchError):
            log.error("%s", error, extra={"job": job.name})
        else:
            log.error("The %s job could not be run.", job.name, extra={"job": job.name}, exc_info=error)

    def _ended(self, job: jobs.Job, result: ChildResult, seconds: float, deadline: timedelta) -> None:
        now, ok = _now(), result.status == 0 and not result.overran
        self._note(job.name, at=now, seconds=seconds, running_since=None)
        if ok:
            self._note(job.name, ok=True, failures=0, failing_since=None, message="", last_success_at=now)
        else:
            said = result.last_words.splitlines()[-1] if result.last_words else f"It ended with status {result.status}."
            why = f"It took longer than {deadline} and was ended." if result.overran else said
            self._note(job.name, **self._failures(job, why))

    def _failures(self, job: jobs.Job, why: str) -> dict[str, Any]:
        before = self._last.get(job.name, {})
        since = before.get("failing_since") or _now()
        return {"ok": False, "failures": before.get("failures", 0) + 1, "failing_since": since, "message": why[:300]}

    def _note(self, name: str, **told: Any) -> None:
        """Keep what the sign of life tells of a job; replaced whole, since another thread may be reading it."""
        self._last[name] = {**self._last.get(name, {}), **told}

    def _on_end(self, *_: object) -> None:
        self._ending.set()
        self._wake.set()

    def _on_reload(self, *_: object) -> None:
        self._reload.set()
        self._wake.set()

    def _wait(self, scheduler: BackgroundScheduler) -> None:
        lead = _lead()
        while not self._ending.is_set():
            self._wake.wait(_LOOK_AT_CLOCK.total_seconds())
            self._wake.clear()
            before, lead = lead, _lead()
            if before - lead > _LEAST_SET_BACK:
                self._start_over(scheduler, before - lead)
            if self._reload.is_set():
                self._reload.clear()
                self._read_again(scheduler)

    def _start_over(self, scheduler: BackgroundScheduler, by: timedelta) -> None:
        """Tick now, and from now on: the times that were planned are as far away as the clock was set back."""
        log.warning("The clock was set back by %s; everything ticks on from now.", by)
        for job in scheduler.get_jobs():
            scheduler.modify_job(job.id, next_run_time=datetime.now(UTC))

    def _read_again(self, scheduler: BackgroundScheduler) -> None:
        """Take up a changed configuration; a mistake in it is said, and the old one goes on."""
        _notify("RELOADING=1")
        try:
            fresh = self.load()
            for job in (job for job in jobs.JOBS.values() if scheduler.get_job(job.name)):
                seconds = getattr(fresh.settings.schedule, job.name).total_seconds()
                scheduler.reschedule_job(job.name, trigger="interval", seconds=seconds)
            # The store stays open: running ticks hold it, and its address cannot change under a lock.
            fresh.__dict__["store"] = self._services.store
            watched = self._services.settings.monitoring
            self._services = fresh
            if (watched.host, watched.port) != (fresh.settings.monitoring.host, fresh.settings.monitoring.port):
                if self._monitor:
                    self._monitor.stop()
                self._monitor = None
                self._monitor = self._watched()
            if self._web:
                self._web.stop()
            self._web = self._pages()  # it reads the configuration by itself when it starts
            log.info("The configuration was read again: %d sources, data in %s", *self._facts())
        except PresswatchError as error:
            log.error("The configuration was not taken up; the old one goes on. %s", error)
        _notify("READY=1")

    def _stop(self, scheduler: BackgroundScheduler) -> None:
        _notify("STOPPING=1")
        log.info("presswatch is ending.")
        self._ending.set()
        if self._web:
            self._web.stop()
        if self._sharing:
            self._sharing.step_back()
        self._children.stop()
        if self._sharing:
            self._sharing.stop(self._services)
        if self._monitor:
            self._monitor.stop()
        scheduler.shutdown(wait=True)
        self._services.close()


def make_ready(arguments: tuple[str, ...]) -> None:
    """Read the whole configuration and bring the store up to date, in a child: the names alone take 20 MB for good.

    Raises `ConfigError`, or another `PresswatchError`, with what the child said.
    """
    # What it says of its progress is passed on; what it ends with is raised.
    result = Children().run(
        ["-m", "presswatch", *arguments, "ready"], deadline=_READY, aloud=lambda line: not line.startswith(SAID)
    )
    if result.overran:
        raise PresswatchError(f"Reading the configuration took longer than {_READY}. Look at the disk and the store.")
    if result.status:
        lines = result.last_words.splitlines() or [f"Reading the configuration ended with status {result.status}."]
        said = lines[-1].removeprefix(SAID)
        raise (ConfigError if result.status == ConfigError.exit_status else PresswatchError)(said)


def _lead() -> timedelta:
    """How far the clock is ahead of the time that only goes forward."""
    return timedelta(seconds=datetime.now(UTC).timestamp() - time.monotonic())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _notify(state: str) -> None:
    """Tell systemd, where it started us with Type=notify (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix:
        unix.connect("\0" + address[1:] if address.startswith("@") else address)
        unix.send(state.encode())
