"""What it takes to sit and watch: `presswatch serve` beside changedetection.io, on as many pages of one server.

    python -m benchmarks.idle [--minutes 5] [--every 5] [--pages N] [--without changedetection.io]

As many pages as there are sources by default, each on a host of its own on
loopback, none of which changes. Both look at each every five minutes, have their web
pages up, and are as delivered otherwise. One after the other: each starts, looks at
everything, and is then watched from the end of one round over its pages to the end of
another, for at least so many minutes. Memory is the median of many looks at
all processes: RSS counts what they share in each, PSS shares it out. Processor time is
of all processes, those that came and went included, made up to an hour.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extraction import environment
from benchmarks.first_result import descendants, processor_time
from benchmarks.polling import asked, feed_server
from presswatch import catalogue, settings

_LOOK = 2.0  # seconds between two looks at the memory
_PATIENCE = 300.0  # seconds until everything must have been looked at once
_SETTLE = 90.0  # after that, before it is watched: what the first look found is judged, shown and told


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Of one contender: memory in MB, processes, seconds of a core an hour, and what it asked meanwhile."""

    name: str
    rss: float
    pss: float
    parent: float  # PSS of the first process
    processes: float
    an_hour: float
    of_the_parent: float  # likewise, of the first process alone
    requests: float  # an hour


def sources() -> int:
    """How many sources are enabled as delivered."""
    with tempfile.TemporaryDirectory() as folder:
        file = settings.load(None, Path(folder), {}).file("sources.yaml")
        return sum(source.enabled for source in catalogue.load_sources(file))


def presswatch(folder: Path, feeds: Sequence[str], every: float) -> list[str]:
    """The command that serves it, and its configuration."""
    config = folder / "config"
    config.mkdir(parents=True)
    blocks = "".join(
        f"  - {{id: s{number}, every: {60 * every:.0f}s, delay: 0s, allow_private: true, feeds: ['{url}']}}\n"
        for number, url in enumerate(feeds)
    )
    (config / "sources.yaml").write_text(f"sources:\n{blocks}", "utf-8")
    (config / "presswatch.toml").write_text('contact = "mailto:bench@presswatch.invalid"\n', "utf-8")
    command = [sys.executable, "-m", "presswatch", "--config", str(config), "--data", str(folder / "data")]
    return [*command, "serve", "--port", str(free_port())]


