"""`presswatch status`, /healthz and /metrics: what they tell of a service that lives, is ill, or is not there."""

import http.client
import json
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from presswatch import settings
from presswatch.errors import PresswatchError
from presswatch.monitoring import metrics, overview, status
from presswatch.monitoring import port as monitoring
from presswatch.monitoring.overview import Overview
from presswatch.monitoring.port import Monitor
from presswatch.services import Services
from presswatch.store import Store
from tests.store.samples import make_draft, record_visit

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def services(tmp_path: Path, store_url: str) -> Iterator[Services]:
    folder = tmp_path / "config"
    folder.mkdir()
    blocks = "".join(f'  - id: {n}\n    name: Site {n}\n    feeds: ["https://{n}.example/feed"]\n' for n in "ab")
    (folder / "sources.yaml").write_text(f"sources:\n{blocks}")
    (folder / "digests.yaml").write_text(
        'digests:\n  - {name: daily, at: "0 7 * * *", to: "mailto:secret@b.example"}\n'
    )
    (tmp_path / "data").mkdir()
    with Services(settings.load(folder, tmp_path / "data", {"PRESSWATCH_DATABASE_URL": store_url})) as made:
        yield made


def lives(services: Services, **jobs: dict[str, object]) -> None:
    status.renew(services.settings.data_dir, NOW - HOUR, jobs, NOW)


def visit(store: Store, name: str, *, ok: bool) -> None:
    record_visit(
        store, name, now=NOW, ok=ok, state="ok" if ok else "down", message="" if ok else "no answer", found=3, new=1,
        way="feed", next_due_at=NOW + HOUR,
    )  # fmt: skip


def test_a_service_that_lives_is_well_even_where_a_site_is_not(services: Services) -> None:
    done = {"ok": True, "at": NOW.isoformat(), "seconds": 2.5, "failures": 0, "last_success_at": NOW.isoformat()}
    lives(services, crawl=done)
    visit(services.store, "a", ok=True)
    for _ in range(3):
        visit(services.store, "b", ok=False)
    services.store.digests.save(make_draft(), ["mailto:secret@b.example"], now=NOW)
    found = overview.take(services, NOW + timedelta(seconds=20))
    assert found.well
    assert [(row.source, row.state) for row in found.sources] == [("a", "ok"), ("b", "down")]
    assert [condition.subject for condition in found.troubles] == ["source:b"]
    (edition,) = found.editions
    assert (edition.name, edition.last) == ("daily", "2025-09-17T07:00Z")
    assert edition.next_due_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
    assert found.counts is not None
    assert found.counts.deliveries == {"due": 1}
    assert found.counts.size > 0


def test_what_is_wrong_with_the_service_itself(services: Services) -> None:
    assert not overview.take(services, NOW).well  # never started
    lives(services, process={"ok": False, "failures": 3, "message": "no memory", "failing_since": NOW.isoformat()})
    found = overview.take(services, NOW)
    assert found.problems == ("the process job: It failed 3 times in a row. no memory.",)
    assert "gave no sign" in overview.take(services, NOW + HOUR).problems[0]
    assert "The clock was set back" in overview.take(services, NOW - HOUR).problems[0]
    lives(services, process={"ok": False, "failures": 2})
    assert overview.take(services, NOW).well  # twice is not yet a pattern


def test_a_store_that_cannot_be_used_is_one_of_the_problems(tmp_path: Path) -> None:
    (tmp_path / "presswatch.sqlite3").write_bytes(b"this is no database at all, but a text of some length\n" * 40)
    with Services(settings.load(None, tmp_path, {})) as made:
        lives(made)
        found = overview.take(made, NOW)
    assert found.counts is None
    assert "not a presswatch store" in found.problems[0]
    assert b"presswatch_well 0.0" in metrics.render(found)


def test_looking_makes_nothing(tmp_path: Path) -> None:
    with Services(settings.load(None, tmp_path / "data", {})) as made:
        assert not overview.take(made, NOW).well
    assert not (tmp_path / "data").exists()


def test_the_metrics_are_prometheuss_and_tell_no_secret(services: Services) -> None:
    done = {"ok": True, "at": NOW.isoformat(), "seconds": 2.5, "failures": 0, "last_success_at": NOW.isoformat()}
    lives(services, crawl=done, process={"running_since": NOW.isoformat()})
    visit(services.store, "a", ok=True)
    visit(services.store, "b", ok=False)
    services.store.digests.save(make_draft(), ["mailto:secret@b.example"], now=NOW)
    text = metrics.render(overview.take(services, NOW)).decode()
    assert "secret@" not in text
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["presswatch_well",] == 1
    assert samples["presswatch_job_last_success_timestamp_seconds", "crawl"] == NOW.timestamp()
    assert samples["presswatch_job_duration_seconds", "crawl"] == 2.5
    assert samples["presswatch_source_state", "a", "ok"] == 1
    assert samples["presswatch_source_failures", "b"] == 1
    assert samples["presswatch_deliveries", "due"] == 1
    assert samples["presswatch_deliveries", "given up"] == 0
    assert samples["process_resident_memory_bytes",] > 1_000_000


