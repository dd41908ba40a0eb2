"""The sample newsroom answers as the real sites do, over HTTP, and misbehaves as it is told."""

import gzip
import http.client
import json
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from presswatch import catalogue, settings
from presswatch.demo import newsroom as demo
from presswatch.demo.articles import load
from presswatch.demo.newsroom import Newsroom
from presswatch.demo.pages import SITES
from presswatch.demo.serving import listen
from presswatch.errors import UsageError

BLOGS = [site.id for site in SITES if site.wordpress]


@dataclass(frozen=True)
class Got:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def get(url: str, timeout: float = 10, **headers: str) -> Got:
    """One request, redirects not followed."""
    parts = urlsplit(url)
    assert parts.hostname
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)) as connection:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read())


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with demo.start() as running:
        yield running


def items(got: Got) -> list[ET.Element]:
    return ET.fromstring(got.body).findall("./channel/item")


# --- what they serve


def test_every_article_has_a_page_of_real_size_with_its_text_and_its_furniture(newsroom: Newsroom) -> None:
    for article in newsroom.articles():
        got = get(newsroom.url(article.id))
        assert got.status == 200
        assert 60_000 < len(got.body) < 120_000
        assert article.body[0].replace("&", "&amp;").replace("'", "&#x27;")[:40] in got.text
        assert 'class="cookie-banner"' in got.text
        assert 'class="country-menu"' in got.text
        assert 'class="related-posts"' in got.text


def test_newsroom_pages_have_a_visible_date_and_blogs_have_metadata(newsroom: Newsroom) -> None:
    release = get(newsroom.url("humber-en")).text
    assert '<div class="article-date">October 13, 2026</div>' in release
    assert "ld+json" not in release
    post = get(newsroom.url("dundee-it")).text
    linked = re.search(r'<script type="application/ld\+json">(.*?)</script>', post)
    assert linked
    assert json.loads(linked[1])["datePublished"] == "2026-09-23T08:00:00+00:00"
    assert 'property="og:title"' in post
    assert re.findall(r'hreflang="([^"]+)"', post) == ["it-IT", "en-US", "ko-KR"]


def test_the_newsroom_feed_has_summaries_and_no_validators(newsroom: Newsroom) -> None:
    got = get(newsroom.base("newsroom") + "/releases.xml")
    assert len(items(got)) == 16
    assert "ETag" not in got.headers
    assert "Last-Modified" not in got.headers
    assert "content:encoded" not in got.text
    assert len(items(get(newsroom.base("newsroom") + "/cats/press_release.xml"))) == 6


@pytest.mark.parametrize("site", BLOGS)
def test_blog_feeds_have_full_texts_and_honour_their_own_validators(newsroom: Newsroom, site: str) -> None:
    url = newsroom.base(site) + "/feed/"
    got = get(url)
    first = next(article for article in newsroom.articles() if article.site == site)
    assert items(got)[0].findtext("title") == first.title
    assert "content:encoded" in got.text
    again = get(url, If_None_Match=got.headers["ETag"], If_Modified_Since=got.headers["Last-Modified"])
    assert (again.status, again.body) == (304, b"")
    assert get(url, If_None_Match=got.headers["ETag"]).status == 304
    assert get(url, If_None_Match=got.headers["ETag"].removeprefix("W/")).status == 200
    assert get(url, If_Modified_Since="Sat, 21 Nov 2026 00:00:00 GMT").status == 200
    assert get(url, If_None_Match=got.headers["ETag"], If_Modified_Since="yesterday").status == 200
    assert newsroom.stats.conditional == {site: 5}
    assert newsroom.stats.not_modified == {site: 2}


def test_a_changed_feed_is_not_a_304(newsroom: Newsroom) -> None:
    url = newsroom.base("blog") + "/feed/"
    tag = get(url).headers["ETag"]
    newsroom.edit("calder")
    assert get(url, If_None_Match=tag).status == 200


