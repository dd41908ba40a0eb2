"""What the service does: crawl, process, digest, deliver, prune. One short function each.

A job takes the services and the time, and returns a report. The scheduler runs
it when it is due; the command line runs it at once.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from presswatch import alerting, opinions, status
from presswatch.children import Children, ending_gently
from presswatch.errors import ArchiveError, CrawlError, ExtractionError, StoreError
from presswatch.health import is_ill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from presswatch.digests.outbox import DeliveryReport
    from presswatch.models import Digest, DigestPlan, Known, Level, Outcome, Source
    from presswatch.services import Services
    from presswatch.settings import Settings
    from presswatch.store.records import DigestDraft, PageRow, Pairs

log = logging.getLogger(__name__)

_GIVEN_UP_SHOWN = timedelta(days=7)  # how long a digest's footer names a delivery that was given up


class Progress(Protocol):
    """Whoever watches a long job: told what is done, and of how much where that is known."""

    def __call__(self, what: str, done: int, total: int | None = None) -> None: ...


def silent(what: str, done: int, total: int | None = None) -> None:
    """Nobody watches."""


# --- crawl -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlFigures:
    """What one crawl did, by source: the child's own figures, as it printed them."""

    sources: Mapping[str, Mapping[str, Any]]

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(name for name, figures in self.sources.items() if not figures.get("ok", True))


def crawl(
    services: Services,
    sources: Sequence[Source],
    *,
    mode: str = "crawl",
    since: datetime | None = None,
    progress: Progress = silent,
) -> CrawlFigures:
    """Fetch from these sources in a child process, which stores what it gets.

    A source that fails is in the figures. Raises `CrawlError` where the crawl as
    a whole could not be run or overran its deadline; what it stored until then is kept.
    """
    arguments = ["-m", "crawler.run", *_folders(services.settings), "--mode", mode, "--progress"]
    arguments += [part for source in sources for part in ("--source", source.id)]
    arguments += ["--since", since.isoformat()] if since else []
    result: dict[str, Any] = {}

    def on_line(line: str) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return
        if event.get("event") == "progress":
            progress("Fetching", event.get("done", 0), event.get("total"))
        elif "sources" in event:
            result.update(event)

    # A backfill walks years at one request every few seconds: its deadline is a day.
    deadline = services.settings.crawl.deadline if mode == "crawl" else timedelta(days=1)
    child = Children().run(arguments, deadline=deadline, on_line=on_line)
    if child.overran:
        raise CrawlError(f"The crawl took longer than {deadline} and was ended; what it had stored is kept.")
    if child.status != 0 or not result:
        words = child.last_words.splitlines()[-1] if child.last_words else f"exit status {child.status}"
        raise CrawlError(f"The crawl could not be run: {words}")
    return CrawlFigures(sources=result["sources"])


def probe(services: Services, sources: Sequence[Source]) -> CrawlFigures:
    """Try every way into these sources once, and one article of each; keeps nothing. Raises `CrawlError`."""
    named = [part for source in sources for part in ("--source", source.id)]
    return CrawlFigures(sources=_look(services, named)["sources"])


def fetch(services: Services, url: str) -> dict[str, Any]:
    """One page, asked for by the rules of every crawl, and kept nowhere; raises `CrawlError` where it cannot be had."""
    return _look(services, ["--url", url])


def _look(services: Services, arguments: list[str]) -> dict[str, Any]:
    lines: list[str] = []
    deadline = services.settings.crawl.deadline
    command = ["-m", "crawler.look", *_folders(services.settings), *arguments]
    child = Children().run(command, deadline=deadline, on_line=lines.append, aloud=False)
    if child.overran:
        raise CrawlError(f"Looking took longer than {deadline} and was ended.")
    if child.status != 0 or not lines:
        raise CrawlError(child.last_words.splitlines()[-1] if child.last_words else "Nothing could be fetched.")
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def _folders(settings: Settings) -> list[str]:
    return ["--config", str(settings.config_dirs[0]), "--data", str(settings.data_dir)]


# --- process ---------------------------------------------------------------------------------------------------------


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


