"""A thousand feeds on loopback, one host each, in a process of their own.

    python -m benchmarks.feed_server COUNT PORT [SECONDS]

Host number N is 127.10.x.y; each has `/feed`, `/robots.txt` and the pages that
its feed names. A feed carries twenty items of a few hundred bytes and an ETag,
and answers 304 to it. A byte on standard input moves every feed on: `e` edits
what each feed says of itself, `n` adds twenty new items; `c` has the number of
requests so far printed. It answers with as little work as an event loop allows,
so that the askers are measured and not the server; with SECONDS, only after so
long.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from functools import cache

ITEMS = 20  # of which the first generation has only one, so that a first visit is soon over
_KEPT = 10.0  # seconds that a connection lives; ten thousand hosts that are asked once would leave as many open
_EPOCH = datetime(2026, 1, 5, 9, tzinfo=UTC)
_WORDS = (
    "The group runs its forecasts on a shared cluster and sends the results to the stations along the coast, where "
    "they are compared with what the instruments saw during the night. "
)


def host(number: int) -> str:
    return f"127.10.{number // 200}.{number % 200 + 1}"


class Feeds:
    """What all hosts say now: `edition` changes the feeds' validators, `generation` their items."""

    def __init__(self) -> None:
        self.edition = self.generation = self.asked = 0

    def move_on(self, how: str) -> None:
        self.edition += 1
        self.generation += how == "n"

    def answer(self, here: str, path: str, etag: str) -> bytes:
        self.asked += 1
        if path == "/feed":
            mine = f'"{self.generation}-{self.edition}"'
            return _not_modified(mine) if etag == mine else _feed(here, self.generation, self.edition, mine)
        if path == "/robots.txt":
            return _with_head("404 Not Found", "text/plain", b"There is none.\n")
        return _page(path)


def _with_head(status: str, kind: str, body: bytes, etag: str = "") -> bytes:
    tag = f"ETag: {etag}\r\n" if etag else ""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{tag}Content-Length: {len(body)}\r\n\r\n".encode() + body


@cache
def _not_modified(etag: str) -> bytes:
    return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()


def _feed(here: str, generation: int, edition: int, etag: str) -> bytes:
    items = []
    for number in range(ITEMS if generation else 1):
        at = _EPOCH + timedelta(days=generation, minutes=number)
        link = f"http://{here}/news/{generation}-{number}"
        items.append(
            f"<item><title>Report {generation}-{number} from the station at {here}</title><link>{link}</link>"
            f"<guid>{link}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate><dc:creator>Editors</dc:creator>"
            f"<category>Forecasts</category><description>{_WORDS}</description>"
            f"<content:encoded><![CDATA[<p>{_WORDS * 4}</p><p>{_WORDS * 3}</p>]]></content:encoded></item>"
        )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Station {here}</title><link>http://{here}/</link><description>Edition {edition}</description>"
        f"<language>en</language>{''.join(items)}</channel></rss>"
    )
    return _with_head("200 OK", "application/rss+xml", text.encode(), etag)


@cache
def _page(path: str) -> bytes:
    body = f"<html><head><title>Report {path}</title></head><body><article><h1>Report {path}</h1><p>{_WORDS * 4}</p>"
    return _with_head("200 OK", "text/html; charset=utf-8", (body + "</article></body></html>").encode())


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, for GET alone."""

    def __init__(self, feeds: Feeds, after: float) -> None:
        self._feeds, self._after, self._taken = feeds, after, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        asyncio.get_running_loop().call_later(_KEPT, transport.close)

    def data_received(self, data: bytes) -> None:
        self._taken += data
        while b"\r\n\r\n" in self._taken:
            head, _, self._taken = self._taken.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            # The address that was asked, port and all: it becomes a part of every link.
            answer = self._feeds.answer(fields.get("host", ""), lines[0].split()[1], fields.get("if-none-match", ""))
            if self._after:
                asyncio.get_running_loop().call_later(self._after, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        self._transport.write(answer)  # type: ignore[attr-defined]


async def serve(count: int, port: int, after: float = 0.0) -> None:
    """Listen on `count` hosts until standard input ends."""
    feeds, loop = Feeds(), asyncio.get_running_loop()
    for number in range(count):
        await loop.create_server(lambda: _Connection(feeds, after), host(number), port, backlog=64)
    print("ready", flush=True)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while order := await orders.read(1):
        if order == b"c":
            print(feeds.asked, flush=True)
            continue
        feeds.move_on(order.decode())
        print("moved", flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:])))
