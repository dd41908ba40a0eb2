"""What stands in an edition: which stories, in which order, with what of each. Does no input or output.

Items are stories, not articles. A story is new to a digest until one of its
articles was told by it; after that `updates` decides whether it is worth telling
again. Every word is the source's own, but for the labels.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo

import nh3

from presswatch import recipients, urls
from presswatch.digests import figures, updates
from presswatch.digests.edition import Edition, Item, Labels, OtherVersion, Reading, clip
from presswatch.models import (
    Article,
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
_PASSAGE = 700  # characters of a wider announcement's passage; beyond it, its summary speaks
_SUBJECT = 110
_WELL = frozenset({"ok", "new", "disabled"})
# Limits that keep one strange article from filling a mail; no real one comes near them.
_NAMES = 16
_SENTENCE = 700
_TITLE = 300
_ADDRESS = 1500
_ILL = 20
_TAKEN_FOR = {
    Level.FOCUS: "the news itself",
    Level.PART: "news inside a wider announcement",
    Level.MENTION: "a mention in passing",
    Level.NONE: "news about something else",
}


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
) -> Edition:
    """The edition of `plan` that tells what of `stories` its readers do not know yet.

    `stories` may reach back further than `since`: what was told is recognised by
    `told`, so an overlap doubles nothing. An edition without items says that there
    was nothing new; whether it is sent is for `compose` to say.
    """
    labels = labels or Labels()
    new, changed = _chosen(plan, stories, told, since, until, labels)
    zone = ZoneInfo(plan.timezone)
    items = tuple(_item(plan, story, best, (), labels, zone) for story, best in new)
    again = tuple(_item(plan, story, best, notes, labels, zone) for story, best, notes in changed)
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


def plain(text: str) -> str:
    """One line of text without markup, control characters or direction overrides."""
    text = _one_line(text)
    return _one_line(html.unescape(nh3.clean(text, tags=set()))) if nh3.is_html(text) else text


def _one_line(text: str) -> str:
    text = "".join(map(_visible, text)).strip(" \u00a0")
    # "3 700": whatever space the source has, a number is not to be broken at the end of a line.
    return re.sub(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))", "\u00a0", re.sub(r" {2,}", " ", text))


def _visible(letter: str) -> str:
    if letter.isprintable() or letter in "\u200c\u200d":  # joiners, which emoji and Indic scripts need
        return letter
    if letter in "\u00a0\u202f":  # spaces that hold words together
        return "\u00a0"
    return "" if category(letter) == "Cf" else " "


def link(url: str) -> str:
    """The address if it may be linked (http and https only), else nothing."""
    try:
        return urls.resolve(url) if len(url) <= _ADDRESS else ""
    except urls.BadAddress:
        return ""


def _best(plan: DigestPlan, story: Story) -> Version | None:
    """The version that tells the story in this digest; None where its filter leaves the story out."""
    versions = [v for v in story.versions if v.verdict.level in plan.levels and v.verdict.relevant]
    if plan.languages:
        versions = [v for v in versions if v.article.language in plan.languages]
    if plan.topics and not any(
        tag.kind is TagKind.TOPIC and tag.name in plan.topics for v in versions for tag in v.tags
    ):
        return None
    return min(versions, key=lambda v: _suitability(plan, v), default=None)


def _suitability(plan: DigestPlan, version: Version) -> tuple[bool, bool, bool, bool, float, datetime]:
    article = version.article
    return (
        version.removed_at is not None,
        article.language != plan.language,
        version.verdict.level is not Level.FOCUS,
        article.language != "en",  # where the digest's language has none, most readers fare best with English
        -version.verdict.score,
        article.first_seen_at,
    )


def _precedence(story: Story, best: Version) -> tuple[bool, int, float]:
    """The news itself before news in passing, the weightier first, then the latest."""
    facts = [fact for version in _relevant(story) for fact in version.facts]
    return best.verdict.level is not Level.FOCUS, -figures.weight(facts), -_news_time(story).timestamp()


def _relevant(story: Story) -> list[Version]:
    return [version for version in story.versions if version.verdict.relevant]


def _news_time(story: Story) -> datetime:
    """When the story was first published, as far as is known."""
    return min(v.article.published_at or v.article.first_seen_at for v in _relevant(story))


def _item(
    plan: DigestPlan, story: Story, best: Version, notes: tuple[str, ...], labels: Labels, zone: ZoneInfo
) -> Item:
    article = best.article
    versions = [best, *(v for v in sorted(_relevant(story), key=lambda v: _suitability(plan, v)) if v is not best)]
    part = best.verdict.level is Level.PART
    sentences = _sentences(best)
    title = clip(plain(article.title), _TITLE)
    return Item(
        story=story.id,
        headline="" if part and sentences else title,
        wider=title if part and sentences else "",
        language=_code(article.language),
        language_name="" if article.language == plan.language else plain(labels.language(article.language)),
        url=link(article.url),
        source=plain(labels.source(article.source)),
        when=_when(article, zone),
        sentences=sentences,
        figures=_figures(versions),
        who=_names(versions, TagKind.PERSON) + _names(versions, TagKind.ORGANISATION),
        where=_names(versions, TagKind.PLACE),
        topics=tuple(plain(labels.topic(name)) for name in _names(versions, TagKind.TOPIC)),
        versions=tuple(_other(v, labels) for v in versions[1 : _NAMES + 1]),
        notes=tuple(clip(plain(note), _SENTENCE) for note in (*notes, *_remarks(best))[:_NAMES]),
        reading=_reading(best, plan.language),
    )


def _figures(versions: Iterable[Version]) -> tuple[figures.Figure, ...]:
    found = figures.figures((fact, _code(v.article.language)) for v in versions for fact in v.facts)
    return tuple(replace(f, text=clip(plain(f.text), 80), quote=clip(plain(f.quote), 120)) for f in found)


def _sentences(version: Version) -> tuple[str, ...]:
    """One to three of the source's sentences; of a wider announcement, the passage that holds the news."""
    summary = tuple(clip(text, _SENTENCE) for text in map(_block, version.summary[:3]) if text)
    if version.verdict.level is Level.PART:
        document = version.article.document
        passages = tuple(t for start, end in version.verdict.passages if (t := _block(document[start:end])))
        if passages and sum(map(len, passages)) <= _PASSAGE:
            return passages
        summary = summary or tuple(clip(text, _PASSAGE) for text in passages[:1])
    if summary:
        return summary
    first = next((line for line in version.article.text.splitlines() if line.strip() and line[:3] != "## "), "")
    return (clip(_block(first), 400),) if first else ()