def process(services: Services, now: datetime, *, progress: Progress = silent) -> ProcessReport:
    """Judge every page that waits, and store what was found, an article a transaction.

    A page that the steps cannot use is marked with the reason and stops nothing.
    When all is stored, the second reader is asked, if there is one.
    """
    store, limit = services.store, services.settings.process.deadline.total_seconds()
    until = time.monotonic() + 0.9 * limit  # a job that overruns its deadline has failed
    pages, found, failed, judged = 0, [], [], []
    with store.lock("process", "Another presswatch process"):
        waiting = store.pages.counts()["waiting"]
        while rows := store.pages.unprocessed(limit=services.settings.process.batch):
            done = _judge(services, rows, now, partial(_passed_on, progress, pages, waiting))
            pages += len(rows)
            found += [outcome for outcome in done.found if outcome.verdict.relevant]
            failed += done.failed
            judged += [(outcome.article.url, outcome.verdict.level) for outcome in done.found]
    # Outside the lock: a slow model holds up nobody who has pages to judge.
    opinions.ask(services, judged, now, until=until, on_article=partial(progress, "Re-reading"))
    return ProcessReport(pages=pages, found=tuple(found), failed=tuple(failed))


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
    again: bool = False,
    dry_run: bool = False,
) -> _Judged:
    _ = services.knowledge  # read before the first page: a mistake in the configuration is no page's fault
    pairs = services.store.by_hand.pairs()
    recent = _recent(services, rows, pairs)
    judged = _Judged([], [])
    for number, row in enumerate(rows, 1):
        try:
            outcome = _outcome(services, row, recent, pairs, again=again)
        except (StoreError, MemoryError):
            raise  # nothing can be stored now, not even what went wrong; or the machine is at fault, not the page
        except Exception as error:
            why = _why(row, error)
            judged.failed.append((row.url, why))
            if not dry_run:
                _set_aside(services, row, error, why, now)
        else:
            if outcome:
                if not dry_run:
                    services.store.articles.save(outcome, now=now)
                _remember(recent, outcome)
                judged.found.append(outcome)
        on_page(number)
    return judged


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


def _remember(recent: dict[str, Known], outcome: Outcome) -> None:
    """Keep what is known in step with what the store has just saved."""
    recent[outcome.article.url] = outcome.known()
    for url, known in list(recent.items()):
        if known.story in outcome.merges:
            recent[url] = replace(known, story=outcome.story)
    for url, story in outcome.moves:
        recent[url] = replace(recent[url], story=story)


# --- digest and deliver ----------------------------------------------------------------------------------------------


def digest(services: Services, now: datetime) -> tuple[Digest, ...]:
    """Build every edition that is due and put it into the outbox."""
    built = []
    for plan in services.digests:
        if (due := edition_due(services, plan, now)) is not None:
            built.append(build_edition(services, plan, now, due=due))
    return tuple(edition for edition in built if edition is not None)


def edition_due(services: Services, plan: DigestPlan, now: datetime) -> datetime | None:
    """The edition to build now, if any; several that were missed become the latest of them."""
    from presswatch.digests import schedule

    last = services.store.digests.last_edition(plan.name)
    if last is None and (not services.store.sources.visited() or services.store.pages.unprocessed(limit=1)):
        return None  # nothing was crawled and judged yet: a first edition would be empty
    return schedule.latest_due(plan, last.until if last else None, now)


def build_edition(
    services: Services, plan: DigestPlan, now: datetime, *, due: datetime | None = None, since: datetime | None = None
) -> Digest | None:
    """Build one edition and store it with its deliveries in one transaction; None where there was nothing to tell.

    Without `due` it is an edition of its own, now. `since` looks further back than
    the last edition; what was told already is not told again.
    """
    with services.store.lock("digest", "Another presswatch process"):
        draft, recipients = _compose(services, plan, now, due, since)
        stored = services.store.digests.save(draft, recipients, now=now)
    return stored if recipients else None


def preview(services: Services, plan: DigestPlan, now: datetime, *, since: datetime | None = None) -> DigestDraft:
    """The edition as it would be built now; stores nothing."""
    return _compose(services, replace(plan, when_empty="say so"), now, None, since)[0]


def _compose(
    services: Services, plan: DigestPlan, now: datetime, due: datetime | None, since: datetime | None
) -> tuple[DigestDraft, tuple[str, ...]]:
    from presswatch.digests import compose, schedule
    from presswatch.digests.edition import Labels

    store = services.store
    last = store.digests.last_edition(plan.name)
    start = since or (last.until if last else now - plan.look_back)
    failed = store.digests.deliveries(since=now - _GIVEN_UP_SHOWN, state="given up")
    return compose.compose(
        plan,
        store.stories.changed(start - compose.OVERLAP, now),
        store.digests.told(plan.name),
        health=[h for h in services.health(now) if is_ill(h, services.settings.alerts.failures)],
        failed=[entry.delivery for entry in failed if entry.name == plan.name],
        edition=schedule.edition_name(due or now),
        since=start,
        until=due or now,
        now=now,
        labels=Labels(sources={source.id: source.name for source in services.sources}),
    )


