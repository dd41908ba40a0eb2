"""The first result after a start, seen for real."""

from pathlib import Path

from benchmarks.first_result import COMMANDS, command_time, first_result


def test_one_event_follows_the_other_and_takes_processor_time(tmp_path: Path) -> None:
    events = first_result(tmp_path)
    clock, processor = ([found[n] for found in events.values()] for n in (0, 1))
    assert len(events) == 3
    assert clock == sorted(clock)
    assert processor == sorted(processor)
    assert processor[0] > 0.1


def test_a_small_command_is_timed() -> None:
    clock, processor = command_time(COMMANDS["presswatch --version"])
    assert clock >= 0
    assert processor > 0.01
