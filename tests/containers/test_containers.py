"""The image and both ways of docker-compose.yml, built and run for real: `make containers`.

Where no registry can be reached, PYTHON_IMAGE names a base image that is here, and
tests/containers/postgres.Dockerfile is built from it in the place of PostgreSQL's.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent
_PROJECT = "presswatch-test"
_SECRET = "aVerySecretWord"
_PATIENCE = 1200.0  # a bound, on however slow a machine


def run(*command: str, **environ: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environ}, cwd=_ROOT
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def why_not() -> str:
    if not os.environ.get("PRESSWATCH_CONTAINERS"):
        return "building and running images takes minutes: make containers"
    if not shutil.which("docker"):
        return "there is no docker here"
    engine = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return "" if engine.returncode == 0 else "no container engine answers; start one, or set DOCKER_HOST"


pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


@pytest.fixture(scope="module")
def images() -> dict[str, str]:
    """Both images, built where they are not; returns what compose is to be told of them."""
    python = os.environ.get("PYTHON_IMAGE", "python:3.13-slim-bookworm")
    network = os.environ.get("PRESSWATCH_BUILD_NETWORK", "host")
    run("docker", "build", "--network", network, "--build-arg", f"PYTHON_IMAGE={python}", "-t", "presswatch", ".")
    postgres = os.environ.get("POSTGRES_IMAGE", "")
    if not postgres:
        postgres = "presswatch-test-postgres"
        file = _HERE / "postgres.Dockerfile"
        base = os.environ.get("DEBIAN_IMAGE", "debian:bookworm-slim")
        run(
            "docker", "build", "--network", network, "--build-arg", f"DEBIAN_IMAGE={base}", "-f", str(file),
            "-t", postgres, str(_HERE),
        )  # fmt: skip
    return {"POSTGRES_IMAGE": postgres, "PYTHON_IMAGE": python}


class Stack:
    """A compose project in a folder of its own, with the sample newsroom on its network."""

    def __init__(self, folder: Path, **environ: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder, self.environ = folder, {"PRESSWATCH_WEB_PORT": str(port), **environ}
        text = (_ROOT / "docker-compose.yml").read_text("utf-8")
        modern = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        self._compose = ["docker", "compose"] if modern else ["docker-compose"]
        if not modern:  # the first generation does not know ":+"
            text = text.replace("${PRESSWATCH_PASSWORD_HASH:+0.0.0.0}", "")
        self._file = folder / "docker-compose.yml"
        self._file.write_text(text, "utf-8")
        (folder / "config").mkdir()
        (folder / "config").chmod(0o777)

    def compose(self, *words: str) -> str:
        command = (*self._compose, "-p", _PROJECT, "-f", str(self._file), "--project-directory", str(self.folder))
        return run(*command, *words, **self.environ)

    def presswatch(self, service: str, *words: str) -> str:
        return self.compose("exec", "-T", service, "presswatch", *words)

    def status(self, service: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.presswatch(service, "status", "--json"))
        except (AssertionError, ValueError):  # not up yet, or not well: exit status 1
            return {}
        return found

    def open_newsroom(self) -> None:
        """In a container of the same image, on the same network; it writes the configuration that watches it."""
        code = (
            "import socket; from presswatch.demo.newsroom import main;"
            "main(['--address', socket.gethostbyname(socket.gethostname()), '--alone', '--config', '/config'])"
        )
        run(
            "docker", "run", "-d", "--rm", "--name", f"{_PROJECT}-newsroom", "--network", f"{_PROJECT}_default",
            "-v", f"{self.folder / 'config'}:/config", "--entrypoint", "python3", "presswatch", "-c", code,
        )  # fmt: skip
        until("the newsroom opens", lambda: (self.folder / "config" / "sources.yaml").exists())
        (self.folder / "config" / "presswatch.toml").chmod(0o644)

    def close(self) -> None:
        subprocess.run(["docker", "rm", "-f", f"{_PROJECT}-newsroom"], capture_output=True, check=False)
        self.compose("--profile", "cluster", "down", "-v", "--remove-orphans", "-t", "20")


def until(what: str, condition: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, f"after {_PATIENCE:.0f} s it is still not so that {what}"
        time.sleep(1)


@pytest.fixture
def stack(images: dict[str, str], tmp_path: Path) -> Iterator[Stack]:
    made = Stack(tmp_path, **images, POSTGRES_PASSWORD=_SECRET, PRESSWATCH_SMTP_PASSWORD=_SECRET)
    made.close()
    try:
        yield made
    finally:
        print(made.compose("--profile", "cluster", "logs", "--no-color", "--tail", "40"))
        made.close()


def container(stack: Stack, service: str) -> dict[str, Any]:
    number = stack.compose("--profile", "cluster", "ps", "-q", service).split()[0]
    found: dict[str, Any] = json.loads(run("docker", "inspect", number))[0]
    return found


def is_locked_down(found: dict[str, Any]) -> None:
    host, config = found["HostConfig"], found["Config"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert config["User"] not in ("", "0", "root")
    assert config.get("Healthcheck")


def told(found: dict[str, Any]) -> int:
    return sum((found.get("store") or {}).get("articles", {}).values())


def test_one_service_by_default(stack: Stack) -> None:
    stack.compose("up", "--no-start")
    stack.open_newsroom()
    stack.compose("up", "-d")
    services = stack.compose("ps", "--services", "--filter", "status=running").split() or stack.compose("ps").split()
    assert not {"db", "worker", "web"} & set(services)
    until("every article is judged", lambda: told(stack.status("presswatch")) >= 34)
    until("the digest is there", lambda: "demo-" in stack.compose("exec", "-T", "presswatch", "ls", "-R", "/data"))
    found = container(stack, "presswatch")
    is_locked_down(found)
    until("it is healthy", lambda: container(stack, "presswatch")["State"]["Health"]["Status"] == "healthy")


def test_the_cluster(stack: Stack) -> None:
    stack.compose("--profile", "cluster", "up", "--no-start", "web")
    stack.open_newsroom()
    stack.compose("--profile", "cluster", "up", "-d", "web")
    until("every article is judged", lambda: told(stack.status("scheduler")) >= 34)
    machines = stack.status("scheduler")["machines"]
    assert sorted(machine["role"] for machine in machines) == ["scheduler", "web", "worker", "worker"]
    for service in ("db", "scheduler", "worker", "web"):
        is_locked_down(container(stack, service))
    assert "presswatch" not in stack.compose("ps", "--services", "--filter", "status=running").split()
    page = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8080/', timeout=20).read().decode())"
    assert "Humber" in stack.compose("exec", "-T", "web", "python3", "-c", page)


def test_no_secret_in_a_layer(stack: Stack) -> None:
    for image in ("presswatch", stack.environ["POSTGRES_IMAGE"]):
        history = run("docker", "history", "--no-trunc", image)
        settled = json.dumps(json.loads(run("docker", "inspect", image))[0]["Config"])
        for words in (history, settled):
            assert _SECRET not in words
            assert "PASSWORD=" not in words.replace("POSTGRES_PASSWORD=${", "")
