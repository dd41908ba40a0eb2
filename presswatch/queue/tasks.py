"""procrastinate's application: the one task, its queues, and the way to hand out orders."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

from presswatch.errors import StoreError
from presswatch.queue.orders import Order
from presswatch.store.database import parameters, plain_address

# Visits wait for other people's sites, judging takes a core, what is told goes out in order: each has a queue of its
# own, so that none waits behind another.
CRAWL, JUDGE, TELL = "crawl", "process", "tell"
TASK = "presswatch"
# A worker renews its sign of life this often; after that long without one its jobs go to others.
HEARTBEAT, STALLED = 5.0, 30.0

Do = Callable[[str, tuple[str, ...]], Awaitable[None]]

# Their lines are for whoever mends procrastinate; what matters is said in our words.
for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def queue_of(job: str) -> str:
    return job if job in (CRAWL, JUDGE) else TELL


def application(connector: Any, do: Do | None = None) -> App:
    """The application over a connector; `do` is what a worker does with a job and its parts."""
    app = App(connector=connector)

    @app.task(name=TASK)
    async def run(job: str, parts: list[str]) -> None:
        assert do is not None
        await do(job, tuple(parts))

    return app


def worker_connector(address: str) -> PsycopgConnector:
    """For workers: a few connections, each of which ends within half a minute when the other side is gone."""
    settings = parameters("presswatch worker")
    return PsycopgConnector(conninfo=plain_address(address), kwargs=settings, min_size=1, max_size=4, timeout=15)


class Queue:
    """The queue as the leader sees it. Raises `StoreError` where it is out of reach."""

    def __init__(self, address: str) -> None:
        settings = parameters("presswatch leader")
        connector = SyncPsycopgConnector(
            conninfo=plain_address(address), kwargs=settings, min_size=0, max_size=2, timeout=15
        )
        self._app = application(connector)
        self._app.open()

    def close(self) -> None:
        self._app.close()

    def taken(self) -> dict[str, tuple[str, ...]]:
        """The orders that wait or are being done: their keys and parts."""
        return {job.queueing_lock or "": _parts(job) for job in self._jobs("todo", "doing")}

    def waiting(self) -> Mapping[str, int]:
        """How many orders wait, by queue."""
        counts = dict.fromkeys((CRAWL, JUDGE, TELL), 0)
        for job in self._jobs("todo"):
            counts[job.queue] = counts.get(job.queue, 0) + 1
        return counts

    def hand_out(self, orders: Iterable[Order]) -> int:
        """Put orders into the queue; one that another leader has put there already is passed over. Returns how many."""
        handed = 0
        for order in orders:
            configured = self._app.configure_task(
                TASK, queue=queue_of(order.job), lock=order.lock, queueing_lock=order.key
            )
            try:
                configured.defer(job=order.job, parts=list(order.parts))
                handed += 1
            except AlreadyEnqueued:
                continue
            except ConnectorException as error:
                raise _out_of_reach(error) from error
        return handed

    def _jobs(self, *states: str) -> list[QueuedJob]:
        try:
            return [job for state in states for job in self._app.job_manager.list_jobs(status=Status(state).value)]
        except ConnectorException as error:
            raise _out_of_reach(error) from error


def _parts(job: QueuedJob) -> tuple[str, ...]:
    parts = job.task_kwargs.get("parts")
    return tuple(map(str, parts)) if isinstance(parts, list) else ()


def _out_of_reach(error: Exception) -> StoreError:
    cause = error.__cause__ or error
    said = str(cause).strip().splitlines() or [type(cause).__name__]
    return StoreError(f"The queue cannot be reached: {said[0]}. It is tried again.")
