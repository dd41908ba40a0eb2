"""Judging the archive again: one process and two find out the same, and what is known already is not written."""

import multiprocessing
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.reprocess import fill, fingerprint
from presswatch import jobs, settings
from presswatch.errors import ConfigError, MachineError
from presswatch.services import Services

NOW = datetime(2026, 9, 2, tzinfo=UTC)
PAGES = 90  # more than the sample has, so that some come again

pytestmark = pytest.mark.xdist_group("again")


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages that nobody judged yet: one cut off in the archive, one that says nothing, two addresses of one article."""
    data = tmp_path_factory.mktemp("archived") / "data"
    fill(data, PAGES)
    with closing(sqlite3.connect(data / "presswatch.sqlite3")) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM pages ORDER BY id")]
        connection.execute("UPDATE pages SET warc_offset = 7 WHERE id = ?", (ids[20],))
        connection.execute("UPDATE pages SET warc_file = NULL, warc_offset = NULL WHERE id = ?", (ids[30],))
        old, new = (connection.execute("SELECT url FROM pages WHERE id = ?", (ids[n],)).fetchone()[0] for n in (3, 5))
        connection.execute("INSERT INTO moves VALUES (?, ?, ?)", (old, new, "2026-09-01 00:00:00.000000"))
    return data


Said = tuple[object, ...]


def again(data: Path, processes: int, *, config: Path | None = None, later: int = 0) -> tuple[jobs.ProcessReport, Said]:
    """The report, and with it all that may not depend on how many processes there are."""
    with Services(settings.load(config, data, {})) as services:
        report = jobs.reprocess(services, None, NOW + timedelta(days=later), processes=processes)
    failed = [(url, why.replace(str(data), "")) for url, why in report.failed]
    return report, (report.pages, report.found, failed, report.flipped, fingerprint(data))


@pytest.fixture(scope="module")
def judged(archived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("judged") / "data"
    shutil.copytree(archived, data)
    report, _ = again(data, 1)
    assert len(report.failed) == 1
    assert 20 < len(report.found) < PAGES
    return data


def test_two_processes_find_out_what_one_does(archived: Path, tmp_path: Path) -> None:
    said = []
    for processes in (1, 2):
        data = tmp_path / str(processes)
        shutil.copytree(archived, data)
        said.append(again(data, processes)[1])
    assert said[0] == said[1]


def test_two_processes_flip_what_one_does(judged: Path, tmp_path: Path) -> None:
    config, said = tmp_path / "config", []
    watch = Path(settings.__file__).parent.parent / "config" / "watches" / "uk-ai.yaml"
    (config / "watches").mkdir(parents=True)
    strict = re.sub(r"(?m)^  news: [\d.]+", "  news: 20", watch.read_text("utf-8"))
    (config / "watches" / "uk-ai.yaml").write_text(strict, "utf-8")
    for processes in (1, 2):
        data = tmp_path / str(processes)
        shutil.copytree(judged, data)
        report, told = again(data, processes, config=config)
        assert report.flipped
        said.append(told)
    assert said[0] == said[1]


def test_what_the_store_says_already_is_not_written_again(judged: Path, tmp_path: Path) -> None:
    shutil.copytree(judged, tmp_path / "data")
    again(tmp_path / "data", 1, later=1)  # stories of the first run may have grown beyond what their first pages knew
    with closing(sqlite3.connect(tmp_path / "data" / "presswatch.sqlite3")) as connection:
        with connection:
            some = connection.execute("SELECT id FROM articles ORDER BY id LIMIT 1").fetchone()[0]
            connection.execute("UPDATE articles SET title = 'Mistaken' WHERE id = ?", (some,))
        again(tmp_path / "data", 1, later=5)
        written = connection.execute("SELECT id FROM articles WHERE saved_at > '2026-09-05'").fetchall()
        assert (some,) in written
        assert len(written) <= 3  # it, and the two addresses of one article
        assert connection.execute("SELECT count(*) FROM articles WHERE title = 'Mistaken'").fetchone() == (0,)


def test_a_mistake_in_the_configuration_ends_it(judged: Path, tmp_path: Path) -> None:
    (tmp_path / "watches").mkdir()
    (tmp_path / "watches" / "uk-ai.yaml").write_text("name: uk-ai\nthresholds: all of them\n")
    with pytest.raises(ConfigError, match=r"uk-ai\.yaml"):
        again(judged, 2, config=tmp_path)


def test_a_process_that_dies_ends_it_and_blames_no_page(judged: Path, tmp_path: Path) -> None:
    shutil.copytree(judged, tmp_path / "data")

    def kill_one(what: str, done: int, total: int | None = None) -> None:
        if done == 1:
            pid = multiprocessing.active_children()[0].pid
            assert pid
            os.kill(pid, signal.SIGKILL)

    with Services(settings.load(None, tmp_path / "data", {})) as services:
        failed = services.store.pages.counts()["failed"]
        with pytest.raises(MachineError, match="--processes 1"):
            jobs.reprocess(services, None, NOW, progress=kill_one, processes=2)
        assert services.store.pages.counts()["failed"] == failed


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc to find the children")
def test_its_processes_end_with_it(judged: Path, tmp_path: Path) -> None:
    shutil.copytree(judged, tmp_path / "data")
    command = [sys.executable, "-m", "presswatch", "--data", str(tmp_path / "data"), "reprocess", "--processes", "2"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
        started = wait_for(lambda: [pid for pid in children(parent.pid) if b"spawn_main" in command_of(pid)])
        parent.kill()
    wait_for(lambda: not any(b"spawn_main" in command_of(pid) for pid in started))


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_for(look: object, seconds: float = 60) -> list[int]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():  # type: ignore[operator]
            return found  # type: ignore[no-any-return]
        time.sleep(0.1)
    raise AssertionError("It did not happen.")
