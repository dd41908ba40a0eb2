"""Pages that wait into judged articles."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from presswatch.errors import PresswatchError, StoreError
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

_TOGETHER = 50  # articles saved in one transaction: a second's work, which a process that dies leaves to the next


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
    """Judge every page that waits, or those of `batch` that do, and store what was found, some articles a transaction.

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
    with Among(services, rows, now) as among:
        judged = _Judged(among.saved, [])
        for number, row in enumerate(rows, 1):
            on_start(row.url)
            if among.waits(row.url):  # what is known of an article is what the store says
                among.save()
            try:
                with short_of_nothing():
                    outcome = among.place(_outcome(services, row))
            except Exception as error:
                failure = failure_of(error)
                say(row, failure)
                judged.failed.append((row.url, failure.why))
                set_aside(services, row, failure, now)
            else:
                among.take(outcome)
            on_page(number)
    return judged


def _outcome(services: Services, row: PageRow) -> Outcome:
    """What the steps make of one stored page, its story left open."""
    import pipelines

    known = services.store.articles.get(row.url)
    earlier = known.article if known else None
    return pipelines.judge(row.page(body_of(services, row)), services.knowledge, earlier=earlier)


class Among:
    """The articles that others are judged beside: puts them into their stories, and saves them together.

    A transaction for each would take longer than judging. Where several machines judge, what the others saved
    meanwhile is taken into account before anything is saved. At the end of its context all is saved, as far as
    that can be done where the context ends by an error.
    """

    def __init__(self, services: Services, rows: Iterable[PageRow], now: datetime) -> None:
        self._articles, self._now = services.store.articles, now
        self._last = self._articles.last_saving() if services.store.shared else None
        self._pairs = services.store.by_hand.pairs()
        self.recent = _recent_for(services, rows, self._pairs)
        self.saved: list[Outcome] = []
        self._waiting: list[Outcome] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with suppress(PresswatchError) if error else nullcontext():
            self.save()

    def place(self, outcome: Outcome) -> Outcome:
        """The outcome with its story."""
        import pipelines

        return pipelines.place(outcome, self.recent, together=self._pairs.together, apart=self._pairs.apart)

    def waits(self, url: str) -> bool:
        """Whether an article is yet to be saved."""
        return any(outcome.article.url == url for outcome in self._waiting)

    def take(self, outcome: Outcome) -> None:
        """Save a placed outcome, now or with those that follow it."""
        self.remember(outcome)
        self._waiting.append(outcome)
        if len(self._waiting) >= _TOGETHER:
            self.save()

    def remember(self, outcome: Outcome) -> None:
        """Those that follow are judged beside it."""
        self.recent[outcome.article.url] = outcome.known()
        _join(self.recent, outcome.story, outcome.merges, outcome.moves)

    def save(self) -> None:
        """Save what waits. Where it cannot be saved together, what comes before the fault is."""
        waiting, self._waiting = self._waiting, []
        try:
            self._save(waiting)
        except StoreError:
            if len(waiting) < 2:
                raise
            self.recent.restore()
            for outcome in waiting:
                # Once more: what others saved in between is known by now, and those behind it are not saved yet.
                placed = self.place(outcome)
                self.remember(placed)
                self._save([placed])

    def _save(self, outcomes: list[Outcome]) -> None:
        if outcomes and self._last is None:
            self._articles.save(*outcomes, now=self._now)
        elif outcomes and self._last is not None:
            outcomes = self._save_beside_others(self._last, outcomes)
        self.recent.settle()
        self.saved += outcomes

    def _save_beside_others(self, last: int, outcomes: list[Outcome]) -> list[Outcome]:
        """The outcomes as they were saved: what others saved meanwhile may have changed their stories."""
        while True:
            self._last, missed = self._articles.save_after(last, *outcomes, now=self._now)
            if not missed:
                return outcomes
            last = missed[-1].id
            self.recent.restore()
            for saving in missed:
                _join(self.recent, saving.story, saving.merges, saving.moves)
            known = self._articles.known(saving.url for saving in missed)
            self.recent.update({one.url: one for one in known})
            self.recent.settle()
            placed = []
            for outcome in outcomes:
                placed.append(self.place(outcome))
                self.remember(placed[-1])
            outcomes = placed


def _recent_for(services: Services, rows: Iterable[PageRow], pairs: Pairs) -> Recent:
    """The articles that these pages could share a story with, by address; those joined by hand however old they are."""
    from pipelines.recent import Recent

    times = [(row.candidate and row.candidate.published_at) or row.fetched_at for row in rows]
    since = min(times, default=datetime.now(UTC)) - 2 * services.settings.process.story_window
    articles = services.store.articles
    by_hand = articles.known(url for pair in pairs.together for url in pair)
    return Recent((*by_hand, *articles.recent(since=since)))


def _join(recent: Recent, story: str, merges: Iterable[str], moves: Iterable[tuple[str, str]]) -> None:
    """What saving an article did to the stories of others."""
    for url in [url for merged in merges for url in recent.of_story(merged)]:
        recent[url] = recent[url]._replace(story=story)
    for url, new in moves:
        if url in recent:
            recent[url] = recent[url]._replace(story=new)
