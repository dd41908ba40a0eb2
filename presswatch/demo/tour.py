"""`presswatch demo`: the whole job against the sample newsroom on this machine, step by step."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.text import Text

from presswatch import console, jobs, settings
from presswatch.demo import newsroom
from presswatch.errors import UsageError
from presswatch.services import Services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from presswatch.jobs import ProcessReport
    from presswatch.models import Outcome

_MARK = "made-by-presswatch-demo"  # only a folder that holds this is ever removed


def run(folder: Path) -> int:
    """Run the tour with its data in `folder`, made anew; returns the exit status."""
    out = console.out()
    _clear(folder)
    with newsroom.start() as served:
        config = folder / "config"
        newsroom.write_config(served, config)
        out.print(Text("\n1. A sample newsroom, whose news is invented", "bold"))
        out.print(f"   {served.describe()}")
        chosen = settings.load(config, folder / "data", {"PRESSWATCH_CONTACT": "demo@example.org"})
        with Services(chosen) as services:
            failed = _journey(services, out)
            _next_steps(services, folder, out)
    return 1 if failed else 0


def _clear(folder: Path) -> None:
    """Remove what an earlier demo left, and nothing else; raises `UsageError` for a folder that is somebody's."""
    if folder.exists():
        if not (folder / _MARK).exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} holds something that no demo made. Choose another place with --folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("Made by presswatch demo. The next demo removes this folder.\n", "utf-8")


@contextmanager
def _step(out: Console, title: str) -> Iterator[None]:
    out.print(Text(f"\n{title}", "bold"))
    started = time.monotonic()
    yield
    out.print(Text(f"   {time.monotonic() - started:.1f} s", "dim"))


def _journey(services: Services, out: Console) -> bool:
    with _step(out, "2. Fetch: the real spiders, every answer into the WARC archive"):
        with console.progress() as progress:
            crawled = jobs.crawl(services, services.enabled, mode="backfill", progress=progress)
        asked = sum(row.get("asked", 0) for row in crawled.sources.values())
        fetched = sum(row.get("fetched", 0) for row in crawled.sources.values())
        out.print(f"   {len(crawled.sources)} sites, {asked} requests, {fetched} articles")
    with _step(out, "3. Judge: extract, verdict with reasons, tags, figures, stories"):
        with console.progress() as progress:
            done = jobs.process(services, datetime.now(UTC), progress=progress)
        _show_found(done, out)
    with _step(out, "4. Crawl again: each feed is asked once, and nothing is fetched twice"):
        second = jobs.crawl(services, services.enabled)
        figures = second.sources.values()
        unchanged = sum(row.get("not_modified", 0) for row in figures)
        fetched = sum(row.get("fetched", 0) for row in figures)
        out.print(
            f"   {sum(row.get('asked', 0) for row in figures)} requests, {unchanged} unchanged, {fetched} articles"
        )
    with _step(out, "5. Tell: one digest, every story once"):
        now = datetime.now(UTC)
        for plan in services.digests:
            edition = jobs.build_edition(services, plan, now)
            if edition:
                out.print(console.words(f"   “{edition.subject}”"))
        report = jobs.deliver(services, now)
        out.print(f"   {report.sent} delivered, {report.failed} failed")
    troubles = [
        f"{name}: {row['message']}" for c in (crawled, second) for name, row in c.sources.items() if not row["ok"]
    ]
    troubles += [f"{url}: {message}" for url, message in done.failed]
    for trouble in troubles:
        out.print(console.words(f"   failed  {trouble}", "red"))
    return bool(troubles or report.failed)


def _show_found(done: ProcessReport, out: Console) -> None:
    """Every story once: its headline, and the first reasons why it is told."""
    told: dict[str, list[Outcome]] = {}
    for outcome in done.found:
        told.setdefault(outcome.story, []).append(outcome)
    out.print(f"   {done.pages} articles read, {len(done.found)} to be told, {len(told)} stories:\n")
    for versions in told.values():
        best = next((v for v in versions if v.article.language == "en"), versions[0])
        languages = ", ".join(sorted({v.article.language for v in versions}))
        level = Text(f"   {best.verdict.level:6}", "bold green" if best.verdict.level == "focus" else "green")
        out.print(level + console.words(best.article.title, "bold") + Text(f"  [{languages}]", "dim"))
        for reason in [reason for reason in best.verdict.reasons if reason.kind != "against"][:2]:
            out.print(Text("         because ", "dim") + console.words(reason.text))


def _next_steps(services: Services, folder: Path, out: Console) -> None:
    digests = services.settings.data_dir / "digests"
    out.print(Text("\nThe digest", "bold"))
    for path in sorted(digests.glob("*")) if digests.is_dir() else ():
        out.print(console.words(f"   {path}"))
    flags = f"--config {folder / 'config'} --data {folder / 'data'}"
    program = ".venv/bin/presswatch"
    out.print(Text("\nLook further", "bold"))
    out.print(console.words(f"   {program} {flags} list"))
    out.print(console.words(f"   {program} {flags} search quantum"))
    out.print(console.words(f"   {program} {flags} export --format csv"))
    out.print(console.words(f"   {program} {flags} web     and open http://127.0.0.1:8080/"))
    out.print(Text("\nThe real sources", "bold"))
    out.print(
        console.words("   Put your address into config/digests.yaml and the mail server into .env (copy .env.example),")
    )
    out.print(console.words(f"   try both with: {program} check     then start the service with: make run\n"))
