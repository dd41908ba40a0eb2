"""The ordinary visit: the feeds once, conditionally; the next way in where they fail or may have missed something."""

import time
from datetime import datetime, timedelta

from crawler.discovery import Empty, Found, Onward, Unreadable
from crawler.item_pipelines import Item
from crawler.memory import Seen, fingerprint
from crawler.reconcile import Reconciler
from crawler.tour import Wanted
from crawler.trouble import Trouble
from crawler.visit import Sorted, Visit
from crawler.ways import Way, ways
from presswatch import urls

# Pages of a listing or REST answer, and children of a sitemap index, that one ordinary visit looks at.
MAX_ONWARD = 20
# Of one visit. A first one takes two minutes: thirty articles, and a look at what was there before.
LONGEST_SECONDS = 300.0
# Clocks of sites and of editors differ; this far before the last success nothing was missed.
_OVERLAP = timedelta(days=2)
# What a first visit takes from a sitemap that dates nothing; a backfill takes the rest.
_FIRST_UNDATED = 30
_FIRST_WINDOW = timedelta(days=30)


class Crawl(Visit):
    """Feeds first. A first visit takes what they list; a later one closes the gap where nothing in a feed was known."""

    async def read(self) -> None:
        self._began = time.monotonic()
        self._asked: set[str] = set()  # sitemaps: an index may contain itself, or another that contains it
        self._unclosed: list[tuple[Way, tuple[Onward, ...]]] = []
        feeds = tuple(way for way in self.ways if way.kind == "feed")
        first_ways = feeds or self.ways[:1]
        gap = [await self._take(way) for way in first_ways]
        if not any(gap) and not self.troubles:
            return
        for way in self.ways[len(first_ways) :]:
            if not self._hopeless(way) and await self._take(way) is False:
                return
        for way, onward in self._unclosed:  # a WordPress pages its feeds
            await self._further(way, onward)

    async def fetch_own(self) -> None:
        """What is this source's; then, once a week, what was missed of it."""
        await super().fetch_own()
        due = self.tour.ledger.reconciliation_due(self.source, self.tour.now())
        if due and self.answered and self.ways == ways(self.source):
            await Reconciler(self).run()

    def overdue(self) -> bool:
        """Also a site that trickles must not hold up the crawl, and with it the next visits to all the others."""
        self.cut_short = self.cut_short or time.monotonic() - self._began > LONGEST_SECONDS
        return self.cut_short

    def _hopeless(self, way: Way) -> bool:
        """Whether the host has just shown that it answers nothing at all."""
        host = urls.host(way.url)
        return any(isinstance(t, Trouble) and t.dead == host for t in self.troubles)

    async def _take(self, way: Way) -> bool | None:
        """Read one way. True where it leaves a gap, False where it leaves none, None where it failed."""
        try:
            gap = await self._read_way(way)
        except (Trouble, Unreadable) as error:
            self.failed(error)
            return None
        self.worked(way)
        return gap

    async def _read_way(self, way: Way) -> bool:
        state = self.tour.ledger.feed_state(way)
        seen = Seen.read(state.content_hash) if state else Seen()
        validators: dict[str, bytes] = {}
        if state and seen.fingerprint:  # verbatim, and only where what they vouch for is remembered as well
            validators |= {"If-None-Match": state.etag} if state.etag else {}
            validators |= {"If-Modified-Since": state.last_modified} if state.last_modified else {}
        answer = await self.ask(way, way.url, validators)
        print_ = fingerprint(answer.body)
        if answer.status == 304 or print_ == seen.fingerprint:
            self.figures.not_modified += 1
            self.remember(way, answer, seen)
            return False
        found = way.read(answer)
        sorted_ = self.sort_out(found, seen)
        self._expect_ours(way, found, sorted_)
        self.recheck(url for url in seen.vanished(list(sorted_.named)) if self._is_ours(url))
        now_seen = sorted_.seen(print_)
        if now_seen.items == seen.items:
            self.figures.not_modified += 1
        else:
            await self.tour.keep(Item(answer=answer, draft=None))
        self.want(self._chosen(way, sorted_, seen, asked_before=state is not None))
        self.remember(way, answer, now_seen)
        if way.kind == "sitemap":
            self._asked.add(way.url)
            inconclusive = state is None and not any(map(_when, sorted_.named.values())) and bool(sorted_.named)
            return await self._children(found) or inconclusive
        missed = self._missed(sorted_, seen)
        if missed and way.kind == "feed":
            self._unclosed.append((way, found.onward))
        elif missed:
            return await self._further(way, found.onward)
        return missed

    def _expect_ours(self, way: Way, found: Found, sorted_: Sorted) -> None:
        """Raises `Empty` where a way that the source's block names leads nowhere but to strangers."""
        if way in self.ways and not sorted_.named and not any(self.tour.hosts.owned(o.url) for o in found.onward):
            named = len(found.candidates) + len(found.onward)
            raise Empty(f"{way.url} names {named} addresses, and none of them is an article of a site that is watched")

    def _is_ours(self, url: str) -> bool:
        owner = self.tour.hosts.owner(url, self.source)
        return owner is not None and owner.id == self.source.id

    def _missed(self, sorted_: Sorted, seen: Seen) -> bool:
        """Whether nothing was known of what a way names, though the source was visited before."""
        before = self.tour.ledger.last_success(self.source) is not None
        return before and bool(sorted_.named) and not any(u in sorted_.known or u in seen.items for u in sorted_.named)

    def _chosen(self, way: Way, sorted_: Sorted, seen: Seen, *, asked_before: bool) -> list[Wanted]:
        """What to fetch of what a way names. A sitemap names a site's whole past; only its recent part counts."""
        if way.kind != "sitemap":
            return sorted_.wanted
        if asked_before:
            return [w for w in sorted_.wanted if w.url not in seen.items or w.url in sorted_.edited]
        horizon = self._horizon()
        dated = [w for w in sorted_.wanted if (when := _when(w)) and when >= horizon]
        first = self.tour.ledger.last_success(self.source) is None
        if first and not any(map(_when, sorted_.named.values())):
            return sorted_.wanted[:_FIRST_UNDATED]
        return dated

    def _horizon(self) -> datetime:
        last = self.tour.ledger.last_success(self.source)
        return last - _OVERLAP if last else self.tour.now() - _FIRST_WINDOW

    async def _children(self, found: Found) -> bool:
        """The children of a sitemap index that changed since the last success, each a way of its own."""
        horizon = self._horizon()
        gap = False
        for child in found.onward:
            fresh = child.modified_at is None or child.modified_at >= horizon
            known_host = self.tour.hosts.owned(child.url)  # an index may name any address
            asked = child.url in self._asked or len(self._asked) >= MAX_ONWARD or self.overdue()
            if fresh and known_host and not asked:
                self._asked.add(child.url)
                gap |= bool(await self._take(Way(kind="sitemap", url=child.url, source=self.source)))
        return gap

    async def _further(self, way: Way, onward: tuple[Onward, ...]) -> bool:
        """The pages after the first, until one names something known; whether none did."""
        asked = {way.url}
        while onward and len(asked) < MAX_ONWARD and onward[0].url not in asked and not self.overdue():
            if not _same_host(way, onward[0]):
                break
            asked.add(onward[0].url)
            try:
                answer = await self.ask(way, onward[0].url)
                found = way.read(answer)
            except (Trouble, Unreadable):
                break  # past the last page
            sorted_ = self.sort_out(found, Seen())
            if sorted_.wanted:
                await self.tour.keep(Item(answer=answer, draft=None))
            horizon = self._horizon()
            self.want(w for w in sorted_.wanted if (_when(w) or horizon) >= horizon)
            if sorted_.known or not sorted_.named:
                return False
            onward = found.onward
        return True


def _same_host(way: Way, onward: Onward) -> bool:
    return urls.host(onward.url) == urls.host(way.url)


def _when(wanted: Wanted) -> datetime | None:
    return wanted.candidate.published_at or wanted.candidate.modified_at
