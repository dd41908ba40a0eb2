"""Every labelled corpus against its floors: our own sample always, the others where they lie beside the checkout."""

import pytest

from tests.quality import corpora, floors, scores

FLOORS = floors.load()


def of(corpus: str, *values: object) -> object:
    """A case of one corpus, on the worker that has judged it, skipped where the corpus is missing."""
    missing = pytest.mark.skipif(
        not corpora.FILES[corpus].exists(),
        reason=f"the corpus {corpus!r} (../shared/newsroom) is not beside this checkout",
    )
    return pytest.param(corpus, *values, marks=[missing, pytest.mark.xdist_group(f"corpus {corpus}")])


@pytest.mark.parametrize("corpus", [of(name) for name in corpora.FILES])
def test_the_corpus_is_the_one_that_the_floors_were_measured_on(corpus: str) -> None:
    assert corpora.digest(corpus) == FLOORS["corpora"][corpus], "another corpus: run tools/raise_floors.py"


@pytest.mark.parametrize(
    ("corpus", "figure"), [of(name, figure) for name, figures in FLOORS["floors"].items() for figure in figures]
)
def test_no_figure_is_under_its_floor(corpus: str, figure: str, record_table: list[str]) -> None:
    found = corpora.score(corpus)
    if not any(table.startswith(corpus) for table in record_table):
        shown = [one for one in found.judged if corpus != "labelled" or not corpora.set_aside(one)]
        table = scores.tables(corpus, found.judged, FLOORS["floors"][corpus], found.figures)
        # Those set aside are counted, and never shown: who tunes a rule must not see them.
        if misses := scores.misses(shown):
            table = "\n".join((table, "", "  judged wrongly:", *misses))
        record_table.append(table)
    assert found.figures[figure] >= FLOORS["floors"][corpus][figure]


@pytest.mark.parametrize("corpus", [of("labelled")])
def test_no_page_brings_foreign_text(corpus: str) -> None:
    assert corpora.score(corpus).figures["pages_with_foreign_text"] == 0


@pytest.mark.parametrize("figure", ["relevant.precision", "relevant.recall"])
@pytest.mark.parametrize("corpus", [of("labelled")])
def test_the_third_that_no_rule_was_tuned_on_is_hardly_worse(corpus: str, figure: str) -> None:
    """A gap of more than 0.03 says that rules were made for articles."""
    found = corpora.score(corpus).figures
    assert found[f"tuned_on.{figure}"] - found[f"set_aside.{figure}"] <= 0.03


@pytest.mark.parametrize("corpus", [of("real")])
def test_of_the_real_posts_none_is_missed_and_none_a_false_alarm(corpus: str) -> None:
    assert [
        one.id
        for one in corpora.score(corpus).judged
        if (one.wanted in ("focus", "part")) != (one.said in ("focus", "part"))
    ] == []


@pytest.mark.xdist_group("corpus sample")
def test_the_sample_is_varied_enough_to_mean_something() -> None:
    judged = corpora.score("sample").judged
    assert len(judged) >= 30
    assert len({one.language for one in judged}) >= 8
    assert {one.wanted for one in judged} == set(scores.LEVELS)
