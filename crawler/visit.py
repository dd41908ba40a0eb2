"""One visit to one source: ask its ways in, find what is new or changed, fetch it, note how it went.

What belongs to another source is left to that source's own visit, which knows
it better, and taken in the end where that visit did not. What a way answered is
remembered last: a crawl that dies loses nothing, it only asks again.
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.asking import Answer, Figures
from crawler.beforehand import MAX_RECHECKS
from crawler.discovery import Found, Unreadable
from crawler.fetching import Fetcher
from crawler.memory import Seen, mark
from crawler.tour import Tour, Wanted
from crawler.trouble import Trouble
from crawler.ways import Way
from presswatch import urls
from presswatch.errors import PresswatchError
from presswatch.models import Candidate, Source

log = logging.getLogger(__name__)

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What one answer named, by canonical address: all of it, what is known of it, and what was edited of that."""

    named: dict[str, Wanted]
    known: set[str]
    edited: set[str]

    @property
    def wanted(self) -> list[Wanted]:
        """What is new or edited."""
        return [w for url, w in self.named.items() if url not in self.known or url in self.edited]

    def seen(self, fingerprint: str) -> Seen:
        """What is remembered of the answer: every article that it named, and what it said of each."""
        return Seen(fingerprint=fingerprint, items={url: mark(w.candidate) for url, w in self.named.items()})


