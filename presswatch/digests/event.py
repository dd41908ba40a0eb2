"""An edition for programs: the JSON that webhooks send. Does no input or output.

docs/operate.md describes it. Fields are only ever added under one `version`; what
changes its meaning gets the next number.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from presswatch import choosing, figures
from presswatch.choosing import relevant, suitability
from presswatch.digests.edition import Edition, Item
from presswatch.digests.telling import link, plain
from presswatch.models import Digest, Story, TagKind, Version

VERSION = 1


def of_edition(edition: Edition, stories: Mapping[str, Story]) -> str:
    """What is new and what is updated in this edition, in full."""
    told = {
        "digest": edition.name,
        "title": edition.title,
        "edition": edition.edition,
        "since": _moment(edition.since),
        "until": _moment(edition.until),
        "subject": edition.subject,
        "new": [_story(item, stories[item.story], edition.language) for item in edition.new],
        "updated": [_story(item, stories[item.story], edition.language) for item in edition.updated],
    }
    return _event("stories", f"{edition.name}/{edition.edition}", edition.built_at, told)


def of_digest(digest: Digest) -> str:
    """The event of a stored edition; of what is no digest, such as an alert, its words."""
    if digest.event:
        return digest.event
    told = {
        "digest": digest.name,
        "title": digest.title,
        "edition": digest.edition,
        "subject": digest.subject,
        "text": digest.text,
    }
    return _event("message", f"{digest.name}/{digest.edition}", digest.built_at, told)


def _event(kind: str, identity: str, at: datetime, data: Mapping[str, Any]) -> str:
    event = {"type": f"presswatch.{kind}", "version": VERSION, "id": identity, "timestamp": _moment(at), "data": data}
    # Plain ASCII, so that nothing on its way can turn it into other bytes than those that were signed.
    return json.dumps(event, separators=(",", ":"), allow_nan=False)


def _story(item: Item, story: Story, language: str) -> dict[str, Any]:
    versions = sorted(relevant(story), key=lambda version: suitability(version, language))
    best = next((version for version in versions if link(version.article.url) == item.url), versions[0])
    return {
        "id": story.id,
        "level": best.verdict.level.value,
        "headline": item.title,
        "url": item.url,
        "source": best.article.source,
        "language": item.language,
        "published_at": _moment(best.article.published_at),
        "summary": list(item.sentences),
        "topics": _names(versions, TagKind.TOPIC),
        "organisations": _names(versions, TagKind.ORGANISATION),
        "people": _names(versions, TagKind.PERSON),
        "places": _names(versions, TagKind.PLACE),
        "facts": _facts(versions),
        "notes": list(item.notes),
        "versions": [_version(version) for version in versions],
    }


def _version(version: Version) -> dict[str, Any]:
    article = version.article
    return {
        "url": link(article.url),
        "source": article.source,
        "language": article.language,
        "headline": plain(article.title),
        "level": version.verdict.level.value,
        "published_at": _moment(article.published_at),
        "first_seen_at": _moment(article.first_seen_at),
        "removed_at": _moment(version.removed_at),
    }


def _facts(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """Every figure of the story once, in the words of the version that suits best."""
    found: dict[str, dict[str, Any]] = {}
    for version in versions:
        for fact in version.facts:
            if isfinite(fact.value):
                stated = {"kind": fact.kind, "value": fact.value, "unit": fact.unit, "qualifier": fact.qualifier}
                stated |= {"quote": plain(fact.quote), "url": link(version.article.url)}
                found.setdefault(figures.key(fact), stated)
    return list(found.values())


def _names(versions: Sequence[Version], kind: TagKind) -> list[str]:
    return [name for name in map(plain, choosing.names(versions, kind)) if name]


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
