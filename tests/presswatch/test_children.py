"""Children have a deadline, die with their parent, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from presswatch.children import Children


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: object, seconds: float = 10) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def test_lines_arrive_and_the_status_is_told() -> None:
    lines: list[str] = []
    result = Children().run(
        ["-c", "print('one'); print('two'); raise SystemExit(3)"], deadline=timedelta(seconds=20), on_line=lines.append
    )
    assert lines == ["one", "two"]
    assert (result.status, result.overran) == (3, False)


@pytest.mark.skipif(sys.platform != "linux", reason="what a process gives way to is asked of Linux")
def test_a_child_that_gives_way_is_nicer_and_so_are_its_own() -> None:
    program = "import os, subprocess; print(os.nice(0), flush=True); subprocess.run(['nice'])"
    for gives_way, niceness in ((True, min(19, os.nice(0) + 5)), (False, os.nice(0))):
        lines: list[str] = []
        command = ["-c", f"import time; time.sleep(0.3); {program}"]  # as a real child's imports take their time
        Children().run(command, deadline=timedelta(seconds=20), on_line=lines.append, gives_way=gives_way)
        assert lines == [str(niceness)] * 2


def test_last_words_are_kept() -> None:
    result = Children().run(["-c", "raise ValueError('the reason')"], deadline=timedelta(seconds=20))
    assert result.status == 1
    assert result.last_words.endswith("ValueError: the reason")


def test_a_child_that_overruns_is_ended_with_its_children() -> None:
    # A grandchild that ignores SIGTERM would outlive a deadline that only ended the child.
    program = (
        "import subprocess, sys, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "g = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(g.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    lines: list[str] = []
    started = time.monotonic()
    result = Children().run(["-c", program], deadline=timedelta(seconds=1), on_line=lines.append)
    assert result.overran
    assert result.status == -signal.SIGKILL
    assert time.monotonic() - started < 15
    assert wait_for(lambda: not alive(int(lines[0])))


def test_stop_ends_what_runs_and_starts_nothing_more() -> None:
    children = Children()
    results: list[object] = []
    program = ["-c", "import time; time.sleep(60)"]
    worker = threading.Thread(target=lambda: results.append(children.run(program, deadline=timedelta(seconds=50))))
    worker.start()
    assert wait_for(lambda: bool(children._running))
    children.stop()
    worker.join(timeout=10)
    assert not worker.is_alive()
    with pytest.raises(RuntimeError, match="stopping"):
        children.run(["-c", "pass"], deadline=timedelta(seconds=5))


# As on a system whose kernel ends nobody: the pipe does it alone.
ALONE = "import presswatch.children as c; c.ctypes.CDLL = lambda name: None; "
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child that cannot run itself")


@pytest.mark.parametrize(
    ("before", "work"),
    [
        pytest.param("", "time.sleep(60)", id="idle"),
        pytest.param(ALONE, "time.sleep(60)", id="by the pipe alone"),
        pytest.param("", "re.match('(a|aa)*$', 'a' * 60 + 'b')", marks=LINUX, id="in a long call"),
    ],
)
def test_a_child_dies_with_a_parent_that_is_killed(before: str, work: str) -> None:
    child = (
        f"{before}from presswatch.children import die_with_parent; die_with_parent(); "
        f"import re, time; print('up', flush=True); {work}"
    )
    parent = (
        "import os, sys\nfrom datetime import timedelta\nfrom presswatch.children import Children\n"
        f"program = 'import os; print(os.getpid(), flush=True); ' + {child!r}\n"
        "def show(line): print(line, flush=True)\n"
        "Children().run(['-c', program], deadline=timedelta(seconds=50), on_line=show)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    pid = int(process.stdout.readline())
    assert process.stdout.readline().strip() == "up"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert wait_for(lambda: not alive(pid))
