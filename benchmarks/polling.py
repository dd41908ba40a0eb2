"""Polling a thousand feeds on loopback: presswatch beside lemon24/reader and a bare Scrapy spider, in one run.

    python -m benchmarks.polling [--feeds 1000] [--rounds 3]

Every contender asks every feed once a round, in a process of its own whose start
is included: presswatch's is forked as the service does it, and, for comparison,
started afresh. *Unchanged*: every feed answers 304. *Edited*: every feed comes
anew, with twenty items that are known, a quarter as many feeds. Rates are by the clock, and so depend on
what else the machine does; processor time is what the kernel counted for the
process. What is compared takes turns.
"""

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks.feed_server import host
from presswatch.children import Children

_LONG = timedelta(minutes=20)

_READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1], feed_root=None)
if sys.argv[2] == "add":
    for url in sys.stdin.read().split():
        reader.add_feed(url, exist_ok=True)
else:
    reader.update_feeds(workers=int(sys.argv[3]), scheduled=False)  # else once an hour, whatever is asked
"""
_SPIDER = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Feeds(scrapy.Spider):
    name = "feeds"
    handle_httpstatus_list = [304]

    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url, headers={"If-None-Match": sys.argv[2]}, dont_filter=True)

    def parse(self, response):
        self.crawler.stats.inc_value(f"answers/{response.status}")

process = CrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS": 64})
crawler = process.create_crawler(Feeds)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("answers/304", 0) + crawler.stats.get_value("answers/200", 0))
"""


@dataclass
class Taken:
    """What a contender took, round by round."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: float = 0.0  # megabytes of the largest of its processes

    def add(self, seconds: float, processor: float) -> None:
        self.seconds.append(seconds)
        self.processor.append(processor)


@contextmanager
def feed_server(count: int, after: float = 0.0) -> Iterator[tuple[list[str], "subprocess.Popen[str]"]]:
    """The addresses of `count` feeds, and the process that serves them, each answer `after` so many seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.feed_server", str(count), str(port), str(after)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield [f"http://{host(number)}:{port}/feed" for number in range(count)], server
        server.terminate()


def move_on(server: "subprocess.Popen[str]", how: str) -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(how)
    server.stdin.flush()
    assert server.stdout.readline() == "moved\n"


def asked(server: "subprocess.Popen[str]") -> int:
    """How many requests the server has had."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write("c")
    server.stdin.flush()
    return int(server.stdout.readline())


def measured(command: Sequence[str], *, text: str = "", taken: Taken | None = None) -> str:
    """Run a command to its end and note what it took, its children included; returns what it printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{command[:4]} ended with status {done.returncode}:\n{done.stderr[-3000:]}")
    if taken is not None:
        taken.add(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return done.stdout


def processor_time() -> float:
    """Seconds that this process's children took, and those that the fork server forked for it, as far as they ended."""
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = taken.ru_utime + taken.ru_stime
    for task in Path("/proc/self/task").glob("*/children"):
        for child in task.read_text().split():
            if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes():
                ticks = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:15]
                spent += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return spent


class Presswatch:
    """The crawl as the service runs it: one child for all sources that are due."""

    def __init__(self, folder: Path, feeds: Sequence[str], *, forked: bool = True) -> None:
        self.name = "presswatch" if forked else "presswatch, afresh"
        self._config, self._data = folder / "config", folder / "data"
        self._config.mkdir(parents=True)
        blocks = "".join(
            f"  - {{id: s{number}, every: 1s, delay: 0s, allow_private: true, feeds: ['{url}']}}\n"
            for number, url in enumerate(feeds)
        )
        (self._config / "sources.yaml").write_text(f"sources:\n{blocks}", "utf-8")
        (self._config / "presswatch.toml").write_text('contact = "mailto:bench@presswatch.invalid"\n', "utf-8")
        self._feeds, self._children = len(feeds), Children(forked=forked)

    def prepare(self) -> None:
        self.poll(None)

    def poll(self, taken: Taken | None) -> None:
        time.sleep(1.1)  # every source is due again
        command = ["-m", "presswatch", "--config", str(self._config), "--data", str(self._data), "job", "crawl"]
        visited: list[str] = []
        before, began = processor_time(), time.monotonic()
        result = self._children.run(command, deadline=_LONG, on_line=visited.append, aloud=False)
        seconds, processor = time.monotonic() - began, processor_time() - before
        if result.status or len(visited) != self._feeds or "WARNING" in result.last_words:
            raise SystemExit(f"presswatch visited {len(visited)} feeds: {result.last_words[-1000:]}")
        if taken is not None:
            taken.add(seconds, processor)


