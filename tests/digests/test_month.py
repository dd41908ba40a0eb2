"""The bars of the month: counted by what the digest tells of, the same in both forms of the mail, and harmless."""

from dataclasses import replace

import lxml.html

from presswatch.digests.build import build
from presswatch.digests.edition import Edition, Labels, Month
from presswatch.digests.month import month
from presswatch.digests.plain import chat
from presswatch.digests.render import render
from presswatch.models import Level, Story, TagKind
from tests.digests.stories import SINCE, UNTIL, digest, plan, story, tag, version


def about(number: int, *topics: str, level: Level = Level.FOCUS, language: str = "en") -> Story:
    tags = tuple(tag(TagKind.TOPIC, topic) for topic in topics)
    found = version(f"https://e.example/{number}", tags=tags, level=level, language=language)
    return story(found, id=f"s{number}")


LATELY = [
    about(1, "quantum", "skills"),
    about(2, "quantum"),
    about(3, "quantum"),
    about(4, "skills"),
    about(5, "media"),
]


def made(*stories: Story, **given: object) -> Month:
    found = month(plan(**given), stories, Labels())
    assert found is not None
    return found


def edition(lately: list[Story], pages: str = "") -> Edition:
    times = {"edition": "2026-09-21T06:00Z", "since": SINCE, "until": UNTIL, "now": UNTIL}
    return build(plan(), [story()], {}, **times, lately=lately, pages=pages)  # type: ignore[arg-type]


def test_the_most_frequent_topic_has_the_longest_bar() -> None:
    found = made(*LATELY)
    assert found.stories == 5
    assert [(bar.label, bar.count, bar.width) for bar in found.bars] == [
        ("quantum", 3, 100),
        ("skills", 2, 67),
        ("media", 1, 33),
    ]


def test_a_topic_counts_once_a_story_however_many_versions_have_it() -> None:
    twice = story(
        version("https://e.example/a", tags=(tag(TagKind.TOPIC, "quantum"),)),
        version("https://e.example/b", tags=(tag(TagKind.TOPIC, "quantum"),), language="fr"),
    )
    assert made(twice, about(2, "quantum"), about(3)).bars[0].count == 2


def test_what_the_digest_does_not_tell_of_is_not_counted() -> None:
    others = [about(6, "media", level=Level.MENTION), about(7, "media", language="fr")]
    assert made(*LATELY, *others, languages=("en",)).stories == 5
    assert made(*LATELY, about(8, "media", level=Level.PART), levels=(Level.FOCUS,)).stories == 5
    assert made(*LATELY, topics=("quantum", "media")).stories == 4


def test_two_stories_are_no_month() -> None:
    assert month(plan(), LATELY[:2], Labels()) is None
    assert "The last 30 days" not in render(edition(LATELY[:2])).html


def test_both_forms_of_the_mail_show_it() -> None:
    rendered = render(edition(LATELY, "https://watch.example/"))
    page = lxml.html.fromstring(rendered.html)
    cells = page.cssselect("td.bar")
    assert [cell.get("width") for cell in cells] == ["100%", "67%", "33%"]
    # Outlook reads the attribute, everybody else the style.
    assert all(cell.get("bgcolor") == "#14594a" and "background-color" in cell.get("style") for cell in cells)
    assert not page.cssselect("img, svg")
    assert page.cssselect('a[href="https://watch.example/ledger"]')
    assert "   quantum  ■■■■■■■■■■■■■■■■■■■■ 3\n   skills   ■■■■■■■■■■■■■ 2\n" in rendered.text
    assert "https://watch.example/ledger" in rendered.text


def test_without_pages_there_is_no_link() -> None:
    assert "ledger" not in render(edition(LATELY)).html


def test_chat_does_not_take_it_for_a_story() -> None:
    with_bars, without = render(edition(LATELY)).text, render(edition([])).text
    assert chat(replace(digest(), text=with_bars)) == chat(replace(digest(), text=without))


def test_a_hostile_topic_is_text() -> None:
    hostile = [about(n, '"><script>alert(1)</script>') for n in range(3)]
    assert "<script" not in render(edition(hostile)).html
