"""What is known, what waits, and what is asked for again."""

from datetime import timedelta

import pytest

from presswatch.models import ChangeKind
from presswatch.store import Store, pages
from tests.store.conftest import AddPage, SaveArticle
from tests.store.samples import T0, draft_page, make_outcome, record_visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCES = ("a", "b", "newsroom")
X, Y, Z = "https://a.example/x", "https://a.example/y", "https://a.example/z"


@pytest.mark.parametrize(
    ("bodies", "stored"),
    [
        ("A", [True]),
        ("AA", [True, False]),
        ("AB", [True, True]),
        ("ABA", [True, True, True]),  # an edit that is taken back is an edit
        ("ABBA", [True, True, False, True]),
    ],
)
def test_a_page_is_stored_when_it_says_something_new(store: Store, bodies: str, stored: list[bool]) -> None:
    assert [store.pages.add(draft_page(X, body)) is not None for body in bodies] == stored
    newest = store.pages.newest(X)
    assert newest is not None
    assert newest.revision == sum(stored)


def test_known_are_stored_moved_and_refused_addresses(store: Store, add_page: AddPage) -> None:
    add_page(X)
    store.pages.moved(Y, X, now=T0)
    store.pages.refused(Z, source="a", now=T0, status=503, message="The site answers 503.")
    asked = [X, Y, Z, "https://a.example/new"]
    assert store.pages.known(asked, now=T0) == {X, Y, Z}
    assert store.pages.known(asked, now=T0 + HOUR) == {X, Y}
    assert store.pages.known([], now=T0) == set()


def test_thousands_of_addresses_are_asked_for_at_once(store: Store, add_page: AddPage) -> None:
    add_page(X)
    assert store.pages.known((f"https://a.example/{n}" for n in range(3000)), now=T0) == set()
    assert store.pages.known([*(f"https://a.example/{n}" for n in range(3000)), X], now=T0) == {X}


