"""Sites on loopback, each with one fault of the real net that can be switched on and off, and children that visit them.

A site that is well serves a feed, a sitemap and three articles. Its fault holds
for the way in alone or for everything that it serves.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

import yaml

from presswatch.demo import faults

ROOT = Path(__file__).parents[2]
# Seconds that a request may take. A slow answer takes three, and a machine that is busy with other work some more.
TIMEOUT = 15.0
NAMES = ("alpha", "beta", "gamma")
_FOREVER = 2000  # pieces of 64 kB; nobody takes more than a tenth of them

Misbehave = Callable[[BaseHTTPRequestHandler, "Site"], None]


def rss(base: str, prolog: str = "", inside: str = "", title: str = "Großbritannien {}") -> str:
    items = "".join(
        f"<item><title>{title.format(name)}</title><link>{base}/news/{name}</link><guid>{base}/?p={name}</guid></item>"
        for name in NAMES
    )
    return f'<?xml version="1.0" encoding="utf-8"?>{prolog}<rss version="2.0"><channel>{inside}{items}</channel></rss>'


def urlset(base: str) -> str:
    # Dated far ahead, so that a first visit takes them whenever this is run.
    entry = "<url><loc>{}/news/{}</loc><lastmod>2099-01-01</lastmod></url>"
    return f"<urlset>{''.join(entry.format(base, name) for name in NAMES)}</urlset>"


def index(*children: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in children)}</sitemapindex>"


def page(name: str) -> str:
    return f"<html><body><h1>{name}</h1><p>The whole story of {name}, told in one paragraph.</p></body></html>"


def _send(handler: BaseHTTPRequestHandler, body: bytes, kind: str = "text/xml", **headers: str) -> None:
    handler.send_response(200)
    named = {"Content-Type": kind, "Content-Length": str(len(body))}
    for name, value in (named | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def of_the_sample(kind: str) -> Misbehave:
    """A fault of the bundled sample newsroom, by its own code."""

    def answer(handler: BaseHTTPRequestHandler, site: "Site") -> None:
        if not faults.misbehave(handler, kind, handler.path, site.stopping):
            site.well(handler)

    return answer


def text(make: Callable[[str], str], charset: str = "utf-8", kind: str = "text/xml") -> Misbehave:
    """The way in answers with this text, made from the site's own address."""
    return lambda handler, site: _send(handler, make(site.base).encode(charset), kind)


def endless(handler: BaseHTTPRequestHandler, site: "Site") -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(_FOREVER):
        handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def slow_loris(handler: BaseHTTPRequestHandler, site: "Site") -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n")
    while not site.stopping.wait(0.1):
        handler.wfile.write(b"x")


def huge_length(handler: BaseHTTPRequestHandler, site: "Site") -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n<rss>")
    site.stopping.wait(TIMEOUT + 2)


def guids_that_drift(handler: BaseHTTPRequestHandler, site: "Site") -> None:
    _send(handler, rss(site.base).replace("/?p=", f"/?drift={time.monotonic_ns()}&amp;p=").encode())


