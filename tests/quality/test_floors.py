"""Floors rise with what is measured, and fall only where somebody says so."""

from pathlib import Path
from typing import Any

import pytest

from tests.quality import corpora, floors
from tools import raise_floors

OLD: dict[str, Any] = {
    "corpora": {"sample": "aa"},
    "floors": {"sample": {"level": 0.9, "facts.f1": 0.8}, "real": {"relevant.recall": 1.0}},
}


@pytest.mark.parametrize(
    ("measured", "lower_too", "expected", "lowered"),
    [
        pytest.param(0.95, False, 0.93, 0, id="rises, a little under what was measured"),
        pytest.param(0.91, False, 0.9, 0, id="stays where the figure came nearer"),
        pytest.param(0.89, False, 0.9, 1, id="stays where the figure fell under it, and says so"),
        pytest.param(0.89, True, 0.87, 1, id="falls where it is meant"),
    ],
)
def test_a_floor(measured: float, lower_too: bool, expected: float, lowered: int) -> None:
    figures = {"level": measured, "facts.f1": 0.8, "topics.recall": 0.8, "articles": 34.0}
    result = floors.raised(OLD, "sample", "bb", figures, lower_too=lower_too)
    assert result.content["floors"]["sample"]["level"] == expected
    assert len(result.lowered) == lowered
    assert result.content["corpora"] == {"sample": "bb"}
    assert result.content["floors"]["real"] == OLD["floors"]["real"]


def test_a_figure_that_is_no_longer_measured_keeps_its_floor_and_is_named() -> None:
    result = floors.raised(OLD, "sample", "aa", {"level": 0.95}, lower_too=False)
    assert result.content["floors"]["sample"]["facts.f1"] == 0.8
    assert result.lowered == ("sample facts.f1: the floor is 0.8, and nothing is measured",)
    assert (
        "facts.f1"
        not in floors.raised(OLD, "sample", "aa", {"level": 0.95}, lower_too=True).content["floors"]["sample"]
    )


def test_on_the_real_posts_there_is_no_slack() -> None:
    result = floors.raised({}, "real", "aa", {"relevant.recall": 1.0, "level": 1.0}, lower_too=False)
    assert result.content["floors"]["real"] == {"relevant.recall": 1.0, "level": 0.98}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    content = floors.raised(OLD, "sample", "bb", {"level": 1.0, "facts.f1": 1.0}, lower_too=False).content
    floors.save(content, tmp_path / "floors.json")
    assert floors.load(tmp_path / "floors.json") == content


@pytest.mark.xdist_group("corpus sample")
def test_the_command_refuses_to_lower_and_lowers_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "floors.json"
    measured = corpora.score("sample").figures["facts.f1"]
    floors.save({"corpora": {}, "floors": {"sample": {"facts.f1": 1.01}}}, path)
    before = path.read_bytes()
    assert raise_floors.main(["sample", "--floors", str(path)]) == 1
    assert "sample facts.f1: the floor is 1.01" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert raise_floors.main(["sample", "--floors", str(path), "--lower-too"]) == 0
    assert floors.load(path)["floors"]["sample"]["facts.f1"] == pytest.approx(measured - floors.SLACK, abs=0.001)
    assert floors.load(path)["corpora"] == {"sample": corpora.digest("sample")}
