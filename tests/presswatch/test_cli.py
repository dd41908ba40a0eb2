"""Every command as its user types it: what it prints, in words and in JSON, and how it ends."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("cli")  # one demo for all

PROGRAM = [sys.executable, "-m", "presswatch"]


def run(*words: str, text: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], input=text, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The options for a data folder that `presswatch demo` has filled."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = run("demo", "--folder", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "stories" in done.stdout
    assert "because" in done.stdout
    (page,) = (folder / "data" / "digests").glob("*.html")
    assert str(page) in done.stdout
    return ("--config", str(folder / "config"), "--data", str(folder / "data"))


def answer(*words: str) -> Any:
    done = run(*words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_demo_leaves_other_peoples_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = run("demo", "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "no demo made" in done.stderr
    assert (tmp_path / "thesis.txt").exists()


def test_list(demo: tuple[str, ...]) -> None:
    rows = answer(*demo, "list", "--json")
    assert rows
    assert {row["level"] for row in rows} <= {"focus", "part"}
    assert [row["published_at"] for row in rows] == sorted((row["published_at"] for row in rows), reverse=True)
    quantum = answer(*demo, "list", "--topic", "quantum", "--json")
    assert quantum
    assert all("quantum" in row["topics"] for row in quantum)
    others = answer(*demo, "list", "--level", "mention", "--level", "none", "--json")
    assert others
    assert not any(row["relevant"] for row in others)
    assert answer(*demo, "list", "--since", "1s", "--json") == []
    assert rows[0]["title"][:20] in run(*demo, "list").stdout


def test_show_names_the_reasons_and_the_other_versions(demo: tuple[str, ...]) -> None:
    rows = answer(*demo, "list", "--json")
    story = next(row["story"] for row in rows if sum(other["story"] == row["story"] for other in rows) > 1)
    first, second = [row for row in rows if row["story"] == story][:2]
    shown = run(*demo, "show", first["url"])
    assert shown.returncode == 0
    assert first["reasons"][0]["text"] in shown.stdout
    assert second["url"] in shown.stdout
    assert answer(*demo, "show", first["url"].partition("//")[2], "--json")["url"] == first["url"]


def test_search(demo: tuple[str, ...]) -> None:
    hits = answer(*demo, "search", "quantum", "--json")
    assert hits
    assert all("quantum" in (hit["title"] + hit["excerpt"]).lower() for hit in hits)
    assert "Nothing found" in run(*demo, "search", "zyzzyva").stdout


def test_export(demo: tuple[str, ...], tmp_path: Path) -> None:
    lines = [json.loads(line) for line in run(*demo, "export").stdout.splitlines()]
    assert len(lines) == 34
    assert lines[0].keys() >= {
        *("url", "source", "language", "title", "author", "published_at", "published_from", "first_seen_at", "level"),
        *("relevant", "score", "reasons", "story", "topics", "organisations", "people", "places", "products", "facts"),
        *("revisions", "text"),
    }
    for fact in (fact for line in lines for fact in line["facts"]):
        assert fact.keys() >= {"kind", "value", "unit", "quote"}
    done = run(*demo, "export", "--format", "csv", "--output", str(tmp_path / "out.csv"))
    assert done.returncode == 0
    table = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"))))
    assert [row["url"] for row in table] == [line["url"] for line in lines]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in table for value in row.values())


def test_explain_a_text_and_store_nothing(demo: tuple[str, ...], tmp_path: Path) -> None:
    text = "NVIDIA opens AI laboratory\nNVIDIA will open an AI laboratory in Leeds with 500 GPUs for £20 million.\n"
    before = run(*demo, "export").stdout
    said = run(*demo, "explain", "-", text=text)
    assert said.returncode == 0, said.stderr
    assert said.stdout.count("Leeds") > 2
    assert "focus" in said.stdout
    (tmp_path / "note.txt").write_text(text)
    found = answer(*demo, "explain", str(tmp_path / "note.txt"), "--json")
    assert found["level"] == "focus"
    assert {(fact["kind"], fact["value"]) for fact in found["facts"]} == {("gpus", 500), ("money", 20_000_000)}
    assert run(*demo, "export").stdout == before


def test_digest_and_deliver(demo: tuple[str, ...]) -> None:
    preview = run(*demo, "digest", "demo", "--dry-run", "--since", "3650d")
    assert preview.returncode == 0
    assert "Nothing new" in preview.stdout  # the demo has told everything already
    assert "nothing new to tell" in run(*demo, "digest", "demo").stdout
    assert answer(*demo, "deliver", "--json") == {"sent": 0, "failed": 0, "given_up": 0}
    (row,) = answer(*demo, "deliveries", "--json")
    assert (row["state"], row["recipient"]) == ("sent", "file:digests")


def test_sources(demo: tuple[str, ...]) -> None:
    rows = answer(*demo, "sources", "--json")
    assert len(rows) == 11
    assert {row["state"] for row in rows} == {"ok"}
    assert sum(row["articles"] for row in rows) == 34


def test_reprocess_asks_nobody_and_changes_nothing(demo: tuple[str, ...]) -> None:
    before = run(*demo, "export").stdout
    report = answer(*demo, "reprocess", "--json")  # the sample newsroom is long gone
    assert report["pages"] == 34
    assert report["failed"] == report["flipped"] == []
    assert run(*demo, "export").stdout == before


def test_a_dry_run_says_which_verdicts_would_flip_and_stores_nothing(demo: tuple[str, ...], tmp_path: Path) -> None:
    before = run(*demo, "export").stdout
    rules = tmp_path / "config"
    (rules / "watches").mkdir(parents=True)
    watch = (Path(__file__).parents[2] / "config" / "watches" / "uk-ai.yaml").read_text("utf-8")
    strict = re.sub(r"(?m)^  news: [\d.]+", "  news: 20", watch)
    assert strict != watch
    (rules / "watches" / "uk-ai.yaml").write_text(strict, "utf-8")
    stricter = ("--config", str(rules), *demo[2:])
    report = answer(*stricter, "reprocess", "--dry-run", "--json")
    assert report["stored"] is False
    assert report["flipped"]
    assert {flip["now"] for flip in report["flipped"]} == {"mention"}
    said = run(*stricter, "reprocess", "--dry-run")
    assert said.returncode == 0
    assert f"stored nothing: {len(report['flipped'])} verdicts would flip, 0 to be told and" in said.stdout
    assert " → mention: " in said.stdout
    assert report["flipped"][0]["title"][:40] in said.stdout
    assert run(*demo, "export").stdout == before


def test_stories_are_parted_joined_and_shown(demo: tuple[str, ...]) -> None:
    rows = answer(*demo, "list", "--json")
    story = next(row["story"] for row in rows if sum(other["story"] == row["story"] for other in rows) > 2)
    first, second, *_ = urls = [row["url"] for row in rows if row["story"] == story]
    assert {a["url"] for a in answer(*demo, "story", "show", story, "--json")["articles"]} == set(urls)
    mended = answer(*demo, "story", "split", second, "--json")
    assert [article["url"] for article in mended["story"]["articles"]] == [second]
    assert {article["url"] for article in mended["left"]["articles"]} == set(urls) - {second}
    shown = run(*demo, "story", "show", second)
    assert shown.returncode == 0
    assert "1 article" in shown.stdout
    assert f"kept apart by hand from {first}" in shown.stdout
    said = run(*demo, "story", "merge", first, second)
    assert said.returncode == 0
    assert f"{len(urls)} articles" in said.stdout
    assert "by hand together with" in said.stdout
    assert {a["url"] for a in answer(*demo, "story", "show", first, "--json")["articles"]} == set(urls)


def test_explain_says_what_is_missing(demo: tuple[str, ...]) -> None:
    text = "Robots in Leeds\nRobots with AI opened a school in Leeds.\n"
    said = run(*demo, "explain", "-", text=text)
    assert "missing to the next level" in said.stdout
    assert "in the sentence about Leeds would make this part" in said.stdout


def test_a_crawl_whose_sources_are_down_says_so_and_fails(demo: tuple[str, ...]) -> None:
    done = run(*demo, "crawl", "sample-fr")
    assert done.returncode == 1
    assert "the host refuses the connection" in done.stdout
    assert "Traceback" not in done.stderr


WRONG = [
    (["frobnicate"], "No such command"),
    (["crawl", "nowhere"], "no source 'nowhere'"),
    (["list", "--level", "x"], "no level 'x'"),
    (["list", "--topic", "x"], "no topic 'x'"),
    (["list", "--since", "yesterday"], "not a date"),
    (["show", "no-such-article"], "No article's address ends"),
    (["digest", "weekly"], "no digest 'weekly'"),
    (["explain", "/no/such/file"], "cannot be read"),
    (["story", "show", "no-such-story"], "No article's address ends"),
    (["story", "merge", "no-such-article", "nor-this"], "No article's address ends"),
    (["export", "--format", "xml"], "--format may be jsonl or csv"),
    (["backfill"], "--since"),
    (["--config", "/no/such/folder", "list"], "no such folder"),
    (["--log-format", "xml", "list"], "plain or json"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_use_is_told_in_a_sentence_and_ends_with_2(tmp_path: Path, words: list[str], told: str) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_help_needs_no_heavy_library() -> None:
    """What makes `--help` slow is imports; the time itself is printed by `make bench`."""
    heavy = ("scrapy", "twisted", "sqlalchemy", "pydantic", "trafilatura", "lxml", "yaml")
    program = (
        "import sys\nfrom presswatch.__main__ import main\nsys.argv = ['presswatch', '--help']\n"
        f"try: main()\nexcept SystemExit: pass\nprint([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_error(demo: tuple[str, ...]) -> None:
    done = subprocess.run(
        f"{sys.executable} -m presswatch {' '.join(demo)} export | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("{")
    assert done.stderr == ""


def test_the_version_needs_no_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "presswatch", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "presswatch"), done.stderr
