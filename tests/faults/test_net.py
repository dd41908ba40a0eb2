"""Every fault of the net, on one site and on all: told in plain words, small in memory, over when it is over.

make faults                                              each fault on twelve sites at once
PRESSWATCH_FAULTS_NET=12 pytest tests/faults/test_net.py   the same
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch.catalogue import load_sources
from presswatch.settings import load
from presswatch.store import Store
from tests.faults.net import FAULTS, ROOT, TIMEOUT, Day, Fault, Site, loopback_has_many_addresses, net

pytestmark = pytest.mark.skipif(not loopback_has_many_addresses(), reason="needs 127.0.3.1 and up, as Linux has them")

CHILD_MEGABYTES, PARENT_MEGABYTES = 300, 100
_ALL = int(os.environ.get("PRESSWATCH_FAULTS_NET", "0"))  # sites that have each fault at once
# Twelve at a time fill the memory in earnest, and take their time on a small machine.
LARGE = [name for name in FAULTS if name.startswith("9 MB") or name in ("bomb", "endless body")]
SMALL = [name for name in FAULTS if name not in LARGE]


def as_told(figures: dict[str, object], fault: Fault) -> tuple[bool, object, object]:
    return str(fault.words) in str(figures["message"]), figures["state"], figures["fetched"]


def due(folder: Path) -> dict[str, timedelta]:
    """In how long each source is to be visited again."""
    settings = load(folder / "config", folder / "data", {})
    now = datetime.now(UTC)
    with Store.open(settings.database_url) as store:
        health = store.sources.health(load_sources(settings.file("sources.yaml")), now=now)
    return {one.source: one.next_due_at - now for one in health if one.next_due_at}


Days = tuple[dict[str, Site], Day, dict[str, timedelta], Day]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    """A day on which every site but two has another fault, and the next, when they have none."""
    folder = tmp_path_factory.mktemp("net")
    with net(folder, [None, *SMALL, None]) as sites:
        ill = sites.crawl()
        pauses = due(folder)
        sites.mend()
        by_fault = dict(zip(["well", *SMALL, "well too"], sites.sites, strict=True))
        yield by_fault, ill, pauses, sites.crawl()


@pytest.mark.xdist_group("net")
@pytest.mark.parametrize("name", SMALL)
def test_a_fault_is_told_beside_its_source_and_over_when_it_is_over(days: Days, name: str) -> None:
    sites, ill, _, well = days
    fault, site = FAULTS[name], sites[name]
    assert as_told(ill.sources[site.id], fault) == (True, fault.state, fault.articles), ill.sources[site.id]
    after = well.sources[site.id]
    assert (after["ok"], after["state"], after["fetched"]) == (True, "ok", 3 - fault.articles), after


@pytest.mark.xdist_group("net")
def test_the_others_are_whole_and_keep_their_schedule(days: Days) -> None:
    sites, ill, pauses, _ = days
    for name in ("well", "well too"):
        figures = ill.sources[sites[name].id]
        assert (figures["ok"], figures["fetched"], figures["message"]) == (True, 3, "")
    assert all(timedelta(minutes=10) < pause <= timedelta(minutes=15) for pause in pauses.values()), pauses
    assert ill.megabytes < CHILD_MEGABYTES


@pytest.mark.xdist_group("net large")
def test_large_answers_of_all_sites_at_once_leave_the_child_small(tmp_path: Path) -> None:
    with net(tmp_path, [*LARGE, None]) as sites:
        sites.configure(timeout=60)
        day = sites.crawl()
        for site in sites.sites:
            fault = site.fault or Fault(answer=lambda *_: None, state="ok", articles=3)
            assert as_told(day.sources[site.id], fault) == (True, fault.state, fault.articles), day.sources[site.id]
        print(f"\nthe child: {day.megabytes:.0f} MB", flush=True)
        assert day.megabytes < CHILD_MEGABYTES


@pytest.mark.skipif(not _ALL, reason="make faults, or PRESSWATCH_FAULTS_NET=12")
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_on_all_sites_at_once(tmp_path: Path, name: str) -> None:
    with net(tmp_path, [name] * _ALL) as sites:
        sites.configure(timeout=60 if name in LARGE else TIMEOUT)
        day = sites.crawl()
        told = {as_told(figures, FAULTS[name]) for figures in day.sources.values()}
        print(f"\n{name}: {day.megabytes:.0f} MB, {day.seconds:.1f} s", flush=True)
        assert told == {(True, FAULTS[name].state, FAULTS[name].articles)}, day.sources
        assert day.megabytes < CHILD_MEGABYTES
        sites.mend()
        after = sites.crawl().sources.values()
        assert {(one["ok"], one["fetched"]) for one in after} == {(True, 3 - FAULTS[name].articles)}


def megabytes(pid: int) -> float:
    """The highest resident size of a process so far."""
    match = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(match[1]) / 1024 if match else 0.0


@pytest.mark.xdist_group("net service")
def test_the_service_stays_small_and_says_how_each_source_does(tmp_path: Path) -> None:
    ill = ["500", "bomb", "endless body", "loop", "reset", "garbage", "billion laughs", "9 MB of tags"]
    with net(tmp_path, [*ill, None]) as sites:
        sites.configure(timeout=30, extra='[schedule]\ncrawl = "1s"\n')
        command = [sys.executable, "-m", "presswatch", *sites.folders]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        with (tmp_path / "log").open("wb") as log:
            service = subprocess.Popen([*command, "serve"], stdout=log, stderr=log, cwd=ROOT, env=environ)
        try:
            end = time.monotonic() + 600  # a bound, on however slow a machine
            while time.monotonic() < end and not _all_visited(tmp_path, len(sites.sites)):
                assert service.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.5)
            size = megabytes(service.pid)
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(120)
        done = subprocess.run(
            [*command, "sources", "--json"], capture_output=True, text=True, cwd=ROOT, env=environ, check=False
        )
        assert done.returncode == 0, done.stderr
        rows = {row["id"]: row for row in json.loads(done.stdout)}
        for site in sites.sites:
            row, fault = rows[site.id], site.fault
            assert row["state"] == (fault.state if fault else "ok"), row
            assert (fault.words if fault else "") in row["message"], row
        assert size < PARENT_MEGABYTES
        print(f"\nthe parent: {size:.0f} MB", flush=True)


def _all_visited(folder: Path, count: int) -> bool:
    if not (folder / "data" / "presswatch.sqlite3").exists():
        return False
    settings = load(folder / "config", folder / "data", {})
    with Store.open(settings.database_url) as store:
        return len(store.sources.visits(since=datetime.now(UTC) - timedelta(hours=2))) >= count
