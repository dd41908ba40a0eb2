"""What the leader hands out: for each job that is due, the pieces that workers can do side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presswatch.jobs import Job
    from presswatch.models import Source
    from presswatch.services import Services

# Batches of pages handed out in one go at most: enough for a rack of cores until the next tick.
_BATCHES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A piece of work: a job, and what of it. No two of one `key` wait, and no two of one `lock` are done at once."""

    job: str
    key: str
    lock: str
    parts: tuple[str, ...] = ()  # as `Job.run` takes them


def due(services: Services, job: Job, now: datetime, taken: Mapping[str, Collection[str]]) -> list[Order]:
    """The orders of one job that are due now and not among those `taken`, which wait or are being done: key → parts."""
    if job.name == "crawl":
        return [
            Order(job=job.name, key=f"crawl {name}", lock=lock, parts=(name,))
            for name, lock in _visits(services, now)
            if f"crawl {name}" not in taken
        ]
    if job.name == "process":
        return _batches(services, taken)
    if job.name in taken or not job.due(services, now):
        return []
    return [Order(job=job.name, key=job.name, lock=job.name)]


def _visits(services: Services, now: datetime) -> Iterable[tuple[str, str]]:
    """Each source that is due, and the lock of its hosts."""
    waiting = services.store.sources.due(services.enabled, now=now)
    locks = locks_of(services.enabled) if waiting else {}
    return [(name, locks[name]) for name in waiting]


def locks_of(sources: Sequence[Source]) -> dict[str, str]:
    """The lock of each source: the same for two that have a host in common, or that others join."""
    from crawler.hosts import host_names

    group: dict[str, set[str]] = {}
    for source in sources:
        names = set(host_names(source))
        for name in list(names):
            names |= group.get(name, set())
        for name in names:
            group[name] = names
    return {source.id: f"host {min(group[next(iter(host_names(source)))])}" for source in sources}


def _batches(services: Services, taken: Mapping[str, Collection[str]]) -> list[Order]:
    size = services.settings.process.batch
    being_judged = {int(part) for key, parts in taken.items() if key.startswith("process ") for part in parts}
    waiting = services.store.pages.waiting(limit=size * _BATCHES)
    free = [page for page in waiting if page not in being_judged]
    orders = []
    for begin in range(0, len(free), size):
        batch = free[begin : begin + size]
        name = f"process {batch[0]}"
        orders.append(Order(job="process", key=name, lock=name, parts=tuple(map(str, batch))))
    return orders
