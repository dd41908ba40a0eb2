"""The weekly look through everything that a site lists, for what its feed never named or what went by unseen.

Sitemaps, REST answers and listings are held against the store. What they named
the first time was there before the watch and is passed over (a backfill takes
it). What a sitemap names later, and nobody fetched, was missed. The others go
from the newest back, and a week's look sees only their first pages: there, what
stands above something known was missed, and what stands below the last of it
belongs to the past.
"""

from collections.abc import Iterable
from datetime import timedelta

from crawler.discovery import Empty, Found, Onward, Unreadable
from crawler.tour import Wanted
from crawler.trouble import Trouble
from crawler.visit import Visit
from crawler.ways import Way
from presswatch import urls
from presswatch.store.records import Reconciliation

EVERY = timedelta(days=7)
# After one that was not complete: a sitemap that is always refused costs a request a day.
AGAIN = timedelta(days=1)
# How far back a look goes where dates tell: four of them overlap, so that three may fail and nothing slips through.
BACK = timedelta(days=28)
# Children of a sitemap index, and pages of a listing or REST answer; the blogs that are watched have up to thirty.
MAX_CHILDREN = 100
MAX_PAGES = 20
_PAGES_OF_THE_PAST = 2  # in a row; one may be a gap
# Articles that one visit fetches late, to end well before its deadline; the rest follow at the next visits.
MAX_LATE = 100
_KINDS = ("sitemap", "rest", "listing")
UNREAD = "#unread"  # behind the address of a child that was not read; no canonical address has a fragment


