"""How the sample's sites answer a request, when nothing is wrong. Does no input or output."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from presswatch.demo import pages
from presswatch.demo.pages import Post, Site

FEED_SIZE = {"newsroom": 30, "blog": 10}
DISALLOWED = ("/file", "/wp-admin/")  # as the robots.txt below says
_HTML, _XML, _JSON = "text/html; charset=utf-8", "text/xml; charset=utf-8", "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one site has published at the moment of a request."""

    site: Site
    base: str
    posts: tuple[Post, ...]  # of every site, newest first
    gone: frozenset[str]  # paths of removed articles
    moved: Mapping[str, str]  # old paths and where their articles stand now
    permalink_guids: bool = False

    @property
    def own(self) -> tuple[Post, ...]:
        return tuple(post for post in self.posts if post.site == self.site.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int = 200
    body: str = ""
    content_type: str = _HTML
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(now: Snapshot, path: str, query: Mapping[str, str], request_headers: Mapping[str, str]) -> Answer:
    """The site's answer. `path` is unquoted; `query` has the last value of each name."""
    if path == "/robots.txt":
        return _robots(now)
    if path == "/":
        return _home(now)
    found = _blog(now, path, query, request_headers) if now.site.wordpress else _newsroom(now, path, query)
    return found or _article(now, path)


def _robots(now: Snapshot) -> Answer:
    index = "/sitemap_index.xml" if now.site.wordpress else "/sitemap.xml"
    closed = DISALLOWED[1] if now.site.wordpress else DISALLOWED[0]
    text = f"User-agent: *\nDisallow: {closed}\nSitemap: {now.base}{index}\n"
    return Answer(body=text, content_type="text/plain; charset=utf-8")


def _home(now: Snapshot) -> Answer:
    way = "/feed/" if now.site.wordpress else "/releases.xml"
    head = f'<link rel="alternate" type="application/rss+xml" title="{now.site.title}" href="{way}">'
    main = f"<main><h1>{now.site.title}</h1></main>"
    return Answer(body=pages.shell(now.site, now.site.title, head, main, now.own[:10]))


def _newsroom(now: Snapshot, path: str, query: Mapping[str, str]) -> Answer | None:
    english = tuple(post for post in now.posts if post.site in ("newsroom", "blog"))
    size = FEED_SIZE["newsroom"]
    if path == "/releases.xml":
        return Answer(body=pages.feed(now.site, now.base, english[:size]), content_type=_XML)
    if path == "/cats/press_release.xml":
        return Answer(body=pages.feed(now.site, now.base, now.own[:size]), content_type=_XML)
    if path == "/news":
        year = query.get("year", "")
        chosen = [post for post in english if not year or str(post.published_at.year) == year]
        return Answer(body=pages.listing_page(now.site, chosen, _number(query, "page") or 1, year))
    if path == "/sitemap.xml":
        entries: list[tuple[str, datetime | None]] = [(post.url, None) for post in now.own]
        # A press kit that robots.txt closes: whoever asks for it did not read robots.txt.
        body = pages.sitemap([*entries, (f"{now.base}/file/press-kit", None)])
        return Answer(body=body, content_type="application/xml")
    return None


def _blog(now: Snapshot, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer | None:
    if path == "/feed":
        return Answer(status=301, headers={"Location": "/feed/"})
    if path == "/feed/":
        return _blog_feed(now, query, headers)
    if path == "/sitemap_index.xml":
        body = pages.sitemap([(f"{now.base}/post-sitemap.xml", _newest(now))], index=True)
        return Answer(body=body, content_type=_XML)
    if path == "/post-sitemap.xml":
        return Answer(body=pages.sitemap([(post.url, post.modified_at) for post in now.own]), content_type=_XML)
    if path == "/wp-json/wp/v2/posts":
        return _posts(now, query)
    return None


def _newest(now: Snapshot) -> datetime:
    return max((post.modified_at for post in now.own), default=datetime(2026, 1, 1, tzinfo=UTC))


def _number(query: Mapping[str, str], name: str, default: int = 1) -> int | None:
    """A whole number from 1 on, or None where the query has something else."""
    text = query.get(name, str(default))
    return int(text) if text.isascii() and text.isdigit() and int(text[:9]) > 0 else None


def _blog_feed(now: Snapshot, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    page, size = _number(query, "paged") or 1, FEED_SIZE["blog"]
    shown = now.own[(page - 1) * size : page * size]
    if page > 1 and not shown:
        return Answer(status=404, body="not found")
    body = pages.feed(now.site, now.base, shown, permalink_guids=now.permalink_guids)
    tag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    validators = {"ETag": tag, "Last-Modified": format_datetime(_newest(now), usegmt=True)}
    asked = {"ETag": headers.get("If-None-Match"), "Last-Modified": headers.get("If-Modified-Since")}
    given = {name: value for name, value in asked.items() if value is not None}
    # Compared as text: a client that rewrites a validator, or sends its own clock, gets the whole feed again.
    if given and all(validators[name] == value for name, value in given.items()):
        return Answer(status=304, headers=validators)
    return Answer(body=body, content_type="application/rss+xml; charset=UTF-8", headers=validators)


def _posts(now: Snapshot, query: Mapping[str, str]) -> Answer:
    size, page, after = _number(query, "per_page", 10), _number(query, "page"), query.get("after", "")
    if page is None or size is None or size > 100:
        return Answer(status=400, body='{"code":"rest_invalid_param"}', content_type=_JSON)
    matching = [post for post in now.own if f"{post.published_at:%Y-%m-%dT%H:%M:%S}" > after]
    shown = matching[(page - 1) * size : page * size]
    if page > 1 and not shown:
        return Answer(status=400, body='{"code":"rest_post_invalid_page_number"}', content_type=_JSON)
    counts = {"X-WP-Total": str(len(matching)), "X-WP-TotalPages": str(-(-len(matching) // size))}
    fields = frozenset(name for name in query.get("_fields", "").split(",") if name)
    return Answer(body=pages.rest(shown, fields), content_type=_JSON, headers=counts)


def _article(now: Snapshot, path: str) -> Answer:
    if path in now.gone:
        return Answer(status=410, body="<h1>Gone</h1>")
    if path in now.moved:
        return Answer(status=301, headers={"Location": now.moved[path]})
    for post in now.own:
        here = urlsplit(post.url).path
        if unquote(here) == path:
            related = [other for other in now.own if other.id != post.id][:3]
            return Answer(body=pages.article_page(now.site, post, related))
        if unquote(here).rstrip("/") == path.rstrip("/"):
            return Answer(status=301, headers={"Location": here})
    missing = pages.shell(now.site, "Page not found", "", "<main><h1>404</h1></main>")
    return Answer(status=404, body=missing)


def empty(now: Snapshot, path: str) -> Answer:
    """200 with nothing in it, as the sites answer under load."""
    if path.endswith((".xml", "/feed/")):
        return Answer(body=pages.feed(now.site, now.base, ()), content_type=_XML)
    if path.startswith("/wp-json/"):
        return Answer(body=json.dumps([]), content_type=_JSON)
    return Answer(body=pages.shell(now.site, now.site.title, "", '<div class="index"></div>'))
