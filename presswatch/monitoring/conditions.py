"""What is wrong now, with the sources and with the service itself. Does no input or output.

One cause is one condition: where all sources fail since the same time it is the
network's, where all of one host do it is that host's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from presswatch.models import Source, SourceHealth
from presswatch.monitoring import health
from presswatch.monitoring.status import PAGES
from presswatch.store.records import DeliveryEntry, Incident, SourceHistory
from presswatch.urls import host

# The name of the alerts among the digests. The space keeps it apart from those of digests.yaml, which have none.
ALERT = "operator alert"
LOW_DISK = 500_000_000  # bytes; a month of the bundled sources takes a tenth of that, SQLite's log the rest
_JOB_ADVICE = "Read the service's log; nothing is lost, the job goes on where it stopped."
_PAGES_ADVICE = "Everything else goes on. Choose another [web] port where it is taken; else read the service's log."
# Visits of one crawl follow each other; what failed within this time may have one cause.
_ONE_CRAWL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that is wrong now."""

    subject: str  # its identity: "source:nvidia-blog", "network", "job:process", …
    state: str
    name: str  # as people call it
    message: str  # what happened, in whole sentences
    advice: str
    began_at: datetime
    lasting: bool = True  # False: told once, and neither again nor when it is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is wrong now, and of which subjects nothing can be said: a wider trouble covers them."""

    conditions: tuple[Condition, ...]
    held: frozenset[str] = frozenset()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # wider subject → the sources in it


def of_sources(
    sources: Sequence[Source],
    histories: Sequence[SourceHistory],
    incidents: Iterable[Incident],
    *,
    failures: int,
    now: datetime,
) -> Found:
    """What is wrong with the sources; one condition where one cause explains several of them."""
    pairs = [(s, h) for s, h in zip(sources, histories, strict=True) if s.enabled]
    ended = {i.subject: i.closed_at or now for i in incidents}  # an open one that is no more is ending now
    conditions: list[Condition] = []
    covered: set[str] = set()
    members = _groups(pairs)
    by_id = {source.id: (source, history) for source, history in pairs}
    for subject, ids in members.items():
        group = [by_id[name] for name in ids if name not in covered]
        if (common := _common_cause(subject, group, failures)) is not None:
            conditions.append(common)
            covered.update(h.source for _, h in group if h.failures)
    for subject, ids in members.items():
        # After an outage a source may wait hours for its next visit; until then its failures are the outage's.
        if (end := ended.get(subject)) is not None:
            waiting = (h for h in (by_id[name][1] for name in ids) if h.failures and _before(h.last_visit_at, end))
            covered.update(h.source for h in waiting)
    for source, history in pairs:
        found = health.diagnose(source, history)
        if source.id not in covered and health.is_ill(found, failures):
            conditions.append(_of_source(source, found, history))
    return Found(conditions=tuple(conditions), held=frozenset(f"source:{name}" for name in covered), members=members)


def _groups(pairs: Sequence[tuple[Source, SourceHistory]]) -> dict[str, tuple[str, ...]]:
    """What several sources have in common: the network, and a host."""
    groups: dict[str, list[str]] = {"network": [source.id for source, _ in pairs]}
    for source, _ in pairs:
        groups.setdefault(f"host:{_host(source)}", []).append(source.id)
    everything = len(pairs)
    return {s: tuple(ids) for s, ids in groups.items() if len(ids) > 1 and (s == "network" or len(ids) < everything)}


def _host(source: Source) -> str:
    ways = (*source.feeds, source.wordpress, *source.sitemaps, *(listing.url for listing in source.listings))
    return next(host(way) for way in ways if way)


def _before(moment: datetime | None, other: datetime) -> bool:
    return moment is None or moment <= other


def _common_cause(subject: str, group: Sequence[tuple[Source, SourceHistory]], failures: int) -> Condition | None:
    """The condition where everything of a group fails since the same time, else None."""
    histories = [history for _, history in group if history.last_visit_at is not None]
    failing = [h for h in histories if h.failures]
    starts = [h.failing_since for h in failing if h.failures >= failures and h.failing_since]
    if len(failing) < 2 or not starts:
        return None
    start = max(starts)
    if any(h.last_success_at and h.last_success_at > start + _ONE_CRAWL for h in histories):
        return None
    states = {h.state for h in failing}
    state = states.pop() if len(states) == 1 else "failing"
    first = min(failing, key=lambda h: h.last_visit_at or start)
    where = "" if subject == "network" else f" on {subject.partition(':')[2]}"
    what = {"down": "can be reached", "blocked": "lets us in", "changed": "can be read"}.get(state, "can be read")
    return Condition(
        subject=subject,
        state=state,
        name="the network" if subject == "network" else subject.partition(":")[2],
        message=f"None of the {len(failing)} sources{where} that were visited {what}. The first says: {first.message}",
        advice=_common_advice(subject, state),
        began_at=min(starts),
    )


