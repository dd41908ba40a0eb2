"""From the bytes of a page, or the text that came with a feed, to an Article. Does no input or output.

The page is parsed once (`markup`). What it declares is read from the whole of it
(`metadata`); its text from the element that holds the article: the one its page
class names, the one it marks itself in a usual way, or what trafilatura finds
in the page without its furniture.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import html
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from pipelines import blocks, dates, language, metadata
from pipelines.blocks import Block, Element
from pipelines.markup import decode, parse
from pipelines.sites import PageClass, page_classes
from presswatch.errors import ExtractionError
from presswatch.models import Article, Page
from presswatch.urls import BadAddress, canonical

# How content systems mark the element that holds an article's blocks.
_MARKED = (
    "entry-content articleBody article-body article__body article-content article__content article-text post-content "
    "post-body post__content story-body wp-block-post-content press-release-body module_body"
).split()
_NEVER_TEXT = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "footer",
    "form",
    "aside",
    "select",
    "iframe",
    "header",
)
_SELDOM_TEXT = ("div", "section", "ul")
_FALLBACK_LEAST = 40  # characters; where nothing on a page says "article", less than this is a message, not news
_FALLBACK_MOST = 1.3  # times what trafilatura found; an element with more than that holds other things as well
_TEASER_WORDS = 4  # a link at the end with as many words is another article's headline, not a partner's name
_TOP = 4  # blocks under a page's top in which a repeated headline, a date or an author's name may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The blocks of an article and how sure it is that they are all its own."""

    blocks: list[Block]
    marked: bool  # the page itself says where its article is


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Everything that one answer says of its article."""

    text: _Text
    declared: metadata.Metadata
    headline: str | None  # where the page's class says that it stands


def _page_class(index: dict[str, list[Element]], page: Page, classes: Iterable[PageClass]) -> PageClass | None:
    """The page class whose marks this page bears."""
    for known in classes:
        if known.holds_on(page.fetched_at) and len(index.get(known.text, ())) == 1 and known.headline in index:
            return known
    return None


def _share(element: Element) -> int:
    """How many characters of an element's text stand outside links."""
    whole = sum(len(t.strip()) for t in element.itertext())
    return whole - sum(len(t.strip()) for a in element.iter("a") for t in a.itertext())


def _marked_container(tree: Element, index: dict[str, list[Element]]) -> Element | None:
    """The one element that the page marks as its article's text; None where there is none, or several alike."""
    bodies = [e for e in tree.iter("div", "section", "article", "main", "td") if e.get("itemprop") == "articleBody"]
    for found in (bodies, *(index.get(mark, []) for mark in _MARKED)):
        alike = set(found)
        outer = [e for e in found if not any(a in alike for a in e.iterancestors())]
        weights = sorted(((_share(e), -n) for n, e in enumerate(outer)), reverse=True)
        # Several of a size are a list of teasers; one among small ones is the article.
        if weights and weights[0][0] and (len(weights) == 1 or weights[0][0] > 4 * weights[1][0]):
            return outer[-weights[0][1]]
    return None


def _without_furniture(tree: Element) -> Element:
    """The page's body without menus, boxes and footers, for trafilatura. Changes the tree."""
    body = tree.find("body")
    body = tree if body is None else body
    whole = _share(body) or 1
    for element in list(body.iter(*_NEVER_TEXT, *_SELDOM_TEXT)):
        if element is body or element.getparent() is None:
            continue
        if element.tag == "header":
            if not any(True for _ in element.iter("nav", "form")):
                continue
        elif element.tag in _SELDOM_TEXT and (
            # A theme may call the column that holds everything "with sidebar".
            not blocks.is_furniture(element) or _share(element) > 0.5 * whole
        ):
            continue
        element.drop_tree()
    return body


def _options() -> Extractor:
    """trafilatura's options: all of the article, no guess at its date, no rescue that dumps a page into one line."""
    options = Extractor(
        fast=True, recall=True, comments=False, tables=True, dedup=False, formatting=False, with_metadata=False
    )
    options.min_extracted_size = options.min_output_size = 1
    return options


