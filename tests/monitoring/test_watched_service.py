"""A running service as its watchers meet it: the port, the ping, the operator's alert, and a log of JSON lines."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from presswatch.demo import newsroom
from tests.monitoring.test_ping import server
from tests.presswatch.test_service import FAST, config, service, wait_for

WATCHED = """
alert = "1s"
[alerts]
failures = 1
to = ["file:alerts"]
[monitoring]
port = {port}
ping_private = true
"""
PARENT_MB = 80


def ask(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_it_is_seen_to_live_and_tells_of_trouble(tmp_path: Path) -> None:
    data, log, port = tmp_path / "data", tmp_path / "log", free_port()
    with newsroom.start() as served, server() as (place, asked):
        folder = config(served, tmp_path / "config")
        (folder / "presswatch.toml").write_text(FAST + WATCHED.format(port=port), "utf-8")
        served.fault("fr", "403")
        ping = f"http://{place}/a-secret-uuid"
        with service(folder, data, log, PRESSWATCH_PING_URL=ping) as process:
            assert wait_for(lambda: "/healthz and /metrics are on" in log.read_text("utf-8"), 60)
            assert ask(port, "/healthz")[0] in (200, 503)  # 503 until the first sign of life
            assert wait_for(lambda: asked, 90), log.read_text("utf-8")
            assert asked[0][0] == "/a-secret-uuid"
            assert wait_for(lambda: list((data / "alerts").glob("*.txt")), 60), log.read_text("utf-8")
            (text,) = (data / "alerts").glob("*.txt")
            assert "blocked" in text.read_text("utf-8")
            assert wait_for(lambda: ask(port, "/healthz")[0] == 200, 20)
            # One look serves everybody for some seconds.
            assert wait_for(lambda: 'state="blocked"} 1.0' in ask(port, "/metrics")[1], 20), ask(port, "/metrics")
            assert resident_mb(process.pid) < PARENT_MB

            assert wait_for(lambda: '"article": "http' in log.read_text("utf-8"), 60), log.read_text("utf-8")

            # The port closes and opens with the configuration.
            other = free_port()
            (folder / "presswatch.toml").write_text(FAST + WATCHED.format(port=other), "utf-8")
            process.send_signal(signal.SIGHUP)
            assert wait_for(lambda: f":{other}" in log.read_text("utf-8"), 30), log.read_text("utf-8")
            assert ask(other, "/healthz")[0] == 200
            with pytest.raises(ConnectionRefusedError):
                ask(port, "/healthz")
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    assert "DEBUG" not in log.read_text("utf-8").upper()
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]  # every line, the crawl's too
    assert any(row.get("source") == "sample-fr" for row in rows)
    assert any(row.get("article", "").startswith("http") for row in rows)
    assert any("delivery" in row for row in rows)
    assert "a-secret-uuid" not in log.read_text("utf-8")


def test_a_ping_that_may_not_be_sent_is_a_line_in_the_log(tmp_path: Path) -> None:
    """The address guard holds for the ping too, and the crawl goes on."""
    with newsroom.start() as served, server() as (place, asked):
        folder = config(served, tmp_path / "config")
        command = [sys.executable, "-m", "presswatch", "--config", str(folder), "--data", str(tmp_path / "data")]
        environ = {**os.environ, "PRESSWATCH_PING_URL": f"http://{place}/a-secret-uuid"}
        done = subprocess.run([*command, "job", "crawl"], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ping_private" in done.stderr
    assert "a-secret-uuid" not in done.stderr
    assert asked == []
