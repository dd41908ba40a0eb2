"""What lists show stays true to the articles, whatever happens to them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from presswatch.models import Change, ChangeKind, Fact, Level, Outcome, Tag, TagKind
from presswatch.store import Store
from presswatch.store.list_records import LedgerFilter, StoryFilter
from tests.store.conftest import AddPage, SaveArticle
from tests.store.samples import T0, make_outcome

DAY = timedelta(days=1)


def stories(store: Store, **wanted: object) -> list[str]:
    return [brief.story for brief in store.briefs.list(StoryFilter(**wanted)).briefs]  # type: ignore[arg-type]


def amounts(store: Store) -> list[tuple[str, float, bool]]:
    return [
        (row.commitment.story, row.commitment.value, row.counted) for row in store.commitments.list(LedgerFilter()).rows
    ]


def tagged(outcome: Outcome, **names: str) -> Outcome:
    more = tuple(Tag(kind=TagKind(kind), name=name, quote=name, start=0, end=1) for kind, name in names.items())
    return replace(outcome, tags=(*outcome.tags, *more))


def test_a_saved_story_is_listed_and_found_by_what_it_carries(store: Store, add_page: AddPage) -> None:
    url = "https://a.example/x"
    outcome = make_outcome(add_page(url), url, language="fr")
    store.articles.save(tagged(outcome, organisation="Nscale", place="Loughton", person="Ada"), now=T0)
    (brief,) = store.briefs.list(StoryFilter()).briefs
    assert (brief.title, brief.level, brief.versions, brief.date) == ("A headline", Level.FOCUS, 1, T0)
    assert brief.sentences == ("A text about Harwell.",)
    for wanted in (
        {"topics": ("quantum",)},
        {"organisations": ("Nscale",)},
        {"places": ("Loughton",), "people": ("Ada",)},
        {"languages": ("fr",), "sources": ("newsroom",)},
        {"levels": (Level.FOCUS,)},
        {"organisations": ("Nobody", "Nscale")},
        {"since": T0, "until": T0 + DAY},
    ):
        assert stories(store, **wanted) == ["s1"], wanted
    for wanted in (
        {"topics": ("robotics",)},
        {"organisations": ("Nscale",), "places": ("Leeds",)},
        {"levels": (Level.MENTION,)},
        {"until": T0},
        {"since": T0 + DAY},
    ):
        assert stories(store, **wanted) == [], wanted


def test_what_is_not_about_the_subject_is_listed_nowhere(store: Store, save_article: SaveArticle) -> None:
    save_article("https://a.example/n", level=Level.NONE, story="none")
    save_article("https://a.example/m", level=Level.MENTION, story="mention")
    assert stories(store) == []
    assert stories(store, levels=(Level.MENTION,)) == ["mention"]
    assert store.briefs.names("topic") == ()
    assert amounts(store) == []


def test_pages_of_a_list_hold_every_story_once(store: Store, save_article: SaveArticle) -> None:
    for number in range(23):  # several of one time
        when = T0 - (number // 4) * DAY
        save_article(f"https://a.example/{number}", story=f"s{number:02}", published_at=when, first_seen_at=T0)
    for by_change in (False, True):
        ask = store.briefs.changed if by_change else store.briefs.list
        for topics in ((), ("quantum",)):
            seen: list[str] = []
            after = None
            for _ in range(6):
                page = ask(StoryFilter(topics=topics, limit=5, after=after))
                seen += [brief.story for brief in page.briefs]
                after = page.cursor
                if after is None:
                    break
            assert len(seen) == 23
            assert len(set(seen)) == 23
    assert stories(store, limit=1) == ["s03"]
    assert stories(store, after="nonsense", limit=1) == ["s03"]


def test_judged_otherwise_it_goes_and_comes_back(store: Store, add_page: AddPage) -> None:
    url = "https://a.example/x"
    page = add_page(url)
    for level, listed in ((Level.FOCUS, ["s1"]), (Level.NONE, []), (Level.PART, ["s1"])):
        store.articles.save(make_outcome(page, url, level=level), now=T0)
        assert stories(store) == listed
        assert len(amounts(store)) == len(listed)
        assert [name.stories for name in store.briefs.names("topic")] == [1] * len(listed)


def test_the_date_of_change_moves_only_with_what_is_shown(store: Store, add_page: AddPage) -> None:
    url = "https://a.example/x"
    page = add_page(url)
    store.articles.save(make_outcome(page, url), now=T0)
    store.articles.save(make_outcome(page, url), now=T0 + DAY)
    assert store.briefs.list(StoryFilter()).briefs[0].changed_at == T0
    change = Change(url=url, kind=ChangeKind.EDITED, at=T0 + 2 * DAY, before="a", after="b")
    newer = make_outcome(add_page(url, "other"), url, text="Another text.", changes=(change,))
    store.articles.save(newer, now=T0 + 2 * DAY)
    (brief,) = store.briefs.list(StoryFilter()).briefs
    assert (brief.changed_at, brief.changes) == (T0 + 2 * DAY, 1)


def test_joined_stories_become_one_and_parted_ones_two(store: Store, save_article: SaveArticle) -> None:
    save_article("https://a.example/1", story="s1")
    save_article("https://a.example/2", story="s2", language="fr")
    save_article("https://a.example/3", story="s1", merges=("s2",), language="de")
    (brief,) = store.briefs.list(StoryFilter()).briefs
    assert (brief.story, brief.versions, brief.languages) == ("s1", 3, ("de", "en", "fr"))
    assert [(n.name, n.stories) for n in store.briefs.names("topic")] == [("quantum", 1)]
    assert store.briefs.get("s2") == brief
    store.by_hand.decide(stories={"https://a.example/2": "s2"}, now=T0 + DAY)
    assert sorted(stories(store)) == ["s1", "s2"]
    assert [(n.name, n.stories) for n in store.briefs.names("topic")] == [("quantum", 2)]
    assert store.briefs.name("language", "fr").stories == 1  # type: ignore[union-attr]


def test_moved_removed_and_back(store: Store, save_article: SaveArticle) -> None:
    save_article("https://a.example/x")
    store.pages.moved("https://a.example/x", "https://a.example/y", now=T0 + DAY)
    assert store.briefs.list(StoryFilter()).briefs[0].url == "https://a.example/y"
    assert store.pages.removed("https://a.example/y", now=T0 + DAY, status=410)
    assert store.briefs.list(StoryFilter()).briefs[0].removed
    store.pages.record_checked("https://a.example/y", now=T0 + 2 * DAY, status=200)
    assert not store.briefs.list(StoryFilter()).briefs[0].removed


def test_the_ledger_counts_what_two_stories_repeat_once(store: Store, add_page: AddPage) -> None:
    pages = []
    for number, who in enumerate(("Nscale", "Nscale", "Arm")):
        url = f"https://a.example/{number}"
        pages.append(add_page(url))
        outcome = make_outcome(
            pages[-1], url, story=f"s{number}", published_at=T0 + number * DAY, first_seen_at=T0 + number * DAY
        )
        store.articles.save(tagged(outcome, organisation=who), now=T0 + number * DAY)
    assert amounts(store) == [("s2", 2e9, True), ("s1", 2e9, False), ("s0", 2e9, True)]
    (total,) = store.commitments.sums(LedgerFilter()).counted
    assert (total.kind, total.unit, total.year, total.total, total.rows) == ("money", "GBP", 2025, 4e9, 2)
    assert store.commitments.sums(LedgerFilter()).left_out == 1
    assert store.commitments.sums(LedgerFilter(organisation="Arm")).left_out == 0
    # When the first goes, the second is the first.
    gone = make_outcome(pages[0], "https://a.example/0", story="s0", level=Level.NONE)
    store.articles.save(gone, now=T0 + 9 * DAY)
    assert amounts(store) == [("s2", 2e9, True), ("s1", 2e9, True)]


def test_pages_of_the_ledger_hold_every_row_once(store: Store, save_article: SaveArticle) -> None:
    facts = tuple(
        Fact(kind="jobs", value=20.0 + n, unit="job", quote=f"{n}", start=3, end=13, qualifier="up to" if n else "")
        for n in range(4)
    )
    for number in range(4):
        save_article(f"https://a.example/{number}", story=f"s{number}", facts=facts)
    rows = []
    after = None
    while True:
        page = store.commitments.list(LedgerFilter(kinds=("jobs",), limit=3, after=after))
        rows += [(row.commitment.story, row.commitment.position) for row in page.rows]
        after = page.cursor
        if after is None:
            break
    assert len(rows) == len(set(rows)) == 16
    assert len(list(store.commitments.all(LedgerFilter()))) == 16
    (total,) = store.commitments.sums(LedgerFilter(kinds=("jobs",))).by_year()
    assert (total.total, total.up_to) == (4 * (20 + 21 + 22 + 23), 4 * (21 + 22 + 23))


@pytest.fixture
def company(store: Store, add_page: AddPage) -> Iterator[Store]:
    for number, place in enumerate(("Leeds", "Leeds", "Bath")):
        url = f"https://a.example/{number}"
        when = T0 + number * DAY
        outcome = make_outcome(add_page(url), url, story=f"s{number}", published_at=when, first_seen_at=when)
        store.articles.save(tagged(outcome, organisation="Nscale", place=place), now=when)
    return store  # type: ignore[return-value]


def test_who_appears_with_whom(company: Store) -> None:
    found = {
        (n.kind, n.name): (n.stories, n.first_at, n.last_at) for n in company.briefs.company("organisation", "Nscale")
    }
    assert found == {
        ("topic", "quantum"): (3, T0, T0 + 2 * DAY),
        ("place", "Leeds"): (2, T0, T0 + DAY),
        ("place", "Bath"): (1, T0 + 2 * DAY, T0 + 2 * DAY),
    }
