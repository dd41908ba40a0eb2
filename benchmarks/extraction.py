"""From a page to a judged article: presswatch beside bare trafilatura, newspaper4k, news-please and fundus.

    python -m benchmarks.extraction [--rounds 5] [--without newspaper4k …] [--sites http://127.0.0.1:8800 …]

The pages are those of the bundled sample newsroom, about 115 kB each, or all that the
sitemaps of other sites name. Every peer runs in an environment of its own, which is made under `benchmarks/.peers` the
first time; they take turns, each going through all pages as it would anywhere, and
of every page the quickest round counts, in processor time. A peer reads the page's text and headline and nothing
more; presswatch also judges, tags, fingerprints and groups.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from scrapy.utils.sitemap import Sitemap, sitemap_urls_from_robots

from presswatch.demo import newsroom

_HERE = Path(__file__).parent
PEERS = _HERE / ".peers"
# What each needs: its own releases, and what they leave unpinned or out. The first two tokenize by languages.
_NEEDS = {
    "newspaper4k": ["newspaper4k[all]==0.9.6"],
    "news-please": ["news-please==1.6.16", "newspaper4k[all]==0.9.6"],
    "fundus": ["fundus==0.5.7", "curl_cffi==0.11.4"],
    "changedetection.io": ["changedetection.io==0.60.10"],  # for idle.py
}
# Each reads lines of JSON, a path and an address, and answers with the seconds of processor time that the page took.
_LOOP = """
import json, sys, time
for line in sys.stdin:
    path, url = json.loads(line)
    html = open(path, encoding="utf-8").read()
    began = time.process_time()
    try:
        text = read(html, url)
    except Exception:
        text = ""
    took = time.process_time() - began
    print(json.dumps(took if text and len(text) > 80 else None), flush=True)
"""
_READS = {
    "newspaper4k": """
import newspaper
def read(html, url):
    article = newspaper.Article(url)
    article.download(input_html=html)
    article.parse()
    return article.text
""",
    "news-please": """
from newsplease import NewsPlease
def read(html, url):
    return NewsPlease.from_html(html, url).maintext
""",
    "fundus": """
import lxml.html
from fundus.parser import BaseParser, ParserProxy, attribute
from fundus.parser.utility import extract_article_body_with_selector, generic_topic_parsing
from lxml.cssselect import CSSSelector
class Parser(BaseParser):
    @attribute
    def body(self):
        paragraphs = CSSSelector("article p, main p")
        return extract_article_body_with_selector(self.precomputed.doc, paragraph_selector=paragraphs)
    @attribute
    def title(self):
        return self.precomputed.meta.get("og:title")
parser = Parser()
def read(html, url):
    return str(parser.parse(html, error_handling="raise")["body"])
""",
    "trafilatura": """
from trafilatura import bare_extraction
def read(html, url):
    found = bare_extraction(html, fast=True, favor_recall=True, include_comments=False, include_tables=True,
                            with_metadata=False)
    return found.text
""",
}
# The whole way: extraction, language, names, figures, verdict, topics, summary, fingerprint, story among those before.
_OURS = """
from datetime import UTC, datetime
import pipelines, tempfile
from pathlib import Path
from pipelines.recent import Recent
from presswatch import settings
from presswatch.memory import collect_seldom
from presswatch.models import Page
from presswatch.services import Services
with tempfile.TemporaryDirectory() as folder, Services(settings.load(None, Path(folder), {})) as services:
    knowledge = services.knowledge
collect_seldom()  # as the service's child does
recent = Recent()
def read(html, url):
    page = Page(id=1, url=url, source="bench", fetched_at=datetime.now(UTC), status=200, final_url=url,
                content_type="text/html; charset=utf-8", body=html.encode())
    outcome = pipelines.process(page, knowledge, recent)
    recent[url] = outcome.known()
    return outcome.article.text
