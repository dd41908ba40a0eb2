"""Ordinary visits: what is asked again, what is fetched, and what is left alone."""

import pytest

from crawler.asking import Answer
from crawler.fetching import Fetcher, Wanted
from crawler.ledger import Ledger
from presswatch.demo import newsroom as sample
from presswatch.errors import StoreError
from tests.store.samples import draft_page

from .conftest import Desk, Site, asked, block, page, rss


def test_a_first_visit_fetches_what_the_feed_lists_oldest_first(desk: Desk, site: Site) -> None:
    site.feed("new", "middle", "old")
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    assert asked(site) == ["/feed", "/news/old", "/news/middle", "/news/new"]
    assert (figures.found, figures.new, figures.fetched, figures.state, figures.way) == (3, 3, 3, "ok", "feed")
    first = desk.pages()[0]
    assert first.url == f"{site.base}/news/old"
    assert first.candidate is not None
    assert first.candidate.title == "About old"


def test_the_page_can_be_read_back_from_the_archive(desk: Desk, site: Site) -> None:
    site.feed("a")
    desk.watch(block(site))
    desk.crawl()
    (row,) = desk.pages()
    errand = desk.errand()
    assert row.warc_file is not None
    assert row.warc_offset is not None
    assert errand.archive.read(row.warc_file, row.warc_offset).body.decode() == page("a")
    errand.close()


