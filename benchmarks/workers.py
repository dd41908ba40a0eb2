"""Judging by one worker and by two: `presswatch serve --role worker` on PostgreSQL, a core each, timed.

    python -m benchmarks.workers [--pages 2000] [--workers 1 2] [--postgres URL]

The pages are those of `benchmarks.reprocess`. They wait in a database of their
own, which is made on the server at URL and dropped in the end. Workers are bound
to a core each, as if each were a machine with one; the database and the service
that hands out the orders take what they need of both. Counted is from the first
judged page to the last, so that nobody's start is part of it. Every run must
judge every page, and join as many stories. Exit status 1: two workers are not
1.7 times as fast as one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg

from benchmarks.reprocess import fill

AIM = 1.7
_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
_PATIENCE = 900.0
_CONFIG = """contact = "mailto:bench@presswatch.invalid"
[web]
enabled = false
[process]
batch = 100
[schedule]
process = "1s"
"""
_SOURCES = "sources:\n  - {id: bench, every: 1d, enabled: false, feeds: ['https://news.example/feed']}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What so many workers made of the pages."""

    seconds: float
    pages: int  # that were judged within these seconds
    stories: int

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of an empty database on a PostgreSQL server, dropped in the end."""
    name = f"presswatch_bench_{token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def service(
    role: str, folder: Path, environ: Mapping[str, str], core: int | None = None
) -> Iterator[Callable[[], None]]:
    """A service of this role, bound to a core, and what raises where it ended by itself."""
    (folder / "config").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "presswatch.toml").write_text(_CONFIG, "utf-8")
    (folder / "config" / "sources.yaml").write_text(_SOURCES, "utf-8")
    where = ["--config", str(folder / "config"), "--data", str(folder / "data")]
    bound = ["taskset", "--cpu-list", str(core)] if core is not None else []
    with (folder / "log").open("wb") as log:
        command = [*bound, sys.executable, "-m", "presswatch", *where, "serve", "--role", role]
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environ})

        def look() -> None:
            if process.poll() is not None:
                raise SystemExit(f"The {role} ended by itself:\n{(folder / 'log').read_text('utf-8')[-3000:]}")

        try:
            yield look
        finally:
            process.terminate()
            process.wait(60)


def judge(workers: int, pages: int, server: str) -> Run:
    """Have so many workers judge so many pages that wait."""
    cores = sorted(os.sched_getaffinity(0))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = stack.enter_context(database(server))
        environ = {"PRESSWATCH_DATABASE_URL": address, "PRESSWATCH_ARCHIVE": str(folder / "archive")}
        fill(folder / "filled", pages, environ)
        connection = stack.enter_context(psycopg.connect(address, autocommit=True))
        services = [
            service("worker", folder / f"{number}", environ | {"PRESSWATCH_MACHINE": f"{number}"}, cores[number])
            for number in range(workers)
        ]
        services.append(service("scheduler", folder / "leader", environ | {"PRESSWATCH_MACHINE": "leader"}))
        looks = [stack.enter_context(one) for one in services]
        began, before, end = 0.0, 0, time.monotonic() + _PATIENCE
        while (judged := _count(connection, "pages WHERE processed_at IS NOT NULL")) < pages:
            if judged and not began:
                began, before = time.monotonic(), judged
            if time.monotonic() > end:
                raise SystemExit(f"After {_PATIENCE:.0f} s only {judged} of {pages} pages are judged.")
            for look in looks:
                look()
            time.sleep(0.1)
        seconds = time.monotonic() - began
        stories = _count(connection, "stories WHERE merged_into IS NULL")
        return Run(seconds=seconds, pages=pages - before, stories=stories)


def _count(connection: "psycopg.Connection[tuple[int]]", what: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {what}").fetchone()
    return int(row[0]) if row else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--postgres", default=_SERVER, metavar="URL", help="a server on which a database may be made")
    options = parser.parse_args(arguments)
    try:
        psycopg.connect(options.postgres, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        print(f"Left out, because there is no PostgreSQL at {options.postgres}: {str(error).splitlines()[0]}")
        return 0
    runs = {number: judge(number, options.pages, options.postgres) for number in options.workers}
    base = next(iter(runs.values()))
    print(f"{options.pages:,} pages of 115 kB; load of the machine {os.getloadavg()[0]:.1f}")
    for number, run in runs.items():
        print(
            f"{number:3} worker{'s' if number > 1 else ' '}  {run.seconds:7.1f} s  {run.rate:6.1f} pages/s"
            f"  {run.rate / base.rate:5.2f} x   {run.stories} stories"
        )
    if len({run.stories for run in runs.values()}) > 1:
        raise SystemExit("The runs did not find the same stories.")
    return int(1 in runs and 2 in runs and runs[2].rate < AIM * runs[1].rate)


if __name__ == "__main__":
    sys.exit(main())
