"""An overview in Prometheus's text form. Does no input or output, but for the figures of this process itself.

prometheus_client is imported where it is used: a service without a port pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import Metric

    from presswatch.monitoring.overview import Overview

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def render(overview: Overview) -> bytes:
    """Everything that the overview knows, one metric family after the other."""
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

    class Families:
        def collect(self) -> Iterator[Metric]:
            yield from _families(overview)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Families())
    ProcessCollector(registry=registry)  # resident memory, open files and processor time of the service's parent
    return generate_latest(registry)


def _families(overview: Overview) -> Iterator[Metric]:
    counts = overview.counts
    labels = {"version": overview.version, "python": overview.python}
    labels |= {"engine": counts.engine if counts else "", "schema": counts.schema if counts else ""}
    yield _family("presswatch_info", "What runs.", {tuple(labels.values()): 1}, tuple(labels))
    yield _family("presswatch_well", "1 where the service does its work.", {(): float(overview.well)})
    started = _seconds(overview.sign.told.get("started_at"))
    if started is not None:
        yield _family("presswatch_start_time_seconds", "When the service was started.", {(): started})
    yield from _of_jobs(overview.jobs)
    yield from _of_sources(overview)
    if counts is not None:
        articles = {(level,): float(number) for level, number in counts.articles.items()}
        deliveries = {(state,): float(counts.deliveries.get(state, 0)) for state in ("due", "sent", "given up")}
        yield _family("presswatch_articles", "Stored articles.", articles, ("level",))
        yield _family("presswatch_stories", "Stored stories.", {(): counts.stories})
        yield _family("presswatch_pages_waiting", "Pages that wait for the steps.", {(): counts.pages_waiting})
        yield _family("presswatch_pages_unusable", "Pages that gave no article.", {(): counts.pages_unusable})
        yield _family("presswatch_refusals", "Articles whose page could not be had yet.", {(): counts.refusals})
        yield _family("presswatch_deliveries", "Deliveries of the outbox.", deliveries, ("state",))
        yield _family("presswatch_store_bytes", "Size of the store.", {(): counts.size})
    yield _family("presswatch_archive_bytes", "Size of the archive.", {(): overview.archive_bytes})
    yield _family("presswatch_disk_free_bytes", "Free on the data folder's disk.", {(): overview.disk_free})
    yield _family("presswatch_troubles", "What the operator is told of now.", {(): len(overview.troubles)})


def _of_jobs(jobs: Mapping[str, Mapping[str, Any]]) -> Iterator[Metric]:
    times = {"at": "last_run", "last_success_at": "last_success"}
    for key, name in times.items():
        values = {(job,): at for job, told in jobs.items() if (at := _seconds(told.get(key))) is not None}
        what = f"When a job {'last ended' if key == 'at' else 'last ended well'}."
        yield _family(f"presswatch_job_{name}_timestamp_seconds", what, values, ("job",))
    for key, name, what in (
        ("failures", "failures", "How often a job failed in a row."),
        ("seconds", "duration_seconds", "How long a job's last run took."),
    ):
        values = {(job,): float(told[key]) for job, told in jobs.items() if isinstance(told.get(key), int | float)}
        yield _family(f"presswatch_job_{name}", what, values, ("job",))


def _of_sources(overview: Overview) -> Iterator[Metric]:
    enabled = [row for row in overview.sources if row.state != "disabled"]
    states = {(row.source, row.state): 1.0 for row in enabled}
    yield _family("presswatch_source_state", "1 for the word that fits a source.", states, ("source", "state"))
    success = {(r.source,): r.last_success_at.timestamp() for r in enabled if r.last_success_at}
    what = "When a source was last read."
    yield _family("presswatch_source_last_success_timestamp_seconds", what, success, ("source",))
    failures = {(row.source,): float(row.failures) for row in enabled}
    yield _family("presswatch_source_failures", "How often a source failed in a row.", failures, ("source",))
    articles = {(row.source,): float(row.articles) for row in enabled}
    yield _family("presswatch_source_articles", "Stored articles of a source.", articles, ("source",))
    yield _family("presswatch_sources_due", "Sources that are to be visited now.", {(): len(overview.due)})


def _family(name: str, what: str, values: Mapping[Any, float], labels: tuple[str, ...] = ()) -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, what, labels=labels)
    for given, value in values.items():
        family.add_metric(list(given), value)
    return family


def _seconds(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp() if text else None
    except ValueError:
        return None
