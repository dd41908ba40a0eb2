"""Faults of the machine: each is said in plain words, loses nothing, and is over when the fault is."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch import backup, jobs
from presswatch.children import Children
from presswatch.demo import newsroom
from presswatch.demo.newsroom import Newsroom
from presswatch.errors import StoreError
from presswatch.store import database
from tests.faults import machine

EARLIER = datetime(2026, 10, 14, tzinfo=UTC)  # about half of the sample is published by then


@pytest.fixture
def served() -> Iterator[Newsroom]:
    with newsroom.start(until=EARLIER) as running:
        yield running


@pytest.mark.parametrize("leave", [0, 60_000, 200_000], ids=lambda leave: f"{leave} bytes left")
def test_disk_full(served: Newsroom, tmp_path: Path, compiled: machine.Compiled, leave: int) -> None:
    with machine.small_disk(tmp_path / "data", "16m") as disk, machine.opened(served, tmp_path, compiled) as services:
        assert machine.crawl(services) == {}
        machine.process(services)
        ballast = machine.fill(disk, leave)
        served.publish_until(None)
        assert all("disk" in said for said in machine.crawl(services).values())
        with suppress(StoreError):
            assert machine.process(services).failed == ()  # no page is blamed for it
        assert machine.whole(services)
        ballast.unlink()
        assert machine.crawl(services) == {}
        assert machine.process(services).failed == ()
        assert machine.stored(services) == sorted(machine.published(served))
        assert machine.whole(services)


def test_disk_full_while_a_digest_is_built_and_delivered(
    served: Newsroom, tmp_path: Path, compiled: machine.Compiled
) -> None:
    with machine.small_disk(tmp_path / "data", "16m") as disk, machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        machine.process(services)
        ballast = machine.fill(disk, 0)
        now = datetime.now(UTC)
        (plan,) = services.digests
        with pytest.raises(StoreError, match="the disk is full"):
            jobs.build_edition(services, plan, now)
        ballast.unlink()
        jobs.build_edition(services, plan, now)
        ballast = machine.fill(disk, 0)
        with pytest.raises(StoreError, match="the disk is full"):
            jobs.deliver(services, now)
        ballast.unlink()
        assert jobs.deliver(services, now + timedelta(minutes=30)).failed == 0
        assert len(list((disk / "digests").glob("*.html"))) == 1


@contextmanager
def holding(store: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has begun to write to the store, and does not end."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield other
        finally:
            other.kill()


def test_a_store_that_another_process_locks(
    served: Newsroom, tmp_path: Path, compiled: machine.Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        with holding(machine.store(services)) as other:
            with monkeypatch.context() as patch:
                patch.setattr(database, "BUSY_TIMEOUT", 1.0)  # instead of a minute and a half
                with (
                    machine.opened(served, tmp_path, compiled) as impatient,
                    pytest.raises(StoreError, match="kept busy by another process"),
                ):
                    machine.process(impatient)
            assert machine.stored(services) == []
            # A lock that ends in time is only waited for.
            threading.Timer(2, other.kill).start()
            assert machine.process(services).failed == ()
        assert machine.stored(services) == sorted(machine.published(served))


@pytest.mark.skipif(not machine.LONG, reason="takes a minute: make faults, or PRESSWATCH_FAULTS_LONG=1")
def test_a_lock_of_a_whole_minute_is_waited_for(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        with holding(machine.store(services)) as other:
            began = time.monotonic()
            threading.Timer(60, other.kill).start()
            assert machine.process(services).failed == ()
            assert time.monotonic() - began >= 60
        assert machine.stored(services) == sorted(machine.published(served))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written, by whatever means this user has."""
    if os.geteuid() != 0:
        modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield
        for path, mode in modes.items():
            path.chmod(mode)
        return
    machine.remount(folder, "ro")
    yield
    machine.remount(folder, "rw")