"""


class Peer:
    """A process that reads pages one by one."""

    def __init__(self, name: str, python: Path | str, program: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [str(python), "-W", "ignore", "-c", program + _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self, path: Path, url: str) -> float | None:
        """Seconds of processor time for one page; None where no text came of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(path), url]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name} ended on {url}.")
        took: float | None = json.loads(answer)
        return took

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def environment(name: str) -> Path | None:
    """The Python of a peer's own environment, made where it is not there yet; None, said why, where it cannot be."""
    home = PEERS / name
    if not (home / "ready").exists():
        print(f"Installing {name} into {home} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        command = [str(home / "bin" / "pip"), "install", "--quiet", *_NEEDS[name]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
            print(f"{name} does not install here, so it is left out. {said[-1] if said else 'pip does not say why.'}")
            return None
        (home / "ready").touch()
    return home / "bin" / "python"


def sample_pages(folder: Path) -> list[tuple[Path, str]]:
    """Every article of the sample newsroom as its server answers it, in files, with their addresses."""
    found = []
    with newsroom.start() as served:
        for number, article in enumerate(served.articles()):
            url, file = served.url(article.id), folder / f"{number}.html"
            file.write_bytes(_read(url))
            found.append((file, url))
    return found


def pages_of(sites: Sequence[str], folder: Path) -> list[tuple[Path, str]]:
    """Every page that the sitemaps of some sites name, in files, with their addresses."""
    sitemaps = [found for site in sites for found in sitemap_urls_from_robots(_read(f"{site}/robots.txt"), site)]
    named: list[str] = []
    for sitemap in sitemaps:  # an index names more of them
        entries = Sitemap(_read(sitemap))
        (sitemaps if entries.type == "sitemapindex" else named).extend(entry["loc"] for entry in entries)
    found = []
    for number, url in enumerate(named):
        file = folder / f"{number}.html"
        try:
            file.write_bytes(_read(url))
        except HTTPError as error:
            print(f"{url} is left out: {error}.")
        else:
            found.append((file, url))
    return found


def _read(url: str) -> bytes:
    with urlopen(url) as answer:
        body: bytes = answer.read()
    return body


Times = list[float | None]


def measure(peers: Sequence[Peer], pages: Sequence[tuple[Path, str]], rounds: int) -> dict[str, Times]:
    """Seconds of each peer on each page, in its quickest round; a round before the clock warms them up."""
    taken: dict[str, list[list[float]]] = {peer.name: [[] for _ in pages] for peer in peers}
    for round_ in range(rounds + 1):
        for peer in peers:
            for rows, (path, url) in zip(taken[peer.name], pages, strict=True):
                took = peer.read(path, url)
                if took is not None and round_:
                    rows.append(took)
    return {name: [min(rows, default=None) for rows in of_pages] for name, of_pages in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", nargs="*", default=[], metavar="PEER", help="peers that are left out")
    parser.add_argument("--sites", nargs="+", metavar="URL", help="whose pages to read instead of the sample's")
    options = parser.parse_args()
    peers = [Peer("presswatch", sys.executable, _OURS)]
    for name, program in _READS.items():
        if name not in options.without:
            python = sys.executable if name == "trafilatura" else environment(name)
            if python:
                peers.append(Peer(name, python, program))
    try:
        with tempfile.TemporaryDirectory() as folder:
            pages = pages_of(options.sites, Path(folder)) if options.sites else sample_pages(Path(folder))
            size = sum(path.stat().st_size for path, _ in pages) / len(pages) / 1000
            best = measure(peers, pages, options.rounds)
    finally:
        for peer in peers:
            peer.close()
    print(f"{len(pages)} pages of {size:.0f} kB on average: median milliseconds of processor time a page, and how many")
    print("times as long as presswatch a page takes (the median of the pages' ratios)")
    ours = best["presswatch"]
    for name, took in best.items():
        read = [(theirs, mine) for theirs, mine in zip(took, ours, strict=True) if theirs and mine]
        ratio = statistics.median(theirs / mine for theirs, mine in read)
        median = statistics.median(theirs for theirs, _ in read) * 1000
        left_out = f"   {len(pages) - len(read)} pages gave it no text" if len(read) < len(pages) else ""
        print(f"{name:14s} {median:8.2f} ms   {ratio:6.2f} x{left_out}")


if __name__ == "__main__":
    main()
