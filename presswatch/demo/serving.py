"""The sample newsroom's HTTP side: one listening address a site, threads that answer, and the way to steer it."""

import errno
import gzip
import json
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from presswatch.demo import faults
from presswatch.demo.answers import Answer, answer, empty
from presswatch.demo.pages import SITES, Site
from presswatch.errors import UsageError

if TYPE_CHECKING:
    from presswatch.demo.newsroom import Newsroom

_FALLBACK = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """One site's listening address; requests are handled in threads of their own."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    timeout = 0.0  # `handle_request` is called when somebody has knocked

    def __init__(self, site: Site, address: tuple[str, int]) -> None:
        self.site = site
        self.newsroom: Newsroom  # set by the newsroom itself before anything is answered
        self._open: set[Any] = set()
        self._changed = threading.Condition()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # Past HTTPServer's own, which asks a name server who 127.0.2.1 is and may wait for an answer.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def close(self) -> None:
        """Stop listening, end idle connections, and wait for the threads behind them."""
        self.server_close()
        with self._changed:
            for request in self._open:
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was quicker
            self._changed.wait_for(lambda: not self._open, timeout=2)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle of an answer is its own affair; anything else is ours.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True  # else every answer waits 40 ms for the client's delayed acknowledgement
    timeout = 60
    server: Server
    controls: ClassVar[tuple[str, ...]] = ("until", "edit", "retitle", "remove", "fault", "forget")

    def log_message(self, *_: object) -> None:
        """Say nothing: whoever is curious asks for the statistics."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if parts.path == "/_control":
            return self._send(self._control(query))
        site, newsroom, path = self.server.site, self.server.newsroom, unquote(parts.path)
        headers = {name.title(): value for name, value in self.headers.items()}
        newsroom.asked(site.id, path, headers)
        status = 0
        try:
            newsroom.stopping.wait(newsroom.slow)
            kind = newsroom.fault_for(site.id, path)
            if not faults.misbehave(self, kind, parts.path, newsroom.stopping):
                now = newsroom.snapshot(site)
                nothing = kind == "empty" and path != "/robots.txt"
                found = empty(now, path) if nothing else answer(now, path, query, headers)
                status = found.status
                self._send(found)
            if not self.wfile.closed:
                self.wfile.flush()
        finally:
            newsroom.answered(site.id, status)

    def _send(self, found: Answer) -> None:
        body = found.body.encode()
        headers = dict(found.headers)
        if len(body) > 1000 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(found.status)
        if found.status != 304:
            headers |= {"Content-Type": found.content_type, "Content-Length": str(len(body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and found.status != 304:
            self.wfile.write(body)

    def _control(self, query: Mapping[str, str]) -> Answer:
        try:
            for name, value in query.items():
                self._steer(name, value)
        except (ValueError, UsageError) as error:
            return Answer(status=400, body=f"{error}\n", content_type="text/plain; charset=utf-8")
        stats = {"published": len(self.server.newsroom.articles()), **asdict(self.server.newsroom.stats)}
        return Answer(body=json.dumps(stats, indent=1, ensure_ascii=False), content_type="application/json")

    def _steer(self, name: str, value: str) -> None:
        newsroom = self.server.newsroom
        if name == "until":
            newsroom.publish_until(moment(value) if value else None)
        elif name == "fault":
            site, _, kind = value.partition(":")
            newsroom.fault(site, kind)
        elif name == "forget":
            newsroom.forget()
        elif name in self.controls:
            getattr(newsroom, name)(value)
        elif name != "stats":
            raise UsageError(f"{name} is no control; there are stats, {', '.join(self.controls)}.")


def moment(text: str) -> datetime:
    """A time in ISO 8601, in UTC where it names no zone; raises `ValueError`."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def bind(port: int, first: str = "", *, alone: bool = False) -> dict[str, Server]:
    """A listening server for each site; port 0 is any that is free on all their addresses.

    `first` is the first site's address, the others have those after it, or each a port on that one where it is `alone`;
    on loopback unless said.
    Raises `UsageError` where the port is taken, or this machine has no such address.
    """
    if first:
        try:
            steps = [(0, n) if alone else (n, 0) for n in range(len(SITES))]
            return listen([(str(ip_address(first) + up), port + further) for up, further in steps])
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            raise UsageError(
                f"The sample newsroom cannot listen at {first} and the addresses after it: {said}."
            ) from error
    for _ in range(20):
        try:
            return listen([(f"127.0.2.{n + 1}", port) for n in range(len(SITES))])
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                break
            if port or error.errno != errno.EADDRINUSE:
                raise UsageError(f"The sample newsroom cannot use port {port}: {error.strerror}.") from error
    # macOS has 127.0.0.1 only: a port for each site then.
    try:
        return listen([(_FALLBACK, port + n if port else 0) for n in range(len(SITES))])
    except OSError as error:
        raise UsageError(f"The sample newsroom cannot use port {port} and those after it: {error.strerror}.") from error


def listen(addresses: Sequence[tuple[str, int]]) -> dict[str, Server]:
    """A listening server for each site on the addresses given, all of them or none; raises `OSError`."""
    servers: dict[str, Server] = {}
    try:
        for site, (host, wanted) in zip(SITES, addresses, strict=True):
            # The first site's free port serves the others too, each on its own address.
            chosen = next(iter(servers.values())).server_address[1] if servers and host != _FALLBACK else 0
            servers[site.id] = Server(site, (host, wanted or int(chosen)))
    except OSError:
        for server in servers.values():
            server.server_close()
        raise
    return servers
