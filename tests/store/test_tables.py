"""The columns' own types, written to and read from each engine."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from presswatch.errors import StoreError
from presswatch.models import Candidate
from presswatch.store import Store
from presswatch.store.records import FeedState
from tests.store.conftest import SaveArticle
from tests.store.samples import T0, draft_page


@pytest.mark.parametrize(
    "time",
    [
        datetime(2025, 9, 16, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=timezone(timedelta(hours=13, minutes=45))),
    ],
)
def test_times_come_back_in_utc(store: Store, time: datetime) -> None:
    store.sources.record([], [FeedState(url="https://a.example/f", source="a", checked_at=time, status=200)])
    state = store.sources.feed_state("https://a.example/f")
    assert state is not None
    assert state.checked_at == time
    assert state.checked_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no time zone"):
        store.pages.refused("https://a.example/x", source="a", now=datetime(2025, 1, 1), status=404, message="")
    assert store.pages.refusals(since=T0 - timedelta(days=9999)) == ()


@pytest.mark.parametrize("simhash", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_fingerprints_keep_all_64_bits(store: Store, save_article: SaveArticle, simhash: int) -> None:
    save_article("https://a.example/x", simhash=simhash)
    assert store.articles.recent(T0 - timedelta(days=1))[0].fingerprint.simhash == simhash


def test_characters_that_no_engine_takes_keep_the_offsets(store: Store, save_article: SaveArticle) -> None:
    save_article("https://a.example/x", title="a\x00b", text="c\ud800d € 🧪")
    version = store.articles.get("https://a.example/x")
    assert version is not None
    assert version.article.document == "a\ufffdb\nc\ufffdd € 🧪"


def test_a_candidate_comes_back_whole(store: Store) -> None:
    candidate = Candidate(
        url="https://a.example/x?b=1",
        source="newsroom",
        via="feed",
        title="Ein\x00 Titel",
        published_at=T0,
        categories=("AI", "英国"),
        content_html="<p>\ud800</p>",
    )
    page_id = store.pages.add(draft_page("https://a.example/x", candidate=candidate))
    assert page_id is not None
    row = store.pages.get(page_id)
    assert row is not None
    assert row.candidate is not None
    assert row.candidate.published_at == T0
    assert row.candidate.categories == ("AI", "英国")
    assert row.candidate.modified_at is None
    assert row.page(b"body").candidate == row.candidate
