"""The service as an operator meets it: started, reloaded, ended, started twice."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from presswatch.demo import newsroom

FAST = """watch = "uk-ai"
[web]
enabled = false
[schedule]
crawl = "1s"
process = "1h"  # what was crawled is judged at once, all the same
digest = "1s"
deliver = "1s"
prune = "1h"
"""
DIGESTS = """digests:
  - name: often
    at: "* * * * *"
    look_back: 3650d
    to: "file:digests"
"""


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


def config(served: newsroom.Newsroom, folder: Path) -> Path:
    newsroom.write_config(served, folder)
    (folder / "presswatch.toml").write_text(FAST, "utf-8")
    (folder / "digests.yaml").write_text(DIGESTS, "utf-8")
    return folder


@contextmanager
def service(folder: Path, data: Path, log: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "presswatch", "--config", str(folder), "--data", str(data)]
    with log.open("ab") as stderr:
        process = subprocess.Popen(
            [*command, "--log-format", "json", "serve"], stderr=stderr, stdout=stderr, env={**os.environ, **environ}
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def messages(log: Path) -> list[str]:
    return [json.loads(line)["message"] for line in log.read_text("utf-8").splitlines() if line.startswith("{")]


def test_it_crawls_judges_tells_reloads_and_ends(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with newsroom.start() as served, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        folder = config(served, tmp_path / "config")
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        with service(folder, data, log, NOTIFY_SOCKET=str(tmp_path / "notify")) as process:
            assert systemd.recv(100) == b"READY=1"
            assert wait_for(lambda: list((data / "digests").glob("often-*.html")), 60), log.read_text("utf-8")
            assert any(message.startswith("To be told") for message in messages(log))

            # A mistake in the config is said, and the old one goes on.
            good = (folder / "sources.yaml").read_text("utf-8")
            (folder / "sources.yaml").write_text(good.replace("feeds:", "feds:", 1), "utf-8")
            process.send_signal(signal.SIGHUP)
            assert wait_for(lambda: any("was not taken up" in m and '"feds"' in m for m in messages(log)), 10)
            (folder / "sources.yaml").write_text(good, "utf-8")
            process.send_signal(signal.SIGHUP)
            assert wait_for(lambda: any("was read again" in m for m in messages(log)), 10)

            # A second service on the same data refuses.
            second = tmp_path / "second"
            with service(folder, data, second) as other:
                assert other.wait(20) == 1
            assert "Another presswatch service" in second.read_text("utf-8")

            status = [sys.executable, "-m", "presswatch", "--data", str(data), "status", "--quiet"]
            assert subprocess.run(status, check=False).returncode == 0
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0
            assert time.monotonic() - started < 10
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("sources.yaml", "sources:\n  - id: x\n", "no way in"),
        ("digests.yaml", 'digests:\n  - name: d\n    at: "0 7 * * *"\n    to: "${NO_SUCH_THING}"\n', "NO_SUCH_THING"),
        ("presswatch.toml", 'watch = "nothing-like-it"\n', "nothing-like-it.yaml"),
        ("topics.yaml", "topics: nonsense\n", "topics.yaml"),
        ("regions.yaml", "regions: nonsense\n", "regions.yaml"),
    ],
)
def test_nothing_starts_half_configured(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / name).write_text(text, "utf-8")
    log = tmp_path / "log"
    with service(tmp_path / "config", tmp_path / "data", log) as process:
        assert process.wait(20) == 2
    said = log.read_text("utf-8")
    assert told in said
    assert "Traceback" not in said
    assert not (tmp_path / "data" / "presswatch.sqlite3").exists()
