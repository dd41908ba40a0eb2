"""Sentences end where a reader would say so, in ten languages."""

import pytest

from pipelines import sentences

CASES = [
    ("en", "It opens in Devens, Mass. The site is new.", ["It opens in Devens, Mass. The site is new."]),
    ("en", "It opened on Oct. 14 in Leeds. Dr. Noor spoke.", ["It opened on Oct. 14 in Leeds.", "Dr. Noor spoke."]),
    ("en", "It is the first in the U.K. The next follows.", ["It is the first in the U.K.", "The next follows."]),
    ("en", "The U.K. Department for Transport agreed.", ["The U.K. Department for Transport agreed."]),
    ("en", "Revenue was $57.0 billion. Costs fell.", ["Revenue was $57.0 billion.", "Costs fell."]),
    (
        "en",
        "“It works,” she said. “It really does.” He nodded.",
        ["“It works,” she said.", "“It really does.”", "He nodded."],
    ),
    ("en", "Why now? Because it pays!", ["Why now?", "Because it pays!"]),
    ("fr", "M. Starmer a parlé. Il a souri.", ["M. Starmer a parlé.", "Il a souri."]),
    ("fr", "« Oui. » Puis il partit.", ["« Oui. »", "Puis il partit."]),
    ("de", "Es kostet 25 Mio. Pfund. Das ist viel.", ["Es kostet 25 Mio. Pfund.", "Das ist viel."]),
    ("de", "Am 14. Oktober beginnt es. Alle kommen.", ["Am 14. Oktober beginnt es.", "Alle kommen."]),
    ("es", "La Sra. Ruiz habló. ¿Quién más?", ["La Sra. Ruiz habló.", "¿Quién más?"]),
    ("it", "Costa 3.500 euro. È poco.", ["Costa 3.500 euro.", "È poco."]),
    ("pt", "O Dr. Lima falou. Todos ouviram.", ["O Dr. Lima falou.", "Todos ouviram."]),
    ("ja", "発表しました。「早い。」と話します。", ["発表しました。", "「早い。」と話します。"]),
    ("ko", "투자를 발표했습니다. 내년에 시작합니다.", ["투자를 발표했습니다.", "내년에 시작합니다."]),
    ("zh", "他說：「很快。」計畫明年開始。", ["他說：「很快。」", "計畫明年開始。"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_splits(language: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences.split(text, language)] == expected


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("LONDON — Sept. 18, 2025 — NVIDIA said today", "NVIDIA said today"),
        ("PRINCETON, N.J. — Oct. 14, 2025 — Bristol", "Bristol"),
        ("ST. LOUIS — Nov. 17, 2025 — SC25 — More than", "More than"),
        ("HANNOVER — The robots", "The robots"),
        ("Paris, 11 June 2025 — Governments", "Governments"),
        ("The city — old and wet — woke up", "The city — old and wet — woke up"),
        ("Nothing of the kind here", "Nothing of the kind here"),
    ],
)
def test_dateline(text: str, rest: str) -> None:
    assert text[sentences.dateline(text) :] == rest


def test_no_text_is_lost() -> None:
    text = "One. Two!  Three? 4.5 is no end. “Five.” Six"
    spans = sentences.split(text, "en")
    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == text.replace(" ", "")
    assert list(spans) == sorted(spans)
