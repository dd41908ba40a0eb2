"""The weekly look through everything that a site lists: what was missed comes late, and is said to."""

from datetime import timedelta
from typing import Any

import pytest

from crawler import reconcile

from .conftest import Desk, Site, page

POSTS = "/posts?per_page=100&_fields=id,date_gmt,modified_gmt,link,title,content"


def sitemap(*names: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>/news/{name}</loc></url>' for name in names)}</urlset>"


def index(*children: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{child}</loc></sitemap>' for child in children)}</sitemapindex>"


def listing(*names: str, onward: str = "") -> str:
    links = "".join(f'<h3><a href="/news/{name}">{name}</a></h3>' for name in names)
    return links + (f'<a class="next" href="{onward}">Next</a>' if onward else "")


def posts(*names: str) -> str:
    return "[" + ",".join(f'{{"link": "/news/{name}", "title": {{"rendered": "{name}"}}}}' for name in names) + "]"


def block(site: Site, way: str) -> dict[str, Any]:
    ways: dict[str, Any] = {
        "sitemap": {"sitemaps": [f"{site.base}/sitemap.xml"]},
        "rest": {"wordpress": f"{site.base}/posts"},
        "listing": {"listings": [{"url": f"{site.base}/list", "links": "h3 a", "next": "a.next"}]},
    }
    return {"id": "one", "feeds": [f"{site.base}/feed"], **ways[way]}


def show(site: Site, *names: str) -> None:
    """These by every way but the feed, the newest first."""
    site.put("/sitemap.xml", sitemap(*reversed(names)))
    site.put(POSTS, posts(*names), X_WP_TotalPages="1")
    site.put("/list", listing(*names))
    for name in names:
        site.put(f"/news/{name}", page(name))


def known(desk: Desk) -> list[str]:
    return [url.rpartition("/")[2] for url in desk.urls()]


WAYS = ["sitemap", "rest", "listing"]


@pytest.mark.parametrize("way", WAYS)
def test_what_the_feed_never_named_comes_late_within_the_week_and_once(desk: Desk, site: Site, way: str) -> None:
    site.feed("d", "b")
    show(site, "d", "b", "old", "older")
    desk.watch(block(site, way))
    assert desk.crawl()["one"].late == 0
    assert known(desk) == ["b", "d"], "what was there before the watch is a backfill's"
    site.feed("e", "d", "b")
    show(site, "e", "missed", "d", "b", "old", "older")
    desk.later(days=1)
    assert desk.crawl()["one"].late == 0
    desk.later(days=7)
    figures = desk.crawl()["one"]
    assert (figures.late, figures.new, figures.ok) == (1, 1, True)
    assert known(desk) == ["b", "d", "e", "missed"]
    assert "1 article came late" in figures.message
    (row,) = (row for row in desk.pages() if row.url.endswith("missed"))
    assert row.note is not None
    assert row.note.startswith("It came late: ")
    desk.later(days=8)
    assert desk.crawl()["one"].late == 0
    errand = desk.errand()
    visits = errand.store.sources.visits("one", since=desk.now - timedelta(days=30))
    (visit,) = (visit for visit in visits if visit.late)
    kept = errand.store.reconciliations.all()["one"]
    errand.close()
    assert visit.late == kept.late == 1
    assert (kept.done_at, kept.message) == (desk.now, "")


@pytest.mark.parametrize("way", WAYS)
def test_a_look_is_due_once_a_week_and_after_the_clock_was_set_back(desk: Desk, site: Site, way: str) -> None:
    site.feed("a")
    show(site, "a")
    desk.watch(block(site, way))
    path = {"sitemap": "/sitemap.xml", "rest": POSTS, "listing": "/list"}[way]
    looks = []
    for days in (0, 1, 5.9, 0.2, -30):
        desk.later(days=days)
        site.asked.clear()
        desk.crawl()
        looks.append(site.asked.count(path))
    assert looks == [1, 0, 0, 1, 1]


def test_a_listing_is_looked_through_as_far_as_four_weeks_reach(desk: Desk, site: Site) -> None:
    site.feed("d", "c", "b", "a")
    site.put("/list", listing("d", "c", onward="/list?2"))
    site.put("/list?2", listing("b", "a", onward="/list?3"))
    site.put("/list?3", listing("past", onward="/list?4"))
    desk.watch(block(site, "listing"))
    desk.crawl()
    assert "/list?3" in site.asked
    site.put("/list?2", listing("b", "missed", "a", onward="/list?3"))
    site.put("/news/missed", page("missed"))
    desk.later(days=8)
    assert desk.crawl()["one"].late == 1, "though the whole first page was known"
    desk.later(days=30)
    site.asked.clear()
    desk.crawl()
    assert [path for path in site.asked if path.startswith("/list")] == ["/list"], "all of it has been there for weeks"


def test_a_gap_of_a_whole_page_is_found_and_the_past_is_left_alone(desk: Desk, site: Site) -> None:
    site.feed("b", "a")
    site.put("/list", listing("b", "a"))
    desk.watch(block(site, "listing"))
    desk.crawl()
    site.put("/list", listing("d", "c", onward="/list?2"))
    site.put("/list?2", listing("b", "a", "past", "pasture"))
    for name in ("c", "d", "past", "pasture"):
        site.put(f"/news/{name}", page(name))
    desk.later(days=8)
    assert desk.crawl()["one"].late == 2
    assert known(desk) == ["a", "b", "c", "d"]


def test_a_child_that_failed_the_first_time_brings_no_flood(desk: Desk, site: Site) -> None:
    site.feed("a")
    site.put("/sitemap.xml", index("/1.xml", "/2.xml"))
    site.put("/1.xml", sitemap("a", "old"))
    site.put("/2.xml", "oops", 500)
    desk.watch(block(site, "sitemap"))
    assert desk.crawl()["one"].ok, "the articles were had; the look is tried again tomorrow"
    errand = desk.errand()
    kept = errand.store.reconciliations.all()["one"]
    errand.close()
    assert (kept.next_at, kept.message) == (
        desk.now + timedelta(days=1),
        f"{site.base}/2.xml fails on the site's side (500)",
    )
    site.put("/2.xml", sitemap("older", "oldest"))
    site.put("/news/older", page("older"))
    site.put("/news/oldest", page("oldest"))
    desk.later(days=1)
    assert desk.crawl()["one"].late == 0
    site.put("/sitemap.xml", index("/1.xml", "/2.xml", "/3.xml"))
    site.put("/3.xml", sitemap("missed"))
    site.put("/news/missed", page("missed"))
    desk.later(days=8)
    assert desk.crawl()["one"].late == 1, "a child that is new holds what is new"
    assert known(desk) == ["a", "missed"]


def test_a_flood_is_taken_in_portions(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "MAX_LATE", 2)
    site.feed("a")
    show(site, "a")
    desk.watch(block(site, "sitemap"))
    desk.crawl()
    show(site, "e", "d", "c", "b", "a")
    desk.later(days=8)
    late = []
    for _ in range(4):
        figures = desk.crawl()["one"]
        late.append(figures.late)
        desk.later(minutes=15)
    assert late == [2, 2, 0, 0]
    assert known(desk) == list("abcde")


def test_an_index_that_contains_itself_and_names_strangers_is_looked_through_once(
    desk: Desk, site: Site, other_site: Site
) -> None:
    site.feed("a")
    site.put("/sitemap.xml", index("/sitemap.xml", "/1.xml", f"{other_site.base}/2.xml"))
    site.put("/1.xml", index("/sitemap.xml", "/1.xml"))
    desk.watch(block(site, "sitemap"))
    assert desk.crawl()["one"].ok
    assert sorted(site.asked) == ["/1.xml", "/feed", "/news/a", "/robots.txt", "/sitemap.xml"]
    assert other_site.asked == []
    errand = desk.errand()
    assert errand.store.reconciliations.all()["one"].message == "", "and no refusal by the address guard behind it"
    errand.close()


def test_a_site_that_is_down_is_not_looked_through(desk: Desk, site: Site) -> None:
    site.put("/feed", "oops", 500)
    site.put("/sitemap.xml", "oops", 500)
    desk.watch(block(site, "sitemap"))
    desk.crawl()
    assert site.asked.count("/sitemap.xml") == 1
    errand = desk.errand()
    assert not errand.store.reconciliations.all()
    errand.close()


@pytest.mark.parametrize("way", WAYS)
def test_what_is_missed_in_the_week_after_a_backfill_comes_late(desk: Desk, site: Site, way: str) -> None:
    """The look that follows a backfill takes what the backfill saw for the past, and nothing else."""
    dated = {"b": desk.now - timedelta(days=3), "a": desk.now - timedelta(days=9), "old": desk.now - timedelta(days=90)}
    listed = [f"<url><loc>/news/{n}</loc><lastmod>{at:%Y-%m-%d}</lastmod></url>" for n, at in dated.items()]
    written = [f'{{"link": "/news/{n}", "date_gmt": "{at:%Y-%m-%dT%H:%M:%S}"}}' for n, at in dated.items()]

    def shown(*more: str) -> None:
        added = "".join(f"<url><loc>/news/{name}</loc></url>" for name in more)
        site.put("/sitemap.xml", f"<urlset>{''.join(listed)}{added}</urlset>")
        fresh = [f'{{"link": "/news/{name}"}}' for name in more]
        site.put(POSTS, f"[{','.join([*fresh, *written])}]", X_WP_TotalPages="1")
        site.put("/list", listing(*more, "b", "a", *(("old",) if way != "listing" else ())))

    site.feed("b")
    shown()
    for name in ("a", "b", "old", "missed"):
        site.put(f"/news/{name}", page(name))
    desk.watch(block(site, way))
    desk.crawl(mode="backfill", since=desk.now - timedelta(days=30))
    assert known(desk) == ["a", "b"]
    shown("missed")
    desk.later(days=1)
    assert desk.crawl()["one"].late == 0, "a backfill stands for this week's look"
    desk.later(days=6.1)
    assert desk.crawl()["one"].late == 1
    assert known(desk) == ["a", "b", "missed"], "what is older than the backfill's date is none of it"


def test_children_that_a_backfill_did_not_read_are_the_past_when_they_are(desk: Desk, site: Site) -> None:
    def shown(old: str) -> None:
        body = f"<sitemap><loc>/new.xml</loc></sitemap><sitemap><loc>/old.xml</loc><lastmod>{old}</lastmod></sitemap>"
        site.put("/sitemap.xml", f"<sitemapindex>{body}</sitemapindex>")

    site.feed("a")
    shown(f"{desk.now - timedelta(days=90):%Y-%m-%d}")
    site.put("/new.xml", sitemap("a"))
    site.put("/old.xml", sitemap("past", "before"))
    for name in ("a", "past", "before"):
        site.put(f"/news/{name}", page(name))
    desk.watch(block(site, "sitemap"))
    desk.crawl(mode="backfill", since=desk.now - timedelta(days=30))
    desk.later(days=7.1)
    shown(f"{desk.now:%Y-%m-%d}")
    assert desk.crawl()["one"].late == 0
    assert known(desk) == ["a"]