class Visit(ABC):
    """The parts that every visit has; `Crawl` and `Backfill` say which ways are asked, and how far."""

    def __init__(self, source: Source, tour: Tour, ways: tuple[Way, ...]) -> None:
        self.source, self.tour, self.ways = source, tour, ways
        self.figures = Figures()
        self.fetcher = Fetcher(source, tour, self.figures)
        self.troubles: list[Trouble | Unreadable] = []
        self.notes: list[str] = []
        self._worked: list[str] = []
        self._own: dict[str, Wanted] = {}
        self._foreign: dict[str, Wanted] = {}
        self._named: set[str] = set()
        self._new: set[str] = set()
        self._remember: dict[str, tuple[Way, Answer, Seen]] = {}
        self._rechecks: dict[str, None] = {}
        self.concluded = False
        self.cut_short = False
        self._started = time.monotonic()

    @abstractmethod
    async def read(self) -> None:
        """Ask the ways in."""

    def overdue(self) -> bool:
        """Whether this visit has to end now, what is left to the next one."""
        return False

    @property
    def foreign_owners(self) -> tuple[Source, ...]:
        return tuple({wanted.owner.id: wanted.owner for wanted in self._foreign.values()}.values())

    async def fetch_own(self) -> None:
        """Fetch what is this source's: what is new, what is to be tried again, what is to be looked at again."""
        await self._fetch(self._own.values())
        self._own.clear()
        await self._second_looks()

    async def fetch_late(self, articles: Iterable[Wanted]) -> None:
        """Fetch this source's own that was missed so far, and say in each that it comes late."""
        now = self.tour.now()
        why = f"It came late: the ways that are asked every time had not named it by {now.day} {now:%B %Y}."
        missed = [replace(wanted, late=why) for wanted in articles]
        self._named.update(wanted.url for wanted in missed)
        self._new.update(wanted.url for wanted in missed)
        await self._fetch(missed)

    async def fetch_foreign(self) -> None:
        """Fetch what this source named of others and their own visits did not take."""
        known = self.tour.ledger.known(self._foreign, self.tour.now())
        await self._fetch(w for w in self._foreign.values() if w.known or w.url not in known)

    def conclude(self, defect: Exception | None = None) -> None:
        """Remember what the ways answered and note the visit; a defect leaves the ways as they were."""
        self.concluded = True
        if self.cut_short:  # what a way named and was not fetched is found again by asking it again
            self.notes.append("the visit took too long and was ended; the rest follows at the next")
        if defect is None and not self.cut_short:
            for way, answer, seen in self._remember.values():
                self.tour.ledger.remember(way, answer, seen)
        figures = self.figures
        figures.found, figures.new = len(self._named), len(self._new)
        figures.way = "+".join(dict.fromkeys(self._worked))
        figures.seconds = round(time.monotonic() - self._started, 3)
        figures.ok, figures.state, figures.message = self._verdict(defect)
        waits = [t.retry_at for t in self.troubles if isinstance(t, Trouble)]
        retry_at = max((when for when in (*waits, self.fetcher.retry_at) if when), default=None)
        self.tour.ledger.visited(
            self.source,
            self.tour.now(),
            ok=figures.ok,
            state=figures.state,
            message=figures.message,
            found=figures.found,
            new=figures.new,
            way=figures.way,
            retry_at=retry_at,
            late=figures.late,
        )

    def _verdict(self, defect: Exception | None) -> tuple[bool, str, str]:
        if defect is not None:
            known = isinstance(defect, PresswatchError)
            return (
                False,
                "failing",
                str(defect) if known else f"A defect in the crawler: {type(defect).__name__}: {defect}",
            )
        if not self._worked:
            first = self.troubles[0] if self.troubles else None
            state = first.state if isinstance(first, Trouble) else "changed"
            more = " (and every other way in failed as well)" if len(self.troubles) > 1 else ""
            return False, "failing" if state == "refused" else state, f"{first}{more}"
        first_page = self.fetcher.first_trouble
        if first_page and self.figures.failed and not self.figures.fetched and not first_page.gone:
            state = "failing" if first_page.state == "refused" else first_page.state
            return False, state, f"None of {self.figures.failed} articles could be had: {first_page}"
        words = [f"{trouble}; the {self._worked[-1]} was used instead" for trouble in self.troubles]
        if self.fetcher.second_way:
            words.append(f"{self.fetcher.second_way} pages could not be had, their text came another way: {first_page}")
        elif self.figures.failed:
            words.append(f"{self.figures.failed} articles could not be had, first: {first_page}")
        return True, "ok", ". ".join([*words, *self.notes])

    # --- reading a way ---

    async def ask(self, way: Way, url: str, validators: dict[str, bytes] | None = None) -> Answer:
        """Ask a way in, or one of its pages or children; a permanent move is noted for the operator."""
        answer = await self.tour.asker.ask(url, self.source, self.figures, kind=way.accept, validators=validators)
        if answer.moved and url == way.url:
            self.notes.append(f"{url} has moved for good to {answer.final_url}; put that into sources.yaml")
        return answer

    @property
    def answered(self) -> bool:
        """Whether any way in could be read."""
        return bool(self._worked)

    def worked(self, way: Way) -> None:
        self._worked.append(way.kind)

    def failed(self, trouble: Trouble | Unreadable) -> None:
        """A way could not be read. The trouble is kept, and not what its traceback and cause hold of the answer."""
        trouble.__cause__ = trouble.__context__ = None
        self.troubles.append(trouble.with_traceback(None))

    def remember(self, way: Way, answer: Answer, seen: Seen) -> None:
        """To be kept once everything that this answer led to is stored."""
        self._remember[way.url] = (way, replace(answer, body=b""), seen)  # a dozen bodies would fill the memory

    def recheck(self, found: Iterable[str]) -> None:
        self._rechecks.update(dict.fromkeys(found))

    def sort_out(self, found: Found, seen: Seen) -> "Sorted":
        """Whose the articles are that `found` names, which are known, and which of those were edited."""
        owned: dict[str, Wanted] = {}
        for candidate in found.candidates:
            owner = self.tour.hosts.owner(candidate.url, self.source)
            if owner is None:
                self.figures.foreign += 1
                continue
            ours = owner.id == self.source.id
            theirs = candidate if ours else replace(candidate, source=owner.id, language=owner.language)
            url = urls.canonical(candidate.url)
            owned.setdefault(url, Wanted(url=url, candidate=theirs, owner=owner))
        known = self.tour.ledger.known(owned, self.tour.now())
        self._named.update(owned)
        edited = {url for url in known if seen.changed(url, owned[url].candidate)}
        return Sorted(named={u: replace(w, known=u in known) for u, w in owned.items()}, known=known, edited=edited)

    def want(self, articles: Iterable[Wanted]) -> None:
        """Take these on. Where two ways name one article, the fuller account of it is kept."""
        for wanted in articles:
            self._new.update(() if wanted.known else (wanted.url,))
            place = self._own if wanted.owner.id == self.source.id else self._foreign
            before = place.get(wanted.url)
            place[wanted.url] = (
                replace(wanted, candidate=_fuller(before.candidate, wanted.candidate)) if before else wanted
            )

    # --- fetching ---

    async def _fetch(self, articles: Iterable[Wanted]) -> None:
        # Oldest first: what is stored first was first seen first.
        ordered = sorted(articles, key=lambda w: w.candidate.published_at or _UNDATED)
        self.tour.planned(len(ordered))
        for wanted in ordered:
            if self.overdue():
                break
            await self.fetcher.fetch(wanted)

    async def _second_looks(self) -> None:
        ledger = self.tour.ledger
        retries = ledger.to_retry(self.source)
        looks = list(dict.fromkeys((*self._rechecks, *ledger.to_recheck(self.source))))
        for url in retries:
            await self._look(url, known=False)
        for url in looks[:MAX_RECHECKS]:
            await self._look(url, known=True)

    async def _look(self, url: str, *, known: bool) -> None:
        owner = self.tour.hosts.owner(url, self.source)
        if owner is None or owner.id != self.source.id or url in self.tour.claimed:
            return
        await self._fetch([Wanted(url=url, candidate=self.fetcher.stored_candidate(url), owner=owner, known=known)])


def _fuller(one: Candidate, other: Candidate) -> Candidate:
    """One account of an article out of two; what the first leaves out, the second fills in."""
    content = one if one.content_html or not other.content_html else other
    return replace(
        content,
        title=one.title or other.title,
        author=one.author or other.author,
        published_at=one.published_at or other.published_at,
        modified_at=one.modified_at or other.modified_at,
        categories=one.categories or other.categories,
    )
