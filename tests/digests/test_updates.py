"""A story is told once, and again only for what is worth hearing twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from presswatch.digests.updates import memory, news, was_told
from presswatch.models import ChangeKind, Level, Story
from presswatch.store.records import Told
from tests.digests.stories import NOON, change, fact, money, story, told, version

FIRST = version(facts=(money(2e9, "£2 billion"),))
SOURCES = {"newsroom": "The Newsroom", "blog": "The Blog"}


def since(now: Story, *before: Story) -> tuple[str, ...]:
    known = memory(told(*(before or (story(FIRST),))))
    assert was_told(now, known)
    return news(now, known, SOURCES)


def test_a_story_is_new_until_it_was_told() -> None:
    assert not was_told(story(), memory({}))
    assert was_told(story(), memory(told(story())))


def test_nothing_new_is_not_told_again() -> None:
    assert since(story(FIRST)) == ()


@pytest.mark.parametrize(
    "facts",
    [
        (),
        (money(2e9, "2 milliards de livres"),),
        (money(2e9, "20億ポンド"), money(4e11, "約4000億円", "JPY")),  # converted for its readers
    ],
)
def test_a_translation_is_no_update(facts: tuple[object, ...]) -> None:
    french = version("https://fr.example/a", source="fr", language="fr", facts=facts)
    assert since(story(FIRST, french)) == ()


def test_a_version_that_adds_a_figure_is_an_update() -> None:
    blog = version("https://blog.example/a", source="blog", facts=(money(2e9), fact("power", 50, "MW", "50 megawatts")))
    assert since(story(FIRST, blog)) == ("The Blog adds: 50 MW.",)


def test_newer_rules_that_find_more_figures_are_no_update() -> None:
    again = replace(FIRST, facts=(*FIRST.facts, fact("jobs", 500, "job", "500 jobs")))
    assert since(story(again)) == ()


def test_a_new_headline_is_an_update() -> None:
    renamed = replace(FIRST, changes=(change(ChangeKind.RETITLED, "Firm Builds Factory", "Firm Builds AI Factory"),))
    assert since(story(renamed)) == ("New headline. The Newsroom first had: “Firm Builds Factory”",)


def test_a_removed_article_is_an_update() -> None:
    gone = replace(FIRST, changes=(change(ChangeKind.REMOVED, "", ""),), removed_at=NOON)
    assert since(story(gone)) == ("The Newsroom has taken the article down.",)


def test_a_change_is_told_once() -> None:
    renamed = replace(FIRST, changes=(change(ChangeKind.RETITLED, "Firm Builds Factory", "Firm Builds AI Factory"),))
    assert since(story(renamed), story(renamed)) == ()


@pytest.mark.parametrize(
    ("before", "after", "worth"),
    [
        ("It will recieve £2 billion.", "It will receive £2 billion.", False),
        ("It opens in  2028 .", "It opens in 2028.", False),
        ("It opens in 2028.", "It opens in 2029.", True),
        ("It gets £2 million.", "It gets £2 billion.", True),
        ("It will open.", "It will not open.", True),
        ("The site is in Leeds.", "The site is in Hull.", True),
        ("ロンドンに建設する。", "リーズに建設する。", True),
        ("런던에 짓는다.", "리즈에 짓는다.", True),
        ("", "A second site follows in Hull.", True),
        ("A second site follows in Hull.", "", True),
        ("word " * 900, "word " * 900 + "more", True),
    ],
)
def test_corrections_are_told_and_slips_of_the_pen_are_not(before: str, after: str, worth: bool) -> None:
    edited = replace(FIRST, changes=(change(ChangeKind.EDITED, before, after),))
    assert bool(since(story(edited))) is worth


def test_an_edit_that_brings_a_figure_names_it() -> None:
    facts = (*FIRST.facts, money(3e8, "£300 million"))
    edited = replace(FIRST, facts=facts, changes=(change(ChangeKind.EDITED, "", "It adds £300 million for Hull."),))
    assert since(story(edited)) == ("The Newsroom added: “It adds £300 million for Hull.”",)


def test_an_edit_elsewhere_in_a_wider_announcement_is_no_update() -> None:
    text = "In Spain, a bank follows.\nIn the U.K., a firm builds."
    start = len("Title\n") + text.index("In the U.K.")
    part = version(title="Title", text=text, level=Level.PART, passages=((start, start + 27),))
    elsewhere = replace(
        part, changes=(change(ChangeKind.EDITED, "In Spain, a bank leads.", "In Spain, a bank follows."),)
    )
    here = replace(
        part, changes=(change(ChangeKind.EDITED, "In the U.K., a firm plans.", "In the U.K., a firm builds."),)
    )
    assert since(story(elsewhere), story(part)) == ()
    assert len(since(story(here), story(part))) == 1


def test_a_story_under_another_id_is_known_by_its_articles() -> None:
    assert since(story(FIRST, id="other"), story(FIRST)) == ()


def test_an_article_that_moved_is_known_by_its_old_address() -> None:
    moved = version("https://newsroom.example/b", changes=(change(ChangeKind.MOVED, FIRST.article.url, "…/b"),))
    assert since(story(moved, id="other"), story(FIRST)) == ()


def test_stories_that_were_joined_are_not_told_again() -> None:
    second = version("https://blog.example/a", source="blog", facts=(money(5e7),))
    assert since(story(FIRST, second), story(FIRST, id="s1"), story(second, id="s2")) == ()


@pytest.mark.parametrize("state", ["", "no json", "[]", '{"articles": 1}', '{"articles": {}, "figures": null}'])
def test_a_state_that_cannot_be_read_still_counts_as_told(state: str) -> None:
    known = memory({"s1": Told(story="s1", edition="e", state=state)})
    later = replace(FIRST, changes=(change(ChangeKind.RETITLED, "A", "B", NOON + timedelta(days=1)),))
    assert was_told(story(later), known)
    assert news(story(later), known, SOURCES) == ()
