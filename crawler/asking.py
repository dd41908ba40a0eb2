"""Asking a site for one address, through Scrapy's engine: an `Answer`, or a `Trouble` in plain words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from w3lib.encoding import html_to_unicode

from crawler.download import ALLOW_PRIVATE, HOPS
from crawler.hosts import Hosts
from crawler.trouble import Trouble, of_failure, of_status
from presswatch.errors import StoreError
from presswatch.models import Source

# What each kind of thing says it would like; servers that choose by it give a feed for the first.
_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "rest": "application/json",
    "sitemap": "application/xml, text/xml, */*;q=0.5",
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
}


@dataclass(slots=True, kw_only=True)
class Figures:
    """What one visit did, counted as it happens."""

    asked: int = 0
    not_modified: int = 0  # 304, or the same content as last time
    found: int = 0  # candidates named
    new: int = 0  # of them, not known before
    fetched: int = 0  # pages stored, or found unchanged
    failed: int = 0  # pages that could not be had
    refused: int = 0  # of them, those that we may not or will not ask
    removed: int = 0
    late: int = 0  # articles stored that only the weekly look found
    foreign: int = 0  # addresses of hosts that no source owns
    bytes: int = 0
    ok: bool = False
    state: str = "failing"
    message: str = "The crawl ended before this visit did."
    way: str = ""
    seconds: float = 0.0
    listed: list[dict[str, Any]] = field(default_factory=list)  # by a visit that only tries: the articles named


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site answered: 200, or 304 to a conditional request."""

    url: str  # as asked
    final_url: str
    moved: bool  # every redirect on the way was permanent
    status: int
    headers: Mapping[str, str]  # names in lower case
    raw_headers: tuple[tuple[bytes, bytes], ...]
    request_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = field(repr=False)
    fetched_at: datetime
    etag: bytes | None = None
    last_modified: bytes | None = None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def text(self) -> str:
        """The body, decoded anew at each call: kept, it could take four times the room of the bytes."""
        return html_to_unicode(self.content_type, self.body, auto_detect_fun=_guess)[1]


class Asker:
    """Asks on behalf of sources; keeps no answer."""

    def __init__(self, crawler: Crawler, hosts: Hosts, now: Callable[[], datetime]) -> None:
        self._crawler, self._hosts, self._now = crawler, hosts, now
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def ask(
        self,
        url: str,
        source: Source,
        figures: Figures,
        *,
        kind: str = "page",
        validators: Mapping[str, bytes] | None = None,
    ) -> Answer:
        """The answer of `url`, by the rules of `source`; raises `Trouble` for everything that cannot be read."""
        headers: dict[str, Any] = {"Accept": _ACCEPT[kind], **(validators or {})}
        if source.language:
            headers["Accept-Language"] = f"{source.language}, *;q=0.5"
        private = source.allow_private and self._hosts.may_be_private(url)
        request = Request(url, headers=headers, meta={ALLOW_PRIVATE: private}, dont_filter=True)
        engine: Any = self._crawler.engine
        figures.asked += 1
        try:
            response: Response = await engine.download_async(request)
        except StoreError:
            raise  # not the site's fault
        except Exception as error:
            # Without its traceback, which would keep the whole answer in memory.
            raise _led_astray(of_failure(error, url, self._timeout), url).with_traceback(None) from None
        figures.bytes += len(response.body)
        answer = _answer(url, response, self._now())
        if trouble := of_status(response.status, url, answer.headers, response.body, self._now()):
            raise trouble
        return answer


def _led_astray(trouble: Trouble, url: str) -> Trouble:
    """Say in a trouble that another address was asked than ours, where a redirect led there."""
    host = urlsplit(url).netloc
    if f"//{host}/" in f"{trouble}" or not trouble.dead:
        return trouble
    return Trouble(
        trouble.state, f"{url} redirects elsewhere: {trouble}", status=trouble.status, retry_at=trouble.retry_at
    )


def _answer(url: str, response: Response, now: datetime) -> Answer:
    raw = pairs(response.headers)
    hops = response.request.meta.get(HOPS, []) if response.request else []
    return Answer(
        url=url,
        final_url=response.url,
        moved=bool(hops) and all(status in (301, 308) for status, _ in hops),
        status=response.status,
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw},
        raw_headers=raw,
        request_headers=pairs(response.request.headers) if response.request else (),
        body=response.body,
        fetched_at=now,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )


def _guess(body: bytes) -> str:
    """The charset of a body that declares none."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def pairs(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    """Scrapy's headers, each with each of its values."""
    return tuple((name, value) for name in headers for value in headers.getlist(name))
