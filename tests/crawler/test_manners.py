"""How sites are treated: robots.txt, pauses, refusals, and who we say that we are."""

import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

from .conftest import Desk, Site, asked, block


def test_a_site_that_refuses_its_pages_is_not_pestered(desk: Desk, site: Site) -> None:
    names = [f"n{n}" for n in range(20)]
    site.feed(*names)
    for name in names:
        site.put(f"/news/{name}", "no", 403)
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    assert len(asked(site)) == 4
    assert (figures.ok, figures.state, figures.failed) == (False, "blocked", 20)


def test_robots_txt_is_asked_once_and_obeyed(desk: Desk, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /news/secret\n")
    site.feed("secret", "open")
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    assert site.asked == ["/robots.txt", "/feed", "/news/open"]
    assert (figures.fetched, figures.failed, figures.refused) == (1, 1, 1)
    errand = desk.errand()
    (refusal,) = errand.store.pages.refusals(since=desk.now - timedelta(days=1))
    errand.close()
    assert refusal.message == f"{site.base}/news/secret is forbidden to us by {site.base}/robots.txt"
    site.asked.clear()
    desk.crawl()
    assert site.asked == ["/feed"], "a copy of robots.txt serves for a day"
    desk.later(hours=25)
    desk.crawl()
    assert site.asked[1] == "/robots.txt"


def test_a_robots_txt_that_fails_forbids_everything(desk: Desk, site: Site) -> None:
    site.put("/robots.txt", "oops", 500)
    site.feed("a")
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    assert site.asked == ["/robots.txt"]
    assert (figures.ok, figures.state) == (False, "down")


def test_retry_after_ends_the_requests_and_sets_the_next_visit(desk: Desk, site: Site) -> None:
    site.feed("c", "b", "a")
    site.put("/news/b", "slow down", 429, Retry_After="7200")
    desk.watch(block(site, sitemaps=[f"{site.base}/sitemap.xml"]))
    figures = desk.crawl()["one"]
    assert asked(site) == ["/feed", "/news/a", "/news/b"]
    assert figures.fetched == 1
    errand = desk.errand()
    (health,) = errand.store.sources.health(errand.sources, now=desk.now)
    errand.close()
    assert health.next_due_at == desk.now + timedelta(hours=2)


def test_the_user_agent_names_the_project_and_a_contact(desk: Desk, site: Site) -> None:
    site.feed("a")
    desk.watch(block(site))
    desk.crawl()
    agents = {headers["User-Agent"] for headers in site.headers}
    assert len(agents) == 1
    assert agents.pop().startswith("presswatch/")
    assert all("(+mailto:desk@example.org)" in headers["User-Agent"] for headers in site.headers)
    assert not any("Cookie" in headers or "Referer" in headers for headers in site.headers)


def test_requests_to_one_host_keep_their_distance_even_from_two_sources(desk: Desk, site: Site) -> None:
    site.feed("a", "b", path="/one")
    site.feed("c", "d", path="/two")
    desk.watch(
        {"id": "one", "feeds": [f"{site.base}/one"]},
        {"id": "two", "feeds": [f"{site.base}/two"]},
    )
    desk.delays = {"one": 0.0, "two": 0.2}
    desk.crawl()
    gaps = [(b - a).total_seconds() for a, b in zip(site.times, site.times[1:], strict=False)]
    assert len(gaps) == 6
    assert min(gaps) >= 0.195, "the larger delay holds for both"
    assert max(gaps) < 0.6, "a delay and a half, and some slack for a busy machine"


def test_a_site_that_answers_slowly_is_asked_more_slowly(desk: Desk, site: Site) -> None:
    site.feed("c", "b", "a")

    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.6)
        handler.send_response(200)
        handler.send_header("Content-Length", "3")
        handler.end_headers()
        handler.wfile.write(b"<p>")

    site.handle("/news/a", slow)
    desk.watch(block(site))
    desk.delays = {"one": 0.1}
    desk.crawl()
    at = dict(zip(site.asked, site.times, strict=True))
    assert (at["/news/c"] - at["/news/b"]).total_seconds() >= 0.23, "half of what the site needed, at least"


def test_a_crawl_delay_in_robots_txt_is_kept(desk: Desk, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n")
    site.feed("a", "b")
    desk.watch(block(site))
    desk.delays = {"one": 0.1}
    desk.crawl()
    gaps = [(b - a).total_seconds() for a, b in zip(site.times[1:], site.times[2:], strict=False)]
    assert min(gaps) >= 0.295