def test_blog_feed_and_rest_have_pages_and_an_end(newsroom: Newsroom) -> None:
    base = newsroom.base("blog")
    assert len(items(get(f"{base}/feed/"))) == 10
    assert get(f"{base}/feed/?paged=2").status == 404
    rest = f"{base}/wp-json/wp/v2/posts?per_page=4&page="
    numbers = [len(json.loads(get(rest + page).body)) for page in "123"]
    assert numbers == [4, 4, 2]
    assert get(rest + "1").headers["X-WP-TotalPages"] == "3"
    assert get(rest + "4").status == 400
    assert json.loads(get(rest + "4").body)["code"] == "rest_post_invalid_page_number"
    row = json.loads(get(rest + "1&_fields=id,link,title").body)[0]
    assert sorted(row) == ["id", "link", "title"]


def test_the_listing_has_cards_ten_to_a_page(newsroom: Newsroom) -> None:
    base = newsroom.base("newsroom")
    first, second, third = (get(f"{base}/news?page={n}&year=2026").text for n in (1, 2, 3))
    assert [page.count("index-item-text-title") for page in (first, second, third)] == [10, 6, 0]
    assert 'class="next" href="?page=2&amp;year=2026"' in first
    assert 'class="next"' not in second
    assert get(f"{base}/news?year=2019").text.count("index-item-text-title") == 0


def test_sitemaps_lead_to_every_article(newsroom: Newsroom) -> None:
    index = get(newsroom.base("kr") + "/sitemap_index.xml").text
    child = re.findall(r"<loc>([^<]+)</loc>", index)[0]
    locations = re.findall(r"<loc>([^<]+)</loc>", get(child).text)
    assert sorted(locations) == sorted(newsroom.url(a.id) for a in newsroom.articles() if a.site == "kr")
    flat = get(newsroom.base("newsroom") + "/sitemap.xml").text
    assert newsroom.url("galway") in flat


def test_what_robots_closes_is_counted_when_it_is_asked_for(newsroom: Newsroom) -> None:
    base = newsroom.base("newsroom")
    assert "Disallow: /file" in get(base + "/robots.txt").text
    assert newsroom.stats.disallowed == {}
    get(base + "/file/press-kit")
    assert newsroom.stats.disallowed == {"newsroom": 1}


def test_addresses_without_their_slash_redirect_and_unknown_ones_are_404(newsroom: Newsroom) -> None:
    url = newsroom.url("dundee-kr")
    assert url.isascii()
    moved = get(url.rstrip("/"))
    assert (moved.status, moved.headers["Location"]) == (301, urlsplit(url).path)
    assert get(newsroom.base("fr") + "/feed").headers["Location"] == "/feed/"
    assert get(newsroom.base("fr") + "/no-such-article/").status == 404


def test_answers_are_packed_where_the_client_takes_gzip(newsroom: Newsroom) -> None:
    got = get(newsroom.url("calder"), Accept_Encoding="gzip, deflate")
    assert got.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(got.body) == get(newsroom.url("calder")).body


# --- what happens to them


def test_nothing_later_than_the_given_time_is_published(newsroom: Newsroom) -> None:
    newsroom.publish_until(datetime(2026, 9, 30, tzinfo=UTC))
    assert get(newsroom.url("humber-en")).status == 404
    assert len(items(get(newsroom.base("newsroom") + "/releases.xml"))) == 6
    newsroom.publish_until(None)
    assert get(newsroom.url("humber-en")).status == 200


def test_an_edit_shows_on_the_page_and_moves_the_date_of_change(newsroom: Newsroom) -> None:
    newsroom.edit("humber-en", "Correction: the first hall opens in October 2027.")
    assert "opens in October 2027" in get(newsroom.url("humber-en")).text
    feed = items(get(newsroom.base("newsroom") + "/cats/press_release.xml"))
    row = next(item for item in feed if item.findtext("link") == newsroom.url("humber-en"))
    assert row.findtext("modDate") != row.findtext("pubDate")


def test_a_new_headline_keeps_its_address(newsroom: Newsroom) -> None:
    url = newsroom.url("calder")
    newsroom.retitle("calder", "Dear Model")
    assert newsroom.url("calder") == url
    assert '<h1 class="entry-title">Dear Model</h1>' in get(url).text


def test_a_removed_article_is_gone_and_no_longer_listed(newsroom: Newsroom) -> None:
    newsroom.remove("calder")
    assert get(newsroom.url("calder")).status == 410
    assert newsroom.url("calder") not in get(newsroom.base("blog") + "/feed/").text


