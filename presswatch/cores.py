"""How many processes may work at a time: as many as there are processors for us, and memory for them."""

import os
from contextlib import suppress
from pathlib import Path

_A_JUDGE = 450_000_000  # bytes that a judging process may take, the names alone are 300 MB


def judges() -> int:
    """How many may judge at a time: one for each processor that is ours, and no more than the memory is for."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _limit("cpu.max").partition(" ")
    if quota.isdecimal() and period.isdecimal():
        ours = min(ours, -(-int(quota) // int(period)))
    if (memory := _limit("memory.max")).isdecimal():
        ours = min(ours, int(memory) // _A_JUDGE)
    return max(1, ours)


def _limit(name: str) -> str:
    """A limit of the container that we are in, as Linux tells it; empty where there is none."""
    try:
        return Path("/sys/fs/cgroup", name).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def room_for_judges() -> int:
    """How many more can start now without taking the memory that others use (Linux); at least one."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return max(1, 1024 * int(line.split()[1]) // _A_JUDGE)
    return judges()
