"""The processes of a service: which there are, what each does, and whether it still lives."""

import re
import time
from contextlib import suppress
from pathlib import Path

_JOB = re.compile(r" job (\w+)")


def doing(command_line: str) -> str:
    """What a process of the service does, in a word."""
    if job := _JOB.search(command_line):
        return job[1]
    if command_line.startswith("presswatch forks jobs"):
        return "forking"
    return "ready" if command_line.rstrip().endswith(" ready") else "starting"


def descendants(pid: int) -> dict[int, str]:
    """Every living process below `pid` and its command line, from /proc."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                with suppress(OSError):
                    found[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                found |= descendants(child)
    return found


def gone(pids: "set[int]", seconds: float) -> "set[int]":
    """Those of `pids` that still live after waiting for them to end."""
    end = time.monotonic() + seconds
    while (left := {pid for pid in pids if _lives(pid)}) and time.monotonic() < end:
        time.sleep(0.02)
    return left


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def naming(text: str) -> set[int]:
    """Every living process whose command line holds `text`, wherever it hangs in the tree of processes."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if text.encode() in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
    return {pid for pid in found if _lives(pid)}
