"""Fetching articles: the page where it can be had, else what the feed or the REST answer carries of it."""

import logging
from dataclasses import replace
from datetime import datetime

from crawler.asking import Answer, Figures
from crawler.hosts import is_article
from crawler.item_pipelines import Item
from crawler.tour import Tour, Wanted
from crawler.trouble import Trouble
from presswatch import urls
from presswatch.models import Candidate, Source
from presswatch.store.records import PageDraft, content_hash

log = logging.getLogger(__name__)

# After so many refused pages in a row a site is not asked for more of them in this visit: it would only be annoyed.
_PATIENCE = 3
# Reading a page takes memory for each of its tags; the longest of the watched sites' pages have under 10,000.
_MAX_TAGS = 100_000
_PAGES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml", "")


class Fetcher:
    """Fetches for one visit, one article after the other."""

    def __init__(self, source: Source, tour: Tour, figures: Figures) -> None:
        self.source, self._tour, self._figures = source, tour, figures
        self._refusals: dict[str, list[Trouble]] = {}  # by owner, those in a row
        self.first_trouble: Trouble | None = None
        self.retry_at: datetime | None = None  # when its host wants to be asked again
        self.second_way = 0  # articles that came without their page

    async def fetch(self, wanted: Wanted) -> Answer | None:
        """Fetch and store one article, or note why not; its page where there was one."""
        if wanted.url in self._tour.claimed:
            return None
        self._tour.claimed.add(wanted.url)
        try:
            answer = await self._page(wanted)
            await self._store(wanted, answer)
        except Trouble as trouble:
            await self._without_page(wanted, trouble)
            return None
        finally:
            self._tour.did()
        return answer

    async def _page(self, wanted: Wanted) -> Answer:
        refused = self._refusals.setdefault(wanted.owner.id, [])
        if len(refused) >= _PATIENCE:
            raise Trouble(
                "blocked", f"{wanted.url} was not asked for, after {_PATIENCE} refusals in a row ({refused[0]})"
            )
        try:
            answer = await self._tour.asker.ask(wanted.candidate.url, wanted.owner, self._figures)
            if not answer.body.strip():
                raise Trouble("blocked", f"{answer.url} answers with an empty page", status=answer.status)
        except Trouble as trouble:
            if not trouble.gone and trouble.state != "refused":
                refused.append(trouble)
            raise
        refused.clear()
        if answer.body.count(b"<") > _MAX_TAGS:
            raise Trouble(
                "refused",
                f"{answer.url} holds more than {_MAX_TAGS:,} tags, which no article does",
                status=answer.status,
            )
        if answer.content_type.partition(";")[0].strip().lower() not in _PAGES:
            raise Trouble("refused", f"{answer.url} is no page but {answer.content_type[:60]}", status=answer.status)
        return answer

    async def _store(self, wanted: Wanted, answer: Answer) -> None:
        url = self._identity(wanted, answer)
        if url == wanted.url and not wanted.known and self._tour.ledger.stored(url):
            self._figures.fetched += 1
            return  # another crawl was quicker: on another machine, or for the source whose article this is
        draft = PageDraft(
            url=url,
            source=wanted.owner.id,
            fetched_at=answer.fetched_at,
            status=answer.status,
            final_url=answer.final_url,
            content_type=answer.content_type,
            content_hash=content_hash(answer.body),
            note=wanted.late,
            candidate=wanted.candidate,
            source_language=wanted.owner.language,
        )
        item = await self._tour.keep(Item(answer=answer, draft=draft))
        self._figures.fetched += 1
        self._figures.late += item.saved and wanted.late is not None

    def _identity(self, wanted: Wanted, answer: Answer) -> str:
        """The canonical address of what was answered; notes a move. Raises `Trouble` where it is another thing."""
        final = urls.canonical(answer.final_url)
        if final == wanted.url:
            return final
        owner = self._tour.hosts.owner(answer.final_url, wanted.owner)
        if owner is None:
            if urls.host(final) == urls.host(wanted.url) and not is_article(final, wanted.owner):
                raise Trouble("down", f"{wanted.url} now leads to {final}, which is no article", status=404)
            raise Trouble("refused", f"{wanted.url} leads to {final}, a site that is not watched")
        if answer.moved or not wanted.known:
            self._tour.ledger.moved(wanted.url, final, self._tour.now())
            self._tour.claimed.add(final)
            return final
        return wanted.url  # a redirect for the time being changes no identity

    async def _without_page(self, wanted: Wanted, trouble: Trouble) -> None:
        now, ledger = self._tour.now(), self._tour.ledger
        if trouble.gone and wanted.known:
            self._figures.removed += ledger.removed(wanted.url, now, trouble.status)
            return
        self.first_trouble = self.first_trouble or trouble.with_traceback(None)  # which would keep the whole answer
        if wanted.owner.id == self.source.id:
            self.retry_at = trouble.retry_at or self.retry_at
        if wanted.candidate.content_html and not trouble.gone:
            await self._store_content(wanted, wanted.candidate, trouble)
            return
        self._figures.failed += 1
        self._figures.refused += trouble.state == "refused"
        if wanted.known:
            ledger.checked(wanted.url, now, trouble.status)
        else:
            ledger.refused(wanted.url, wanted.owner, now, trouble.status, str(trouble))
        log.debug("%s", trouble, extra={"source": wanted.owner.id, "url": wanted.url})

    async def _store_content(self, wanted: Wanted, candidate: Candidate, trouble: Trouble) -> None:
        carrier = "feed" if candidate.via == "feed" else "REST answer"
        content = candidate.content_html or ""
        why = f"The page could not be had; the text is the {carrier}'s. {trouble}."
        draft = PageDraft(
            url=wanted.url,
            source=wanted.owner.id,
            fetched_at=self._tour.now(),
            status=trouble.status,
            final_url=candidate.url,
            content_type="text/html; charset=utf-8",
            content_hash=content_hash(content),
            via=candidate.via,
            note=f"{why} {wanted.late}" if wanted.late else why,
            candidate=candidate,
            source_language=wanted.owner.language,
        )
        item = await self._tour.keep(Item(answer=None, draft=draft))
        self._figures.late += item.saved and wanted.late is not None
        self.second_way += 1
        self._figures.fetched += 1

    def stored_candidate(self, url: str) -> Candidate:
        """What was said of a stored article when it was fetched, so that a second look knows as much as the first."""
        kept = self._tour.ledger.candidate(url)
        return replace(kept, content_html=None) if kept else Candidate(url=url, source=self.source.id, via="listing")
