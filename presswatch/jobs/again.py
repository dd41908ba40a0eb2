"""Every page again, from the archive, under today's rules: read side by side, put into stories and saved one by one."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from presswatch.cores import judges, room_for_judges
from presswatch.jobs import reading
from presswatch.jobs.judging import Among, Flip, ProcessReport
from presswatch.jobs.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.recent import Recent
    from presswatch.jobs.reading import Reading
    from presswatch.jobs.side_by_side import Alone, SideBySide
    from presswatch.models import Outcome
    from presswatch.services import Services
    from presswatch.store.records import PageRow

# Fewer pages than this are judged sooner than another process has read its names.
_WORTH_A_PROCESS = 150


def reprocess(
    services: Services,
    since: datetime | None,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
    processes: int | None = None,
) -> ProcessReport:
    """Judge the newest page of every article again, from the archive, under today's rules.

    A dry run stores nothing: its report says what would become of which article.
    `processes` read pages side by side, as many as the machine has room for where
    none are named; what comes of it is the same however many there are.
    """
    from presswatch.jobs.side_by_side import Alone, SideBySide  # brings what only this needs

    # A dry run stands in nobody's way, the running service's least of all.
    with nullcontext() if dry_run else services.store.lock("process", "Another presswatch process"):
        rows = list(services.store.pages.since(since))
        if processes is None:
            processes = min(judges(), room_for_judges(), max(1, len(rows) // _WORTH_A_PROCESS))
        with SideBySide(services.settings, processes) if processes > 1 else Alone(services) as readings:
            return _Again(services, rows, readings, now, dry_run).run(progress)


class _Again:
    """One run over the archive: what was read of each page, in their order, into its story and into the store."""

    def __init__(
        self, services: Services, rows: Sequence[PageRow], readings: Alone | SideBySide, now: datetime, dry_run: bool
    ) -> None:
        self._services, self._rows, self._readings = services, rows, readings
        self._now, self._dry_run = now, dry_run
        self._among = Among(services, rows, now)
        self._saved: set[str] = set()
        self._found: list[Outcome] = []
        self._failed: list[tuple[str, str]] = []
        self._flipped: list[Flip] = []

    def run(self, progress: Progress) -> ProcessReport:
        with self._among:
            for number, (row, read) in enumerate(zip(self._rows, self._readings.each(self._rows), strict=True), 1):
                found = read
                # Another page of the same article was saved since this one was read: it moved.
                if read.earlier.url in self._saved:
                    self._among.save()
                    found = self._readings.one(row)
                failure = found.failure
                if found.outcome is not None:
                    try:
                        with reading.short_of_nothing():
                            outcome = self._among.place(found.outcome)
                    except Exception as error:
                        failure = reading.failure_of(error)
                    else:
                        self._take(found, outcome)
                if failure:
                    self._set_aside(row, failure)
                progress("Judging", number, len(self._rows))
        return ProcessReport(
            pages=len(self._rows),
            found=tuple(self._found),
            failed=tuple(self._failed),
            flipped=tuple(self._flipped),
        )

    def _take(self, found: Reading, outcome: Outcome) -> None:
        """Store what is new of it, and remember it for the pages to come."""
        if self._dry_run or (found.held and _stays(self._among.recent, outcome)):
            self._among.remember(outcome)
        else:
            self._among.take(outcome)
            self._saved.add(found.earlier.url)
        article, level, before = outcome.article, outcome.verdict.level, found.earlier.level
        if level.relevant:
            self._found.append(outcome)
        if before is not None and before != level:
            self._flipped.append(Flip(url=article.url, title=article.title, before=before, now=level))

    def _set_aside(self, row: PageRow, failure: reading.Failure) -> None:
        reading.say(row, failure)
        self._failed.append((row.url, failure.why))
        if not self._dry_run:
            reading.set_aside(self._services, row, failure, self._now)


def _stays(recent: Recent, outcome: Outcome) -> bool:
    """Whether every article stays in the story that it is in."""
    known = recent.get(outcome.article.url)
    return known is not None and known.story == outcome.story and not outcome.merges and not outcome.moves
