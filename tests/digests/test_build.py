"""Which stories an edition holds, in which order, and what it says of each."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from presswatch.digests.build import build
from presswatch.digests.edition import Edition, Labels
from presswatch.digests.telling import link, plain, stamp
from presswatch.models import ChangeKind, Delivery, DigestPlan, Level, SourceHealth, Story, TagKind
from tests.digests.stories import NOON, SINCE, UNTIL, change, fact, money, plan, story, tag, told, version

LABELS = Labels(sources={"newsroom": "The Newsroom", "fr": "Blog France"})


def edition(*stories: Story, plan: DigestPlan = plan(), told: Any = None, **given: Any) -> Edition:  # noqa: B008
    times: dict[str, Any] = {"edition": "2026-09-21T06:00Z", "since": SINCE, "until": UNTIL, "now": UNTIL}
    return build(plan, stories, told or {}, labels=LABELS, **times | given)


def french(**given: Any) -> Any:
    settled = {"source": "fr", "language": "fr", "title": "Une usine à Newport", "summary": ("Une usine d’IA.",)}
    return version("https://fr.example/a", **settled | given)


def test_a_story_is_told_once_with_its_versions() -> None:
    english = version(facts=(money(2e9, "£2 billion"),))
    item = edition(story(french(facts=(money(2e9, "2 milliards de livres"),)), english)).new[0]
    assert item.headline == "Firm Builds AI Factory in Newport"
    assert item.language_name == ""
    assert item.sentences == ("A firm will build an AI factory in Newport.",)
    assert [figure.text for figure in item.figures] == ["£2 billion"]
    assert [(v.label, v.url) for v in item.versions] == [("French, Blog France", "https://fr.example/a")]
    assert (item.source, item.when) == ("The Newsroom", "Fri 18 Sep 2026, 13:00 BST")


def test_a_headline_in_another_language_names_it() -> None:
    item = edition(story(french())).new[0]
    assert (item.headline, item.language_name) == ("Une usine à Newport", "French")


def test_the_digests_own_language_comes_first() -> None:
    item = edition(story(version(), french()), plan=plan(language="fr")).new[0]
    assert (item.headline, item.language_name) == ("Une usine à Newport", "")
    assert item.versions[0].label == "English, The Newsroom"


def test_news_inside_a_wider_announcement_is_its_passage() -> None:
    text = "Firms across Europe build.\n- In the U.K., a firm builds in Hull.\n- In Spain, a bank follows."
    title = "Europe Builds"
    start = len(title) + 1 + text.index("- In the U.K.")
    part = version(title=title, text=text, level=Level.PART, passages=((start, start + 37),), summary=("Other.",))
    item = edition(story(part)).new[0]
    assert (item.headline, item.wider) == ("", "Europe Builds")
    assert item.sentences == ("In the U.K., a firm builds in Hull.",)
    assert item.title == "In the U.K., a firm builds in Hull."


def test_the_first_sentence_of_a_passage_stands_for_it() -> None:
    first, second = (
        "In the U.K., the port of Hull will buy 64 GPUs and a crane that sees.",
        "It opens in May, " + "we hear " * 25,
    )
    text = f"- {first} {second}"
    part = version(title="Ports", text=text, level=Level.PART, passages=((6, 6 + len(text)),), summary=(first,))
    item = edition(story(part)).new[0]
    assert (item.title, item.more) == (first, second.strip())
    assert item.said == f"{first} {second.strip()}"


def test_who_where_and_topics_are_the_best_versions_and_what_others_agree_on() -> None:
    english = version(
        tags=(
            tag(TagKind.PERSON, "Carys Pritchard"),
            tag(TagKind.ORGANISATION, "Nscale"),
            tag(TagKind.PLACE, "Newport"),
            tag(TagKind.TOPIC, "climate-energy"),
        )
    )
    both = (tag(TagKind.ORGANISATION, "Nscale"), tag(TagKind.ORGANISATION, "techUK"))
    first = french(tags=(*both, tag(TagKind.PERSON, "Mme Pritchard")))
    second = version("https://de.example/a", source="de", language="de", tags=both)
    item = edition(story(english, first, second)).new[0]
    assert item.who == ("Carys Pritchard", "Nscale", "techUK")
    assert item.where == ("Newport",)
    assert item.topics == ("climate energy",)


def test_the_news_itself_before_news_in_passing_then_by_weight_then_by_time() -> None:
    stories = [
        story(version("https://e.example/part", level=Level.PART, facts=(money(9e9),)), id="part"),
        story(version("https://e.example/small", facts=(money(1e6),)), id="small"),
        story(version("https://e.example/old", published_at=NOON - timedelta(days=1)), id="old"),
        story(version("https://e.example/large", facts=(money(2e9),)), id="large"),
        story(version("https://e.example/young"), id="young"),
    ]
    assert [item.story for item in edition(*stories).new] == ["large", "small", "young", "old", "part"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({}, ["focus", "part"]),
        ({"levels": (Level.FOCUS,)}, ["focus"]),
        ({"topics": ("quantum",)}, ["focus"]),
        ({"languages": ("fr",)}, ["part"]),
        ({"topics": ("policy",)}, []),
    ],
)
def test_the_filter(asked: dict[str, Any], kept: list[str]) -> None:
    stories = [
        story(version("https://e.example/1", tags=(tag(TagKind.TOPIC, "quantum"),)), id="focus"),
        story(french(level=Level.PART), id="part"),
        story(version("https://e.example/3", level=Level.MENTION), id="mention"),
    ]
    assert [item.story for item in edition(*stories, plan=plan(**asked)).new] == kept


def test_what_was_told_is_not_told_again_and_what_changed_is_an_update() -> None:
    first = version(facts=(money(2e9),))
    same, changed = story(version("https://e.example/same"), id="same"), story(first, id="changed")
    known = told(same, changed)
    renamed = replace(first, changes=(change(ChangeKind.RETITLED, "Firm Plans", first.article.title),))
    built = edition(same, story(renamed, id="changed"), story(version("https://e.example/n"), id="new"), told=known)
    assert [item.story for item in built.new] == ["new"]
    assert [item.story for item in built.updated] == ["changed"]
    assert built.updated[0].notes == ("New headline. The Newsroom first had: “Firm Plans”",)
    assert set(built.states) == {"new", "changed"}
    assert built.count == "1 new story, 1 updated"


@pytest.mark.parametrize(
    ("days", "first_edition", "is_told"),
    [(3, True, True), (6, True, True), (20, True, False), (20, False, True), (60, False, False)],
)
def test_late_news_is_told_and_history_is_not(days: int, first_edition: bool, is_told: bool) -> None:
    late = story(version("https://e.example/late", published_at=NOON - timedelta(days=days)), id="late")
    known = {} if first_edition else told(story(id="another"))
    # Before anything was told there may have been silent editions, so `since` says little.
    assert (
        bool(edition(late, told=known, since=UNTIL - timedelta(days=1), plan=plan(look_back=timedelta(days=10))).new)
        is is_told
    )


@pytest.mark.parametrize(
    ("stories", "subject"),
    [
        (0, "Nothing new · AI in the United Kingdom"),
        (1, "Firm Builds AI Factory in Newport · AI in the United Kingdom"),
        (3, "Firm Builds AI Factory in Newport (+2 more) · AI in the United Kingdom"),
    ],
)
def test_the_subject(stories: int, subject: str) -> None:
    built = edition(*(story(version(f"https://e.example/{n}"), id=str(n)) for n in range(stories)))
    assert built.subject == subject


def test_a_subject_is_short_and_one_line() -> None:
    built = edition(story(version(title="Firm\r\nBcc: all@example.org " + "builds factories " * 40)))
    assert len(built.subject) < 150
    assert "\n" not in built.subject
    assert "\r" not in built.subject


def test_the_footer_names_what_is_ill_and_what_was_not_delivered() -> None:
    built = edition(
        health=[
            SourceHealth(source="fr", state="blocked", message="It answers 403 since Monday."),
            SourceHealth(source="newsroom", state="ok", message=""),
        ],
        failed=[
            Delivery(id=1, digest_id=1, recipient="mailto:jo.smith@example.org", state="given up", error="No mailbox."),
            Delivery(id=2, digest_id=1, recipient="slack://secret-token/a/b", state="given up", error="Refused."),
        ],
    )
    assert built.ill == ("Blog France: It answers 403 since Monday.",)
    assert built.undelivered == (
        "An edition for j…@example.org was given up: No mailbox.",
        "An edition for slack://… was given up: Refused.",
    )
    assert "digests.yaml" in built.why[1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Plain & simple, 5 < 6", "Plain & simple, 5 < 6"),
        ("A <b>bold</b> claim", "A bold claim"),
        ("Hidden<script>alert(1)</script> text", "Hidden text"),
        ("Two\r\nlines\x00 and\u2028three", "Two lines and three"),
        ("soft\u00adhyphen and \u202eoverride", "softhyphen and override"),
        ("no\u00a0break\u202fhere", "no\u00a0break\u00a0here"),
        ("avec 3 700 entreprises", "avec 3\u00a0700 entreprises"),
        ("in 2025  7 firms", "in 2025 7 firms"),
        ("broken \ud800 half", "broken half"),
        ("👩\u200d🔬 science", "👩\u200d🔬 science"),
    ],
)
def test_texts_become_plain(given: str, expected: str) -> None:
    assert plain(given) == expected


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://e.example/a", "https://e.example/a"),
        ("http://127.0.0.1:8800/a", "http://127.0.0.1:8800/a"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,<b>", ""),
        ("//e.example/a", ""),
        ("https://user@e.example/", ""),
        ("https://e.example/a\r\nb", ""),
        ("https://e.example/" + "a" * 3000, ""),
    ],
)
def test_only_web_addresses_are_linked(url: str, linked: str) -> None:
    assert link(url) == linked


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        (NOON, "Fri 18 Sep 2026, 13:00 BST"),
        (NOON.replace(hour=0), "Fri 18 Sep 2026"),  # the source names a day
        (None, "no date given; first seen Fri 18 Sep 2026, 13:09 BST"),
    ],
)
def test_times_are_the_digests(published: datetime | None, shown: str) -> None:
    assert edition(story(version(published_at=published))).new[0].when == shown


def test_a_zone_without_a_name_shows_its_offset() -> None:
    assert stamp(NOON, ZoneInfo("Asia/Dubai")) == "Fri 18 Sep 2026, 16:00 UTC+04"


def test_text_that_is_not_from_the_page_says_so() -> None:
    item = edition(story(version(via="feed", note="The page answered 403; this is the feed's text."))).new[0]
    assert item.notes == ("The page answered 403; this is the feed's text.",)


def test_a_story_without_a_summary_shows_its_opening() -> None:
    assert edition(story(version(summary=()))).new[0].sentences == ("A firm will build an AI factory in Newport.",)


def test_an_article_of_endless_text_fills_no_mail() -> None:
    endless = version(
        title="w " * 9000,
        summary=("word " * 9000,) * 3,
        tags=tuple(tag(TagKind.ORGANISATION, f"Firm {n}") for n in range(500)),
        facts=tuple(fact("gpus", 1000 * n, "gpu", "GPUs") for n in range(1, 300)),
    )
    item = edition(story(endless)).new[0]
    assert sum(map(len, item.sentences)) < 2200
    assert item.who[-1] == "484 more"
