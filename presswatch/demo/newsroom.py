"""A small newsroom on loopback: eleven sites that serve the sample's articles as a company's real sites do.

    python -m presswatch.demo.newsroom --port 8800

Each site has a loopback address of its own (127.0.2.1 and up) on one port; where
a machine has no such addresses, as macOS, each has a port of its own on
127.0.0.1. Faults, edits and removals can be switched on while it runs: by the
methods of `Newsroom`, or with GET on /_control of any site, such as
/_control?edit=humber-en and /_control?fault=blog:403.
"""

import argparse
import re
import selectors
import socket
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote

from presswatch.demo.answers import DISALLOWED, Snapshot
from presswatch.demo.articles import BUNDLED, SampleArticle, load
from presswatch.demo.faults import KINDS
from presswatch.demo.pages import SITES, Post, Site
from presswatch.demo.serving import Server, bind, moment
from presswatch.errors import UsageError

CONFIG = Path(__file__).with_name("config")

CORRECTION = "Correction: an earlier version of this article misstated a date."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What was asked of the newsroom since it started, or since `forget`. All but two are by site."""

    requests: Mapping[str, int]  # by "site path"
    user_agents: Mapping[str, int]  # by the agent's own words
    conditional: Mapping[str, int]
    not_modified: Mapping[str, int]
    disallowed: Mapping[str, int]  # what robots.txt closes and was asked for all the same
    peak_concurrency: Mapping[str, int]
    smallest_gap: Mapping[str, float]  # seconds between the starts of two requests


class Newsroom:
    """The running sites. A context manager that stops them; every method may be called at any time."""

    def __init__(
        self,
        articles: Sequence[SampleArticle],
        servers: Mapping[str, Server],
        until: datetime | None,
        slow: float = 0.0,
    ):
        self.slow = slow
        self._articles = {article.id: article for article in articles}
        self._numbers = {article.id: 41000 + 7 * n for n, article in enumerate(reversed(articles))}
        self._servers = servers
        self._lock = threading.RLock()
        self._until = until
        self._added: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._slugs: dict[str, str] = {}
        self._modified: dict[str, datetime] = {}
        self._removed: dict[str, str] = {}
        self._faults: dict[str, tuple[str, str]] = {}
        self._busy: Counter[str] = Counter()
        self.stopping = threading.Event()
        self.forget()
        for server in servers.values():
            server.newsroom = self
        self._wake, wake = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, args=(wake,), name="sample newsroom", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every connection and address; calling it again does nothing."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        self._wake.close()
        self._thread.join()
        for server in self._servers.values():
            server.close()

    def _serve(self, wake: socket.socket) -> None:
        with selectors.DefaultSelector() as waiting, wake:
            waiting.register(wake, selectors.EVENT_READ)
            for server in self._servers.values():
                waiting.register(server, selectors.EVENT_READ, server)
            while not self.stopping.is_set():
                for key, _ in waiting.select():
                    if key.data:
                        key.data.handle_request()

    # What the sites are and hold

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(self._servers)

    def base(self, site: str) -> str:
        """A site's address, without a slash at the end."""
        host, port = self._servers[site].server_address[:2]
        return f"http://{host!s}:{port}"

    def url(self, article: str) -> str:
        """Where an article stands now."""
        return self.base(self._articles[article].site) + self._path(article)

    def articles(self) -> tuple[SampleArticle, ...]:
        """What is published now, newest first, as it was written."""
        with self._lock:
            until, removed = self._until, set(self._removed)
        written = self._articles.values()
        return tuple(a for a in written if a.id not in removed and (until is None or a.published_at <= until))

    def describe(self) -> str:
        """What it is, in a few words for a terminal."""
        shown = self.articles()
        sites, languages = {a.site for a in shown}, {a.language for a in shown}
        return (
            f"{len(shown)} articles on {len(sites)} sites in {len(languages)} languages, at {self.base(SITES[0].id)}/"
        )

    # What an editor or a bad day may do to them

    def publish_until(self, when: datetime | None) -> None:
        """Show nothing that is published later than `when`; None shows everything."""
        with self._lock:
            self._until = when

    def edit(self, article: str, paragraph: str = CORRECTION) -> None:
        """Append a paragraph to an article."""
        self._change(article, self._added, paragraph)

    def retitle(self, article: str, title: str | None = None) -> None:
        """Change an article's headline; its address stays."""
        self._change(article, self._titles, title or f"Updated: {self._written(article).title}")

    def move(self, article: str, slug: str) -> None:
        """Give an article a new address; the old one redirects."""
        self._change(article, self._slugs, slug)

    def remove(self, article: str) -> None:
        """Answer 410 for an article and list it no more."""
        self._change(article, self._removed, "")

    def fault(self, site: str, kind: str, only: str = "") -> None:
        """Let a site misbehave, or behave again with "ok"; `only` on paths that begin so."""
        if site not in self._servers or kind not in KINDS:
            raise UsageError(f"{site}:{kind} is no fault; sites: {', '.join(self.sites)}; {', '.join(KINDS)}.")
        with self._lock:
            self._faults[site] = (kind, only)

    def _change(self, article: str, changes: dict[str, str], value: str) -> None:
        self._written(article)
        with self._lock:
            changes[article] = value
            self._modified[article] = datetime.now(UTC).replace(microsecond=0)

    def _written(self, article: str) -> SampleArticle:
        if article not in self._articles:
            raise UsageError(f"{article!r} is no article of the sample newsroom.")
        return self._articles[article]

    # What was asked of them

    @property
    def stats(self) -> Stats:
        with self._lock:
            gaps = {s: min(b - a for a, b in pairwise(t)) for s, t in self._starts.items() if len(t) > 1}
            counted = {name: dict(+counter) for name, counter in self._counters.items()}
        return Stats(**counted, smallest_gap={site: round(gap, 4) for site, gap in gaps.items()})

    def forget(self) -> None:
        """Start counting again."""
        names = ("requests", "user_agents", "conditional", "not_modified", "disallowed", "peak_concurrency")
        with self._lock:
            self._counters: dict[str, Counter[str]] = {name: Counter() for name in names}
            self._starts: dict[str, list[float]] = defaultdict(list)

    def asked(self, site: str, path: str, headers: Mapping[str, str]) -> None:
        with self._lock:
            count = self._counters
            count["requests"][f"{site} {path}"] += 1
            count["user_agents"][headers.get("User-Agent", "")] += 1
            count["conditional"][site] += "If-None-Match" in headers or "If-Modified-Since" in headers
            count["disallowed"][site] += path.startswith(DISALLOWED)
            self._starts[site].append(time.monotonic())
            self._busy[site] += 1
            count["peak_concurrency"][site] = max(count["peak_concurrency"][site], self._busy[site])

    def answered(self, site: str, status: int) -> None:
        with self._lock:
            self._busy[site] -= 1
            self._counters["not_modified"][site] += status == 304

    # How they look to a request

    def fault_for(self, site: str, path: str) -> str:
        kind, only = self._faults.get(site, ("ok", ""))
        return kind if path.startswith(only) else "ok"

    def snapshot(self, site: Site) -> Snapshot:
        """What `site` has published now."""
        with self._lock:
            gone = [a for a in self._removed if self._articles[a].site == site.id]
            moved = [a for a in self._slugs if self._articles[a].site == site.id]
            return Snapshot(
                site=site,
                base=self.base(site.id),
                posts=tuple(self._post(article) for article in self.articles()),
                gone=frozenset(unquote(self._path(a)) for a in gone),
                moved={site.article_path.format(slug=self._articles[a].slug): self._path(a) for a in moved},
                permalink_guids=self.fault_for(site.id, "/feed/") == "drift",
            )

    def _path(self, article: str) -> str:
        written = self._articles[article]
        slug = quote(self._slugs.get(article, written.slug))
        return next(site for site in SITES if site.id == written.site).article_path.format(slug=slug)

    def _post(self, article: SampleArticle) -> Post:
        versions = [self._articles[a] for a in (article.id, *article.alternates)] if article.alternates else []
        locales = {site.id: site.locale for site in SITES}
        return Post(
            id=article.id,
            number=self._numbers[article.id],
            site=article.site,
            url=self.url(article.id),
            title=self._titles.get(article.id, article.title),
            published_at=article.published_at,
            modified_at=self._modified.get(article.id, article.published_at),
            author=article.author,
            categories=article.categories,
            body=article.body + ((self._added[article.id],) if article.id in self._added else ()),
            alternates=tuple((locales[version.site], self.url(version.id)) for version in versions),
        )