# --- the port ---


@pytest.fixture
def look(services: Services) -> Callable[[], Overview]:
    lives(services)
    found = overview.take(services, NOW)
    return lambda: found


@pytest.fixture
def monitor(look: Callable[[], Overview]) -> Iterator[Monitor]:
    made = Monitor("127.0.0.1", 0, look)
    yield made
    made.stop()


def ask(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_port_answers_what_it_has_and_nothing_else(monitor: Monitor) -> None:
    state, body = ask(monitor.port, "/healthz")
    assert (state, json.loads(body)["well"]) == (200, True)
    state, body = ask(monitor.port, "/metrics?x=1")
    assert state == 200
    assert "presswatch_well 1.0" in body
    assert ask(monitor.port, "/healthz", "HEAD") == (200, "")
    assert ask(monitor.port, "/")[0] == 404
    assert ask(monitor.port, "/../presswatch.sqlite3")[0] == 404
    assert ask(monitor.port, "/metrics", "POST")[0] == 501


def test_a_service_that_is_not_well_answers_503(look: Callable[[], Overview]) -> None:
    monitor = Monitor("127.0.0.1", 0, lambda: replace(look(), problems=("The disk is full.",)))
    try:
        state, body = ask(monitor.port, "/healthz")
        assert (state, json.loads(body)["problems"]) == (503, ["The disk is full."])
    finally:
        monitor.stop()


def test_a_defect_does_not_look_like_good_health() -> None:
    def fail() -> Overview:
        raise RuntimeError("broken")

    monitor = Monitor("127.0.0.1", 0, fail)
    try:
        assert ask(monitor.port, "/healthz") == (500, "This failed; the log says why.\n")
    finally:
        monitor.stop()


def test_one_look_serves_everybody_for_a_moment(look: Callable[[], Overview]) -> None:
    looks: list[int] = []

    def counted() -> Overview:
        looks.append(1)
        return look()

    monitor = Monitor("127.0.0.1", 0, counted)
    try:
        for _ in range(5):
            ask(monitor.port, "/metrics")
    finally:
        monitor.stop()
    assert len(looks) == 1


def test_watchers_that_send_a_letter_at_a_time_keep_nobody_out_for_long(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "_PATIENCE", 0.2)
    slow = [socket.create_connection(("127.0.0.1", monitor.port)) for _ in range(12)]
    try:
        for one in slow:
            one.sendall(b"GET /")
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for one in slow:
                with suppress(OSError):  # those that were turned away, and in the end all
                    one.sendall(b"h")
            with suppress(OSError, http.client.HTTPException):
                if ask(monitor.port, "/healthz")[0] == 200:
                    return
            time.sleep(0.1)
        pytest.fail("the port was kept busy by those who dawdle")
    finally:
        for one in slow:
            one.close()


def test_no_more_than_eight_are_answered_at_once(monitor: Monitor) -> None:
    def answering() -> int:
        return sum("process_request_thread" in thread.name for thread in threading.enumerate())

    watchers = [socket.create_connection(("127.0.0.1", monitor.port)) for _ in range(12)]
    try:
        # Those that are turned away see the end of their connection; the others wait to say something.
        turned_away, end = 0, time.monotonic() + 4
        while turned_away < 4 and time.monotonic() < end:
            ready, _, _ = select.select(watchers, [], [], 0.1)
            turned_away = len(ready)
        assert turned_away == 4
        assert answering() <= 8
    finally:
        for one in watchers:
            one.close()


def test_a_port_that_is_taken_is_said(look: Callable[[], Overview]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PresswatchError, match="cannot be opened"):
        Monitor("127.0.0.1", taken.getsockname()[1], look)


def test_status_in_words_and_json(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "presswatch", "--data", str(tmp_path / "data"), "status"]
    dead = subprocess.run(command, capture_output=True, text=True, check=False)
    assert dead.returncode == 1
    assert "No service has run" in dead.stdout
    (tmp_path / "data").mkdir()
    done = {"ok": True, "at": datetime.now(UTC).isoformat(), "seconds": 1.0}
    status.renew(tmp_path / "data", NOW, {"crawl": done}, datetime.now(UTC))
    alive = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert alive.returncode == 0, alive.stderr
    row = json.loads(alive.stdout)
    assert row["well"]
    assert row["alive"]
    assert row["store"]["engine"] == "SQLite"
    assert row["versions"]["presswatch"] == row["versions"]["running"]
    words = subprocess.run(command, capture_output=True, text=True, check=False)
    for expected in ("The service runs.", "crawl", "sources", "queues", "disk", "versions"):
        assert expected in words.stdout
