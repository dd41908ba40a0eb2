"""What is fuzzed: a name, a function that takes bytes, and what it may raise. Anything else, or long, is a defect."""

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.discovery import Unreadable, feed, listing, sitemap, wordpress
from crawler.reading import date_of
from crawler.robots import Rules
from crawler.trouble import MAX_RETRY_AFTER, retry_after
from pipelines import dates, language, passages
from pipelines.extract import extract
from pipelines.sentences import split as sentences
from pipelines.tagging import facts
from presswatch import backup, catalogue, names, settings, watches
from presswatch.archive import Archive
from presswatch.configfile import parse_duration, parse_size
from presswatch.errors import ArchiveError, BackupError, ConfigError, ExtractionError
from presswatch.models import Article, Candidate, Listing, Page, Source
from presswatch.second_reader import schema
from presswatch.second_reader.grounds import Grounds
from presswatch.urls import BadAddress, canonical, resolve

logging.getLogger("presswatch.archive").setLevel(logging.CRITICAL)  # it says of every damaged file that it is
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(id="s", name="S", feeds=("https://news.example/feed",), language="en")
URL = "https://news.example/feed"
_ARTICLE = Article(
    url=URL,
    source="s",
    language="en",
    title="A firm opens a laboratory",
    text="A firm invests £2 billion in Leeds. It will hire 300 engineers by 2027.\n\nThe mayor of Leeds was there.",
    author=None,
    published_at=NOW,
    first_seen_at=NOW,
)
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


def _waits(data: bytes) -> None:
    until = retry_after(data.decode("latin-1"), NOW)
    assert until is None or NOW <= until <= NOW + MAX_RETRY_AFTER


def _answers(data: bytes) -> None:
    """A model's answer about one article: nothing of it gets through that does not stand there."""
    said = schema.answer(data)
    grounds = Grounds(_ARTICLE)
    why = grounds.quotation(said.why, longest=schema.MAX_WHY)
    assert " ".join(why.split()).rstrip("…") in _ARTICLE.text or not why
    for line in grounds.summary(said.summary, "en", most=schema.MAX_SENTENCES, longest=schema.MAX_SENTENCE):
        assert len(line) <= schema.MAX_SENTENCE
        assert len(line.splitlines()) == 1


def _records(data: bytes) -> None:
    """A file of the archive, as a bad disk may give it back."""
    name = "presswatch-20260101T000000-0123abcd.warc.gz"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        archive = Archive(Path(folder))
        for offset in (0, len(data) // 2):
            try:
                assert archive.read(name, offset).url
            except ArchiveError as error:
                _sentence(error)
        for place, answer in archive.records():
            assert place.file == name
            assert answer.url


def _backups(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (file := Path(folder) / "backup.zip").write_bytes(data)
        backup.verify(file)


def _rules(data: bytes) -> None:
    """What the operator writes of watches, topics and names."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (*names.FILES, names.SPELLINGS, "watch.yaml", "topics.yaml"):
            (folder / file).write_bytes(data)
        for read in (
            lambda: watches.load_watch(folder / "watch.yaml"),
            lambda: watches.load_topic_rules(folder / "topics.yaml"),
            lambda: names.load_names(folder),
        ):
            try:
                read()
            except ConfigError as error:
                _sentence(error)


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
    "waits": Target(_waits),
    "answers": Target(_answers, (schema.Unusable,)),
    "records": Target(_records),
    "backups": Target(_backups, (BackupError,)),
    "rules": Target(_rules),
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
