"""What visitors wait for, while the service crawls: fifty requests a second over the wire, and the crawl's punctuality.

    python -m benchmarks.served --store FILE [--seconds 60] [--rate 50]

A real `presswatch serve` runs on a copy of the store; it crawls the bundled sample
newsroom, every source each minute, while articles there are edited. Requests start
when they are due, whether the ones before them were answered or not, and their time
counts from then: a server that falls behind cannot hide it. Where Debian's `wrk` is
installed, it drives as many once more, fifty clients with a pause of a second
between two requests on average.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.addresses import addresses
from presswatch.demo import newsroom
from presswatch.demo.newsroom import Newsroom
from presswatch.store import Store

_AIM, _LONGEST = 50.0, 500.0  # milliseconds: 95 of 100, and all
_EVERY = "1m"  # a source's visits; fast news sites ask for one in five minutes
_TICK = 30.0  # seconds between two looks for what is due, as delivered
_TIMEOUT = 30.0
_CLIENTS = 50  # of wrk


@dataclass
class Waited:
    """How long the answers took, in milliseconds, by heading, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)


class Client:
    """Connections that are kept open and used again, as few as the load takes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, address: str) -> tuple[int, int]:
        """Status and length of one answer."""
        while self._idle:
            reader, writer = self._idle.pop()
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):  # it was idle for too long
                return await self._ask(reader, writer, address)
        return await self._ask(*await asyncio.open_connection("127.0.0.1", self._port), address)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> tuple[int, int]:
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", head)
        size = int(length[1]) if length else 0
        if length:
            await reader.readexactly(size)
        elif "transfer-encoding: chunked" in head:
            while portion := int((await reader.readuntil(b"\r\n")).strip(), 16):
                await reader.readexactly(portion + 2)
                size += portion
            await reader.readexactly(2)
        self._idle.append((reader, writer))
        return int(head.split(" ", 2)[1]), size


async def drive(port: int, asked: Iterator[tuple[str, str]], *, seconds: float, rate: float) -> Waited:
    """Ask for `seconds`, one request each 1/`rate` seconds, come what may."""
    client, found = Client(port), Waited()

    async def one(heading: str, address: str, due: float) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT):
                status, _ = await client.get(address)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            found.wrong.append(f"{address}: {type(error).__name__}")
            return
        if status not in (200, 301, 404):  # a story may have been joined to another one
            found.wrong.append(f"{address}: {status}")
        found.times[heading].append(1000 * (time.perf_counter() - due))

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * rate)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(*next(asked), due))
    return found


_WRK = """
local addresses = {}
for line in io.lines(os.getenv("ADDRESSES")) do addresses[#addresses + 1] = line end
math.randomseed(7)
function request() return wrk.format("GET", addresses[math.random(#addresses)]) end
function delay() return -1000 * math.log(1 - math.random()) end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "max": %f, "wrong": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency.max / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def wrk(port: int, asked: Iterator[tuple[str, str]], seconds: float, folder: Path) -> dict[str, float] | None:
    """The same load by wrk; None where there is none."""
    if not shutil.which("wrk"):
        return None
    (folder / "load.lua").write_text(_WRK, "utf-8")
    (folder / "addresses.txt").write_text("".join(f"{next(asked)[1]}\n" for _ in range(5000)), "utf-8")
    command = ["wrk", "--threads", "1", "--connections", str(_CLIENTS), "--duration", f"{seconds:.0f}s"]
    command += ["--timeout", "30s", "--script", str(folder / "load.lua"), f"http://127.0.0.1:{port}"]
    environ = {**os.environ, "ADDRESSES": str(folder / "addresses.txt")}
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said[said.rindex("{") :])
    return found


def prepare(folder: Path, store: Path, served: Newsroom) -> None:
    """A data folder with a copy of the store, and a config folder whose sources are visited each minute."""
    newsroom.write_config(served, folder / "config")
    sources = folder / "config" / "sources.yaml"
    sources.write_text(re.sub(r"every: \w+", f"every: {_EVERY}", sources.read_text("utf-8")), "utf-8")
    (folder / "data").mkdir()
    shutil.copyfile(store, folder / "data" / "presswatch.sqlite3")


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The service, and the port of its pages; ended at the end."""
    command = [sys.executable, "-m", "presswatch", "--config", str(folder / "config"), "--data", str(folder / "data")]
    log = (folder / "log.txt").open("w", encoding="utf-8")
    service = subprocess.Popen([*command, "serve", "--port", "0"], stderr=log, stdout=log, text=True)
    try:
        yield service, _port(service, folder / "log.txt")
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(60)
        log.close()


def _port(service: subprocess.Popen[str], log: Path) -> int:
    while service.poll() is None:
        if match := re.search(r"The pages are on http://127\.0\.0\.1:(\d+)/", log.read_text("utf-8")):
            return int(match[1])
        time.sleep(0.2)
    raise SystemExit(f"The service did not start:\n{log.read_text('utf-8')}")


def lateness(store: Path, since: datetime) -> list[float]:
    """By how many seconds each visit came after it was due; the first of a source is due at once."""
    late: list[float] = []
    due: dict[str, datetime] = {}
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT source, at, next_due_at FROM visits ORDER BY at")
        for source, at, next_due_at in rows:
            when = datetime.fromisoformat(at)
            if source in due and when >= since:
                late.append((when - due[source]).total_seconds())
            due[source] = datetime.fromisoformat(next_due_at)
    return late


@contextlib.contextmanager
def edited(served: Newsroom, every: float) -> Iterator[None]:
    """An article of the newsroom gets another paragraph every few seconds, so that each crawl has something to do."""
    over, draw = threading.Event(), random.Random(5)
    known = [article.id for article in served.articles()]

    def edit() -> None:
        while not over.wait(every):
            served.edit(draw.choice(known), f"This was added at {time.time():.0f}.")

    thread = threading.Thread(target=edit, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def measure(store: Path, seconds: float, rate: float) -> int:
    """Print what was seen; returns how many aims were missed."""
    if not store.is_file():
        raise SystemExit(f"There is no store {store}; make one with: python -m benchmarks.large_store {store}")
    with Store.open(f"sqlite:///{store}") as opened:
        asked = addresses(opened, random.Random(3))
        by_wrk = addresses(opened, random.Random(4))
        for _ in range(100):  # reads what it draws names from
            next(asked), next(by_wrk)
    with tempfile.TemporaryDirectory() as made, newsroom.start() as served:
        folder = Path(made)
        prepare(folder, store, served)
        data = folder / "data" / "presswatch.sqlite3"
        with serving(folder) as (service, port), edited(served, 5.0):
            asyncio.run(drive(port, asked, seconds=10, rate=rate / 5))  # what is read once is read
            spent = processor_time(service.pid)
            began, load = datetime.now(UTC).replace(tzinfo=None), os.getloadavg()[0]
            found = asyncio.run(drive(port, asked, seconds=seconds, rate=rate))
            spent = processor_time(service.pid) - spent
            other = wrk(port, by_wrk, seconds, folder)
        late = lateness(data, began)
        _say_trouble(folder / "log.txt")
    answered = sum(map(len, found.times.values()))
    print(f"{1000 * spent / max(answered, 1):.1f} ms of a core a request, everything in it")
    return _report(found, other, late, load, rate)


def _say_trouble(log: Path) -> None:
    lines = [line for line in log.read_text("utf-8").splitlines() if "ERROR" in line or "WARNING" in line]
    for line in lines[:10]:
        print(f"the service: {line}")
    if lines[10:]:
        print(f"the service: {len(lines) - 10} more such lines")


def processor_time(service: int) -> float:
    """Seconds of processor time that the service's child with the pages has had (Linux)."""
    for child in Path(f"/proc/{service}/task/{service}/children").read_text().split() + _children_of_threads(service):
        if b"--announce" in Path(f"/proc/{child}/cmdline").read_bytes():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _children_of_threads(service: int) -> list[str]:
    tasks = Path(f"/proc/{service}/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text().split()]


def _report(found: Waited, other: dict[str, float] | None, late: list[float], load: float, rate: float) -> int:
    missed = len(found.wrong)
    print(f"{rate:g} requests a second over loopback, from when each was due; load of the machine {load:.1f}")
    print(f"{'address':26} {'asked':>6} {'median':>9} {'p95':>9} {'worst':>9}   ms")
    everything = [one for times in found.times.values() for one in times]
    for heading, times in [*found.times.items(), ("all together", everything)]:
        times.sort()
        p95 = _share(times, 0.95)
        over = times[-1] > _LONGEST
        missed += over and heading != "all together"
        line = f"{len(times):6} {_share(times, 0.5):9.1f} {p95:9.1f} {times[-1]:9.1f}"
        print(f"{heading:26} {line}{'   over half a second' if over else ''}")
    for line in found.wrong[:10]:
        print(f"wrong: {line}")
    if other is None:
        print("wrk is not installed: without it.")
    else:
        missed += int(other["wrong"]) + (other["max"] > _LONGEST)
        a_second = other["requests"] / other["seconds"]
        print(f"wrk: {a_second:.1f} a second, median {other['p50']:.1f}, p95 {other['p95']:.1f}, worst"
              f" {other['max']:.1f} ms, {other['wrong']:.0f} wrong")  # fmt: skip
    late.sort()
    if late:
        missed += late[-1] > 2 * _TICK
        print(f"the crawl: {len(late)} visits, median {_share(late, 0.5):.0f} s after they were due, the latest"
              f" {late[-1]:.0f} s (looked for every {_TICK:.0f} s)")  # fmt: skip
    else:
        missed += 1
        print("the crawl: no visit was due twice; give it more --seconds.")
    return missed


def _share(times: list[Any], share: float) -> float:
    return float(times[min(len(times) - 1, int(share * len(times)))])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=50)
    given = parser.parse_args()
    sys.exit(measure(given.store, given.seconds, given.rate) > 0)
