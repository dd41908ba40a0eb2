"""Finding articles by their words, in any language, alike on both engines."""

from datetime import timedelta

import pytest

from presswatch.models import Level
from presswatch.store import Store
from presswatch.store.list_records import StoryFilter
from presswatch.store.search import _LONGEST_TEXT
from tests.store.conftest import SaveArticle
from tests.store.samples import T0

ARTICLES = {
    "en": ("Nscale to build AI factory in Loughton", "The 50MW data centre will hold 23,040 GPUs. Isambard-AI stays."),
    "other": ("Quarterly results", "Revenue rose. The data shows growth at every centre; Nscale was named once."),
    "fr": ("Le Royaume-Uni investit", "L'Université d'Édimbourg reçoit 2 milliards de livres sterling."),
    "ja": ("NVIDIA、英国政府と提携", "ロンドンのデータセンターに20億ポンドを投資する。"),
    "ko": ("엔비디아, 런던에서 발표", "영국 정부는 12만 개의 GPU를 도입한다."),
    "zh": ("英伟达与英国合作", "伦敦的量子计算中心将获得资金。"),
}

QUESTIONS = [
    ("nscale", "en other"),  # the headline counts more
    ("NSCALE loughton", "en"),
    ('"data centre"', "en"),
    ("data centre", "en other"),
    ("lought*", "en"),
    ("lought", ""),
    ("isambard ai", "en"),
    ("isambard-ai", "en"),
    ("23,040", "en"),
    ("nscale -loughton", "other"),
    ("-nscale", ""),
    ("edimbourg", "fr"),
    ("ÉDIMBOURG", "fr"),
    ("royaume-uni", "fr"),
    ("英国", "ja zh"),
    ("英国政府", "ja"),
    ("ロンドン", "ja"),
    ("センター", "ja"),
    ("런던", "ko"),
    ("영국", "ko"),
    ("伦敦", "zh"),
    ("量子计算", "zh"),
    ("量", "zh"),
    ("政府 nvidia", "ja"),
    ("nothing", ""),
    ("", ""),
    ("* ( ) \" : ^ & | ! <-> ' \\", ""),
    ("a' OR 1=1 --", ""),
]


@pytest.fixture
def six(save_article: SaveArticle) -> None:
    for name, (title, text) in ARTICLES.items():
        save_article(f"https://a.example/{name}", title=title, text=text, language=name)


@pytest.mark.usefixtures("six")
def test_questions_find_the_same_on_both_engines(store: Store) -> None:
    for question, names in QUESTIONS:
        found = [hit.url.rpartition("/")[2] for hit in store.search.find(question)]
        ordered = found if question == "nscale" else sorted(found)
        assert " ".join(ordered) == names, question


@pytest.mark.usefixtures("six")
def test_a_hit_shows_why(store: Store) -> None:
    (hit,) = store.search.find("gpus", limit=5)
    assert [hit.excerpt[start:end] for start, end in hit.marks] == ["GPUs"]
    assert (hit.title, hit.language, hit.level, hit.story) == (ARTICLES["en"][0], "en", Level.FOCUS, "s1")
    (hit,) = store.search.find("loughton")
    assert hit.excerpt == ARTICLES["en"][1]
    assert hit.marks == ()
    assert len(store.search.find("nscale", limit=1)) == 1


def test_a_long_text_is_cut_around_the_place(store: Store, save_article: SaveArticle) -> None:
    save_article("https://a.example/x", text="word " * 400 + "\nHarwell " + "word " * 400)
    (hit,) = store.search.find("harwell")
    assert hit.excerpt.startswith("… word")
    assert hit.excerpt.endswith(" …")
    assert len(hit.excerpt) < 240
    assert [hit.excerpt[start:end] for start, end in hit.marks] == ["Harwell"]


def test_an_edit_is_found_by_its_new_words_only(store: Store, save_article: SaveArticle) -> None:
    save_article("https://a.example/x", text="the old words")
    save_article("https://a.example/x", text="the new ones", now=T0 + timedelta(days=1))
    assert store.search.find("old") == ()
    assert len(store.search.find("new")) == 1


def test_a_filter_goes_through_very_many(
    store: Store, save_article: SaveArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presswatch.store.search._RANKED", 3)
    for number in range(12):
        language = "fr" if number % 3 else "de"
        save_article(f"https://a.example/{number}", title=f"Nscale {number}", text="Nscale.", language=language)

    def found(wanted: StoryFilter) -> list[str]:
        hits = store.search.find("nscale", limit=wanted.limit, wanted=wanted)
        return [hit.url.rpartition("/")[2] for hit in hits]

    assert found(StoryFilter(limit=3, languages=("de",))) == ["9", "6", "3"]  # the newest first
    assert found(StoryFilter(limit=9, languages=("de",))) == ["9", "6", "3", "0"]
    assert found(StoryFilter(limit=9, languages=("de",), until=T0 - timedelta(days=9000))) == []
    assert found(StoryFilter(limit=2)) == ["11", "10"]


def test_marks_are_whole_words_of_the_excerpt(store: Store, save_article: SaveArticle) -> None:
    text = "Nscaled before it. " * 30 + "Nscale builds. " + "And so on and on. " * 40 + "Nscale again."
    save_article("https://a.example/1", title="Long", text=text)
    (hit,) = store.search.find("nscale")
    assert [hit.excerpt[start:end] for start, end in hit.marks] == ["Nscale"]
    assert "Nscale builds" in hit.excerpt


@pytest.mark.parametrize("unit", ["英国政府の発表", "distinct{} ", "ab"])
def test_a_huge_text_is_stored(store: Store, save_article: SaveArticle, unit: str) -> None:
    text = "".join(unit.format(n) for n in range(_LONGEST_TEXT + 1000)) if "{}" in unit else unit * 60_000
    save_article("https://a.example/x", text="findable " + text)
    assert len(store.search.find("findable")) == 1
