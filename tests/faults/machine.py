"""What the tests of a machine's faults share: a newsroom, services on a data folder, and a small disk of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import OperationalError, connect

import pytest

from pipelines.knowledge import Knowledge
from presswatch import jobs, settings
from presswatch.demo.newsroom import Newsroom, write_config
from presswatch.services import Services

SOURCES = ("sample-newsroom", "sample-blog")
SITES = ("newsroom", "blog")
ROOT = Path(__file__).parents[2]
_PATIENCE = 300.0  # seconds for what is bound to happen, on however slow a machine
LONG = bool(os.environ.get("PRESSWATCH_FAULTS_LONG"))  # also what takes minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What the steps know, in this process, and as a folder from which another one reads it quickly."""

    knowledge: Knowledge
    cache: Path


@contextmanager
def opened(served: Newsroom, folder: Path, compiled: Compiled) -> Iterator[Services]:
    """Services that crawl `served`, with config and data in `folder`."""
    if not (folder / "config").exists():
        write_config(served, folder / "config")
    shutil.copytree(compiled.cache, folder / "data" / "cache", dirs_exist_ok=True)
    with Services(settings.load(folder / "config", folder / "data", {})) as services:
        services.__dict__["knowledge"] = compiled.knowledge
        yield services


def crawl(services: Services) -> dict[str, str]:
    """Crawl both sites; what is wrong with each that failed, in words."""
    figures = jobs.crawl(services, services.chosen(SOURCES)).sources
    return {name: str(row["message"]) for name, row in figures.items() if not row["ok"]}


def process(services: Services) -> jobs.ProcessReport:
    return jobs.process(services, datetime.now(UTC))


def store(services: Services) -> Path:
    return services.settings.data_dir / "presswatch.sqlite3"


def count(store: Path, table: str) -> int:
    """The rows of a table; none where the store is still being made."""
    with suppress(OperationalError), closing(connect(f"file:{store}?mode=ro", uri=True)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    return 0


def whole(services: Services) -> bool:
    """Whether SQLite finds nothing wrong with the store."""
    with closing(connect(store(services))) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def published(served: Newsroom) -> set[str]:
    """The addresses of what the two sites show now."""
    return {served.url(article.id).rstrip("/") for article in served.articles() if article.site in SITES}


def stored(services: Services) -> list[str]:
    """The addresses of the articles in the store, in order."""
    with closing(connect(store(services))) as connection:
        return sorted(url.rstrip("/") for (url,) in connection.execute("SELECT url FROM articles"))


def presswatch(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line on this folder's config and data."""
    options = ["-m", "presswatch", "--config", str(folder / "config"), "--data", str(folder / "data"), *arguments]
    return subprocess.run([sys.executable, *options], capture_output=True, text=True, check=False)


def listed(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own in memory, at `folder`; skips where this user may not mount one."""
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(options, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk of its own needs the right to mount one (root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def fill(folder: Path, leave: int) -> Path:
    """A file that takes all the room but `leave` bytes; remove it to make room."""
    ballast = folder / "ballast"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with ballast.open("wb") as stream:
        for start in range(0, free - leave, 1 << 20):
            stream.write(b"\0" * min(1 << 20, free - leave - start))
    return ballast


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, f"not within {_PATIENCE:.0f} s"
        time.sleep(0.05)


def asked_again(served: Newsroom, before: int) -> int:
    """How many requests the newsroom has had, once each of both sites was asked more often than `before`."""

    def count() -> int:
        requests = served.stats.requests.items()
        return min(sum(n for name, n in requests if name.startswith(f"{site} ")) for site in SITES)

    wait_for(lambda: count() > before)
    return count()