def test_every_answer_lies_in_the_archive_refusals_and_redirects_too(desk: Desk, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /file\n")
    site.feed("a", "moved", "broken")
    site.put("/news/moved", "Over there", 301, Location="/news/a2")
    site.put("/news/a2", page("a2"))
    site.put("/news/broken", "<h1>Out of order</h1>", 503)
    desk.watch(block(site))
    desk.crawl()
    errand = desk.errand()
    kept = {(answer.url.removeprefix(site.base), answer.status): answer.body for _, answer in errand.archive.records()}
    errand.close()
    assert kept.keys() >= {
        *(("/robots.txt", 200), ("/feed", 200), ("/news/a", 200), ("/news/moved", 301), ("/news/a2", 200)),
        ("/news/broken", 503),
    }
    assert kept["/news/broken", 503] == b"<h1>Out of order</h1>"


def archived(desk: Desk) -> int:
    return sum(path.stat().st_size for path in (desk.folder / "data" / "archive").glob("*"))


def test_what_says_nothing_new_adds_nothing_to_the_archive(desk: Desk, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /file\n")
    site.feed("a")
    desk.watch(block(site))
    desk.limits(recheck_for="3650d")
    desk.crawl()
    desk.judge()
    before = archived(desk)
    asked(site)
    for _ in range(3):
        desk.later(hours=25)
        desk.crawl()
        assert {"/robots.txt", "/news/a"} <= set(site.asked), "a second look, and a fresh robots.txt"
        asked(site)
        assert archived(desk) == before
    site.put("/news/a", page("a, edited"))
    desk.later(hours=25)
    desk.crawl()
    edited = archived(desk)
    assert edited > before
    site.put("/robots.txt", "User-agent: *\nDisallow: /other\n")
    desk.later(hours=25)
    desk.crawl()
    assert archived(desk) > edited


def test_validators_go_back_verbatim_and_304_ends_the_visit(desk: Desk, site: Site) -> None:
    odd_tag, odd_date = 'W/"a-strange; tag"', "Fri, 20 Nov 2026 9:00:00 GMT"
    site.feed("a", ETag=odd_tag, Last_Modified=odd_date)
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    site.put("/feed", b"", 304)
    figures = desk.crawl()["one"]
    assert site.headers[0]["If-None-Match"] == odd_tag
    assert site.headers[0]["If-Modified-Since"] == odd_date
    assert asked(site) == ["/feed"]
    assert (figures.not_modified, figures.fetched, figures.ok) == (1, 0, True)
    desk.crawl()
    assert site.headers[0]["If-None-Match"] == odd_tag, "a 304 without validators leaves them as they were"


def test_a_feed_without_validators_is_known_by_its_content(desk: Desk, site: Site) -> None:
    site.feed("a", "b")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    figures = desk.crawl()["one"]
    assert asked(site) == ["/feed"]
    assert figures.not_modified == 1


def test_a_feed_that_is_merely_built_anew_counts_as_unchanged(desk: Desk, site: Site) -> None:
    site.feed("a")
    desk.watch(block(site))
    desk.crawl()
    body = rss(f"{site.base}/news/a").replace("<title>News", "<generator>x 2</generator><title>News today")
    site.put("/feed", body)
    asked(site)
    assert desk.crawl()["one"].not_modified == 1
    assert asked(site) == ["/feed"]


def test_only_what_is_new_is_fetched(desk: Desk, site: Site) -> None:
    site.feed("a")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    site.feed("b", "a")
    figures = desk.crawl()["one"]
    assert asked(site) == ["/feed", "/news/b"]
    assert (figures.found, figures.new, figures.fetched) == (2, 1, 1)


def test_tracking_parameters_slashes_and_guids_make_no_second_article(desk: Desk, site: Site) -> None:
    site.feed("a")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    site.put(
        "/feed", rss(f"{site.base}/news/a").replace("/news/a</link>", "/news/a/?utm_source=rss</link><guid>7</guid>")
    )
    desk.crawl()
    assert asked(site) == ["/feed"]


def test_an_item_that_says_something_else_is_fetched_again(desk: Desk, site: Site) -> None:
    site.feed("a", "b")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    site.put("/feed", rss(f"{site.base}/news/a", f"{site.base}/news/b").replace("About b", "About b, corrected"))
    site.put("/news/b", page("b, corrected"))
    desk.crawl()
    assert asked(site) == ["/feed", "/news/b"]
    assert [row.revision for row in desk.pages() if row.url.endswith("/b")] == [1, 2]
    desk.crawl()
    assert asked(site) == ["/feed"], "the correction is seen once"


def test_an_item_that_goes_missing_is_looked_at_again(desk: Desk, site: Site) -> None:
    site.feed("c", "b", "a")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    site.put("/feed", rss(f"{site.base}/news/c", f"{site.base}/news/a"))
    site.put("/news/b", "gone", 410)
    desk.crawl()
    assert asked(site) == ["/feed", "/news/b"]
    desk.crawl()
    assert asked(site) == ["/feed"]


def test_the_oldest_item_that_leaves_a_full_feed_is_not_suspicious(desk: Desk, site: Site) -> None:
    site.feed("c", "b", "a")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    site.feed("d", "c", "b")
    desk.crawl()
    assert asked(site) == ["/feed", "/news/d"]


def test_the_next_way_in_closes_the_gap_when_nothing_in_the_feed_was_known(desk: Desk, site: Site) -> None:
    site.feed("b", "a")
    listing = {"url": f"{site.base}/list", "links": "h3 a", "next": "a.next"}
    desk.watch(block(site, listings=[listing]))
    desk.crawl()
    asked(site)
    site.feed("h", "g")
    for name in "cdef":
        site.put(f"/news/{name}", page(name))
    links = "".join(f'<h3><a href="/news/{name}">{name}</a></h3>' for name in "hgfe")
    site.put("/list", f'{links}<a class="next" href="?page=2">Next</a>')
    links = "".join(f'<h3><a href="/news/{name}">{name}</a></h3>' for name in "dcba")
    site.put("/list?page=2", f'{links}<a class="next" href="?page=3">Next</a>')
    figures = desk.crawl()["one"]
    paths = asked(site)
    assert paths[:3] == ["/feed", "/list", "/list?page=2"], "and not page 3: something known was reached"
    assert {path[-1] for path in paths[3:]} == set("cdefgh")
    assert figures.way == "feed+listing"


def test_a_wordpress_pages_its_feed_where_it_has_no_other_way(desk: Desk, site: Site) -> None:
    site.feed("b", "a")
    desk.watch(block(site))
    desk.crawl()
    asked(site)
    generator = "<generator>https://wordpress.org/?v=6.8</generator></channel>"
    site.feed("f", "e")
    site.put("/feed", rss(f"{site.base}/news/f", f"{site.base}/news/e").replace("</channel>", generator))
    site.feed("d", "c", path="/feed?paged=2")
    site.put("/feed?paged=2", rss(*(f"{site.base}/news/{n}" for n in "dc")).replace("</channel>", generator))
    site.feed("b", "a", path="/feed?paged=3")
    desk.crawl()
    assert asked(site)[:3] == ["/feed", "/feed?paged=2", "/feed?paged=3"]
    assert [url[-1] for url in desk.urls()] == list("abcdef")


def test_a_failing_feed_is_replaced_by_the_next_way_in_and_said_so(desk: Desk, site: Site) -> None:
    site.put("/feed", "<h1>Error</h1>", 500)
    site.put("/posts?per_page=100&_fields=id,date_gmt,modified_gmt,link,title,content", '[{"link": "/news/a"}]')
    site.put("/news/a", page("a"))
    desk.watch(block(site, wordpress=f"{site.base}/posts"))
    figures = desk.crawl()["one"]
    assert (figures.ok, figures.state, figures.way) == (True, "ok", "rest")
    assert figures.message == f"{site.base}/feed fails on the site's side (500); the rest was used instead"
    assert desk.urls() == [f"{site.base}/news/a"]


def test_a_blocked_page_comes_from_the_feed_that_carries_it(desk: Desk, site: Site) -> None:
    site.put("/feed", rss(f"{site.base}/news/a", content="<p>The whole text.</p>"))
    site.put("/news/a", "no", 403)
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    (row,) = desk.pages()
    assert (row.via, row.status, row.warc_file) == ("feed", 403, None)
    assert row.note == (f"The page could not be had; the text is the feed's. {site.base}/news/a refuses us (403).")
    assert row.candidate is not None
    assert row.candidate.content_html == "<p>The whole text.</p>"
    assert figures.ok
    assert "their text came another way" in figures.message
    asked(site)
    desk.crawl()
    assert asked(site) == ["/feed"]


def test_a_blocked_page_without_a_second_way_is_noted_and_tried_again_later(desk: Desk, site: Site) -> None:
    site.feed("a", "b")
    site.put("/news/a", "no", 403)
    desk.watch(block(site))
    assert desk.crawl()["one"].failed == 1
    asked(site)
    desk.crawl()
    assert asked(site) == ["/feed"], "not at once"
    site.put("/news/a", page("a"))
    desk.later(hours=2)
    desk.crawl()
    assert asked(site) == ["/feed", "/news/a"], "though the feed has not changed"
    assert len(desk.urls()) == 2


def test_a_permanent_move_is_one_article_at_its_new_address(desk: Desk, site: Site) -> None:
    site.feed("old-name")
    site.put("/news/old-name", b"", 301, Location="/news/new-name")
    site.put("/news/new-name", page("new"))
    desk.watch(block(site))
    desk.crawl()
    assert desk.urls() == [f"{site.base}/news/new-name"]
    asked(site)
    site.feed("old-name", "b")
    desk.crawl()
    assert asked(site) == ["/feed", "/news/b"], "the old address is known"


def test_an_article_that_redirects_to_the_front_page_does_not_exist(desk: Desk, site: Site) -> None:
    site.feed("a", "b")
    site.put("/news/a", b"", 302, Location="/")
    site.put("/", "<h1>Front page</h1>")
    desk.watch(block(site))
    assert desk.crawl()["one"].failed == 1
    assert desk.urls() == [f"{site.base}/news/b"]


def test_a_feed_that_moved_for_good_is_mentioned(desk: Desk, site: Site) -> None:
    site.put("/feed", b"", 301, Location="/feed/")
    site.feed("a", path="/feed/")
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    assert figures.ok
    assert "has moved for good to" in figures.message


def test_links_to_hosts_that_no_source_owns_are_left_alone(desk: Desk, site: Site, other_site: Site) -> None:
    site.put("/feed", rss(f"{site.base}/news/a", f"{other_site.base}/news/b", f"{site.base}/about"))
    site.put("/news/a", page("a"))
    desk.watch(block(site))
    figures = desk.crawl()["one"]
    assert other_site.asked == []
    assert (figures.foreign, figures.fetched) == (2, 1)


def test_an_article_of_another_source_is_that_sources_and_fetched_once(
    desk: Desk, site: Site, other_site: Site
) -> None:
    site.put("/feed", rss(f"{site.base}/news/a", f"{other_site.base}/news/b", f"{other_site.base}/news/unlisted"))
    site.put("/news/a", page("a"))
    other_site.feed("b")
    other_site.put("/news/unlisted", page("unlisted"))
    desk.watch(block(site), {"id": "two", "language": "fr", "feeds": [f"{other_site.base}/feed"]})
    desk.crawl()
    owners = {row.url.rpartition("/")[2]: (row.source, row.source_language) for row in desk.pages()}
    assert owners == {"a": ("one", None), "b": ("two", "fr"), "unlisted": ("two", "fr")}
    assert sorted(asked(other_site)) == ["/feed", "/news/b", "/news/unlisted"]


def test_only_one_source_is_visited_when_it_is_named(desk: Desk, site: Site, other_site: Site) -> None:
    site.feed("a")
    other_site.feed("b")
    desk.watch(block(site), {"id": "two", "feeds": [f"{other_site.base}/feed"]})
    assert list(desk.crawl("two")) == ["two"]
    assert site.asked == []


def test_a_crawl_that_dies_before_its_pages_are_stored_asks_again(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.feed("a", "b", ETag='"1"')
    desk.watch(block(site))
    from presswatch.archive import Archive
    from presswatch.errors import ArchiveError

    def full(*args: object, **options: object) -> None:
        raise ArchiveError("The archive cannot be written: No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Archive, "write", full)
        figures = desk.crawl()["one"]
    assert (figures.ok, figures.state) == (False, "failing")
    assert "No space left on device" in figures.message
    asked(site)
    assert desk.crawl()["one"].fetched == 2
    assert len(desk.urls()) == 2


def test_a_whole_newsroom_in_two_crawls(desk: Desk) -> None:
    with sample.start() as newsroom:
        sample.write_config(newsroom, desk.folder / "config")
        first = desk.crawl()
        assert all(figures.ok for figures in first.values()), first
        assert newsroom.stats.disallowed == {}
        assert set(newsroom.stats.peak_concurrency.values()) == {1}
        stored = desk.urls()
        newsroom.forget()
        second = desk.crawl()
        stats = newsroom.stats
    assert len(stored) == len(newsroom.articles())
    feeds = len(newsroom.sites) + 1  # the newsroom has two
    assert sum(stats.requests.values()) == feeds
    assert all(path.endswith((".xml", "/feed/")) for path in stats.requests)
    assert all(stats.conditional.get(site) == 1 for site in newsroom.sites if site != "newsroom")
    assert sum(figures.fetched for figures in second.values()) == 0


def test_a_site_that_is_briefly_broken_loses_no_article(desk: Desk, site: Site) -> None:
    site.feed("c", "b", "a")
    desk.watch(block(site))
    desk.crawl()
    desk.judge()
    site.put("/feed", rss(f"{site.base}/news/c", f"{site.base}/news/a"))
    site.put("/news/b", "Not found", 404)
    desk.later(minutes=15)
    assert desk.crawl()["one"].removed == 0
    desk.later(minutes=15)
    asked(site)
    desk.crawl()
    assert asked(site) == ["/feed"], "not at once again"
    desk.later(hours=1)
    assert desk.crawl()["one"].removed == 1, "though the feed had dropped it an hour ago"
    site.put("/feed", rss(f"{site.base}/news/c"))
    site.put("/news/a", "Gone", 410)
    assert desk.crawl()["one"].removed == 1, "410 needs no second look"


@pytest.mark.parametrize("trouble", [StoreError("The store is out of reach."), ValueError("a mistake of ours")])
def test_a_visit_that_cannot_be_noted_is_told_in_a_sentence_and_a_mistake_with_its_place(
    desk: Desk, site: Site, trouble: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise trouble

    site.feed("a")
    desk.watch(block(site))
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "visited", refuse)
        figures = desk.crawl()["one"]
    assert (figures.ok, figures.message) == (False, str(trouble))
    (told,) = [record for record in caplog.records if "could not be noted" in record.getMessage()]
    assert (told.exc_info is None) == isinstance(trouble, StoreError)
    assert str(trouble) in told.getMessage() or told.exc_info
    assert desk.crawl()["one"].ok, "the next visit goes well"


def test_a_page_that_another_crawl_stored_meanwhile_is_not_stored_twice(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines may ask for a new article at nearly the same time, and a site may answer each a little otherwise."""
    identity = Fetcher._identity

    def beside(self: Fetcher, wanted: Wanted, answer: Answer) -> str:
        url = identity(self, wanted, answer)
        errand = desk.errand()
        errand.store.pages.add(draft_page(url, "what the other one was answered"))
        errand.close()
        return url

    site.feed("a")
    desk.watch(block(site))
    monkeypatch.setattr(Fetcher, "_identity", beside)
    figures = desk.crawl()["one"]
    assert (figures.ok, figures.new, figures.failed) == (True, 1, 0)
    (page_,) = desk.pages()
    assert page_.url == f"{site.base}/news/a"
    assert page_.revision == 1
