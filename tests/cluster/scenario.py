"""One evening of three hosts, told by a seed: `python -m tests.cluster.scenario FOLDER LAN SEED CUT`, on host a.

Host a has the database, c the newsroom and the mail server; a service runs on each.
A worker is killed in the middle of a crawl, one is cut off, the leader is killed.
Prints a line of JSON: what was done, what was measured, and what is wrong.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from presswatch import jobs, settings
from presswatch.demo.articles import BUNDLED, SampleArticle, load
from presswatch.demo.pages import SITES
from presswatch.services import Services
from presswatch.store.database import Database
from tests.cluster.lan import HOSTS, NET, NEWSROOM, Lan
from tests.cluster.postgres import server
from tests.cluster.sink import PORT, taken
from tests.faults import ends
from tests.faults.ends import Kill
from tests.faults.processes import descendants, doing

_DELAY = 0.4  # seconds between two requests to a host
_SLOW = 0.25  # seconds that each answer takes: so that two at a time would be seen
_PATIENCE = 600.0  # a bound, on however slow a machine
_CONFIG = """watch = "uk-ai"
[crawl]
timeout = "5s"
[process]
batch = 12
[web]
enabled = false
[schedule]
crawl = "2s"
process = "5s"
digest = "5s"
deliver = "2s"
"""
_DIGESTS = """digests:
  - {name: often, at: "* * * * *", look_back: 3650d, to: ["mailto:one@reader.example", "mailto:other@reader.example"]}
  - {name: news, at: promptly, look_back: 3650d, to: ["mailto:one@reader.example", "mailto:third@reader.example"]}
