"""What a page says about its article outside the text: headline, author, dates, language, other addresses.

Reads JSON-LD, OpenGraph and other meta elements, link elements, and the marked
elements of the page itself. Nothing is taken from running text. Does no input or
output.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pipelines import dates
from pipelines.blocks import Element, clean, is_furniture
from presswatch.urls import BadAddress, canonical

_ARTICLE_TYPES = re.compile(r"(?:article|posting|pressrelease|report|webpage)$", re.IGNORECASE)
# The company and its sections; a bureau, such as "NVIDIA Japan", is an author.
_PLACEHOLDER = re.compile(
    r"(?:the )?nvidia(?: (?:corp(?:oration|\.)?|newsroom|news|blogs?|writers?|editors?|staff|(?:editorial )?team))?"
    r"|エヌビディア|엔비디아|英伟达|輝達|admin(?:istrator)?|editor(?:s|ial team)?|staff(?: writer)?|webmaster"
    r"|unknown|author|none|null",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:by|von|par|por|di|de|da|written by|autor|author|auteur|autore|作者|文|執筆者?|글)\s*[:：]?\s+", re.IGNORECASE
)
_MAIL = re.compile(r"^\S+@\S+(?:\s+\((?P<name>[^)]{1,100})\))?$")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SUFFIX = re.compile(r"\s+[|–—·:-]\s+([^|–—·]{2,60})$")
_NVIDIA_SECTION = re.compile(
    r"nvidia(?: (?:newsroom|news|corp(?:oration|\.)?|(?:technical |developer |[a-z]{4,10} )?blogs?))?"
    r"|(?:le |el |il |o )?(?:blog|newsroom) (?:de |di |da )?nvidia(?: \w+)?"
)
_LANGUAGE_ROOT = re.compile(r"^/?(?:[a-z]{2}(?:[-_](?:[a-z]{2}|419|hans|hant))?/?)?$", re.IGNORECASE)
_DATE_CLASS = re.compile(r"(?:^|[-_\s])(?:date|dateline|published|pubdate|posted|timestamp)(?:$|[-_\s])", re.IGNORECASE)
_NOT_PUBLISHED = re.compile(r"updated|modified|event|expire|copyright", re.IGNORECASE)
_MAX_JSON = 500_000  # characters; a page's own data blob is not its JSON-LD


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page declares. Headings and titles come best first; `claims` are the dates, in the order of trust."""

    headings: tuple[str, ...] = ()  # of the first rank, on the page
    titles: tuple[str, ...] = ()  # declared in its head
    author: str | None = None
    claims: tuple[dates.Claim, ...] = ()
    modified_at: datetime | None = None
    language: str | None = None
    alternates: tuple[str, ...] = ()


def plain(text: str | None) -> str:
    """One line of text as a reader sees it, from a field that may hold entities (decoded once) or markup."""
    if not text:
        return ""
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return clean(_MARKUP.sub("", text) if "<" in text else text)


def person(text: str | None) -> str | None:
    """An author's name, or None where it stands for the company or for nobody."""
    name = plain(text)
    if mail := _MAIL.match(name):
        name = mail["name"] or ""
    name = _BY.sub("", name).strip(" ,;|")
    if not name or len(name) > 120 or _PLACEHOLDER.fullmatch(name) or re.match(r"https?:", name):
        return None
    return name


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD value that may be the article, outermost first, to a sane depth."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop(0)
        if depth > 4:
            continue
        if isinstance(item, list):
            waiting.extend((entry, depth + 1) for entry in item[:200])
        elif isinstance(item, dict):
            yield item
            waiting.extend(
                (item[key], depth + 1) for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item
            )


def _types(item: dict[str, Any]) -> str:
    kind = item.get("@type", "")
    return " ".join(str(k) for k in kind) if isinstance(kind, list) else str(kind)


