"""The visit that goes back: every way in, page after page and child after child, to a date."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from crawler.asking import Answer
from crawler.discovery import Onward, Unreadable
from crawler.item_pipelines import Item
from crawler.memory import Seen, fingerprint
from crawler.reading import date_of
from crawler.reconcile import EVERY, UNREAD
from crawler.tour import Wanted
from crawler.trouble import Trouble
from crawler.visit import Sorted, Visit
from crawler.ways import Way, ways
from presswatch.store.records import Reconciliation

# A site that numbers its pages without end is stopped here: 500 pages of ten articles are ten years of a busy newsroom.
MAX_PAGES = 500
# Listings give no dates, so the first page's own has to tell when to stop.
_DATES = (
    re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"'),
    re.compile(r'(?:article:published_time|datePublished|pubdate)"\s+content="([^"]{8,40})"', re.IGNORECASE),
    re.compile(r'<time[^>]{0,200}?datetime="([^"]{8,40})"', re.IGNORECASE),
    re.compile(
        r"""<[^>]{0,200}?class=["'][^"'>]{0,80}date[^"'>]{0,80}["'][^>]{0,200}>\s{0,20}([^<>]{8,40}?)\s{0,20}<""",
        re.IGNORECASE,
    ),
)


class Backfill(Visit):
    """Every way in, each to the end or to the date; one that fails does not stop the others."""

    async def read(self) -> None:
        self._dates: dict[str, datetime] = {}
        self._asked: set[str] = set()
        for way in self.ways:
            try:
                await self._walk(way)
            except (Trouble, Unreadable) as error:
                self.failed(error)
            else:
                self.worked(way)

    async def fetch_own(self) -> None:
        """What is this source's. It was a look through all that it lists, so the weekly one can wait its week."""
        await super().fetch_own()
        if self.answered and self.ways == ways(self.source):
            now, before = self.tour.now(), self.tour.ledger.reconciliation(self.source)
            late, compared = before.late if before else 0, len(self._named)
            self.tour.ledger.save_reconciliation(
                Reconciliation(source=self.source.id, done_at=now, next_at=now + EVERY, compared=compared, late=late)
            )

    async def _walk(self, way: Way) -> None:
        """One way from its first page on."""
        ahead = [Onward(url=way.url)]
        unlooked = not self.tour.ledger.passed_over([way.url])  # by a weekly look
        first = True
        while ahead and len(self._asked) < MAX_PAGES * len(self.ways):
            page = ahead.pop(0)
            if page.url in self._asked or not self.tour.hosts.owned(page.url):
                continue
            self._asked.add(page.url)
            try:
                answer = await self.ask(way, page.url)
                found = way.read(answer)
            except (Trouble, Unreadable) as error:
                if first:
                    raise
                if way.kind == "sitemap":  # one child less; for the others it is the end
                    self.notes.append(f"{error}")
                    self._past([f"{page.url}{UNREAD}"] if unlooked else ())
                continue
            await self.tour.keep(Item(answer=answer, draft=None))
            sorted_ = self.sort_out(found, Seen())
            if first:
                self.remember(way, answer, sorted_.seen(fingerprint(answer.body)))
            await self._fetch_recent(sorted_)
            if unlooked and way.kind != "feed":
                self._past(self._there_before(way, page, sorted_, found.onward))
            if way.kind == "sitemap":
                ahead += [child for child in found.onward if self._recent(child.modified_at)]
            elif sorted_.named and not self._all_older(sorted_):
                ahead += found.onward[:1]
            first = False
        if unlooked and way.kind == "sitemap":
            self._past(f"{page.url}{UNREAD}" for page in ahead)

    def _there_before(self, way: Way, page: Onward, sorted_: Sorted, onward: tuple[Onward, ...]) -> Iterator[str]:
        """What an answer names from before the date. The weekly looks then know the past, and take all else for missed.

        Without it the first of them, a week later, would take for the past also what was missed in that week.
        """
        if way.kind == "sitemap" or page.url == way.url:
            yield page.url
        for wanted in sorted_.wanted:
            if wanted.owner.id == self.source.id and not self._recent(_latest(wanted)):
                yield wanted.url
        if way.kind == "sitemap":
            yield from (f"{child.url}{UNREAD}" for child in onward if not self._recent(child.modified_at))

    def _past(self, marks: Iterable[str]) -> None:
        self.tour.ledger.pass_over(list(marks), self.source, self.tour.now())

    async def _fetch_recent(self, sorted_: Sorted) -> None:
        """Fetch this source's own at once, so that a long backfill holds little and keeps what it has."""
        for url, wanted in sorted_.named.items():
            if wanted.candidate.published_at:
                self._dates.setdefault(url, wanted.candidate.published_at)
        recent = [w for w in sorted_.wanted if self._recent(_latest(w))]
        self.want(recent)
        own = [self._own.pop(w.url) for w in recent if w.url in self._own]
        self.tour.planned(len(own))
        for wanted in own:
            answer = await self.fetcher.fetch(wanted)
            if answer and (day := page_date(answer)):
                self._dates.setdefault(wanted.url, day)

    def _recent(self, when: datetime | None) -> bool:
        return when is None or self.tour.since is None or when >= self.tour.since

    def _all_older(self, sorted_: Sorted) -> bool:
        """Whether every article of a page is dated, and before the date; an undated one does not end the walk."""
        dates: Iterable[datetime | None] = [self._dates.get(url) for url in sorted_.named]
        return all(day is not None and not self._recent(day) for day in dates)


def _latest(wanted: Wanted) -> datetime | None:
    days = [d for d in (wanted.candidate.published_at, wanted.candidate.modified_at) if d]
    return max(days, default=None)


def page_date(answer: Answer) -> datetime | None:
    """When a page says that it was published; a rough reading that only decides how far to go."""
    for pattern in _DATES:
        match = pattern.search(answer.text)
        if match and (day := date_of(match[1])):
            return day
    return None