class Reader:
    """lemon24/reader with its own SQLite store."""

    name = "reader"

    def __init__(self, folder: Path, feeds: Sequence[str], workers: int) -> None:
        folder.mkdir(parents=True)
        self._store, self._feeds, self._workers = folder / "reader.sqlite3", feeds, workers
        self.name = f"reader, {workers} worker{'s' if workers > 1 else ''}"

    def prepare(self) -> None:
        measured([sys.executable, "-c", _READER, str(self._store), "add"], text="\n".join(self._feeds))
        self.poll(None)

    def poll(self, taken: Taken | None) -> None:
        measured([sys.executable, "-c", _READER, str(self._store), "update", str(self._workers)], taken=taken)


class Spider:
    """A Scrapy spider that asks and keeps nothing."""

    name = "bare Scrapy"

    def __init__(self, folder: Path, feeds: Sequence[str]) -> None:
        folder.mkdir(parents=True)
        self._list, self._feeds = folder / "feeds.txt", feeds
        self._list.write_text("\n".join(feeds), "utf-8")
        self.etag = '"0-0"'

    def prepare(self) -> None:
        self.poll(None)

    def poll(self, taken: Taken | None) -> None:
        said = measured([sys.executable, "-c", _SPIDER, str(self._list), self.etag], taken=taken)
        if int(said or 0) != len(self._feeds):
            raise SystemExit(f"The spider got {said} answers of {len(self._feeds)}.")


Contender = Presswatch | Reader | Spider


def poll(contender: Contender, taken: Taken, server: "subprocess.Popen[str]", feeds: int) -> None:
    """One round, in which the server must be asked for every feed."""
    before = asked(server)
    contender.poll(taken)
    if (requests := asked(server) - before) < feeds:
        raise SystemExit(f"{contender.name} asked {requests} times for {feeds} feeds.")


def show(title: str, results: dict[str, Taken], feeds: int) -> None:
    print(f"\n{title}: feeds a second (by the clock), milliseconds of processor time a feed; medians")
    base = statistics.median(results["presswatch"].processor)
    for name, taken in results.items():
        seconds, processor = statistics.median(taken.seconds), statistics.median(taken.processor)
        print(
            f"{name:20s} {feeds / seconds:7.0f} /s   {processor / feeds * 1000:6.2f} ms a feed"
            f"   {base / processor:5.2f} x presswatch's processor time over its"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ.pop("PRESSWATCH_DATABASE_URL", None)
    unchanged(options.feeds, options.rounds)
    edited(max(1, options.feeds // 4), options.rounds)


def unchanged(feeds: int, rounds: int) -> None:
    """Every feed answers 304."""
    with tempfile.TemporaryDirectory() as folder, feed_server(feeds) as (addresses, server):
        home = Path(folder)
        some = (*contenders(home, addresses), Spider(home / "spider", addresses))
        taken: dict[str, Taken] = {one.name: Taken() for one in some}
        for one in some:
            one.prepare()
        for _ in range(rounds):
            for one in some:
                poll(one, taken[one.name], server, feeds)
        show(f"{feeds} unchanged feeds", taken, feeds)


def edited(feeds: int, rounds: int) -> None:
    """Every feed comes anew, with twenty items that are known; each contender has taken them in before."""
    with tempfile.TemporaryDirectory() as folder, feed_server(feeds) as (addresses, server):
        some = contenders(Path(folder), addresses)
        taken: dict[str, Taken] = {one.name: Taken() for one in some}
        move_on(server, "n")
        for one in some:
            one.prepare()
        for _ in range(rounds):
            move_on(server, "e")
            for one in some:
                poll(one, taken[one.name], server, feeds)
        show(f"{feeds} edited feeds of twenty items", taken, feeds)


def contenders(home: Path, feeds: Sequence[str]) -> tuple[Contender, ...]:
    """Those that remember what they have seen."""
    return (
        Presswatch(home / "presswatch", feeds),
        Presswatch(home / "afresh", feeds, forked=False),
        Reader(home / "reader", feeds, 1),
        Reader(home / "reader-many", feeds, 8),
    )


if __name__ == "__main__":
    main()
