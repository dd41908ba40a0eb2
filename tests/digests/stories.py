"""Stories for the digest's tests, in as few words as a test needs to be read."""

from datetime import UTC, datetime, timedelta
from typing import Any

from presswatch.digests.updates import state
from presswatch.models import (
    Article,
    Change,
    ChangeKind,
    Digest,
    DigestPlan,
    Fact,
    Level,
    Story,
    Tag,
    TagKind,
    Verdict,
    Version,
)
from presswatch.store.records import Told

NOON = datetime(2026, 9, 18, 12, 0, tzinfo=UTC)
SINCE = NOON - timedelta(days=4)
UNTIL = NOON + timedelta(days=3)


def plan(**given: Any) -> DigestPlan:
    settled = {
        "name": "uk-ai",
        "title": "AI in the United Kingdom",
        "cron": ("0 7 * * *",),
        "timezone": "Europe/London",
    }
    return DigestPlan(**settled | given)


def fact(kind: str, value: float, unit: str, quote: str, qualifier: str = "") -> Fact:
    return Fact(kind=kind, value=value, unit=unit, quote=quote, start=0, end=len(quote), qualifier=qualifier)


def money(value: float, quote: str = "", unit: str = "GBP") -> Fact:
    return fact("money", value, unit, quote or f"£{value:,.0f}")


def tag(kind: TagKind, name: str) -> Tag:
    return Tag(kind=kind, name=name, quote=name, start=0, end=len(name))


def version(url: str = "https://newsroom.example/news/a", **given: Any) -> Version:
    """A version that tells a story in English, but for what is given."""
    article: dict[str, Any] = {
        "url": url,
        "source": "newsroom",
        "language": "en",
        "title": "Firm Builds AI Factory in Newport",
        "text": "A firm will build an AI factory in Newport.\nIt will open in 2028.",
        "published_at": NOON,
        "first_seen_at": NOON + timedelta(minutes=9),
    }
    article |= {key: given.pop(key) for key in list(given) if key in Article.__slots__}
    verdict = Verdict(
        watch="uk-ai", level=given.pop("level", Level.FOCUS), score=0.9, passages=given.pop("passages", ())
    )
    found: dict[str, Any] = {
        "tags": (),
        "facts": (),
        "summary": ("A firm will build an AI factory in Newport.",),
    } | given
    return Version(article=Article(**article), verdict=verdict, **found)


def story(*versions: Version, id: str = "s1") -> Story:  # noqa: A002
    versions = versions or (version(),)
    seen = [v.article.first_seen_at for v in versions]
    return Story(id=id, versions=versions, first_seen_at=min(seen), changed_at=max(seen))


def told(*stories: Story) -> dict[str, Told]:
    return {s.id: Told(story=s.id, edition="2026-09-17T06:00Z", state=state(s)) for s in stories}


def change(kind: ChangeKind, before: str, after: str, at: datetime = NOON + timedelta(hours=5)) -> Change:
    return Change(url="https://newsroom.example/news/a", kind=kind, at=at, before=before, after=after)


def digest(**given: Any) -> Digest:
    settled: dict[str, Any] = {
        "id": 1,
        "name": "uk-ai",
        "title": "AI in the United Kingdom",
        "edition": "2026-09-21T06:00Z",
        "built_at": UNTIL,
        "since": SINCE,
        "until": UNTIL,
        "subject": "Firm Builds AI Factory in Newport · AI in the United Kingdom",
        "html": "<!DOCTYPE html><html><body><p>Ein Pfund: £1 – 20億ポンド</p></body></html>",
        "text": "AI IN THE UNITED KINGDOM\n.\n1. Firm Builds AI Factory in Newport\n   20億ポンド £1\n",
        "stories": (),
        "updated": (),
    }
    return Digest(**settled | given)
