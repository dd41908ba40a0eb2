"""The outbox: an edition is stored whole or not at all, told once, and delivered once and in order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from presswatch.errors import StoreError
from presswatch.store import Store
from tests.store.conftest import SaveArticle
from tests.store.samples import T0, make_draft

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANN, BOB = "mailto:ann@a.example", "mailto:bob@a.example"
X, Y, Z = "https://a.example/x", "https://a.example/y", "https://a.example/z"


def test_an_edition_comes_back_as_it_was_built(store: Store, save_article: SaveArticle) -> None:
    for url, story in ((X, "s1"), (Y, "s2"), (Z, "s3")):
        save_article(url, story=story)
    draft = make_draft(stories=("s2", "s1"), updated=("s3",), states={"s1": "a", "s3": "c"}, until=T0 + DAY)
    digest = store.digests.save(draft, [ANN, BOB, ANN], now=T0 + MINUTE)
    assert store.digests.get(digest.id) == digest == store.digests.last_edition("daily")
    assert (digest.stories, digest.updated, digest.built_at) == (("s2", "s1"), ("s3",), T0 + MINUTE)
    assert (digest.subject, digest.html, digest.text, digest.until) == ("One story", "<p>One</p>", "One", T0 + DAY)
    assert [one.recipient for one in store.digests.due_deliveries(T0 + MINUTE)] == [ANN, BOB]
    told = store.digests.told("daily")
    assert {story: (one.edition, one.state) for story, one in told.items()} == {
        "s1": (draft.edition, "a"),
        "s2": (draft.edition, ""),
        "s3": (draft.edition, "c"),
    }
    assert store.digests.told("weekly") == {}
    assert store.digests.last_edition("weekly") is None


def test_an_edition_is_built_once(store: Store) -> None:
    first = store.digests.save(make_draft(subject="First"), [ANN], now=T0)
    second = store.digests.save(make_draft(subject="Second"), [ANN, BOB], now=T0 + DAY)
    assert second == first
    assert [one.recipient for one in store.digests.due_deliveries(T0 + DAY)] == [ANN]
    other = store.digests.save(make_draft(name="weekly"), [ANN], now=T0)
    assert other.id != first.id


def test_two_build_an_edition_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        built = list(pool.map(lambda n: store.digests.save(make_draft(subject=str(n)), [ANN], now=T0), range(8)))
    assert len({(one.id, one.subject) for one in built}) == 1
    assert len(store.digests.due_deliveries(T0)) == 1


def test_an_edition_without_all_its_deliveries_does_not_exist(store: Store) -> None:
    with pytest.raises((StoreError, UnicodeError)):  # the second delivery cannot be stored
        store.digests.save(make_draft(), [ANN, "mailto:\ud800"], now=T0)
    assert store.digests.last_edition("daily") is None
    with pytest.raises(StoreError):  # the story does not exist
        store.digests.save(make_draft(stories=("none",)), [ANN], now=T0)
    assert store.digests.last_edition("daily") is None
    assert store.digests.due_deliveries(T0 + DAY) == ()


def test_the_last_edition_is_the_latest_one(store: Store) -> None:
    for edition in ("2025-09-18T07:00Z", "2025-09-20T07:00Z", "2025-09-19T07:00Z"):
        store.digests.save(make_draft(edition), [], now=T0)
    last = store.digests.last_edition("daily")
    assert last is not None
    assert last.edition == "2025-09-20T07:00Z"


def test_told_goes_on_with_stories_that_are_joined(store: Store, save_article: SaveArticle) -> None:
    save_article(X, story="s1")
    store.digests.save(make_draft("2025-09-17T07:00Z", stories=("s1",), states={"s1": "a"}), [], now=T0)
    save_article(Y, story="s2", merges=("s1",))
    before = store.digests.told("daily")["s1"]
    assert (before.story, before.state) == ("s2", "a")
    store.digests.save(make_draft("2025-09-18T07:00Z", updated=("s2",), states={"s2": "b"}), [], now=T0)
    told = store.digests.told("daily")
    assert {story: (one.story, one.state) for story, one in told.items()} == {"s1": ("s2", "a"), "s2": ("s2", "b")}
    assert told["s2"].edition == "2025-09-18T07:00Z"


def test_message_ids_never_change(store: Store) -> None:
    """Nor may a later version of presswatch change them: a mailbox knows a repeated message by its id."""
    store.digests.save(make_draft(name="UK & AI"), [ANN, BOB], now=T0)
    ids = [one.message_id for one in store.digests.due_deliveries(T0)]
    assert ids == ["UK-AI-2025-09-17T07-00Z.f49ec16b3bc6dc67878e", "UK-AI-2025-09-17T07-00Z.a65dffc41545c1a028aa"]


def test_a_delivery_is_claimed_by_one_process(store: Store) -> None:
    store.digests.save(make_draft(), [ANN], now=T0)
    (due,) = store.digests.due_deliveries(T0)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: store.digests.claim(due.id, now=T0), range(8)))
    assert [claim.attempts for claim in claims if claim] == [1]
    assert store.digests.due_deliveries(T0 + MINUTE) == ()


def test_a_sender_that_died_holds_nothing_up_for_long(store: Store) -> None:
    store.digests.save(make_draft(), [ANN], now=T0)
    (due,) = store.digests.due_deliveries(T0)
    assert store.digests.claim(due.id, now=T0, lease=5 * MINUTE)
    assert store.digests.claim(due.id, now=T0 + 4 * MINUTE) is None
    again = store.digests.claim(due.id, now=T0 + 5 * MINUTE)
    assert again is not None
    assert (again.attempts, again.message_id) == (2, due.message_id)


def test_what_was_sent_stays_sent(store: Store) -> None:
    store.digests.save(make_draft(), [ANN], now=T0)
    (due,) = store.digests.due_deliveries(T0)
    store.digests.claim(due.id, now=T0)
    store.digests.record_sent(due.id, now=T0 + MINUTE, receipt="250 OK")
    store.digests.record_failure(due.id, now=T0 + MINUTE, error="late news", next_attempt_at=T0 + MINUTE)
    assert store.digests.due_deliveries(T0 + DAY) == ()
    assert store.digests.claim(due.id, now=T0 + DAY) is None
    (entry,) = store.digests.deliveries(since=T0)
    assert (entry.delivery.state, entry.delivery.sent_at, entry.receipt) == ("sent", T0 + MINUTE, "250 OK")
    assert entry.delivery.error is None
    with pytest.raises(StoreError, match=r"was sent on 2025-09-16 12:01 UTC; it is not sent twice"):
        store.digests.retry(due.id, now=T0)


def test_failures_are_tried_again_and_given_up(store: Store) -> None:
    store.digests.save(make_draft(), [ANN, BOB], now=T0)
    ann, bob = store.digests.due_deliveries(T0)
    store.digests.claim(ann.id, now=T0)
    store.digests.record_failure(ann.id, now=T0, error="The server is down.", next_attempt_at=T0 + 5 * MINUTE)
    assert [one.recipient for one in store.digests.due_deliveries(T0 + MINUTE)] == [BOB]
    (again, _) = store.digests.due_deliveries(T0 + 5 * MINUTE)
    assert (again.attempts, again.error) == (1, "The server is down.")
    store.digests.record_failure(ann.id, now=T0, error="There is no such mailbox.", next_attempt_at=None)
    assert [one.id for one in store.digests.due_deliveries(T0 + DAY)] == [bob.id]
    (entry,) = store.digests.deliveries(since=T0, state="given up")
    assert (entry.delivery.error, entry.name, entry.subject) == ("There is no such mailbox.", "daily", "One story")
    retried = store.digests.retry(ann.id, now=T0 + DAY)
    assert (retried.state, retried.attempts) == ("due", 0)
    assert store.digests.claim(ann.id, now=T0 + DAY) is not None
    with pytest.raises(StoreError, match="no delivery 999999"):
        store.digests.retry(999_999, now=T0)


def test_editions_reach_a_recipient_in_order(store: Store) -> None:
    for day in (17, 18):
        store.digests.save(make_draft(f"2025-09-{day}T07:00Z"), [ANN, BOB], now=T0)
    store.digests.save(make_draft("2025-09-18T08:00Z", name="weekly"), [ANN], now=T0)
    due = store.digests.due_deliveries(T0)
    assert [one.recipient for one in due] == [ANN, BOB, ANN, BOB, ANN]
    first, _, second, other, weekly = due
    assert store.digests.claim(second.id, now=T0) is None
    assert store.digests.claim(first.id, now=T0)
    store.digests.record_failure(first.id, now=T0, error="down", next_attempt_at=T0 + 60 * MINUTE)
    assert store.digests.claim(second.id, now=T0) is None  # its turn comes after the first
    assert store.digests.claim(other.id, now=T0) is None
    assert store.digests.claim(weekly.id, now=T0)  # another digest does not wait
    store.digests.record_sent(first.id, now=T0, receipt="")
    assert store.digests.claim(second.id, now=T0)


def test_entries_are_listed_newest_edition_first(store: Store) -> None:
    for day in range(3):
        store.digests.save(make_draft(f"2025-09-{17 + day}T07:00Z"), [ANN], now=T0 + day * DAY)
    found = store.digests.deliveries(since=T0 + DAY)
    assert [entry.edition for entry in found] == ["2025-09-19T07:00Z", "2025-09-18T07:00Z"]
