"""From the elements of a page to blocks of text. Does no input or output.

trafilatura decides what on an unknown page is the article. Where the page
itself marks its article, its output loses what newsrooms are made of: trailing
headings, paragraphs and lists that are links, repeated paragraphs, text in bare
`div`s. Those containers are read here, whole, and only what is known to be
furniture is left out.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from lxml import etree

Element = Any  # lxml publishes no types

_SKIPPED = frozenset(
    "script style noscript template nav footer form button select option input textarea label iframe object embed svg "
    "math audio video canvas map dialog title figcaption menu datalist".split()
)
_BLOCKS = frozenset(
    "p div section article aside main header ul ol li dl dt dd blockquote quote pre code figure table thead tbody "
    "tfoot tr caption h1 h2 h3 h4 h5 h6 head address hr details summary center fieldset list item row body".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 head".split())
_ITEMS = frozenset(("li", "item", "dt", "dd"))
_CELLS = frozenset(("td", "th", "cell"))
_BREAKS = frozenset(("br", "lb"))
# Words in an element's class or id that make it furniture, however much text it holds.
_FURNITURE = frozenset(
    "related relatedposts yarpp recirculation outbrain taboola share sharing sharedaddy sharebar "
    "addtoany social newsletter subscribe signup breadcrumb breadcrumbs cookie cookies consent comments disqus "
    "advert advertisement pagination pager tags taglist sidebar".split()
)
_FURNITURE_PHRASE = re.compile(
    r"author[-_](?:box|bio|info|card|profile)|about[-_]author|post[-_]nav|screen-reader-text|wp-caption-text|read[-_]next"
    r"|more[-_](?:news|stories|posts)|visually-hidden|(?:^|\s)sr-only(?:\s|$)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Soft hyphens, zero-width characters, direction marks and controls are never seen by a reader.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f]")
_BULLET = re.compile(r"^[•▪▫‣◦●○■□➤►✓✔]\s*")
# Classes that themes put on the whole article: its tags and categories, and what the page has or has not.
_STATES = ("tag-", "category-", "cat-", "has-", "with-", "no-", "is-", "type-", "status-", "format-", "comments-open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of an article: `mark` is "", "- " or "## "; `linked` counts its characters inside links."""

    mark: str
    text: str
    linked: int

    @property
    def line(self) -> str:
        return self.mark + self.text

    @property
    def is_link(self) -> bool:
        """Whether the block is a link and nothing else to speak of."""
        return self.linked >= 0.9 * len(self.text)


def clean(text: str) -> str:
    """`text` on one line: every kind of white space is one plain space, what no reader sees is gone, NFC."""
    # A line break that is a character of its own still parts two words.
    spaced = text.replace("\u2028", " ").replace("\u2029", " ") if "\u2028" in text or "\u2029" in text else text
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", spaced)).split())


def by_class(tree: Element) -> dict[str, list[Element]]:
    """The elements that may hold a headline, a date or a text, by each of their classes, in document order.

    One walk, instead of an XPath search of the whole page for every name that is looked for.
    """
    index: dict[str, list[Element]] = {}
    for element in tree.iter("div", "section", "article", "main", "h1", "h2", "time", "span", "p", "td"):
        if names := element.get("class"):
            for name in names.split():
                index.setdefault(name, []).append(element)
    return index


def is_furniture(element: Element) -> bool:
    """Whether an element is a menu, a share bar, a box of related posts, hidden, or the like."""
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true" or _HIDDEN.search(get("style") or ""):
        return True
    if get("role") in ("navigation", "banner", "contentinfo", "complementary", "search", "dialog"):
        return True
    names = f"{get('class') or ''} {get('id') or ''}"
    if names == " ":
        return False
    if _FURNITURE_PHRASE.search(names):
        return True
    return any(
        word.lower() in _FURNITURE
        for name in names.split()
        if not name.lower().startswith(_STATES)
        for word in _WORDS.findall(name)
    )


def _is_layout(row: Element) -> bool:
    """Whether a table's row only arranges blocks on the page, as old sites' do."""
    cells = sum(1 for _ in row.iter("td", "th", "cell"))
    return sum(1 for _ in row.iter("p", "ul", "ol", "h2", "h3", "tr", "list", "head")) - 1 > cells


class _Walk:
    """Collects blocks while a tree is walked; never recurses, so that no depth of nesting can break it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.linked = self.links = self.items = self.headings = self.rows = self.breaks = 0

    def text(self, text: str | None) -> None:
        if not text:
            return
        if not text.isspace():
            self.breaks = 0
            if self.links:
                self.linked += len(text.strip())
        self.pieces.append(text)

    def flush(self) -> None:
        if self.pieces:
            text = clean("".join(self.pieces)).strip("|").strip() if self.rows else clean("".join(self.pieces))
            mark = "- " if self.items else "## " if self.headings else ""
            if not mark and _BULLET.match(text):
                mark = "- "
            text = _BULLET.sub("", text) if mark == "- " else text
            if text:
                self.blocks.append(Block(mark=mark, text=text, linked=self.linked))
        self.pieces, self.linked, self.breaks = [], 0, 0

    def start(self, element: Element, tag: str) -> None:
        if tag in _BREAKS:
            self.breaks += 1
            if self.breaks > 1 and not self.rows:
                self.flush()
            else:
                self.pieces.append(" ")
        elif tag in _CELLS:
            if self.rows:
                self.pieces.append(" | " if self.pieces else "")
            else:
                self.flush()
        elif tag in _BLOCKS:
            if self.rows:
                self.pieces.append(" ")
            else:
                self.flush()
            self.items += tag in _ITEMS
            self.headings += tag in _HEADINGS
            if tag in ("tr", "row") and (self.rows or not _is_layout(element)):
                self.rows += 1
        elif tag in ("a", "ref"):
            self.links += 1
        self.text(element.text)

    def end(self, element: Element, tag: str) -> None:
        if tag in _BLOCKS or (tag in _CELLS and not self.rows):
            if self.rows > 1 or (self.rows and tag not in ("tr", "row")):
                self.pieces.append(" ")
            else:
                self.flush()
            self.items -= tag in _ITEMS
            self.headings -= tag in _HEADINGS
            if self.rows and tag in ("tr", "row"):
                self.rows -= 1
        elif tag in ("a", "ref"):
            self.links -= 1


def read(container: Element) -> list[Block]:
    """Every block of text in `container`, in order, without its furniture. The tree is left as it was."""
    walk = _Walk()
    events = etree.iterwalk(container, events=("start", "end"))
    skipped: Element | None = None
    for event, element in events:
        tag = element.tag
        if event == "start":
            if element is not container and (tag in _SKIPPED or is_furniture(element)):
                events.skip_subtree()  # its end comes next
                skipped = element
                if tag in _BLOCKS and not walk.rows:
                    walk.flush()
            else:
                walk.start(element, tag)
            continue
        if element is skipped:
            skipped = None
        else:
            walk.end(element, tag)
        if element is not container:
            walk.text(element.tail)
    walk.flush()
    return walk.blocks