def _reading(version: Version, language: str) -> Reading | None:
    """What the second reader adds: sentences in the digest's language, and whether it takes the article otherwise."""
    opinion = version.opinion
    if opinion is None:
        return None
    said = opinion.summary[:3] if opinion.language == language else ()
    sentences = tuple(clip(text, _SENTENCE) for text in map(plain, said) if text)
    differs = opinion.level is not version.verdict.level
    if not sentences and not differs:
        return None
    quote = clip(plain(opinion.why), _SENTENCE) if differs else ""
    return Reading(
        sentences=sentences,
        language=_code(opinion.language),
        dissent=f"It takes this for {_TAKEN_FOR[opinion.level]}{':' if quote else '.'}" if differs else "",
        quote=quote,
        quote_language=_code(version.article.language),
    )


def _block(text: str) -> str:
    """A stretch of an article's text as running text: without list and heading marks."""
    return plain(" ".join(line.removeprefix("## ").removeprefix("- ") for line in text.splitlines()))


def _names(versions: Sequence[Version], kind: TagKind, most: int = _NAMES) -> tuple[str, ...]:
    """The best version's names, then those that at least two others agree on.

    A name that a single translation has is as often another spelling of one that is there already.
    """
    found = [dict.fromkeys(plain(tag.name) for tag in v.tags if tag.kind is kind) for v in versions]
    found = [names for names in found if names]
    votes = Counter(name for names in found for name in names)
    agreed = (name for names in found[1:] for name in names if votes[name] > 1)
    names = tuple(name for name in dict.fromkeys((*(found[0] if found else ()), *agreed)) if name)
    return names if len(names) <= most else (*names[:most], f"{len(names) - most} more")


def _other(version: Version, labels: Labels) -> OtherVersion:
    article = version.article
    label = f"{plain(labels.language(article.language))}, {plain(labels.source(article.source))}"
    return OtherVersion(
        label=label + (" (taken down)" if version.removed_at else ""),
        url=link(article.url),
    )


def _code(language: str) -> str:
    """A language's code as it may stand in an attribute."""
    return language if language.isascii() and language.isalpha() and len(language) <= 3 else "und"


def _remarks(version: Version) -> tuple[str, ...]:
    """What a reader ought to know about where the text comes from."""
    remarks = []
    if version.removed_at:
        remarks.append("This article is no longer on its site.")
    if version.article.via != "page":
        remarks.append(version.article.note or f"The text is from the site's {version.article.via}, not the page.")
    elif version.article.note:  # it came late
        remarks.append(version.article.note)
    return tuple(remarks)


def _when(article: Article, zone: ZoneInfo) -> str:
    moment = article.published_at
    if moment is None:
        return f"no date given; first seen {stamp(article.first_seen_at, zone)}"
    if not (moment.hour or moment.minute or moment.second):  # the source names a day, not a time
        return f"{moment:%a} {moment.day} {moment:%b %Y}"
    return stamp(moment, zone)


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """ "Fri 19 Sep 2025, 13:00 BST"; zones without a name of their own show their offset."""
    local = moment.astimezone(zone)
    name = local.tzname() or ""
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {name if name.isalpha() else 'UTC' + name}"


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
