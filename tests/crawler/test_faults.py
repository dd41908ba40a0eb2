"""A bad day of one site: it is told in its own words, and every other site is read as always."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from crawler import crawl
from presswatch.demo import newsroom as sample

from .conftest import Desk, Site


@pytest.fixture
def newsroom() -> Iterator[sample.Newsroom]:
    with sample.start() as running:
        yield running


ILL = {
    "500": ("down", "fails on the site's side (500)"),
    "403": ("blocked", "refuses us (403)"),
    "429": ("blocked", "asks us to slow down (429)"),
    "empty": ("changed", "holds no items"),
    "reset": ("down", "the connection was cut"),
    "garbage": ("changed", "is not a feed: it starts with bytes that are no text"),
    "bomb": ("failing", "unpacks to more than is taken"),
    "loop": ("down", "redirects more than 5 times"),
    "redirect-private": ("failing", "127.0.0.1 is not a public address"),
    "hang": ("down", "no whole answer within 1 s"),
    "truncated": ("down", "the answer broke off"),
}


@pytest.mark.parametrize("kind", ILL)
@pytest.mark.parametrize("where", ["everywhere", "in the feed"])
def test_one_ill_site_is_told_and_the_others_are_whole(
    desk: Desk, newsroom: sample.Newsroom, kind: str, where: str
) -> None:
    sample.write_config(newsroom, desk.folder / "config")
    desk.limits(timeout="1s" if kind == "hang" else "30s")
    newsroom.fault("fr", kind, "" if where == "everywhere" else "/feed/")
    figures = desk.crawl("sample-fr", "sample-de", "sample-newsroom")
    ill = figures["sample-fr"]
    state, words = ILL[kind]
    assert words in ill.message
    if where == "everywhere":
        assert (ill.ok, ill.state, ill.fetched) == (False, state, 0)
    elif kind in ("429", "reset", "hang"):  # the host wants to be left alone, or seems dead
        assert not ill.ok
    else:
        assert (ill.ok, ill.way, ill.fetched) == (True, "rest", 3), "the next way in serves"
    assert figures["sample-de"].fetched == 3
    assert figures["sample-de"].ok
    assert figures["sample-newsroom"].ok


@pytest.mark.parametrize("kind", ["500", "403", "garbage"])
def test_a_site_that_recovers_is_read_as_if_nothing_had_been(desk: Desk, newsroom: sample.Newsroom, kind: str) -> None:
    sample.write_config(newsroom, desk.folder / "config")
    newsroom.fault("fr", kind)
    assert not desk.crawl("sample-fr")["sample-fr"].ok
    newsroom.fault("fr", "ok")
    desk.later(hours=1)
    figures = desk.crawl("sample-fr")["sample-fr"]
    assert (figures.ok, figures.message, figures.fetched) == (True, "", 3)


@pytest.mark.parametrize("kind", ["403", "reset"])
def test_articles_that_are_blocked_come_from_the_full_text_feed(
    desk: Desk, newsroom: sample.Newsroom, kind: str
) -> None:
    sample.write_config(newsroom, desk.folder / "config")
    newsroom.fault("blog", kind, "/blog/")
    figures = desk.crawl("sample-blog")["sample-blog"]
    assert figures.ok
    assert {row.via for row in desk.pages()} == {"feed"}
    assert len(desk.pages()) == figures.fetched == 10


def test_feed_guids_that_drift_make_no_second_article(desk: Desk, newsroom: sample.Newsroom) -> None:
    sample.write_config(newsroom, desk.folder / "config")
    desk.crawl("sample-blog")
    newsroom.fault("blog", "drift")
    figures = desk.crawl("sample-blog")["sample-blog"]
    assert (figures.new, figures.fetched) == (0, 0)


def test_what_editors_do_is_seen_once(desk: Desk, newsroom: sample.Newsroom) -> None:
    sample.write_config(newsroom, desk.folder / "config")
    desk.crawl()
    before = {row.url: row.revision for row in desk.pages()}
    newsroom.edit("humber-fr")
    newsroom.retitle("gfn")
    newsroom.move("wool", "wool-again")
    gone = newsroom.url("livres-fr")
    newsroom.remove("livres-fr")
    newsroom.forget()
    desk.crawl()
    asked = newsroom.stats.requests
    assert asked[f"fr {gone.removeprefix(newsroom.base('fr'))}"] == 1
    newest = {row.url: row.revision for row in desk.pages()}
    changed = {url for url, revision in newest.items() if before.get(url) != revision}
    assert {url.rstrip("/") for url in changed} == {
        newsroom.url("humber-fr").rstrip("/"),
        newsroom.url("gfn").rstrip("/"),
        newsroom.url("wool").rstrip("/"),
    }
    newsroom.forget()
    desk.crawl()
    assert all(path.endswith((".xml", "/feed/")) for path in newsroom.stats.requests), "and not again"


def test_a_site_that_trickles_holds_up_nobody_and_is_read_bit_by_bit(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawl, "LONGEST_SECONDS", 1.0)
    names = [f"n{n}" for n in range(8)]
    site.feed(*names)

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.4)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n<p>news</p>")

    for name in names:
        site.handle(f"/news/{name}", slowly)
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    first = desk.crawl()["one"]
    assert 0 < first.fetched < 8
    assert first.message == "the visit took too long and was ended; the rest follows at the next"
    for _ in range(9):
        if len(desk.urls()) < 8:
            desk.later(minutes=15)
            desk.crawl()
    assert len(desk.urls()) == 8, "though the feed never changed"


LARGE = {
    "a feed of tags": ("feeds", "/feed", "<rss><channel><item/>" + "<b/>" * 300_000, "tags, attributes or values"),
    "a feed of attributes": ("feeds", "/feed", "<rss " + " ".join(f"a{n}=''" for n in range(300_001)), "attributes"),
    "a feed of lists": ("feeds", "/feed", "[" + "[]," * 200_000 + "0]", "tags, attributes or values"),
    "a sitemap of tags": ("sitemaps", "/feed", "<urlset>" + "<b/>" * 800_000, "more than 800,000 tags"),
    "a sitemap of pages": (
        "sitemaps",
        "/feed",
        "<urlset>" + "<url><loc>/a</loc></url>" * 50_001 + "</urlset>",
        "50,000 pages",
    ),
    "a page of tags": ("feeds", "/news/a", "<p>" * 100_001, "more than 100,000 tags"),
}


@pytest.mark.parametrize("name", LARGE)
def test_markup_that_would_fill_the_memory_is_refused_before_it_is_read(desk: Desk, site: Site, name: str) -> None:
    way, path, body, words = LARGE[name]
    site.feed("a", "b")
    site.put(path, body)
    desk.watch({"id": "one", way: [f"{site.base}/feed"]})
    figures = desk.crawl()["one"]
    assert words in figures.message
    assert figures.fetched == (path != "/feed")


def test_a_way_that_leads_only_to_strangers_is_a_failure(desk: Desk, site: Site, other_site: Site) -> None:
    site.feed("a")
    site.put("/map", f"<urlset><url><loc>{other_site.base}/news/b</loc></url></urlset>")
    desk.watch({"id": "one", "sitemaps": [f"{site.base}/map"]})
    figures = desk.crawl()["one"]
    assert (figures.ok, figures.state) == (False, "changed")
    assert figures.message == (
        f"{site.base}/map names 1 addresses, and none of them is an article of a site that is watched"
    )
    assert other_site.asked == []


def test_children_on_other_hosts_are_not_asked(desk: Desk, site: Site, other_site: Site) -> None:
    children = f"<sitemap><loc>{other_site.base}/map</loc></sitemap><sitemap><loc>{site.base}/own</loc></sitemap>"
    site.put("/map", f"<sitemapindex>{children}</sitemapindex>")
    site.put("/own", "<urlset><url><loc>/news/a</loc><lastmod>2026-11-19</lastmod></url></urlset>")
    site.feed("a", path="/unused")
    desk.watch({"id": "one", "sitemaps": [f"{site.base}/map"]})
    figures = desk.crawl()["one"]
    assert (figures.fetched, figures.message) == (1, ""), "and no refusal by the address guard behind it"
    assert other_site.asked == []
