"""A minute of the fuzzers, the same inputs each time. `make fuzz` tries new ones for ten minutes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.inputs import damaged
from tests.fuzz.targets import TARGETS, tried


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_comes_in_is_read_or_refused_in_a_sentence(name: str) -> None:
    @settings(max_examples=240, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(damaged(name))
    def shaped(data: bytes) -> None:
        tried(name, data)

    @settings(max_examples=60, derandomize=True, deadline=None, database=None)
    @given(st.binary(max_size=400))
    def noise(data: bytes) -> None:
        tried(name, data)

    shaped()
    noise()


def test_a_target_that_breaks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(data: bytes) -> None:
        raise KeyError(data)

    monkeypatch.setitem(TARGETS, "feeds", type(TARGETS["feeds"])(breaks))
    with pytest.raises(KeyError):
        tried("feeds", b"x")
