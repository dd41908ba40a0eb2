"""The pages as the service's child: up, killed, replaced, moved, ended; and a port that is taken."""

import http.client
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from presswatch.demo import newsroom
from presswatch.web.serving import Seldom
from tests.monitoring.test_watched_service import PARENT_MB, free_port, resident_mb
from tests.presswatch.test_service import FAST, config, messages, service, wait_for

WITH_PAGES = FAST.replace("enabled = false", "port = {port}").replace("[schedule]", '[schedule]\nalert = "1s"')


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def ports(log: Path) -> list[int]:
    """Where the pages were said to be, in turn."""
    found = (re.fullmatch(r"The pages are on http://127\.0\.0\.1:(\d+)/", message) for message in messages(log))
    return [int(match[1]) for match in found if match]


def children(pid: int) -> list[int]:
    """The pages' processes below a service."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = stat.with_name("cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid and b"web" in command:
            found.append(int(stat.parent.name))
    return found


def told(data: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((data / "service.json").read_text())["jobs"].get("pages", {})
    except FileNotFoundError:
        return {}
    return found


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with newsroom.start() as served:
        config(served, tmp_path / "config")
        (tmp_path / "config" / "presswatch.toml").write_text(WITH_PAGES.format(port=0), "utf-8")
        yield tmp_path / "config"


def test_the_pages_come_up_are_replaced_move_and_end(tmp_path: Path, folder: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with service(folder, data, log) as process:
        assert wait_for(lambda: ports(log), 90), log.read_text("utf-8")
        assert ask(ports(log)[0], "/")[0] == 200
        assert wait_for(lambda: ask(ports(log)[0], "/healthz")[0] == 200, 60)

        (child,) = children(process.pid)
        os.kill(child, signal.SIGKILL)
        assert wait_for(lambda: len(ports(log)) == 2, 60), log.read_text("utf-8")
        assert any("web pages ended. Signal 9 ended it." in message for message in messages(log))
        assert ask(ports(log)[1], "/")[0] == 200

        moved = free_port()
        (folder / "presswatch.toml").write_text(WITH_PAGES.format(port=moved), "utf-8")
        process.send_signal(signal.SIGHUP)
        assert wait_for(lambda: ports(log)[2:] == [moved], 60), log.read_text("utf-8")
        assert ask(moved, "/")[0] == 200

        # With strangers let in and no password, the old pages go on.
        (folder / "presswatch.toml").write_text(WITH_PAGES.format(port=f'{moved}\nhost = "0.0.0.0"'), "utf-8")
        process.send_signal(signal.SIGHUP)
        assert wait_for(lambda: any("PRESSWATCH_PASSWORD_HASH" in m for m in messages(log)), 60)
        assert ask(moved, "/")[0] == 200

        assert resident_mb(process.pid) < PARENT_MB
        (child,) = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert gone(child)
    assert "Traceback" not in log.read_text("utf-8")


def test_a_service_that_is_killed_takes_its_pages_along(tmp_path: Path, folder: Path) -> None:
    log = tmp_path / "log"
    with service(folder, tmp_path / "data", log) as process:
        assert wait_for(lambda: ports(log), 90), log.read_text("utf-8")
        (child,) = children(process.pid)
        process.kill()
        assert wait_for(lambda: gone(child), 30)


def test_a_port_that_is_taken_is_a_sentence_and_stops_nothing(tmp_path: Path, folder: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (folder / "presswatch.toml").write_text(
            WITH_PAGES.format(port=port) + '[alerts]\nfailures = 2\nto = ["file:alerts"]\n', "utf-8"
        )
        with service(folder, data, log):
            assert wait_for(lambda: list((data / "digests").glob("often-*.html")), 120), log.read_text("utf-8")
            assert wait_for(lambda: told(data).get("failures", 0) >= 2, 60)
            assert "cannot be served on 127.0.0.1, port" in told(data)["message"]
            status = [sys.executable, "-m", "presswatch", "--config", str(folder), "--data", str(data), "status"]
            said = subprocess.run(status, capture_output=True, text=True, check=False)
            assert said.returncode == 1
            assert "cannot be served" in " ".join(said.stdout.split())
            assert wait_for(lambda: list((data / "alerts").glob("*.txt")), 60)
            alert = next((data / "alerts").glob("*.txt")).read_text("utf-8")
            assert "The web pages: failing. They failed" in " ".join(alert.split())
    said_once = [message for message in messages(log) if "cannot be served" in message]
    assert said_once
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.parametrize("command", [["serve"], ["web"]])
def test_it_refuses_to_show_strangers_without_a_password(tmp_path: Path, command: list[str]) -> None:
    words = [sys.executable, "-m", "presswatch", "--data", str(tmp_path / "data"), *command, "--host", "0.0.0.0"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "PRESSWATCH_PASSWORD_HASH" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "presswatch.sqlite3").exists()


def test_a_password_from_the_command_line_lets_one_in(tmp_path: Path) -> None:
    from presswatch import keys

    words = [sys.executable, "-m", "presswatch", "password"]
    done = subprocess.run(words, input="a long passphrase\n", capture_output=True, text=True, check=True)
    match = re.fullmatch(r"PRESSWATCH_PASSWORD_HASH='(.*)'\n", done.stdout)
    assert match
    assert keys.is_password("a long passphrase", match[1])
    (tmp_path / ".env").write_text(done.stdout)
    from dotenv import dotenv_values

    assert dotenv_values(tmp_path / ".env")["PRESSWATCH_PASSWORD_HASH"] == match[1]


def test_a_crowd_that_is_turned_away_fills_no_log() -> None:
    seldom = Seldom()

    def passes(level: int, said: str) -> bool:
        return seldom.filter(logging.LogRecord("uvicorn.error", level, "", 0, said, (), None))

    assert [passes(logging.WARNING, "Exceeded concurrency limit.") for _ in range(3)] == [True, False, False]
    assert passes(logging.WARNING, "Something else.")
    assert [passes(logging.ERROR, "It broke.") for _ in range(2)] == [True, True]
