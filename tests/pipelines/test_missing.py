"""What is missing to the next level: what is promised is tried, and holds."""

import pytest

from pipelines import missing
from presswatch.models import Level
from tests.pipelines import marked

TITLE = "Five Ways to Train a Robot"
WIDER = (
    "Robots learn with AI in simulation first.\nIn {-country Peru}, a port tests 90 arms.\n"
    "A harbour in {-country Chile} moves containers by itself. Engineers in {-country Canada} will follow in spring.\n"
)


def told(title: str, text: str) -> tuple[Level, str]:
    """The level of a marked article, and what is missing to the next one."""
    judged = marked.judge(title, text)
    return judged.verdict.level, " ".join(missing.missing(judged.found, judged.verdict, marked.knowledge().watch))


@pytest.mark.parametrize(
    ("before", "promise", "after"),
    [
        pytest.param(
            "{place Leeds} likes robots.",
            "A sum or another count in the sentence about Leeds would make this part.",
            "{place Leeds} likes robots, 400 of them.",
            id="a count",
        ),
        pytest.param(
            "The {organisation Peregrine Silicon} robots opened {place Leeds} in May.",
            "A sum, a count, a site, a date or a named partner in the sentence about Leeds would make this part.",
            "The {organisation Peregrine Silicon} robots opened {place Leeds} in May with {organisation Tarn}.",
            id="a partner",
        ),
        pytest.param(
            "AI Day {place Leeds} drew 900 developers, who like it.",
            "word for what is done there (opens, invests, deploys) in the sentence about Leeds",
            "{place Leeds} opens a robot school with 900 places.",
            id="a deed",
        ),
        pytest.param(
            "Visitors came from {-country Norway}, {-country Spain} and the {country United Kingdom}.",
            "The United Kingdom is nowhere the ground of a sentence",
            "The {country United Kingdom} opens a robot school with 400 places.",
            id="a sentence of its own",
        ),
        pytest.param(
            "{organisation Peregrine Silicon} opened its model to 45 lands.",
            "A place or public body of the United Kingdom, or a sum or count that the company commits to in the",
            "{organisation Peregrine Silicon} opened its laboratory in {place Leeds} to 45 students.",
            id="a place beside the company",
        ),
    ],
)
def test_from_mention_to_part(before: str, promise: str, after: str) -> None:
    level, said = told(TITLE, WIDER + before)
    assert level == Level.MENTION
    assert promise in said
    assert said.endswith("would make this part.")
    assert told(TITLE, WIDER + after)[0] == Level.PART


PART = "The port of {place Leith} will install 300 GPUs for its robots, paid with £4 million."


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("{place Leith} Trains Robots", WIDER + PART, id="the headline"),
        pytest.param(TITLE, PART + "\n" + WIDER, id="the opening"),
        pytest.param(
            TITLE,
            f"Robots learn with AI in simulation first.\nIn {{-country Peru}}, a port tests 90 arms.\n{PART}\n"
            "{place Leith} then opens a school for 40 of them. {place Leith} will hire 70 people for it.",
            id="more of it",
        ),
    ],
)
def test_from_part_to_focus(title: str, text: str) -> None:
    level, said = told(TITLE, WIDER + PART)
    assert level == Level.PART
    assert "A headline about the United Kingdom, or its news in the opening paragraph, would make this focus." in said
    assert "So would more of it: 20% of the sentences are about the United Kingdom, 50% are needed." in said
    assert told(title, text) == (Level.FOCUS, "")


def test_from_none_to_mention() -> None:
    level, said = told(TITLE, WIDER)
    assert level == Level.NONE
    assert said.startswith("A place, public body, organisation or person of the United Kingdom would be needed.")
    assert told(TITLE, WIDER + "{place Leeds} waits.")[0] == Level.MENTION
    level, said = told("Bread Is Warm", "In {place Leeds} 40 bakers opened a bakery for £4 million.")
    assert level == Level.NONE
    assert said.startswith("More words of the subject, 'AI in the United Kingdom', would be needed")
    assert said.endswith("That would make this a mention.")
    assert told("Bread Is Warm", "Nothing.")[1].endswith("Both would make this a mention.")


@pytest.mark.parametrize("case", marked.cases(), ids=lambda case: case["id"])
def test_there_is_always_a_way_up_but_from_the_top(case: dict[str, str]) -> None:
    judged = marked.judge(case["title"], case["text"], case["language"])
    said = missing.missing(judged.found, judged.verdict, marked.knowledge().watch)
    assert bool(said) == (judged.verdict.level is not Level.FOCUS)
