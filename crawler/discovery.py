"""What a way into a site names: the bytes of a feed, sitemap, listing or REST answer become Candidates.

Does no input or output. Whatever a site sends, the outcome is a `Found` or an
`Unreadable` with a plain sentence; nothing is fetched, no entity is expanded
and no document type is loaded.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree
from parsel import Selector

from crawler import feeds
from crawler.reading import date_of, opening, plain, utf8
from presswatch.errors import CrawlError
from presswatch.models import Candidate, Listing, Source
from presswatch.urls import BadAddress, resolve

# A sitemap may hold 50 MB; the whole site's news fits a fifth of that, and the crawl has to stay small.
MAX_UNPACKED = 16_000_000
# Tags, attributes, values: each takes a hundred bytes of memory and more once it is read, so that ten megabytes of
# them would take a gigabyte. The watched newsrooms' largest feeds, posts and listings have under 30,000.
MAX_MARKS = 300_000
_MARKS = {"xml": (b"<", b"="), "html": (b"<", b"="), "json": (b",", b"[", b"{")}
# What sitemaps.org allows; and the tags that as many entries with three fields have, twice over.
MAX_ENTRIES = 50_000
_MAX_SITEMAP_MARKS = 800_000
_FIELDS = ("loc", "lastmod", "title", "publication_date")
# The text that a feed or REST answer carries stands in for a page that cannot be had; no article is longer.
MAX_CONTENT = 100_000
_GZIP = b"\x1f\x8b"


class Unreadable(CrawlError):
    """An answer is not what its way in promises; the sentence names its address and how it begins."""


class Empty(Unreadable):
    """An answer is of the right kind and names nothing, which a news site never means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """A further page or child to ask, and when it last changed, where that is known."""

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one answer names, in its own order; `skipped` counts entries without a usable address."""

    candidates: tuple[Candidate, ...] = ()
    onward: tuple[Onward, ...] = ()
    skipped: int = 0
    note: str | None = None  # what is wrong with it, where it could be read all the same


def feed(body: bytes, url: str, source: Source) -> Found:
    """The items of an RSS, RDF, Atom or JSON feed, newest first as feeds are.

    `onward` holds the feed's next page where it names one or is a WordPress's.
    Raises `Unreadable` for anything that is not a feed, `Empty` for one without items.
    """
    body = utf8(_unpacked(body, url))
    _refuse_marks(body, "json" if body[:1] in (b"{", b"[") else "xml", url)
    if b"<!ENTITY" in body:
        raise Unreadable(f"{url} declares entities, which a feed has no use for; it is refused")
    data = feeds.of_json(_json(body, url, "a feed")) if body[:1] in (b"{", b"[") else feeds.of_xml(body)
    if data is None:
        raise Unreadable(f"{url} is not a feed: it starts with {opening(body)}")
    note = f"the feed is not well-formed, {data.broken}" if data.broken else None
    if not data.entries:
        raise Empty(f"the feed {url} holds no items" + (f" ({note})" if note else ""))
    candidates = [_item(entry, url, source, data.language or source.language) for entry in data.entries]
    if not any(candidates):
        raise Empty(f"no item of the feed {url} has an address that can be asked")
    return Found(
        candidates=tuple(c for c in candidates if c),
        onward=_feed_onward(data, url, source),
        skipped=candidates.count(None),
        note=note,
    )


def _item(entry: feeds.Entry, url: str, source: Source, language: str | None) -> Candidate | None:
    return _candidate(
        entry.link,
        url,
        source=source.id,
        via="feed",
        title=entry.title,
        author=entry.author,
        language=entry.language or language,
        published_at=entry.published_at,
        modified_at=entry.modified_at,
        categories=entry.categories,
        content_html=_content(entry.content_html),
    )


def _feed_onward(data: feeds.Feed, url: str, source: Source) -> tuple[Onward, ...]:
    if data.next:
        return _onward([(data.next, None)], url)
    if source.wordpress or "wordpress" in data.generator.lower():
        return (Onward(url=numbered(url, "paged")),)
    return ()


def sitemap(body: bytes, url: str, source: Source) -> Found:
    """The pages of a sitemap (also a news sitemap, gzipped, or a plain list), or the children of an index.

    Raises `Unreadable` for anything else, for a document type declaration and for
    one that unpacks to more than `MAX_UNPACKED` bytes; `Empty` where it names nothing.
    """
    body = utf8(_unpacked(body, url))
    if body.startswith((b"http://", b"https://")):
        lines: list[tuple[str, dict[str, str]]] = [
            (line.strip(), {}) for line in body.decode().splitlines() if line.strip()
        ]
        return _pages(lines, url, source)
    if body.count(b"<") > _MAX_SITEMAP_MARKS:
        raise Unreadable(f"{url} holds more than {_MAX_SITEMAP_MARKS:,} tags and is refused")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unreadable(f"{url} declares a document type, which a sitemap has no use for; it is refused")
    try:
        kind, entries = _sitemap_entries(body)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{url} is not a sitemap: {error}; it starts with {opening(body)}") from error
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"{url} names more than {MAX_ENTRIES:,} pages, which no sitemap may; it is refused")
    if kind not in ("urlset", "sitemapindex"):
        raise Unreadable(f"{url} is not a sitemap: it starts with {opening(body)}")
    if not entries:
        raise Empty(f"the sitemap {url} names no pages")
    if kind == "sitemapindex":
        return Found(onward=_onward([(loc, date_of(extra.get("lastmod"))) for loc, extra in entries], url))
    return _pages(entries, url, source)


def _unpacked(body: bytes, url: str) -> bytes:
    if not body.startswith(_GZIP):
        return body
    try:
        with gzip.open(BytesIO(body)) as packed:
            text = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"{url} cannot be unpacked: {error}") from error
    if len(text) > MAX_UNPACKED:
        raise Unreadable(f"{url} unpacks to more than {MAX_UNPACKED // 1_000_000} MB and is refused")
    return text


def _sitemap_entries(body: bytes) -> tuple[str, list[tuple[str, dict[str, str]]]]:
    """The root's name and each entry's address with its other plain fields; libxml2's own limits hold its depth."""
    entries: list[tuple[str, dict[str, str]]] = []
    kind = ""
    events = etree.iterparse(
        BytesIO(body), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for event, element in events:
        name = _local(element)
        if event == "start":
            kind = kind or name
        elif name in ("url", "sitemap"):
            fields: dict[str, str] = {}
            # The page's own fields first: a news sitemap nests its own, and an image's address is not the page's.
            for child in (*element, *element.iterdescendants()):
                if (field := _local(child)) in _FIELDS:
                    fields.setdefault(field, (child.text or "").strip())
            if not any(_local(child) == "loc" for child in element):
                fields.pop("loc", None)
            if fields.get("loc") and len(entries) <= MAX_ENTRIES:
                entries.append((fields.pop("loc"), fields))
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]  # the tree would keep them all
    return kind, entries


