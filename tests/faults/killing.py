"""A service that is killed over and over while a newsroom publishes and a mail server listens.

An episode has its own data folder. Each round releases some articles, adds a
digest (whose first edition is due at once), lets the service run, and kills it
with SIGKILL at a random instant within one of its jobs. Everything that is
random comes from the episode's seed. In the end the service is left in peace,
and `faults` says what is wrong with what it stored and sent.
"""

import asyncio
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session
from sqlalchemy import select

from presswatch import jobs, settings
from presswatch.demo import newsroom
from presswatch.errors import ArchiveError
from presswatch.models import Level
from presswatch.services import Services
from presswatch.store import tables
from presswatch.store.database import Database

RECIPIENTS = ("ada@reader.example", "bob@reader.example", "cyd@reader.example")
STAGES = ("crawl", "process", "digest", "deliver")
_PATIENCE = 90.0  # seconds for the service to finish in peace what was published
_FAST = 'contact = "mailto:test@presswatch.invalid"\n[schedule]\n' + "".join(f'{s} = "1s"\n' for s in STAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A mail that the server took: whose, which, and when."""

    recipient: str
    message_id: str
    content: bytes
    at: float


@dataclass
class Inbox:
    """A mail server's handler that keeps what it takes, and is slow to say so: the one window there is."""

    slow: float = 0.15
    mails: list[Accepted] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message_id = str(message_from_bytes(content, policy=policy.default)["Message-ID"])
        for recipient in envelope.rcpt_tos:
            self.mails.append(
                Accepted(recipient=recipient, message_id=message_id, content=content, at=time.monotonic())
            )
        await asyncio.sleep(self.slow)
        return "250 taken"


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[int]:
    """The port of a real SMTP server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def descendants(pid: int) -> dict[int, str]:
    """Every living process below `pid` and its command line, from /proc."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                with suppress(OSError):
                    found[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                found |= descendants(child)
    return found


def gone(pids: "set[int]", seconds: float) -> "set[int]":
    """Those of `pids` that still live after waiting for them to end."""
    end = time.monotonic() + seconds
    while (left := {pid for pid in pids if _lives(pid)}) and time.monotonic() < end:
        time.sleep(0.02)
    return left


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Episode:
    """One newsroom, one data folder, one mail server, and a service that is killed `kills` times."""

    folder: Path
    seed: int
    kills: int
    seconds: float = 0.0
    struck: Counter[str] = field(default_factory=Counter)  # which job ran when it struck
    ways: Counter[str] = field(default_factory=Counter)
    kills_at: list[tuple[float, float]] = field(default_factory=list)  # from the signal to the last one's end
    wrong: list[str] = field(default_factory=list)
    told: int = 0
    repeated: int = 0

    def run(self) -> "Episode":
        """Live through all kills, then in peace; `wrong` holds whatever is wrong in the end."""
        started = time.monotonic()
        self._chance = random.Random(self.seed)
        self._inbox = Inbox()
        self._service: subprocess.Popen[bytes] | None = None
        self._subscribed: list[str] = []
        with newsroom.start(until=datetime(2000, 1, 1, tzinfo=UTC)) as self._served, mail_server(self._inbox) as port:
            self._environ = {
                "PRESSWATCH_SMTP_HOST": "127.0.0.1",
                "PRESSWATCH_SMTP_PORT": str(port),
                "PRESSWATCH_SMTP_SECURITY": "none",
                "PRESSWATCH_MAIL_FROM": "presswatch@sender.example",
            }
            self._prepare()
            try:
                for number in range(self.kills):
                    stage = self._chance.choice(STAGES) if number else "crawl"
                    self._release(number, stage)
                    self._start()
                    self._strike(stage)
                self._rest()
            finally:
                self._end(signal.SIGKILL)
            with self._services() as services:
                self._tell_the_rest(services)
                self._check(services)
        self.seconds = time.monotonic() - started
        return self

    def __str__(self) -> str:
        struck = ", ".join(f"{name} {count}" for name, count in sorted(self.struck.items()))
        ways = ", ".join(f"{name} {count}" for name, count in sorted(self.ways.items()))
        return (
            f"seed {self.seed}: {self.kills} kills in {self.seconds:.0f} s ({ways}; running then: {struck});"
            f" {self.told} mails served once, {self.repeated} of them repeated in the window; {len(self.wrong)} wrong"
        )

    # Running it

    def _prepare(self) -> None:
        self._config, self._data = self.folder / "config", self.folder / "data"
        newsroom.write_config(self._served, self._config)
        sources = self._config / "sources.yaml"
        sources.write_text(sources.read_text("utf-8").replace("every: 15m", "every: 3s"), "utf-8")
        (self._config / "presswatch.toml").write_text(_FAST, "utf-8")
        self._served.publish_until(None)
        self._dates = sorted({article.published_at for article in self._served.articles()})

    def _release(self, number: int, stage: str) -> None:
        """Give that stage something to do: new articles, or a digest that somebody has just subscribed to."""
        if stage in ("crawl", "process"):
            share = len(self._dates) * (number + 1) // self.kills
            self._served.publish_until(self._dates[max(share, 1) - 1])
        else:
            self._subscribed.append(f"round-{number}")
        plans = ["digests:"]
        for name in ("often", *self._subscribed):
            at = (
                "* * * * *" if name == "often" else "0 0 1 1 *"
            )  # its first edition is due at once, its next in January
            to = ", ".join(f'"mailto:{recipient}"' for recipient in RECIPIENTS)
            plans.append(f'  - {{name: {name}, at: "{at}", look_back: 3650d, to: [{to}]}}')
        (self._config / "digests.yaml").write_text("\n".join(plans) + "\n", "utf-8")

    def _start(self) -> None:
        if self._service is not None and self._service.poll() is None:
            self._service.send_signal(signal.SIGHUP)  # a child was killed, the service lives: it reads the new digest
            return
        command = [sys.executable, "-m", "presswatch", "--config", str(self._config), "--data", str(self._data)]
        with (self.folder / "log").open("ab") as log:
            self._since = log.tell()
            self._service = subprocess.Popen(
                [*command, "--log-format", "json", "serve"],
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environ},
            )

    def _strike(self, stage: str) -> None:
        """Wait for a job, then a moment, then kill: everything, the service alone, or one child alone."""
        assert self._service is not None
        if self._chance.random() < 0.9:  # else it may strike while the service starts
            self._wait_until_it_runs()
        in_its_work = self._chance.random() < 0.6
        done = self._done(stage)
        end = time.monotonic() + 10
        while time.monotonic() < end and self._service.poll() is None:
            if self._done(stage) > done if in_its_work else self._running(stage):
                break
            time.sleep(0.02)
        time.sleep(self._chance.uniform(0, 0.5 if in_its_work else 3))
        if self._service.poll() is not None:
            self.wrong.append(f"the service ended by itself with status {self._service.returncode}")
            return
        below = descendants(self._service.pid)
        self.struck.update({s for s in STAGES if any(f"job {s}" in line for line in below.values())} or {"idle"})
        way = self._chance.choice(["all", "all", "service", "child"]) if below else "service"
        if way == "child" and not self._runs():
            way = "all"  # a service that loses a child while it starts says so and ends
        self.ways[way] += 1
        struck_at = time.monotonic()
        victims = {"all": [self._service.pid, *below], "service": [self._service.pid]}.get(way)
        victims = victims or [self._chance.choice(sorted(below))]
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if way == "child":
            gone(set(victims), 10)
        else:
            self._service.wait()
            if left := gone(set(below), 10):
                self.wrong.append(f"children outlived their service: {left}")
        self.kills_at.append((struck_at, time.monotonic()))

    def _runs(self) -> bool:
        with (self.folder / "log").open("rb") as log:
            log.seek(self._since)
            return b"presswatch is running" in log.read()

    def _wait_until_it_runs(self) -> None:
        assert self._service is not None
        end = time.monotonic() + _PATIENCE
        while not self._runs() and self._service.poll() is None and time.monotonic() < end:
            time.sleep(0.05)

    def _done(self, stage: str) -> int:
        """How much of this stage's work can be seen from outside."""
        if stage == "crawl":
            return sum(self._served.stats.requests.values())
        if stage == "deliver":
            return len(self._inbox.mails)
        store, table = self._data / "presswatch.sqlite3", {"process": "articles", "digest": "digests"}[stage]
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            return int(count)
        return 0

    def _running(self, stage: str) -> bool:
        assert self._service is not None
        return any(f"job {stage}" in line for line in descendants(self._service.pid).values())

    def _rest(self) -> None:
        """Everything is published and nobody kills: wait until all of it is stored and judged."""
        self._served.publish_until(None)
        self._start()
        end = time.monotonic() + _PATIENCE
        with self._services() as services:
            while time.monotonic() < end:
                counts = services.store.pages.counts()
                if counts["waiting"] == 0 and counts["pages"] >= len(self._served.articles()):
                    break
                time.sleep(0.2)
            else:
                self.wrong.append(f"after {_PATIENCE:.0f} s in peace the store holds {dict(counts)}")
        status = self._end(signal.SIGTERM)
        if status != 0:
            self.wrong.append(f"the service ended with status {status} on SIGTERM")

    def _end(self, number: signal.Signals) -> int:
        if self._service is None:
            return 0
        with suppress(ProcessLookupError):
            self._service.send_signal(number)
        return self._service.wait(30)

    def _services(self) -> Services:
        return Services(settings.load(self._config, self._data, self._environ))

    def _tell_the_rest(self, services: Services) -> None:
        """One more edition of each digest, and a delivery after the leases of the killed senders have run out."""
        now = datetime.now(UTC)
        for plan in services.digests:
            jobs.build_edition(services, plan, now + timedelta(minutes=2))
        report = jobs.deliver(services, now + timedelta(minutes=30))
        report = jobs.deliver(services, now + timedelta(minutes=60)) if report.failed else report
        if report.failed or report.given_up:
            self.wrong.append(f"in peace {report.failed} deliveries failed and {report.given_up} were given up")

    # Checking it

    def _check(self, services: Services) -> None:
        database = Database(services.settings.database_url)
        try:
            with database.read() as connection:
                self._check_articles(services, connection)
                self._check_editions(services, connection)
                self._check_mails(connection)
        finally:
            database.close()
        if "Traceback" in (log := (self.folder / "log").read_text("utf-8")):
            self.wrong.append("the log holds a traceback: " + log[log.index("Traceback") :][:2000])

    def _check_articles(self, services: Services, connection: Any) -> None:
        """Every published article is stored once, with its page in the archive."""
        published = {self._served.url(article.id) for article in self._served.articles()}
        pages = Counter(connection.scalars(select(tables.pages.c.url)))
        stored = Counter(connection.scalars(select(tables.articles.c.url)))
        same = {url.rstrip("/") for url in published}
        if {url.rstrip("/") for url in stored} != same or set(stored.values()) != {1}:
            self.wrong.append(f"articles: {same ^ {url.rstrip('/') for url in stored}}, {stored.most_common(2)}")
        if pages != stored:
            self.wrong.append(f"pages that are no articles, or twice: {(pages - stored) + (stored - pages)}")
        for row in connection.execute(select(tables.pages).where(tables.pages.c.via == "page")):
            try:
                services.archive.read(row.warc_file, row.warc_offset)
            except ArchiveError as error:
                self.wrong.append(f"{row.url}: {error}")

    def _check_editions(self, services: Services, connection: Any) -> None:
        """Every story that is to be told is new in exactly one edition of each digest."""
        articles, told, digests, stories = tables.articles, tables.told, tables.digests, tables.stories
        living = {row.id: row.merged_into or row.id for row in connection.execute(select(stories))}
        relevant = {
            row.story for row in connection.execute(select(articles)) if Level(row.level) in (Level.FOCUS, Level.PART)
        }
        if not relevant:
            self.wrong.append("nothing was to be told")
        new: dict[str, Counter[str]] = defaultdict(Counter)
        for row in connection.execute(select(told, digests.c.name).join(digests, digests.c.id == told.c.digest)):
            if not row.again:
                new[row.name][living[row.story]] += 1
        for plan in services.digests:
            if new[plan.name] != Counter(relevant):
                self.wrong.append(f"{plan.name} tells {new[plan.name]} as new, where {relevant} are to be told once")

    def _check_mails(self, connection: Any) -> None:
        """Every recipient is served once; a repetition is the same mail, cut off from its receipt by a kill."""
        deliveries = connection.execute(select(tables.deliveries)).all()
        expected = {(row.recipient.removeprefix("mailto:"), row.message_id) for row in deliveries}
        self.wrong += [f"delivery {row.id} is {row.state}: {row.error}" for row in deliveries if row.state != "sent"]
        taken: dict[tuple[str, str], list[Accepted]] = defaultdict(list)
        for mail in self._inbox.mails:
            taken[mail.recipient, mail.message_id.strip("<>").partition("@")[0]].append(mail)
        if set(taken) != expected:
            self.wrong.append(f"mails that nobody ordered, or that never came: {set(taken) ^ expected}")
        self.told = len(taken)
        for key, mails in taken.items():
            self.repeated += len(mails) > 1
            if len({mail.content for mail in mails}) != 1:
                self.wrong.append(f"{key} came with different contents under one Message-ID")
            for mail in mails[:-1]:
                if not self._cut_off(mail):
                    self.wrong.append(f"{key} was sent again, though no kill came between acceptance and receipt")

    def _cut_off(self, mail: Accepted) -> bool:
        """Whether a kill struck before the sender can have gone on to its next mail.

        A child whose service was killed may hand over one more before it ends.
        """
        following = next((other.at for other in self._inbox.mails if other.at > mail.at), float("inf"))
        return any(mail.at <= ended and struck < following + 0.5 for struck, ended in self.kills_at)
