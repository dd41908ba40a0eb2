"""What lists and feeds show of a story, made once when it is saved. Does no input or output.

A list of a hundred stories is then a hundred short rows, not a hundred stories
with all their texts.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from presswatch import choosing, figures
from presswatch.models import Fact, Level, Story, TagKind, Version

_TIMES = ("published_at", "first_seen_at")
_RANK = (Level.FOCUS, Level.PART, Level.MENTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A story as lists show it, told by its best version for readers of English."""

    story: str
    level: Level  # the best of its versions
    date: datetime  # first published, as far as is known
    changed_at: datetime  # when anything of what stands here last became otherwise
    published_at: datetime | None  # of the version that tells it
    first_seen_at: datetime
    url: str
    source: str
    language: str
    title: str
    sentences: tuple[str, ...]
    figures: tuple[tuple[Fact, str], ...]  # each once, with its text's language
    topics: tuple[str, ...]
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    versions: int
    removed: bool  # no version is on its site any more
    changes: int  # edits and new headlines that were seen


_COLUMNS = ("story", "level", "date", "changed_at", "versions")  # of the table, beside the JSON
_PACKED = tuple(field.name for field in fields(Brief) if field.name not in _COLUMNS)
_FACT = tuple(field.name for field in fields(Fact))


def brief(story: Story) -> Brief | None:
    """The story in short; None where it is news of something else altogether."""
    versions = [v for v in story.versions if v.verdict.level is not Level.NONE]
    if not versions:
        return None
    level = min((v.verdict.level for v in versions), key=_RANK.index)
    versions = choosing.relevant(story) or versions
    versions.sort(key=lambda v: choosing.suitability(v, "en"))
    best = versions[0]
    return Brief(
        story=story.id,
        level=level,
        date=choosing.published(versions),
        changed_at=story.changed_at,
        published_at=best.article.published_at,
        first_seen_at=best.article.first_seen_at,
        url=best.article.url,
        source=best.article.source,
        language=best.article.language,
        title=best.article.title,
        sentences=choosing.sentences(best),
        figures=_figures(versions),
        topics=choosing.names(versions, TagKind.TOPIC),
        organisations=choosing.names(versions, TagKind.ORGANISATION),
        people=choosing.names(versions, TagKind.PERSON),
        places=choosing.names(versions, TagKind.PLACE),
        languages=tuple(sorted({v.article.language for v in versions})),
        sources=tuple(sorted({v.article.source for v in versions})),
        versions=len(versions),
        removed=all(v.removed_at for v in versions),
        changes=sum(change.kind in ("edited", "retitled") for v in versions for change in v.changes),
    )


def packed(found: Brief) -> dict[str, Any]:
    """The brief as JSON takes it, without what has a column of its own."""
    values = {name: getattr(found, name) for name in _PACKED}
    for name in _TIMES:
        values[name] = values[name].isoformat() if values[name] else None
    # Field by field: `asdict` copies each value deeply, which took a fifth of the time that all lists take.
    values["figures"] = [({name: getattr(fact, name) for name in _FACT}, language) for fact, language in found.figures]
    return values


def unpacked(values: dict[str, Any], **columns: Any) -> Brief:
    """The brief that was packed."""
    facts = tuple((Fact(**fact), language) for fact, language in values["figures"])
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name != "figures"
    }
    for name in _TIMES:
        lists[name] = datetime.fromisoformat(lists[name]) if lists[name] else None
    return Brief(**lists, figures=facts, **columns)


def _figures(versions: list[Version]) -> tuple[tuple[Fact, str], ...]:
    once: dict[str, tuple[Fact, str]] = {}
    for version in versions:
        for fact in version.facts:
            once.setdefault(figures.key(fact), (fact, version.article.language))
    return tuple(once.values())