"""


class Published:
    """What the newsroom on host c shows in the end, as `tests.faults.ends` asks for it."""

    def __init__(self) -> None:
        self._articles = load(BUNDLED)
        self._bases = {
            site.id: f"http://{NET}.{int(NEWSROOM.rpartition('.')[2]) + n}:8800" for n, site in enumerate(SITES)
        }
        self._paths = {site.id: site.article_path for site in SITES}
        self._by_id = {article.id: article for article in self._articles}

    def articles(self) -> tuple[SampleArticle, ...]:
        return tuple(self._articles)

    def url(self, name: str) -> str:
        article = self._by_id[name]
        return self._bases[article.site] + self._paths[article.site].format(slug=quote(article.slug))


class Evening:
    """The hosts' services, what was done to them, and what came of it."""

    def __init__(self, folder: Path, lan: Lan, seed: int, cut: float) -> None:
        self.folder, self.lan, self.seed, self.cut_for = folder, lan, seed, cut
        self.chance = random.Random(seed)
        self.services: dict[str, subprocess.Popen[bytes]] = {}
        self.others: list[subprocess.Popen[bytes]] = []
        self.kills: list[Kill] = []
        self.told: list[str] = []
        self.takeovers: list[float] = []
        self.wrong: list[str] = []
        self.dates = sorted({article.published_at for article in Published().articles()})

    # --- the hosts ---

    def environ(self) -> dict[str, str]:
        return {
            "PRESSWATCH_DATABASE_URL": self.url,
            "PRESSWATCH_ARCHIVE": str(self.folder / "archive"),
            "PRESSWATCH_SMTP_HOST": HOSTS["c"],
            "PRESSWATCH_SMTP_PORT": str(PORT),
            "PRESSWATCH_SMTP_SECURITY": "none",
            "PRESSWATCH_MAIL_FROM": "presswatch@sender.example",
        }

    def on(self, host: str, *command: str, log: str, **environ: str) -> "subprocess.Popen[bytes]":
        with (self.folder / log).open("ab") as output:
            return subprocess.Popen(
                self.lan.inside(host, sys.executable, *command),
                stdout=output,
                stderr=output,
                env={**os.environ, **environ},
            )

    def start(self, host: str) -> None:
        arguments = ("--config", str(self.folder / "config"), "--data", str(self.folder / f"data-{host}"))
        machine = {"PRESSWATCH_MACHINE": f"host-{host}"}
        self.services[host] = self.on(
            host, "-m", "presswatch", *arguments, "serve", log=f"log-{host}", **self.environ(), **machine
        )

    def open(self) -> None:
        config = self.folder / "config"
        begin = f"{self.dates[len(self.dates) // 4]:%Y-%m-%dT%H:%M:%S}"
        self.others = [
            self.on(
                "c", "-m", "presswatch.demo.newsroom", "--address", NEWSROOM, "--slow", str(_SLOW), "--until", begin,
                "--config", str(config), log="newsroom",
            ),
            self.on("c", "-m", "tests.cluster.sink", HOSTS["c"], str(self.folder / "mails"), log="sink"),
        ]  # fmt: skip
        self.wait("the newsroom opens", lambda: (config / "sources.yaml").exists() and self.stats())
        sources = (config / "sources.yaml").read_text("utf-8")
        sources = sources.replace("every: 15m", "every: 12s").replace("delay: 0s", f"delay: {_DELAY}s")
        (config / "sources.yaml").write_text(sources, "utf-8")
        (config / "presswatch.toml").write_text(_CONFIG, "utf-8")
        (config / "digests.yaml").write_text(_DIGESTS, "utf-8")
        for host in HOSTS:
            self.start(host)

    def close(self) -> None:
        for process in (*self.services.values(), *self.others):
            for pid in (process.pid, *descendants(process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    def control(self, query: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://{NEWSROOM}:8800/_control?{query}", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def stats(self) -> dict[str, Any]:
        try:
            return self.control("stats")
        except OSError:
            return {}

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, connect_timeout=10) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def leader(self) -> str:
        """The host that leads, as the server knows it; empty while there is none."""
        rows = self.ask(
            "SELECT host(client_addr) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND granted AND application_name = 'presswatch leader'"
        )
        return next((host for host, address in HOSTS.items() if rows and address == rows[0][0]), "")

    def wait(self, what: str, condition: Callable[[], object], patience: float = _PATIENCE) -> float:
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > patience:
                raise RuntimeError(f"after {patience:.0f} s it is still not so that {what}")
            time.sleep(0.1)
        return time.monotonic() - began

    # --- what is done to them ---

    def crawling(self) -> list[str]:
        """The hosts whose service has a crawl going on."""
        return [
            host for host, process in self.services.items() if "crawl" in map(doing, descendants(process.pid).values())
        ]

    def kill(self, host: str) -> None:
        process = self.services[host]
        struck = time.monotonic()
        below = {pid: doing(line) for pid, line in descendants(process.pid).items()}
        for pid in (process.pid, *below):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        running = frozenset(below.values())
        self.kills.append(
            Kill(struck=struck, ended=time.monotonic(), way="all", died=("service", *below.values()), running=running)
        )

    def publish(self, share: float) -> None:
        last = self.dates[max(0, min(len(self.dates) - 1, int(len(self.dates) * share) - 1))]
        self.control(f"until={quote(last.strftime('%Y-%m-%dT%H:%M:%S'))}" if share < 1 else "until=")

    def lose_a_worker(self) -> None:
        """Kill one that does not lead, in the middle of a crawl."""
        self.wait("somebody leads", self.leader)
        self.wait("the first digest is sent", lambda: taken(self.folder / "mails"))
        self.publish(0.5)
        self.wait("one that does not lead crawls", lambda: [h for h in self.crawling() if h != self.leader()])
        time.sleep(self.chance.uniform(0, 2.5))
        victims = [h for h in self.crawling() if h != self.leader()] or [h for h in HOSTS if h != self.leader()]
        victim = self.chance.choice(victims)
        crawling = victim in self.crawling()
        self.kill(victim)
        self.told.append(f"killed the worker on {victim}{' in mid-crawl' if crawling else ''}")
        time.sleep(self.chance.uniform(1, 8))
        self.start(victim)

    def cut_one_off(self) -> None:
        """Cut a host off from everything, or only from the database, while it works."""
        self.publish(0.75)
        host = self.chance.choice("bc")
        self.wait(f"{host} crawls", lambda: host in self.crawling())
        time.sleep(self.chance.uniform(0, 1.5))
        leads, struck = self.leader() == host, time.monotonic()
        below = descendants(self.services[host].pid)
        (self.lan.cut if host == "b" else lambda h: self.lan.lose(h, "a"))(host)
        self.told.append(
            f"cut {host} off {'from the database' if host == 'c' else 'altogether'}{', which led' if leads else ''}"
        )
        if leads:
            self.takeovers.append(self.wait("another one leads", lambda: self.leader() not in ("", host)))
        time.sleep(max(0.0, self.cut_for - (time.monotonic() - struck)))
        (self.lan.join if host == "b" else lambda h: self.lan.find(h, "a"))(host)
        running = frozenset(map(doing, below.values()))
        self.kills.append(
            Kill(struck=struck, ended=time.monotonic(), way="all", died=(), running=running | {"deliver"})
        )

    def lose_the_leader(self) -> None:
        self.wait("somebody leads", self.leader)
        self.publish(0.9)
        time.sleep(self.chance.uniform(0, 5))
        host = self.leader()
        self.wait("somebody leads", self.leader)
        host = self.leader()
        self.kill(host)
        self.told.append(f"killed the leader on {host}")
        self.takeovers.append(self.wait("another one leads", lambda: self.leader() not in ("", host)))
        time.sleep(self.chance.uniform(0, 3))
        self.start(host)

    # --- how it ends ---

    def rest(self) -> None:
        self.publish(1)
        expected = len(Published().articles())

        def done() -> bool:
            ((pages, waiting),) = self.ask(
                "SELECT count(DISTINCT url), count(*) FILTER (WHERE processed_at IS NULL AND failed_at IS NULL)"
                " FROM pages"
            )
            return pages >= expected and waiting == 0

        try:
            self.wait("everything is stored and judged", done)
            self.wait(
                "the readers were told",
                lambda: not self.ask("SELECT 1 FROM deliveries WHERE state = 'due' AND claimed_until IS NULL"),
                90,
            )
        except RuntimeError as error:
            self.wrong.append(str(error))
        self.most = self.stats()
        for process in self.services.values():
            process.send_signal(signal.SIGTERM)
        for host, process in self.services.items():
            try:
                if status := process.wait(90):
                    self.wrong.append(f"the service on {host} ended with status {status} on SIGTERM")
            except subprocess.TimeoutExpired:
                self.wrong.append(f"the service on {host} did not end on SIGTERM")

    def check(self) -> None:
        with Services(settings.load(self.folder / "config", self.folder / "data-a", self.environ())) as services:
            now = datetime.now(UTC)
            for plan in services.digests:  # what came to light since their last editions
                jobs.build_edition(services, plan, now + timedelta(minutes=2))
            for later in (30, 60):
                report = jobs.deliver(services, now + timedelta(minutes=later))
            if report.failed or report.given_up:
                self.wrong.append(f"in peace {report.failed} deliveries failed")
            time.sleep(0.5)
            database = Database(services.settings.database_url)
            with database.read() as connection:
                self.wrong += ends.articles(services, Published(), connection)  # type: ignore[arg-type]
                self.wrong += ends.editions(services, connection)
                self.wrong += ends.mails(taken(self.folder / "mails"), self.kills, connection)
            database.close()
        if max(self.most["peak_concurrency"].values()) > 1:
            self.wrong.append(f"two requests at a time: {self.most['peak_concurrency']}")
        if min(self.most["smallest_gap"].values()) < _DELAY - 0.02:
            self.wrong.append(f"requests closer than {_DELAY} s: {self.most['smallest_gap']}")
        if max(self.takeovers) > 30:
            self.wrong.append(f"another one led only after {max(self.takeovers):.0f} s")
        for host in HOSTS:
            log = (self.folder / f"log-{host}").read_text("utf-8", "replace")
            if "Traceback" in log:
                self.wrong.append(f"the log of {host} holds a traceback: {log[log.index('Traceback') :][:1500]}")

    def run(self) -> dict[str, Any]:
        began = time.monotonic()
        with server(self.folder / "postgres", HOSTS["a"], f"{NET}.0/24", []) as self.url:
            try:
                self.open()
                self.lose_a_worker()
                self.cut_one_off()
                self.lose_the_leader()
                self.rest()
                self.check()
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {error}")
            finally:
                self.close()
        mails = ends.by_recipient(taken(self.folder / "mails"))
        return {
            "seed": self.seed,
            "seconds": round(time.monotonic() - began),
            "did": self.told,
            "takeovers": [round(seconds, 1) for seconds in self.takeovers],
            "mails": len(mails),
            "repeated": sum(len(same) > 1 for same in mails.values()),
            "requests": sum(getattr(self, "most", {}).get("requests", {}).values()),
            "peak": max(getattr(self, "most", {}).get("peak_concurrency", {"": 0}).values()),
            "gap": min(getattr(self, "most", {}).get("smallest_gap", {"": 0.0}).values()),
            "wrong": self.wrong,
        }


def _end(*_: object) -> None:
    raise SystemExit("ended from outside")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)  # whatever was started is ended, too
    folder, name, seed, cut = sys.argv[1:]
    print(json.dumps(Evening(Path(folder), Lan(name), int(seed), float(cut)).run()))
