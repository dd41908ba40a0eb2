"""How text is cut into words, and questions into what they look for."""

import time

import pytest

from presswatch.store.words import cut, fold, places, terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Nscale's £2bn: 120,000 GPUs!", "nscale s 2bn 120 000 gpus"),
        ("Isambard-AI at the Université de Genève", "isambard ai at the universite de geneve"),
        ("STRASSE Straße ＮＶＩＤＩＡ", "strasse straße nvidia"),
        ("snake_case a\u0301", "snake case a"),
        ("英国政府とNVIDIA", "英国 国政 政府 府と と nvidia"),
        ("런던에서 20억", "런던 던에 에서 서 20 억"),
        ("ガ が", "ガ が"),
        ("x" * 100, "x" * 60),
        ("\x00\ud800 a", "a"),
    ],
)
def test_text_is_cut_into_words(text: str, words: str) -> None:
    assert " ".join(cut(text)) == words


@pytest.mark.parametrize("text", ["Straße ﬁn İstanbul ＮＶＩＤＩＡ", "ガ\u3099 Ǆ ẞ ŉ", "가나다 1² ½", "🧪 a\u0301"])
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("quantum Oxford", ["quantum", "oxford"]),
        ('"quantum computing" Oxford', ["quantum computing", "oxford"]),
        ("“quantum computing”", ["quantum computing"]),
        ("nsc*", ["nsc*"]),
        ('"data cent"*', ["data cent*"]),
        ("quantum -Oxford", ["quantum", "-oxford"]),
        ('-"New York" york', ["-new york", "york"]),
        ("Isambard-AI", ["isambard ai"]),
        ("英国", ["英国"]),
        ("英国政府", ["英国 国政 政府"]),
        ("国", ["国*"]),
        ("AI工場", ["ai 工場"]),
        ("", []),
        ("* - \" ' ( ) AND:", ["and"]),
        ("'; DROP TABLE articles; --", ["drop", "table", "articles"]),
    ],
)
def test_questions_are_cut_alike(question: str, wanted: list[str]) -> None:
    found = [
        ("-" if term.excluded else "") + " ".join(term.words) + ("*" if term.prefix else "") for term in terms(question)
    ]
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        ("Nscale in Loughton, near Nscale.", "nscale", ["Nscale", "Nscale"]),
        ("A paint pain", "pain", ["pain"]),
        ("Isambard-AI and Isambard AI", "isambard-ai", ["Isambard-AI", "Isambard AI"]),
        ("Data centres and data-centre cooling", '"data cent"*', ["Data centres", "data-centre"]),
        ("à Genève", "geneve", ["Genève"]),
        ("NVIDIAは英国政府と", "英国政府", ["英国政府"]),
        ("런던에서 열린", "런던", ["런던"]),
        ("London", "-london paris", []),
    ],
)
def test_places_are_those_that_people_see(text: str, question: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, terms(question))] == marked


def test_cutting_takes_time_in_proportion() -> None:
    def seconds(text: str) -> float:
        start = time.perf_counter()
        cut(text)
        terms(text)
        places(text, terms('"a b" c*'))
        return time.perf_counter() - start

    for unit in ("a ", '"', "-*", "国", "_", "a_"):
        short, long = (min(seconds(unit * n) for _ in range(3)) for n in (2_000, 20_000))
        assert long < 60 * short + 0.05, unit
