"""Commands that get news: crawl, backfill, reprocess."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from presswatch.commands.context import AsJson, Since, Sources, moment, services_of


def crawl(context: typer.Context, sources: Sources = None, as_json: AsJson = False) -> None:
    """Fetch what is new and judge it.

    Example: presswatch crawl nvidia-newsroom nvidia-blog-fr
    """
    _crawl(context, sources, "crawl", None, as_json)


def backfill(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="Fetch back to this day (2025-01-01), moment, or age (90d).")],
    sources: Sources = None,
    as_json: AsJson = False,
) -> None:
    """Fetch everything back to a date, by every way in, and judge it.

    Example: presswatch backfill --since 2025-01-01 nvidia-blog
    """
    _crawl(context, sources, "backfill", moment(since), as_json)


def _crawl(context: typer.Context, sources: list[str] | None, mode: str, since: datetime | None, as_json: bool) -> None:
    from presswatch import console, jobs
    from presswatch.console import articles as show

    with services_of(context) as services:
        chosen = services.chosen(sources or [])
        with console.progress(quiet=as_json) as progress:
            crawled = jobs.crawl(services, chosen, mode=mode, since=since, progress=progress)
            processed = jobs.process(services, datetime.now(UTC), progress=progress)
        show.show_crawl(crawled, processed, services, as_json=as_json)
    if crawled.failed or processed.failed:
        raise typer.Exit(1)


def reprocess(
    context: typer.Context,
    since: Since = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which verdicts would flip; store nothing.")] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many judge side by side; by default what the machine has room for.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge again from the archive, under today's rules, without any traffic.

    Example: presswatch reprocess --since 30d --dry-run
    """
    from presswatch import console, jobs
    from presswatch.console import articles as show

    with services_of(context) as services, console.progress(quiet=as_json) as progress:
        report = jobs.reprocess(
            services, moment(since), datetime.now(UTC), dry_run=dry_run, progress=progress, processes=processes
        )
    show.show_process(report, dry_run=dry_run, as_json=as_json)
    if report.failed:
        raise typer.Exit(1)
