"""What a story commits to, counted once; by when; and what only says it again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from presswatch.ledger import Commitment, commitments, due, repeats
from presswatch.models import Article, Fact, Level, Story, Tag, TagKind, Verdict, Version

T0 = datetime(2025, 9, 16, 12, tzinfo=UTC)


def version(text: str, *figures: tuple[str, float, str], language: str = "en", url: str = "", **tags: str) -> Version:
    """A version whose figures are (words, value, unit) and whose names are given by kind, joined with "; "."""
    article = Article(
        url=url or f"https://a.example/{language}",
        source="newsroom",
        language=language,
        title="A headline",
        text=text,
        published_at=T0,
        first_seen_at=T0,
    )
    kinds = {"gpu": "gpus", "job": "jobs", "person": "people"}
    found = []
    for words, value, unit in figures:
        start = article.document.index(words)
        kind = kinds.get(unit, "money")
        fact = Fact(kind=kind, value=value, unit=unit, quote=words, start=start, end=start + len(words))
        found.append(fact)
    names = [
        Tag(kind=TagKind(kind), name=name, quote=name, start=0, end=1)
        for kind, joined in tags.items()
        for name in joined.split("; ")
    ]
    verdict = Verdict(watch="uk-ai", level=Level.FOCUS, score=0.9)
    return Version(article=article, verdict=verdict, tags=tuple(names), facts=tuple(found), summary=())


def story(*versions: Version, name: str = "s1") -> Story:
    return Story(id=name, versions=versions, first_seen_at=T0, changed_at=T0)


def told(*versions: Version) -> list[tuple[float, str, int | None]]:
    return [(c.value, c.unit, c.part_of) for c in commitments(story(*versions))]


def test_a_figure_that_versions_repeat_is_one_commitment() -> None:
    english = version("Nscale puts £2 billion into Loughton.", ("£2 billion", 2e9, "GBP"))
    german = version("Nscale steckt 2 Milliarden Pfund hinein.", ("2 Milliarden Pfund", 2e9, "GBP"), language="de")
    (found,) = commitments(story(german, english))
    assert (found.quote, found.language, found.quote_en) == ("Nscale puts £2 billion into Loughton.", "en", "")


def test_the_quote_in_another_language_comes_with_the_english_one() -> None:
    english = version("The fund has £2 billion.", ("£2 billion", 2e9, "GBP"))
    french = version("Le fonds, avec 500 emplois.", ("500 emplois", 500, "job"), language="fr")
    assert [c.quote_en for c in commitments(story(english, french))] == ["", ""]
    japanese = version("20億ポンドを投じる。", ("20億ポンド", 2e9, "GBP"), language="ja")
    taken_down = Version(
        article=english.article,
        verdict=english.verdict,
        tags=(),
        facts=english.facts,
        summary=(),
        removed_at=T0,
    )
    (found,) = commitments(story(taken_down, japanese))
    assert (found.quote, found.quote_en) == ("20億ポンドを投じる。", "The fund has £2 billion.")


@pytest.mark.parametrize(
    ("text", "figures", "expected"),
    [
        ("£2bn, of which £500m is new.", [("£2bn", 2e9), ("£500m", 5e8)], [(2e9, None), (5e8, 0)]),
        ("£2bn, including £500m for Wales.", [("£2bn", 2e9), ("£500m", 5e8)], [(2e9, None), (5e8, 0)]),
        ("£2bn, davon £500m für Wales.", [("£2bn", 2e9), ("£500m", 5e8)], [(2e9, None), (5e8, 0)]),
        ("£2bn、うち£500mは新規。", [("£2bn", 2e9), ("£500m", 5e8)], [(2e9, None), (5e8, 0)]),
        ("£2bn for one and £500m for another.", [("£2bn", 2e9), ("£500m", 5e8)], [(2e9, None), (5e8, None)]),
        ("£2bn here. Including all, £500m there.", [("£2bn", 2e9), ("£500m", 5e8)], [(2e9, None), (5e8, None)]),
        # Exactly what the others add up to, and not quite.
        ("£6bn: £1bn, £2bn and £3bn.", [("£6bn", 6e9), ("£1bn", 1e9), ("£2bn", 2e9), ("£3bn", 3e9)],
         [(6e9, None), (1e9, 0), (2e9, 0), (3e9, 0)]),
        ("£7bn, £1bn, £2bn and £3bn.", [("£7bn", 7e9), ("£1bn", 1e9), ("£2bn", 2e9), ("£3bn", 3e9)],
         [(7e9, None), (1e9, None), (2e9, None), (3e9, None)]),
    ],
)  # fmt: skip
def test_parts_of_a_whole(
    text: str, figures: list[tuple[str, float]], expected: list[tuple[float, int | None]]
) -> None:
    found = told(version(text, *((words, value, "GBP") for words, value in figures)))
    assert [(value, part) for value, _, part in found] == expected


def test_a_conversion_is_no_second_sum() -> None:
    beside = version("It spends £2bn ($2.7bn) here.", ("£2bn", 2e9, "GBP"), ("$2.7bn", 2.7e9, "USD"))
    assert told(beside) == [(2e9, "GBP", None)]
    apart = version("It spends £2bn. Texas gets $2.7bn.", ("£2bn", 2e9, "GBP"), ("$2.7bn", 2.7e9, "USD"))
    assert told(apart) == [(2e9, "GBP", None), (2.7e9, "USD", None)]
    english = version("It spends £2bn here.", ("£2bn", 2e9, "GBP"))
    german = version("Es sind 2,3 Mrd. Euro.", ("2,3 Mrd. Euro", 2.3e9, "EUR"), language="de")
    assert told(english, german) == [(2e9, "GBP", None)]


def test_who_and_where_are_those_of_the_sentence() -> None:
    text = "Nscale builds in Loughton with £2bn. Isambard is in Bristol."
    found = commitments(
        story(version(text, ("£2bn", 2e9, "GBP"), organisation="Nscale; Arm", place="Loughton; Bristol"))
    )
    assert (found[0].who, found[0].where) == (("Nscale",), ("Loughton",))
    found = commitments(story(version("They spend £2bn.", ("£2bn", 2e9, "GBP"), organisation="Nscale")))
    assert found[0].who == ("Nscale",)


@pytest.mark.parametrize(
    ("sentence", "on", "words"),
    [
        ("It opens by the end of 2026 in Wales.", date(2026, 12, 31), "by the end of 2026"),
        ("Done by late 2026.", date(2026, 12, 31), "by late 2026"),
        ("Done by 2030.", date(2030, 12, 31), "by 2030"),
        ("Done by early 2027.", date(2027, 3, 31), "by early 2027"),
        ("Before June 2026, they say.", date(2026, 6, 30), "Before June 2026"),
        ("By 31 March 2026 it is done.", date(2026, 3, 31), "By 31 March 2026"),
        ("By the second quarter of 2026.", date(2026, 6, 30), "By the second quarter of 2026"),
        ("The machine will start work in Bristol in spring and be done in 2027.", date(2027, 12, 31), "in 2027"),
        ("D’ici fin 2026, 500 emplois.", date(2026, 12, 31), "D’ici fin 2026"),
        ("Le centre ouvrira avant la fin de 2027.", date(2027, 12, 31), "avant la fin de 2027"),
        ("Bis Ende 2026 entstehen 500 Stellen.", date(2026, 12, 31), "Bis Ende 2026"),
        ("bis März 2026", date(2026, 3, 31), "bis März 2026"),
        ("Estará listo para finales de 2026.", date(2026, 12, 31), "para finales de 2026"),
        ("Entro la fine del 2026.", date(2026, 12, 31), "Entro la fine del 2026"),
        ("Até o final de 2026.", date(2026, 12, 31), "Até o final de 2026"),
        ("2026年末までに完成する。", date(2026, 12, 31), "2026年末までに"),
        ("2026년 말까지 완공한다.", date(2026, 12, 31), "2026년 말까지"),
        ("在2027年底前建成。", date(2027, 12, 31), "2027年底前"),
        ("將於2026年6月前完成。", date(2026, 6, 30), "2026年6月前"),
    ],
)
def test_by_when(sentence: str, on: date, words: str) -> None:
    found = due.find(sentence, T0.date())
    assert found is not None
    assert (found.on, found.words) == (on, words)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was founded in 2019 and grew in 2024.",
        "Over the next five years.",
        "By the end of 2024 it had 300 people.",  # past when it was said
        "Its 2026 budget is larger.",
        "It sold 2026 machines by hand.",
        "By 2,030 people.",
        "By the 2030s.",
        "By 31 February 2026.",
    ],
)
def test_what_sets_no_date(sentence: str) -> None:
    assert due.find(sentence, T0.date()) is None


def promise(name: str, value: float = 2e9, days: int = 0, who: str = "Nscale", **more: Any) -> Commitment:
    values: dict[str, Any] = {"kind": "money", "unit": "GBP", "qualifier": "", "position": 0}
    return Commitment(
        story=name,
        value=value,
        announced_at=T0 + timedelta(days=days),
        who=tuple(who.split("; ")) if who else (),
        **(values | more),
    )


@pytest.mark.parametrize(
    ("later", "again"),
    [
        (promise("b", days=300), True),
        (promise("b", 2.001e9, days=300), True),  # rounded otherwise
        (promise("b", 2.1e9, days=300), False),
        (promise("b", days=600), False),  # too long ago
        (promise("b", who="", days=3), False),
        (promise("b", who="Arm", days=3), False),
        (promise("b", who="Nscale; Arm", days=3), True),
        (promise("b", unit="USD", days=3), False),
    ],
)
def test_across_stories(later: Commitment, again: bool) -> None:
    first = promise("a")
    assert repeats([later, first]) == ({("b", 0): "a"} if again else {})


def test_small_figures_need_the_same_company_and_no_small_count_counts() -> None:
    first = promise("a", 1e6, who="Nscale; UK Government")
    assert repeats([first, promise("b", 1e6, 3, "Arm; UK Government")]) == {}
    assert repeats([first, promise("b", 1e6, 3, "UK Government")]) == {("b", 0): "a"}
    three = {"kind": "companies", "unit": "company"}
    assert repeats([promise("a", 3, **three), promise("b", 3, 3, **three)]) == {}
    assert repeats([promise("a", 300, **three), promise("b", 300, 3, **three)]) == {("b", 0): "a"}


def test_every_repetition_points_to_the_first() -> None:
    assert repeats(promise(name, days=day) for day, name in enumerate("abc")) == {("b", 0): "a", ("c", 0): "a"}
