"""Pages into judged articles: those that wait, or every one again from the archive."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from presswatch.errors import ArchiveError, ExtractionError, MachineError, StoreError
from presswatch.jobs.progress import Progress, silent
from presswatch.second_reader import opinions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from presswatch.models import Known, Level, Outcome
    from presswatch.services import Services
    from presswatch.store.records import PageRow, Pairs

log = logging.getLogger(__name__)

_NO_MEMORY = "There is not enough memory to judge pages. They wait; give the service more."
_A_PAGE = 16 << 20  # bytes


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


def reprocess(
    services: Services,
    since: datetime | None,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ProcessReport:
    """Judge the newest page of every article again, from the archive, under today's rules.

    A dry run stores nothing: its report says what would become of which article.
    """
    store = services.store
    before = {}
    # A dry run stands in nobody's way, the running service's least of all.
    with nullcontext() if dry_run else store.lock("process", "Another presswatch process"):
        rows = list(store.pages.since(since))
        for row in rows:
            if (version := store.articles.get(row.url)) is not None:
                before[row.url] = version.verdict.level
        judge = partial(_judge, again=True, dry_run=dry_run)
        done = judge(services, rows, now, lambda n: progress("Judging", n, len(rows)))
    flipped = tuple(
        Flip(url=o.article.url, title=o.article.title, before=before[o.article.url], now=o.verdict.level)
        for o in done.found
        if before.get(o.article.url, o.verdict.level) != o.verdict.level
    )
    relevant = tuple(outcome for outcome in done.found if outcome.verdict.relevant)
    return ProcessReport(pages=len(rows), found=relevant, failed=tuple(done.failed), flipped=flipped)


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
    on_start: Callable[[str], None] = lambda _: None,
    again: bool = False,
    dry_run: bool = False,
) -> _Judged:
    with _short_of_nothing():
        _ = services.knowledge  # read before the first page: a mistake in the configuration is no page's fault
    last = services.store.articles.last_saving() if services.store.shared else None
    pairs = services.store.by_hand.pairs()
    recent = _recent(services, rows, pairs)
    judged = _Judged([], [])
    for number, row in enumerate(rows, 1):
        on_start(row.url)
        try:
            with _short_of_nothing():
                outcome = _outcome(services, row, recent, pairs, again=again)
        except (StoreError, MachineError):
            raise  # nothing can be stored now, not even what went wrong; or the machine is at fault, not the page
        except Exception as error:
            why = _why(row, error)
            judged.failed.append((row.url, why))
            if not dry_run:
                _set_aside(services, row, error, why, now)
        else:
            if outcome:
                if last is not None and not dry_run:
                    last, outcome = _save_beside_others(services, outcome, recent, pairs, last, now)
                elif not dry_run:
                    services.store.articles.save(outcome, now=now)
                _remember(recent, outcome)
                judged.found.append(outcome)
        on_page(number)
    return judged


@contextmanager
def _short_of_nothing() -> Iterator[None]:
    """What the machine lacks within comes out as a `MachineError`, so that no page is blamed for it.

    The steps read no file and open nothing: an error of the system, or a library
    that cannot be loaded, is never a page's doing.
    """
    try:
        yield
    except MemoryError as error:
        # Lets go of all that its frames hold. Python 3.11 may spin for ever where it must unwind without a byte left.
        error.__traceback__ = None
        raise MachineError(_NO_MEMORY) from None
    except ImportError as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise MachineError(
            f"A library cannot be loaded: {said[-1]} Install presswatch again, or give it more memory; the pages wait."
        ) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # else a reader's complaint
            raise MachineError(f"The machine refuses what judging needs: {error.strerror}. The pages wait.") from error
        if not _room():  # some libraries take a lack of memory for a fault of what they read
            error.__traceback__ = None
            raise MachineError(_NO_MEMORY) from None
        raise


def _room() -> bool:
    """Whether there is as much memory left as a page can take."""
    try:
        bytearray(_A_PAGE)
    except MemoryError:
        return False
    return True


def _outcome(
    services: Services, row: PageRow, recent: Mapping[str, Known], pairs: Pairs, *, again: bool
) -> Outcome | None:
    """What the steps make of one stored page; None where its body was pruned."""
    import pipelines

    body = b""
    if row.via == "page":
        if row.warc_file is None or row.warc_offset is None:
            if again:
                return None
            raise ArchiveError(f"The page of {row.url} is not in the archive any more.")
        body = services.archive.read(row.warc_file, row.warc_offset).body
    known = services.store.articles.get(row.url)
    earlier = known.article if known else None
    page, by_hand = row.page(body), {"together": pairs.together, "apart": pairs.apart}
    return pipelines.process(page, services.knowledge, recent, earlier=earlier, again=again, **by_hand)


def _why(row: PageRow, error: Exception) -> str:
    """Why the steps cannot use a page, in a sentence; a defect of theirs is logged with its traceback."""
    extra = {"url": row.url, "source": row.source}
    if isinstance(error, ArchiveError | ExtractionError):
        log.log(logging.ERROR if isinstance(error, ArchiveError) else logging.WARNING, "%s", error, extra=extra)
        return str(error)
    # A defect in a step loses one page, says so, and the others go on.
    log.error("The steps failed on %s.", row.url, extra=extra, exc_info=error)
    return f"The steps failed on this page: {type(error).__name__}: {error}"


def _set_aside(services: Services, row: PageRow, error: Exception, why: str, now: datetime) -> None:
    """Mark a page that the steps cannot use, so that it holds up no other."""
    if isinstance(error, ArchiveError):
        services.store.pages.lost(row.id, why, now=now)
    else:
        services.store.pages.mark_failed(row.id, why, now=now)


def _recent(services: Services, rows: Iterable[PageRow], pairs: Pairs) -> dict[str, Known]:
    """The articles that these pages could share a story with, by address; those joined by hand however old they are."""
    times = [(row.candidate and row.candidate.published_at) or row.fetched_at for row in rows]
    since = min(times, default=datetime.now(UTC)) - 2 * services.settings.process.story_window
    articles = services.store.articles
    by_hand = articles.known(url for pair in pairs.together for url in pair)
    return {known.url: known for known in (*by_hand, *articles.recent(since=since))}


def _save_beside_others(
    services: Services, outcome: Outcome, recent: dict[str, Known], pairs: Pairs, last: int, now: datetime
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
        recent |= {known.url: known for known in articles.known(saving.url for saving in missed)}
        outcome = pipelines.place(outcome, recent, together=pairs.together, apart=pairs.apart)


def _remember(recent: dict[str, Known], outcome: Outcome) -> None:
    """Keep what is known in step with what the store has just saved."""
    recent[outcome.article.url] = outcome.known()
    _join(recent, outcome.story, outcome.merges, outcome.moves)


def _join(recent: dict[str, Known], story: str, merges: Iterable[str], moves: Iterable[tuple[str, str]]) -> None:
    """What saving an article did to the stories of others."""
    for url, known in list(recent.items()):
        if known.story in merges:
            recent[url] = replace(known, story=story)
    for url, new in moves:
        if url in recent:
            recent[url] = replace(recent[url], story=new)
