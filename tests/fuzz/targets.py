"""What is fuzzed: a name, a function that takes bytes, and what it may raise. Anything else, or long, is a defect."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.discovery import Unreadable, feed, listing, sitemap, wordpress
from crawler.reading import date_of
from crawler.robots import Rules
from pipelines import dates, language, passages
from pipelines.extract import extract
from pipelines.sentences import split as sentences
from pipelines.tagging import facts
from presswatch import catalogue, settings
from presswatch.configfile import parse_duration, parse_size
from presswatch.errors import ConfigError, ExtractionError
from presswatch.models import Candidate, Listing, Page, Source
from presswatch.urls import BadAddress, canonical, resolve

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(id="s", name="S", feeds=("https://news.example/feed",), language="en")
URL = "https://news.example/feed"
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh")
# Longer for so little input than anything honest takes, also on a machine that has other things to do.
SECONDS = 5.0


def _feed(data: bytes) -> None:
    for candidate in feed(data, URL, SOURCE).candidates:
        _candidate(candidate)


def _sitemap(data: bytes) -> None:
    for candidate in sitemap(data, URL, SOURCE).candidates:
        _candidate(candidate)


def _listing(data: bytes) -> None:
    rules = Listing(url=URL, links="a", next="a.next")
    for candidate in listing(data.decode("utf-8", "replace"), URL, SOURCE, rules).candidates:
        _candidate(candidate)


def _wordpress(data: bytes) -> None:
    for candidate in wordpress(data, URL, SOURCE).candidates:
        _candidate(candidate)


def _candidate(candidate: Candidate) -> None:
    """What every candidate is, whatever a site sent."""
    assert resolve(candidate.url) == candidate.url
    assert canonical(canonical(candidate.url)) == canonical(candidate.url)
    for text in (candidate.title, candidate.author, *candidate.categories):
        assert text is None or len(text.splitlines()) <= 1, text
    for moment in (candidate.published_at, candidate.modified_at):
        assert moment is None or moment.tzinfo is UTC


def _dates(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    date_of(text)
    dates.from_address(text)
    for language_code in (None, *LANGUAGES):
        found = dates.parse(text, language_code)
        assert found is None or found.utcoffset() is not None
        dates.plausible(found, NOW)


def _figures(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for code in LANGUAGES:
        for fact in facts.find(text, ((0, len(text)),), code):
            assert 0 <= fact.start < fact.end <= len(text)
            assert fact.value == fact.value, "not a number"
            assert abs(fact.value) < float("inf")


def _addresses(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    found = resolve(text, "https://news.example/a/b")
    assert found.startswith(("http://", "https://"))
    assert "@" not in found.split("/")[2]
    assert found.isascii()
    assert found.isprintable()


def _config(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("sources.yaml", "digests.yaml", "presswatch.toml"):
            (folder / file).write_bytes(data)
        for read in (
            lambda: catalogue.load_sources(folder / "sources.yaml"),
            lambda: catalogue.load_digests(folder / "digests.yaml", {}),
            lambda: settings.load(folder, folder / "data", {}),
        ):
            try:
                read()
            except ConfigError as error:
                _sentence(error)


def _durations(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for read in (parse_duration, parse_size):
        try:
            read(text)
        except ValueError as error:
            _sentence(error)


def _page(body: bytes) -> Page:
    return Page(
        id=1, url=URL, source="s", fetched_at=NOW, status=200, final_url=URL, content_type="text/html", body=body
    )


def _extraction(data: bytes) -> None:
    article = extract(_page(data))
    assert article.title
    for passage in passages.split(article):
        assert article.document[passage.start : passage.end] == passage.text
    language.detect(article.text, None)


def _sentences(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for code in LANGUAGES:
        for start, end in sentences(text, code):
            assert 0 <= start <= end <= len(text)


def _robots(data: bytes) -> None:
    rules = Rules(data.decode("utf-8", "replace"))
    rules.allow("https://news.example/a/b?c")
    assert 0 <= rules.delay <= 300


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that takes a stranger's bytes."""

    run: Callable[[bytes], None]
    may_raise: tuple[type[Exception], ...] = ()


TARGETS = {
    "feeds": Target(_feed, (Unreadable,)),
    "sitemaps": Target(_sitemap, (Unreadable,)),
    "listings": Target(_listing, (Unreadable,)),
    "posts": Target(_wordpress, (Unreadable,)),
    "dates": Target(_dates),
    "figures": Target(_figures),
    "addresses": Target(_addresses, (BadAddress,)),
    "config": Target(_config),
    "durations": Target(_durations),
    "extraction": Target(_extraction, (ExtractionError,)),
    "sentences": Target(_sentences),
    "robots": Target(_robots),
}


def _sentence(error: Exception) -> None:
    """An operator can read it: neither empty nor endless."""
    if not 10 < len(str(error)) < 3000:
        raise AssertionError(f"no sentence: {error!r}"[:500])


def tried(name: str, data: bytes) -> None:
    """Give one target one input; raises where it does anything that it may not."""
    target, start = TARGETS[name], time.process_time()
    try:
        target.run(data)
    except target.may_raise as error:
        _sentence(error)
    took = time.process_time() - start
    assert took < SECONDS, f"{took:.1f} s for {len(data)} bytes"
