"""A short soak, two minutes long; `make soak` goes on for ten thousand cycles."""

import sys
from pathlib import Path

import pytest

from tests.soak import verdict
from tests.soak.soaking import Sample, Soak

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc")


def test_the_service_stays_small_and_tells_each_story_once(tmp_path: Path) -> None:
    soak = Soak(folder=tmp_path, cycles=160).run(print)
    assert verdict.wrong(soak, growth=3.0) == []
    found = verdict.figures(soak)
    assert found.articles >= 15
    assert sum(soak.mails.values()) >= 2, "no edition was delivered"
    assert found.children >= soak.cycles
    assert {"crawl", "process", "digest", "deliver"} <= {child["name"] for child in soak.children()}


def soaked(tmp_path: Path, **changes: object) -> Soak:
    """A soak as after a thousand cycles, with `changes` in each sample: a value, or what makes one of a cycle."""
    soak = Soak(folder=tmp_path, cycles=1000)
    (tmp_path / "children.jsonl").write_text("", "utf-8")
    ordinary = {"rss": 60.0, "files": 13, "threads": 10, "archive": 500_000, "store": 700_000, "articles": 30}
    for cycle in range(10, 1001, 10):
        values = {name: made(cycle) if callable(made) else made for name, made in (ordinary | changes).items()}
        soak.samples.append(Sample(cycle=cycle, **values))  # type: ignore[arg-type]
    return soak


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rss": lambda cycle: 60 + cycle / 400}, "grew in the second half"),
        ({"rss": lambda cycle: 60 + 1.2 * (cycle > 800)}, "grew in the second half"),
        ({"rss": lambda cycle: 60 + 21 * (cycle == 300)}, "held 81"),
        ({"files": lambda cycle: 13 + cycle // 50}, "open files at the end"),
        ({"threads": lambda cycle: 10 + 8 * (cycle > 700)}, "open threads at the end"),
        ({"archive": lambda cycle: 500_000 + cycle}, "while nothing was published"),
    ],
)
def test_what_grows_is_noticed(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    (found,) = verdict.of_memory(soaked(tmp_path, **changes))
    assert told in found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rss": lambda cycle: 60 + 5 * (cycle > 100)},  # it may settle
        {"rss": lambda cycle: 60 + 0.4 * (cycle % 40 == 0)},  # and breathe
        {"files": lambda cycle: 13 + (cycle % 50 == 0)},
        {"archive": lambda cycle: 500_000 + 1000 * min(cycle, 400)},
        {"archive": lambda cycle: 500_000 - cycle},
    ],
)
def test_what_does_not_grow_is_none_of_it(tmp_path: Path, changes: dict[str, object]) -> None:
    assert list(verdict.of_memory(soaked(tmp_path, **changes))) == []
