"""Pages that wait into judged articles."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from presswatch.jobs.progress import Progress, silent
from presswatch.jobs.reading import body_of, failure_of, say, set_aside, short_of_nothing
from presswatch.second_reader import opinions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipelines.recent import Recent
    from presswatch.models import Level, Outcome
    from presswatch.services import Services
    from presswatch.store.records import PageRow, Pairs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An article that is judged otherwise than before."""

    url: str
    title: str
    before: Level
    now: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReport:
    """What the steps made of the pages that waited. `found` names the relevant articles, oldest first."""

    pages: int = 0
    found: tuple[Outcome, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()  # address, why
    flipped: tuple[Flip, ...] = ()


def process(
    services: Services, now: datetime, *, batch: Sequence[int] = (), progress: Progress = silent
) -> ProcessReport:
    """Judge every page that waits, or those of `batch` that do, and store what was found, an article a transaction.

    A page that the steps cannot use is marked with the reason and stops nothing.
    When all is stored, the second reader is asked, if there is one. Where several
    machines may judge, other batches may be judged at the same time.
    """
    store, limit = services.store, services.settings.process.deadline.total_seconds()
    until = time.monotonic() + 0.9 * limit  # a job that overruns its deadline has failed
    pages, found, failed, judged = 0, [], [], []
    alone = nullcontext() if batch else store.lock("process", "Another presswatch process")
    with alone:
        deadly = _Deadly(services.settings.data_dir / "judging", batch)
        waiting = len(batch) or store.pages.counts()["waiting"]
        size = services.settings.process.batch
        while rows := store.pages.unprocessed(limit=size, last=deadly.before, among=batch):
            done = _judge(services, rows, now, partial(_passed_on, progress, pages, waiting), on_start=deadly.begins)
            pages += len(rows)
            found += [outcome for outcome in done.found if outcome.verdict.relevant]
            failed += done.failed
            judged += [(outcome.article.url, outcome.verdict.level) for outcome in done.found]
        deadly.forget()
    # Outside the lock: a slow model holds up nobody who has pages to judge.
    opinions.ask(services, judged, now, until=until, on_article=partial(progress, "Re-reading"))
    return ProcessReport(pages=pages, found=tuple(found), failed=tuple(failed))


class _Deadly:
    """The addresses at which a judging process died. They come last, so that one that kills it holds up no other.

    A batch that is judged beside others has a file of its own, which it finds again when it is tried again.
    """

    def __init__(self, file: Path, batch: Sequence[int]) -> None:
        self._file = file.with_name(f"{file.name}-{batch[0]}") if batch else file
        self.before: frozenset[str] = frozenset()
        for found in file.parent.glob(f"{file.name}*"):
            # What others are judging now is named there as well: that it comes last here does no harm.
            with suppress(OSError):
                self.before |= frozenset(found.read_text("utf-8", "replace").split())

    def begins(self, url: str) -> None:
        """From now on it is this one that is to blame."""
        with suppress(OSError):  # a full disk has the page judged all the same
            self._file.write_text("\n".join({*self.before, url}), "utf-8")

    def forget(self) -> None:
        with suppress(OSError):
            self._file.unlink()


def _passed_on(progress: Progress, before: int, waiting: int, number: int) -> None:
    progress("Judging", before + number, max(waiting, before + number))


@dataclass(frozen=True, slots=True)
class _Judged:
    found: list[Outcome]
    failed: list[tuple[str, str]]


def _judge(
    services: Services,
    rows: Sequence[PageRow],
    now: datetime,
    on_page: Callable[[int], None],
    *,
    on_start: Callable[[str], None],
) -> _Judged:
    with short_of_nothing():
        _ = services.knowledge  # read before the first page: a mistake in the configuration is no page's fault
    last = services.store.articles.last_saving() if services.store.shared else None
    pairs = services.store.by_hand.pairs()
    recent = recent_for(services, rows, pairs)
    judged = _Judged([], [])
    for number, row in enumerate(rows, 1):
        on_start(row.url)
        try:
            with short_of_nothing():
                outcome = _outcome(services, row, recent, pairs)
        except Exception as error:
            failure = failure_of(error)
            say(row, failure)
            judged.failed.append((row.url, failure.why))
            set_aside(services, row, failure, now)
        else:
            if last is not None:
                last, outcome = save_beside_others(services, outcome, recent, pairs, last, now)
            else:
                services.store.articles.save(outcome, now=now)
            remember(recent, outcome)
            judged.found.append(outcome)
        on_page(number)
    return judged


def _outcome(services: Services, row: PageRow, recent: Recent, pairs: Pairs) -> Outcome:
    """What the steps make of one stored page."""
    import pipelines

    body = body_of(services, row)
    known = services.store.articles.get(row.url)
    earlier = known.article if known else None
    together, apart = pairs.together, pairs.apart
    return pipelines.process(
        row.page(body), services.knowledge, recent, earlier=earlier, together=together, apart=apart
    )


def recent_for(services: Services, rows: Iterable[PageRow], pairs: Pairs) -> Recent:
    """The articles that these pages could share a story with, by address; those joined by hand however old they are."""
    from pipelines.recent import Recent

    times = [(row.candidate and row.candidate.published_at) or row.fetched_at for row in rows]
    since = min(times, default=datetime.now(UTC)) - 2 * services.settings.process.story_window
    articles = services.store.articles
    by_hand = articles.known(url for pair in pairs.together for url in pair)
    return Recent((*by_hand, *articles.recent(since=since)))


def save_beside_others(
    services: Services, outcome: Outcome, recent: Recent, pairs: Pairs, last: int, now: datetime
) -> tuple[int, Outcome]:
    """Save where others judge at the same time: what they saved meanwhile is taken into account first."""
    import pipelines

    articles = services.store.articles
    while True:
        number, missed = articles.save_after(last, outcome, now=now)
        if not missed:
            return number, outcome
        last = missed[-1].id
        for saving in missed:
            _join(recent, saving.story, saving.merges, saving.moves)
        recent.update({known.url: known for known in articles.known(saving.url for saving in missed)})
        outcome = pipelines.place(outcome, recent, together=pairs.together, apart=pairs.apart)


def remember(recent: Recent, outcome: Outcome) -> None:
    """Keep what is known in step with what the store has just saved."""
    recent[outcome.article.url] = outcome.known()
    _join(recent, outcome.story, outcome.merges, outcome.moves)


def _join(recent: Recent, story: str, merges: Iterable[str], moves: Iterable[tuple[str, str]]) -> None:
    """What saving an article did to the stories of others."""
    if merged := frozenset(merges):
        for url, known in list(recent.items()):
            if known.story in merged:
                recent[url] = replace(known, story=story)
    for url, new in moves:
        if url in recent:
            recent[url] = replace(recent[url], story=new)
