"""The alert job: what is wrong now, from the store and the machine, and telling the operator of it once.

The alert goes into the outbox in the transaction that remembers that it was
told, so that a crash neither loses nor repeats it.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from presswatch import recipients
from presswatch.monitoring import alerts, conditions, status
from presswatch.monitoring.conditions import Found

if TYPE_CHECKING:
    from datetime import datetime

    from presswatch.services import Services

log = logging.getLogger(__name__)

_DELIVERIES = timedelta(days=7)  # of editions built since then; a delivery is tried for three days


def find(services: Services, now: datetime) -> Found:
    """What is wrong now, with the sources and with the service itself."""
    store, settings = services.store, services.settings
    failures = settings.alerts.failures
    histories = store.sources.histories(services.enabled, now=now)
    found = conditions.of_sources(services.enabled, histories, store.alerts.incidents(), failures=failures, now=now)
    since = now - _DELIVERIES
    entries = [e for state in ("due", "given up") for e in store.digests.deliveries(since=since, state=state)]
    shown = {entry.delivery.id: recipients.shown(entry.delivery.recipient) for entry in entries}
    own = (
        *conditions.of_jobs(_jobs(services, now), failures=failures, now=now),
        *conditions.of_deliveries(entries, failures=failures, shown=shown, now=now),
        *conditions.of_disk(free_bytes(services), str(settings.data_dir), now=now),
    )
    return Found(conditions=(*found.conditions, *own), held=found.held, members=found.members)


def _jobs(services: Services, now: datetime) -> Mapping[str, Mapping[str, Any]]:
    """How the running services say that their jobs ended, of several the worst; nothing where none runs."""
    sign = status.read(services.settings.data_dir, now)
    told = [sign.told] if sign.alive else []
    if services.store.shared:
        told += [machine.told for machine in services.store.machines.all() if now - machine.at < status.SILENT_AFTER]
    worst: dict[str, Mapping[str, Any]] = {}
    for jobs in (one.get("jobs") for one in told):
        for name, job in jobs.items() if isinstance(jobs, Mapping) else ():
            if isinstance(job, Mapping) and _failures(job) >= _failures(worst.get(name, {})):
                worst[name] = job
    return worst


def _failures(job: Mapping[str, Any]) -> int:
    failures = job.get("failures", 0)
    return failures if isinstance(failures, int) else 0


def free_bytes(services: Services) -> int:
    """What is left on the disk under the data folder."""
    folder = services.settings.data_dir
    return shutil.disk_usage(folder if folder.exists() else folder.parent).free


def due(services: Services, now: datetime) -> bool:
    """Whether there is something to tell."""
    return bool(_decide(services, now)[1].incidents)


def run(services: Services, now: datetime) -> bool:
    """Tell the operator what is to be told now: into the log, and into the outbox where [alerts] names somebody."""
    with services.store.lock("alert", "Another presswatch process"):
        found, decision = _decide(services, now)
        if not decision.incidents:
            return True
        to = services.settings.alerts.to
        draft = alerts.compose(decision, now) if decision.told and to else None
        settled = services.store.alerts.settle(
            decision.incidents, now=now, draft=draft, recipients=to, forget_before=now - alerts.REMEMBERED
        )
        if not settled:
            return True  # an alert of this very second exists; the next tick tells this one
        _log(decision)
        for incident in decision.over:
            if incident.subject in found.members:
                # What failed for one reason may be asked at once when that is gone, whatever pause it was given.
                services.store.sources.hurry(found.members[incident.subject], now=now)
    return True


def _decide(services: Services, now: datetime) -> tuple[Found, alerts.Decision]:
    found = find(services, now)
    known = frozenset(source.id for source in services.enabled)
    return found, alerts.decide(found, services.store.alerts.incidents(), now, known=known)


def _log(decision: alerts.Decision) -> None:
    for condition in decision.begun:
        message = "%s: %s. %s %s"
        log.error(
            message,
            condition.name,
            condition.state,
            condition.message,
            condition.advice,
            extra=_ids(condition.subject),
        )
    for condition, incident in decision.lasting:
        log.warning("%s: still %s. %s", condition.name, incident.state, condition.message, extra=_ids(incident.subject))
    for incident in decision.over:
        log.info("%s: well again.", incident.name, extra=_ids(incident.subject))


def _ids(subject: str) -> dict[str, str]:
    """What a log line about this subject is found by."""
    kind, _, name = subject.partition(":")
    return {kind: name} if kind in ("source", "job", "delivery") and name else {}
