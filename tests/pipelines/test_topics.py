"""Topics are earned by sentences of the news, and by none in passing."""

from typing import Any

import pytest

from presswatch.models import Level
from tests.pipelines.marked import cases, judge, knowledge

TOLD = [case for case in cases() if case["level"] in ("focus", "part")]


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["id"])
def test_main_topics(case: dict[str, Any]) -> None:
    judged = judge(case["title"], case["text"], case["language"])
    assert set(case["topics"]) <= {tag.name for tag in judged.topics}


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["id"])
def test_each_quotes_its_sentence(case: dict[str, Any]) -> None:
    judged = judge(case["title"], case["text"], case["language"])
    for tag in judged.topics:
        assert judged.article.document[tag.start : tag.end] == tag.quote
        assert tag.quote


@pytest.mark.parametrize("case", [c for c in cases() if c not in TOLD], ids=lambda case: case["id"])
def test_untold_articles_have_none(case: dict[str, Any]) -> None:
    assert judge(case["title"], case["text"], case["language"]).topics == ()


def test_the_twenty_topics() -> None:
    assert [topic.id for topic in knowledge().topics.topics] == [
        "investment", "infrastructure", "supercomputing", "quantum", "robotics", "autonomous-vehicles", "research",
        "models", "healthcare", "climate-energy", "skills", "startups", "policy", "public-services", "finance",
        "telecoms", "security", "manufacturing", "media", "corporate",
    ]  # fmt: skip


def _topics(text: str, language: str = "en") -> set[str]:
    return {tag.name for tag in judge("News", text, language).topics}


def test_organisations_speak_of_topics_in_every_language() -> None:
    text = "L’hôpital {organisation Fenwick Hospital} de {place Thurso} installe en mai 40 GPU pour ses médecins."
    assert "healthcare" in _topics(text, "fr")


def test_great_figures_speak_of_topics() -> None:
    text = "{organisation Tarn} will spend £900 million on 40,000 GPUs in {place Thurso} to train AI."
    assert {"investment", "infrastructure"} <= _topics(text)


def test_a_sum_alone_is_no_investment() -> None:
    priced = "{organisation Tarn} of {place Thurso} launched a robot in May. One like it lifts £40 million a year."
    assert "investment" not in _topics(priced)
    assert "investment" in _topics("{organisation Tarn} will invest £40 million in robots in {place Thurso} from May.")
    assert "investment" in _topics("In {place Thurso} fließen 40 Mio. Pfund in Roboter von {organisation Tarn}.", "de")


def test_a_fund_that_invests_is_no_news_of_finance() -> None:
    text = (
        "The insurer {organisation Tarn Mutual} will invest £40 million in a round for robots in {place Thurso} in May."
    )
    assert "investment" in _topics(text)
    assert "finance" not in _topics(text)


def test_people_who_are_trained_are_skills() -> None:
    assert "skills" in _topics("{organisation Tarn} trained 380 welders on a course for robots in {place Thurso}.")


def test_the_river_bank_is_no_bank() -> None:
    assert "finance" not in _topics("{place Thurso} opens a lab for 40 robots on the South Bank in May.")


def test_wider_news_lends_no_topic_to_a_part() -> None:
    judged = judge(
        "Banks Teach Models to Read Money",
        "Banks train language models on payments.\n"
        "In {-country Peru}, a bank stops fraud on 90 GPUs.\n"
        "A robot maker in {place Thurso} will place 40 robots in the harbours of {place Wick} this spring.\n"
        "Insurers in {-country Canada} follow.",
    )
    assert judged.verdict.level == Level.PART
    names = {tag.name for tag in judged.topics}
    assert "robotics" in names
    assert "finance" not in names


def test_a_sentence_that_commits_needs_no_share_of_a_long_article() -> None:
    robots = (
        "{organisation Tarn} of {place Thurso} launched 40 robots in May. " + "A robot walks. A humanoid waits. " * 4
    )
    trains = "The firm will train 60 welders to work beside them in {place Thurso}."
    assert "skills" not in _topics(robots)
    assert "skills" in _topics(robots + trains)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("{organisation Tarn} formera 60 soudeurs à {place Thurso}, en mai, à côté de 40 robots.", "fr"),
        ("{organisation Tarn} schult ab Mai in {place Thurso} 60 Beschäftigte an 40 neuen Robotern.", "de"),
        ("{organisation Tarn} formará a 60 trabajadores en {place Thurso} en mayo con 40 robots.", "es"),
    ],
)
def test_training_people_is_a_topic_and_training_a_model_is_none(text: str, language: str) -> None:
    assert "skills" in _topics(text, language)
    assert "skills" not in _topics("{organisation Tarn} trained a robot on 60 GPUs in {place Thurso} in May.")


def test_many_people_alone_are_no_training() -> None:
    assert "skills" not in _topics("{organisation Tarn} of {place Thurso} treats 600 patients a week with AI from May.")
