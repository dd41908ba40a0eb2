"""`make fuzz`: new inputs for so many minutes, each target in turn, and how many were tried.

Shaped inputs come from hypothesis, in rounds with a new seed, which is printed
where something breaks. Where atheris is installed, it goes on from their kind
with the coverage of our own code as its guide, in a child process a target.
"""

import argparse
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.inputs import damaged
from tests.fuzz.targets import TARGETS, tried

_ROUND = 300


def shaped(name: str, number: int) -> int:
    """One round of inputs for a target; returns how many, or raises what one of them brought about."""
    count = 0

    @seed(number)
    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(damaged(name))
    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        tried(name, data)

    one()
    return count


def samples(name: str) -> list[bytes]:
    """A hundred shaped inputs, for atheris to begin with."""
    found: list[bytes] = []

    @settings(max_examples=100, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(damaged(name))
    def collect(data: bytes) -> None:
        found.append(data)

    collect()
    return found


def guided(name: str, seconds: int) -> int:
    """atheris on one target, in a child; returns how many inputs, or raises `AssertionError` with what it found."""
    command = [sys.executable, "-m", "tests.fuzz.guided", name, f"-max_total_time={seconds}", "-max_len=2000"]
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(samples(name)):
            (Path(corpus) / str(number)).write_bytes(data)
        command += ["-rss_limit_mb=2500", corpus]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise AssertionError(f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}\nIts input is in a file crash-… here.")
    runs = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("Done ")]
    return int(runs[0]) if runs else 0


class Fuzzing:
    """What was tried so far, by target, and what broke; a target that broke is left alone."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.broken = names, set[str]()
        self.tried: Counter[str] = Counter()

    def give(self, name: str, work: Callable[[], int], again: str) -> None:
        if name in self.broken:
            return
        try:
            self.tried[name] += work()
        except Exception:
            self.broken.add(name)
            traceback.print_exc()
            print(f"{name}: broken; again with: {again}", flush=True)


def main() -> int:
    """Fuzz until the time is over; 1 where something broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--only", choices=TARGETS)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    run = Fuzzing([options.only] if options.only else list(TARGETS))
    has_atheris = importlib.util.find_spec("atheris") is not None and options.seed is None
    end = time.monotonic() + options.minutes * (30 if has_atheris else 60)
    while True:
        for name in run.names:
            number = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
            again = f"python -m tests.fuzz --only {name} --seed {number}"
            run.give(name, partial(shaped, name, number), again)
        if options.seed is not None or time.monotonic() > end:
            break
    for name in run.names if has_atheris else ():
        seconds = max(1, int(options.minutes * 30 / len(run.names)))
        run.give(name, partial(guided, name, seconds), f"python -m tests.fuzz.guided {name} crash-…")
    for name in run.names:
        print(f"{name:12} {run.tried[name]:9,}  {'BROKEN' if name in run.broken else ''}".rstrip())
    print(
        f"{run.tried.total():,} inputs{'' if has_atheris else ' (atheris is not installed)'}; broken: {len(run.broken)}"
    )
    return 1 if run.broken else 0


if __name__ == "__main__":
    sys.exit(main())
