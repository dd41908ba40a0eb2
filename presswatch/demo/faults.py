"""How the sample's sites misbehave when they are told to: the faults of the real net, on purpose."""

import functools
import gzip
import io
import socket
import struct
from http.server import BaseHTTPRequestHandler
from threading import Event

KINDS = (
    "ok",
    "500",
    "403",
    "429",
    "empty",  # 200 with nothing in it
    "slow",  # an answer, three seconds late
    "reset",
    "garbage",
    "bomb",  # 200 MB in a small gzip
    "loop",  # redirects without end
    "redirect-private",
    "hang",  # no answer at all
    "truncated",
    "drift",  # feed guids that change their form
)
SLOW_SECONDS = 3.0
HANG_SECONDS = 600.0


def misbehave(handler: BaseHTTPRequestHandler, kind: str, path: str, stopping: Event) -> bool:
    """Answer as the fault says; True where that was the whole answer."""
    if kind in ("500", "403", "429"):
        _send(handler, int(kind), b"<h1>Error</h1>", {"Retry-After": "120"} if kind == "429" else {})
    elif kind == "reset":
        _reset(handler)
    elif kind == "garbage":
        _send(handler, 200, bytes(range(256)) * 400, {})
    elif kind == "bomb":
        _send(handler, 200, _bomb(), {"Content-Encoding": "gzip"})
    elif kind == "loop":
        _send(handler, 302, b"", {"Location": path + "x"})
    elif kind == "redirect-private":
        _send(handler, 302, b"", {"Location": "http://127.0.0.1:1/admin"})
    elif kind == "hang":
        stopping.wait(HANG_SECONDS)
        handler.close_connection = True
    elif kind == "truncated":
        handler.close_connection = True
        _send(handler, 200, b"<rss><channel><item>", {"Content-Length": "100000"})
    else:
        if kind == "slow":
            stopping.wait(SLOW_SECONDS)
        return False
    return True


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def _reset(handler: BaseHTTPRequestHandler) -> None:
    # Lingering for no time makes the kernel send RST instead of FIN when the socket closes.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


@functools.cache
def _bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as out:
        for _ in range(200):
            out.write(bytes(1_000_000))
    return packed.getvalue()
