"""Questions that the command line asks, answered from the store, the archive or a fresh look."""

from __future__ import annotations

import base64
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from presswatch import urls
from presswatch.errors import UsageError
from presswatch.models import Level, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presswatch.models import Outcome, Story, Version
    from presswatch.services import Services


def articles(
    services: Services, *, since: datetime | None, topics: Sequence[str], levels: Sequence[str], limit: int
) -> tuple[Version, ...]:
    """Articles by the words of the command line; raises `UsageError` for a topic or level that does not exist."""
    from presswatch.store.records import ArticleFilter

    for topic in topics:
        if topic not in services.topics:
            raise UsageError(f"There is no topic {topic!r}. topics.yaml has {', '.join(sorted(services.topics))}.")
    for level in levels:
        if level not in list(Level):
            raise UsageError(f"There is no level {level!r}; there are {', '.join(Level)}.")
    chosen = tuple(Level(level) for level in levels) or (Level.FOCUS, Level.PART)
    wanted = ArticleFilter(since=since, topics=tuple(topics), levels=chosen, limit=limit)
    return services.store.articles.list(wanted)


def article(services: Services, name: str) -> tuple[Version, Story | None]:
    """The article of this address, or the only one whose address ends so; raises `UsageError` otherwise."""
    try:
        url = urls.canonical(name)
    except urls.BadAddress:
        url = ""
    store = services.store
    if not (url and store.articles.get(url)):
        matches = store.articles.ending(name.strip("/"))
        if not matches:
            raise UsageError(
                f"No article's address ends in {name!r}. Find it with: presswatch list, or presswatch search."
            )
        if len(matches) > 1:
            raise UsageError(f"{name!r} fits several articles; give more of the address: {', '.join(matches[:5])}")
        url = matches[0]
    version = store.articles.get(url)
    assert version is not None
    return version, store.stories.of(url)


def story(services: Services, name: str) -> Story:
    """The story of this id, or the one that an article belongs to; raises `UsageError`."""
    found = services.store.stories.get(name) or article(services, name)[1]
    assert found is not None  # every article belongs to one
    return found


def explain(services: Services, what: str, now: datetime) -> Outcome:
    """The steps' outcome for a web page, a file or standard input; stores nothing.

    Raises `UsageError` where there is nothing to read, `ExtractionError` where it holds no article.
    """
    import pipelines
    from pipelines.recent import Recent

    return pipelines.process(_page(services, what, now), services.knowledge, Recent())


def missing(services: Services, outcome: Outcome) -> tuple[str, ...]:
    """What would lift an outcome's verdict to the next level, in plain sentences."""
    import pipelines
    from pipelines import missing as next_level
    from pipelines import passages

    knowledge, article = services.knowledge, outcome.article
    found = pipelines.read(article, passages.split(article), knowledge)
    return next_level.missing(found, outcome.verdict, knowledge.watch)


def _page(services: Services, what: str, now: datetime) -> Page:
    if what.startswith(("http://", "https://")):
        return _fetched(services, what)
    try:
        body = sys.stdin.buffer.read() if what == "-" else Path(what).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{what} cannot be read: {error.strerror}. Give an address, a file, or - for standard input."
        ) from error
    if not body.strip():
        raise UsageError(f"{what} is empty. Give a web page or a text: the headline on the first line, then the text.")
    url = "https://example.invalid/standard-input" if what == "-" else f"https://example.invalid/{Path(what).name}"
    html = b"<" in body[:200].lstrip()[:1] or b"<html" in body[:2000].lower()
    return Page(
        id=0,
        url=urls.canonical(url.replace(" ", "-")),
        source="",
        fetched_at=now,
        status=200,
        final_url=url,
        content_type="text/html" if html else "text/plain",
        body=body if html else _as_page(body),
    )


def _fetched(services: Services, url: str) -> Page:
    from presswatch import jobs

    found = jobs.fetch(services, url)
    return Page(
        id=0,
        url=found["url"],
        source=found["source"],
        fetched_at=datetime.fromisoformat(found["fetched_at"]),
        status=found["status"],
        final_url=found["final_url"],
        content_type=found["content_type"],
        body=base64.b64decode(found["body"]),
        source_language=found["language"],
    )


def _as_page(body: bytes) -> bytes:
    """Plain text as a page: the first line is the headline, every other line a paragraph."""
    from html import escape

    headline, *lines = (line.strip() for line in body.decode("utf-8", "replace").splitlines() if line.strip())
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(headline)}</title></head>"
        f"<body><article><h1>{escape(headline)}</h1>{paragraphs}</article></body></html>"
    ).encode()
