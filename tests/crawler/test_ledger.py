"""What a crawl asks of the store and notes in it, for many sources at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from crawler.asking import Answer
from crawler.beforehand import MAX_RECHECKS, MAX_RETRIES
from crawler.ledger import Ledger
from crawler.memory import Seen
from crawler.ways import Way, ways
from presswatch.errors import StoreError
from presswatch.models import Source
from presswatch.store import Store
from presswatch.store.records import FeedState
from tests.store.samples import draft_page, make_outcome, record_visit

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'presswatch.sqlite3'}") as opened:
        yield opened


def sources(count: int) -> list[Source]:
    return [
        Source(id=f"s{n}", name=f"S{n}", every=DAY, delay=DAY, feeds=(f"https://{n}.example/feed",))
        for n in range(count)
    ]


def ledger(store: Store, watched: list[Source]) -> Ledger:
    return Ledger(store, watched, now=lambda: NOW, young=14 * DAY, every=DAY)


def visit(own: Ledger, source: Source) -> None:
    """One with nothing new: what `Crawl` asks and notes."""
    (way,) = ways(source)
    own.feed_state(way)
    own.last_success(source)
    own.reconciliation_due(source, NOW)
    own.to_retry(source)
    own.to_recheck(source)
    own.visited(source, NOW, ok=True, state="ok", message="", found=1, new=0, way="feed", retry_at=None)


def test_many_visits_take_few_transactions(store: Store) -> None:
    begun: list[object] = []
    event.listen(store.sources._database.engine, "begin", begun.append)
    watched = sources(250)
    own = ledger(store, watched)
    for source in watched:
        visit(own, source)
    own.write()
    assert len(begun) < 40, "a dozen for each hundred sources, and one for fifty notes"
    assert len(store.sources.visits(since=NOW - DAY)) == 250
    assert {health.state for health in store.sources.health(watched, now=NOW)} == {"ok"}


def test_what_is_noted_is_there_when_it_is_written(store: Store) -> None:
    (source,) = sources(1)
    own = ledger(store, [source])
    visit(own, source)
    assert own.unwritten == {"s0"}
    assert not store.sources.visited()
    own.write()
    assert own.unwritten == frozenset()
    assert store.sources.visited()


def test_notes_that_cannot_be_written_stay_noted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = sources(2)
    own = ledger(store, watched)
    for source in watched:
        visit(own, source)
    with monkeypatch.context() as patch:
        patch.setattr(store.sources, "record", refuse)
        with pytest.raises(StoreError, match="the disk is full"):
            own.write()
    assert own.unwritten == {"s0", "s1"}
    own.write()
    assert {seen.source for seen in store.sources.visits(since=NOW - DAY)} == {"s0", "s1"}


def refuse(*_: object) -> None:
    raise StoreError("The store cannot grow: the disk is full.")


def test_each_source_has_its_own_past(store: Store) -> None:
    watched = sources(3)
    failing, quiet, _ = watched
    for _ in range(3):
        record_visit(
            store, failing.id, now=NOW, ok=False, state="down", message="No answer.", found=0, new=0, way="",
            next_due_at=NOW,
        )  # fmt: skip
    for number in range(MAX_RETRIES + 5):
        store.pages.refused(f"https://0.example/{number}", source="s0", now=NOW - DAY, status=503, message="No.")
    for number in range(MAX_RECHECKS + 5):
        url = f"https://1.example/{number}"
        page = store.pages.add(draft_page(url, fetched_at=NOW - 2 * DAY))
        assert page is not None
        then = NOW - 2 * DAY
        outcome = make_outcome(page, url, source="s1", published_at=then, first_seen_at=then)
        store.articles.save(outcome, now=then)
    state = FeedState(url=quiet.feeds[0], source="s1", etag=b'"x"', content_hash="h", checked_at=NOW, status=200)
    store.sources.record([], [state])
    own = ledger(store, watched)
    assert [len(own.to_retry(source)) for source in watched] == [MAX_RETRIES, 0, 0]
    assert [len(own.to_recheck(source)) for source in watched] == [0, MAX_RECHECKS, 0]
    assert [own.feed_state(ways(source)[0]) for source in watched] == [None, state, None]
    own.visited(failing, NOW, ok=False, state="down", message="No answer.", found=0, new=0, way="", retry_at=None)
    own.write()
    (told, *_rest) = store.sources.health(watched, now=NOW)
    assert told.failures == 4
    assert told.next_due_at == NOW + failing.every


def unchanged(url: str) -> Answer:
    return Answer(
        url=url, final_url=url, moved=False, status=304, headers={}, raw_headers=(), request_headers=(), body=b"",
        fetched_at=NOW,
    )  # fmt: skip


def test_a_304_keeps_the_validators_that_it_leaves_out(store: Store) -> None:
    (source,) = sources(1)
    (way,) = ways(source)
    store.sources.record([], [FeedState(url=way.url, source="s0", etag=b'"x"', checked_at=NOW, status=200)])
    own = ledger(store, [source])
    own.remember(way, unchanged(way.url), Seen())
    own.write()
    kept = store.sources.feed_state(way.url)
    assert kept is not None
    assert (kept.etag, kept.status) == (b'"x"', 304)


def test_a_source_that_is_not_on_the_list_is_read_alone(store: Store) -> None:
    one, other = sources(2)
    own = ledger(store, [one])
    assert own.last_success(other) is None
    assert own.feed_state(Way(kind="feed", url=other.feeds[0], source=other)) is None