def _json_ld(tree: Element, url: str) -> dict[str, Any]:
    """The JSON-LD object of this page's article; empty where there is none that can be read."""
    found: list[tuple[int, dict[str, Any]]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        if not text or len(text) > _MAX_JSON:
            continue
        text = re.sub(r"^(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)$", "", text).strip().rstrip(";")
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        found += [(_rank(item, url), item) for item in _objects(data) if _ARTICLE_TYPES.search(_types(item))]
    return max(found, key=lambda pair: pair[0])[1] if found else {}


def _rank(item: dict[str, Any], url: str) -> int:
    """How sure it is that a JSON-LD object is this page's article."""
    own = [v for key in ("url", "@id", "mainEntityOfPage") if isinstance(v := item.get(key), str)]
    same = any(_canonical(address.split("#")[0], url) == url for address in own)
    return 4 * ("webpage" not in _types(item).lower()) + 2 * same + ("datePublished" in item) + ("headline" in item)


def _canonical(address: str | None, base: str) -> str | None:
    try:
        return canonical(address, base) if address and address.strip() else None
    except (BadAddress, ValueError):
        return None


def _authors(value: Any) -> str | None:
    """The names in a JSON-LD author: text, object, or a list of either."""
    entries = value if isinstance(value, list) else [value]
    names = [e.get("name") if isinstance(e, dict) else e for e in entries[:10]]
    known = [name for n in names if isinstance(n, str) and (name := person(n))]
    return ", ".join(dict.fromkeys(known)) or None


def _metas(tree: Element) -> dict[str, str]:
    """Meta elements by name or property, lower-case; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = meta.get("content")
        if name and content:
            found.setdefault(name, content)
    return found


def _alternates(tree: Element, url: str) -> tuple[str, ...]:
    """The addresses of this article elsewhere: its hreflang versions, and its canonical one if that is another."""
    found = []
    for link in tree.iter("link"):
        relation = (link.get("rel") or "").lower().split()
        if "canonical" in relation or ("alternate" in relation and link.get("hreflang")):
            address = _canonical(link.get("href"), url)
            # A site that points every page at its home pages says nothing about this article.
            if address and address != url and not _LANGUAGE_ROOT.match(urlsplit(address).path):
                found.append(address)
    return tuple(dict.fromkeys(found))


def _outside(element: Element) -> bool:
    """Whether an element stands in a menu, a side column, a footer or a box of other articles."""
    return any(
        a.tag in ("nav", "aside", "footer") or (a.tag != "body" and a.tag != "html" and is_furniture(a))
        for a in (element, *element.iterancestors())
    )


def _headings(tree: Element) -> list[str]:
    """The page's first-rank headings outside its furniture, marked ones first."""
    ranked: list[tuple[int, str]] = []
    for h1 in tree.iter("h1"):
        text = clean("".join(h1.itertext()))
        if text and not _outside(h1):
            names = f"{h1.get('class') or ''} {h1.get('itemprop') or ''}".lower()
            marked = any(word in names for word in ("title", "headline"))
            # A site's own name is often a first-rank heading in its header.
            banner = any(
                a.tag == "header" and any(True for _ in a.iter("nav", "form")) for a in h1.iterancestors("header")
            )
            ranked.append((2 * banner - marked, text))
    return [text for _, text in sorted(ranked, key=lambda pair: pair[0])]


def without_site(title: str, *sites: str) -> str:
    """A title without " | NVIDIA Blog" and the like around it: the site's own name, or NVIDIA's sections."""
    title = re.sub(r"^nvidia(?: corporation| newsroom| blog)? [|–—-] ", "", title, flags=re.IGNORECASE)
    found = _SUFFIX.search(title)
    if not found:
        return title
    tail = found[1].strip().casefold()
    if tail in {s.strip().casefold() for s in sites if s} or _NVIDIA_SECTION.fullmatch(tail):
        return title[: found.start()].strip() or title
    return title


def _shown_dates(tree: Element) -> Iterator[str]:
    """The texts of the page's own date elements, the surest first."""
    for element in tree.xpath("//*[@itemprop='datePublished']"):
        yield element.get("content") or element.get("datetime") or "".join(element.itertext())
    times, classed = [], []
    for element in tree.iter("time", "div", "span", "p", "li", "abbr"):
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if (
            _NOT_PUBLISHED.search(names)
            or not (element.tag == "time" or _DATE_CLASS.search(names))
            or _outside(element)
        ):
            continue
        if element.tag == "time":
            times.append(element.get("datetime") or "".join(element.itertext()))
        else:
            text = clean("".join(element.itertext()))
            if len(text) <= 80:
                classed.append(text)
    yield from times[:3]
    yield from classed[:3]


def read(
    tree: Element, url: str, fetched_at: datetime, *, shown_date: str | None = None, shown_author: str | None = None
) -> Metadata:
    """Everything that the page at `url` declares. `shown_date` and `shown_author` are from its page class."""
    linked, metas = _json_ld(tree, url), _metas(tree)
    language = (
        tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or linked.get("inLanguage") or ""
    )
    language = language.strip() if isinstance(language, str) else ""

    def date(value: object) -> datetime | None:
        return dates.parse(value, language) if isinstance(value, str) else None

    published_metas = (
        "article:published_time",
        "og:published_time",
        "datepublished",
        "parsely-pub-date",
        "dc.date.issued",
        "dcterms.created",
        "date",
        "pubdate",
        "publish-date",
        "publication_date",
        "citation_publication_date",
    )
    claims = [dates.Claim(origin="json-ld", at=date(linked.get("datePublished")))]
    claims += [dates.Claim(origin="meta", at=date(metas.get(name))) for name in published_metas if name in metas]
    claims += [dates.Claim(origin="page", at=date(text)) for text in (shown_date,) if text]
    # A walk over the whole page, saved where its head has said it.
    if not any(dates.plausible(claim.at, fetched_at) for claim in claims):
        claims += [dates.Claim(origin="page", at=date(text)) for text in _shown_dates(tree)]
    site = metas.get("og:site_name", "")
    declared = [
        linked.get("headline"),
        metas.get("og:title"),
        metas.get("twitter:title"),
        linked.get("name"),
        tree.findtext(".//title"),
    ]
    titles = [without_site(plain(t), plain(site)) for t in declared if isinstance(t, str)]
    author = (
        _authors(linked.get("author"))
        or person(shown_author)
        or person(metas.get("author"))
        or person(metas.get("article:author"))
    )
    return Metadata(
        headings=tuple(_headings(tree)),
        titles=tuple(dict.fromkeys(t for t in titles if t)),
        author=author,
        claims=tuple(claims),
        modified_at=date(linked.get("dateModified"))
        or date(metas.get("article:modified_time"))
        or date(metas.get("og:updated_time")),
        language=language or None,
        alternates=_alternates(tree, url),
    )
