"""The names and figures that belong to the news, and none of its surroundings."""

from typing import Any

import pytest

from presswatch.models import Level, TagKind
from tests.pipelines.marked import cases, judge

TOLD = [case for case in cases() if case["level"] in ("focus", "part")]


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["id"])
@pytest.mark.parametrize(
    ("key", "kind"),
    [("organisations", TagKind.ORGANISATION), ("people", TagKind.PERSON), ("places", TagKind.PLACE)],
)
def test_names(case: dict[str, Any], key: str, kind: TagKind) -> None:
    assert judge(case["title"], case["text"], case["language"]).names(kind) == set(case[key])


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["id"])
def test_facts(case: dict[str, Any]) -> None:
    judged = judge(case["title"], case["text"], case["language"])
    assert {(f.kind, f.value, f.unit) for f in judged.facts} == {tuple(fact) for fact in case["facts"]}


@pytest.mark.parametrize("case", [c for c in cases() if c not in TOLD], ids=lambda case: case["id"])
def test_nothing_of_articles_that_are_not_told(case: dict[str, Any]) -> None:
    judged = judge(case["title"], case["text"], case["language"])
    assert (judged.tags, judged.facts, judged.summary) == ((), (), ())


def test_a_worldwide_figure_is_not_the_country_s() -> None:
    judged = judge(
        "{organisation Tarn} Builds in {place Thurso}",
        "{organisation Tarn} will install 300,000 GPUs worldwide, and in {place Thurso} it will install 60,000 GPUs.",
    )
    assert [fact.value for fact in judged.facts] == [60000]


def test_a_share_of_a_worldwide_figure_is_the_country_s() -> None:
    judged = judge(
        "{organisation Tarn} Builds in {place Thurso}",
        "{organisation Tarn} will install 40 GPUs in {place Thurso} today. It has ordered more than 300,000 GPUs"
        " worldwide, 60,000 of them for the halls in the {country UK=United Kingdom}.",
    )
    assert [fact.value for fact in judged.facts] == [40, 60000]


def test_a_figure_that_stood_elsewhere_before_is_the_country_s_where_it_is_said_of_it() -> None:
    judged = judge(
        "Robots in Harbours",
        "{-organisation Foss} will install 900 GPUs in {-country Peru} for its robots, and more in {-country Chile}.\n"
        "{organisation Tarn} will install 900 GPUs in {place Thurso}, up to 3,000 GPUs later, for its robots.",
    )
    assert [(fact.value, fact.qualifier) for fact in judged.facts] == [(900, ""), (3000, "up to")]


def test_of_a_figure_the_careful_statement_is_told() -> None:
    judged = judge(
        "{organisation Tarn} Puts 900 GPUs into {place Thurso}",
        "{organisation Tarn} will install up to 900 GPUs in {place Thurso} for its robots.",
    )
    assert [(fact.value, fact.qualifier) for fact in judged.facts] == [(900, "up to")]


def test_a_country_that_a_sentence_begins_with_has_all_of_its_figures() -> None:
    judged = judge(
        "{organisation Tarn} Builds in {place Thurso}",
        "{organisation Tarn} will install 900 GPUs in {place Thurso} for its robots.\n"
        "In {-country Peru} four universities of the mountains share one computer with 480 GPUs for which they all"
        " together, in the course of many years, paid £32 million.",
    )
    assert [fact.value for fact in judged.facts] == [900]


def test_where_an_investor_sits_takes_no_sum_from_the_news() -> None:
    judged = judge(
        "{organisation Tarn} Raises $60 Million",
        "{organisation Tarn} raised $60 million to train robots today, led by the {-place Boston}-based fund"
        " {-organisation Foss}. It is at home in {place Thurso} with 900 GPUs.",
    )
    assert [fact.value for fact in judged.facts] == [60_000_000, 900]


def test_partners_count_and_the_publisher_does_not() -> None:
    judged = judge(
        "{-organisation NVIDIA} and {-organisation Boreal Cloud} Build in {place Thurso}",
        "{-organisation NVIDIA} and {-organisation Boreal Cloud} will install 900 GPUs in {place Thurso} this spring.",
    )
    assert judged.names(TagKind.ORGANISATION) == {"Boreal Cloud"}


@pytest.mark.parametrize(
    ("behind", "people"),
    [
        ("“It works, and it works every day of the week,” said {-person Ada Tarn}, who leads it.", {"Ada Tarn"}),
        ("“It works, and it works every day of the week,” said {-person Ada Tarn} at NVIDIA.", set()),
        ("“It works, and it works every day of the week,” said {-person Ada Tarn} in {-country Peru}.", set()),
        ("{-person Ada Tarn} grows apples.", set()),
        ("## Peru: apples\n“It works, and it works every day of the week,” said {-person Ada Tarn}.", set()),
    ],
)
def test_who_speaks_behind_an_item_of_news_speaks_of_it(behind: str, people: set[str]) -> None:
    behind = behind.replace("{-person Ada Tarn} at NVIDIA", "{-person Ada Tarn|speaks for NVIDIA} at NVIDIA")
    judged = judge(
        "Robots Pick Fruit in Four Countries",
        "In {-country Peru}, a port tests 90 robots.\nIn {-country Chile}, another tests 80.\n"
        "In {place Thurso}, {organisation Tarn} will install 900 GPUs this spring to train its robots.\n"
        f"{behind}\nIn {{-country Spain}}, 70 robots are tested.",
    )
    assert judged.verdict.level is Level.PART
    assert judged.names(TagKind.PERSON) == people


