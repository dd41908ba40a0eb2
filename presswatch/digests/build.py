"""What stands in an edition: which stories, in which order, with what of each. Does no input or output.

Items are stories, not articles. A story is new to a digest until one of its
articles was told by it; after that `updates` decides whether it is worth telling
again. Every word is the source's own, but for the labels.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from presswatch import figures, recipients
from presswatch.choosing import relevant, suitability
from presswatch.digests import updates
from presswatch.digests.edition import Edition, Item, Labels, clip
from presswatch.digests.month import month
from presswatch.digests.telling import item, plain, stamp
from presswatch.models import (
    Delivery,
    DigestPlan,
    Level,
    SourceHealth,
    Story,
    TagKind,
    Version,
)
from presswatch.store.records import Told

# How late news may be and still be told: a source that was down for three weeks has not lost it, while
# a backfill of years does not fill an edition.
_LATE = timedelta(days=31)
_SUBJECT = 110
_WELL = frozenset({"ok", "new", "disabled"})
_ILL = 20


def build(
    plan: DigestPlan,
    stories: Sequence[Story],
    told: Mapping[str, Told],
    *,
    health: Sequence[SourceHealth] = (),
    failed: Sequence[Delivery] = (),
    edition: str,
    since: datetime,
    until: datetime,
    now: datetime,
    labels: Labels | None = None,
    lately: Sequence[Story] = (),
    pages: str = "",
) -> Edition:
    """The edition of `plan` that tells what of `stories` its readers do not know yet.

    `stories` may reach back further than `since`: what was told is recognised by
    `told`, so an overlap doubles nothing. An edition without items says that there
    was nothing new; whether it is sent is for `compose` to say. `lately` are the stories
    of the last thirty days, for the bars; `pages` is where readers find the pages.
    """
    labels = labels or Labels()
    new, changed = _chosen(plan, stories, told, since, until, labels)
    zone = ZoneInfo(plan.timezone)
    items = tuple(item(story, best, language=plan.language, labels=labels, zone=zone) for story, best in new)
    again = tuple(
        item(story, best, language=plan.language, labels=labels, zone=zone, notes=notes)
        for story, best, notes in changed
    )
    return Edition(
        name=plan.name,
        title=plain(plan.title),
        edition=edition,
        since=since,
        until=until,
        built_at=now,
        period=_period(since.astimezone(zone), until.astimezone(zone)),
        told_until=stamp(since, zone),
        language=plan.language,
        subject=_subject(plan, items, again),
        new=items,
        updated=again,
        ill=_ill(health, labels),
        undelivered=tuple(_undelivered(delivery) for delivery in failed[:_ILL]),
        why=(
            f"You get this because the digest “{plain(plan.title)}” of this presswatch is sent to you.",
            f"To change or stop it, edit “{plan.name}” in config/digests.yaml, or write to whoever runs presswatch.",
        ),
        month=month(plan, lately, labels, pages),
        states={story.id: updates.state(story) for story in (*(s for s, _ in new), *(s for s, _, _ in changed))},
    )


def _chosen(
    plan: DigestPlan,
    stories: Sequence[Story],
    told: Mapping[str, Told],
    since: datetime,
    until: datetime,
    labels: Labels,
) -> tuple[list[tuple[Story, Version]], list[tuple[Story, Version, tuple[str, ...]]]]:
    """The stories to tell with their best versions, and those to tell again with what has come since; in order."""
    memory = updates.memory(told)
    oldest = min(since, until - (max(plan.look_back, _LATE) if told else plan.look_back))
    new: list[tuple[Story, Version]] = []
    changed: list[tuple[Story, Version, tuple[str, ...]]] = []
    for story in stories:
        best = _best(plan, story)
        if best is None:
            continue
        if not updates.was_told(story, memory):
            if _news_time(story) >= oldest:
                new.append((story, best))
        elif notes := updates.news(story, memory, labels.sources):
            changed.append((story, best, notes))
    new.sort(key=lambda pair: _precedence(*pair))
    changed.sort(key=lambda entry: _precedence(entry[0], entry[1]))
    return new, changed


def _best(plan: DigestPlan, story: Story) -> Version | None:
    """The version that tells the story in this digest; None where its filter leaves the story out."""
    versions = [v for v in story.versions if v.verdict.level in plan.levels and v.verdict.relevant]
    if plan.languages:
        versions = [v for v in versions if v.article.language in plan.languages]
    if plan.topics and not any(
        tag.kind is TagKind.TOPIC and tag.name in plan.topics for v in versions for tag in v.tags
    ):
        return None
    return min(versions, key=lambda v: suitability(v, plan.language), default=None)


def _precedence(story: Story, best: Version) -> tuple[bool, int, float]:
    """The news itself before news in passing, the weightier first, then the latest."""
    facts = [fact for version in relevant(story) for fact in version.facts]
    return best.verdict.level is not Level.FOCUS, -figures.weight(facts), -_news_time(story).timestamp()


def _news_time(story: Story) -> datetime:
    """When the story was first published, as far as is known."""
    return min(v.article.published_at or v.article.first_seen_at for v in relevant(story))


def _period(since: datetime, until: datetime) -> str:
    if since.date() >= until.date() - timedelta(days=1):
        return f"{until:%A} {until.day} {until:%B %Y}"
    first = f"{since.day}"
    if (since.year, since.month) != (until.year, until.month):
        first += f" {since:%B}" + (f" {since.year}" if since.year != until.year else "")
    return f"{first} to {until.day} {until:%B %Y}"


def _subject(plan: DigestPlan, new: Sequence[Item], updated: Sequence[Item]) -> str:
    """The top story first, since a telephone shows forty characters; then how many more, then the digest."""
    items = (*new, *updated)
    title = plain(plan.title)
    if not items:
        return f"Nothing new · {title}"
    more = f" (+{len(items) - 1} more)" if len(items) > 1 else ""
    top = items[0].title if new else f"Updated: {items[0].title}"
    return f"{clip(top, _SUBJECT - len(more))}{more} · {title}"


def _ill(health: Sequence[SourceHealth], labels: Labels) -> tuple[str, ...]:
    ill = [h for h in health if h.state not in _WELL]
    told = [
        clip(f"{plain(labels.source(h.source))}: {plain(h.message) or f'its state is “{h.state}”.'}", 300)
        for h in ill[:_ILL]
    ]
    return (*told, *([f"And {len(ill) - _ILL} more."] if len(ill) > _ILL else []))


def _undelivered(delivery: Delivery) -> str:
    error = plain(delivery.error or "no reason was recorded")
    return clip(f"An edition for {plain(recipients.shown(delivery.recipient))} was given up: {error}", 300)
