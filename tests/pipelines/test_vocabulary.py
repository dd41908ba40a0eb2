"""Phrases match as the config files say they do."""

import pytest

from pipelines.vocabulary import Lexicon, fold


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("deploy", "They deploy it.", ["deploy"]),
        ("deploy", "They deployed it.", []),
        ("deploy*", "Deployment begins.", ["Deploy"]),
        ("*eront", "Ils ouvriront et seront.", ["eront"]),
        ("AI", "AI helps; he said it again, ai.", ["AI"]),
        ("AI", "J’ai dit.", []),
        ("AI", "英国のAI企業", ["AI"]),
        ("data center", "A data\u00a0center.", ["data\u00a0center"]),
        ("l'ia", "l’IA avance", ["l’IA"]),
        ("modèle* de langage", "des modèles de langage", ["modèles de langage"]),
        ("量子", "新しい量子計算", ["量子"]),
        ("IA", "Croacia y la IA", ["IA"]),
        ("ı", "İstanbul", []),
        ("量子", "𠮷 \ud83d 量子", ["量子"]),
    ],
)
def test_one_phrase(phrase: str, text: str, found: list[str]) -> None:
    hits = Lexicon([("words", phrase)]).scan(text, fold(text))
    assert [text[hit.start : hit.end] for hit in hits] == found


def test_the_longest_of_one_category_wins() -> None:
    text = "a foundation model here"
    hits = Lexicon([("a", "model"), ("a", "foundation model"), ("b", "model")]).scan(text, fold(text))
    assert [(hit.category, text[hit.start : hit.end]) for hit in hits] == [("a", "foundation model"), ("b", "model")]


def test_fold_keeps_every_offset() -> None:
    text = "İSTANBUL’da 5\u202f000 GPU"
    assert len(fold(text)) == len(text)
    assert fold(text).endswith("'da 5 000 gpu")


def test_no_phrases_find_nothing() -> None:
    assert Lexicon([]).scan("anything", "anything") == []