def _local(element: Any) -> str:
    """An element's name without its namespace; empty for a comment. lxml's own QName refuses names such as ":"."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _pages(entries: list[tuple[str, dict[str, str]]], url: str, source: Source) -> Found:
    candidates = [
        _candidate(
            loc,
            url,
            source=source.id,
            via="sitemap",
            title=plain(extra.get("title")) if "publication_date" in extra else None,
            author=None,
            language=source.language,
            published_at=date_of(extra.get("publication_date")),
            modified_at=date_of(extra.get("lastmod")),
            categories=(),
            content_html=None,
        )
        for loc, extra in entries
    ]
    return Found(candidates=tuple(c for c in candidates if c), skipped=candidates.count(None))


def listing(body: str, url: str, source: Source, rules: Listing) -> Found:
    """The articles that an HTML page lists, by the source's own selectors, and its next page.

    Raises `Empty` where the selectors match nothing: the site has changed, or served an empty page under load.
    `Unreadable` where it holds more markup than any page for people.
    """
    _refuse_marks(body.encode("utf-8", "replace"), "html", url)
    selector = Selector(text=body or "<html></html>", type="html", huge_tree=False)
    base = selector.css("base::attr(href)").get()
    start = _absolute(base, url) or url
    seen: dict[str, Candidate] = {}
    skipped = 0
    for link in selector.css(rules.links):
        title = plain(" ".join(link.css("::text").getall()))
        found = _candidate(
            _href(link),
            start,
            source=source.id,
            via="listing",
            title=title,
            author=None,
            language=source.language,
            published_at=None,
            modified_at=None,
            categories=(),
            content_html=None,
        )
        if found:
            seen.setdefault(found.url, found)
        skipped += not found
    if not seen:
        raise Empty(f"the listing's selector {rules.links!r} matched nothing at {url}")
    nexts = selector.css(rules.next) if rules.next else []
    onward = [(_href(n) or "", None) for n in nexts]
    return Found(candidates=tuple(seen.values()), onward=_onward(onward, start)[:1], skipped=skipped)


def _href(element: Selector) -> str | None:
    """Where an element leads, or the first link in it. Its other attributes are not read: one may have no real name."""
    return element.xpath("@href").get() or element.css("a::attr(href)").get()


def wordpress(body: bytes, url: str, source: Source, pages: int | None = None) -> Found:
    """The posts of a WordPress REST answer; `pages` is its X-WP-TotalPages header.

    Asking past the last page is the end, not an error. Raises `Unreadable` for anything but a list of posts, `Empty`
    where the first page has none.
    """
    _refuse_marks(body, "json", url)
    data = _json(utf8(body), url, "a list of posts")
    if isinstance(data, dict) and data.get("code") == "rest_post_invalid_page_number":
        return Found()
    if not isinstance(data, list):
        said = f": {plain(str(data['message']))}" if isinstance(data, dict) and data.get("message") else ""
        raise Unreadable(f"{url} is not a list of posts{said}; it starts with {opening(body)}")
    if not data and _number(url, "page") == 1:
        raise Empty(f"{url} lists no posts")
    candidates = [_post(post, url, source) for post in data if isinstance(post, dict)]
    more = bool(data) and (pages is None or _number(url, "page") < pages)
    return Found(
        candidates=tuple(c for c in candidates if c),
        onward=(Onward(url=numbered(url, "page")),) if more else (),
        skipped=candidates.count(None),
    )


def _post(post: dict[str, Any], url: str, source: Source) -> Candidate | None:
    def rendered(name: str) -> str:
        value = post.get(name)
        value = value.get("rendered") if isinstance(value, dict) else value
        return value if isinstance(value, str) else ""

    return _candidate(
        post.get("link"),
        url,
        source=source.id,
        via="rest",
        title=plain(rendered("title")),
        author=None,
        language=source.language,
        published_at=date_of(post.get("date_gmt")),
        modified_at=date_of(post.get("modified_gmt")),
        categories=(),
        content_html=_content(rendered("content").strip()),
    )


def numbered(url: str, name: str) -> str:
    """The address of the page after `url`, by the number in its parameter `name` (1 where it has none)."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {name: str(_number(url, name) + 1)}
    return urlunsplit(parts._replace(query=urlencode(query, safe=",")))


