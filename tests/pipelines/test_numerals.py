"""Numbers as ten languages write them, read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tagging.numerals import find

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh")

READ = [
    ("en", "2,140", 2_140),
    ("en", "10,00,000", 1_000_000),
    ("en", "2.4 billion", 2_400_000_000),
    ("en", "2bn", 2_000_000_000),
    ("en", "120k", 120_000),
    ("en", "forty-two", 42),
    ("en", "one hundred and fifty", 150),
    ("en", "twelve hundred", 1_200),
    ("en", "two dozen", 24),
    ("en", "half a billion", 500_000_000),
    ("en", "two and a half billion", 2_500_000_000),
    ("en", "a hundred million", 100_000_000),
    ("en", "10,000 crore", 100_000_000_000),
    ("fr", "120\u202f000", 120_000),
    ("fr", "120 000", 120_000),
    ("fr", "2,7 milliards", 2_700_000_000),
    ("fr", "1,5 million", 1_500_000),
    ("fr", "quatre-vingt-dix mille", 90_000),
    ("fr", "mille cinq cents", 1_500),
    ("fr", "un demi-milliard", 500_000_000),
    ("fr", "deux milliards et demi", 2_500_000_000),
    ("fr", "une centaine", 100),
    ("de", "120.000", 120_000),
    ("de", "120’000", 120_000),
    ("de", "500 Mio.", 500_000_000),
    ("de", "1,5 Mrd.", 1_500_000_000),
    ("de", "zwei Milliarden", 2_000_000_000),
    ("de", "zweieinhalb Milliarden", 2_500_000_000),
    ("de", "eine halbe Milliarde", 500_000_000),
    ("de", "siebenhundertfünfzig", 750),
    ("es", "2,4 mil millones", 2_400_000_000),
    ("es", "2.500 millones", 2_500_000_000),
    ("es", "10 mil", 10_000),
    ("es", "dos mil millones", 2_000_000_000),
    ("es", "medio millón", 500_000),
    ("es", "un millón y medio", 1_500_000),
    ("it", "225 milioni", 225_000_000),
    ("it", "duecentomila", 200_000),
    ("it", "un miliardo e mezzo", 1_500_000_000),
    ("it", "un centinaio", 100),
    ("pt", "28 milhões", 28_000_000),
    ("pt", "2,5 mil milhões", 2_500_000_000),
    ("pt", "dois bilhões e meio", 2_500_000_000),
    ("pt", "duas mil e quinhentas", 2_500),
    ("ja", "20億", 2_000_000_000),
    ("ja", "２０億", 2_000_000_000),
    ("ja", "2億2500万", 225_000_000),
    ("ja", "1兆2000億", 1_200_000_000_000),
    ("ja", "三万", 30_000),
    ("ja", "二千五百", 2_500),
    ("ko", "2억 2500만", 225_000_000),
    ("ko", "1만 4000", 14_000),
    ("ko", "4조 5000억", 4_500_000_000_000),
    ("ko", "3천만", 30_000_000),
    ("zh", "8,500 萬", 85_000_000),
    ("zh", "1.2亿", 120_000_000),
    ("zh", "两亿", 200_000_000),
    ("zh", "一千二百萬", 12_000_000),
    ("zh", "百亿亿", 10**18),
]


@pytest.mark.parametrize(("language", "text", "value"), READ)
def test_a_number_is_read_as_its_language_writes_it(language: str, text: str, value: int) -> None:
    [number] = find(text, 0, len(text), language)
    assert number.value == value
    assert (number.start, number.end) == (0, len(text))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "H100"),
        ("en", "Earth-2"),
        ("en", "v1.5"),
        ("en", "million-GPU sites"),
        ("en", "hundreds of millions"),
        ("es", "al millón de hablantes"),
        ("ja", "数十億"),
        ("ja", "第3名"),
        ("ko", "수십억"),
        ("zh", "第2名"),
    ],
)
def test_what_is_no_number_is_not_read(language: str, text: str) -> None:
    assert find(text, 0, len(text), language) == []


@pytest.mark.parametrize(("text", "value"), [("50兆瓦", 50), ("10万千瓦", 100_000), ("2兆韓元", 2_000_000_000_000)])
def test_a_chinese_unit_of_power_is_no_part_of_the_number(text: str, value: int) -> None:
    [number] = find(text, 0, len(text), "zh")
    assert number.value == value


def _grouped(value: int, language: str) -> str:
    mark = {"fr": "\u202f", "de": ".", "es": ".", "it": ".", "pt": "."}.get(language, ",")
    return f"{value:,}".replace(",", mark)


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(LANGUAGES))
def test_grouped_digits_are_read_back(value: int, language: str) -> None:
    text = _grouped(value, language)
    [number] = find(text, 0, len(text), language)
    assert number.value == value


@given(st.integers(min_value=1, max_value=9999), st.integers(min_value=1, max_value=99), st.sampled_from(LANGUAGES))
def test_a_decimal_and_a_scale_are_read_back(whole: int, part: int, language: str) -> None:
    scale = {"en": " billion", "fr": " milliards", "de": " Milliarden", "es": " mil millones", "it": " miliardi",
             "pt": " mil milhões", "ja": "億", "ko": "억", "zh": "亿"}[language]  # fmt: skip
    decimal = "," if language in ("fr", "de", "es", "it", "pt") else "."
    text = f"{whole}{decimal}{part:02}{scale}"
    [number] = find(text, 0, len(text), language)
    unit = 10**8 if language in ("ja", "ko", "zh") else 10**9
    assert number.value == Decimal(f"{whole}.{part:02}") * unit


@given(
    st.integers(min_value=1, max_value=9999),
    st.integers(min_value=0, max_value=9999),
    st.sampled_from(("億万", "억만", "亿万", "億萬")),
)
def test_sections_of_ten_thousand_are_read_back(high: int, low: int, units: str) -> None:
    text = f"{high}{units[0]}" + (f"{low}{units[1]}" if low else "")
    [number] = find(text, 0, len(text), "ko" if units == "억만" else "zh")
    assert number.value == high * 10**8 + low * 10**4


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_is_read_without_overlaps(text: str, language: str) -> None:
    end = 0
    for number in find(text, 0, len(text), language):
        assert end <= number.start < number.end <= len(text)
        end = number.end


@given(
    st.lists(
        st.sampled_from(
            (
                "1",
                "2",
                "500",
                ",",
                ".",
                "million",
                "billion",
                "a",
                "two",
                "and",
                "mil",
                "un",
                "億",
                "万",
                "만",
                "-",
                "–",
                "£",
                "GPU",
            )
        ),
        max_size=60,
    ),
    st.sampled_from(LANGUAGES),
)
def test_a_heap_of_numbers_is_read_without_overlaps(words: list[str], language: str) -> None:
    text = " ".join(words)
    end = 0
    for number in find(text, 0, len(text), language):
        assert end <= number.start < number.end
        end = number.end
