"""Forked children are what children started afresh are; only their libraries are there already."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from multiprocessing import forkserver
from pathlib import Path

import pytest

from presswatch.children import Children, ChildResult

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a process is and has is read from /proc")
PRESSWATCH = ["-m", "presswatch"]
SOON = timedelta(seconds=60)


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    """A command that goes on until somebody ends it, and says when it is ready."""
    return [*PRESSWATCH, "--data", str(tmp_path), "web", "--port", "0", "--announce"]


class Going:
    """A forked child under way in a thread."""

    def __init__(self, arguments: list[str], **how: object) -> None:
        self.children, self.lines, self.result = Children(forked=True), [], None  # type: ignore[var-annotated]
        self._said = threading.Event()

        def line(text: str) -> None:
            self.lines.append(text)
            self._said.set()

        def run() -> None:
            self.result: ChildResult | None = self.children.run(arguments, deadline=SOON, on_line=line, **how)  # type: ignore[arg-type]

        self.thread = threading.Thread(target=run)
        self.thread.start()
        assert self._said.wait(60), "the child said nothing"
        (child,) = self.children._running
        self.pid = child.pid

    def end(self) -> ChildResult:
        self.thread.join(60)
        assert self.result is not None
        return self.result


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    """Whether it ends before half a minute is over."""
    end = time.monotonic() + 30
    while (there := lives(pid)) and time.monotonic() < end:
        time.sleep(0.02)
    return not there


@pytest.mark.parametrize(
    "arguments", [["--version"], ["job", "nonsense"], ["--log-format", "xml", "status"], ["job", "crawl"]]
)
def test_it_says_and_ends_as_a_child_started_afresh(arguments: list[str], tmp_path: Path) -> None:
    seen, no_sources = [], tmp_path / "config"
    no_sources.mkdir()
    (no_sources / "sources.yaml").write_text("sources: []\n", "utf-8")
    for forked in (True, False):
        lines: list[str] = []
        command = [*PRESSWATCH, "--config", str(no_sources), "--data", str(tmp_path), *arguments]
        result = Children(forked=forked).run(command, deadline=SOON, on_line=lines.append)
        seen.append((lines, result))
    assert seen[0] == seen[1]


def test_it_says_nothing_of_its_own_where_the_service_was_started_by_its_script(tmp_path: Path) -> None:
    script = tmp_path / "presswatch"
    script.write_text(
        "from datetime import timedelta\nfrom presswatch.__main__ import main\n"
        "from presswatch.children import Children\n"
        "if __name__ == '__main__':\n"
        f"    print(Children(forked=True).run({[*PRESSWATCH, '--version']!r}, deadline=timedelta(seconds=60)).status)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_what_is_not_presswatch_is_started_afresh() -> None:
    lines: list[str] = []
    Children(forked=True).run(["-c", "import sys; print(len(sys.modules))"], deadline=SOON, on_line=lines.append)
    assert int(lines[0]) < 300


def test_it_is_a_process_of_its_own(pages: list[str]) -> None:
    going = Going(pages, gives_way=True, memory=2_000_000_000)
    try:
        told = Path(f"/proc/{going.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        assert told.startswith("presswatch --data ")
        assert "--announce" in told
        assert os.getsid(going.pid) == going.pid != os.getsid(0)
        assert os.getpriority(os.PRIO_PROCESS, going.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 5)
        assert "2000000000" in Path(f"/proc/{going.pid}/limits").read_text().split("Max data size")[1].splitlines()[0]
        assert forkserver._forkserver._forkserver_pid != going.pid  # type: ignore[attr-defined]
    finally:
        going.children.stop()
    assert going.end().status in (0, -signal.SIGTERM)
    assert gone(going.pid)


def test_one_that_overruns_is_ended(pages: list[str]) -> None:
    result = Children(forked=True).run(pages, deadline=timedelta(seconds=2))
    assert result.overran


def test_one_that_is_killed_has_the_signal_for_its_status(pages: list[str]) -> None:
    going = Going(pages)
    os.kill(going.pid, signal.SIGKILL)
    assert going.end().status == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_all_of_the_service_is_not_for_the_process_that_forks(pages: list[str], number: int) -> None:
    going = Going(pages)
    os.kill(forkserver._forkserver._forkserver_pid, number)  # type: ignore[attr-defined]
    time.sleep(0.3)
    assert lives(going.pid)
    os.kill(going.pid, signal.SIGTERM)
    assert going.end().status in (0, -signal.SIGTERM), "the child hears it"


def test_the_process_that_forks_says_so_among_the_processes(pages: list[str]) -> None:
    going = Going(pages)
    command_line = Path(f"/proc/{forkserver._forkserver._forkserver_pid}/cmdline")  # type: ignore[attr-defined]
    assert command_line.read_bytes().startswith(b"presswatch forks jobs")
    os.kill(going.pid, signal.SIGTERM)
    going.end()


def test_it_has_the_environment_of_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Children(forked=True).run([*PRESSWATCH, "--version"], deadline=SOON).status == 0
    monkeypatch.setenv("PRESSWATCH_DATA", str(tmp_path / "elsewhere"))
    assert Children(forked=True).run([*PRESSWATCH, "job", "prune"], deadline=SOON).status == 0
    assert (tmp_path / "elsewhere" / "presswatch.sqlite3").exists()


def test_with_the_process_that_forks_its_children_end_and_the_next_have_a_new_one(pages: list[str]) -> None:
    going = Going(pages)
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)  # type: ignore[attr-defined]
    assert going.end().status != 0
    assert gone(going.pid)
    lines: list[str] = []
    assert Children(forked=True).run([*PRESSWATCH, "--version"], deadline=SOON, on_line=lines.append).status == 0
    assert lines[0].startswith("presswatch ")


def test_many_leave_nothing_open() -> None:
    def one() -> int:
        Children(forked=True).run([*PRESSWATCH, "--version"], deadline=SOON)
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    counts = [one() for _ in range(30)]
    assert max(counts[5:]) <= counts[4]


def test_nothing_lives_on_when_the_service_is_killed(pages: list[str]) -> None:
    parent = (
        "import os, sys\nfrom datetime import timedelta\nfrom presswatch.children import Children\n"
        "from multiprocessing.forkserver import _forkserver as server\n"
        "children = Children(forked=True)\n"
        "def show(line):\n    (child,) = children._running\n    print(child.pid, server._forkserver_pid, flush=True)\n"
        f"if __name__ == '__main__':\n    children.run({pages!r}, deadline=timedelta(seconds=60), on_line=show)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    pids = [int(pid) for pid in process.stdout.readline().split()]
    assert all(map(lives, pids))
    process.kill()
    process.wait()
    process.stdout.close()
    assert all(map(gone, pids))


def test_what_is_loaded_leaves_nothing_that_a_fork_could_break() -> None:
    program = (
        "import os, sys, threading\nbefore = len(os.listdir('/proc/self/fd'))\n"
        "import presswatch.loaded\n"
        "opened = len(os.listdir('/proc/self/fd')) - before\n"
        "print(threading.active_count(), opened, 'twisted.internet.reactor' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0", "False"]
