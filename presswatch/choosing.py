"""Which version tells a story, and which names it carries. Does no input or output.

Digests, pages and feeds ask here, so that one story looks alike in all of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from presswatch.models import Level, Story, TagKind, Version


def relevant(story: Story) -> list[Version]:
    """The versions that are news of the watch."""
    return [version for version in story.versions if version.verdict.relevant]


def suitability(version: Version, language: str) -> tuple[bool, bool, bool, bool, float, datetime]:
    """Sorts the version first that tells the story best to readers of `language`."""
    article = version.article
    return (
        version.removed_at is not None,
        article.language != language,
        version.verdict.level is not Level.FOCUS,
        article.language != "en",  # where there is none in the readers' language, most of them fare best with English
        -version.verdict.score,
        article.first_seen_at,
    )


def published(versions: Iterable[Version]) -> datetime:
    """When the first of these versions was published, as far as is known; never later than it was seen."""
    return min(min(v.article.published_at or v.article.first_seen_at, v.article.first_seen_at) for v in versions)


def names(versions: Sequence[Version], kind: TagKind) -> tuple[str, ...]:
    """The first version's names, then those that at least two others agree on.

    A name that a single translation has is as often another spelling of one that is there already.
    """
    found = [dict.fromkeys(tag.name for tag in v.tags if tag.kind is kind) for v in versions]
    found = [names for names in found if names]
    votes = Counter(name for names in found for name in names)
    agreed = (name for names in found[1:] for name in names if votes[name] > 1)
    return tuple(name for name in dict.fromkeys((*(found[0] if found else ()), *agreed)) if name)


def passages(version: Version) -> tuple[str, ...]:
    """The stretches of a version's text that hold the news."""
    document = version.article.document
    return tuple(document[start:end] for start, end in version.verdict.passages)
