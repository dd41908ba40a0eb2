"""What the sample's sites look like: HTML pages, feeds, sitemaps and REST answers. Does no input or output.

The shapes are those of the company's real sites: a newsroom with cards and bare
article pages, and WordPress blogs with JSON-LD, OpenGraph and full-text feeds.
Around every article stand menus, a country list, related posts, a cookie banner
and a footer that name London and the United Kingdom, and are not the article.
"""

import calendar
import functools
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One of the company's sites: the newsroom, the blog, or an edition of the blog."""

    id: str
    title: str
    locale: str  # as in <html lang> and hreflang
    article_path: str  # with {slug}
    wordpress: bool = True


SITES = (
    Site(id="newsroom", title="NVIDIA Newsroom", locale="en-US", article_path="/news/{slug}", wordpress=False),
    Site(id="blog", title="NVIDIA Blog", locale="en-US", article_path="/blog/{slug}/"),
    Site(id="fr", title="NVIDIA Blog France", locale="fr-FR", article_path="/{slug}/"),
    Site(id="de", title="NVIDIA Blog Deutschland", locale="de-DE", article_path="/blog/{slug}/"),
    Site(id="es", title="NVIDIA Blog Latinoamérica", locale="es-419", article_path="/blog/{slug}/"),
    Site(id="it", title="NVIDIA Blog Italia", locale="it-IT", article_path="/blog/{slug}/"),
    Site(id="pt", title="NVIDIA Blog Brasil", locale="pt-BR", article_path="/blog/{slug}/"),
    Site(id="jp", title="NVIDIA Blog Japan", locale="ja", article_path="/blog/{slug}/"),
    Site(id="kr", title="NVIDIA Blog Korea", locale="ko-KR", article_path="/blog/{slug}/"),
    Site(id="tw", title="NVIDIA Blog Taiwan", locale="zh-TW", article_path="/blog/{slug}/"),
    Site(id="cn", title="NVIDIA Blog China", locale="zh-CN", article_path="/blog/{slug}/"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An article as it stands now, after edits, with its address."""

    id: str
    number: int  # WordPress's post id
    site: str
    url: str
    title: str
    published_at: datetime
    modified_at: datetime
    author: str | None
    categories: tuple[str, ...]
    body: tuple[str, ...]
    alternates: tuple[tuple[str, str], ...]  # hreflang and address, itself included


@dataclass(frozen=True, slots=True)
class _Chrome:
    """The words around an article in one language."""

    related: str
    cookies: str
    offices: str
    kingdom: str


_CHROME = {
    "en": _Chrome(
        "More News",
        "We use cookies to improve your experience in the United Kingdom and elsewhere.",
        "Offices: Santa Clara, London, Munich, Tokyo. Sign up for our newsletter.",
        "United Kingdom",
    ),
    "fr": _Chrome(
        "À lire aussi",
        "Ce site utilise des cookies, y compris au Royaume-Uni.",
        "Bureaux : Santa Clara, Londres, Munich, Tokyo. Abonnez-vous à notre lettre.",
        "Royaume-Uni",
    ),
    "de": _Chrome(
        "Weitere Beiträge",
        "Diese Website verwendet Cookies, auch im Vereinigten Königreich.",
        "Büros: Santa Clara, London, München, Tokio. Newsletter abonnieren.",
        "Vereinigtes Königreich",
    ),
    "es": _Chrome(
        "Más noticias",
        "Este sitio utiliza cookies, también en el Reino Unido.",
        "Oficinas: Santa Clara, Londres, Múnich, Tokio. Suscríbete al boletín.",
        "Reino Unido",
    ),
    "it": _Chrome(
        "Altre notizie",
        "Questo sito usa i cookie, anche nel Regno Unito.",
        "Uffici: Santa Clara, Londra, Monaco, Tokyo. Iscriviti alla newsletter.",
        "Regno Unito",
    ),
    "pt": _Chrome(
        "Mais notícias",
        "Este site usa cookies, também no Reino Unido.",
        "Escritórios: Santa Clara, Londres, Munique, Tóquio. Assine a newsletter.",
        "Reino Unido",
    ),
    "ja": _Chrome(
        "関連記事",
        "このサイトは英国を含む各国でクッキーを使用しています。",
        "オフィス：サンタクララ、ロンドン、ミュンヘン、東京。ニュースレターを購読する",
        "イギリス",
    ),
    "ko": _Chrome(
        "관련 글",
        "이 사이트는 영국을 포함한 모든 지역에서 쿠키를 사용합니다.",
        "사무소: 산타클라라, 런던, 뮌헨, 도쿄. 뉴스레터 구독",
        "영국",
    ),
    "zh-TW": _Chrome(
        "相關文章", "本網站在英國及其他地區使用 Cookie。", "辦公室：聖塔克拉拉、倫敦、慕尼黑、東京。訂閱電子報", "英國"
    ),
    "zh-CN": _Chrome(
        "相关文章", "本网站在英国及其他地区使用 Cookie。", "办公室：圣克拉拉、伦敦、慕尼黑、东京。订阅邮件", "英国"
    ),
}
_COUNTRIES = ("Argentina", "Australia", "Brasil", "Canada", "Deutschland", "España", "France", "India", "Italia")
_SECTIONS = ("AI", "Healthcare", "Robotics", "Cloud", "Networking", "London", "Developers", "Research", "Gaming")


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


@functools.cache
def _furniture() -> tuple[str, str, str]:
    """Menu, style and script: real pages weigh 115 kB and more, and nearly all of it is this."""
    menu = "".join(
        f'<li class="menu-item depth-{n % 3}"><a class="menu-link" href="/section-{n // 24}/item-{n}/">'
        f"<span>{_SECTIONS[n % len(_SECTIONS)]} {n}</span></a></li>"
        for n in range(480)
    )
    style = "".join(f".k{n}{{margin:{n % 9}px;padding:{n % 7}px;color:#{n * 2711 % 0xFFFFFF:06x}}}" for n in range(600))
    state = json.dumps({f"key{n}": {"id": n, "label": f"label {n}", "on": n % 2 == 0} for n in range(520)})
    return menu, f"<style>{style}</style>", f"<script>window.__state={state}</script>"


def _chrome(site: Site) -> _Chrome:
    return _CHROME.get(site.locale) or _CHROME[site.locale[:2]]


def shell(site: Site, title: str, head: str, main: str, related: Sequence[Post] = ()) -> str:
    """A whole page: what is said of `main`'s article in the head, and the furniture around it."""
    chrome, (menu, style, script) = _chrome(site), _furniture()
    more = "".join(f'<li class="related-item"><a href="{p.url}">{_escaped(p.title)}</a></li>' for p in related)
    lands = "".join(f'<option value="{n}">{land}</option>' for n, land in enumerate((*_COUNTRIES, chrome.kingdom)))
    return (
        f'<!DOCTYPE html>\n<html lang="{site.locale}"><head><meta charset="utf-8"><title>{_escaped(title)}</title>'
        f'<meta name="viewport" content="width=device-width">{head}{style}</head><body>'
        f'<div class="cookie-banner" role="dialog"><p>{chrome.cookies}</p><button>OK</button></div>'
        f'<header class="global-header"><a href="/">NVIDIA</a><nav class="global-nav"><ul>{menu}</ul></nav></header>\n'
        f"{main}\n"
        f'<aside class="related-posts"><h3>{chrome.related}</h3><ul>{more}</ul></aside>'
        f'<footer class="global-footer"><select class="country-menu">{lands}</select><p>{chrome.offices}</p>'
        f"<p>Copyright © 2026 NVIDIA Corporation</p></footer>{script}</body></html>"
    )


def blocks(body: Sequence[str]) -> str:
    """Paragraphs, lists and headings as HTML."""
    out: list[str] = []
    for number, text in enumerate(body):
        if text.startswith("- "):
            first = number == 0 or not body[number - 1].startswith("- ")
            last = number + 1 == len(body) or not body[number + 1].startswith("- ")
            out.append(("<ul>" if first else "") + f"<li>{_escaped(text[2:])}</li>" + ("</ul>" if last else ""))
        elif text.startswith("## "):
            out.append(f"<h2>{_escaped(text[3:])}</h2>")
        else:
            out.append(f"<p>{_escaped(text)}</p>")
    return "\n".join(out)


def _long_date(when: datetime) -> str:
    return f"{calendar.month_name[when.month]} {when.day}, {when.year}"


def article_page(site: Site, post: Post, related: Sequence[Post]) -> str:
    return (_blog_page if site.wordpress else _release_page)(site, post, related)


def _head(post: Post) -> str:
    return (
        f'<link rel="canonical" href="{post.url}"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{_escaped(post.title)}"><meta property="og:url" content="{post.url}">'
        f'<meta name="description" content="{_escaped(summary(post, 160))}">'
    )


def _release_page(site: Site, post: Post, related: Sequence[Post]) -> str:
    main = (
        f'<div id="page-content"><div class="container"><h1 class="article-title">{_escaped(post.title)}</h1>'
        f'<div class="article-date">{_long_date(post.published_at)}</div>'
        f'<div class="article-body">{blocks(post.body)}</div></div></div>'
    )
    return shell(site, f"{post.title} | {site.title}", _head(post), main, related)


def _blog_page(site: Site, post: Post, related: Sequence[Post]) -> str:
    published = post.published_at.isoformat()
    linked = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.title,
        "url": post.url,
        "inLanguage": site.locale,
        "datePublished": published,
        "dateModified": post.modified_at.isoformat(),
        "author": {"@type": "Person", "name": post.author or "NVIDIA"},
        "publisher": {"@type": "Organization", "name": "NVIDIA"},
    }
    alternates = "".join(f'<link rel="alternate" hreflang="{code}" href="{url}">' for code, url in post.alternates)
    linked_text = json.dumps(linked, ensure_ascii=False).replace("</", "<\\/")
    head = (
        f'{_head(post)}{alternates}<meta property="article:published_time" content="{published}">'
        f'<meta property="og:locale" content="{site.locale.replace("-", "_")}">'
        f'<script type="application/ld+json">{linked_text}</script>'
    )
    tags = "".join(f'<a rel="tag" href="/tag/{n}/">{_escaped(c)}</a>' for n, c in enumerate(post.categories))
    main = (
        f'<main><article class="post"><header><h1 class="entry-title">{_escaped(post.title)}</h1>'
        f'<div class="entry-meta"><time datetime="{published}">{post.published_at:%Y-%m-%d}</time> '
        f'<span class="author">{_escaped(post.author or "NVIDIA")}</span></div></header>'
        f'<div class="entry-content">{blocks(post.body)}</div><footer class="entry-tags">{tags}</footer>'
        '<div class="share"><a href="#x">X</a><a href="#in">LinkedIn</a></div></article></main>'
    )
    return shell(site, f"{post.title} | {site.title}", head, main, related)


def summary(post: Post, length: int) -> str:
    text = next((p for p in post.body if not p.startswith(("- ", "## "))), "")
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


def listing_page(site: Site, posts: Sequence[Post], page: int, year: str, size: int = 10) -> str:
    """Page `page` of the newsroom's cards; past the end it has none, and says nothing about it."""
    shown = posts[(page - 1) * size : page * size]
    cards = "".join(
        f'<article class="index-item"><h3 class="index-item-text-title"><a href="{p.url}">{_escaped(p.title)}</a></h3>'
        f'<span class="index-item-text-info-date">{_long_date(p.published_at)}</span>'
        f'<div class="index-item-text-description">{_escaped(summary(p, 200))}</div><div class="index-item-text-link">'
        f'<a href="{p.url}">{"Read Press Release" if p.site == site.id else "Read Blog"}</a></div></article>'
        for p in shown
    )
    query = f"?page={page + 1}" + (f"&amp;year={year}" if year else "")
    more = f'<a class="next" href="{query}">Next</a>' if posts[page * size :] else ""
    main = f'<div id="page-content"><div class="index">{cards}</div><div class="pager">{more}</div></div>'
    return shell(site, site.title, "", main)


def feed(site: Site, base: str, posts: Sequence[Post], *, permalink_guids: bool = False) -> str:
    """RSS 2.0: summaries with a moving modDate from the newsroom, full texts from a blog."""
    items = "".join(_item(site, base, post, permalink_guids) for post in posts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{site.title}</title><link>{base}/</link><language>{site.locale}</language>{items}</channel></rss>"
    )


def _item(site: Site, base: str, post: Post, permalink_guids: bool) -> str:
    guid = f"{base}/?p={post.number}" if site.wordpress and not permalink_guids else post.url
    if site.wordpress:
        who = f"<dc:creator>{_cdata(post.author)}</dc:creator>" if post.author else ""
        rest = f"{who}<content:encoded>{_cdata(blocks(post.body))}</content:encoded>"
    else:
        moved = format_datetime(post.modified_at, usegmt=True)
        rest = f'<modDate>{moved}</modDate><media:content url="{base}/thumb/{post.number}.jpg" medium="image"/>'
    categories = "".join(f"<category>{_cdata(c)}</category>" for c in post.categories)
    return (
        f'<item><title>{_escaped(post.title)}</title><link>{post.url}</link><guid isPermaLink="false">{guid}</guid>'
        f"<pubDate>{format_datetime(post.published_at, usegmt=True)}</pubDate>{categories}"
        f"<description>{_cdata(_escaped(summary(post, 300)))}</description>{rest}</item>"
    )


def sitemap(entries: Sequence[tuple[str, datetime | None]], *, index: bool = False) -> str:
    """Addresses with the time of their last change; an index where they are sitemaps themselves."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    rows = "".join(
        f"<{inner}><loc>{_escaped(url)}</loc>" + (f"<lastmod>{at.isoformat()}</lastmod>" if at else "") + f"</{inner}>"
        for url, at in entries
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{rows}</{outer}>"
    )


def rest(posts: Sequence[Post], fields: frozenset[str]) -> str:
    """WordPress's answer for posts; only `fields`, where any are named."""
    rows = [
        {
            "id": post.number,
            "date_gmt": f"{post.published_at:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{post.modified_at:%Y-%m-%dT%H:%M:%S}",
            "slug": post.url.rstrip("/").rpartition("/")[2],
            "link": post.url,
            "title": {"rendered": _escaped(post.title)},
            "content": {"rendered": blocks(post.body), "protected": False},
        }
        for post in posts
    ]
    return json.dumps([{k: v for k, v in row.items() if not fields or k in fields} for row in rows])
