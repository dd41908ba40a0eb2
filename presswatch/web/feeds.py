"""Stories as feeds: Atom, RSS 2.0 and JSON Feed; and dates as a calendar. Bytes out of records; no input or output.

An entry's id is the story's, whatever becomes of its address, and its `updated`
moves only when what stands in it does. XML is built as a tree, so that no headline
can break out of it; characters that XML cannot hold are left out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from urllib.parse import quote

from icalendar import Calendar, Event
from lxml import etree

from presswatch import __version__
from presswatch.digests.edition import Item
from presswatch.figures import worded
from presswatch.store.list_records import LedgerRow

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_XML = "http://www.w3.org/XML/1998/namespace"
# Feeds that are kept as they were written, 50 kB each: who looks again and again is most often told the same.
_KEPT = 32
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One story in a feed."""

    item: Item
    published: datetime
    updated: datetime

    @property
    def id(self) -> str:
        """Stable: a story keeps it for good, wherever these pages are served."""
        return f"urn:presswatch:story:{quote(self.item.story, safe='')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list of stories, and where it is."""

    title: str
    base: str  # "https://host", without a slash at its end
    page: str  # the path and query of the page that shows these stories
    here: str  # and of the feed itself
    updated: datetime
    entries: tuple[Entry, ...]

    def address(self, entry: Entry) -> str:
        return f"{self.base}/stories/{quote(entry.item.story, safe='')}"


def content(entry: Entry) -> str:
    """What a reader shows of a story, as HTML: the source's sentences, the figures, who and where."""
    item = entry.item
    parts = [f"<p>{escape(note)}</p>" for note in item.notes]
    if item.wider:
        parts.append(f"<p><i>In a wider announcement: {escape(item.wider)}</i></p>")
    if item.sentences:
        parts.append(f'<p lang="{escape(item.language)}">{escape(item.said)}</p>')
    if item.figures:
        parts.append(f"<p><b>{' · '.join(escape(figure.text) for figure in item.figures)}</b></p>")
    if named := (*item.where, *item.who):
        parts.append(f"<p>{escape(' · '.join(named))}</p>")
    if item.url:
        parts.append(f'<p><a href="{escape(item.url)}">{escape(item.source)}</a>, {escape(item.when)}</p>')
    return "".join(parts)


@lru_cache(maxsize=_KEPT)
def atom(feed: Feed) -> bytes:
    """The feed as Atom (RFC 4287)."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(root, "title", feed.title)
    _add(root, "id", f"{feed.base}{feed.page}")
    _add(root, "updated", _iso(feed.updated))
    _link(root, "self", f"{feed.base}{feed.here}", "application/atom+xml")
    _link(root, "alternate", f"{feed.base}{feed.page}", "text/html")
    _add(root, "generator", "presswatch", version=__version__)
    _add(_add(root, "author"), "name", "presswatch")
    for entry in feed.entries:
        item = entry.item
        found = _add(root, "entry")
        found.set(f"{{{_XML}}}lang", item.language)
        _add(found, "title", item.title)
        _add(found, "id", entry.id)
        _add(found, "published", _iso(entry.published))
        _add(found, "updated", _iso(entry.updated))
        _link(found, "alternate", feed.address(entry), "text/html")
        if item.url:
            _link(found, "via", item.url, "text/html")
        _add(_add(found, "author"), "name", item.source)
        for topic in item.topics:
            _add(found, "category", term=_xml(topic))
        _add(found, "content", content(entry), type="html")
    return _bytes(root)


@lru_cache(maxsize=_KEPT)
def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _DC})
    channel = etree.SubElement(root, "channel")
    _plain(channel, "title", feed.title)
    _plain(channel, "link", f"{feed.base}{feed.page}")
    _plain(channel, "description", "AI news about the United Kingdom from NVIDIA’s newsrooms, each story once.")
    _plain(channel, "lastBuildDate", format_datetime(feed.updated.astimezone(UTC), usegmt=True))
    _plain(channel, "generator", f"presswatch {__version__}")
    _link(channel, "self", f"{feed.base}{feed.here}", "application/rss+xml")
    for entry in feed.entries:
        item = entry.item
        found = etree.SubElement(channel, "item")
        _plain(found, "title", item.title)
        _plain(found, "link", feed.address(entry))
        _plain(found, "guid", entry.id).set("isPermaLink", "false")
        _plain(found, "pubDate", format_datetime(entry.published.astimezone(UTC), usegmt=True))
        _plain(found, f"{{{_ATOM}}}updated", _iso(entry.updated))
        _plain(found, f"{{{_DC}}}creator", item.source)
        for topic in item.topics:
            _plain(found, "category", topic)
        _plain(found, "description", item.said or item.title)
        _plain(found, f"{{{_CONTENT}}}encoded", content(entry))
    return _bytes(root)


@lru_cache(maxsize=_KEPT)
def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    values = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{feed.base}{feed.page}",
        "feed_url": f"{feed.base}{feed.here}",
        "language": "en",
        "items": [_json_item(feed, entry) for entry in feed.entries],
    }
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")


def _json_item(feed: Feed, entry: Entry) -> dict[str, object]:
    item = entry.item
    values: dict[str, object] = {
        "id": entry.id,
        "url": feed.address(entry),
        "title": item.title,
        "content_html": content(entry),
        "summary": item.said or item.title,
        "date_published": _iso(entry.published),
        "date_modified": _iso(entry.updated),
        "authors": [{"name": item.source}],
        "tags": list(item.topics),
        "language": item.language,
    }
    return values | ({"external_url": item.url} if item.url else {})


@lru_cache(maxsize=_KEPT)
def calendar(rows: tuple[LedgerRow, ...], *, title: str, base: str) -> bytes:
    """The terms of commitments as all-day events (RFC 5545)."""
    found = Calendar()
    found.add("prodid", f"-//presswatch//{__version__}//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", _one_line(title))
    for row in rows:
        commitment = row.commitment
        if commitment.due_on is None:
            continue
        event = Event()
        who = ", ".join(commitment.who[:3])
        event.add("uid", f"{quote(commitment.story, safe='')}.{quote(commitment.key, safe='')}@presswatch")
        # The announcement's time, not now: the same commitment gives the same bytes.
        event.add("dtstamp", commitment.announced_at.astimezone(UTC))
        event.add("dtstart", commitment.due_on)
        event.add("summary", _one_line(f"{worded(commitment)}{': ' + who if who else ''} ({commitment.due_words})"))
        event.add("description", _xml(commitment.quote_en or commitment.quote))
        event.add("url", f"{base}/stories/{quote(commitment.story, safe='')}")
        if commitment.where:
            event.add("location", _one_line(", ".join(commitment.where)))
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return bytes(found.to_ical())


def _one_line(text: str) -> str:
    return " ".join(_xml(text).split())


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    found = etree.SubElement(parent, f"{{{_ATOM}}}{name}", **attributes)
    found.text = _xml(text) if text is not None else None
    return found


def _plain(parent: etree._Element, name: str, text: str) -> etree._Element:
    found = etree.SubElement(parent, name)
    found.text = _xml(text)
    return found


def _link(parent: etree._Element, relation: str, address: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", rel=relation, href=_xml(address), type=kind)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
