"""A service that is killed over and over while a newsroom publishes and a mail server listens.

An episode has its own data folder. Each round releases some articles, adds a
digest (whose first edition is due at once), lets the service run, and kills it
with SIGKILL at a random instant within one of its jobs. Everything that is
random comes from the episode's seed. In the end the service is left in peace,
and `wrong` says what is wrong with what it stored and sent.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from presswatch import jobs, settings
from presswatch.demo import newsroom
from presswatch.services import Services
from presswatch.store.database import Database
from tests.faults import ends
from tests.faults.ends import Kill
from tests.faults.mailbox import Inbox, mail_server
from tests.faults.processes import descendants, doing, gone, naming

RECIPIENTS = ("ada@reader.example", "bob@reader.example", "cyd@reader.example")
STAGES = ("crawl", "process", "digest", "deliver")
WAYS = ("all", "service", "child")
# Bounds for what is bound to happen, on however slow a machine; nothing is judged by how much of them it took.
_PATIENCE = 600.0  # for the service to start, to finish what was published, and to end
_LAST_BREATH = 120.0  # for what is left of a killed service to end
_STAGE = 30.0  # for a job to come to its work; where it does not, the kill strikes whatever runs
_FAST = 'contact = "mailto:test@presswatch.invalid"\n[web]\nenabled = false\n[schedule]\n' + "".join(
    f'{s} = "1s"\n' for s in STAGES
)


@dataclass
class Episode:
    """One newsroom, one data folder, one mail server, and a service that is killed `kills` times."""

    folder: Path
    seed: int
    kills: int
    seconds: float = 0.0
    struck: list[Kill] = field(default_factory=list)
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
        return (
            f"seed {self.seed}: {told(self.struck)}, in {self.seconds:.0f} s; {self.told} mails served once,"
            f" {self.repeated} of them repeated in the window; {len(self.wrong)} wrong"
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
            # Its first edition is due at once, its next in January.
            at = "* * * * *" if name == "often" else "0 0 1 1 *"
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
        self._wait_for(stage)
        if self._service.poll() is not None:
            self.wrong.append(f"the service ended by itself with status {self._service.returncode}")
            return
        below = {pid: doing(line) for pid, line in descendants(self._service.pid).items()}
        way = self._chance.choice(WAYS) if below else "service"
        if way == "child" and not self._runs():
            way = "all"  # a service that loses a child while it starts says so and ends
        at_work = [pid for pid, what in below.items() if what == stage]
        one = self._chance.choice(sorted(at_work or below)) if below else 0
        victims = {"all": [self._service.pid, *below], "service": [self._service.pid], "child": [one]}[way]
        struck = time.monotonic()
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._see_them_end(way, victims)
        died = tuple(below.get(pid, "service") for pid in victims)
        running = frozenset(below.values())
        self.struck.append(Kill(struck=struck, ended=time.monotonic(), way=way, died=died, running=running))

    def _wait_for(self, stage: str) -> None:
        """Until that job has begun, or has something to show for it; then a moment more."""
        assert self._service is not None
        in_its_work = self._chance.random() < 0.6
        done, end = self._done(stage), time.monotonic() + _STAGE
        while time.monotonic() < end and self._service.poll() is None:
            if self._done(stage) > done if in_its_work else self._running(stage):
                break
            time.sleep(0.02)
        time.sleep(self._chance.uniform(0, 0.5 if in_its_work else 3))

    def _see_them_end(self, way: str, victims: list[int]) -> None:
        """Of a service that was killed nothing may live on, even what was just being started."""
        assert self._service is not None
        if way == "child":
            gone(set(victims), _PATIENCE)
            return
        self._service.wait()
        end = time.monotonic() + _LAST_BREATH
        while (left := naming(str(self._data))) and time.monotonic() < end:
            time.sleep(0.02)
        if left:
            self.wrong.append(f"children outlived their service: {left}")

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
        return stage in map(doing, descendants(self._service.pid).values())

    def _rest(self) -> None:
        """Everything is published and nobody kills: wait until all of it is stored and judged."""
        self._served.publish_until(None)
        self._start()
        self._wait_until_it_runs()  # all may be done already, and a service that starts has no way yet to end cleanly
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
        return self._service.wait(_PATIENCE)

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

    def _check(self, services: Services) -> None:
        database = Database(services.settings.database_url)
        try:
            with database.read() as connection:
                self.wrong += ends.articles(services, self._served, connection)
                self.wrong += ends.editions(services, connection)
                self.wrong += ends.mails(self._inbox.mails, self.struck, connection)
        finally:
            database.close()
        mails = ends.by_recipient(self._inbox.mails).values()
        self.told, self.repeated = len(mails), sum(len(same) > 1 for same in mails)
        if "Traceback" in (log := (self.folder / "log").read_text("utf-8")):
            self.wrong.append("the log holds a traceback: " + log[log.index("Traceback") :][:2000])


def told(kills: list[Kill]) -> str:
    """How many kills struck in which way, whom, and during which jobs."""

    def counted(names: Counter[str]) -> str:
        return ", ".join(f"{name} {count}" for name, count in sorted(names.items()))

    ways, died = Counter(kill.way for kill in kills), Counter(what for kill in kills for what in kill.died)
    alone = Counter(kill.died[0] for kill in kills if kill.way != "all")
    running = Counter(what for kill in kills for what in kill.running or {"nothing"})
    return (
        f"{len(kills)} kills ({counted(ways)}; running then: {counted(running)}; killed: {counted(died)};"
        f" of these alone: {counted(alone)})"
    )
