"""A soak: the service itself, for as many polling cycles as are wanted, with news, edits, digests and mail on the way.

A cycle is a quarter of an hour of the service's clock: it is put forward, every
tick that is due then is run to its end by the service's own scheduler, and a
crawl among them asks the sources that are due. In the middle and in the end a
stretch is quiet: nothing is published, nothing is to be told.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from presswatch.demo import newsroom
from tests.faults.killing import Inbox, mail_server
from tests.soak import news, nursery
from tests.soak.clock import START, Clock

STEP = timedelta(minutes=15, seconds=1)
READERS = ("ada@reader.example", "bob@reader.example")
DAY = timedelta(days=1)
KEEP = 30 * DAY  # archive and pages; three such times in a soak of ten thousand cycles
_SOURCES = {"sample-newsroom": "15m", "sample-blog": "15m", "sample-fr": "12h"}
_SAMPLED = 10  # cycles from one measurement to the next
_CONFIG = f"""contact = "mailto:soak@presswatch.invalid"
[schedule]
forked = false
[crawl]
recheck_for = "2d"
[archive]
keep = "{KEEP.days}d"
[pages]
keep = "{KEEP.days}d"
[web]
port = 0
[alerts]
to = ["mailto:operator@reader.example"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was measured after a cycle, with nothing running."""

    cycle: int
    rss: float  # MB, as VmRSS
    files: int
    threads: int
    archive: int  # bytes
    store: int  # bytes that hold something
    articles: int  # published so far


@dataclass
class Soak:
    """One newsroom, one mail server, one service, and a record of what it held."""

    folder: Path
    cycles: int
    seed: int = 1
    samples: list[Sample] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    published: list[str] = field(default_factory=list)  # the newest first; without those that were removed
    removed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def run(self, say: Callable[[str], None]) -> "Soak":
        """Go through all cycles; `say` is told now and then how it goes."""
        began = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._chance, self.data, self._config = random.Random(self.seed), self.folder / "data", self.folder / "config"
        self._clock = Clock(self.folder)
        self._clock.set_up()
        news.write(self.folder / "news.jsonl", START, self.cycles // self._between, STEP * self._between)
        inbox = Inbox(slow=0.0)
        with (
            newsroom.start(until=START, articles=self.folder / "news.jsonl") as self._served,
            mail_server(inbox) as port,
        ):
            self._prepare()
            self._clock.start()
            with self._nursery(), self._service(port) as service:
                for cycle in range(1, self.cycles + 1):
                    self._bring_news(cycle)
                    self._step(service)
                    if cycle % _SAMPLED == 0 or cycle == self.cycles:
                        self.samples.append(self._measure(service.pid, cycle))
                    if cycle % max(self.cycles // 20, 1) == 0 and self.samples:
                        say(f"{time.monotonic() - began:5.0f} s  {self.samples[-1]}")
                self.status = self._end(service)
            self.addresses = {article: self._served.url(article) for article in self.published}
            self.now = datetime.now(UTC)
            self._clock.stop()
        self.mails = Counter((mail.recipient, mail.message_id) for mail in inbox.mails)
        self.seconds = time.monotonic() - began
        return self

    # Running it

    def _prepare(self) -> None:
        newsroom.write_config(self._served, self._config)
        sources = self._config / "sources.yaml"
        head, *blocks = sources.read_text("utf-8").split("  - id: ")
        chosen = [
            b.replace("every: 15m", f"every: {e}") for b in blocks for n, e in _SOURCES.items() if b.startswith(n)
        ]
        sources.write_text("  - id: ".join([head, *chosen]), "utf-8")
        to = ", ".join(f'"mailto:{reader}"' for reader in READERS)
        plan = (
            f'digests:\n  - {{name: daily, at: "0 7 * * *", timezone: Europe/London, when_empty: skip, to: [{to}]}}\n'
        )
        (self._config / "digests.yaml").write_text(plan, "utf-8")
        (self._config / "presswatch.toml").write_text(_CONFIG, "utf-8")
        nursery.write_stand_in(self.folder)

    @contextmanager
    def _nursery(self) -> Iterator[None]:
        with (self.folder / "nursery.log").open("wb") as log:
            command = [sys.executable, "-m", "tests.soak.nursery", str(self.folder)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
            end = time.monotonic() + 60
            while not (self.folder / "nursery").exists() and process.poll() is None and time.monotonic() < end:
                time.sleep(0.02)
            try:
                yield
            finally:
                assert process.stdin
                process.stdin.close()
                process.wait(20)

    @contextmanager
    def _service(self, port: int) -> Iterator[subprocess.Popen[bytes]]:
        environ = {"PRESSWATCH_SMTP_HOST": "127.0.0.1", "PRESSWATCH_SMTP_PORT": str(port)}
        environ |= {"PRESSWATCH_SMTP_SECURITY": "none", "PRESSWATCH_MAIL_FROM": "presswatch@sender.example"}
        command = [sys.executable, "-m", "tests.soak.service", str(self.folder), "--config", str(self._config)]
        command += ["--data", str(self.data), "--log-format", "json", "serve"]
        with (self.folder / "service.log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **environ}
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
                for pipe in (process.stdin, process.stdout):
                    if pipe:
                        pipe.close()

    def _step(self, service: subprocess.Popen[bytes]) -> None:
        """Put the clock forward, and wait until the service has done what that made due."""
        assert service.stdin
        assert service.stdout
        self._clock.step(STEP.total_seconds())
        service.stdin.write(b".")
        service.stdin.flush()
        if service.stdout.readline() != b"\n":
            raise AssertionError(f"the service ended: {(self.folder / 'service.log').read_text('utf-8')[-3000:]}")

    def _end(self, service: subprocess.Popen[bytes]) -> int:
        service.send_signal(signal.SIGTERM)
        return service.wait(60)

    # What happens to the newsroom

    def is_quiet(self, cycle: int) -> bool:
        """Whether nothing happens in this cycle, and what happened before is dealt with: told, and looked at again."""
        return any(begin + self._dealt_with <= cycle <= end for begin, end in self._silences())

    def _silences(self) -> tuple[tuple[int, int], ...]:
        """Two stretches of cycles in which nothing is published, in the middle and at the end."""
        length = max(self.cycles // 20, self._dealt_with * 2)
        return (self.cycles // 2 - length, self.cycles // 2), (self.cycles - length, self.cycles)

    @property
    def _dealt_with(self) -> int:
        """In how many cycles news is judged, told and looked at again: a day and a little, less in a short soak."""
        return min(100, self.cycles // 8)

    @property
    def _between(self) -> int:
        """The cycles from one burst of news to the next: a day, or less in a short soak."""
        return max(10, min(100, self.cycles // 16))

    def _bring_news(self, cycle: int) -> None:
        if any(begin <= cycle <= end for begin, end in self._silences()):
            return
        if cycle % self._between == 0:
            self._served.publish_until(datetime.now(UTC))
            shown = [a.id for a in self._served.articles() if a.id.startswith(news.MARK)]
            self.done["published"] += len(shown) - len(self.published)
            self.published = shown
        elif cycle % self._between == self._between // 2 and len(self.published) > 6:
            self._change()
        elif cycle % 1000 == 707:
            self._served.fault("blog", "403")
            self.done["fault"] += 1
        elif cycle % 1000 == 787:
            self._served.fault("blog", "ok")

    def _change(self) -> None:
        """Somebody edits, retitles, moves or removes one of the newest articles."""
        article = self._chance.choice(self.published[:6])
        what = self._chance.choice(["edit", "edit", "retitle", "move", "remove"])
        if what == "edit":
            self._served.edit(article, f"Correction: the laboratory opens {self.done['edit'] + 2} weeks later.")
        elif what == "move":
            self._served.move(article, f"moved-{article}-{self.done['move']}")
        elif what == "retitle":
            self._served.retitle(article)
        else:
            self._served.remove(article)
            self.removed.append(article)
            self.published.remove(article)
        self.done[what] += 1

    # Looking at it

    def _measure(self, pid: int, cycle: int) -> Sample:
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        ((pages, free, size),) = self.ask(
            "SELECT page_count, freelist_count, page_size"
            " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return Sample(
            cycle=cycle,
            rss=round(int(told["VmRSS"].split()[0]) / 1024, 2),
            files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
            threads=int(told["Threads"]),
            archive=sum(path.stat().st_size for path in (self.data / "archive").glob("*")),
            store=(pages - free) * size,
            articles=self.done["published"],
        )

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the store, which is only read."""
        store = f"file:{self.data / 'presswatch.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(store, uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def children(self) -> list[dict[str, Any]]:
        """Every child that ended: name, exit status, seconds, processor time, highest size in MB."""
        return [json.loads(line) for line in (self.folder / "children.jsonl").read_text("utf-8").splitlines()]
