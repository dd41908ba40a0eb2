"""When sources are due, and how they do."""

from datetime import timedelta
from typing import Any

import pytest

from presswatch.models import Source
from presswatch.store import Store
from presswatch.store.records import FeedState
from tests.store.conftest import SaveArticle
from tests.store.samples import T0, record_visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def visit(store: Store, source: str, **more: Any) -> None:
    values: dict[str, Any] = {"now": T0, "ok": True, "state": "ok", "message": "", "found": 20, "new": 2, "way": "feed"}
    record_visit(store, source, **(values | {"next_due_at": T0 + HOUR} | more))


def source(name: str, *, enabled: bool = True) -> Source:
    return Source(id=name, name=name, enabled=enabled)


def test_what_is_due_comes_longest_overdue_first(store: Store) -> None:
    for name, due in (("later", 2), ("now", 1), ("long", 0.5)):
        visit(store, name, next_due_at=T0 + due * HOUR)
    catalogue = [source("never"), source("later"), source("now"), source("long"), source("off", enabled=False)]
    assert store.sources.due(catalogue, now=T0 + HOUR) == ("long", "now", "never")


def test_a_clock_that_was_set_back_puts_nothing_off(store: Store) -> None:
    visit(store, "a", next_due_at=T0 + HOUR)
    assert store.sources.due([source("a")], now=T0 - 10 * HOUR) == ("a",)


def test_validators_come_back_verbatim(store: Store) -> None:
    state = FeedState(
        url="https://a.example/feed",
        source="a",
        etag=b'W/"caf\xe9-\x00"',
        last_modified=b"Tue, 16 Sep 2025  12:00:00 GMT",
        content_hash="h",
        checked_at=T0,
        status=200,
    )
    assert store.sources.feed_state(state.url) is None
    for one in (state, FeedState(url=state.url, source="a", checked_at=T0 + HOUR, status=304)):
        store.sources.record([], [one])
        assert store.sources.feed_state(state.url) == one


def test_health_follows_the_visits(store: Store, save_article: SaveArticle) -> None:
    assert not store.sources.visited()
    save_article("https://a.example/x", source="a")
    visit(store, "a")
    for hours in (1, 2):
        visit(store, "a", now=T0 + hours * HOUR, ok=False, state="blocked", message="The site answers 403.")
    visit(store, "off")
    catalogue = [source("new"), source("off", enabled=False), source("a")]
    new, off, ill = store.sources.health(catalogue, now=T0 + 3 * HOUR)
    assert store.sources.visited()
    assert (new.state, new.articles, new.next_due_at) == ("new", 0, T0 + 3 * HOUR)
    assert (off.state, off.next_due_at) == ("disabled", None)
    assert (ill.state, ill.message, ill.failures, ill.articles) == ("blocked", "The site answers 403.", 2, 1)
    assert ill.last_success_at == T0
    visit(store, "a", now=T0 + 4 * HOUR)
    (well,) = store.sources.health([source("a")], now=T0 + 4 * HOUR)
    assert (well.state, well.failures, well.last_success_at) == ("ok", 0, T0 + 4 * HOUR)


@pytest.mark.parametrize(("since", "hours"), [(0, [0, 1, 2]), (1, [1, 2]), (3, [])])
def test_visits_are_remembered(store: Store, since: int, hours: list[int]) -> None:
    for hour in range(3):
        visit(store, "a", now=T0 + hour * HOUR, found=hour)
    visit(store, "b", now=T0)
    found = store.sources.visits("a", since=T0 + since * HOUR)
    assert [one.found for one in found] == hours
    assert len(store.sources.visits(since=T0)) == 4


def test_a_source_that_fell_silent_years_ago_keeps_its_rhythm(store: Store, save_article: SaveArticle) -> None:
    """Counted back from today, its last articles would leave one by one, and the alert with them."""
    for week in range(9):
        save_article(f"https://a.example/{week}", published_at=T0 + week * 7 * DAY, first_seen_at=T0 + week * 7 * DAY)
    save_article("https://a.example/before", published_at=T0 - 400 * DAY)
    (history,) = store.sources.histories([source("newsroom")], now=T0 + 3000 * DAY)
    assert history.published == tuple(T0 + week * 7 * DAY for week in range(9))


def test_when_each_feed_was_read_stands_in_the_history(store: Store) -> None:
    for url in ("https://a.example/feed", "https://a.example/taken-out"):
        state = {"etag": None, "last_modified": None, "content_hash": "h", "checked_at": T0, "status": 200}
        store.sources.record([], [FeedState(url=url, source="a", **state)])  # type: ignore[arg-type]
    known = Source(id="a", name="A", feeds=("https://a.example/feed", "https://a.example/new"))
    (history,) = store.sources.histories([known], now=T0)
    assert history.feeds == {"https://a.example/feed": T0}
