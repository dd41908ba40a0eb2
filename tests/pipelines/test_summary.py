"""A summary says nothing that the source does not, and never starts in the middle."""

from typing import Any

import pytest

from tests.pipelines.marked import cases, judge

TOLD = [case for case in cases() if case["level"] in ("focus", "part")]


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["id"])
def test_chosen_from_the_source(case: dict[str, Any]) -> None:
    judged = judge(case["title"], case["text"], case["language"])
    assert 1 <= len(judged.summary) <= 3
    positions = [judged.article.text.index(sentence) for sentence in judged.summary]
    assert positions == sorted(positions)
    for words in case["summary_has"]:
        assert words in " ".join(judged.summary)


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["id"])
def test_no_quotation_and_no_pronoun_opens_it(case: dict[str, Any]) -> None:
    first = judge(case["title"], case["text"], case["language"]).summary[0]
    assert first[0] not in '“«「"'
    assert not first.startswith(("It ", "They ", "Il ", "Sie ", "Ella "))


def test_a_dateline_is_left_out() -> None:
    judged = judge(
        "{organisation Tarn} Builds in {place Thurso}",
        "{place THURSO=Thurso} — May 3, 2027 — {organisation Tarn} will put 900 GPUs into {place Thurso} this spring.",
    )
    assert judged.summary == ("Tarn will put 900 GPUs into Thurso this spring.",)


def test_a_part_is_told_from_its_passage() -> None:
    judged = judge(
        "Five Ways to Train a Robot",
        "Robots learn in simulation first, and 90 firms use it.\n"
        "{organisation Tarn} will install 900 GPUs in {place Thurso} this spring, to train its arms.\n"
        "In {-country Chile}, 40 robots move containers.",
    )
    assert judged.summary == ("Tarn will install 900 GPUs in Thurso this spring, to train its arms.",)