class Reconciler:
    """One such look, as the last part of a visit."""

    def __init__(self, visit: Visit) -> None:
        self._visit, self._source, self._tour = visit, visit.source, visit.tour
        self._ledger, self._hosts = visit.tour.ledger, visit.tour.hosts
        self._missed: dict[str, Wanted] = {}
        self._compared: set[str] = set()
        self._troubles: list[str] = []
        self._looked = False

    async def run(self) -> None:
        """Ask the ways, fetch what was missed, and note when to look again."""
        for way in self._visit.ways:
            if way.kind in _KINDS:
                await self._look_through(way)
        before = self._visit.figures.late
        missed = list(self._missed.values())
        await self._visit.fetch_late(missed[:MAX_LATE])
        self._note(self._visit.figures.late - before, left=len(missed) - MAX_LATE)

    async def _look_through(self, way: Way) -> None:
        try:
            await (self._sitemap(way) if way.kind == "sitemap" else self._pages(way))
        except (Trouble, Unreadable) as error:
            self._troubles.append(f"{error}")
        else:
            self._looked = True

    def _overdue(self) -> bool:
        if self._visit.overdue():
            self._troubles.append(f"{self._source.name} answers too slowly to look through all that it lists")
        return self._visit.cut_short

    # --- sitemaps ---

    async def _sitemap(self, way: Way) -> None:
        """A sitemap, or an index and its children; an index may contain itself, and may name any address."""
        first = not self._ledger.passed_over([way.url])
        asked, ahead = {way.url}, list(self._hold_sitemap(await self._read(way, way.url), first))
        while ahead and len(asked) <= MAX_CHILDREN and not self._overdue():
            child = ahead.pop(0)
            if child.url not in asked and (first or self._recent(child)) and self._hosts.owned(child.url):
                asked.add(child.url)
                ahead += await self._child(way, child.url, first)
        if first:
            unread = [f"{child.url}{UNREAD}" for child in ahead]
            self._ledger.pass_over(unread, self._source, self._tour.now())
        self._ledger.pass_over([way.url], self._source, self._tour.now())

    async def _child(self, way: Way, url: str, first: bool) -> tuple[Onward, ...]:
        """One child; returns its own. Where it could not be read the first time, the past is what it holds later."""
        now, unread = self._tour.now(), f"{url}{UNREAD}"
        try:
            found = await self._read(way, url)
        except Empty:
            return ()
        except (Trouble, Unreadable) as error:
            self._troubles.append(f"{error}")
            if first:
                self._ledger.pass_over([unread], self._source, now)
            return ()
        noted = self._ledger.passed_over([url, unread])
        onward = self._hold_sitemap(found, first or noted == {unread})
        self._ledger.pass_over([url], self._source, now)
        return onward

    def _hold_sitemap(self, found: Found, first: bool) -> tuple[Onward, ...]:
        """Compare; returns the children, and lets go of the rest: twelve large sitemaps do not fit into the memory."""
        own, past = self._hold(found)
        unknown = [wanted for wanted in own.values() if wanted.url not in past]
        if first:
            self._ledger.pass_over([wanted.url for wanted in unknown], self._source, self._tour.now())
        else:
            self._miss(unknown)
        return found.onward

    def _recent(self, child: Onward) -> bool:
        return child.modified_at is None or child.modified_at >= self._tour.now() - BACK

    # --- listings and REST ---

    async def _pages(self, way: Way) -> None:
        """Page after page, until all of one was stored weeks ago or the past has begun."""
        first = not self._ledger.passed_over([way.url])
        onward: tuple[Onward, ...] = (Onward(url=way.url),)
        asked: set[str] = set()
        waiting: list[Wanted] = []  # unknown, and nothing known was seen below it so far
        strange = 0
        while onward and onward[0].url not in asked and len(asked) < MAX_PAGES and strange < _PAGES_OF_THE_PAST:
            url = onward[0].url
            if urls.host(url) != urls.host(way.url) or self._overdue():
                break
            asked.add(url)
            try:
                found = await self._read(way, url)
            except (Trouble, Unreadable):
                if url == way.url:
                    raise
                break  # past the last page
            own, past = self._hold(found)
            strange = 0 if past else strange + 1
            for wanted in own.values():
                if wanted.url in past:
                    self._miss(waiting if not first else ())
                    waiting = []
                else:
                    waiting.append(wanted)
            if first:
                self._ledger.pass_over([w.url for w in waiting], self._source, self._tour.now())
            if own and self._ledger.all_fetched_before(own, self._tour.now() - BACK):
                break
            onward = found.onward
        self._ledger.pass_over([way.url], self._source, self._tour.now())

    # --- both ---

    async def _read(self, way: Way, url: str) -> Found:
        return way.read(await self._visit.ask(way, url))

    def _hold(self, found: Found) -> tuple[dict[str, Wanted], set[str]]:
        """This source's own of what an answer names, and which of it is stored, or was passed over."""
        own: dict[str, Wanted] = {}
        for candidate in found.candidates:
            owner = self._hosts.owner(candidate.url, self._source)
            if owner is not None and owner.id == self._source.id:
                url = urls.canonical(candidate.url)
                own.setdefault(url, Wanted(url=url, candidate=candidate, owner=owner))
        self._compared.update(own)
        past = self._ledger.known(own, self._tour.now())
        return own, past | self._ledger.passed_over(url for url in own if url not in past)

    def _miss(self, articles: Iterable[Wanted]) -> None:
        for wanted in articles:
            self._missed.setdefault(wanted.url, wanted)

    def _note(self, late: int, left: int) -> None:
        now, before = self._tour.now(), self._ledger.reconciliation(self._source)
        if late:
            articles = "1 article came late" if late == 1 else f"{late} articles came late"
            self._visit.notes.append(f"{articles}: only the weekly look through all that the site lists found them")
        if left > 0:
            self._visit.notes.append(f"{left} more follow at the next visits")
        self._ledger.save_reconciliation(
            Reconciliation(
                source=self._source.id,
                done_at=now if self._looked else before.done_at if before else None,
                next_at=now if left > 0 else now + (AGAIN if self._troubles or self._visit.cut_short else EVERY),
                compared=len(self._compared),
                late=(before.late if before else 0) + late,
                message=". ".join(self._troubles[:3]),
            )
        )