def test_a_moved_article_redirects_from_its_old_address(newsroom: Newsroom) -> None:
    old = newsroom.url("calder")
    newsroom.move("calder", "a-lender-and-its-post")
    assert get(old).headers["Location"] == urlsplit(newsroom.url("calder")).path
    assert get(newsroom.url("calder")).status == 200


@pytest.mark.parametrize("change", ["edit", "retitle", "remove"])
def test_an_unknown_article_is_refused(newsroom: Newsroom, change: str) -> None:
    with pytest.raises(UsageError, match="'nowhere' is no article"):
        getattr(newsroom, change)("nowhere")


# --- how they misbehave


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("403", 403), ("429", 429)])
def test_refusals(newsroom: Newsroom, kind: str, status: int) -> None:
    newsroom.fault("blog", kind)
    got = get(newsroom.base("blog") + "/feed/")
    assert got.status == status
    assert got.headers["Retry-After"] == ("120" if kind == "429" else None)
    assert get(newsroom.base("fr") + "/feed/").status == 200
    newsroom.fault("blog", "ok")
    assert get(newsroom.base("blog") + "/feed/").status == 200


def test_a_fault_may_hold_for_some_paths_only(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "403", only="/blog/")
    assert get(newsroom.url("calder")).status == 403
    assert get(newsroom.base("blog") + "/feed/").status == 200


def test_empty_is_200_with_nothing_in_it(newsroom: Newsroom) -> None:
    for site in ("newsroom", "blog"):
        newsroom.fault(site, "empty")
    assert items(get(newsroom.base("blog") + "/feed/")) == []
    assert json.loads(get(newsroom.base("blog") + "/wp-json/wp/v2/posts").body) == []
    listing = get(newsroom.base("newsroom") + "/news")
    assert listing.status == 200
    assert "index-item-text-title" not in listing.text
    assert "Disallow" in get(newsroom.base("blog") + "/robots.txt").text


def test_reset_breaks_the_connection_off(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "reset")
    parts = urlsplit(newsroom.base("blog"))
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(b"GET /feed/ HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(100)


def test_truncated_promises_more_than_it_gives(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "truncated")
    with pytest.raises(http.client.IncompleteRead):
        get(newsroom.base("blog") + "/feed/")


def test_garbage_is_no_feed(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "garbage")
    with pytest.raises(ET.ParseError):
        items(get(newsroom.base("blog") + "/feed/"))


def test_the_bomb_is_small_outside_and_large_inside(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "bomb")
    packed = get(newsroom.base("blog") + "/feed/").body
    assert len(packed) < 1_000_000
    unpacking, size, rest = zlib.decompressobj(31), 0, packed
    while rest:
        size += len(unpacking.decompress(rest, 1 << 20))
        rest = unpacking.unconsumed_tail
    assert size == 200_000_000


def test_redirects_without_end_and_to_private_addresses(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "loop")
    assert get(newsroom.base("blog") + "/feed/").headers["Location"] == "/feed/x"
    newsroom.fault("blog", "redirect-private")
    assert get(newsroom.base("blog") + "/feed/").headers["Location"] == "http://127.0.0.1:1/admin"


def test_slow_answers_late_and_hang_never(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "slow")
    newsroom.fault("fr", "hang")
    for site in ("blog", "fr"):
        with pytest.raises(TimeoutError):
            get(newsroom.base(site) + "/feed/", timeout=0.2)
    started = time.monotonic()
    assert get(newsroom.base("blog") + "/feed/").status == 200
    assert time.monotonic() - started > 2.5


def test_drifting_guids_keep_their_links(newsroom: Newsroom) -> None:
    url = newsroom.base("blog") + "/feed/"
    before = items(get(url))
    newsroom.fault("blog", "drift")
    after = items(get(url))
    assert [i.findtext("link") for i in before] == [i.findtext("link") for i in after]
    assert not {i.findtext("guid") for i in before} & {i.findtext("guid") for i in after}


def test_an_unknown_fault_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match="blog:418 is no fault"):
        newsroom.fault("blog", "418")


# --- how they are counted, started and stopped


