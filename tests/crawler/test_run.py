"""A crawl as the service runs it: a child process with one JSON line of figures. And Scrapy's own commands."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

import crawler
from crawler.run import main
from crawler.settings import configured
from presswatch.catalogue import load_sources
from presswatch.demo import newsroom as sample
from presswatch.settings import load
from presswatch.store import Store

ROOT = Path(crawler.__file__).parent.parent

# The highest resident size of this very process; `getrusage` would count that of the parent it was forked from.
AND_ITS_SIZE = """
import pathlib, re, sys
from crawler.run import main
status = main(sys.argv[1:])
told = pathlib.Path("/proc/self/status")
match = re.search(r"VmHWM:\\s+(\\d+)", told.read_text()) if told.exists() else None
print(int(match[1]) if match else 0)
sys.exit(status)
"""


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, cwd=ROOT, env=environment, check=False
    )


def test_a_child_process_prints_its_figures_and_stays_small(tmp_path: Path, migrated_sqlite: Path) -> None:
    with sample.start() as newsroom:
        sample.write_config(newsroom, tmp_path / "config")
        newsroom.fault("de", "403")
        folders = ["--config", str(tmp_path / "config"), "--data", str(tmp_path / "data")]
        (tmp_path / "data").mkdir()  # making a store costs memory of its own
        shutil.copy(migrated_sqlite, tmp_path / "data" / "presswatch.sqlite3")
        done = run("-c", AND_ITS_SIZE, *folders, "--progress")
        assert done.returncode == 0, done.stderr
        *events, report, kilobytes = map(json.loads, done.stdout.splitlines())
        again = run("-m", "crawler.run", *folders, "--source", "sample-fr")
    figures = report["sources"]
    assert len(figures) == len(newsroom.sites)
    assert {name for name, one in figures.items() if not one["ok"]} == {"sample-de"}
    assert figures["sample-de"]["state"] == "blocked"
    assert figures["sample-es"]["fetched"] == 2
    progress = [event for event in events if event["event"] == "progress"]
    assert progress[-1]["done"] == progress[-1]["total"] == sum(one["fetched"] for one in figures.values())
    assert kilobytes < 150_000  # 0 where the system does not tell
    assert json.loads(again.stdout)["sources"]["sample-fr"]["not_modified"] == 1
    assert again.stderr == ""


def test_a_crawl_that_takes_too_much_memory_ends_at_once_and_is_not_due_at_once(tmp_path: Path) -> None:
    with sample.start() as newsroom:
        sample.write_config(newsroom, tmp_path / "config")
        newsroom.fault("fr", "hang")
        script = "import sys; from crawler import settings; settings.MEMUSAGE_LIMIT_MB = 1;"
        script += "settings.MEMUSAGE_CHECK_INTERVAL_SECONDS = 4; import crawler.extensions as e; sizes = iter([0]);"
        script += "e.resident = lambda: next(sizes, 300 * 2**20); from crawler.run import main; main(sys.argv[1:])"
        folders = ["--config", str(tmp_path / "config"), "--data", str(tmp_path / "data")]
        began = time.monotonic()
        done = run("-c", script, *folders)
        assert time.monotonic() - began < 20
    figures = json.loads(done.stdout)["sources"]
    assert figures["sample-de"]["ok"]
    assert not figures["sample-fr"]["ok"]
    assert "The crawl took 300 MB of memory and was ended" in figures["sample-fr"]["message"]
    settings = load(tmp_path / "config", tmp_path / "data", {})
    with Store.open(settings.database_url) as store:
        sources = load_sources(settings.file("sources.yaml"))
        assert store.sources.due(sources, now=datetime.now(UTC)) == ()


def test_a_crawl_that_is_told_to_end_does_so_at_once_and_loses_nothing(tmp_path: Path) -> None:
    with sample.start() as newsroom:
        sample.write_config(newsroom, tmp_path / "config")
        newsroom.fault("fr", "hang", "/feed/")
        folders = ["--config", str(tmp_path / "config"), "--data", str(tmp_path / "data")]
        with subprocess.Popen(
            [sys.executable, "-m", "crawler.run", *folders, "--source", "sample-fr", "--source", "sample-de"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as child:
            while not newsroom.stats.requests.get("fr /feed/"):
                time.sleep(0.02)
            time.sleep(0.5)
            child.send_signal(signal.SIGTERM)
            began = time.monotonic()
            child.wait(10)
            assert time.monotonic() - began < 3
            assert child.returncode == 128 + signal.SIGTERM
        newsroom.fault("fr", "ok")
        again = json.loads(run("-m", "crawler.run", *folders).stdout)["sources"]
    assert again["sample-fr"]["fetched"] == 3
    assert again["sample-de"]["fetched"] == 0
    assert not list((tmp_path / "data" / "archive").glob("*.open"))


MISTAKES = {
    "an unknown source": (["--source", "nowhere"], "There is no source 'nowhere'. The catalogue has "),
    "a config folder that is not there": (["--config", "/nonexistent"], "/nonexistent: there is no such folder"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence_and_status_2(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, sentence = MISTAKES[name]
    monkeypatch.delenv("PRESSWATCH_CHILD", raising=False)
    assert main(["--data", str(tmp_path), *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_scrapys_own_commands_find_the_spiders(tmp_path: Path) -> None:
    listed = run("-m", "scrapy", "list")
    assert listed.stdout.split() == ["feed", "listing", "sitemap", "sources", "wordpress"]
    with sample.start() as newsroom:
        sample.write_config(newsroom, tmp_path / "config")
        places = {"PRESSWATCH_CONFIG": str(tmp_path / "config"), "PRESSWATCH_DATA": str(tmp_path / "data")}
        done = run("-m", "scrapy", "crawl", "sitemap", "-a", "source=sample-fr", **places)
        assert done.returncode == 0, done.stderr
        asked = newsroom.stats.requests
    assert asked["fr /sitemap_index.xml"] == 1
    assert "fr /feed/" not in asked
    assert not any(path.startswith("de ") for path in asked)


def test_nothing_that_opens_a_port_or_reads_other_schemes_is_on() -> None:
    settings = configured()
    assert settings["TELNETCONSOLE_ENABLED"] is settings["REMOTE_CONTROL_ENABLED"] is False
    assert {scheme for scheme, handler in settings["DOWNLOAD_HANDLERS"].items() if handler} == {"http", "https"}
    assert {"file", "ftp", "s3", "data"} < set(settings["DOWNLOAD_HANDLERS"])
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
