"""Every question and every note that the crawl has for the store; no other file of the crawler talks to it."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from crawler.asking import Answer
from crawler.beforehand import Beforehand, Known
from crawler.memory import Seen
from crawler.ways import Way
from presswatch.models import Candidate, Source
from presswatch.store.opened import Store
from presswatch.store.records import FeedState, PageDraft, Reconciliation, Visit

# Failing sources are asked ever more rarely, and never given up.
LONGEST_PAUSE = timedelta(hours=6)
# Notes of visits are written together: one by one, a thousand visits with nothing new would wait for the disk most of
# their time. A crawl that dies before they are written only asks again.
_NOTED_TOGETHER = 50
WRITTEN_AFTER = 2.0  # seconds


class Ledger:
    """What is known before a crawl, and what it adds."""

    def __init__(
        self,
        store: Store,
        sources: Sequence[Source],
        *,
        now: Callable[[], datetime],
        young: timedelta,
        every: timedelta,
    ) -> None:
        self._store, self._now = store, now
        self._before = Beforehand(store, sources, young=young, every=every)
        self._visits: list[Visit] = []
        self._states: list[FeedState] = []
        self._written_at = time.monotonic()

    def last_success(self, source: Source) -> datetime | None:
        """When this source was last read successfully."""
        return self._known(source).standing.last_success_at

    def feed_state(self, way: Way) -> FeedState | None:
        """What a way answered last."""
        if way.kind == "feed" and way.url in way.source.feeds:
            return self._known(way.source).feeds.get(way.url)
        return self._store.sources.feed_state(way.url)

    def _known(self, source: Source) -> Known:
        return self._before.of(source, self._now())

    def remember(self, way: Way, answer: Answer, seen: Seen) -> None:
        """Keep a way's answer, with the next notes; only once everything that it led to is stored."""
        before = self.feed_state(way)
        self._states.append(
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
        return self._known(source).reconciliation

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

    def to_retry(self, source: Source) -> tuple[str, ...]:
        """Its articles that could not be had, and whose time has come."""
        return self._known(source).retries

    def candidate(self, url: str) -> Candidate | None:
        """What was said of a stored article when its newest page was fetched."""
        page = self._store.pages.newest(url)
        return page.candidate if page else None

    def to_recheck(self, source: Source) -> tuple[str, ...]:
        """Its articles that are to be looked at again: young ones once a day, and those that were missing."""
        return self._known(source).rechecks

    def stored(self, url: str) -> bool:
        """Whether there is a page of this address by now."""
        return self._store.pages.newest(url) is not None

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
        """Note the end of a visit and when the next one is due. It is written with other notes; see `write`."""
        failures = 0 if ok else self._known(source).standing.failures + 1
        self._visits.append(
            Visit(
                source=source.id,
                at=now,
                ok=ok,
                state=state,
                message=message,
                found=found,
                new=new,
                way=way,
                late=late,
                next_due_at=next_due(source, now, failures, retry_at),
            )
        )
        self._before.let_go(source)
        if len(self._visits) >= _NOTED_TOGETHER or time.monotonic() - self._written_at >= WRITTEN_AFTER:
            self.write()

    def write(self) -> None:
        """Write what was noted; where that fails, with `StoreError`, it stays noted, for another try."""
        self._written_at = time.monotonic()
        if self._visits or self._states:
            self._store.sources.record(self._visits, self._states)
            self._visits, self._states = [], []

    @property
    def unwritten(self) -> frozenset[str]:
        """The sources of whose visits the notes are not written."""
        return frozenset(visit.source for visit in self._visits)


def next_due(source: Source, now: datetime, failures: int, retry_at: datetime | None) -> datetime:
    """When a source is to be visited again, after that many failures in a row, and not before `retry_at`."""
    pause = source.every
    if failures > 1:  # the first failure is usually over by the next visit
        pause = max(source.every, min(source.every * 2 ** min(failures - 1, 16), LONGEST_PAUSE))
    return max(now + pause, retry_at or now)