def _found_by_trafilatura(tree: Element) -> list[Block]:
    """What trafilatura takes for the article on a page without marks. Changes the tree."""
    body = _without_furniture(tree)
    root = html.Element("html")
    root.append(body if body.tag == "body" else html.Element("body"))
    document: Any = bare_extraction(root, options=_options())
    if document is None or document.body is None:
        return []
    found = blocks.read(document.body)
    length = sum(len(b.text) for b in found)
    if length < _FALLBACK_LEAST:
        return []
    # trafilatura has found where the article is; of an unmarked one it drops headings and short lines between.
    whole = blocks.read(_around(root, {b.text for b in found}))
    return whole if 0.9 * length <= sum(len(b.text) for b in whole) <= _FALLBACK_MOST * length else found


def _around(root: Element, texts: set[str]) -> Element:
    """The smallest element that holds every paragraph with one of `texts`."""
    common: list[Element] = []
    for paragraph in root.iter("p"):
        if blocks.clean("".join(paragraph.itertext())) in texts:
            line = [*reversed(list(paragraph.iterancestors()))]
            same = [a for a, b in zip(common, line, strict=False) if a is b]
            common = same if common else line
    return common[-1] if common else root


def _text(tree: Element, index: dict[str, list[Element]], looks: PageClass | None) -> _Text:
    """The article's blocks, from its page class, its own mark, or trafilatura. Changes the tree."""
    if looks:
        container = index[looks.text][0]
        for element in [e for name in looks.remove for e in index.get(name, ())]:
            if container in element.iterancestors() and element.getparent() is not None:
                element.drop_tree()
    else:
        container = _marked_container(tree, index)
    found = blocks.read(container) if container is not None else []
    return _Text(blocks=found, marked=True) if found else _Text(blocks=_found_by_trafilatura(tree), marked=False)


def _shown(index: dict[str, list[Element]], name: str | None) -> str | None:
    """What the first element of the class `name` shows: a machine's date, where it holds one, or its text."""
    if not name or name not in index:
        return None
    element = index[name][0]
    times = [e.get("datetime") for e in (element, *element.iter("time")) if e.get("datetime")]
    return times[0] if times else blocks.clean("".join(element.itertext()))


def _same(one: str, other: str) -> bool:
    """Whether a shown headline `one` and a declared title are the same, or one the other's beginning."""
    a, b = (re.sub(r"\W+", "", t).casefold() for t in (one, other))
    if not a or not b:
        return False
    # A short page title is the beginning of a longer headline; the other way round it takes more to be sure.
    return a == b or (a.startswith(b) and len(b) >= 4) or (b.startswith(a) and len(a) >= 12)


def _headline(found: metadata.Metadata, shown: str | None, candidate: str | None) -> str:
    """The article's headline: as its page shows it, else as its head or its feed declares it."""
    others = [t for t in (*found.titles, metadata.plain(candidate)) if t]
    if shown:
        return shown
    for heading in found.headings:
        if not others or any(_same(heading, title) for title in others):
            return heading
    for heading in found.headings:  # an edited headline still shares words with the one declared
        words = set(re.findall(r"\w+", heading.casefold()))
        if any(2 * len(words & set(re.findall(r"\w+", t.casefold()))) >= len(words) for t in others):
            return heading
    return others[0] if others else next(iter(found.headings), "")


def _trimmed(text: _Text, title: str, author: str | None) -> list[Block]:
    """The blocks without what a page repeats around its text: headline, date and author above, teasers below."""
    found = text.blocks
    for n, block in enumerate(found[:_TOP]):
        if _fold(block.text) == _fold(title):
            found = found[n + 1 :] if not text.marked else found[:n] + found[n + 1 :]
            break
    if not text.marked:
        top = [
            b
            for b in found[:_TOP]
            if not (dates.is_only_a_date(b.text) or (author and _fold(b.text) in (_fold(author), _fold("by" + author))))
        ]
        found = top + found[_TOP:]
    end = len(found)
    while (
        end
        and found[end - 1].is_link
        and len(re.findall(r"\w+|[\u3040-\u9fff]{3}", found[end - 1].text)) >= _TEASER_WORDS
    ):
        end -= 1
    if end < len(found):
        while end and found[end - 1].mark == "## ":  # "More News", now with nothing under it
            end -= 1
    return found[:end] or found