def start(port: int = 0, until: datetime | None = None, articles: Path = BUNDLED) -> Newsroom:
    """Start every site in threads of this process; port 0 finds one that is free on all their addresses.

    Raises `UsageError` where the port is taken.
    """
    return Newsroom(load(articles), bind(port), until)


def write_config(newsroom: Newsroom, folder: Path) -> None:
    """Write `sources.yaml`, `digests.yaml` and `presswatch.toml` into `folder`, which is made where it is missing.

    A site's name in braces, such as {newsroom} or {fr}, becomes that site's
    address; other braces stay. The digest goes into `digests` in the data folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    places = re.compile(r"\{(" + "|".join(map(re.escape, newsroom.sites)) + r")\}")
    for template in sorted(CONFIG.iterdir()):
        text = places.sub(lambda match: newsroom.base(match[1]), template.read_text("utf-8"))
        (folder / template.name).write_text(text, "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--until", type=moment, default=None, help="publish nothing later than this (ISO 8601)")
    parser.add_argument("--address", default="", help="of the first site; those of the others follow")
    parser.add_argument("--alone", action="store_true", help="no others follow: each site has a port on this address")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds that every answer takes")
    parser.add_argument(
        "--config", type=Path, default=None, help="write a configuration that watches it to this folder"
    )
    parser.add_argument("--articles", type=Path, default=BUNDLED, help="another file of articles, in the same form")
    options = parser.parse_args(arguments)
    try:
        servers = bind(options.port, options.address, alone=options.alone)
        newsroom = Newsroom(load(options.articles), servers, options.until, options.slow)
    except UsageError as error:
        parser.error(str(error))
    with newsroom:
        if options.config:
            write_config(newsroom, options.config)
        for site in newsroom.sites:
            count = sum(article.site == site for article in newsroom.articles())
            sys.stdout.write(f"{site:9} {newsroom.base(site)}/  {count} articles\n")
        sys.stdout.flush()
        try:
            newsroom.stopping.wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
