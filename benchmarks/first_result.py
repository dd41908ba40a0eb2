"""How soon something comes: from the start of `presswatch serve` to the first judged article, and of small commands.

    python -m benchmarks.first_result [--repeats 5]

*First result*: an empty data folder, the bundled sample newsroom, `presswatch serve`
as anybody starts it; until the newsroom was first asked, until the first page is
stored, until the first article is judged, and until all are. *Start-up*: commands
that do next to nothing, and what their imports take. Seconds by the clock depend on
what else the machine does; processor time is of the process and all its children.
"""

import argparse
import contextlib
import os
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from presswatch import catalogue
from presswatch.demo import newsroom

_PATIENCE = 600.0  # seconds until it must have judged everything
_LOOK = 0.05
COMMANDS = {
    "python, nothing": ["-c", "pass"],
    "presswatch --version": ["-m", "presswatch", "--version"],
    "presswatch --help": ["-m", "presswatch", "--help"],
    "the service's parent": ["-c", "import presswatch.scheduler"],
    "a crawl's child": ["-c", "import crawler.run, crawler.spiders.sources"],
    "the steps": ["-c", "import pipelines"],
    "the pages": ["-c", "import presswatch.web.app"],
}
_EVENTS = {
    "the first page is stored": "SELECT min(id) IS NOT NULL FROM pages",
    "the first article is judged": "SELECT min(id) IS NOT NULL FROM articles",
    "all are judged": "SELECT count(*) > 0 AND sum(processed_at IS NULL AND failed_at IS NULL) = 0 FROM pages"
    " WHERE (SELECT count(*) FROM visits) >= :sources",
}


def processor_time(pid: int) -> float:
    """Seconds that a process and its children, those that ended included, have had (Linux)."""
    total = 0.0
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def descendants(pid: int) -> Iterator[int]:
    """The processes under a process that live now (Linux)."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def first_result(folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds by the clock and of the processor until each event, from the start of the service."""
    with newsroom.start() as served:
        newsroom.write_config(served, folder / "config")
        sources = len(catalogue.load_sources(folder / "config" / "sources.yaml"))
        store, log = folder / "data" / "presswatch.sqlite3", folder / "log.txt"
        command = [sys.executable, "-m", "presswatch", "--config", str(folder / "config"), "--data", str(store.parent)]
        with log.open("w", encoding="utf-8") as said:
            began = time.monotonic()
            service = subprocess.Popen([*command, "serve", "--port", "0"], stdout=said, stderr=said)
            try:
                found = _events(service, store, sources, began)
            finally:
                service.send_signal(signal.SIGTERM)
                service.wait(60)
    if len(found) < len(_EVENTS):
        raise SystemExit(f"The service did not come to it that {list(_EVENTS)[len(found)]}:\n{log.read_text('utf-8')}")
    return found


def _events(
    service: "subprocess.Popen[bytes]", store: Path, sources: int, began: float
) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    while service.poll() is None and time.monotonic() - began < _PATIENCE and len(found) < len(_EVENTS):
        event = list(_EVENTS)[len(found)]
        if store.exists() and _holds(store, _EVENTS[event], sources):
            found[event] = (time.monotonic() - began, processor_time(service.pid))
        else:
            time.sleep(_LOOK)
    return found


def _holds(store: Path, query: str, sources: int) -> bool:
    with (
        contextlib.suppress(sqlite3.OperationalError),  # not there yet, or its tables are not
        contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection,
    ):
        return bool(connection.execute(query, {"sources": sources} if ":sources" in query else {}).fetchone()[0])
    return False


def command_time(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds by the clock and of the processor of one command, to its end."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(what: str, times: Sequence[tuple[float, float]]) -> None:
    clock, processor = (statistics.median(time[n] for time in times) for n in (0, 1))
    print(f"{what:32}{clock:9.2f} s by the clock{processor:9.2f} s of the processor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    os.environ.pop("PRESSWATCH_DATABASE_URL", None)
    runs = []
    for _ in range(options.repeats):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(first_result(Path(folder)))
    print("From the start of `presswatch serve` on an empty folder, until …; medians")
    for event in _EVENTS:
        show(event, [run[event] for run in runs])
    print("\nStart-up; medians")
    for what, arguments in COMMANDS.items():
        command_time(arguments)  # its files are read, its byte code is written
        show(what, [command_time(arguments) for _ in range(options.repeats)])
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
