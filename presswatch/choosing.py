"""Which version tells a story, and which names it carries. Does no input or output.

Digests, pages and feeds ask here, so that one story looks alike in all of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from presswatch.models import Level, Story, TagKind, Version

_SENTENCES = 3
_PASSAGE = 700  # characters of a wider announcement's passage; beyond it, its summary speaks
_CUT = _PASSAGE + 1  # one more than is shown of one sentence, so that whoever shows it sees that there is more


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


def sentences(version: Version) -> tuple[str, ...]:
    """The source's own sentences: its summary; of a wider announcement, the passage that holds the news.

    The passage's first sentence stands by itself, where it is one of the summary: lists have it as their headline.
    """
    summary = tuple(map(_running, version.summary[:_SENTENCES]))
    found = _passages(version) if version.verdict.level is Level.PART else ()
    if found and sum(map(len, found)) <= _PASSAGE:
        first = summary[0] if summary and found[0].startswith(summary[0]) else found[0]
        rest = found[0].removeprefix(first).strip()
        return (first, *((rest,) if rest else ()), *found[1:])
    if summary or found:
        return summary or (found[0][:_CUT],)
    first = next((line for line in version.article.text.splitlines() if line.strip() and line[:3] != "## "), "")
    return (_running(first)[:_CUT],) if first else ()


def _passages(version: Version) -> tuple[str, ...]:
    """The stretches of a version's text that hold the news."""
    document = version.article.document
    found = (_running(document[start:end]) for start, end in version.verdict.passages)
    return tuple(text for text in found if text)


def _running(text: str) -> str:
    """A stretch of an article's text as running text: without list and heading marks."""
    return " ".join(" ".join(line.removeprefix("## ").removeprefix("- ") for line in text.splitlines()).split())
