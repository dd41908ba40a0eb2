"""Figures in words, counted once, and weighed."""

import pytest

from presswatch.figures import figures, key, weight, worded
from tests.digests.stories import fact, money


@pytest.mark.parametrize(
    ("kind", "value", "unit", "qualifier", "words"),
    [
        ("money", 2e9, "GBP", "", "£2 billion"),
        ("money", 2.45e9, "USD", "more than", "more than $2.45 billion"),
        ("money", 5e8, "EUR", "", "€500 million"),
        ("money", 1.1e12, "JPY", "about", "about ¥1.1 trillion"),
        ("money", 250_000, "GBP", "", "£250,000"),
        ("money", 999_999_999, "GBP", "", "£1 billion"),
        ("money", 1.5, "GBP", "", "£1.5"),
        ("money", 2e7, "CHF", "", "CHF 20 million"),
        ("gpus", 120_000, "gpu", "up to", "up to 120,000 GPUs"),
        ("gpus", 1, "gpu", "", "1 GPU"),
        ("power", 50, "MW", "", "50 MW"),
        ("power", 4.5, "MW", "", "4.5 MW"),
        ("power", 1200, "MW", "", "1.2 GW"),
        ("compute", 21, "exaflops", "", "21 exaflops"),
        ("compute", 0.25, "exaflops", "", "250 petaflops"),
        ("jobs", 1500, "job", "at least", "at least 1,500 jobs"),
        ("people", 60_000, "person", "", "60,000 people"),
        ("people", 1e6, "person", "", "1 million people"),
        ("companies", 3700, "company", "", "3,700 companies"),
        ("gpus", 10, "gpu", "jusqu’à", "10 GPUs"),  # a qualifier in another language stays in the quote
    ],
)
def test_in_words(kind: str, value: float, unit: str, qualifier: str, words: str) -> None:
    assert worded(fact(kind, value, unit, "…", qualifier)) == words


def test_one_figure_of_several_versions_is_counted_once() -> None:
    found = figures(
        [
            (fact("gpus", 120_000, "gpu", "120,000 GPUs"), "en"),
            (money(2e9, "£2 billion"), "en"),
            (money(2e9, "2 milliards de livres"), "fr"),
            (fact("gpus", 120_000, "gpu", "up to 120,000 Blackwell GPUs", "up to"), "en"),
            (fact("gpus", 60_000, "gpu", "60.000 GPUs"), "de"),
        ]
    )
    assert [figure.text for figure in found] == ["£2 billion", "up to 120,000 GPUs", "60,000 GPUs"]


@pytest.mark.parametrize(
    ("given", "quote"),
    [
        (money(2e9, "£2 billion"), ""),
        (money(2e9, "2 milliards de livres"), "2 milliards de livres"),
        (money(2e9, "20億ポンド"), "20億ポンド"),
        (fact("gpus", 14_000, "gpu", "14,000 GPUs"), ""),
        (fact("gpus", 14_000, "gpu", "14,000 Blackwell GPUs"), "14,000 Blackwell GPUs"),
        (fact("people", 7500, "person", "7,500 developers"), "7,500 developers"),
    ],
)
def test_the_quote_is_shown_where_it_says_more(given: object, quote: str) -> None:
    assert figures([(given, "en")])[0].quote == quote  # type: ignore[list-item]


def test_keys_bear_rounding_and_tell_units_apart() -> None:
    assert key(money(2.4e9)) == key(money(2.4001e9))
    assert key(money(2e9)) != key(money(2e9, unit="USD"))
    assert key(money(2e9)) != key(money(2.2e9))


def test_weight_is_an_order_of_magnitude() -> None:
    assert weight([money(2e9)]) > weight([money(2e8)]) > weight([fact("jobs", 10, "job", "10 jobs")]) > weight([])
    assert weight([fact("gpus", 100_000, "gpu", "…")]) >= weight([money(2e9)])