def test_a_refused_article_is_tried_ever_more_rarely_and_never_given_up(store: Store) -> None:
    now, pauses = T0, []
    for _ in range(30):
        store.pages.refused(X, source="a", now=now, status=0, message="No answer within 60 s.")
        assert store.pages.to_retry(["a"], now=now) == ()
        (refusal,) = store.pages.refusals(since=now)
        pauses.append(refusal.retry_at - now)
        now = refusal.retry_at
        assert [one.url for one in store.pages.to_retry(["a"], now=now)] == [X]
        assert store.pages.to_retry(["b"], now=now) == ()
    assert pauses[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 7 * DAY
    assert (refusal.attempts, refusal.first_at, refusal.status) == (30, T0, 0)


def test_a_page_that_comes_at_last_is_no_longer_refused(store: Store, add_page: AddPage) -> None:
    store.pages.refused(X, source="a", now=T0, status=403, message="Blocked.")
    add_page(X)
    assert store.pages.to_retry(["newsroom", "a"], now=T0 + 9 * DAY) == ()


def test_pages_wait_in_order_until_they_are_processed_or_failed(store: Store, add_page: AddPage) -> None:
    first, second, third = add_page(X), add_page(Y), add_page(X, "edited")
    assert [row.id for row in store.pages.unprocessed(limit=2)] == [first, second]
    store.articles.save(make_outcome(first, X), now=T0)
    store.pages.mark_failed(second, "It holds no article.", now=T0)
    assert [row.id for row in store.pages.unprocessed(10)] == [third]
    failed = store.pages.get(second)
    assert failed is not None
    assert failed.failure == "It holds no article."
    assert store.pages.counts() == {"pages": 3, "waiting": 1, "failed": 1}
    store.articles.save(make_outcome(second, Y), now=T0)  # judged again, by better rules
    assert store.pages.counts()["failed"] == 0


def test_judging_again_starts_from_the_newest_page_of_each_address(store: Store, add_page: AddPage) -> None:
    add_page(X, fetched_at=T0)
    y = add_page(Y, fetched_at=T0 + HOUR)
    x2 = add_page(X, "edited", fetched_at=T0 + 2 * HOUR)
    assert [row.id for row in store.pages.since()] == [y, x2]
    assert [row.id for row in store.pages.since(T0 + 2 * HOUR)] == [x2]


def test_all_pages_are_gone_through_however_many_there_are(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_STREAM", 3)
    for number in range(9):
        store.pages.add(draft_page(f"https://a.example/{number}"))
    assert [row.url[-1] for row in store.pages.since()] == list("012345678")


def test_a_page_lost_from_the_archive_is_fetched_again(store: Store, add_page: AddPage) -> None:
    store.pages.lost(add_page(X), "The archive's file is cut off.", now=T0)
    assert store.pages.known([X], now=T0) == set()
    assert [refusal.url for refusal in store.pages.to_retry(["newsroom"], now=T0)] == [X]
    assert store.pages.unprocessed(10) == ()
    add_page(X)
    assert store.pages.known([X], now=T0) == {X}


def test_a_lost_page_of_an_article_loses_no_article(store: Store, save_article: SaveArticle) -> None:
    page_id = save_article(X).page_id
    store.pages.lost(page_id, "The archive's file is cut off.", now=T0)
    assert store.articles.get(X) is not None
    assert store.pages.known([X], now=T0) == {X}


@pytest.mark.parametrize(
    ("days", "found"),
    [(0, []), (0.9, []), (1, [X]), (13.9, [X]), (14, [])],
)
def test_young_articles_are_rechecked(store: Store, save_article: SaveArticle, days: float, found: list[str]) -> None:
    save_article(X)
    assert [one.url for one in store.pages.to_recheck(SOURCES, now=T0 + days * DAY, limit=10)] == found


def test_a_recheck_puts_off_the_next_one(store: Store, save_article: SaveArticle) -> None:
    save_article(X, source="a")
    save_article(Y, source="b")
    save_article(Z, source="b")
    store.pages.record_checked(X, now=T0 + DAY, status=304)
    assert [one.url for one in store.pages.to_recheck(SOURCES, now=T0 + DAY, limit=10)] == [Y, Z]
    assert [one.url for one in store.pages.to_recheck(["a"], now=T0 + 2 * DAY, limit=10)] == [X]
    store.pages.record_checked(Z, now=T0 + DAY, status=304)
    both = [one.url for one in store.pages.to_recheck(SOURCES, now=T0 + 2 * DAY, limit=1)]
    assert both == [Y, X]  # one of each source, the longest unseen first


def test_a_removed_article_is_kept_and_marked_once(store: Store, save_article: SaveArticle) -> None:
    save_article(X, title="A headline")
    assert store.pages.removed(X, now=T0 + DAY, status=410)
    assert not store.pages.removed(X, now=T0 + 2 * DAY, status=410)
    assert not store.pages.removed(Y, now=T0, status=404)
    version = store.articles.get(X)
    assert version is not None
    assert version.removed_at == T0 + DAY
    assert [(one.kind, one.before, one.at) for one in version.changes] == [(ChangeKind.REMOVED, "A headline", T0 + DAY)]
    assert [story.id for story in store.stories.changed(T0 + HOUR, T0 + 3 * DAY)] == ["s1"]
    assert store.pages.to_recheck(SOURCES, now=T0 + 5 * DAY, limit=10) == ()
    store.pages.record_checked(X, now=T0 + 6 * DAY, status=200)
    version = store.articles.get(X)
    assert version is not None
    assert version.removed_at is None


LOOKS = {
    "410 once": ([(0, 410)], True),
    "404 once": ([(0, 404)], False),
    "404 twice in one bad quarter of an hour": ([(0, 404), (0.25, 404)], False),
    "404 again an hour later": ([(0, 404), (1, 404)], True),
    "looks in between do not put it off": ([(0, 404), (0.5, 404), (1, 404)], True),
    "there in between": ([(0, 404), (1, 200), (2, 404)], False),
    "broken in between": ([(0, 404), (1, 500), (2, 404)], False),
    "404, then 410": ([(0, 404), (0.1, 410)], True),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_missing_page_is_looked_for_twice_before_its_article_counts_as_removed(
    store: Store, save_article: SaveArticle, name: str
) -> None:
    looks, removed = LOOKS[name]
    save_article(X)
    for hours, status in looks:
        now = T0 + 100 * DAY + hours * HOUR
        if status in (404, 410):
            marked = store.pages.removed(X, now=now, status=status)
        else:
            store.pages.record_checked(X, now=now, status=status)
    version = store.articles.get(X)
    assert version is not None
    assert (version.removed_at is not None) is removed
    assert len(version.changes) == removed
    if removed:
        assert marked


def test_an_old_article_whose_page_was_missing_is_due_for_a_second_look(
    store: Store, save_article: SaveArticle
) -> None:
    save_article(X)
    assert store.pages.to_recheck(SOURCES, now=T0 + 100 * DAY, limit=10) == ()
    store.pages.removed(X, now=T0 + 100 * DAY, status=404)
    assert store.pages.to_recheck(SOURCES, now=T0 + 100 * DAY, limit=10) == ()
    assert [one.url for one in store.pages.to_recheck(SOURCES, now=T0 + 100 * DAY + HOUR, limit=10)] == [X]


def test_a_moved_article_goes_by_its_new_address(store: Store, save_article: SaveArticle) -> None:
    save_article(X)
    store.pages.moved(X, Y, now=T0 + DAY)
    for url in (X, Y):
        version = store.articles.get(url)
        assert version is not None
        assert version.article.url == Y
        assert len(store.articles.revisions(url)) == 1
    version = store.articles.get(Y)
    assert version is not None
    assert [(one.kind, one.before, one.after) for one in version.changes] == [(ChangeKind.MOVED, X, Y)]
    assert store.pages.known([X, Y], now=T0) == {X, Y}
    save_article(X, now=T0 + 2 * DAY, title="Another headline")  # asked for by its old address
    version = store.articles.get(Y)
    assert version is not None
    assert (version.article.title, version.revisions) == ("Another headline", 2)
    assert len(list(store.articles.export())) == 1


def test_moves_follow_each_other_and_come_back(store: Store, save_article: SaveArticle) -> None:
    save_article(X)
    for old, new in ((X, Y), (Y, Z), (Z, X)):
        store.pages.moved(old, new, now=T0)
        for url in (X, Y, Z) if (old, new) != (X, Y) else (X, Y):
            version = store.articles.get(url)
            assert version is not None, (old, new, url)
            assert version.article.url == new


def test_a_move_onto_another_article_keeps_both(store: Store, save_article: SaveArticle) -> None:
    save_article(X, story="s1")
    save_article(Y, story="s1")
    store.pages.moved(X, Y, now=T0 + DAY)
    removed = {version.article.url: version.removed_at for version in store.articles.export()}
    assert removed == {X: T0 + DAY, Y: None}
    assert store.pages.known([X, Y], now=T0) == {X, Y}


def test_pruning_forgets_bodies_and_no_address(store: Store, save_article: SaveArticle, add_page: AddPage) -> None:
    save_article(X)
    waiting = add_page(Y)
    record_visit(store, "a", now=T0, ok=True, state="ok", message="", found=1, new=1, way="feed", next_due_at=T0)
    assert store.prune(T0 + 10 * DAY, keep_pages=30 * DAY).pages == 0
    pruned = store.prune(T0 + 100 * DAY, keep_pages=30 * DAY)
    assert (pruned.pages, pruned.visits) == (1, 1)
    assert store.pages.known([X, Y], now=T0) == {X, Y}
    assert store.articles.get(X) is not None
    row, kept = store.pages.newest(X), store.pages.get(waiting)
    assert row is not None
    assert row.warc_file is None
    assert kept is not None
    assert kept.warc_file is not None
    assert store.pages.add(draft_page(X, "None None")) is None  # still the same content as before
    assert store.prune(T0 + 100 * DAY, keep_pages=30 * DAY).pages == 0


def test_visits_that_had_nothing_to_tell_are_kept_for_a_week(store: Store) -> None:
    """A hundred a source and day would be most of the store."""

    def visit(name: str, **more: object) -> None:
        told = {"ok": True, "state": "ok", "message": "", "found": 9, "new": 0, "way": "feed", "late": 0} | more
        record_visit(store, name, now=T0, next_due_at=T0, **told)  # type: ignore[arg-type]

    visit("dull")
    visit("new", new=1)
    visit("late", late=1)
    visit("failed", ok=False, state="down")
    visit("told", message="One way failed.")
    assert store.prune(T0 + 6 * DAY, keep_pages=30 * DAY).visits == 0
    assert store.prune(T0 + 8 * DAY, keep_pages=30 * DAY).visits == 1
    assert {v.source for v in store.sources.visits(since=T0)} == {"new", "late", "failed", "told"}
    assert store.prune(T0 + 91 * DAY, keep_pages=30 * DAY).visits == 4
