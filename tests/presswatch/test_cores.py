"""How many processes judge at a time."""

import os

import pytest

from presswatch import cores


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, 8),
        ({"cpu.max": "max 100000", "memory.max": "max"}, 8),
        ({"cpu.max": "150000 100000"}, 2),  # a core and a half
        ({"memory.max": "1500000000"}, 3),
        ({"memory.max": "100000000"}, 1),
    ],
)
def test_no_more_judge_than_there_are_cores_and_memory_for(
    limits: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "_limit", lambda name: limits.get(name, ""))
    assert cores.judges() == expected


def test_there_is_always_room_for_one() -> None:
    assert cores.room_for_judges() >= 1