def changedetection(folder: Path, feeds: Sequence[str], every: float, python: Path) -> list[str]:
    """Likewise, of changedetection.io; it watches the page that each feed names."""
    between = {"weeks": 0, "days": 0, "hours": 0, "minutes": 0, "seconds": round(60 * every)}
    chosen = json.dumps({"time_between_check": between, "time_between_check_use_default": False})
    command = [str(python), str(python.with_name("changedetection.io")), "-d", str(folder / "data"), "-C"]
    command += ["-h", "127.0.0.1", "-p", str(free_port())]
    for number, feed in enumerate(feeds):
        command += ["-u", feed.replace("/feed", "/news/0-0"), f"-u{number}", chosen]
    return [*command, "-r", "all"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: Sequence[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A service in the background, ended at the end with all that it started."""
    environ = {**os.environ, "ALLOW_IANA_RESTRICTED_ADDRESSES": "true"}  # loopback, for changedetection.io
    with log.open("wb") as said:
        service = subprocess.Popen(command, stdout=said, stderr=said, env=environ, start_new_session=True)
        try:
            yield service
        finally:
            service.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(service.pid, signal.SIGKILL)
            service.wait()


class Rounds:
    """When everything was looked at once more, told by the requests that the server has had."""

    def __init__(self, name: str, server: "subprocess.Popen[str]", pages: int, log: Path) -> None:
        self._name, self._server, self._pages, self._log = name, server, pages, log
        self._asked = asked(server)

    def wait(self, service: "subprocess.Popen[bytes]", patience: float, look: Callable[[], object]) -> int:
        """Until the next round is over, with a `look` now and then; returns how many requests it was."""
        before, until = self._asked, time.monotonic() + patience
        while (now := asked(self._server)) - before < self._pages or now != self._asked:
            if service.poll() is not None or time.monotonic() > until:
                said = self._log.read_text("utf-8", "replace")[-3000:]
                raise SystemExit(f"{self._name} did not look at its {self._pages} pages:\n{said}")
            self._asked = now
            look()
            time.sleep(_LOOK)
        return now - before


def watch(name: str, command: Sequence[str], rounds: Rounds, folder: Path, every: float, minutes: float) -> Idle:
    """Start a contender, let it look at everything once, and watch it for whole rounds."""
    with running(command, folder / "log.txt") as service:
        patience = _PATIENCE + 120 * every
        rounds.wait(service, patience, lambda: None)
        time.sleep(_SETTLE)
        rounds.wait(service, patience, lambda: None)
        requests, spent, alone = 0, processor_time(service.pid), own_time(service.pid)
        began, looks = time.monotonic(), list[tuple[float, float, float, int]]()
        while not requests or time.monotonic() - began < 60 * minutes:
            requests += rounds.wait(service, patience, lambda: looks.append(memory(service.pid)))
        hours = (time.monotonic() - began) / 3600
        spent, alone = processor_time(service.pid) - spent, own_time(service.pid) - alone
    rss, pss, parent, processes = (statistics.median(look[n] for look in looks) for n in range(4))
    return Idle(
        name=name, rss=rss, pss=pss, parent=parent, processes=processes,
        an_hour=spent / hours, of_the_parent=alone / hours, requests=requests / hours,
    )  # fmt: skip


def memory(pid: int) -> tuple[float, float, float, int]:
    """RSS and PSS in MB of a process with all under it, the PSS of itself alone, and how many they are."""
    sizes = [size for one in (pid, *descendants(pid)) if (size := _size(one))]
    return sum(rss for rss, _ in sizes), sum(pss for _, pss in sizes), sizes[0][1] if sizes else 0.0, len(sizes)


def _size(pid: int) -> tuple[float, float] | None:
    with contextlib.suppress(OSError, KeyError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        told = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
        return told["Rss"] * 1024 / 1e6, told["Pss"] * 1024 / 1e6
    return None  # it ended


def own_time(pid: int) -> float:
    """Seconds of a core that a process has had itself, its children left out."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--every", type=float, default=5.0, help="minutes between two looks at one page")
    parser.add_argument("--pages", type=int, default=0, help="as many as there are sources where none are said")
    parser.add_argument("--without", nargs="*", default=[], metavar="PEER")
    options = parser.parse_args()
    os.environ.pop("PRESSWATCH_DATABASE_URL", None)
    pages, found = options.pages or sources(), []
    python = None if "changedetection.io" in options.without else environment("changedetection.io")
    with tempfile.TemporaryDirectory() as made, feed_server(pages) as (feeds, server):
        commands = {"presswatch": presswatch(Path(made) / "presswatch", feeds, options.every)}
        if python:
            (Path(made) / "changedetection.io").mkdir()
            commands["changedetection.io"] = changedetection(
                Path(made) / "changedetection.io", feeds, options.every, python
            )
        for name, command in commands.items():
            rounds = Rounds(name, server, pages, Path(made) / name / "log.txt")
            found.append(watch(name, command, rounds, Path(made) / name, options.every, options.minutes))
    print(
        f"{pages} pages, each looked at every {options.every:g} minutes; load of the machine {os.getloadavg()[0]:.1f}"
    )
    print(f"{'':20}{'RSS':>8}{'PSS':>8}{'parent':>8}  MB{'processes':>11}   seconds of a core an hour, of the parent")
    for one in found:
        print(
            f"{one.name:20}{one.rss:8.0f}{one.pss:8.0f}{one.parent:8.0f}    {one.processes:11.0f}"
            f"{one.an_hour:12.1f} ({one.an_hour / 36:.2f} %){one.of_the_parent:9.1f} ({one.of_the_parent / 36:.2f} %)"
            f"   {one.requests:.0f} requests an hour"
        )


if __name__ == "__main__":
    main()
