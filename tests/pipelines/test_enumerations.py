"""Lists of names in a sentence are seen as such, in spaced scripts and others."""

import pytest

from pipelines import enumerations


@pytest.mark.parametrize(
    ("language", "text", "members"),
    [
        ("en", "We work in the U.S., the U.K. and Japan today.", ["We work in the U.S.", "the U.K.", "Japan today."]),
        ("fr", "La France, l’Italie et le Royaume-Uni suivent.", ["La France", "l’Italie", "le Royaume-Uni suivent."]),
        ("ja", "米国、英国、韓国が発表", ["米国", "英国", "韓国が発表"]),
        ("ko", "프랑스, 영국, 캐나다가", ["프랑스", "영국", "캐나다가"]),
    ],
)
def test_members(language: str, text: str, members: list[str]) -> None:
    lists = enumerations.find(text, language)
    assert [text[start:end] for start, end in lists[0]] == members


def test_a_plain_clause_is_no_list() -> None:
    assert enumerations.find("The university will open a laboratory for robots in spring.", "en") == ()
