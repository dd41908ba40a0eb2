"""Going back: every way in, page after page, to a date."""

import json
from datetime import UTC, datetime

import pytest

from crawler.asking import Answer
from crawler.backfill import page_date

from .conftest import START, Desk, Site, page, rss

FIELDS = "_fields=id,date_gmt,modified_gmt,link,title,content"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def posts(site: Site, *names: str) -> str:
    """REST posts, named after the day of November (or, with a minus, October) 2026 on which they came out."""
    rows = []
    for name in names:
        day = f"2026-10-{name[1:]}" if name.startswith("-") else f"2026-11-{name}"
        site.put(f"/news/{name}", page(name))
        rows.append(
            {"link": f"{site.base}/news/{name}", "date_gmt": f"{day}T10:00:00", "modified_gmt": f"{day}T10:00:00"}
        )
    return json.dumps(rows)


def test_rest_pages_are_asked_until_one_is_older_than_the_date(desk: Desk, site: Site) -> None:
    total = {"X_WP_TotalPages": "9"}
    site.put(f"/posts?per_page=100&{FIELDS}", posts(site, "20", "10"), **total)
    site.put(f"/posts?per_page=100&{FIELDS}&page=2", posts(site, "02", "-31"), **total)
    site.put(f"/posts?per_page=100&{FIELDS}&page=3", posts(site, "-30", "-29"), **total)
    desk.watch({"id": "one", "wordpress": f"{site.base}/posts"})
    figures = desk.crawl(mode="backfill", since=SINCE)["one"]
    assert not any("page=4" in path for path in site.asked)
    assert [url.rpartition("/")[2] for url in desk.urls()] == ["02", "10", "20"]
    assert (figures.ok, figures.way) == (True, "rest")


def test_feed_pages_are_asked_to_their_end(desk: Desk, site: Site) -> None:
    generator = "<generator>https://wordpress.org/</generator></channel>"
    for number, names in enumerate((("f", "e"), ("d", "c"), ("b", "a")), 1):
        for name in names:
            site.put(f"/news/{name}", page(name))
        path = "/feed" if number == 1 else f"/feed?paged={number}"
        site.put(path, rss(*(f"{site.base}/news/{n}" for n in names)).replace("</channel>", generator))
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    figures = desk.crawl(mode="backfill", since=SINCE)["one"]
    assert [url[-1] for url in desk.urls()] == list("abcdef")
    assert (figures.ok, figures.message) == (True, ""), "a 404 after the last page is the end"


def test_a_crawl_after_a_backfill_asks_the_feed_conditionally(desk: Desk, site: Site) -> None:
    site.feed("a", ETag='"1"')
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    desk.crawl(mode="backfill", since=SINCE)
    site.asked.clear()
    site.headers.clear()
    desk.crawl()
    assert site.asked == ["/feed"]
    assert site.headers[0]["If-None-Match"] == '"1"'


def test_children_of_an_index_are_asked_unless_they_are_too_old(desk: Desk, site: Site) -> None:
    site.put(
        "/index.xml",
        "<sitemapindex><sitemap><loc>/new.xml</loc><lastmod>2026-11-05</lastmod></sitemap>"
        "<sitemap><loc>/old.xml</loc><lastmod>2026-01-05</lastmod></sitemap></sitemapindex>",
    )
    urls = "<url><loc>/news/a</loc><lastmod>2026-11-04</lastmod></url>"
    urls += "<url><loc>/news/old</loc><lastmod>2026-10-01</lastmod></url>"
    site.put("/new.xml", f"<urlset>{urls}<url><loc>/news/undated</loc></url><url><loc>/about</loc></url></urlset>")
    for name in ("a", "old", "undated"):
        site.put(f"/news/{name}", page(name))
    desk.watch({"id": "one", "sitemaps": [f"{site.base}/index.xml"]})
    desk.crawl(mode="backfill", since=SINCE)
    assert [url.rpartition("/")[2] for url in desk.urls()] == ["a", "undated"]
    assert "/old.xml" not in site.asked


