"""The port that others look at: /healthz and /metrics, and nothing else. Off unless [monitoring] port says which."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6, SHUT_RDWR, socket
from typing import TYPE_CHECKING, Any

from presswatch.errors import PresswatchError

if TYPE_CHECKING:
    from presswatch.monitoring.overview import Overview

log = logging.getLogger(__name__)

_AT_ONCE = 8  # who comes when so many are being answered is turned away: a service must not drown in its watchers
_PATIENCE = 5.0  # seconds for each step of a request
_FRESH = 5.0  # seconds that one look serves everybody
Look = Callable[[], "Overview"]


class Monitor:
    """Answers on a port, in threads of its own, until it is stopped."""

    def __init__(self, host: str, port: int, look: Look) -> None:
        """Raises `PresswatchError` where the port cannot be had; 0 takes any free one."""
        self._look, self._lock = look, threading.Lock()
        self._seen: tuple[float, Overview] | None = None
        try:
            self._server = _Server((host, port), _handler(self))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise PresswatchError(
                f"The port {port} on {host} cannot be opened ({why}). Choose another [monitoring] port, or 0 for none."
            ) from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="monitor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_PATIENCE)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body for a path."""
        if path == "/healthz":
            overview = self._overview()
            row = {
                "well": overview.well,
                "problems": overview.problems,
                "at": overview.at.isoformat(timespec="seconds"),
            }
            return 200 if overview.well else 503, "application/json", (json.dumps(row) + "\n").encode()
        if path == "/metrics":
            from presswatch.monitoring import metrics

            return 200, metrics.CONTENT_TYPE, metrics.render(self._overview())
        return 404, "text/plain; charset=utf-8", b"There are /healthz and /metrics.\n"

    def _overview(self) -> Overview:
        with self._lock:
            if self._seen is None or time.monotonic() - self._seen[0] > _FRESH:
                self._seen = (time.monotonic(), self._look())
            return self._seen[1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = AF_INET6 if ":" in address[0] else AF_INET
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        late = threading.Timer(2 * _PATIENCE, _cut_off, args=(request,))
        late.daemon = True
        late.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            late.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A watcher that goes away is no news."""


def _cut_off(request: socket) -> None:
    """Whoever sends a letter at a time is sent away all the same."""
    with suppress(OSError):
        request.shutdown(SHUT_RDWR)


def _handler(monitor: Monitor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE
        server_version, sys_version = "presswatch", ""

        def do_GET(self) -> None:
            try:
                status, kind, body = monitor.answer(self.path.partition("?")[0])
            except Exception as error:  # a defect must not look like good health
                log.error("The monitoring port could not answer %s.", self.path.partition("?")[0], exc_info=error)
                status, kind, body = 500, "text/plain; charset=utf-8", b"This failed; the log says why.\n"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the library's name

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """A look every few seconds is not worth a line."""

    return Handler
