"""The sample's articles and their labels, as `articles.jsonl` beside this file holds them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BUNDLED = Path(__file__).with_name("articles.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFact:
    """A figure that the UK news commits to, with its words as they stand in the article."""

    kind: str
    value: float
    unit: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a careful analyst who follows AI in the United Kingdom says of an article."""

    level: str  # "focus", "part", "mention", "none"
    story: str  # shared by the versions of one piece of news
    topics: tuple[str, ...]
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]
    facts: tuple[LabelledFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One article of the sample. A paragraph that starts with "- " is a list item, with "## " a heading."""

    id: str
    site: str
    slug: str
    language: str  # ISO 639-1
    title: str
    published_at: datetime
    author: str | None
    categories: tuple[str, ...]
    alternates: tuple[str, ...]  # ids of the versions that the page links as its translations
    body: tuple[str, ...]
    label: Label


def load(path: Path = BUNDLED) -> tuple[SampleArticle, ...]:
    """Every article, newest first."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return tuple(sorted(map(_article, rows), key=lambda a: (a.published_at, a.id), reverse=True))


def _article(row: Mapping[str, Any]) -> SampleArticle:
    return SampleArticle(
        id=row["id"],
        site=row["site"],
        slug=row["slug"],
        language=row["language"],
        title=row["title"],
        published_at=datetime.fromisoformat(row["published_at"]).astimezone(UTC),
        author=row["author"],
        categories=tuple(row["categories"]),
        alternates=tuple(row.get("alternates", ())),
        body=tuple(row["body"]),
        label=_label(row["label"]),
    )


def _label(row: Mapping[str, Any]) -> Label:
    return Label(
        level=row["level"],
        story=row["story"],
        topics=tuple(row["topics"]),
        organisations=tuple(row["organisations"]),
        people=tuple(row["people"]),
        places=tuple(row["places"]),
        facts=tuple(LabelledFact(**fact) for fact in row["facts"]),
    )
