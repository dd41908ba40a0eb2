"""Telling languages apart, in long texts, short ones, and lists of names."""

import pytest

from pipelines.language import detect, normal

TEXTS = {
    "en": "The harbour office has put a computer on the quay, and the people who mend nets ask it about the tides.",
    "fr": "La capitainerie a installé un calculateur sur le quai, et les pêcheurs l’interrogent sur les marées.",
    "de": "Das Hafenamt hat einen Rechner an den Kai gestellt, und die Fischer fragen ihn nach Ebbe und Flut.",
    "es": "La autoridad del puerto ha puesto un ordenador en el muelle y los pescadores le preguntan por las mareas.",
    "it": "La capitaneria ha messo un calcolatore sul molo e i pescatori lo interrogano sulle maree del giorno.",
    "pt": "A capitania pôs um computador no cais e os pescadores perguntam-lhe pelas marés e pelo vento do dia.",
    "ja": "港湾局は岸壁に計算機を置いた。漁師たちは潮の満ち引きを尋ねている。",
    "ko": "항만청은 부두에 컴퓨터를 설치했고 어부들은 밀물과 썰물을 물어본다.",
    "zh": "港務局在碼頭上放了一台電腦，漁民們向它詢問潮汐。",
    "nl": "Het havenbedrijf heeft een computer op de kade gezet en de vissers vragen hem naar eb en vloed.",
    "pl": "Urząd portowy postawił komputer na nabrzeżu, a rybacy pytają go o przypływy i odpływy.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_sentence_is_enough(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_long_text_is_stronger_than_a_wrong_hint(language: str, text: str) -> None:
    for hint in ("en-US", "fr", "ja"):
        assert detect(f"{text}\n{text}", hint) == language


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("港务局在码头上放了一台电脑。", None, "zh"),
        ("港湾局与NVIDIA在DGX SuperPOD和Omniverse上合作", "zh-CN", "zh"),
        ("NVIDIA DGX SuperPODとOmniverseで港を動かす", None, "ja"),
        ("東京大学、英国大学", "ja", "ja"),
        ("NVIDIA Blackwell Ultra GB300", "fr-FR", "fr"),
        ("GeForce RTX 5090", "es-419", "es"),
        ("", "de", "de"),
        ("", None, "und"),
        ("12 345", None, "und"),
        ("12 345", "kr-not-a-tag", "kr"),
        ("42", "x-default", "und"),
    ],
)
def test_short_and_mixed_texts(text: str, hint: str | None, expected: str) -> None:
    assert detect(text, hint) == expected


def test_names_and_headings_do_not_outvote_the_prose() -> None:
    names = "\n".join(f"## Omniverse Blackwell {n}" for n in range(50))
    assert detect(f"{names}\n{TEXTS['fr']}") == "fr"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("pt-BR", "pt"), ("zh_Hant_TW", "zh"), ("ES", "es"), ("nb-NO", "no"), ("", None), (None, None), ("english", None)],
)
def test_tags(tag: str | None, code: str | None) -> None:
    assert normal(tag) == code
