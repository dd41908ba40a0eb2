"""What a name is worth where it stands, and how the verdict argues with it."""

import pytest

from pipelines.tagging import facts
from presswatch.models import Fact, Level
from tests.pipelines.marked import judge

BODY = "Robots learn in simulation on 40 GPUs.\nIn {-country Peru}, a port hires 90 people."


def _argued(passage: str, words: str) -> list[str]:
    """The reasons given for the words `words` of `passage`."""
    verdict = judge("Five Ways to Train a Robot", f"{BODY}\n{passage}").verdict
    return [reason.text for reason in verdict.reasons if reason.quote == words]


@pytest.mark.parametrize(
    ("passage", "words", "said"),
    [
        ("We are in {-country Chile}, the {country UK=United Kingdom} and {-country Peru}.", "UK", "several names"),
        ("The {place Leeds} company {organisation Tarn} was there.", "Leeds", "only tells where a company sits"),
        ("Tarn, the {place Leeds}, {place Fife}-based maker of robots, was there.", "Leeds", "where a company sits"),
        ("{organisation Tarn}, based in {place Leeds}, was there.", "Leeds", "only tells where a company sits"),
        ("The robot's hand comes from a supplier in {place Leeds}.", "Leeds", "only tells where a company sits"),
        ("Among the customers are mills in {place Leeds}, Hinwil and Maranello.", "Leeds", "one of several names"),
        ("Its customers include {institution Tarn Library}.", "Tarn Library", "one of several names"),
        ("In March the robots went to two {place Leeds} customers.", "Leeds", "only tells where a company sits"),
        ("A supplier in {place Leeds} will build 40 robots.", "Leeds", "A passage is about Leeds"),
        ("{organisation Tarn} was there.", "Tarn", "A passage names Tarn, an organisation of"),
        ("In {place Thurso}, 900 GPUs will be installed in spring.", "Thurso", "A passage is about Thurso"),
        ("In {place Thurso}, £4 million will pay for robots.", "£4 million", "in the country's currency"),
        ("In {place Thurso}, 90 people will be hired for robots.", "90 people", "commits to a figure"),
        ("A mill in {-place Perth|Australia is named too} sorts.", "Perth", "Perth here is not in the United Kingdom"),
    ],
)
def test_standing(passage: str, words: str, said: str) -> None:
    assert any(said in text for text in _argued(passage, words)), _argued(passage, words)


def test_what_is_named_again_is_argued_once() -> None:
    passage = "{organisation Tarn} was there. {organisation Tarn} danced, and {organisation Tarn} sang."
    assert len(_argued(passage, "Tarn")) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "She has a PhD in machine learning from {institution Tarn}, where she worked, and trains 40 robots."),
        ("it", "Ha un dottorato in apprendimento automatico all’{institution Tarn}, dove lavorava a 40 robot."),
        ("pt", "Concluiu o doutorado em robótica no {institution Tarn} e treina 40 robôs."),
        ("en", "Maeve {person Foss}, trained at {institution Tarn} before she built 40 robots, trains more."),
        ("en", "Raised on a farm in {place Thurso}, she leads a group that trains robots in {-country Peru}."),
        ("fr", "Formé au lycée, puis passé par {institution Tarn}, dans le {place Fife}, il taille avec 40 robots."),
        ("fr", "Elle est docteure de l’{institution Tarn}, où elle a formé 40 robots."),
        ("pt", "É doutora em robótica pela {institution Tarn}, onde treinou 40 robôs."),
    ],
)
def test_where_somebody_studied_is_no_news(language: str, text: str) -> None:
    assert judge("A robot picks apples", text, language).verdict.level in (Level.MENTION, Level.NONE)


def test_figures_are_read_only_in_paragraphs_that_can_tell_them(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(document: str, spans: list[tuple[int, int]], language: str) -> tuple[Fact, ...]:
        read.extend(document[start:end] for start, end in spans)
        return found(document, spans, language)

    found = facts.find
    monkeypatch.setattr(facts, "find", noted)
    elsewhere = "In {-country Peru}, a port will hire 90 people and install 700 GPUs for £4 million."
    judge("Five Ways to Train a Robot", f"{elsewhere}\n{elsewhere.replace('Peru', 'Chile')}")
    assert read == []
    judge("Five Ways to Train a Robot", f"{elsewhere}\nIn {{place Thurso}}, 900 GPUs will be installed for robots.")
    assert sorted(read) == ["Five Ways to Train a Robot", "In Thurso, 900 GPUs will be installed for robots."]


def test_a_month_is_no_town() -> None:
    assert _argued("In {place March}, 900 GPUs will be installed for 3 robots.", "March") == []


def test_what_is_missing_is_said() -> None:
    verdict = judge("Five Ways to Train a Robot", BODY + "\nA robot dances in {place Thurso}.").verdict
    assert any(reason.text.startswith("Missing for news of its own:") for reason in verdict.reasons)
