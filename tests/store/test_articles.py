"""Articles and stories: saved whole, saved once, listed and exported."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from presswatch.errors import StoreError
from presswatch.models import Change, ChangeKind, Fact, Level, Outcome
from presswatch.store import Store, articles, rows, tables
from presswatch.store.records import ArticleFilter
from tests.store.conftest import AddPage, SaveArticle
from tests.store.samples import T0, make_outcome

DAY = timedelta(days=1)
X, Y, Z = "https://a.example/x", "https://a.example/y", "https://a.example/z"


def edit(at: datetime) -> Change:
    return Change(url=X, kind=ChangeKind.EDITED, at=at, before="old", after="new")


def test_everything_that_the_steps_found_comes_back(store: Store, save_article: SaveArticle) -> None:
    facts = (
        Fact(kind="money", value=2e9, unit="GBP", quote="£2 billion", start=3, end=13, qualifier="up to"),
        Fact(kind="compute", value=0.1, unit="exaflops", quote="0.1 exaflops", start=14, end=20),
    )
    outcome = save_article(X, facts=facts, topics=("quantum", "skills"), changes=(edit(T0),))
    version = store.articles.get(X)
    assert version is not None
    assert version.article == outcome.article
    assert version.verdict == outcome.verdict
    assert version.tags == outcome.tags
    assert version.facts == facts
    assert version.summary == outcome.summary
    assert version.changes == (edit(T0),)
    assert (version.story, version.revisions, version.removed_at) == ("s1", 1, None)
    (known,) = store.articles.recent(T0)
    assert known.fingerprint == outcome.fingerprint
    assert (known.url, known.story, known.relevant, known.alternates) == (X, "s1", True, outcome.article.alternates)
    assert store.articles.get(Y) is None


def test_saving_twice_changes_nothing(store: Store, save_article: SaveArticle) -> None:
    outcome = save_article(X, changes=(edit(T0),))
    before, story = store.articles.get(X), store.stories.get("s1")
    store.articles.save(outcome, now=T0 + DAY)
    assert store.articles.get(X) == before
    assert store.stories.get("s1") == story
    assert store.stories.changed(T0 + DAY, T0 + 2 * DAY) == ()


def test_an_edit_is_a_revision_and_a_change(store: Store, save_article: SaveArticle) -> None:
    save_article(X, text="Old words.")
    save_article(X, now=T0 + DAY, text="New words.", changes=(edit(T0 + DAY),), published_at=None)
    version = store.articles.get(X)
    assert version is not None
    assert (version.article.text, version.revisions) == ("New words.", 2)
    assert version.article.published_at == T0  # the second page did not say; it is still known
    assert version.article.first_seen_at == T0
    assert version.changes == (edit(T0 + DAY),)
    assert [(one.number, one.text, one.at) for one in store.articles.revisions(X)] == [
        (1, "Old words.", T0),
        (2, "New words.", T0 + DAY),
    ]
    assert [story.id for story in store.stories.changed(T0 + DAY, T0 + 2 * DAY)] == ["s1"]


def test_a_new_page_with_the_same_words_is_no_revision(store: Store, save_article: SaveArticle) -> None:
    save_article(X, body="page one")
    save_article(X, now=T0 + DAY, body="page two, another advertisement")
    version = store.articles.get(X)
    assert version is not None
    assert version.revisions == 1
    assert store.stories.changed(T0 + DAY, T0 + 2 * DAY) == ()


def test_judging_again_mends_the_revision_and_is_no_change_of_the_site(store: Store, save_article: SaveArticle) -> None:
    outcome = save_article(X, text="Menu. Words.")
    again = make_outcome(outcome.page_id, X, text="Words.", changes=(edit(T0 + DAY),), level=Level.PART)
    store.articles.save(again, now=T0 + DAY)
    version = store.articles.get(X)
    assert version is not None
    assert (version.article.text, version.verdict.level, version.changes) == ("Words.", Level.PART, ())
    assert [one.text for one in store.articles.revisions(X)] == ["Words."]
    assert store.stories.changed(T0 + DAY, T0 + 2 * DAY) == ()


def test_a_page_that_was_overtaken_mends_its_own_revision_only(store: Store, save_article: SaveArticle) -> None:
    first = save_article(X, text="Old words. Menu.", title="Old")
    save_article(X, now=T0 + DAY, text="New words.", title="New")
    store.articles.save(make_outcome(first.page_id, X, text="Old words.", title="Old"), now=T0 + 2 * DAY)
    version = store.articles.get(X)
    assert version is not None
    assert (version.article.title, version.article.text, version.revisions) == ("New", "New words.", 2)
    assert [one.text for one in store.articles.revisions(X)] == ["Old words.", "New words."]


def test_a_verdict_that_turns_makes_the_story_worth_a_look(store: Store, save_article: SaveArticle) -> None:
    outcome = save_article(X, level=Level.NONE)
    assert store.stories.changed(T0, T0 + DAY) == ()
    store.articles.save(make_outcome(outcome.page_id, X, level=Level.FOCUS), now=T0 + DAY)
    assert [story.id for story in store.stories.changed(T0 + DAY, T0 + 2 * DAY)] == ["s1"]


def test_a_page_that_is_not_stored_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="page 999999, which the store does not hold"):
        store.articles.save(make_outcome(999_999, X), now=T0)
    assert store.articles.get(X) is None
    assert store.stories.get("s1") is None


def test_what_cannot_be_stored_leaves_nothing_half_done(store: Store, add_page: AddPage) -> None:
    good = make_outcome(add_page(X), X)
    bad = replace(good, facts=(replace(good.facts[0], quote=None),))  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        store.articles.save(bad, now=T0)
    assert store.articles.get(X) is None
    assert store.search.find("headline") == ()
    assert [row.url for row in store.pages.unprocessed(10)] == [X]


def test_versions_of_a_story_come_oldest_first(store: Store, save_article: SaveArticle) -> None:
    save_article(Y, published_at=T0 - DAY, language="fr", now=T0 + DAY)
    save_article(X, now=T0 + 2 * DAY)
    save_article(Z, published_at=None, first_seen_at=T0 + 2 * DAY, now=T0 + 2 * DAY)
    story = store.stories.get("s1")
    assert story is not None
    assert [version.article.url for version in story.versions] == [Y, X, Z]
    assert (story.first_seen_at, story.changed_at) == (T0 + DAY, T0 + 2 * DAY)
    assert store.stories.of(X) == story
    assert store.stories.of("https://a.example/none") is None


def test_a_joining_article_joins_two_stories(store: Store, save_article: SaveArticle) -> None:
    save_article(X, story="s1")
    save_article(Y, story="s2", now=T0 + DAY)
    save_article(Z, story="s1", merges=("s2",), now=T0 + 2 * DAY)
    story = store.stories.get("s2")  # the old id still leads there
    assert story is not None
    assert (story.id, len(story.versions), story.first_seen_at) == ("s1", 3, T0)
    assert [one.id for one in store.stories.changed(T0, T0 + 9 * DAY)] == ["s1"]
    save_article("https://a.example/late", story="s2", now=T0 + 3 * DAY)  # judged before it knew
    assert {known.story for known in store.articles.recent(T0 - DAY)} == {"s1"}


def test_stories_joined_one_after_the_other_all_lead_to_the_last(store: Store, save_article: SaveArticle) -> None:
    save_article(X, story="s1")
    save_article(Y, story="s2", merges=("s1",))
    save_article(Z, story="s3", merges=("s2",))
    for story in ("s1", "s2", "s3"):
        found = store.stories.get(story)
        assert found is not None
        assert (found.id, len(found.versions)) == ("s3", 3)


def test_an_article_can_be_moved_to_another_story(store: Store, save_article: SaveArticle) -> None:
    save_article(X, story="s1")
    save_article(Y, story="s1")
    outcome = save_article(Z, story="s1", now=T0 + DAY)
    store.articles.save(replace(outcome, moves=((Y, "s2"), ("https://a.example/unknown", "s3"))), now=T0 + DAY)
    assert {known.url: known.story for known in store.articles.recent(T0 - DAY)} == {X: "s1", Y: "s2", Z: "s1"}
    store.articles.save(replace(outcome, moves=((Y, "s1"),)), now=T0 + DAY)
    found = store.stories.get("s2")  # its last article left: the id leads on
    assert found is not None
    assert (found.id, len(found.versions)) == ("s1", 3)


def test_an_article_that_changes_its_story_leaves_a_tombstone(store: Store, save_article: SaveArticle) -> None:
    outcome = save_article(X, story="s1")
    store.articles.save(replace(outcome, story="s2"), now=T0 + DAY)
    found = store.stories.get("s1")
    assert found is not None
    assert found.id == "s2"


def test_changed_goes_by_when_it_was_stored(store: Store, save_article: SaveArticle) -> None:
    save_article(X, published_at=T0 - 400 * DAY, story="old news, found late")
    save_article(Y, level=Level.MENTION, story="a mention")
    assert [story.id for story in store.stories.changed(T0, T0 + DAY)] == ["old news, found late"]
    assert store.stories.changed(T0 - 500 * DAY, T0) == ()  # the end is not included
    levels = (Level.FOCUS, Level.MENTION)
    assert len(store.stories.changed(T0, T0 + DAY, levels=levels)) == 2


FILTERS = [
    (ArticleFilter(), "e d c b a"),
    (ArticleFilter(limit=2), "e d"),
    (ArticleFilter(levels=(Level.PART,)), "b"),
    (ArticleFilter(levels=(Level.FOCUS, Level.PART)), "d c b a"),
    (ArticleFilter(languages=("fr",)), "c"),
    (ArticleFilter(sources=("blog",)), "d"),
    (ArticleFilter(topics=("skills", "robotics")), "d a"),
    (ArticleFilter(topics=("skills",), sources=("newsroom",)), "a"),
    (ArticleFilter(since=T0 + 3 * DAY), "e d"),
    (ArticleFilter(until=T0 + DAY), "a"),
    (ArticleFilter(since=T0 + DAY, until=T0 + 3 * DAY, limit=1), "c"),
    (ArticleFilter(topics=("none",)), ""),
]


@pytest.fixture
def five(save_article: SaveArticle) -> None:
    """Articles a to e, a day apart, each a story of its own."""
    special: dict[str, dict[str, Any]] = {
        "a": {"topics": ("quantum", "skills")},
        "b": {"level": Level.PART},
        "c": {"language": "fr"},
        "d": {"source": "blog", "topics": ("robotics",), "published_at": None, "first_seen_at": T0 + 3 * DAY},
        "e": {"level": Level.NONE, "topics": ()},
    }
    for number, (name, values) in enumerate(special.items()):
        dates = {"published_at": T0 + number * DAY, "first_seen_at": T0 + number * DAY}
        save_article(f"https://a.example/{name}", story=f"story {name}", **(dates | values))


@pytest.mark.usefixtures("five")
def test_lists_are_filtered_newest_first(store: Store) -> None:
    for wanted, names in FILTERS:
        assert " ".join(version.article.url[-1] for version in store.articles.list(wanted)) == names, wanted
        assert " ".join(story.id[-1] for story in store.stories.list(wanted)) == names, wanted


@pytest.mark.usefixtures("five")
def test_lists_go_on_where_they_ended(store: Store) -> None:
    urls: list[str] = []
    ids: list[str] = []
    limit = 2
    while page := store.articles.list(ArticleFilter(limit=limit, after=urls[-1] if urls else None)):
        urls += [version.article.url for version in page]
    while stories := store.stories.list(ArticleFilter(limit=limit, after=ids[-1] if ids else None)):
        ids += [story.id for story in stories]
    assert [url[-1] for url in urls] == [story[-1] for story in ids] == list("edcba")
    assert store.articles.list(ArticleFilter(after="https://a.example/unknown")) == ()
    assert store.stories.list(ArticleFilter(after="unknown")) == ()


def test_a_date_in_the_future_does_not_stay_on_top(store: Store, save_article: SaveArticle) -> None:
    save_article(X, published_at=T0 + 4000 * DAY)
    save_article(Y, published_at=T0 + DAY, first_seen_at=T0 + DAY)
    assert [version.article.url for version in store.articles.list(ArticleFilter())] == [Y, X]


@pytest.mark.parametrize(
    "more",
    [
        {"simhash": (1 << 64) - 5},
        {"simhash": 0, "published_at": None, "level": Level.NONE},
    ],
)
def test_grouping_gets_back_what_the_steps_found(
    store: Store, save_article: SaveArticle, more: dict[str, object]
) -> None:
    saved = save_article("https://a.example/1", title="One", **more)

    assert store.articles.recent(since=T0 - timedelta(days=300)) == (saved.known(),)
    assert store.articles.known(["https://a.example/1"]) == (saved.known(),)


def test_sqlite_groups_without_reading_the_texts(tmp_path: Path) -> None:
    file = tmp_path / "presswatch.sqlite3"
    Store.open(f"sqlite:///{file}").close()
    asked = select(*rows.KNOWN).where(tables.articles.c.dated_at >= T0)
    with closing(sqlite3.connect(file)) as connection:
        compiled = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        plan = connection.execute(f"EXPLAIN QUERY PLAN {compiled}").fetchall()

    assert ["COVERING INDEX articles_to_group" in step[-1] for step in plan] == [True]


def test_recent_is_a_window(store: Store, five: None) -> None:
    found = store.articles.recent(since=T0 + DAY, until=T0 + 3 * DAY)
    assert [known.url[-1] for known in found] == ["b", "c"]
    assert [known.relevant for known in store.articles.recent(T0)] == [True, True, True, True, False]


def test_the_export_holds_every_article_once(
    store: Store, save_article: SaveArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "_STREAM", 4)
    for number in range(8):
        save_article(f"https://a.example/{number}", level=Level.NONE if number % 2 else Level.FOCUS)
    save_article("https://a.example/0", title="Retitled", now=T0 + DAY)
    found = list(store.articles.export())
    assert [version.article.url[-1] for version in found] == list("01234567")
    assert [version.revisions for version in found] == [2, 1, 1, 1, 1, 1, 1, 1]
    assert found[0].article.title == "Retitled"


@pytest.mark.parametrize(
    ("ending", "found"), [("isambard-ai", 1), ("/isambard-ai", 1), ("ai", 2), ("100%_sure", 1), ("%", 0), ("zzz", 0)]
)
def test_addresses_are_found_by_their_end(store: Store, save_article: SaveArticle, ending: str, found: int) -> None:
    for slug in ("isambard-ai", "other-ai", "100%_sure"):
        save_article(f"https://a.example/{slug}")
    assert len(store.articles.ending(ending)) == found


def test_outcomes_are_whole(store: Store, save_article: SaveArticle) -> None:
    """Each field of an Outcome is stored, or a later field would be lost without a word."""
    assert set(Outcome.__slots__) == {
        *("page_id", "article", "verdict", "tags", "facts", "summary", "fingerprint", "story", "changes"),
        *("merges", "moves"),
    }
