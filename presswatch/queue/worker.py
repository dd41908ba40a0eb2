"""A worker: takes orders from the queue and has each done by a child process, as the service on one machine does.

It lives in a thread with an event loop of its own. When the store is out of reach
it tries again every few seconds; what its children are doing goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from presswatch.cores import judges
from presswatch.queue.tasks import CRAWL, HEARTBEAT, JUDGE, STALLED, TELL, application, worker_connector

log = logging.getLogger(__name__)

# Visits at a time: a crawl's child makes as many, and hardly any of them takes processor time.
_VISITS = 12
# Orders for visits that come together share one child, whose start costs more than most visits.
_TOGETHER = 0.3
# Children that crawl at a time, 150 MB each with their parents. What comes while they run waits for the next, together.
_CRAWLS = 2
_AGAIN = 3.0  # seconds before the next try to reach the queue
_RESCUE_EVERY = 10.0
_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # whatever this machine's clock says

# Has a job done for some of its parts, in a child; calls back with each part that is done before the rest.
Run = Callable[[str, tuple[str, ...], Callable[[str], None]], None]


class Worker:
    """Takes orders until it is stopped. `run` does one, in a thread of its own, and raises nothing."""

    def __init__(self, address: str, run: Run) -> None:
        self._address, self._run = address, run
        self._loop = asyncio.new_event_loop()
        self._main: asyncio.Task[None] | None = None
        self._visits = _Visits(self._in_thread)
        self._threads: set[threading.Thread] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more orders, and wait for those in hand; whoever stops the service ends their children first."""
        self._stopping.set()
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(lambda: self._main and self._main.cancel())
        self._thread.join(60)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(_note_defect)
        self._main = self._loop.create_task(self._keep_on())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._main)
        self._loop.close()

    async def _keep_on(self) -> None:
        said = False
        while not self._stopping.is_set():
            try:
                await self._take_orders()
                said = False
            except asyncio.CancelledError:
                raise
            except Exception as error:
                if not said:
                    words = (str(error.__cause__ or error).strip() or type(error).__name__).splitlines()[0]
                    log.error("The queue is out of reach: %s. It is tried again every few seconds.", words)
                said = True
            await asyncio.sleep(_AGAIN)

    async def _take_orders(self) -> None:
        """Work until the queue is out of reach, or somebody cancels."""
        app = application(worker_connector(self._address), self._do)
        async with app.open_async():
            log.info("This worker takes orders.")
            sides = [
                asyncio.ensure_future(self._queue(app, CRAWL, _VISITS)),
                asyncio.ensure_future(self._queue(app, JUDGE, judges())),
                asyncio.ensure_future(self._queue(app, TELL, 2)),
                asyncio.ensure_future(_rescue_again_and_again(app)),
            ]
            try:
                done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
                for side in done:
                    side.result()
            finally:
                for side in sides:
                    side.cancel()
                await asyncio.gather(*sides, return_exceptions=True)

    async def _queue(self, app: App, name: str, at_once: int) -> None:
        await app.run_worker_async(
            queues=[name],
            name=name,
            concurrency=at_once,
            install_signal_handlers=False,
            delete_jobs="always",
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
            shutdown_graceful_timeout=40.0 if self._stopping.is_set() else 5.0,
        )

    async def _do(self, job: str, parts: tuple[str, ...]) -> None:
        if job == CRAWL:
            await asyncio.gather(*(self._visits.make(part) for part in parts))
        else:
            await self._in_thread(job, parts, lambda _: None)

    async def _in_thread(self, job: str, parts: tuple[str, ...], done: Callable[[str], None]) -> None:
        """`run` in a thread, which goes on to its end even where nobody waits for it any more."""
        ended: asyncio.Future[None] = self._loop.create_future()

        def end(_: str) -> None:
            if not ended.done():
                ended.set_result(None)

        def work() -> None:
            try:
                self._run(job, parts, lambda part: self._say(done, part))
            finally:
                self._say(end, "")

        threading.Thread(target=work, name=f"{job} order", daemon=True).start()
        await ended

    def _say(self, listener: Callable[[str], object], part: str) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(listener, part)


class _Visits:
    """Gathers orders for visits that come within a moment, and has one child make them all."""

    def __init__(self, run: Callable[..., object]) -> None:
        self._run = run
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._starting: asyncio.Task[None] | None = None
        self._going: set[asyncio.Task[None]] = set()

    async def make(self, source: str) -> None:
        """Until the source was visited, or the child that was to visit it has ended."""
        visited = self._waiting.get(source)
        if visited is None:
            visited = self._waiting[source] = asyncio.get_running_loop().create_future()
        if self._starting is None or self._starting.done():
            self._starting = asyncio.ensure_future(self._start())
        await asyncio.shield(visited)

    async def _start(self) -> None:
        await asyncio.sleep(_TOGETHER)
        while self._waiting:
            if len(self._going) >= _CRAWLS:
                await asyncio.wait(self._going, return_when=asyncio.FIRST_COMPLETED)
                continue
            going, self._waiting = self._waiting, {}
            gone = asyncio.ensure_future(self._go(going))
            self._going.add(gone)
            gone.add_done_callback(self._going.discard)

    async def _go(self, going: dict[str, asyncio.Future[None]]) -> None:
        def done(source: str) -> None:
            if source in going and not going[source].done():
                going[source].set_result(None)

        try:
            await self._run(CRAWL, tuple(going), done)  # type: ignore[misc]
        finally:
            for source in going:
                done(source)


def _note_defect(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody waits for. An order that could not be ended is no defect: others have it, or the store is away."""
    if isinstance(context.get("exception"), ConnectorException | asyncio.CancelledError):
        log.debug("%s", context.get("message"))
    else:
        loop.default_exception_handler(context)


async def _rescue_again_and_again(app: App) -> None:
    while True:
        await rescue(app)
        await asyncio.sleep(_RESCUE_EVERY)


async def rescue(app: App) -> int:
    """Give the orders of workers that gave no sign of life for a while to others; returns how many."""
    manager, rescued = app.job_manager, 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        try:
            await manager.retry_job(job, retry_at=_AT_ONCE)
            rescued += 1
            log.warning("The worker that had %s gave no sign for %d s; others take it.", job.queueing_lock, STALLED)
        except ConnectorException:
            # Another worker was quicker, or the same was handed out anew: then this one has nothing left to do.
            with suppress(ConnectorException):
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
    await manager.prune_stalled_workers(2 * STALLED)
    return rescued