@pytest.mark.parametrize("mode", ["crawl", "backfill"])
def test_an_index_that_contains_itself_comes_to_an_end(desk: Desk, site: Site, mode: str) -> None:
    loc = "<sitemap><loc>/{}.xml</loc></sitemap>"
    site.put("/a.xml", f"<sitemapindex>{loc.format('a')}{loc.format('b')}</sitemapindex>")
    site.put("/b.xml", f"<sitemapindex>{loc.format('a')}{loc.format('b')}{loc.format('c')}</sitemapindex>")
    site.put("/c.xml", "<urlset><url><loc>/news/a</loc><lastmod>2026-11-19</lastmod></url></urlset>")
    site.put("/news/a", page("a"))
    desk.watch({"id": "one", "sitemaps": [f"{site.base}/a.xml"]})
    assert desk.crawl(mode=mode)["one"].ok
    assert set(site.asked) == {"/a.xml", "/b.xml", "/c.xml", "/news/a", "/robots.txt"}
    # A first visit also notes once what there was before it.
    assert max(site.asked.count(path) for path in site.asked) == (2 if mode == "crawl" else 1)


def listing(site: Site, pages: int) -> None:
    """A listing of two articles a page, dated on their own pages: a week apart, from 19 November back."""
    for number in range(1, pages + 1):
        links = ""
        for half in (0, 1):
            age = 7 * (2 * (number - 1) + half)
            name = f"n{2 * number + half:02}"
            day = datetime(2026, 11, 19, tzinfo=UTC).toordinal() - age
            written = datetime.fromordinal(day).strftime("%B %d, %Y")
            site.put(f"/news/{name}", f'<div class="article-date">{written}</div><p>{name}</p>')
            links += f'<h3><a href="/news/{name}">{name}</a></h3>'
        path = "/list" if number == 1 else f"/list?page={number}"
        site.put(path, f'{links}<a class="next" href="/list?page={number + 1}">Next</a>')


def test_a_listing_is_followed_until_its_articles_are_too_old(desk: Desk, site: Site) -> None:
    listing(site, pages=20)
    desk.watch({"id": "one", "listings": [{"url": f"{site.base}/list", "links": "h3 a", "next": "a.next"}]})
    desk.crawl(mode="backfill", since=SINCE)
    pages = [path for path in site.asked if path.startswith("/list")]
    assert pages == ["/list", "/list?page=2", "/list?page=3"], "page 3 is all from October"


def test_a_listing_whose_next_page_is_itself_comes_to_an_end(desk: Desk, site: Site) -> None:
    site.put("/news/a", page("a"))
    site.put("/list", '<h3><a href="/news/a">a</a></h3><a class="next" href="/list">Next</a>')
    desk.watch({"id": "one", "listings": [{"url": f"{site.base}/list", "links": "h3 a", "next": "a.next"}]})
    desk.crawl(mode="backfill", since=SINCE)
    assert site.asked == ["/robots.txt", "/list", "/news/a"]


def test_one_way_that_fails_does_not_stop_the_others(desk: Desk, site: Site) -> None:
    site.put("/feed", "no", 500)
    site.put("/sitemap.xml", "<urlset><url><loc>/news/a</loc></url></urlset>")
    site.put("/news/a", page("a"))
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"], "sitemaps": [f"{site.base}/sitemap.xml"]})
    figures = desk.crawl(mode="backfill", since=SINCE)["one"]
    assert (figures.ok, figures.way, figures.fetched) == (True, "sitemap", 1)
    assert "fails on the site's side (500)" in figures.message


def test_a_second_backfill_fetches_no_article_again(desk: Desk, site: Site) -> None:
    site.put("/sitemap.xml", "<urlset><url><loc>/news/a</loc></url></urlset>")
    site.put("/news/a", page("a"))
    desk.watch({"id": "one", "sitemaps": [f"{site.base}/sitemap.xml"]})
    desk.crawl(mode="backfill", since=SINCE)
    site.asked.clear()
    desk.crawl(mode="backfill", since=SINCE)
    assert site.asked == ["/sitemap.xml"]


DATES = {
    "JSON-LD": '<script>{"datePublished": "2026-11-05T10:00:00Z"}</script>',
    "meta": '<meta property="article:published_time" content="2026-11-05T10:00:00Z">',
    "time": '<time class="x" datetime="2026-11-05T10:00:00Z">5 Nov</time>',
}


@pytest.mark.parametrize("name", DATES)
def test_the_date_of_a_page(name: str) -> None:
    assert page_date(_answer(DATES[name])) == datetime(2026, 11, 5, 10, tzinfo=UTC)


def test_a_page_without_a_date() -> None:
    assert page_date(_answer("<p>Published by us.</p>" + '<div class="date">soon and <' * 5000)) is None


def _answer(text: str) -> Answer:
    return Answer(
        url="x",
        final_url="x",
        moved=False,
        status=200,
        headers={},
        raw_headers=(),
        request_headers=(),
        body=text.encode(),
        fetched_at=START,
    )
