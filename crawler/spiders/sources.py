"""The spider that visits every chosen source; the spiders of one way each are this one, narrowed."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import scrapy
from scrapy.crawler import Crawler

from crawler import errand as errands
from crawler.asking import Asker
from crawler.backfill import Backfill
from crawler.crawl import Crawl
from crawler.ledger import WRITTEN_AFTER
from crawler.probe import Probe
from crawler.tour import Tour
from crawler.visit import Visit
from crawler.ways import ways
from presswatch.errors import CrawlError, StoreError

log = logging.getLogger(__name__)

# Visits at a time. Each holds a few answers of up to 10 MB, and only one of them talks to a host.
MAX_VISITS = 12
_KINDS: dict[str, type[Visit]] = {"crawl": Crawl, "backfill": Backfill, "probe": Probe}


class SourcesSpider(scrapy.Spider):
    """Visits the sources of its errand, several at a time, one request at a time to each host."""

    name = "sources"
    only: str | None = None  # one kind of way, for the spiders of one way each

    def __init__(self, source: str = "", **arguments: Any) -> None:
        super().__init__(**arguments)
        self.visits: list[Visit] = []
        self.ids = tuple(filter(None, source.split(",")))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SourcesSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        if crawler.settings.get(errands.ERRAND) is None:  # started by `scrapy crawl`
            errand = errands.from_environment(os.environ, spider.ids)
            for name, value in errand.scrapy_settings().items():
                crawler.settings.set(name, value, priority="cmdline")
            crawler.signals.connect(errand.close, signal=scrapy.signals.engine_stopped, weak=False)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Visit every source. Items go through the item pipelines from within the visits; none are left to yield."""
        errand = errands.of(self.crawler)
        tour = Tour(
            engine=self.crawler.engine,
            asker=Asker(self.crawler, errand.hosts, errand.now),
            ledger=errand.ledger,
            hosts=errand.hosts,
            now=errand.now,
            tell=errand.tell,
            since=errand.since,
        )
        kind = _KINDS[errand.mode]
        self.visits = [kind(source, tour, ways(source, self.only)) for source in errand.sources]
        tour.expect(errand.sources)
        errand.figures.update({visit.source.id: visit.figures for visit in self.visits})
        await visit_all(self.visits, tour)
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    def give_up(self, reason: str) -> None:
        """Note the visits that are not done, so that they are not due at once."""
        for visit in self.visits:
            if not visit.concluded:
                visit.conclude(CrawlError(reason))


async def visit_all(visits: Sequence[Visit], tour: Tour) -> None:
    """Make every visit; what one does not survive is noted and stops no other."""
    turns = asyncio.Semaphore(MAX_VISITS)
    writing = asyncio.create_task(_write_now_and_then(tour))
    try:
        await asyncio.gather(*(_make(visit, tour, turns) for visit in visits))
    finally:
        writing.cancel()
    _write_all(visits, tour)


async def _write_now_and_then(tour: Tour) -> None:
    """So that whoever looks at a source while others take their time sees its visit."""
    while True:
        await asyncio.sleep(WRITTEN_AFTER)
        with suppress(StoreError):  # tried again, and said in the end
            tour.ledger.write()


def _write_all(visits: Sequence[Visit], tour: Tour) -> None:
    """Write what is noted; a visit whose end cannot be noted is one that failed."""
    try:
        tour.ledger.write()
    except StoreError as error:
        for visit in visits:
            if visit.source.id in tour.ledger.unwritten:
                visit.figures.ok, visit.figures.state, visit.figures.message = False, "failing", str(error)
        log.error("What the crawl found out could not be noted. %s", error)


async def _make(visit: Visit, tour: Tour, turns: asyncio.Semaphore) -> None:
    defect: Exception | None = None
    try:
        async with turns:
            await visit.read()
            await visit.fetch_own()
    except Exception as error:
        defect = error
        _log_defect(visit, error)
    finally:
        tour.finished_own(visit.source)
    try:
        for owner in visit.foreign_owners:
            await tour.wait_for(owner)
        async with turns:
            await visit.fetch_foreign()
    except Exception as error:
        defect = defect or error
        _log_defect(visit, error)
    if isinstance(defect, StoreError):  # the source is still due; its visit proves nothing of it
        visit.figures.message = str(defect)
        return
    try:
        visit.conclude(defect)
    except Exception as error:
        visit.figures.ok, visit.figures.state, visit.figures.message = False, "failing", str(error)
        _log_defect(visit, error, "could not be noted")
    tour.tell({"event": "source", "source": visit.source.id, "ok": visit.figures.ok, "message": visit.figures.message})


def _log_defect(visit: Visit, error: Exception, what: str = "failed") -> None:
    """A store that cannot be used says so in a sentence; anything else is a defect of ours."""
    why = None if isinstance(error, StoreError) else error
    log.error("The visit to %s %s. %s", visit.source.id, what, (why and "") or error, exc_info=why)