def test_a_data_folder_that_cannot_be_written(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> None:
    with machine.small_disk(tmp_path / "data", "16m") as data, machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        with read_only(data):
            with pytest.raises(StoreError, match=r"may write there|may not be written"):
                machine.process(services)
            for command in ("serve", "crawl", "deliver"):
                done = machine.presswatch(tmp_path, command)
                assert done.returncode == 1
                assert "may write there" in done.stderr or "may not be written" in done.stderr
                assert "Traceback" not in done.stderr
        assert machine.process(services).failed == ()
        assert machine.stored(services) == sorted(machine.published(served))


def test_a_config_that_cannot_be_written_is_enough(served: Newsroom, tmp_path: Path) -> None:
    with machine.small_disk(tmp_path / "config", "1m") as config:
        newsroom.write_config(served, config)
        with read_only(config):
            done = machine.presswatch(tmp_path, "sources", "--json")
            assert len(machine.listed(done)) > 2
            assert machine.presswatch(tmp_path, "check", "--offline").returncode == 0


def test_the_newest_warc_is_cut_off_in_mid_record(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        newest = max(services.settings.archive_dir.iterdir(), key=lambda path: path.stat().st_mtime)
        with newest.open("r+b") as stream:
            stream.truncate(newest.stat().st_size * 2 // 3 + 7)
        report = machine.process(services)
        assert report.failed
        assert all("cut off or damaged" in why for _, why in report.failed)
        assert 0 < len(machine.stored(services)) < len(machine.published(served))
        assert machine.crawl(services) == {}  # what was lost is fetched again, and only that
        assert machine.process(services).failed == ()
        assert machine.stored(services) == sorted(machine.published(served))


def test_a_corrupt_store_is_left_as_it_is_and_restored(
    served: Newsroom, tmp_path: Path, compiled: machine.Compiled
) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        machine.process(services)
        backup.make(services.settings, tmp_path / "backup", datetime.now(UTC))
    store = tmp_path / "data" / "presswatch.sqlite3"
    store.write_bytes(b"no database " * 30_000)
    content = store.read_bytes()
    for command in ("serve", "crawl", "list", "deliver"):
        done = machine.presswatch(tmp_path, command)
        assert done.returncode == 1, command
        assert "presswatch restore FILE" in done.stderr
        assert "Traceback" not in done.stderr
        assert store.read_bytes() == content
    assert machine.presswatch(tmp_path, "restore", str(tmp_path / "backup"), "--force").returncode == 0
    with machine.opened(served, tmp_path, compiled) as services:
        assert machine.stored(services) == sorted(machine.published(served))


def test_a_page_of_the_store_is_damaged(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        machine.process(services)
    store = tmp_path / "data" / "presswatch.sqlite3"
    with store.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * (store.stat().st_size - 4096))
    done = machine.presswatch(tmp_path, "list")
    assert done.returncode == 1
    assert "presswatch restore FILE" in done.stderr


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_store_that_is_lost_does_not_begin_anew_in_silence(
    served: Newsroom, tmp_path: Path, compiled: machine.Compiled, left: str
) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
    for file in (tmp_path / "data").glob("presswatch.sqlite3*"):
        file.unlink()
    if left != "nothing":
        (tmp_path / "data" / "presswatch.sqlite3").touch()
    for command in ("serve", "crawl"):
        done = machine.presswatch(tmp_path, command)
        assert done.returncode == 1
        assert "presswatch restore FILE" in done.stderr


STARVED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.executable, [sys.executable, "-m", "presswatch", *sys.argv[2:]])
"""


def test_no_memory_for_the_child(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        waiting = services.store.pages.counts()["waiting"]
        job = ["--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"), "job", "process"]
        for megabytes in (40, 80, 120):  # not enough to start, to read what it knows, to judge
            # With a deadline, as the service runs it: where not a byte is left, Python may never come to an end.
            limit = str(megabytes * 1_000_000)
            child = Children().run(["-c", STARVED, limit, *job], deadline=timedelta(seconds=30), aloud=False)
            assert child.status != 0
            assert services.store.pages.counts() == {
                "pages": waiting,
                "waiting": waiting,
                "failed": 0,
            }  # none is blamed
        assert machine.whole(services)
        assert machine.process(services).failed == ()
        assert machine.stored(services) == sorted(machine.published(served))


MEMORY = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from presswatch import jobs, settings
from presswatch.errors import MachineError
from presswatch.services import Services
with Services(settings.load(Path(sys.argv[1]), Path(sys.argv[2]), {})) as services:
    services.knowledge, services.store, __import__("pipelines")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        jobs.process(services, datetime.now(UTC))
    except (MachineError, MemoryError):
        sys.exit(7)
"""


def test_no_memory_left_in_the_middle_of_the_steps(
    served: Newsroom, tmp_path: Path, compiled: machine.Compiled
) -> None:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        folders = [str(tmp_path / "config"), str(tmp_path / "data")]
        child = Children().run(["-c", MEMORY, *folders, "100000"], deadline=timedelta(seconds=60), aloud=False)
        assert child.status != 0
        assert services.store.pages.counts()["failed"] == 0
        assert machine.process(services).failed == ()
        assert machine.stored(services) == sorted(machine.published(served))


@pytest.fixture
def judged(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> Iterator[machine.Services]:
    with machine.opened(served, tmp_path, compiled) as services:
        machine.crawl(services)
        machine.process(services)
        yield services


def editions(services: machine.Services) -> list[str]:
    with closing(sqlite3.connect(services.settings.data_dir / "presswatch.sqlite3")) as connection:
        return [edition for (edition,) in connection.execute("SELECT edition FROM digests ORDER BY id")]


def test_the_machine_slept_for_two_days(judged: machine.Services) -> None:
    now = datetime.now(UTC)
    assert len(jobs.digest(judged, now)) == 1
    assert jobs.digest(judged, now) == ()
    awake = now + timedelta(days=2)
    jobs.digest(judged, awake)
    assert jobs.digest(judged, awake + timedelta(minutes=1)) == ()
    assert len(editions(judged)) == 2  # one for the two that were missed
    assert set(judged.store.sources.due(judged.chosen(machine.SOURCES), now=awake)) == set(machine.SOURCES)
    assert jobs.deliver(judged, awake).sent == 1


BUSY = '[web]\nenabled = false\n[schedule]\ncrawl = "1s"\nprocess = "1s"\n'


@contextmanager
def serving(served: Newsroom, folder: Path) -> Iterator[Path]:
    """The service, at work on this folder without a pause. Gives its log; its clock is set by a file `clock`."""
    newsroom.write_config(served, folder / "config")
    sources = folder / "config" / "sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("every: 15m", "every: 2s"), "utf-8")
    (folder / "config" / "presswatch.toml").write_text(BUSY, "utf-8")
    folders = ["--config", str(folder / "config"), "--data", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "tests.faults.shifted", str(folder / "clock"), *folders, "serve"]
        service = subprocess.Popen(command, stdout=log, stderr=log, cwd=machine.ROOT)
    try:
        yield folder / "log"
    finally:
        service.send_signal(signal.SIGTERM)
        assert service.wait(120) == 0, (folder / "log").read_text()
    assert "Traceback" not in (folder / "log").read_text()


def test_a_running_service_goes_on_when_its_clock_is_set_back_an_hour(served: Newsroom, tmp_path: Path) -> None:
    with serving(served, tmp_path) as log:
        asked = machine.asked_again(served, 0)
        (tmp_path / "back").write_text("-3600")
        (tmp_path / "back").rename(tmp_path / "clock")
        machine.wait_for(lambda: "The clock was set back by" in log.read_text())
        machine.asked_again(served, asked + 8)  # several crawls more, not only what was under way


def test_a_service_is_backed_up_while_it_works(served: Newsroom, tmp_path: Path, compiled: machine.Compiled) -> None:
    shutil.copytree(compiled.cache, tmp_path / "data" / "cache")
    with serving(served, tmp_path):
        data = tmp_path / "data" / "presswatch.sqlite3"
        machine.wait_for(lambda: data.exists() and machine.count(data, "articles") > 0)
        served.publish_until(None)  # it has something to do
        done = machine.presswatch(tmp_path, "backup", str(tmp_path / "backup"))
        assert done.returncode == 0, done.stderr
        refused = machine.presswatch(tmp_path, "restore", str(tmp_path / "backup"), "--force")
        assert refused.returncode == 1
        assert "The presswatch service is running" in refused.stderr
    store = machine.count(data, "articles")
    assert machine.presswatch(tmp_path, "restore", str(tmp_path / "backup"), "--force").returncode == 0
    with machine.opened(served, tmp_path, compiled) as services:
        assert machine.whole(services)
        assert 0 < len(machine.stored(services)) <= store
        # What came after the backup is fetched again, and nothing that it holds is doubled.
        assert machine.crawl(services) == {}
        assert machine.process(services).failed == ()
        assert machine.published(served) <= set(machine.stored(services))
        assert len(set(machine.stored(services))) == len(machine.stored(services))


def test_the_clock_is_set_back_an_hour(judged: machine.Services) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    jobs.digest(judged, now)
    before = editions(judged)
    for step in range(0, 61, 10):
        jobs.digest(judged, now - hour + timedelta(minutes=step))
    assert editions(judged) in (before, before + editions(judged)[1:2])  # at most the next due one
    assert len(set(editions(judged))) == len(editions(judged))
    # The sources are visited on, as are deliveries: neither waits for the old time to come again.
    assert judged.store.sources.due(judged.chosen(machine.SOURCES), now=now - hour)
    assert jobs.deliver(judged, now - hour).sent + jobs.deliver(judged, now + timedelta(minutes=1)).sent == 1
    assert jobs.deliver(judged, now - hour).sent == 0
