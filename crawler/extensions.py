"""Scrapy's extensions: a throttle that keeps every host's delay, and a limit on memory."""

import resource
from pathlib import Path
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from twisted.internet.task import LoopingCall

from crawler import errand
from crawler.hosts import SLOT_MEAN

_STATM = Path("/proc/self/statm")


class Throttle(AutoThrottle):
    """Scrapy's AutoThrottle, which never goes below a host's own delay.

    A host with a delay of 0 s (an operator's own, on a private address) is not slowed down.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._hosts = errand.of(crawler).hosts

    def _min_delay(self) -> float:
        return 0.0  # each host has its own, below

    def _response_downloaded(self, response: Response, request: Request, spider: Any) -> None:
        key, slot = self._get_slot(request, spider)
        least = self._hosts.delay(key or "")
        if slot is None or not least:
            return
        super()._response_downloaded(response, request, spider)
        slot.delay = max(slot.delay, least * SLOT_MEAN)


class MemoryLimit:
    """Ends a crawl that grows too large, by what it holds now.

    Scrapy's own goes by the highest size ever, which on Linux begins with that
    of the parent, and then waits for every answer that is still to come.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._errand = crawler, errand.of(crawler)
        self._limit = crawler.settings.getint("MEMUSAGE_LIMIT_MB") * 1024 * 1024
        self._looking = LoopingCall(self._look)
        interval = crawler.settings.getfloat("MEMUSAGE_CHECK_INTERVAL_SECONDS")
        # Twisted logs what goes wrong while looking; a crawl is not lost by that.
        crawler.signals.connect(lambda: self._looking.start(interval) and None, signals.engine_started, weak=False)
        crawler.signals.connect(self._stop, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "MemoryLimit":
        if not crawler.settings.getbool("MEMUSAGE_ENABLED") or not crawler.settings.getint("MEMUSAGE_LIMIT_MB"):
            raise NotConfigured
        return cls(crawler)

    def _stop(self) -> None:
        if self._looking.running:
            self._looking.stop()

    def _look(self) -> None:
        size = resident()
        if size > self._limit:
            self._stop()
            megabytes = size // (1024 * 1024)
            self._errand.end_early(f"The crawl took {megabytes} MB of memory and was ended before this visit was done.")


def resident() -> int:
    """The bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text("ascii").split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0
