"""Pages, outcomes and editions as short as a test can say them."""

from datetime import UTC, datetime
from typing import Any

from presswatch.models import Article, Change, Fact, Fingerprint, Level, Outcome, Reason, Tag, TagKind, Verdict
from presswatch.store import Store
from presswatch.store.records import DigestDraft, PageDraft, Visit, content_hash

T0 = datetime(2025, 9, 16, 12, tzinfo=UTC)


def record_visit(store: Store, source: str, *, now: datetime, **values: Any) -> None:
    """A visit to `source` that ended at `now`."""
    store.sources.record([Visit(source=source, at=now, **values)])


def draft_page(url: str, body: str = "first", **more: Any) -> PageDraft:
    values: dict[str, Any] = {
        "source": "newsroom",
        "fetched_at": T0,
        "status": 200,
        "final_url": url,
        "content_type": "text/html",
        "content_hash": content_hash(body),
        "warc_file": "a.warc.gz",
        "warc_offset": 7,
    }
    return PageDraft(url=url, **(values | more))


def make_outcome(
    page_id: int,
    url: str,
    *,
    story: str = "s1",
    title: str = "A headline",
    text: str = "A text about Harwell.",
    level: Level = Level.FOCUS,
    language: str = "en",
    published_at: datetime | None = T0,
    first_seen_at: datetime = T0,
    topics: tuple[str, ...] = ("quantum",),
    facts: tuple[Fact, ...] = (Fact(kind="money", value=2e9, unit="GBP", quote="£2 billion", start=3, end=13),),
    changes: tuple[Change, ...] = (),
    merges: tuple[str, ...] = (),
    simhash: int = 1,
    source: str = "newsroom",
) -> Outcome:
    article = Article(
        url=url,
        source=source,
        language=language,
        title=title,
        text=text,
        author="A. Writer",
        published_at=published_at,
        published_from="feed" if published_at else None,
        first_seen_at=first_seen_at,
        alternates=("https://a.example/fr/x",),
    )
    reason = Reason(kind="place", weight=1.5, quote="Harwell", start=13, end=20, text="Harwell is in the country.")
    tags = tuple(Tag(kind=TagKind.TOPIC, name=name, quote="text", start=13, end=17) for name in topics)
    return Outcome(
        page_id=page_id,
        article=article,
        verdict=Verdict(watch="uk-ai", level=level, score=0.75, reasons=(reason,), passages=((0, 20),)),
        tags=tags,
        facts=facts,
        summary=("A text about Harwell.",),
        fingerprint=Fingerprint(simhash=simhash, slug="x", keys=("org:Nscale", "place:Harwell")),
        story=story,
        changes=changes,
        merges=merges,
    )


def make_draft(edition: str = "2025-09-17T07:00Z", **more: Any) -> DigestDraft:
    values: dict[str, Any] = {
        "name": "daily",
        "title": "AI in the UK",
        "since": T0,
        "until": T0,
        "subject": "One story",
        "html": "<p>One</p>",
        "text": "One",
    }
    return DigestDraft(edition=edition, **(values | more))
