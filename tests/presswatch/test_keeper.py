"""A child that is kept running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from presswatch.keeper import Keeper

READY = "import json, time; print(json.dumps({'ready': 'http://here/'}), flush=True); "


def wait_for(condition: Callable[[], object], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    return bool(condition())


class Notes:
    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []
        self.ready: list[str] = []

    def __call__(self, **told: Any) -> None:
        self.all.append(told)

    @property
    def state(self) -> dict[str, Any]:
        return {key: value for told in list(self.all) for key, value in told.items()}


def keep(program: str, notes: Notes, **times: float) -> Keeper:
    return Keeper("the thing", ["-c", program], note=notes, on_ready=notes.ready.append, **times)


def test_a_child_that_dies_is_started_again_after_growing_pauses(caplog: pytest.LogCaptureFixture) -> None:
    notes = Notes()
    keeper = keep("raise SystemExit('presswatch: the port is taken')", notes, first=0.1, longest=0.2)
    assert wait_for(lambda: notes.state.get("failures", 0) >= 4)
    keeper.stop()
    assert notes.state["ok"] is False
    assert notes.state["message"] == "the port is taken"
    assert notes.state["failing_since"]
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("The thing ended. the port is taken")
    assert "Traceback" not in caplog.text


def test_a_child_that_is_ready_says_where_and_a_streak_ends_when_it_does_well(tmp_path: Path) -> None:
    notes, mark = Notes(), tmp_path / "second"
    first = f"import os, sys; p = {str(mark)!r}; seen = os.path.exists(p); open(p, 'w').close(); seen or sys.exit(3); "
    keeper = keep(first + READY + "time.sleep(60)", notes, first=0.05, sound=0.3)
    try:
        assert wait_for(lambda: notes.ready == ["http://here/"])
        assert notes.state["ok"]
        assert any(told.get("failures") == 1 for told in notes.all)
        assert wait_for(lambda: notes.state["failures"] == 0)
        assert notes.state["failing_since"] is None
    finally:
        keeper.stop()


def test_a_killed_child_is_named_and_replaced() -> None:
    notes = Notes()
    keeper = keep("import os, json; print(json.dumps({'ready': os.getpid()}), flush=True); "
                  "import time; time.sleep(60)", notes, first=0.05)  # fmt: skip
    try:
        assert wait_for(lambda: notes.ready)
        os.kill(int(notes.ready[0]), signal.SIGKILL)
        assert wait_for(lambda: len(notes.ready) == 2)
        assert any(told.get("message") == "Signal 9 ended it." for told in notes.all)
    finally:
        keeper.stop()


def test_stopping_ends_the_child_and_starts_no_other() -> None:
    notes = Notes()
    keeper = keep("import os, json; print(json.dumps({'ready': os.getpid()}), flush=True); "
                  "import time; time.sleep(60)", notes, first=0.05)  # fmt: skip
    assert wait_for(lambda: notes.ready)
    keeper.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(notes.ready[0]), 0)
    time.sleep(0.3)
    assert len(notes.ready) == 1


def test_a_parent_that_is_killed_takes_its_child_along() -> None:
    child = (
        "import os, json, time; from presswatch.children import die_with_parent; die_with_parent();"
        "print(json.dumps({'ready': os.getpid()}), flush=True); time.sleep(60)"
    )
    parent = (
        "import time; from presswatch.keeper import Keeper\n"
        f"Keeper('it', ['-c', {child!r}], note=lambda **_: None, on_ready=lambda pid: print(pid, flush=True))\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        process.kill()

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"

    assert wait_for(gone)
