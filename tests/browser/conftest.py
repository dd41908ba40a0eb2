"""A real Chromium before the pages of a real store: that of the demo, with its invented articles in nine languages.

Skipped, saying so, where there is no Chromium or no npm.
"""

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from presswatch import settings
from presswatch.demo import tour
from presswatch.services import Services
from presswatch.web.app import create_app

# What says whether a page can be used by everybody; fetched when the tests run, and checked against this digest.
_AXE = "axe-core@4.10.3"
_AXE_SHA512 = "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg=="
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser and the demo's store, instead of each."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The pages over what the demo leaves."""
    folder = tmp_path_factory.mktemp("browser") / "demo"
    assert tour.run(folder) == 0
    with Services(settings.load(folder / "config", folder / "data", {})) as services:
        yield create_app(services)


@pytest.fixture(scope="session")
def site(app: FastAPI) -> Iterator[str]:
    """The address that the pages are served at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


# Playwright keeps an event loop running in its thread for as long as it is there: no longer than a module's tests,
# since others that follow in the same worker run loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("PRESSWATCH_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium here: install Debian's package chromium, or name one in PRESSWATCH_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield found
        found.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a path of the site; whatever is given goes into the browser's context.

    What the page's own scripts and files complain of, and whom it asks besides us, is noted in `page.complaints`.
    """
    contexts: list[BrowserContext] = []

    def opened(path: str, *, width: int = 1280, dark: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", **more
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
        page.on("request", lambda asked: None if asked.url.startswith(site) else page.complaints.append(asked.url))  # type: ignore[attr-defined]
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if not npm:
        pytest.skip("no npm here: axe-core cannot be fetched")
    packed = subprocess.run([npm, "pack", "--silent", _AXE], cwd=folder, capture_output=True, text=True)
    if packed.returncode:
        pytest.skip(f"axe-core could not be fetched: {packed.stderr.strip()[:200]}")
    file = folder / packed.stdout.split()[-1]
    assert base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode() == _AXE_SHA512
    with tarfile.open(file) as tar:
        script = tar.extractfile("package/axe.min.js")
        assert script
        return script.read().decode()
