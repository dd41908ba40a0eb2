"""The one place where bytes come in: Scrapy's download handler for http and https.

Through the address guard, with verified certificates, with a limit on the bytes
and on the seconds of the whole answer. Failures come out as `Trouble`.
"""

import time
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, BrowserLikePolicyForHTTPS, HTTPConnectionPool, ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers as TwistedHeaders
from twisted.web.iweb import UNKNOWN_LENGTH

from crawler.guard import GuardedEndpoints, look_up
from crawler.trouble import Trouble, of_failure

# Keys of a request's meta.
ALLOW_PRIVATE = "allow_private"  # its source may be on a private address
HOPS = "hops"  # the (status, address) pairs of the redirects so far


class GuardedDownload(BaseDownloadHandler):
    """Fetches by GET. Sources that may be private have connections of their own, which no other request reuses."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        settings = crawler.settings
        self._turns = settings["ERRAND"].turns
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._maxsize = settings.getint("DOWNLOAD_MAXSIZE")
        self._reactor: Any = reactor
        self._pools = {allowed: _pool(reactor) for allowed in (False, True)}
        policy = BrowserLikePolicyForHTTPS(trustRoot=settings.get("GUARD_TRUST_ROOT"))  # type: ignore[no-untyped-call]
        self._agents: dict[bool, Any] = {}
        for allowed, pool in self._pools.items():
            endpoints = GuardedEndpoints(
                reactor,
                policy,
                allow_private=allowed,
                resolver=settings.get("GUARD_RESOLVER") or look_up,
                timeout=self._timeout,
            )
            self._agents[allowed] = Agent.usingEndpointFactory(reactor, endpoints, pool)  # type: ignore[no-untyped-call]

    async def download_request(self, request: Request) -> Response:
        """The answer to `request`, headers as sent and body as sent; raises `Trouble`."""
        async with self._turns.turn(request.url):
            return await self._download(request)

    async def _download(self, request: Request) -> Response:
        agent = self._agents[bool(request.meta.get(ALLOW_PRIVATE))]
        headers = TwistedHeaders(dict(request.headers))
        started = time.monotonic()
        try:
            answer: Deferred[Any] = agent.request(b"GET", request.url.encode("ascii"), headers)
            answer.addCallback(_timed, request, started)
            whole = answer.addCallback(self._receive, request).addTimeout(self._timeout, self._reactor)
            return await maybe_deferred_to_future(whole)
        except Exception as error:
            # In the middle of the headers Twisted tells of its own ending of the connection, not of the reason.
            if time.monotonic() - started >= self._timeout:
                raise of_failure(TimeoutError(), request.url, self._timeout) from error
            raise of_failure(error, request.url, self._timeout) from error

    def _receive(self, answer: Any, request: Request) -> "Deferred[Response]":
        body = _Body(request.url, self._maxsize)
        answer.deliverBody(body)
        if answer.length is not UNKNOWN_LENGTH and answer.length > self._maxsize:
            body.refuse()  # before its first byte
        return body.whole.addCallback(self._response, answer, request)

    def _response(self, body: bytes, answer: Any, request: Request) -> Response:
        headers = Headers(dict(answer.headers.getAllRawHeaders()))
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body[:5000])
        return kind(url=request.url, status=answer.code, headers=headers, body=body, request=request)

    async def close(self) -> None:
        for pool in self._pools.values():
            closed = pool.closeCachedConnections()
            closed.addTimeout(1, self._reactor, onTimeoutCancel=lambda *_: None)
            await maybe_deferred_to_future(closed)


def _timed(answer: Any, request: Request, started: float) -> Any:
    """Note how long the site took to begin its answer; AutoThrottle goes by that."""
    request.meta["download_latency"] = time.monotonic() - started
    return answer


def _pool(reactor: Any) -> Any:
    pool = HTTPConnectionPool(reactor)  # type: ignore[no-untyped-call]
    pool.maxPersistentPerHost = 1
    pool.cachedConnectionTimeout = 30
    return pool


class _Body(Protocol):
    """Collects a body up to a size; `whole` fires with it, or fails."""

    def __init__(self, url: str, maxsize: int) -> None:
        self._url, self._maxsize = url, maxsize
        # One block that grows: thousands of small pieces would leave holes that the memory never gets back.
        self._taken = bytearray()
        self.whole: Deferred[bytes] = Deferred(lambda _: self._end(CancelledError()))

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if len(self._taken) + len(data) <= self._maxsize:
            self._taken += data
        else:
            self.refuse()

    def refuse(self) -> None:
        """Take no more of it, and say why."""
        megabytes = f"{self._maxsize / 1_000_000:g} MB"
        self._end(Trouble("refused", f"{self._url}: the answer is larger than {megabytes}, which is not taken"))

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        if self.whole.called:
            return
        if isinstance(
            reason.value, (ResponseDone, PotentialDataLoss)
        ):  # the second is HTTP/1.0's only way to end a body
            body = bytes(self._taken)
            self._taken = bytearray()
            self.whole.callback(body)
        else:
            self.whole.errback(reason)

    def _end(self, error: Exception) -> None:
        if self.whole.called:
            return
        self._taken = bytearray()
        self.whole.errback(error)
        # The proxy that a body is given cannot abort, and closing politely waits for a peer that may never agree.
        connection = getattr(self.transport, "_producer", None)
        if connection is not None:
            connection.abortConnection()