def _common_advice(subject: str, state: str) -> str:
    if subject != "network":
        return health.ADVICE.get(state, health.ADVICE["failing"])
    if state == "blocked":
        return "Look whether a proxy or firewall stands between, and whether this machine's address is on a block list."
    return "Look at this machine's network, its resolver, its clock and its firewall before anything else."


def _of_source(source: Source, found: SourceHealth, history: SourceHistory) -> Condition:
    began = history.failing_since or history.last_visit_at
    assert began is not None  # nothing is said of a source that was never visited
    times = f" It failed {history.failures} times in a row." if history.failures > 1 else ""
    last = f" It was last read on {minute(history.last_success_at)}." if history.failures else ""
    return Condition(
        subject=f"source:{source.id}",
        state=found.state,
        name=f"{source.name} ({source.id})",
        message=f"{sentence(found.message)}{times}{last if history.last_success_at else ''}",
        advice=found.advice,
        began_at=began,
    )


def of_jobs(jobs: Mapping[str, Mapping[str, Any]], *, failures: int, now: datetime) -> tuple[Condition, ...]:
    """The service's own jobs that failed again and again, from its sign of life."""
    conditions = []
    for name, job in jobs.items():
        count = job.get("failures", 0)
        # What goes wrong with a delivery is a condition of its own, in better words.
        if name not in ("deliver", "alert") and isinstance(count, int) and count >= failures:
            why = sentence(str(job.get("message") or "It gave no reason."))
            pages = name == PAGES
            conditions.append(
                Condition(
                    subject=f"job:{name}",
                    state="failing",
                    name="the web pages" if pages else f"the {name} job",
                    message=f"{'They' if pages else 'It'} failed {count} times in a row. {why}",
                    advice=_PAGES_ADVICE if pages else _JOB_ADVICE,
                    began_at=_moment(job.get("failing_since")) or now,
                )
            )
    return tuple(conditions)


def of_deliveries(
    entries: Sequence[DeliveryEntry], *, failures: int, shown: Mapping[int, str], now: datetime
) -> tuple[Condition, ...]:
    """Editions that do not reach their readers. `shown` gives each recipient without secrets, by delivery."""
    conditions = []
    stuck = [e for e in entries if e.name != ALERT and e.delivery.state == "due" and e.delivery.attempts >= failures]
    if stuck:
        first = min(stuck, key=lambda e: e.edition)
        conditions.append(
            Condition(
                subject="deliveries",
                state="failing",
                name="deliveries",
                message=f"{_count(len(stuck), 'delivery waits', 'deliveries wait')} after {failures} attempts or more,"
                f" the first is {first.name}, edition {first.edition}. {sentence(first.delivery.error or '')}",
                advice="Each is tried again for three days. Look at: presswatch deliveries",
                began_at=_moment(first.edition) or now,
            )
        )
    for entry in entries:
        delivery = entry.delivery
        if entry.name != ALERT and delivery.state == "given up":
            conditions.append(
                Condition(
                    subject=f"delivery:{delivery.id}",
                    state="given up",
                    name=f"delivery {delivery.id}",
                    message=f"{entry.name}, edition {entry.edition}, could not be delivered to"
                    f" {shown.get(delivery.id, 'its recipient')} and was given up."
                    f" {sentence(delivery.error or 'No reason was recorded')}",
                    advice=f"Mend the cause, then: presswatch deliveries --retry {delivery.id}",
                    began_at=_moment(entry.edition) or now,
                    lasting=False,
                )
            )
    return tuple(conditions)


def of_disk(free: int, folder: str, *, now: datetime) -> tuple[Condition, ...]:
    """The disk under the data folder, with so many bytes left."""
    if free >= LOW_DISK:
        return ()
    return (
        Condition(
            subject="disk",
            state="failing",
            name="the disk",
            message=f"{folder} has only {free // 1_000_000} MB left.",
            advice="Make room, or shorten [archive] keep in presswatch.toml.",
            began_at=now,
        ),
    )


def sentence(text: str) -> str:
    """Somebody's words on one line, with a full stop."""
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?" else f"{text}."


def minute(moment: datetime | None) -> str:
    """A time as people read it in a sentence."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC" if moment else "–"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