def large(body: Callable[[str], str], size: int, filler: str) -> Misbehave:
    """A readable answer that is filled up to nearly the largest that is taken."""
    return text(lambda base: body(base) + f"<!--{filler * (size // len(filler.encode()))}-->")


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{_LAUGHS}]>'
ENTITY = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave, and what must come of it: the words beside the source, or articles all the same."""

    answer: Misbehave
    state: str
    words: str = ""
    way: str = "feed"
    everything: bool = False  # also articles and robots.txt
    articles: int = 0  # that are had in spite of it


FAULTS = {
    "500": Fault(answer=of_the_sample("500"), state="down", words="(500)", everything=True),
    "403": Fault(answer=of_the_sample("403"), state="blocked", words="refuses us (403)", everything=True),
    "429": Fault(answer=of_the_sample("429"), state="blocked", words="asks us to slow down (429)", everything=True),
    "empty": Fault(answer=text(lambda _: "<rss><channel/></rss>"), state="changed", words="holds no items"),
    "nothing at all": Fault(answer=text(lambda _: ""), state="changed", words="starts with nothing: it is empty"),
    "slow": Fault(answer=of_the_sample("slow"), state="ok", articles=3),
    "reset": Fault(answer=of_the_sample("reset"), state="down", words="the connection was cut", everything=True),
    "garbage": Fault(answer=of_the_sample("garbage"), state="changed", words="starts with bytes that are no text"),
    "bomb": Fault(answer=of_the_sample("bomb"), state="failing", words="unpacks to more than is taken"),
    "loop": Fault(answer=of_the_sample("loop"), state="down", words="redirects more than 5 times"),
    "redirect-private": Fault(
        answer=of_the_sample("redirect-private"), state="failing", words="127.0.0.1 is not a public address"
    ),
    "hang": Fault(answer=of_the_sample("hang"), state="down", words="no whole answer within", everything=True),
    "truncated": Fault(answer=of_the_sample("truncated"), state="down", words="the answer broke off before its end"),
    "drift": Fault(answer=guids_that_drift, state="ok", articles=3),
    "endless body": Fault(answer=endless, state="failing", words="the answer is larger than 10 MB"),
    "slow-loris": Fault(answer=slow_loris, state="down", words="no whole answer within"),
    "huge Content-Length": Fault(answer=huge_length, state="failing", words="the answer is larger than 10 MB"),
    "wrong charset": Fault(
        answer=text(lambda base: rss(base).replace('"utf-8"', '"iso-2022-jp"')),
        state="ok",
        articles=3,
    ),
    "charset that does not exist": Fault(
        answer=text(lambda base: rss(base).replace('"utf-8"', '"klingon"'), kind="text/xml; charset=klingon"),
        state="ok",
        articles=3,
    ),
    "NUL bytes": Fault(answer=text(lambda base: rss(base, title="Groß\0britannien {}")), state="ok", articles=3),
    "deep XML": Fault(answer=text(lambda base: rss(base, inside="<a>" * 10_000)), state="changed", words="the feed"),
    "billion laughs": Fault(
        answer=text(lambda base: rss(base, LAUGHS, title="&l9;{}")), state="changed", words="declares entities"
    ),
    "external entities": Fault(
        answer=text(lambda base: rss(base, ENTITY, title="&x;{}")), state="changed", words="declares entities"
    ),
    "entities in a sitemap": Fault(
        answer=text(lambda base: LAUGHS.replace("rss", "urlset") + urlset(base)),
        way="sitemap",
        state="changed",
        words="declares a document type",
    ),
    "an index that contains itself": Fault(
        answer=text(lambda base: index(f"{base}/sitemap.xml", f"{base}/sitemap.xml?again", f"{base}/good.xml")),
        way="sitemap",
        state="ok",
        articles=3,
    ),
    "a sitemap that lists other hosts": Fault(
        answer=text(lambda _: urlset("http://127.0.0.1:1")), way="sitemap", state="changed", words="none of them is"
    ),
    "an index that lists other hosts": Fault(
        answer=text(lambda _: index("http://127.0.0.1:1/a.xml", "http://169.254.169.254/latest/meta-data")),
        way="sitemap",
        state="changed",
        words="none of them is",
    ),
    "9 MB of feed": Fault(answer=large(rss, 9_000_000, "x"), state="ok", articles=3),
    "9 MB of wide letters": Fault(answer=large(rss, 9_000_000, "\U0001f600"), state="ok", articles=3),
    "9 MB of tags": Fault(answer=large(rss, 9_000_000, "--><b/><!--"), state="changed", words="more than 300,000 tags"),
    "9 MB of attributes": Fault(
        answer=text(lambda base: rss(base, inside="<a " + " ".join(f"x{n}='1'" for n in range(700_000)) + "/>")),
        state="changed",
        words="more than 300,000 tags",
    ),
    "9 MB of article text in the feed": Fault(
        answer=text(
            lambda base: rss(base).replace("</item>", f"<content>{'x' * 3_000_000}\U0001f600</content></item>")
        ),
        state="ok",
        articles=3,
    ),
    "9 MB of empty lists": Fault(
        answer=text(lambda _: '{"version":"https://jsonfeed.org/version/1","items":[' + "[]," * 3_000_000 + "0]}"),
        state="changed",
        words="more than 300,000 tags",
    ),
    "9 MB of sitemap tags": Fault(
        answer=large(urlset, 9_000_000, "--><b/><!--"), way="sitemap", state="changed", words="more than 800,000 tags"
    ),
    "9 MB of sitemap": Fault(answer=large(urlset, 9_000_000, "英"), way="sitemap", state="ok", articles=3),
}


class Site:
    """A site with a host of its own; `fault` is what is wrong with it now."""

    def __init__(self, number: int, name: str, fault: Fault | None) -> None:
        self.id, self.fault, self.stopping = name, fault, threading.Event()
        self.way = fault.way if fault else "feed"
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Tests read `asked`."""

            def do_GET(self) -> None:
                site.asked.append(self.path)
                way_in = self.path.startswith(("/feed", "/sitemap.xml"))
                if site.fault and (site.fault.everything or way_in):
                    self.close_connection = True
                    site.fault.answer(self, site)
                else:
                    site.well(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def server_bind(self) -> None:
                TCPServer.server_bind(self)  # past a question to a name server
                self.server_name, self.server_port = map(str, self.server_address[:2])  # type: ignore[assignment]

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that goes away is what many of these faults are about."""

        # A host of its own, because requests to one host are made one after the other.
        self._server = Server((f"127.0.{3 + number // 250}.{1 + number % 250}", 0), Handler)
        self.base = "http://{}:{}".format(*self._server.server_address[:2])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def well(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer as a site without a fault does."""
        path = handler.path
        if path == "/feed":
            _send(handler, rss(self.base).encode())
        elif path in ("/sitemap.xml", "/good.xml"):
            _send(handler, urlset(self.base).encode())
        elif path.startswith("/news/") and path[6:] in NAMES:
            _send(handler, page(path[6:]).encode(), "text/html")
        else:
            handler.send_error(404)

    def block(self) -> dict[str, Any]:
        """Its block in sources.yaml."""
        address = {"feeds": [f"{self.base}/feed"]} if self.way == "feed" else {"sitemaps": [f"{self.base}/sitemap.xml"]}
        common = {"every": "15m", "delay": "0s", "articles": "^/news/", "allow_private": True}
        return {"id": self.id, "name": self.id, **common, **address}

    def close(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


# The highest resident size of this very process; `getrusage` would count that of the parent it was forked from.
_AND_ITS_SIZE = """
import pathlib, re, sys
from crawler.run import main
status = main(sys.argv[1:])
told = pathlib.Path("/proc/self/status")
match = re.search(r"VmHWM:\\s+(\\d+)", told.read_text()) if told.exists() else None
print(int(match[1]) if match else 0)
sys.exit(status)
"""


@dataclass(kw_only=True)
class Day:
    """What one crawl of all sites did: each source's figures, its highest resident size, and how long it took."""

    sources: dict[str, dict[str, Any]]
    megabytes: float
    seconds: float


@dataclass(kw_only=True)
class Net:
    """Some sites, and a config and data folder that name them all."""

    folder: Path
    sites: list[Site] = field(default_factory=list)

    def configure(self, timeout: float = TIMEOUT, extra: str = "") -> None:
        config = self.folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        blocks = yaml.safe_dump({"sources": [site.block() for site in self.sites]})
        (config / "sources.yaml").write_text(blocks, "utf-8")
        (config / "presswatch.toml").write_text(
            f'{extra}\n[crawl]\ntimeout = "{timeout:g}s"\n[web]\nenabled = false\n', "utf-8"
        )
        (config / "digests.yaml").write_text("digests: []\n", "utf-8")

    @property
    def folders(self) -> list[str]:
        return ["--config", str(self.folder / "config"), "--data", str(self.folder / "data")]

    def crawl(self) -> Day:
        """Visit every site once, in a child process as the service does."""
        began = time.monotonic()
        command = [sys.executable, "-c", _AND_ITS_SIZE, *self.folders]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800, cwd=ROOT, env=environ, check=False)
        assert done.returncode == 0, done.stderr
        report, kilobytes = map(json.loads, done.stdout.splitlines()[-2:])
        return Day(sources=report["sources"], megabytes=kilobytes / 1024, seconds=time.monotonic() - began)

    def mend(self) -> None:
        for site in self.sites:
            site.fault = None


@contextmanager
def net(folder: Path, ill: Sequence[str | None]) -> Iterator[Net]:
    """A site for each name of a fault, or a well one for each None."""
    made = Net(folder=folder)
    try:
        for number, name in enumerate(ill):
            words = "".join(c if c.isalnum() else "-" for c in (name or "well").lower()).strip("-")
            made.sites.append(Site(number, f"s{number:02}-{words}", FAULTS[name] if name else None))
        made.configure()
        yield made
    finally:
        for site in made.sites:
            site.close()


def loopback_has_many_addresses() -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.3.1", 0))
        except OSError:
            return False
    return True
