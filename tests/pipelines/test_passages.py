"""An article falls into headline, lead, paragraphs, items, headings and boilerplate."""

from datetime import UTC, datetime

import pytest

from pipelines import passages
from presswatch.models import Article


def _article(text: str, title: str = "A title") -> Article:
    return Article(
        url="https://news.example/a",
        source="example",
        language="en",
        title=title,
        text=text,
        first_seen_at=datetime(2027, 1, 1, tzinfo=UTC),
    )


def _kinds(text: str) -> list[str]:
    return [passage.kind for passage in passages.split(_article(text))]


def test_kinds_and_sections() -> None:
    found = passages.split(
        _article("The first paragraph says it.\nThe second adds to it.\n## A heading\n- an item\n- another\nThe end.")
    )
    assert [(p.kind, p.section) for p in found] == [
        ("headline", 0),
        ("lead", 0),
        ("paragraph", 0),
        ("heading", 1),
        ("item", 1),
        ("item", 1),
        ("paragraph", 1),
    ]


def test_offsets_count_in_the_document() -> None:
    article = _article("First there is this.\n\n-  an item with spaces \n## Heading")
    for passage in passages.split(article):
        assert article.document[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "## About NVIDIA\nNVIDIA makes chips in the United Kingdom and elsewhere.",
        "About Graphite Systems\nGraphite Systems of Leeds makes chips.\nIt was founded in York.",
        "À propos de NVIDIA\nNVIDIA conçoit des puces.",
        "## Über NVIDIA\nNVIDIA baut Chips.",
        "## Sobre a NVIDIA\nA NVIDIA faz chips no Reino Unido.",
        "NVIDIAについて\nNVIDIAはチップを作ります。",
        "關於 NVIDIA\nNVIDIA 製造晶片。",
        "Certain statements in this release are forward-looking and carry risks; actual results may differ.",
        "NVIDIA and the NVIDIA logo are trademarks of NVIDIA Corporation in the U.K. and other countries.",
        "© 2027 NVIDIA Corporation. All rights reserved.",
        "Media contact: press@nvidia.example",
        "Learn more about AI in the United Kingdom.",
        "Apprenez-en plus sur l’IA au Royaume-Uni.",
        "Related posts\nLondon gets a new AI factory",
        "## お問い合わせ\n英国の報道関係者はレディング事務所まで",
        "관련 글: 영국, AI 공장에 투자 | 런던의 로봇",
        "Recommended: " + "Robots in Leeds | Robots in Hull | " * 4,
    ],
)
def test_boilerplate_is_no_news(text: str) -> None:
    kinds = _kinds(f"The robots of Hull now sort the post of the whole town.\n{text}")
    assert kinds[:2] == ["headline", "lead"]
    assert set(kinds[2:]) == {"boilerplate"}


@pytest.mark.parametrize(
    "text",
    [
        "About 900 clinicians in the region will be trained to use the tools.",
        "## Sobre a rede\nA rede de Leeds cresce com as novas linhas desta semana.",
        "## About the trial\nForty vans drove through Hull.",
        "Actual results from the field were better than anybody had hoped.",
        "Follow the river north and you come to the laboratory that trains the model, the largest of them in Wales, "
        "with 40 people, three boats, an aquarium and a van that somebody painted like a trout in the summer of 2021.",
    ],
)
def test_news_is_no_boilerplate(text: str) -> None:
    assert "boilerplate" not in _kinds(f"The robots of Hull now sort the post of the whole town.\n{text}")


def test_a_heading_after_the_company_opens_news_again() -> None:
    kinds = _kinds(
        "The first paragraph says it.\nAbout NVIDIA\nNVIDIA makes chips.\n## One more thing\nA robot dances."
    )
    assert kinds == ["headline", "lead", "boilerplate", "boilerplate", "heading", "paragraph"]


def test_case_of_boilerplate_does_not_matter() -> None:
    notice = "Certain statements in this release are forward-looking; actual results may differ materially."
    assert _kinds(f"It begins here.\n{notice}") == _kinds(f"It begins here.\n{notice.upper()}")


def test_an_empty_article_has_no_passages() -> None:
    assert passages.split(_article("", title="")) == ()
