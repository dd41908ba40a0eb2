"""What the service does: crawl, process, digest, deliver, prune, alert.

A job takes the services and the time, and returns a report. The scheduler runs
it when it is due (`JOBS` says when that is); the command line runs it at once.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from presswatch.jobs.again import reprocess
from presswatch.jobs.crawling import CrawlFigures, crawl, crawl_here, fetch, probe
from presswatch.jobs.editions import (
    Trial,
    build_edition,
    deliver,
    digest,
    edition_due,
    permitted,
    preview,
    try_alerts,
)
from presswatch.jobs.judging import Flip, ProcessReport, process
from presswatch.jobs.progress import Progress, silent
from presswatch.jobs.reading import short_of_nothing
from presswatch.memory import collect_seldom
from presswatch.monitoring import alerting, status

if TYPE_CHECKING:
    from presswatch.services import Services
    from presswatch.settings import Settings

__all__ = [
    "JOBS",
    "CrawlFigures",
    "Flip",
    "Job",
    "Parts",
    "ProcessReport",
    "Progress",
    "Trial",
    "build_edition",
    "crawl",
    "deliver",
    "digest",
    "edition_due",
    "fetch",
    "permitted",
    "preview",
    "probe",
    "process",
    "prune",
    "reprocess",
    "silent",
    "try_alerts",
]

log = logging.getLogger(__name__)


def prune(services: Services, now: datetime) -> None:
    """Let go of what is older than it is to be kept; what was seen stays known."""
    keep = services.settings.archive.keep
    # A page's record is of no use when the file that it points into is gone.
    services.store.prune(now, keep_pages=min(services.settings.pages.keep, keep))
    services.archive.prune(now - keep)


# What of a job is to be done: sources of a crawl, numbers of pages to judge; all of it where none is named.
Parts = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One kind of work: whether it is due, how it is done, and how long it may take."""

    name: str
    due: Callable[[Services, datetime], bool]
    run: Callable[[Services, datetime, Parts], bool]  # whether all went well
    deadline: Callable[[Settings], timedelta]


def _crawl_due(services: Services, now: datetime) -> bool:
    return bool(services.store.sources.due(services.enabled, now=now))


def _run_crawl(services: Services, now: datetime, parts: Parts = ()) -> bool:
    due = services.store.sources.due(services.enabled, now=now)
    wanted = [source for source in services.enabled if source.id in due and (not parts or source.id in parts)]
    if not wanted:  # somebody else visited them a moment ago; naming no source would visit all
        return True
    crawl_here(services, wanted, on_source=_say_done, then=lambda figures: _visited(services, now, figures))
    return True  # a source that fails is its own matter, and stands beside it


def _visited(services: Services, now: datetime, figures: CrawlFigures) -> None:
    """Say what came of each visit, and that there was a good cycle if there was one."""
    for name, row in figures.sources.items():
        if not row.get("ok", True):
            log.warning("%s: %s", name, row.get("message", ""), extra={"source": name})
        elif row.get("new"):
            log.info("%s: %d new articles", name, row["new"], extra={"source": name})
    if any(row.get("ok", True) for row in figures.sources.values()):
        _ping(services, now)


def _say_done(source: str) -> None:
    """Tell the parent, line by line, which sources were visited: a worker has others wait for each alone."""
    sys.stdout.write(json.dumps({"done": source}) + "\n")
    sys.stdout.flush()


def _ping(services: Services, now: datetime) -> None:
    """Tell the dead man's switch of a good cycle: a source was read, and no job fails again and again."""
    chosen = services.settings.monitoring
    if not chosen.ping:
        return
    sign = status.read(services.settings.data_dir, now)
    ill = services.settings.alerts.failures
    jobs = {name: job for name, job in sign.told.get("jobs", {}).items() if name != status.PAGES}
    if failing := [name for name, job in jobs.items() if job.get("failures", 0) >= ill]:
        log.warning("No ping was sent, because %s failed %d times and more.", " and ".join(failing), ill)
        return
    from crawler.guard import is_public
    from presswatch.monitoring.ping import PingFailed, ping

    try:
        permitted = (lambda _: True) if chosen.ping_private else is_public
        ping(chosen.ping, services.settings.user_agent, permitted=permitted)
    except PingFailed as error:
        log.warning("%s The next good cycle pings again.", error)


def _run_process(services: Services, now: datetime, parts: Parts = ()) -> bool:
    with short_of_nothing():
        _ = services.knowledge
    collect_seldom()
    report = process(services, now, batch=tuple(map(int, parts)))
    for outcome in report.found:
        article = outcome.article
        message = "To be told (%s): %s"
        extra = {"article": article.url, "url": article.url, "source": article.source}
        log.info(message, outcome.verdict.level, article.title, extra=extra)
    return True  # a page that gives no article is its source's matter, and stands beside it


def _run_digest(services: Services, now: datetime, _: Parts = ()) -> bool:
    for edition in digest(services, now):
        known = {"digest": edition.id}
        log.info("Built %s, edition %s: %s", edition.name, edition.edition, edition.subject, extra=known)
    return True


def _run_prune(services: Services, now: datetime, _: Parts = ()) -> bool:
    prune(services, now)
    return True


_SHORT = timedelta(minutes=10)
_LONG = timedelta(hours=1)

JOBS: Mapping[str, Job] = {
    job.name: job
    for job in (
        Job(name="crawl", due=_crawl_due, run=_run_crawl, deadline=lambda settings: settings.crawl.deadline),
        Job(
            name="process",
            due=lambda services, _: bool(services.store.pages.unprocessed(limit=1)),
            run=_run_process,
            deadline=lambda settings: settings.process.deadline,
        ),
        Job(
            name="digest",
            due=lambda services, now: any(edition_due(services, plan, now) for plan in services.digests),
            run=_run_digest,
            deadline=lambda _: _SHORT,
        ),
        Job(
            name="deliver",
            due=lambda services, now: bool(services.store.digests.due_deliveries(now)),
            run=lambda services, *_: not deliver(services).failed,
            deadline=lambda _: _LONG,
        ),
        Job(name="prune", due=lambda *_: True, run=_run_prune, deadline=lambda _: _LONG),
        Job(
            name="alert",
            due=alerting.due,
            run=lambda services, now, _: alerting.run(services, now),
            deadline=lambda _: _SHORT,
        ),
    )
}
