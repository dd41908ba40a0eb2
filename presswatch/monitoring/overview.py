"""Everything that tells how the service does, at one moment: for `presswatch status`, /healthz and /metrics."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presswatch import __version__
from presswatch.errors import PresswatchError
from presswatch.monitoring import alerting, conditions, status

if TYPE_CHECKING:
    from presswatch.models import SourceHealth
    from presswatch.monitoring.conditions import Condition
    from presswatch.monitoring.status import Status
    from presswatch.services import Services
    from presswatch.store.records import Counts, Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """A digest's last edition, and when the next is due."""

    name: str
    last: str | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The service as an observer sees it. `counts` is None where there is no store yet, or it cannot be read."""

    at: datetime
    sign: Status
    problems: tuple[str, ...]  # why somebody should look at the machine, in sentences; empty where the service is well
    version: str
    python: str
    data_dir: Path
    disk_free: int
    archive_files: int
    archive_bytes: int
    jobs: Mapping[str, Mapping[str, Any]]
    sources: tuple[SourceHealth, ...] = ()
    due: tuple[str, ...] = ()  # sources that are to be visited now
    feeds_alone: tuple[str, ...] = ()  # sources through which no weekly look can go
    editions: tuple[Editions, ...] = ()
    troubles: tuple[Condition, ...] = ()  # what the operator is told of, sources included
    counts: Counts | None = None
    machines: tuple[Machine, ...] = ()  # every service on this store, where several share one

    @property
    def well(self) -> bool:
        """Whether the service itself does its work; a site that fails is not its fault."""
        return not self.problems


def take(services: Services, now: datetime) -> Overview:
    """Look at everything once. Nothing is made where nothing is yet; a store that fails is one of the problems."""
    settings = services.settings
    sign = status.read(settings.data_dir, now)
    jobs = sign.told.get("jobs", {})
    free = alerting.free_bytes(services)
    problems = [] if sign.alive else [sign.message]
    found: dict[str, Any] = {}
    if sign.told or _is_there(services):
        try:
            found = _stored(services, now)
        except PresswatchError as error:
            problems.append(str(error))
    own = found.get("troubles", ())
    if not found:
        own = conditions.of_disk(free, str(settings.data_dir), now=now)
    problems += [f"{c.name}: {c.message}" for c in own if c.subject.startswith(("job:", "disk"))]
    files = [path.stat() for path in settings.archive_dir.glob("*") if path.is_file()]
    return Overview(
        at=now,
        sign=sign,
        problems=tuple(problems),
        version=__version__,
        python=platform.python_version(),
        data_dir=settings.data_dir,
        disk_free=free,
        archive_files=len(files),
        archive_bytes=sum(file.st_size for file in files),
        jobs=jobs if isinstance(jobs, Mapping) else {},
        **found,
    )


def _is_there(services: Services) -> bool:
    """Whether a store exists; to ask it would make one."""
    url = services.settings.database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()


def _stored(services: Services, now: datetime) -> dict[str, Any]:
    from presswatch.digests import schedule

    store = services.store
    editions = []
    for plan in services.digests:
        last = store.digests.last_edition(plan.name)
        editions.append(
            Editions(name=plan.name, last=last.edition if last else None, next_due_at=schedule.next_due(plan, now))
        )
    return {
        "sources": services.health(now, services.sources),
        "due": store.sources.due(services.enabled, now=now),
        "feeds_alone": tuple(source.id for source in services.enabled if source.has_feeds_alone),
        "editions": tuple(editions),
        "troubles": alerting.find(services, now).conditions,
        "counts": store.counts(),
        "machines": store.machines.all() if store.shared else (),
    }
