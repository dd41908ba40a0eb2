"""Every question and every note that the crawl has for the store; no other file of the crawler talks to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crawler.asking import Answer
from crawler.memory import Seen
from crawler.ways import Way
from presswatch.models import Candidate, Source
from presswatch.store.opened import Store
from presswatch.store.records import FeedState, PageDraft, Reconciliation

# Failing sources are asked ever more rarely, and never given up.
LONGEST_PAUSE = timedelta(hours=6)


class Ledger:
    """What is known before a crawl, and what it adds."""

    def __init__(self, store: Store, sources: Sequence[Source], now: datetime, *, young: timedelta, every: timedelta):
        self._store = store
        self._health = {health.source: health for health in store.sources.health(sources, now=now)}
        self._young, self._every = young, every

    def last_success(self, source: Source) -> datetime | None:
        """When this source was last read successfully."""
        return self._health[source.id].last_success_at

    def feed_state(self, way: Way) -> FeedState | None:
        return self._store.sources.feed_state(way.url)

    def remember(self, way: Way, answer: Answer, seen: Seen) -> None:
        """Keep a way's answer; only once everything that it led to is stored."""
        before = self.feed_state(way)
        self._store.sources.save_feed_state(
            FeedState(
                url=way.url,
                source=way.source.id,
                # A 304 may repeat the validators, and may leave them out.
                etag=answer.etag or (before.etag if before and answer.status == 304 else None),
                last_modified=answer.last_modified
                or (before.last_modified if before and answer.status == 304 else None),
                content_hash=str(seen),
                checked_at=answer.fetched_at,
                status=answer.status,
            )
        )

    def known(self, urls: Iterable[str], now: datetime) -> set[str]:
        return self._store.pages.known(urls, now=now)

    def reconciliation(self, source: Source) -> Reconciliation | None:
        """The last weekly look through everything that a source lists."""
        return self._store.reconciliations.get(source.id)

    def reconciliation_due(self, source: Source, now: datetime) -> bool:
        """Whether it is time for one; also where the clock was set back since the last."""
        last = self.reconciliation(source)
        return last is None or last.next_at <= now or (last.done_at is not None and last.done_at > now)

    def save_reconciliation(self, reconciliation: Reconciliation) -> None:
        self._store.reconciliations.save(reconciliation)

    def passed_over(self, urls: Iterable[str]) -> set[str]:
        return self._store.reconciliations.passed_over(urls)

    def pass_over(self, urls: Iterable[str], source: Source, now: datetime) -> None:
        self._store.reconciliations.pass_over(urls, source=source.id, now=now)

    def all_fetched_before(self, urls: Iterable[str], when: datetime) -> bool:
        """Whether each of `urls` was first stored before then."""
        wanted = set(urls)
        fetched = self._store.reconciliations.fetched(wanted)
        return fetched.keys() == wanted and all(at < when for at in fetched.values())

    def to_retry(self, source: Source, now: datetime, limit: int) -> tuple[str, ...]:
        return tuple(refusal.url for refusal in self._store.pages.to_retry([source.id], now=now, limit=limit))

    def candidate(self, url: str) -> Candidate | None:
        """What was said of a stored article when its newest page was fetched."""
        page = self._store.pages.newest(url)
        return page.candidate if page else None

    def to_recheck(self, source: Source, now: datetime, limit: int) -> tuple[str, ...]:
        due = self._store.pages.to_recheck(now, limit, sources=[source.id], young=self._young, every=self._every)
        return tuple(recheck.url for recheck in due)

    def unchanged(self, draft: PageDraft) -> bool:
        """Whether a page says nothing that is not stored already."""
        return self._store.pages.unchanged(draft)

    def add(self, draft: PageDraft) -> bool:
        """Store a page; whether it is new or says something new."""
        added = self._store.pages.add(draft) is not None
        self._store.pages.record_checked(draft.url, now=draft.fetched_at, status=draft.status)
        return added

    def refused(self, url: str, source: Source, now: datetime, status: int, message: str) -> None:
        self._store.pages.refused(url, source=source.id, now=now, status=status, message=message)

    def checked(self, url: str, now: datetime, status: int) -> None:
        self._store.pages.record_checked(url, now=now, status=status)

    def removed(self, url: str, now: datetime, status: int) -> bool:
        return self._store.pages.removed(url, now=now, status=status)

    def moved(self, old: str, new: str, now: datetime) -> None:
        self._store.pages.moved(old, new, now=now)

    def visited(
        self,
        source: Source,
        now: datetime,
        *,
        ok: bool,
        state: str,
        message: str,
        found: int,
        new: int,
        way: str,
        retry_at: datetime | None,
        late: int = 0,
    ) -> None:
        """Note the end of a visit and when the next one is due."""
        failures = 0 if ok else self._health[source.id].failures + 1
        self._store.sources.record_visit(
            source.id,
            now=now,
            ok=ok,
            state=state,
            message=message,
            found=found,
            new=new,
            way=way,
            late=late,
            next_due_at=next_due(source, now, failures, retry_at),
        )


def next_due(source: Source, now: datetime, failures: int, retry_at: datetime | None) -> datetime:
    """When a source is to be visited again, after that many failures in a row, and not before `retry_at`."""
    pause = source.every
    if failures > 1:  # the first failure is usually over by the next visit
        pause = max(source.every, min(source.every * 2 ** min(failures - 1, 16), LONGEST_PAUSE))
    return max(now + pause, retry_at or now)
