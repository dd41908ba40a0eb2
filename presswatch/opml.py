"""Lists of feeds as every feed reader writes and takes them: OPML. Does no input or output."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml
from lxml import etree

from presswatch import urls
from presswatch.errors import UsageError
from presswatch.models import Source

_LONGEST = 5_000_000  # bytes; a list of ten thousand feeds has two million


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed of such a list."""

    title: str
    url: str
    homepage: str | None = None
    language: str | None = None


def write(sources: Iterable[Source], title: str = "presswatch") -> bytes:
    """The feeds of these sources, an outline for each source that has several."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for source in sources:
        place = etree.SubElement(body, "outline", text=source.name) if len(source.feeds) > 1 else body
        for url in source.feeds:
            said = {"type": "rss", "text": source.name, "title": source.name, "xmlUrl": url}
            said |= {"htmlUrl": source.homepage} if source.homepage else {}
            said |= {"language": source.language} if source.language else {}
            etree.SubElement(place, "outline", said)
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return found


def read(content: bytes) -> tuple[Feed, ...]:
    """The feeds of a list, each address once, in its order; raises `UsageError` for anything that is no such list."""
    if len(content) > _LONGEST or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UsageError("This list of feeds is too large, or declares entities, which it has no use for.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UsageError(f"This is no list of feeds (OPML): {str(error)[:200]}.") from None
    if root.tag != "opml":
        raise UsageError("This is XML, and no list of feeds (OPML).")
    feeds: dict[str, Feed] = {}
    for outline in root.iter("outline"):
        given = {name.lower(): value for name, value in outline.attrib.items()}
        try:
            url = urls.resolve(given.get("xmlurl", ""))
        except urls.BadAddress:
            continue  # a folder, or an address that cannot be asked
        language = (given.get("language") or "")[:2].lower()
        feeds.setdefault(
            url,
            Feed(
                title=(given.get("title") or given.get("text") or url).strip(),
                url=url,
                homepage=_address(given.get("htmlurl")),
                language=language if re.fullmatch("[a-z]{2}", language) else None,
            ),
        )
    if not feeds:
        raise UsageError("This list names no feed that can be asked.")
    return tuple(feeds.values())


def blocks(feeds: Sequence[Feed], known: Iterable[Source]) -> str:
    """These feeds as blocks for sources.yaml, but for those that are watched already."""
    watched = list(known)
    taken = {source.id for source in watched}
    have = {url for source in watched for url in source.feeds}
    found = []
    for feed in feeds:
        if feed.url in have:
            continue
        block: dict[str, object] = {"id": _id(feed, taken), "name": feed.title}
        block |= {"language": feed.language} if feed.language else {}
        block |= {"homepage": feed.homepage} if feed.homepage else {}
        found.append(block | {"every": "1h", "delay": "5s", "feeds": [feed.url]})
    return yaml.safe_dump({"sources": found}, allow_unicode=True, sort_keys=False, width=1000) if found else ""


def _address(url: str | None) -> str | None:
    try:
        return urls.resolve(url) if url else None
    except urls.BadAddress:
        return None


def _id(feed: Feed, taken: set[str]) -> str:
    """An id after the feed's title, else its host; a number behind it where that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", feed.title.lower()).strip("-")[:50]
    begin = plain or re.sub(r"[^a-z0-9]+", "-", urls.host(feed.url)).strip("-")[:50] or "feed"
    name, number = begin, 1
    while name in taken:
        number += 1
        name = f"{begin}-{number}"
    taken.add(name)
    return name
