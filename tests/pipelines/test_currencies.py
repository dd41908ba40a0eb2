"""The table of currencies, held against the Unicode CLDR."""

import pytest
from babel.numbers import get_currency_name

from pipelines.tagging import currencies
from pipelines.tagging.currency_names import NAMES


@pytest.mark.parametrize("language", sorted(NAMES))
def test_every_currency_is_known_by_the_name_that_the_cldr_gives_it(language: str) -> None:
    for line in NAMES["en"].strip().splitlines():
        code = line.split(" ")[0]
        name = get_currency_name(code, count=5, locale=language)
        if "(" in name or name == code:
            continue
        match = currencies.after(language).match(f" {name}.")
        assert match is not None, (code, name)
        assert currencies.code(match[1], language) == code


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", " pounds", "GBP"),
        ("en", "-pound fund", "GBP"),
        ("en", " U.S. dollars", "USD"),
        ("en", " dollars", "USD"),
        ("fr", " de livres sterling", "GBP"),
        ("fr", " d’euros", "EUR"),
        ("de", " britischen Pfund", "GBP"),
        ("de", " US-Dollar", "USD"),
        ("es", " de libras", "GBP"),
        ("it", " di sterline", "GBP"),
        ("pt", " de reais", "BRL"),
        ("ja", "米ドル", "USD"),
        ("ja", "円", "JPY"),
        ("ko", " 호주달러", "AUD"),
        ("ko", "원", "KRW"),
        ("zh", "英鎊", "GBP"),
        ("zh", "元人民币", "CNY"),
        ("zh", "元", "CNY"),
    ],
)
def test_a_currency_after_a_number(language: str, text: str, code: str) -> None:
    match = currencies.after(language).match(text)
    assert match is not None
    assert currencies.code(match[1], language) == code


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [("en", "of £", "GBP"), ("en", "GBP ", "GBP"), ("en", "US$", "USD"), ("en", "A$", "AUD"), ("zh", "新台幣 ", "TWD")],
)
def test_a_currency_before_a_number(language: str, text: str, code: str) -> None:
    match = currencies.before(language).search(text)
    assert match is not None
    assert currencies.code(match[1], language) == code


@pytest.mark.parametrize(("language", "text"), [("en", " try again"), ("en", " poundage"), ("de", " Eurofighter")])
def test_a_word_that_only_looks_like_a_currency(language: str, text: str) -> None:
    assert currencies.after(language).match(text) is None
