"""Scrapy's downloader middlewares: robots.txt, redirects, and hosts that want to be left alone.

They hold for every request that passes the engine, whoever made it.
"""

import asyncio
import logging
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import errand
from crawler.asking import pairs
from crawler.download import ALLOW_PRIVATE, HOPS
from crawler.hosts import SLOT_MEAN
from crawler.robots import Rules
from crawler.trouble import Trouble, of_failure, of_status, retry_after
from presswatch.errors import ArchiveError, StoreError
from presswatch.urls import BadAddress, resolve

log = logging.getLogger(__name__)

IS_ROBOTS = "is_robots"  # meta: the request is for a robots.txt itself
_REDIRECTS = (301, 302, 303, 307, 308)


class RobotsMiddleware:
    """Asks each host's robots.txt once and obeys it, with its crawl delay.

    No robots.txt (404 and its kin) allows everything. One that cannot be read
    (a failing site, a timeout) forbids everything until it can, as RFC 9309 asks.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts, self._cache = errand.of(crawler).hosts, errand.of(crawler).robots
        self._rules: dict[tuple[str, bool], asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(IS_ROBOTS):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = await self._rules_of(site, bool(request.meta.get(ALLOW_PRIVATE)))
        if rules.delay:
            self._slow_down(request, rules.delay)
        if not rules.allow(request.url):
            raise Trouble("refused", f"{request.url} is forbidden to us by {site}/robots.txt")

    async def _rules_of(self, site: str, private: bool) -> Rules:
        # What a public source may not ask, a private one may: the two do not share an answer.
        key = (site, private)
        if key not in self._rules:
            self._rules[key] = asyncio.ensure_future(self._ask(site, private))
        return await asyncio.shield(self._rules[key])

    async def _ask(self, site: str, private: bool) -> Rules:
        url = f"{site}/robots.txt"
        if (kept := self._cache.get(url)) is not None:
            return Rules(kept)
        request = Request(url, meta={IS_ROBOTS: True, ALLOW_PRIVATE: private}, priority=1000, dont_filter=True)
        engine: Any = self._crawler.engine
        timeout = self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        try:
            response = await engine.download_async(request)
            headers = {"retry-after": (response.headers.get("Retry-After") or b"").decode("latin-1")}
            trouble = of_status(response.status, url, headers, b"", self._cache.now())
        except StoreError:
            raise  # no turn at the host could be had: not its fault
        except Exception as error:
            trouble = of_failure(error, url, timeout)
            response = None
        if trouble and (trouble.status == 429 or not 400 <= trouble.status < 500):
            raise Trouble(
                trouble.state,
                f"{trouble}; without it nothing else is asked there",
                status=trouble.status,
                dead=site.partition("://")[2],
                retry_at=trouble.retry_at,
            )
        text = "" if trouble or response is None else _robots_text(response)
        self._cache.keep(url, text)
        return Rules(text)

    def _slow_down(self, request: Request, delay: float) -> None:
        name = urlsplit(request.url).hostname or ""
        self._hosts.at_least(name, delay)
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(name)
        if slot is not None:
            slot.delay = max(slot.delay, delay * SLOT_MEAN)


def _robots_text(response: Response) -> str:
    return response.body[:500_000].decode("utf-8", "replace") if response.status == 200 else ""


class HostMiddleware:
    """Asks a host that wants to be left alone for nothing more in this crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._hosts, self._now = errand.of(crawler).hosts, errand.of(crawler).now
        self._turns = errand.of(crawler).turns

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "HostMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if self._hosts.stopped(request.url):
            until = self._hosts.asked_until(request.url)
            when = f" before {until:%Y-%m-%d %H:%M} UTC" if until else " in this crawl"
            message = f"{request.url} is not asked: its host wants no requests{when}"
            raise Trouble("blocked", message, dead=urlsplit(request.url).netloc, retry_at=until)

    def process_response(self, request: Request, response: Response) -> Response:
        wait = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"), self._now())
        if response.status == 429 or (response.status == 503 and wait):
            self._hosts.stop(request.url, wait)
            self._turns.leave_alone(request.url, wait)
        return response


class ArchiveMiddleware:
    """Writes the answers that become no item into the archive: refusals, errors, redirects, a robots.txt that changed.

    What a way in or an article answers is archived by the item pipelines.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._archive, self._now = errand.of(crawler).archive, errand.of(crawler).now
        self._robots = errand.of(crawler).robots

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchiveMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status == 304 or (response.status == 200 and not request.meta.get(IS_ROBOTS)):
            return response
        # Asked every day of each host, and nearly always as it was.
        robots = request.meta.get(IS_ROBOTS) and response.status in (200, 404)
        if robots and self._robots.holds(request.url, _robots_text(response)):
            return response
        try:
            self._archive.write(
                response.url,
                request_headers=pairs(request.headers),
                status=response.status,
                response_headers=pairs(response.headers),
                body=response.body,
                fetched_at=self._now(),
            )
        except ArchiveError as error:  # the answer itself still tells what it has to tell
            log.error("%s", error)
        return response


class RedirectMiddleware:
    """Follows redirects to http and https, a few of them, and remembers each hop.

    Scrapy's own keeps a redirected request in the first host's queue, so that
    the second host could get two requests at a time.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._most = crawler.settings.getint("REDIRECT_MAX_TIMES")
        self._hosts = errand.of(crawler).hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RedirectMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
        if response.status not in _REDIRECTS or not location:
            return response
        hops = [*request.meta.get(HOPS, []), (response.status, request.url)]
        if len(hops) > self._most:
            raise Trouble("down", f"{hops[0][1]} redirects more than {self._most} times, last to {location[:200]}")
        try:
            target = resolve(location, request.url)
        except BadAddress as error:
            raise Trouble("refused", f"{request.url} redirects to an address that is refused: {error}") from error
        meta = {key: value for key, value in request.meta.items() if not key.startswith("download_")}
        private = bool(meta.get(ALLOW_PRIVATE)) and self._hosts.may_be_private(target)
        return request.replace(url=target, meta={**meta, HOPS: hops, ALLOW_PRIVATE: private})
