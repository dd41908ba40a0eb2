"""The ways into a source: what each asks, and how its answer is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler import discovery
from crawler.asking import Answer
from crawler.discovery import Found
from presswatch.models import Listing, Source

_POSTS_A_PAGE = 100  # the most that WordPress gives
_FIELDS = "id,date_gmt,modified_gmt,link,title,content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One address that leads to articles. `kind` is "feed", "rest", "sitemap" or "listing", as `Candidate.via`."""

    kind: str
    url: str
    source: Source
    rules: Listing | None = None

    @property
    def accept(self) -> str:
        return "page" if self.kind == "listing" else self.kind

    def read(self, answer: Answer) -> Found:
        """What an answer of this way, or of a page or child further on, names; raises `Unreadable`."""
        url = answer.final_url
        if self.kind == "feed":
            return discovery.feed(answer.body, url, self.source)
        if self.kind == "rest":
            return discovery.wordpress(answer.body, url, self.source, pages=_total_pages(answer.headers))
        if self.kind == "sitemap":
            return discovery.sitemap(answer.body, url, self.source)
        assert self.rules is not None
        if self.rules.spider:
            from crawler import own_spider

            return own_spider.read(answer, url, self.source, self.rules.spider)
        return discovery.listing(answer.text, url, self.source, self.rules)


def _total_pages(headers: Mapping[str, str]) -> int | None:
    value = headers.get("x-wp-totalpages", "")
    return int(value) if value.isdecimal() and len(value) < 9 else None


def ways(source: Source, only: str | None = None) -> tuple[Way, ...]:
    """Every way into a source, the cheapest and fullest first; of one kind where `only` names it."""
    return tuple(way for way in _all(source) if only in (None, way.kind))


def _all(source: Source) -> Iterator[Way]:
    for url in source.feeds:
        yield Way(kind="feed", url=url, source=source)
    if source.wordpress:
        yield Way(kind="rest", url=_posts(source.wordpress), source=source)
    for url in source.sitemaps:
        yield Way(kind="sitemap", url=url, source=source)
    for listing in source.listings:
        yield Way(kind="listing", url=listing.url, source=source, rules=listing)


def _posts(url: str) -> str:
    """The REST address with the fields that are read, unless the source's block asks for its own."""
    parts = urlsplit(url)
    query = {"per_page": str(_POSTS_A_PAGE), "_fields": _FIELDS} | dict(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(query, safe=",")))
