"""The text of an edition, and its short form for chat services."""

from hypothesis import given
from hypothesis import strategies as st

from presswatch.digests import plain
from presswatch.digests.build import build
from presswatch.digests.edition import Edition
from presswatch.models import Level, Story
from tests.digests.stories import SINCE, UNTIL, digest, fact, money, plan, story, version


def edition(*stories: Story) -> Edition:
    return build(plan(), stories, {}, edition="2026-09-21T06:00Z", since=SINCE, until=UNTIL, now=UNTIL)


def text(*stories: Story) -> str:
    return plain.text(edition(*stories), full=len(stories), listed=len(stories))


ENGLISH = story(
    version(
        title="A Firm with a Rather Long Name Builds a Factory for AI in the Old Steelworks of Newport in Wales",
        facts=tuple(fact("gpus", n * 1000, "gpu", "…", "up to") for n in range(1, 7)),
    ),
    id="s1",
)
JAPANESE = story(
    version(
        "https://jp.example/a",
        language="ja",
        title="英国の大学、創薬に向けた大規模言語モデルを十二の病院で試験的に導入すると発表（新薬の開発を加速）",
        summary=("大学は「病院と共に進める」と発表した。", "投資額は二十億ポンド。"),
        facts=(money(2e9, "二十億ポンド"),),
    ),
    id="s2",
)
PART = story(version("https://e.example/p", level=Level.PART, title="Europe Builds", passages=()), id="s3")


def test_lines_are_at_most_78_columns_and_addresses_whole() -> None:
    long = "https://newsroom.example/" + "path-" * 30
    shown = text(ENGLISH, JAPANESE, PART, story(version(long), id="s4"))
    assert long in shown.splitlines()[-7].strip() or f"   {long}" in shown.splitlines()
    for line in shown.splitlines():
        assert plain.columns(line) <= 78 or "://" in line, line


def test_no_figure_is_broken_at_the_end_of_a_line() -> None:
    lines = [line for line in text(ENGLISH).splitlines() if "GPU" in line]
    assert len(lines) > 1
    assert all(line.replace("up to", "").count("GPUs") == line.count("up to") for line in lines)


def test_full_width_lines_do_not_begin_with_a_stop_or_end_with_an_opening_bracket() -> None:
    for line in text(JAPANESE).splitlines():
        assert line.strip()[:1] not in {"。", "、", "」", "）"}
        assert line.rstrip()[-1:] not in {"「", "（"}


def test_sentences_of_scripts_without_spaces_are_joined_without_one() -> None:
    assert "発表した。投資額は" in text(JAPANESE)


@given(st.text(max_size=300))
def test_wrapping_loses_nothing(given: str) -> None:
    given = " ".join(given.split()).replace("\u00a0", " ")
    wrapped = plain.wrap(given, "   ")
    assert "".join("".join(wrapped).split()) == "".join(given.split())


def test_the_short_form_is_headline_figures_and_address() -> None:
    short = plain.chat(digest(text=text(ENGLISH, JAPANESE, PART)))
    assert short.split("\n\n") == [
        f"{JAPANESE.versions[0].article.title} [Japanese]\n£2 billion\nhttps://jp.example/a",
        f"{ENGLISH.versions[0].article.title}\n"
        "up to 6,000 GPUs · up to 5,000 GPUs · up to 4,000 GPUs · up to 3,000 GPUs · up to 2,000 GPUs · "
        "up to 1,000 GPUs\nhttps://newsroom.example/news/a",
        "A firm will build an AI factory in Newport.\nhttps://e.example/p",
    ]


def test_the_short_form_fits_and_counts_what_it_leaves_out() -> None:
    stories = [story(version(f"https://e.example/{n}"), id=str(n)) for n in range(60)]
    short = plain.chat(digest(text=text(*stories)))
    assert len(short) <= 1900
    shown = short.count("https://")
    assert short.endswith(f"… and {60 - shown} more.")


def test_the_short_form_of_an_empty_edition_is_its_subject() -> None:
    empty = text()
    assert "Nothing new was published since Mon 14 Sep 2026, 13:00 BST." in " ".join(empty.split())
    assert plain.chat(digest(text=empty, subject="Nothing new")) == "Nothing new"


def test_the_short_form_calls_nobody_and_commands_nothing() -> None:
    short = plain.chat(digest(text=text(story(version(title="@everyone <!channel> look <@U123>")))))
    assert "@everyone" not in short
    assert "<" not in short
