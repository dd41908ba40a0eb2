"""What spares the steps work changes nothing: each shortcut says what the full search would."""

import random
import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import vocabulary
from pipelines.tagging import capitals, facts, patterns, roles
from pipelines.tagging.index import Target
from pipelines.tagging.matching import Form, Matcher, longest
from pipelines.tagging.scene import Item, Scene
from presswatch.demo import articles
from tests.quality.corpora import knowledge

TEXTS = [(article.language, "\n".join((article.title, *article.body))) for article in articles.load()]
# Characters at which the shortcuts decide.
EDGES = "aZéÉß9 .,;:!?’'&/-–\u00a0\n«“”„İœŁ株한中、。（「"


def slices(number: int) -> list[tuple[str, str, int, int]]:
    """Pieces of the sample, each with its language, its text and where it begins and ends."""
    chance = random.Random(number)
    found = []
    for _ in range(number):
        language, text = chance.choice(TEXTS)
        start = chance.randrange(len(text))
        found.append((language, text, start, min(len(text), start + chance.randrange(5, 400))))
    return found


def the_full_candidates(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in capitals._CANDIDATE.finditer(text, start, end)]


def test_candidates_are_looked_for_from_capital_to_capital() -> None:
    pieces = slices(400)
    assert sum(len(the_full_candidates(*piece[1:])) for piece in pieces) > 600
    for _, text, start, end in pieces:
        assert list(capitals.candidates(text, start, end)) == the_full_candidates(text, start, end)


@given(st.text(alphabet=EDGES + "iPA", max_size=40), st.integers(0, 5))
@settings(max_examples=400, deadline=None)
def test_candidates_of_any_text(text: str, start: int) -> None:
    start = min(start, len(text))
    assert list(capitals.candidates(text, start, len(text))) == the_full_candidates(text, start, len(text))


def german_names(text: str, start: int, end: int, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [at for at in found if not capitals.is_plain_noun(text, *at, text[slice(*at)])]


def test_no_german_name_is_taken_for_a_noun_of_one_word() -> None:
    names = 0
    for _, text, start, end in slices(400):
        full = german_names(text, start, end, the_full_candidates(text, start, end))
        starts = capitals._german_starts(text, start, end, [])
        assert german_names(text, start, end, list(capitals.candidates(text, start, end, starts))) == full
        names += len(full)
    assert names > 200


@given(st.text(alphabet=EDGES + "iPAß&", max_size=40))
@settings(max_examples=400, deadline=None)
def test_no_german_name_of_any_text_is_taken_for_a_noun(text: str) -> None:
    text = f"{text} NVIDIA"
    full = german_names(text, 0, len(text), the_full_candidates(text, 0, len(text)))
    starts = capitals._german_starts(text, 0, len(text), [])
    assert german_names(text, 0, len(text), list(capitals.candidates(text, 0, len(text), starts))) == full


def test_no_name_ends_where_none_may() -> None:
    ends = 0
    for _, text, start, end in slices(1500):
        full = patterns._ENDS.search(text[start:end])
        ends += full is not None
        assert full is None or patterns._may_end(text, start, end)
    assert ends > 20


def test_no_name_began_before_where_no_small_word_joins() -> None:
    begun = 0
    for _, text, start, end in slices(400):
        for first, _ in the_full_candidates(text, start, end):
            if roles._HEAD_BEFORE.search(text, max(start, first - 30), first):
                begun += 1
                word = capitals.word_before(text, start, first)
                assert word in roles._JOINTS or text[first - 1] not in " \u00a0"
    assert begun > 10


def test_a_mark_behind_a_number_parts_it_from_every_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = slices(150)
    short = [facts.find(text, [(start, end)], language) for language, text, start, end in pieces]
    monkeypatch.setattr(facts, "_CLOSING", frozenset())
    assert [facts.find(text, [(start, end)], language) for language, text, start, end in pieces] == short
    assert sum(map(len, short)) > 25


def test_sentences_of_a_paragraph_are_found_at_once() -> None:
    end_of_one = re.compile(r"[.!?…]['\"”’»)\]]*\s|[。！？]")
    for language, text, start, end in slices(300):
        if "\n" in text[start:end] or end - start < 12:
            continue
        scene = Scene(text, [(start, end)], language, knowledge().names)
        for at in range(start + 1, end - 4, 7):
            before = [match.end() for match in end_of_one.finditer(text, start, at)]
            after = end_of_one.search(text, at + 3, end)
            assert scene.sentence(at, at + 3) == (before[-1] if before else start, after.end() if after else end)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=14, unique=True))
def test_the_longest_of_those_that_touch(pairs: list[tuple[int, int]]) -> None:
    hits = [(start, start + length) for start, length in pairs]
    covered: set[int] = set()
    kept = []
    for start, end in sorted(sorted(hits), key=lambda hit: hit[0] - hit[1]):
        if not covered & set(range(start, end)):
            covered |= set(range(start, end))
            kept.append((start, end))
    assert longest(hits, lambda hit: hit) == sorted(kept)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8)), max_size=12), st.integers(0, 60), st.integers(1, 20))
def test_names_between_two_places(pairs: list[tuple[int, int]], start: int, length: int) -> None:
    text = "x" * 80
    scene = Scene(text, [(0, 80)], "en", knowledge().names)
    items = longest([(a, a + n) for a, n in pairs], lambda hit: hit)
    target = Target(name="x", kind="place")
    scene.add([Item(a, b, target, 0) for a, b in items])
    for dropped in scene.items[::3]:
        dropped.dropped = True
    touching = [i for i in scene.items if not i.dropped and i.start < start + length and i.end > start]
    assert scene.between(start, start + length) == touching
    begun = [i for i in scene.items if not i.dropped and start <= i.start < start + length]
    assert scene.since(start, start + length) == begun


@pytest.mark.parametrize("name", ["東京", "엔비디아", "ロンドン", "NVIDIA株式会社", "𠮷野家本店"])
def test_wide_names_stand_where_they_are_written(name: str) -> None:
    matcher = Matcher([Form(name, "it"), Form("別の名前", "other")])
    for before, after in product(("", "は、", "😀 ", "𠮷、", "\ud83d "), ("", "。", " と", "😀")):
        text = f"{before}{name}{after}"
        hits = [(hit.start, hit.end) for hit in matcher.find(text, "ja") if hit.forms[0].target == "it"]
        if after != " と":  # what follows a Korean name decides whether it stands alone
            assert hits == [(len(before), len(before) + len(name))]


@given(st.text(alphabet="abAB -*’'", min_size=1, max_size=60))
def test_phrases_in_one_pass_are_those_of_one_at_a_time(text: str) -> None:
    phrases = [("one", "ab"), ("one", "ab*"), ("two", "*ba"), ("two", "a b"), ("three", "AB"), ("three", "a'b")]
    together = vocabulary.Lexicon(phrases).scan(text, vocabulary.fold(text))
    for category in ("one", "two", "three"):
        alone = vocabulary.Lexicon([p for p in phrases if p[0] == category]).scan(text, vocabulary.fold(text))
        assert [hit for hit in together if hit.category == category] == alone
