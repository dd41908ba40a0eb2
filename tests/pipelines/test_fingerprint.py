"""What recognises an article's news again."""

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import fingerprint as steps
from pipelines.fingerprint import distance, fingerprint, keys, simhash, slug
from presswatch.models import Article, Fact, Tag, TagKind

SENTENCES = [
    f"Sentence number {n} says that the {word} of the harbour was measured by {n * 7} people on the quay."
    for n, word in enumerate("tide wind depth salt noise light heat traffic price colour weight length".split())
]
TEXT = "\n".join(SENTENCES)


def tag(kind: TagKind, name: str) -> Tag:
    return Tag(kind=kind, name=name, quote=name, start=0, end=1)


def fact(kind: str, value: float, unit: str) -> Fact:
    return Fact(kind=kind, value=value, unit=unit, quote="", start=0, end=1)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.upper(),
        TEXT.replace(" ", "\u00a0\n"),
        TEXT.replace(".", " !"),
        TEXT.replace("77 people", "78 people"),
    ],
)
def test_a_copy_is_near(other: str) -> None:
    assert distance(simhash(TEXT), simhash(other)) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "港の潮位と風速が測られ、埠頭では七十七人が働いている。灯台の光は夜ごとに海を照らす。" * 2
        + "港の価格は上がった。",
        "항구의 조위와 풍속을 측정했고 부두에서는 일흔일곱 명이 일한다. 등대의 빛은 밤마다 바다를 비춘다. 값이 올랐다.",
        "В гавани измерили прилив и ветер, на причале работают семьдесят семь человек, и свет маяка виден ночью.",
    ],
)
def test_every_script_is_told_apart(text: str) -> None:
    assert simhash(text)
    assert distance(simhash(text), simhash(text.replace("。", "！"))) <= 5
    assert distance(simhash(text), simhash(text[len(text) // 2 :] + text[: len(text) // 2])) < 20
    assert distance(simhash(text), simhash(text[::-1])) > 12


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    assert simhash(TEXT) == 0xA4C1B19D1A11AB59
    assert simhash("") == simhash("… — !") == 0


def test_another_text_is_far() -> None:
    other = "\n".join(s.replace("harbour", "airport").replace("measured by", "hidden from") for s in SENTENCES[::-1])
    assert distance(simhash(TEXT), simhash(other)) > 12


def test_eastern_texts_are_compared_by_characters() -> None:
    text = "港湾局は岸壁に計算機を置いた。漁師たちは潮の満ち引きを尋ねている。来年には二台目が届く予定だ。"
    assert distance(simhash(text), simhash(text.replace("二台目", "三台目"))) <= 12
    assert (
        distance(
            simhash(text), simhash("英国政府は新しい法律を可決した。議会では賛成が多数を占め、首相は喜びを語った。")
        )
        > 16
    )


@given(st.text(alphabet="東京のA1ｂ ·、。가한Éé_\u3000\ud83d", max_size=40))
def test_letters_are_those_of_words(text: str) -> None:
    spelled = steps.narrow("".join(re.findall(r"\w+", text))).casefold()
    assert steps._letters(f"x{text}") == unicodedata.normalize("NFKC", f"x{spelled}")


def test_a_copy_with_characters_of_other_planes_is_near() -> None:
    text = "𠮷野家は東京で新しい量子計算の研究所を開き、七十人の技術者を雇うと発表した。"
    assert simhash(text * 3) == simhash(text.replace("、", " 😀、") * 3) != 0


@pytest.mark.parametrize("text", ["", "…", "one", "one two"])
def test_tiny_texts(text: str) -> None:
    assert 0 <= simhash(text) < 1 << 64


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://blogs.nvidia.com/blog/tide-computer", "tide-computer"),
        ("https://investor.nvidia.com/news/2026/Tidewater-Grid/default.aspx", "tidewater-grid"),
        ("https://x.org/Tide-Computer.html", "tide-computer"),
        ("https://blogs.nvidia.cn/blog/%E6%BD%AE", "潮"),
        ("https://x.org/", ""),
    ],
)
def test_slugs(url: str, expected: str) -> None:
    assert slug(url) == expected


def test_keys_are_names_and_figures_in_one_spelling() -> None:
    tags = [tag(TagKind.PLACE, "Grimsby"), tag(TagKind.ORGANISATION, "Nscale"), tag(TagKind.TOPIC, "investment"),
            tag(TagKind.PLACE, "United Kingdom"), tag(TagKind.ORGANISATION, "Nscale")]  # fmt: skip
    facts = [fact("money", 2e9, "GBP"), fact("compute", 1.5, "exaflops")]
    expected = ("compute:1.5:exaflops", "money:2000000000:GBP", "org:Nscale", "place:Grimsby")
    assert keys(tags, facts, leave_out={"United Kingdom"}) == expected


def test_boilerplate_that_is_left_out_does_not_count() -> None:
    whole = f"{TEXT}\nAbout us. " * 3
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    article = Article(url="https://x.org/a-b", source="s", language="en", title="T", text=whole, first_seen_at=seen)
    found = fingerprint(article, [], [], text=TEXT)
    assert (found.simhash, found.slug, found.keys) == (simhash(TEXT), "a-b", ())
