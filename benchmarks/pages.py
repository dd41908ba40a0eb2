"""What the pages cost on a large store, while articles are being saved.

    python -m benchmarks.pages [--store FILE] [--articles 100000] [--rounds 40]

Each address is asked for again and again, with other names, words and places in
the lists; the processor time of the whole process counts, so that a busy machine
disturbs little. A second process saves five articles a second meanwhile. Without
--store one is made up first, which takes minutes.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.addresses import addresses
from benchmarks.large_store import UNTIL, make
from presswatch import settings
from presswatch.models import Article, Fact, Fingerprint, Level, Outcome, Tag, TagKind, Verdict
from presswatch.services import Services
from presswatch.store import Store
from presswatch.store.records import PageDraft, content_hash
from presswatch.web.app import create_app

_AIM = 50.0  # milliseconds, 95 of 100 requests


async def ask(app: Any, address: str) -> tuple[int, int]:
    """One request, without a network: status and bytes."""
    parts = urlsplit(address)
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": parts.path,
        "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
        "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    found = [0, 0]
    told = False

    async def receive() -> dict[str, Any]:
        nonlocal told
        if told:
            await asyncio.Event().wait()  # the visitor stays until all is there
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            found[0] = message["status"]
        else:
            found[1] += len(message.get("body", b""))

    await app(scope, receive, send)
    return found[0], found[1]


def crawl(url: str, a_second: float) -> None:
    """Save new articles until the parent ends it."""
    with Store.open(url) as store:
        for number in range(1_000_000):
            now = datetime.now(UTC)
            address = f"https://blogs.example.com/new/{os.getpid()}/{number}"
            page = store.pages.add(
                PageDraft(
                    url=address,
                    source="nvidia-blog",
                    fetched_at=now,
                    status=200,
                    final_url=address,
                    content_type="text/html",
                    content_hash=content_hash(address),
                )
            )
            assert page is not None
            body = f"Nscale puts £{number + 1} million into Loughton by the end of 2030. " + "nvidia ai data " * 200
            quoted = f"£{number + 1} million"
            start = 4 + body.index(quoted)
            article = Article(
                url=address,
                source="nvidia-blog",
                language="en",
                title="New",
                text=body,
                published_at=now,
                first_seen_at=now,
            )  # fmt: skip
            outcome = Outcome(
                page_id=page,
                article=article,
                verdict=Verdict(watch="uk-ai", level=Level.FOCUS, score=1.0),
                tags=(
                    Tag(kind=TagKind.ORGANISATION, name="Nscale", quote="Nscale", start=4, end=10),
                    Tag(kind=TagKind.TOPIC, name="quantum", quote="ai", start=4, end=10),
                ),
                facts=(
                    Fact(
                        kind="money",
                        value=1e6 * (number + 1),
                        unit="GBP",
                        quote=quoted,
                        start=start,
                        end=start + len(quoted),
                    ),
                ),
                summary=(body[:80],),
                fingerprint=Fingerprint(simhash=number, slug="x", keys=()),
                story=f"new{os.getpid()}-{number}",
            )
            store.articles.save(outcome, now=now)
            time.sleep(1 / a_second)


def measure(file: Path, rounds: int) -> int:
    """Print a line an address; returns how many are slower than they should be."""
    spent: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    if not file.is_file():
        raise SystemExit(f"There is no store {file}; make one with: python -m benchmarks.large_store {file}")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copyfile(file, Path(folder) / 'store.sqlite3')}"  # articles are saved into it
        given = settings.load(None, Path(folder), {"PRESSWATCH_DATABASE_URL": url})
        with Services(given) as services:
            app = create_app(services, clock=lambda: UNTIL)
            app.state.warm_up()
            writer = multiprocessing.get_context("spawn").Process(target=crawl, args=(url, 5.0), daemon=True)
            writer.start()
            try:
                asyncio.run(_rounds(app, services.store, rounds, spent, sizes))
            finally:
                writer.terminate()
                writer.join()
    slow = 0
    print(f"{'address':26} {'median':>9} {'p95':>9} {'worst':>9} {'bytes':>9}   processor time in ms")
    for heading, times in spent.items():
        times.sort()
        p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
        slow += p95 > _AIM
        line = f"{times[len(times) // 2]:9.1f} {p95:9.1f} {times[-1]:9.1f} {sizes[heading]:9,}"
        print(f"{heading:26} {line}{'   slow' if p95 > _AIM else ''}")
    return slow


async def _rounds(app: Any, store: Store, rounds: int, spent: dict[str, list[float]], sizes: dict[str, int]) -> None:
    draw = random.Random(3)
    asked = addresses(store, draw)
    headings: set[str] = set()
    while len(spent) == 0 or min(map(len, spent.values())) < rounds or len(spent) < len(headings):
        heading, address = next(asked)
        headings.add(heading)
        started = time.process_time()
        status, size = await ask(app, address)
        took = 1000 * (time.process_time() - started)
        if status not in (200, 404):
            raise SystemExit(f"{address} answered {status}.")
        if heading in sizes:  # the first of each warms up what is read once
            spent.setdefault(heading, []).append(took)
        sizes[heading] = max(size, sizes.get(heading, 0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    wanted = parser.parse_args()
    if wanted.store:
        sys.exit(measure(wanted.store, wanted.rounds) > 0)
    with tempfile.TemporaryDirectory() as made:
        make(Path(made) / "store.sqlite3", wanted.articles)
        sys.exit(measure(Path(made) / "store.sqlite3", wanted.rounds) > 0)
