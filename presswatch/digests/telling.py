"""How a story is told to people, in digests and on pages alike: an `Item` of plain text. Does no input or output.

Every word is the source's own, but for the labels.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from unicodedata import category
from zoneinfo import ZoneInfo

import nh3

from presswatch import choosing, figures, urls
from presswatch.briefs import Brief
from presswatch.choosing import relevant, suitability
from presswatch.digests.edition import Item, Labels, OtherVersion, Reading, clip
from presswatch.models import Level, Story, TagKind, Version

# Limits that keep one strange article from filling a mail; no real one comes near them.
_NAMES = 16
_SENTENCE = 700
_TITLE = 300
_ADDRESS = 1500
_TAKEN_FOR = {
    Level.FOCUS: "the news itself",
    Level.PART: "news inside a wider announcement",
    Level.MENTION: "a mention in passing",
    Level.NONE: "news about something else",
}


def plain(text: str) -> str:
    """One line of text without markup, control characters or direction overrides."""
    text = _one_line(text)
    return _one_line(html.unescape(nh3.clean(text, tags=set()))) if nh3.is_html(text) else text


def _one_line(text: str) -> str:
    if not text.isprintable():  # letter by letter, a list of stories spent most of its time here
        text = "".join(map(_visible, text))
    text = text.strip(" \u00a0")
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


def item(
    story: Story, best: Version, *, language: str, labels: Labels, zone: ZoneInfo, notes: tuple[str, ...] = ()
) -> Item:
    """One story by its version `best`, for readers of `language`; what its other versions add stands beside it."""
    article = best.article
    versions = [best, *(v for v in sorted(relevant(story), key=lambda v: suitability(v, language)) if v is not best)]
    part = best.verdict.level is Level.PART
    sentences = _said(choosing.sentences(best))
    title = clip(plain(article.title), _TITLE)
    return Item(
        story=story.id,
        headline="" if part and sentences else title,
        wider=title if part and sentences else "",
        language=_code(article.language),
        language_name="" if article.language == language else plain(labels.language(article.language)),
        url=link(article.url),
        source=plain(labels.source(article.source)),
        when=_when(article.published_at, article.first_seen_at, zone),
        sentences=sentences,
        figures=figures_of(versions),
        who=_names(versions, TagKind.PERSON) + _names(versions, TagKind.ORGANISATION),
        where=_names(versions, TagKind.PLACE),
        topics=tuple(plain(labels.topic(name)) for name in _names(versions, TagKind.TOPIC)),
        versions=tuple(_other(v, labels) for v in versions[1 : _NAMES + 1]),
        notes=tuple(clip(plain(note), _SENTENCE) for note in (*notes, *_remarks(best))[:_NAMES]),
        reading=_reading(best, language),
    )


def in_brief(brief: Brief, *, language: str, labels: Labels, zone: ZoneInfo) -> Item:
    """One story as `item` tells it, from what lists keep of it."""
    part = brief.level is Level.PART
    title = clip(plain(brief.title), _TITLE)
    sentences = _said(brief.sentences)
    notes = ["This article is no longer on its site."] if brief.removed else []
    return Item(
        story=brief.story,
        headline="" if part and sentences else title,
        wider=title if part and sentences else "",
        language=_code(brief.language),
        language_name="" if brief.language == language else plain(labels.language(brief.language)),
        url=link(brief.url),
        source=plain(labels.source(brief.source)),
        when=_when(brief.published_at, brief.first_seen_at, zone),
        sentences=sentences,
        figures=_short(figures.figures((fact, _code(tongue)) for fact, tongue in brief.figures)),
        who=_few((*brief.people, *brief.organisations)),
        where=_few(brief.places),
        topics=tuple(plain(labels.topic(name)) for name in brief.topics),
        versions=(),
        notes=tuple(notes),
    )


def figures_of(versions: Iterable[Version]) -> tuple[figures.Figure, ...]:
    return _short(figures.figures((fact, _code(v.article.language)) for v in versions for fact in v.facts))


def _short(found: Iterable[figures.Figure]) -> tuple[figures.Figure, ...]:
    return tuple(replace(f, text=clip(plain(f.text), 80), quote=clip(plain(f.quote), 120)) for f in found)


def _said(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(clip(text, _SENTENCE) for text in map(plain, sentences) if text)


def _reading(version: Version, language: str) -> Reading | None:
    """What the second reader adds: sentences in the digest's language, and whether it takes the article otherwise."""
    opinion = version.opinion
    if opinion is None:
        return None
    said = opinion.summary[:3] if opinion.language == language else ()
    sentences = _said(said)
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


def _names(versions: Sequence[Version], kind: TagKind, most: int = _NAMES) -> tuple[str, ...]:
    """The names of the story, none so many that they fill a mail."""
    return _few(choosing.names(versions, kind), most)


def _few(found: Iterable[str], most: int = _NAMES) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in map(plain, found) if name))
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


def _when(moment: datetime | None, first_seen_at: datetime, zone: ZoneInfo) -> str:
    if moment is None:
        return f"no date given; first seen {stamp(first_seen_at, zone)}"
    if not (moment.hour or moment.minute or moment.second):  # the source names a day, not a time
        return f"{moment:%a} {moment.day} {moment:%b %Y}"
    return stamp(moment, zone)


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """ "Fri 19 Sep 2025, 13:00 BST"; zones without a name of their own show their offset."""
    local = moment.astimezone(zone)
    name = local.tzname() or ""
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {name if name.isalpha() else 'UTC' + name}"
