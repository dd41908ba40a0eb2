"""The last thirty days in a few bars: what they were about. Does no input or output.

A digest tells a day or a week; the bars say whether that was much. They are table
cells with a ground, since Outlook shows neither SVG nor a gradient, and many
readers' mail programs load no image.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from presswatch.choosing import relevant
from presswatch.digests.edition import Bar, Labels, Month
from presswatch.digests.telling import plain
from presswatch.models import DigestPlan, Story, TagKind

SPAN = timedelta(days=30)
_TOPICS = 5  # bars: more would be a chart, which is the pages' business
_FEWEST = 3  # stories: below it, bars would make much of nothing


def month(plan: DigestPlan, stories: Sequence[Story], labels: Labels, pages: str = "") -> Month | None:
    """The bars over `stories`, all that the last thirty days brought; None where they are too few to show.

    `pages` is the address at which readers find the pages, where they do.
    """
    chosen = [topics for story in stories if (topics := _topics(plan, story)) is not None]
    if len(chosen) < _FEWEST:
        return None
    counts = Counter(topic for topics in chosen for topic in topics)
    # By number, then by name, so that the same stories always give the same mail.
    first = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:_TOPICS]
    most = max((count for _, count in first), default=1)
    bars = tuple(
        Bar(label=plain(labels.topic(topic)), count=count, width=max(1, round(100 * count / most)))
        for topic, count in first
    )
    return Month(days=SPAN.days, stories=len(chosen), bars=bars, ledger=f"{pages.rstrip('/')}/ledger" if pages else "")


def _topics(plan: DigestPlan, story: Story) -> frozenset[str] | None:
    """What a story is about; None where the digest's filter leaves it out."""
    versions = [version for version in relevant(story) if version.verdict.level in plan.levels]
    if plan.languages:
        versions = [version for version in versions if version.article.language in plan.languages]
    topics = frozenset(tag.name for version in versions for tag in version.tags if tag.kind is TagKind.TOPIC)
    if not versions or (plan.topics and not topics & set(plan.topics)):
        return None
    return topics