def _number(url: str, name: str) -> int:
    given = dict(parse_qsl(urlsplit(url).query)).get(name, "1")
    return int(given) if given.isdecimal() and len(given) < 9 else 1


def _json(body: bytes, url: str, what: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{url} is not {what}: it starts with {opening(body)}") from error


def _refuse_marks(body: bytes, kind: str, url: str) -> None:
    if sum(body.count(mark) for mark in _MARKS[kind]) > MAX_MARKS:
        raise Unreadable(f"{url} holds more than {MAX_MARKS:,} tags, attributes or values and is refused")


def _content(text: str | None) -> str | None:
    return text if text and len(text) <= MAX_CONTENT else None


def _absolute(href: Any, base: str) -> str | None:
    if not isinstance(href, str) or not href.strip() or href.strip().startswith("#"):
        return None
    try:
        return resolve(href, base)
    except BadAddress:
        return None


def _onward(links: Sequence[tuple[str, datetime | None]], base: str) -> tuple[Onward, ...]:
    def pages() -> Iterator[Onward]:
        for href, modified_at in links:
            if url := _absolute(href, base):
                yield Onward(url=url, modified_at=modified_at)

    return tuple(pages())


def further(urls: Iterable[str], base: str) -> tuple[Onward, ...]:
    """The page after this one: the first of `urls` that can be asked."""
    return _onward([(url, None) for url in urls], base)[:1]


def named(href: str, base: str, **fields: Any) -> Candidate | None:
    """What is said of one article; None where its address cannot be asked."""
    return _candidate(href, base, **fields)


def _candidate(href: Any, base: str, **fields: Any) -> Candidate | None:
    url = _absolute(href, base)
    return Candidate(url=url, **fields) if url else None