def deliver(services: Services, now: datetime | None = None) -> DeliveryReport:
    """Send what is due, record each receipt, and put off what failed; `now` stands still where it is given."""
    from presswatch.digests.outbox import deliver_due
    from presswatch.digests.send import Channels
    from presswatch.recipients import by_kept_form

    settings = services.settings
    written = [recipient for plan in services.digests for recipient in plan.recipients]
    addresses = by_kept_form((*written, *settings.alerts.to), settings.environ)
    channels = Channels(mail=settings.mail, data_dir=settings.data_dir, addresses=addresses)
    # A mail that the server has taken without a receipt of ours would go out again: that is left to kill -9.
    with ending_gently() as ending:
        return deliver_due(services.store, channels, clock=lambda: now or datetime.now(UTC), ending=ending)


# --- prune -----------------------------------------------------------------------------------------------------------


def prune(services: Services, now: datetime) -> None:
    """Let go of what is older than it is to be kept; what was seen stays known."""
    keep = services.settings.archive.keep
    services.store.prune(now, keep_pages=keep)
    services.archive.prune(now - keep)


# --- what the scheduler knows ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One kind of work: whether it is due, how it is done, and how long it may take."""

    name: str
    due: Callable[[Services, datetime], bool]
    run: Callable[[Services, datetime], bool]  # whether all went well
    deadline: Callable[[Settings], timedelta]


def _crawl_due(services: Services, now: datetime) -> bool:
    return bool(services.store.sources.due(services.enabled, now=now))


def _run_crawl(services: Services, now: datetime) -> bool:
    due = services.store.sources.due(services.enabled, now=now)
    figures = crawl(services, [source for source in services.enabled if source.id in due])
    for name, row in figures.sources.items():
        if not row.get("ok", True):
            log.warning("%s: %s", name, row.get("message", ""), extra={"source": name})
        elif row.get("new"):
            log.info("%s: %d new articles", name, row["new"], extra={"source": name})
    if any(row.get("ok", True) for row in figures.sources.values()):
        _ping(services, now)
    return True  # a source that fails is its own matter, and stands beside it


def _ping(services: Services, now: datetime) -> None:
    """Tell the dead man's switch of a good cycle: a source was read, and no job fails again and again."""
    chosen = services.settings.monitoring
    if not chosen.ping:
        return
    sign = status.read(services.settings.data_dir, now)
    ill = services.settings.alerts.failures
    if failing := [name for name, job in sign.told.get("jobs", {}).items() if job.get("failures", 0) >= ill]:
        log.warning("No ping was sent, because %s failed %d times and more.", " and ".join(failing), ill)
        return
    from crawler.guard import is_public
    from presswatch.ping import PingFailed, ping

    try:
        permitted = (lambda _: True) if chosen.ping_private else is_public
        ping(chosen.ping, services.settings.user_agent, permitted=permitted)
    except PingFailed as error:
        log.warning("%s The next good cycle pings again.", error)


def _run_process(services: Services, now: datetime) -> bool:
    report = process(services, now)
    for outcome in report.found:
        article = outcome.article
        message = "To be told (%s): %s"
        extra = {"article": article.url, "url": article.url, "source": article.source}
        log.info(message, outcome.verdict.level, article.title, extra=extra)
    return True  # a page that gives no article is its source's matter, and stands beside it


def _run_digest(services: Services, now: datetime) -> bool:
    for edition in digest(services, now):
        known = {"digest": edition.id}
        log.info("Built %s, edition %s: %s", edition.name, edition.edition, edition.subject, extra=known)
    return True


def _run_prune(services: Services, now: datetime) -> bool:
    prune(services, now)
    return True


_SHORT = timedelta(minutes=10)
_LONG = timedelta(hours=1)

JOBS: Mapping[str, Job] = {
    job.name: job
    for job in (
        # A minute more than the crawl's own deadline, which ends it more gently.
        Job(name="crawl", due=_crawl_due, run=_run_crawl, deadline=lambda s: s.crawl.deadline + timedelta(minutes=1)),
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
            run=lambda services, _: not deliver(services).failed,
            deadline=lambda _: _LONG,
        ),
        Job(name="prune", due=lambda *_: True, run=_run_prune, deadline=lambda _: _LONG),
        Job(name="alert", due=alerting.due, run=alerting.run, deadline=lambda _: _SHORT),
    )
}