@pytest.mark.parametrize(
    ("follows", "organisations"),
    [
        ("In March it will install 900 GPUs in {place Thurso} to train its robots.", {"Foss"}),
        ("The company will install 900 GPUs in {place Thurso} to train its robots.", {"Foss"}),
        ("Another will install 900 GPUs in {place Thurso} to train its robots.", set()),
    ],
)
def test_who_acts_may_stand_in_the_sentence_before(follows: str, organisations: set[str]) -> None:
    judged = judge(
        "Robots Pick Fruit in Four Countries",
        "In {-country Peru}, a port tests 90 robots.\nIn {-country Chile}, another tests 80.\n"
        f"The {{-demonym Danish}} maker {{-organisation Foss}} has gone further. {follows}\n"
        "In {-country Spain}, 70 robots are tested.",
    )
    assert judged.verdict.level is Level.PART
    assert judged.names(TagKind.ORGANISATION) == organisations


@pytest.mark.parametrize(
    ("between", "organisations"),
    [
        ("指先は毎秒 2 万件の信号を送ります。", {"Tarn"}),
        ("指先は {-organisation フォス=Foss} と {-organisation グラ=Gla} が試します。", set()),
        ("## 次の話\n指先は毎秒 2 万件の信号を送ります。", set()),
    ],
)
def test_the_company_is_the_one_that_was_named_last(between: str, organisations: set[str]) -> None:
    judged = judge(
        "ロボットの手",
        "手は人間に残ります。\n{-country ペルー}でも試されました。\n{organisation ターン=Tarn} は 64 人です。\n"
        f"{between}\n次の話です。同社は 4 月、{{place サーソー=Thurso}}に試験場を開き、900 基の GPU を導入します。"
        + "\n{-country チリ}の港でもロボットが試されました。"
        * 4,
        "ja",
    )
    assert judged.names(TagKind.ORGANISATION) == organisations


def test_where_a_clause_says_which_the_figure_is_of_that_place() -> None:
    judged = judge(
        "Une machine à {place Thurso}",
        "Le supercalculateur de {place Thurso} ouvre aujourd’hui avec 900 GPU. L’équipe s’est inspirée de l’hôpital de"
        " {-place Bergen}, qui exploite 300 GPU depuis 2024.",
        "fr",
    )
    assert [fact.value for fact in judged.facts] == [900]


def test_people_whom_another_sentence_hires_are_jobs() -> None:
    judged = judge(
        "{organisation Tarn} Builds in {place Thurso}",
        "{organisation Tarn} will open a hall of 900 GPUs in {place Thurso}. It is a place for 130 people.\n"
        "{organisation Tarn} will hire 130 engineers in {place Thurso}.",
    )
    assert [(fact.kind, fact.value) for fact in judged.facts] == [("gpus", 900), ("jobs", 130)]


def test_the_government_of_the_news_is_the_country_s() -> None:
    judged = judge(
        "A Machine for {place Thurso}",
        "The supercomputer in {place Thurso} opens today with 900 GPUs. The government paid £40 million for it.",
    )
    assert "UK Government" in judged.names(TagKind.ORGANISATION)


def test_another_government_is_not_the_country_s() -> None:
    judged = judge(
        "A Machine for {place Thurso}",
        "Le supercalculateur de {place Thurso} ouvre aujourd’hui avec 900 GPU. Il sert la France et {-government le"
        " gouvernement américain}.",
        "fr",
    )
    assert "UK Government" not in judged.names(TagKind.ORGANISATION)


def test_elsewhere_is_no_place_of_the_news() -> None:
    judged = judge(
        "A Machine for {place Thurso}",
        "The supercomputer in {place Thurso} opens today with 900 GPUs.\nAnother in {-place Bergen} has 10,000 GPUs.",
    )
    assert judged.names(TagKind.PLACE) == {"Thurso"}
    assert [fact.value for fact in judged.facts] == [900]


def test_what_another_country_has_in_comparison_is_no_figure_of_the_news() -> None:
    judged = judge(
        "A Machine for {place Thurso}",
        "The supercomputer in {place Thurso} opens today with 900 GPUs. In comparison, {-country France} has 30,000"
        " GPUs already.",
    )
    assert [fact.value for fact in judged.facts] == [900]


def test_a_country_before_a_body_s_name_is_named() -> None:
    judged = judge(
        "{place Thurso} 的計算機",
        "{government 英国环境署=Environment Agency}今天在{place Thurso}部署 900 块 GPU。",
        "zh",
    )
    assert judged.names(TagKind.PLACE) == {"United Kingdom", "Thurso"}
