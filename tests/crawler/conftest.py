"""Real sites on loopback, and real crawls of them in one reactor that runs for the whole session."""

import asyncio
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.asking import Figures
from crawler.errand import Errand, prepare
from crawler.hosts import Hosts
from crawler.run import crawl_here
from presswatch.settings import load
from presswatch.store.records import PageRow

from ..store.samples import make_outcome

Handle = Callable[[BaseHTTPRequestHandler], None]
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The reactor's event loop, in a thread of its own; a reactor cannot be started twice."""
    started: list[asyncio.AbstractEventLoop] = []
    ready = threading.Event()

    def run() -> None:
        own = asyncio.new_event_loop()
        asyncio.set_event_loop(own)
        from twisted.internet import asyncioreactor

        asyncioreactor.install(own)
        from twisted.internet import reactor

        started.append(own)
        ready.set()
        reactor.run(installSignalHandlers=False)  # type: ignore[attr-defined]

    thread = threading.Thread(target=run, name="reactor", daemon=True)
    thread.start()
    ready.wait(10)
    yield started[0]
    from twisted.internet import reactor

    reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]
    thread.join(5)


@dataclass
class Reply:
    """What a site answers; `handle` takes over the socket where a proper answer will not do."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    handle: Handle | None = None


class Site:
    """A site whose every answer the test writes down; it remembers what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._scheme = "https" if tls else "http"
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[datetime] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Tests read `asked`."""

            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.headers.append(dict(self.headers.items()))
                site.times.append(datetime.now(UTC))
                reply = site.replies.get(self.path, Reply("nothing here", 404))
                if reply.handle:
                    reply.handle(self)
                    return
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                self.send_response(reply.status)
                for name, value in {
                    "Content-Type": "text/html",
                    "Content-Length": str(len(body)),
                    **reply.headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                if reply.status != 304:
                    self.wfile.write(body)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that goes away is what many of these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[path] = Reply(body, status, named)

    def handle(self, path: str, handle: Handle) -> None:
        self.replies[path] = Reply(handle=handle)

    def feed(self, *articles: str, path: str = "/feed", dates: str = "", **headers: str) -> None:
        """An RSS feed of these articles, each of which is a page of its own."""
        self.put(path, rss(*(f"{self.base}/news/{name}" for name in articles)), Content_Type="text/xml", **headers)
        for name in articles:
            self.replies.setdefault(f"/news/{name}", Reply(page(name)))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def rss(*links: str, content: str = "", modified: str = "") -> str:
    """An RSS feed; the first link is the newest item."""
    items = "".join(
        f"<item><title>About {link.rpartition('/')[2]}{modified}</title><link>{link}</link>"
        f"<pubDate>Fri, {20 - n:02} Nov 2026 10:00:00 GMT</pubDate>"
        + (f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else "")
        + "</item>"
        for n, link in enumerate(links)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>News</title>{items}</channel></rss>"
    )


def page(name: str) -> str:
    return f"<html><body><h1>{name}</h1><p>The whole story of {name}, told in one paragraph.</p></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


@pytest.fixture
def other_site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


class Desk:
    """A config and data folder, and crawls of what it names; time stands still unless it is moved."""

    def __init__(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.folder, self._loop = folder, loop
        self.now = START
        self.events: list[dict[str, Any]] = []
        self.delays: dict[str, float] = {}  # seconds by source, below what a config file may say
        (folder / "config").mkdir(exist_ok=True)

    def watch(self, *blocks: dict[str, Any]) -> None:
        """Write sources.yaml; an own private site without delay unless a block says otherwise."""
        whole = [{"allow_private": True, "delay": "0s", "articles": "^/news/"} | block for block in blocks]
        (self.folder / "config" / "sources.yaml").write_text(yaml.safe_dump({"sources": whole}), "utf-8")

    def limits(self, **crawl: Any) -> None:
        lines = [f"{name} = {value!r}" for name, value in crawl.items()]
        (self.folder / "config" / "presswatch.toml").write_text("\n".join(["[crawl]", *lines]), "utf-8")

    def crawl(self, *ids: str, mode: str = "crawl", since: datetime | None = None, **scrapy: Any) -> dict[str, Figures]:
        """Visit these sources, or all, once; returns the figures by source."""
        errand = self.errand(*ids, mode=mode, since=since)
        # The limit is for a child process; this one holds a whole test run.
        scrapy.setdefault("MEMUSAGE_ENABLED", False)
        try:
            report = asyncio.run_coroutine_threadsafe(crawl_here(errand, **scrapy), self._loop).result(60)
        finally:
            errand.close()
        return dict(report.sources)

    def errand(self, *ids: str, mode: str = "crawl", since: datetime | None = None) -> Errand:
        settings = load(self.folder / "config", self.folder / "data", {"PRESSWATCH_CONTACT": "mailto:desk@example.org"})
        errand = prepare(settings, ids, mode=mode, since=since, tell=self.events.append, now=lambda: self.now)
        if self.delays:
            errand.hosts = Hosts([replace(s, delay=timedelta(seconds=self.delays[s.id])) for s in errand.catalogue])
        return errand

    def pages(self) -> list[PageRow]:
        """Every stored page, oldest first."""
        errand = self.errand()
        try:
            return list(errand.store.pages.unprocessed(limit=10_000))
        finally:
            errand.close()

    def judge(self) -> None:
        """Make an article of every stored page, as the steps would."""
        errand = self.errand()
        try:
            for row in errand.store.pages.unprocessed(limit=10_000):
                outcome = make_outcome(row.id, row.url, source=row.source, story=row.url, published_at=row.fetched_at)
                errand.store.articles.save(outcome, now=self.now)
        finally:
            errand.close()

    def urls(self) -> list[str]:
        return sorted({row.url for row in self.pages()})

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def desk(tmp_path: Path, loop: asyncio.AbstractEventLoop, migrated_sqlite: Path) -> Desk:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_sqlite, tmp_path / "data" / "presswatch.sqlite3")
    return Desk(tmp_path, loop)


@pytest.fixture
def tls_site(tmp_path: Path) -> Iterator[Site]:
    """A site on https with a certificate of its own making."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "site.pem"
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    one = Site(context)
    yield one
    one.close()


def block(site: Site, **more: object) -> dict[str, object]:
    return {"id": "one", "feeds": [f"{site.base}/feed"], **more}


def asked(site: Site) -> list[str]:
    """What a site was asked since the last time, robots.txt aside."""
    paths = [path for path in site.asked if path != "/robots.txt"]
    site.asked.clear()
    site.headers.clear()
    return paths
