"""Answers that are too large, too slow, broken or lie: each is refused with a reason, and costs little."""

import gzip
import socket
import struct
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import brotli
import pytest

from .conftest import Desk, Handle, Site, page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 10_000_000


def raw(*parts: bytes, then: Callable[[BaseHTTPRequestHandler], None] | None = None) -> Handle:
    """Bytes on the wire as they stand, then whatever else, then the end."""

    def handle(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for part in parts:
            handler.wfile.write(part)
        if then:
            then(handler)

    return handle


def endless(handler: BaseHTTPRequestHandler) -> None:
    chunk = b"%x\r\n" % 65536 + b"x" * 65536 + b"\r\n"
    for _ in range(1000):
        handler.wfile.write(chunk)


def slowly(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(400):  # forty seconds, unless the other side has enough of it
        handler.wfile.write(b"x")
        time.sleep(0.1)


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    for number in range(300_000):
        handler.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BOMB = gzip.compress(b"\0" * 60_000_000)

FAULTS = {
    "endless body": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n", then=endless), "larger than 10 MB"),
    "huge Content-Length": (raw(OK + b"Content-Length: 10000000000\r\n\r\n<p>"), "larger than 10 MB"),
    "gzip bomb": (
        raw(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB),
        "unpacks to more than is taken",
    ),
    "deflate bomb": (
        raw(OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"\0" * 60_000_000)),
        "unpacks to more than is taken",
    ),
    "brotli bomb": (
        raw(OK + b"Content-Encoding: br\r\n\r\n" + brotli.compress(b"\0" * 60_000_000, quality=4)),
        "unpacks to more than is taken",
    ),
    "zstd bomb": (
        raw(OK + b"Content-Encoding: zstd\r\n\r\n" + zstd.compress(b"\0" * 60_000_000)),
        "unpacks to more than is taken",
    ),
    "slow body": (raw(OK + b"Content-Length: 5000\r\n\r\n", then=slowly), "no whole answer within 1 s"),
    "slow headers": (raw(b"HTTP/1.1 200 OK\r\nX: ", then=slowly), "no whole answer within 1 s"),
    "headers without end": (raw(OK, then=endless_headers), "headers"),
    "silence": (raw(then=lambda _: time.sleep(2)), "no whole answer within 1 s"),
    "reset": (raw(then=reset), "the connection was cut before an answer came"),
    "truncated": (raw(OK + b"Content-Length: 5000\r\n\r\n<p>half"), "the answer broke off before its end"),
    "truncated chunk": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n<p>half"), "the answer broke off"),
    "no HTTP at all": (raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), ""),
    "a line without end": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000), ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_answer_is_refused_with_its_reason_and_the_next_page_is_had(desk: Desk, site: Site, fault: str) -> None:
    handle, reason = FAULTS[fault]
    site.feed("good", "bad")
    site.handle("/news/bad", handle)
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    desk.limits(timeout="1s" if "within 1 s" in reason else "30s")
    began = time.monotonic()
    figures = desk.crawl()["one"]
    assert time.monotonic() - began < 30
    assert (figures.fetched, figures.failed) == (1, 1)
    assert reason in figures.message
    assert f"{site.base}/news/bad" in figures.message
    assert desk.urls() == [f"{site.base}/news/good"]


def test_a_bomb_costs_no_more_memory_than_the_limit(desk: Desk, site: Site) -> None:
    site.feed("good", "bad")
    site.handle("/news/bad", FAULTS["gzip bomb"][0])
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    desk.crawl()  # imports and caches
    desk.later(hours=2)
    tracemalloc.start()
    desk.crawl()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3.5 * LIMIT


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
def test_a_packed_answer_is_unpacked(desk: Desk, site: Site, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    site.feed("a")
    site.put("/news/a", pack(page("a").encode()), Content_Encoding=encoding)
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    desk.crawl()
    (row,) = desk.pages()
    errand = desk.errand()
    assert row.warc_file is not None
    assert row.warc_offset is not None
    assert errand.archive.read(row.warc_file, row.warc_offset).body.decode() == page("a")
    errand.close()


def test_something_that_is_no_page_is_not_taken(desk: Desk, site: Site) -> None:
    site.feed("a", "b")
    site.put("/news/a", b"%PDF-1.7", Content_Type="application/pdf")
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    figures = desk.crawl()["one"]
    assert "is no page but application/pdf" in figures.message
    assert desk.urls() == [f"{site.base}/news/b"]


def test_a_certificate_that_nobody_vouches_for_is_refused(desk: Desk, tls_site: Site) -> None:
    tls_site.feed("a")
    desk.watch({"id": "one", "feeds": [f"{tls_site.base}/feed"]})
    figures = desk.crawl()["one"]
    assert tls_site.asked == []
    assert figures.state == "down"
    assert "certificate" in figures.message