def _fold(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _without_feed_footer(tree: Element, page: Page) -> None:
    """Take away a feed's last line, "The post … appeared first on …": a link to the post, another to its site."""
    last = next((e for e in reversed(list(tree.iter("p"))) if "".join(e.itertext()).strip()), None)
    if last is None:
        return
    addresses = []
    for link in last.iter("a"):
        try:
            addresses.append(canonical(link.get("href") or "", page.url))
        except BadAddress:
            return
    if 1 <= len(addresses) <= 2 and addresses[0] == page.url and all(page.url.startswith(a) for a in addresses):
        last.drop_tree()


def _refuse(page: Page) -> None:
    """Raise where a page cannot hold an article, before any work is done."""
    if page.status >= 400:
        raise ExtractionError(f"{page.url} answered {page.status}, so there is no article in it.")
    kind = page.content_type.split(";")[0].strip().lower()
    if page.body and kind and not re.search(r"html|xml|^text/plain$|octet-stream", kind):
        raise ExtractionError(f"{page.url} is {kind}, not a page; no article can be taken out of it.")


def _claims(page: Page, declared: Sequence[dates.Claim]) -> list[dates.Claim]:
    """Everything that is said of the publication date, in the order of trust."""
    known = page.candidate
    claims = list(declared)
    if known and known.published_at:
        claim = dates.Claim(origin="page" if known.via == "listing" else known.via, at=known.published_at)
        # A news sitemap's or a listing's date is a machine's or a card's; the page's own head is surer.
        at = 0 if known.via in ("feed", "rest") else sum(c.origin in ("json-ld", "meta") for c in claims)
        claims.insert(at, claim)
    return [*claims, dates.Claim(origin="address", at=dates.from_address(page.url))]


def _modified(page: Page, declared: datetime | None, published_at: datetime | None) -> datetime | None:
    """When the article was last changed, as its page or else its feed says; never before it was published."""
    for moment in (declared, page.candidate.modified_at if page.candidate else None):
        if moment and dates.plausible(moment, page.fetched_at) and not (published_at and moment < published_at):
            return moment
    return None


def _from_page(tree: Element, page: Page, classes: Iterable[PageClass]) -> _Reading:
    """What a page of a site says. Changes the tree."""
    index = blocks.by_class(tree)
    looks = _page_class(index, page, classes)
    headline, day, author = (_shown(index, getattr(looks, part, None)) for part in ("headline", "day", "author"))
    declared = metadata.read(tree, page.url, page.fetched_at, shown_date=day, shown_author=author)
    return _Reading(text=_text(tree, index, looks), declared=declared, headline=headline)


def _from_feed(tree: Element, page: Page) -> _Reading:
    """What the full text says that a feed or REST answer carried. Changes the tree."""
    _without_feed_footer(tree, page)
    return _Reading(text=_Text(blocks=blocks.read(tree), marked=True), declared=metadata.Metadata(), headline=None)


def extract(page: Page, classes: Sequence[PageClass] | None = None) -> Article:
    """The article that a page holds, or that a feed or REST answer held where the page could not be had.

    `classes` are the page classes to try, all known ones if not given. Raises
    `ExtractionError` with a plain sentence where there is no article text.
    """
    _refuse(page)
    known = page.candidate
    hint = page.source_language or (known.language if known else None)
    carried = (known.content_html if known else None) or ""
    tree = parse(decode(page.body, page.content_type, hint) if page.body else carried and f"<div>{carried}</div>")
    if tree is None:
        raise ExtractionError(f"{page.url} came back empty; no article can be taken out of it.")
    found = (
        _from_page(tree, page, page_classes() if classes is None else classes) if page.body else _from_feed(tree, page)
    )
    title = _headline(found.declared, found.headline, known.title if known else None)
    author = found.declared.author or metadata.person(known.author if known else None)
    lines = [block.line for block in _trimmed(found.text, title, author)]
    if not lines or not title:
        raise ExtractionError(_nothing_found(page, bool(lines)))
    published_at, published_from = dates.choose(_claims(page, found.declared.claims), page.fetched_at)
    text = "\n".join(lines)
    return Article(
        url=page.url,
        source=page.source,
        language=language.detect(f"{title}\n{text}", found.declared.language or hint),
        title=title,
        text=text,
        author=author,
        published_at=published_at,
        published_from=published_from,
        modified_at=_modified(page, found.declared.modified_at, published_at),
        first_seen_at=page.fetched_at,
        via=page.via,
        note=page.note,
        alternates=found.declared.alternates,
    )


def _nothing_found(page: Page, text: bool) -> str:
    where = "The page" if page.body else f"What the {page.via} says of"
    what = "headline" if text else "article text"
    return (
        f"{where} {page.url} holds no {what}. If it shows one in a browser, the site may have changed: "
        f"look at the archived page and add a page class for it in pipelines/sites."
    )
