"""Judging archived pages again on one core and on several: `presswatch reprocess`, timed.

    python -m benchmarks.reprocess [--pages 10000] [--processes 1 2] [--repeats 1]

The pages are those of the bundled sample newsroom, about 115 kB each, in ten
languages; where more are wanted, they come again on other sites and 45 days
later each time, so that none is a copy of another's news. They lie in a real
archive and store, and were judged before. Every run starts from the same data,
and all must leave the same verdicts and stories.

Seconds by the clock tell how it spreads over the cores, and mean something only
on a machine that does nothing else; processor time tells what spreading costs.
"""

import argparse
import contextlib
import hashlib
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from presswatch import settings, urls
from presswatch.demo import newsroom
from presswatch.models import Candidate
from presswatch.services import Services
from presswatch.store.records import PageDraft, content_hash

AIM = 1.8  # from one core to two
_FETCHED = datetime(2032, 9, 1, tzinfo=UTC)  # the oldest of 10,000 pages must not be older than any page can be
_APART = timedelta(days=45)  # more than stories reach
_MADE_OF = "url, title, text, language, published_at, level, score, reasons, summary, story, simhash, slug, traits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run over the archive."""

    seconds: float
    processor: float
    peak: float  # megabytes of the largest process
    left: str  # a fingerprint of what the store holds after it


def sample() -> list[tuple[str, str, str]]:
    """Address, address of the site and HTML of every article of the sample newsroom."""
    found = []
    with newsroom.start() as served:
        for article in served.articles():
            with urlopen(served.url(article.id)) as answer:
                found.append((served.url(article.id), served.base(article.site), answer.read().decode()))
    return found


def drafts(count: int) -> Iterator[tuple[str, bytes, Candidate]]:
    """So many pages: address, body, and what a feed said of it."""
    pages = sample()
    sites = {site: f"site-{number}" for number, site in enumerate(sorted({site for _, site, _ in pages}))}

    def elsewhere(text: str, round_: int) -> str:
        for site, name in sites.items():
            text = text.replace(site, f"https://{name}.round-{round_}.example")
        return text

    for number in range(count):
        round_, place = divmod(number, len(pages))
        url, _, html = pages[place]
        address = elsewhere(url, round_)
        at = _FETCHED - (round_ + 1) * _APART + timedelta(hours=place)
        candidate = Candidate(url=urls.canonical(address), source="bench", via="feed", title="", published_at=at)
        yield address, elsewhere(html, round_).encode(), candidate


def fill(data: Path, count: int, environ: Mapping[str, str] | None = None) -> None:
    """A data folder with so many pages in its archive, none of them judged."""
    with Services(settings.load(None, data, environ or {})) as services:
        store = services.store
        for number, (address, body, candidate) in enumerate(drafts(count)):
            at = _FETCHED + timedelta(seconds=number)
            record = services.archive.write(address, status=200, body=body, fetched_at=at)
            draft = PageDraft(
                url=candidate.url, source="bench", fetched_at=at, status=200, final_url=address,
                content_type="text/html; charset=utf-8", content_hash=content_hash(address),
                warc_file=record.file, warc_offset=record.offset, via="page", candidate=candidate,
            )  # fmt: skip
            if store.pages.add(draft) is None:
                raise SystemExit(f"{address} is there twice.")
        services.archive.close()


def judge_again(data: Path, processes: int, pages: int) -> Run:
    """`presswatch reprocess` as anybody would start it, to its end."""
    command = [sys.executable, "-m", "presswatch", "--data", str(data), "reprocess", "--json"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([*command, "--processes", str(processes)], capture_output=True, text=True, check=False)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"presswatch reprocess ended with status {done.returncode}:\n{done.stderr[-3000:]}")
    judged = json.loads(done.stdout)["pages"]
    if judged != pages:
        raise SystemExit(f"{judged} pages were judged instead of {pages}.")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds=seconds, processor=processor, peak=after.ru_maxrss / 1024, left=fingerprint(data))


def fingerprint(data: Path) -> str:
    """Of all that the steps found out, by address."""
    found = hashlib.sha256()
    with contextlib.closing(sqlite3.connect(data / "presswatch.sqlite3")) as connection:
        for row in connection.execute(f"SELECT {_MADE_OF} FROM articles ORDER BY url"):
            found.update(repr(row).encode())
        for table in ("tags", "facts"):
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY article, position"):
                found.update(repr(row).encode())
    return found.hexdigest()


def show(runs: dict[int, list[Run]], pages: int) -> None:
    base = statistics.median(run.seconds for run in next(iter(runs.values())))
    print(f"{pages:,} pages judged again; load of the machine {os.getloadavg()[0]:.1f}")
    for processes, some in runs.items():
        seconds = statistics.median(run.seconds for run in some)
        processor = statistics.median(run.processor for run in some)
        print(
            f"{processes:3} process{'es' if processes > 1 else '  '}  {seconds:8.1f} s  {pages / seconds:7.1f} pages/s"
            f"  {base / seconds:5.2f} x   {1000 * processor / pages:6.1f} ms of processor time a page"
            f"   largest process {max(run.peak for run in some):.0f} MB"
        )


def measure(pages: int, processes: Sequence[int], repeats: int) -> dict[int, list[Run]]:
    """Every number of processes, in turns, from the same data."""
    runs: dict[int, list[Run]] = {number: [] for number in processes}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        began = time.monotonic()
        fill(folder / "full", pages)
        judge_again(folder / "full", max(processes), pages)
        print(f"archived and judged once in {time.monotonic() - began:.0f} s", flush=True)
        for _ in range(repeats):
            for number in processes:
                shutil.copytree(folder / "full", folder / "data")
                runs[number].append(judge_again(folder / "data", number, pages))
                shutil.rmtree(folder / "data")
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=1)
    options = parser.parse_args()
    os.environ.pop("PRESSWATCH_DATABASE_URL", None)
    runs = measure(options.pages, options.processes, options.repeats)
    show(runs, options.pages)
    if len({run.left for some in runs.values() for run in some}) > 1:
        raise SystemExit("The runs did not leave the same verdicts and stories.")


if __name__ == "__main__":
    main()