def test_requests_agents_concurrency_and_gaps_are_counted(newsroom: Newsroom) -> None:
    newsroom.fault("blog", "slow", only="/blog/")
    with ThreadPoolExecutor() as together:
        list(together.map(lambda n: get(newsroom.url("calder"), User_Agent=f"reader/{n}"), range(3)))
    get(newsroom.base("fr") + "/feed/")
    stats = newsroom.stats
    assert stats.requests == {"blog /blog/calder-mutual-mortgage-letters/": 3, "fr /feed/": 1}
    assert {"reader/0", "reader/1", "reader/2"} < set(stats.user_agents)
    assert stats.peak_concurrency == {"blog": 3, "fr": 1}
    assert 0 <= stats.smallest_gap["blog"] < 1
    newsroom.forget()
    assert newsroom.stats.requests == {}


def test_it_can_be_steered_over_http(newsroom: Newsroom) -> None:
    control = newsroom.base("jp") + "/_control"
    assert json.loads(get(f"{control}?edit=calder&fault=fr:500&until=2026-11-06T00:00:00Z").body)["published"] == 28
    assert "Correction:" in get(newsroom.url("calder")).text
    assert get(newsroom.base("fr") + "/feed/").status == 500
    assert json.loads(get(f"{control}?stats").body)["requests"]["fr /feed/"] == 1
    assert json.loads(get(f"{control}?forget").body)["requests"] == {}
    for wrong in ("edit=nowhere", "fault=fr:418", "until=yesterday", "stop=now"):
        assert get(f"{control}?{wrong}").status == 400


def test_stopping_frees_the_address_at_once_even_with_readers_connected() -> None:
    newsroom = demo.start()
    newsroom.fault("fr", "hang")
    parts = urlsplit(newsroom.base("fr"))
    assert parts.hostname
    assert parts.port
    host, port = parts.hostname, parts.port
    with socket.create_connection((host, port)) as idle, socket.create_connection((host, port)) as hanging:
        idle.sendall(b"GET /robots")
        hanging.sendall(b"GET /feed/ HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.05)
        started = time.monotonic()
        newsroom.stop()
        assert time.monotonic() - started < 1
    newsroom.stop()
    with pytest.raises(ConnectionError):
        get(f"http://{host}:{port}/")


def test_a_given_port_serves_all_sites_and_a_taken_one_is_said_plainly(newsroom: Newsroom) -> None:
    port = urlsplit(newsroom.base("newsroom")).port
    assert port
    with pytest.raises(UsageError, match=f"cannot use port {port}"):
        demo.start(port)
    newsroom.stop()
    with demo.start(port) as again:
        assert all(urlsplit(again.base(site)).port for site in again.sites)


def test_where_loopback_has_one_address_each_site_has_a_port() -> None:
    with Newsroom(load(), listen([("127.0.0.1", 0)] * len(SITES)), None) as newsroom:
        assert len({newsroom.base(site) for site in newsroom.sites}) == len(SITES)
        assert get(newsroom.url("humber-fr")).status == 200
        assert newsroom.base("blog") in get(newsroom.base("newsroom") + "/releases.xml").text


def test_it_runs_as_a_program(newsroom: Newsroom) -> None:
    port = urlsplit(newsroom.base("newsroom")).port
    newsroom.stop()
    command = [sys.executable, "-m", "presswatch.demo.newsroom", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline().split() for _ in SITES]
        try:
            assert [line[0] for line in lines] == [site.id for site in SITES]
            assert get(lines[1][1] + "feed/").status == 200
        finally:
            process.terminate()


# --- the config that points at it


def test_its_config_is_valid_and_leads_to_it(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "demo config"
    demo.write_config(newsroom, folder)
    sources = catalogue.load_sources(folder / "sources.yaml")
    assert len(sources) == len(SITES)
    for source in sources:
        listings = [listing.url for listing in source.listings]
        ways = (source.homepage, *source.feeds, *source.sitemaps, source.wordpress, *listings)
        assert source.allow_private
        assert not source.delay
        assert source.articles
        assert {get(way).status for way in ways if way} == {200}
        own = [a for a in newsroom.articles() if f"sample-{a.site}" == source.id]
        assert own
        assert all(re.search(source.articles, urlsplit(newsroom.url(a.id)).path) for a in own)
    (digest,) = catalogue.load_digests(folder / "digests.yaml", {})
    assert digest.recipients == ("file:digests",)
    assert settings.load(folder, tmp_path / "data", {}).contact == "mailto:demo@presswatch.invalid"
