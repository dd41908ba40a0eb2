"""A service's part in what several share on one store, by its role: to lead, to work, to be seen by the others."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from presswatch.errors import StoreError
from presswatch.monitoring import status
from presswatch.queue import orders
from presswatch.queue.leader import Leader
from presswatch.queue.tasks import Queue
from presswatch.queue.worker import Worker

if TYPE_CHECKING:
    from presswatch.jobs import Job
    from presswatch.queue.worker import Run
    from presswatch.services import Services

log = logging.getLogger(__name__)


class Sharing:
    """Stands for election where the role schedules, takes orders where it works; `run` does one."""

    def __init__(self, services: Services, role: str, run: Run) -> None:
        address = services.settings.database_url
        self._role = role
        schedules, works = role in ("all", "scheduler"), role in ("all", "worker")
        self._leader = Leader(address) if schedules else None
        self._queue = Queue(address) if schedules else None
        self._worker = Worker(address, run) if works else None
        for started in (self._leader, self._worker):
            if started:
                started.start()

    @property
    def schedules(self) -> bool:
        return self._leader is not None

    def hand_out(self, services: Services, job: Job) -> None:
        """Where this service leads, put what is due of a job into the queue. Raises `StoreError`."""
        if not self._leader or not self._queue or not self._leader.leads():
            return
        due = orders.due(services, job, services.store.clock()(), self._queue.taken())
        if due and self._leader.leads():
            handed = self._queue.hand_out(due)
            log.debug("Handed out %d of the %s job.", handed, job.name, extra={"job": job.name})

    def tell(self, services: Services, started_at: datetime, jobs: Mapping[str, Mapping[str, Any]]) -> None:
        """Leave the sign of life in the store as well, where the other machines' commands and alerts see it."""
        told = status.signed(started_at, jobs, datetime.now(UTC))
        try:
            services.store.machines.renew(services.settings.machine, self._role, told, services.store.clock()())
        except StoreError as error:
            log.warning("The sign of life cannot be stored. %s", error)

    def step_back(self) -> None:
        """Let another one lead; what is in hand goes on."""
        if self._leader:
            self._leader.stop()

    def stop(self, services: Services) -> None:
        """Take no more orders; the children of those in hand have ended."""
        if self._worker:
            self._worker.stop()
        if self._queue:
            self._queue.close()
        try:
            services.store.machines.leave(services.settings.machine)
        except StoreError as error:
            log.warning("The others are not told that this service ended. %s", error)
