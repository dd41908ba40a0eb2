"""RSS 0.9 to 2.0, RDF, Atom and JSON feeds as entries. Does no input or output.

Read by libxml2 in its recovering mode and not by feedparser: a feed is written
by strangers, and feedparser took three minutes for a hostile one of one megabyte
(100,000 attributes on one element). Everything here takes time in proportion to
the size of the feed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html.entities import html5
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawler.reading import date_of, language_of, plain

# Entities of HTML that feeds use without declaring them; XML's own five stay as they are.
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31};)")
# Emoji as programs write them that think in UTF-16. libxml2 takes them in, and lxml cannot read its own tree then.
_HALVES = re.compile(
    rb"(?:&#(?:[xX]0{0,20}[dD][89a-fA-F][0-9a-fA-F]{2}"
    rb"|0{0,20}(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));)+"
)
_XML_OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;", "AMP;", "LT;", "GT;", "QUOT;"})
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# By local name, because prefixes and even namespaces are often wrong. The first that is there counts.
_LINKS = ("origLink", "link", "guid", "id")
_PUBLISHED = ("pubDate", "published", "date", "issued", "created")
_MODIFIED = ("updated", "modified", "modDate")
_CONTENTS = ("encoded", "content", "body")
_AUTHORS = ("creator", "author")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as it says."""

    link: str  # absolute where it was relative to an xml:base; empty where there is none
    title: str | None = None
    author: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    categories: tuple[str, ...] = ()
    content_html: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's entries in its own order, and what it says of itself."""

    entries: tuple[Entry, ...]
    language: str | None = None
    generator: str = ""
    next: str | None = None  # the page after this one
    broken: str | None = None  # where it stops to be XML


def of_xml(body: bytes) -> Feed | None:
    """The feed in `body`, which is UTF-8; None where it is none. What is broken is read as far as it goes."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(_ENTITY.sub(_character, _HALVES.sub(_whole, body)), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or _name(root).lower() not in ("rss", "feed", "rdf", "channel"):
        return None
    about = root if _name(root) == "feed" else next((e for e in root.iter() if _name(e) == "channel"), root)
    fields = {_name(child): child for child in reversed(about)}
    links = [child for child in about if _name(child) == "link"]
    entries = [element for element in root.iter() if _name(element) in ("item", "entry")]
    errors = [entry for entry in parser.error_log if entry.level >= etree.ErrorLevels.FATAL]
    return Feed(
        entries=tuple(_entry(element) for element in entries),
        language=language_of(about.get(_XML_LANG) or root.get(_XML_LANG) or _text(fields.get("language"))),
        generator=_text(fields.get("generator")) or "",
        next=next((link.get("href") for link in links if link.get("rel") == "next"), None),
        broken=f"line {errors[0].line}: {errors[0].message.strip()[:100]}" if errors else None,
    )


def _whole(match: re.Match[bytes]) -> bytes:
    """The characters that references to halves of a surrogate pair mean; a half without the other is no character."""
    units = [int(one[1:], 16) if one[:1] in b"xX" else int(one) for one in re.findall(rb"&#([^;]+);", match[0])]
    return "".join(map(chr, units)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _character(match: re.Match[bytes]) -> bytes:
    name = match[1].decode()
    return html5[name].encode() if name in html5 and name not in _XML_OWN else match[0]


def _entry(element: Any) -> Entry:
    fields: dict[str, list[Any]] = {}
    for child in element:
        fields.setdefault(_name(child), []).append(child)
    contents = [_markup(child) for name in _CONTENTS for child in fields.get(name, ())]
    categories = [_text(c) or c.get("term") or "" for name in ("category", "subject") for c in fields.get(name, ())]
    names = [_author(child) for name in _AUTHORS for child in fields.get(name, ())]
    return Entry(
        link=_link(fields, element),
        title=plain(_markup(fields["title"][0])) if "title" in fields else None,
        author=next((name for name in names if name), None),
        language=language_of(element.get(_XML_LANG)),
        published_at=_date(fields, _PUBLISHED),
        modified_at=_date(fields, _MODIFIED),
        categories=tuple(dict.fromkeys(filter(None, map(plain, categories)))),
        content_html=max(contents, key=len, default="").strip() or None,
    )


def _link(fields: dict[str, list[Any]], element: Any) -> str:
    for name in _LINKS:
        for child in fields.get(name, ()):
            if name == "link" and child.get("rel", "alternate") != "alternate":
                continue
            if name == "guid" and child.get("isPermaLink", "true").lower() != "true":
                continue
            link = (child.get("href") if name == "link" else None) or _text(child)
            # An id that is no address, such as a tag: URI, is refused later, when the address is made absolute.
            if link and (name != "id" or link.startswith(("http://", "https://"))):
                bases = [e.get(_XML_BASE) for e in (child, *child.iterancestors()) if e.get(_XML_BASE)]
                return urljoin(bases[0], link) if bases and _is_address(bases[0]) else link
    return str(element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")).strip()


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and "]" not in text and "[" not in text


def _date(fields: dict[str, list[Any]], names: tuple[str, ...]) -> datetime | None:
    return next((day for name in names for child in fields.get(name, ()) if (day := date_of(_text(child)))), None)


def _author(element: Any) -> str | None:
    name = next((child for child in element if _name(child) == "name"), element)
    return plain(_text(name))


def _markup(element: Any) -> str:
    """An element's contents as HTML: unescaped text, or the elements that stand in it as they are (Atom's xhtml)."""
    if element.get("type") in ("text", "text/plain") or not len(element):
        return _text(element) or ""
    inner = [etree.tostring(child, encoding="unicode", with_tail=True, method="html") for child in element]
    return (element.text or "") + "".join(inner)


def _text(element: Any) -> str | None:
    return "".join(element.itertext()).strip() or None if element is not None else None


def _name(element: Any) -> str:
    """The local name; empty for a comment, a processing instruction or an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def of_json(data: Any) -> Feed | None:
    """The JSON feed in `data`; None where it is none."""
    if not isinstance(data, dict) or "jsonfeed.org" not in str(data.get("version")):
        return None
    items = data.get("items")
    onward = data.get("next_url")
    return Feed(
        entries=tuple(_item(item) for item in items if isinstance(item, dict)) if isinstance(items, list) else (),
        language=language_of(data.get("language")),
        next=onward if isinstance(onward, str) else None,
    )


def _item(item: dict[str, Any]) -> Entry:
    authors = item.get("authors") or [item.get("author")]
    names = [a.get("name") for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    tags, content = item.get("tags"), item.get("content_html")
    links: Iterator[Any] = (item.get(name) for name in ("url", "external_url", "id"))
    return Entry(
        link=next((link for link in links if isinstance(link, str) and link), ""),
        title=plain(item.get("title")),
        author=plain(", ".join(name for name in names if isinstance(name, str))),
        language=language_of(item.get("language")),
        published_at=date_of(item.get("date_published")),
        modified_at=date_of(item.get("date_modified")),
        categories=tuple(t for t in tags if isinstance(t, str)) if isinstance(tags, list) else (),
        content_html=content if isinstance(content, str) and content.strip() else None,
    )
