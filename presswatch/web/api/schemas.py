"""What the API answers, as its description says it. Does no input or output."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from presswatch import exports
from presswatch.briefs import Brief
from presswatch.models import Digest, Level, SourceHealth, Story, Version
from presswatch.recipients import shown
from presswatch.store.list_records import LedgerRow
from presswatch.store.records import DeliveryEntry, EditionRow, Hit


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class FigureOut(BaseModel):
    """A figure that the news commits to."""

    kind: str
    value: float
    unit: str
    quote: str
    qualifier: str


class StoryBrief(BaseModel):
    """A story in brief, told by its best version for readers of English."""

    id: str
    level: Level
    date: datetime = Field(description="First published, as far as is known.")
    changed_at: datetime
    title: str
    language: str
    source: str
    url: str
    sentences: list[str] = Field(description="The source's own sentences.")
    figures: list[FigureOut]
    topics: list[str]
    organisations: list[str]
    people: list[str]
    places: list[str]
    languages: list[str]
    sources: list[str]
    versions: int
    removed: bool


class ReasonOut(BaseModel):
    """A piece of evidence for or against."""

    kind: str
    weight: float
    quote: str
    text: str


class OpinionOut(BaseModel):
    """What the second reader, a language model, says; it changes nothing."""

    level: Level
    why: str
    summary: list[str]
    language: str
    model: str


class ArticleOut(BaseModel):
    """One article, told or not, with its verdict; as `presswatch export` writes it."""

    url: str
    source: str
    language: str
    title: str
    author: str | None
    published_at: datetime | None
    published_from: str | None
    first_seen_at: datetime
    modified_at: datetime | None
    removed_at: datetime | None
    via: str
    note: str | None
    level: Level
    relevant: bool
    score: float
    reasons: list[ReasonOut]
    story: str
    topics: list[str]
    organisations: list[str]
    people: list[str]
    places: list[str]
    products: list[str]
    facts: list[FigureOut]
    summary: list[str]
    opinion: OpinionOut | None
    revisions: int
    text: str


class StoryOut(BaseModel):
    """A story with all its versions, oldest first."""

    id: str
    first_seen_at: datetime
    changed_at: datetime
    versions: list[ArticleOut]


class FactOut(BaseModel):
    """A commitment of the ledger."""

    story: str
    kind: str
    value: float
    unit: str
    qualifier: str
    announced_at: datetime
    due_on: date | None
    due_words: str
    who: list[str]
    where: list[str]
    quote: str
    language: str
    url: str
    counted: bool = Field(description="Neither part of a whole nor said before: what sums add up.")
    repeats: str | None = Field(description="The story that said it first.")


class SourceOut(BaseModel):
    """A source and how it does."""

    id: str
    name: str
    state: str
    message: str
    advice: str
    failures: int
    articles: int
    last_success_at: datetime | None
    next_due_at: datetime | None


class DeliveryOut(BaseModel):
    """An edition's way to one recipient, who is not named whole."""

    id: int
    recipient: str
    state: str
    attempts: int
    sent_at: datetime | None
    next_attempt_at: datetime | None
    error: str | None
    receipt: str | None


class EditionBrief(BaseModel):
    """One edition of a digest."""

    id: int
    digest: str
    edition: str
    subject: str
    built_at: datetime


class EditionOut(EditionBrief):
    """One edition as it was built and is sent."""

    title: str
    text: str
    stories: list[str]
    updated: list[str]
    deliveries: list[DeliveryOut]


class HitOut(BaseModel):
    """An article that a search found."""

    url: str
    source: str
    language: str
    title: str
    level: Level
    story: str
    published_at: datetime | None
    first_seen_at: datetime
    excerpt: str
    marks: list[tuple[int, int]] = Field(description="Stretches of the excerpt, in characters, that were looked for.")


class StoryList(BaseModel):
    items: list[StoryBrief]
    next_cursor: str | None


class ArticleList(BaseModel):
    items: list[ArticleOut]
    next_cursor: str | None


class FactList(BaseModel):
    items: list[FactOut]
    next_cursor: str | None


class SourceList(BaseModel):
    items: list[SourceOut]


class EditionList(BaseModel):
    items: list[EditionBrief]
    next_cursor: str | None


class HitList(BaseModel):
    items: list[HitOut]


class Done(BaseModel):
    """That something was done, in a sentence."""

    message: str


def brief(found: Brief) -> StoryBrief:
    values = {name: getattr(found, name) for name in StoryBrief.model_fields if name not in ("id", "figures")}
    return StoryBrief(id=found.story, figures=[_figure(fact) for fact, _ in found.figures], **values)


def _figure(fact: Any) -> FigureOut:
    return FigureOut(**{name: getattr(fact, name) for name in FigureOut.model_fields})


def article(version: Version) -> ArticleOut:
    return ArticleOut.model_validate(exports.row(version))


def story(found: Story) -> StoryOut:
    versions = [article(version) for version in found.versions]
    return StoryOut(id=found.id, first_seen_at=found.first_seen_at, changed_at=found.changed_at, versions=versions)


def fact(row: LedgerRow) -> FactOut:
    found = row.commitment
    names = (name for name in FactOut.model_fields if name not in ("counted", "repeats"))
    return FactOut(**{name: getattr(found, name) for name in names}, counted=row.counted, repeats=row.repeats)


def source(name: str, health: SourceHealth) -> SourceOut:
    values = asdict(health)
    return SourceOut(id=values.pop("source"), name=name, **values)


def edition_brief(row: EditionRow) -> EditionBrief:
    return EditionBrief(id=row.id, digest=row.name, edition=row.edition, subject=row.subject, built_at=row.built_at)


def edition(digest: Digest, deliveries: tuple[DeliveryEntry, ...]) -> EditionOut:
    return EditionOut(
        id=digest.id,
        digest=digest.name,
        edition=digest.edition,
        subject=digest.subject,
        built_at=digest.built_at,
        title=digest.title,
        text=digest.text,
        stories=list(digest.stories),
        updated=list(digest.updated),
        deliveries=[delivery(entry) for entry in deliveries],
    )


def delivery(entry: DeliveryEntry) -> DeliveryOut:
    names = (name for name in DeliveryOut.model_fields if name not in ("recipient", "receipt"))
    values = {name: getattr(entry.delivery, name) for name in names}
    return DeliveryOut(**values, recipient=shown(entry.delivery.recipient), receipt=entry.receipt)


def hit(found: Hit) -> HitOut:
    return HitOut(**{name: getattr(found, name) for name in HitOut.model_fields})
