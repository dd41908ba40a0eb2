"""The labelled newsroom beside the checkout, where there is one: its server, its scorer, a config to crawl it."""

import importlib.util
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent.parent / "shared" / "newsroom"

needs_labelled = pytest.mark.skipif(
    not (FOLDER / "newsroom.py").exists(),
    reason="the labelled newsroom (../shared/newsroom) is not beside this checkout",
)

_LANGUAGES = {
    "fr": "fr",
    "de": "de",
    "es": "es",
    "it": "it",
    "pt": "pt",
    "jp": "ja",
    "kr": "ko",
    "tw": "zh",
    "cn": "zh",
}


def module(name: str) -> ModuleType:
    """`newsroom.py` or `score.py`, imported from where it lies, writing nothing beside it."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    sys.dont_write_bytecode = True
    spec.loader.exec_module(loaded)
    return loaded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serve(*articles: str, until: str | None = None) -> Iterator[Any]:
    """Serve `articles.jsonl`, or the files named, on a free port; yields the server's world."""
    newsroom = module("newsroom")
    paths = [FOLDER / name for name in articles or ("articles.jsonl",)]
    world, servers = newsroom.start(paths, free_port(), newsroom.when(until) if until else None)
    try:
        yield world
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def write_config(world: Any, folder: Path, *, digests: str | None = None) -> Path:
    """A folder of config files that crawls the served sites without pauses; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = []
    for site in module("newsroom").SITES:
        base = world.base(site)
        if site == "newsroom":
            ways = (
                f"    feeds: [{base}/releases.xml, {base}/cats/press_release.xml]\n    sitemaps: [{base}/sitemap.xml]\n"
                f"    listings: [{{url: {base}/news, links: h3.index-item-text-title a, next: a.next}}]\n"
                '    articles: "^/news/[^/]+$"\n'
            )
        else:
            path = "^/[^/]+/?$" if site == "fr" else "^/blog/[^/]+/?$"
            ways = (
                f"    feeds: [{base}/feed/]\n    wordpress: {base}/wp-json/wp/v2/posts\n"
                f'    sitemaps: [{base}/sitemap_index.xml]\n    articles: "{path}"\n'
            )
        blocks.append(
            f"  - id: {site}\n    language: {_LANGUAGES.get(site, 'en')}\n    every: 1m\n    delay: 0s\n"
            f"    allow_private: true\n{ways}"
        )
    (folder / "sources.yaml").write_text("sources:\n" + "".join(blocks), "utf-8")
    if digests:
        (folder / "digests.yaml").write_text(digests, "utf-8")
    return folder
