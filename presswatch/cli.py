"""The command line: words in, one job or query, words or JSON out.

Heavy libraries are imported inside the commands that need them, so that
`presswatch --help` answers at once. Only this module reads the environment.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presswatch import __version__
from presswatch.backup_commands import backup, restore
from presswatch.errors import UsageError
from presswatch.story_commands import story

if TYPE_CHECKING:
    from presswatch.services import Services

app = typer.Typer(
    name="presswatch",
    help="Watches NVIDIA's newsrooms and blogs and tells its readers of every announcement about AI in the"
    " United Kingdom: once, promptly, tagged, with the figures and the words that say so.",
    epilog="Try it without the internet: presswatch demo. Start the service: presswatch serve.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sources = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SOURCE]...", help="Ids of sources.yaml; all enabled ones if none is named."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Since = Annotated[str | None, typer.Option("--since", help="A day (2025-09-01), a moment, or an age (7d).")]


def moment(text: str | None) -> datetime | None:
    """ "2025-09-01", "2025-09-01T12:00:00Z" or "7d" (ago) in UTC; raises `UsageError`."""
    if not text:
        return None
    from presswatch.configfile import parse_duration

    try:
        return datetime.now(UTC) - parse_duration(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(
            f"{text!r} is not a date. Write 2025-09-01, 2025-09-01T12:00:00Z, or an age such as 7d."
        ) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def services_of(context: typer.Context) -> Services:
    """Read the configuration and the environment (with `.env` of the working folder) and open nothing yet."""
    from dotenv import dotenv_values

    from presswatch import settings
    from presswatch.services import Services

    given = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    environ = {**given, **os.environ}
    chosen = settings.load(context.obj["config"], context.obj["data"], environ)
    # Children read the same environment as this process.
    os.environ.update({name: value for name, value in given.items() if name not in os.environ})
    return context.with_resource(Services(chosen))


@app.callback()
def main(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Folder with config files; bundled ones fill the gaps.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of store, archive and digests. [PRESSWATCH_DATA, data]")
    ] = None,
    log_format: Annotated[str, typer.Option(help="How log lines look: plain or json.")] = "plain",
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"presswatch {__version__}")
        raise typer.Exit
    if log_format not in ("plain", "json"):
        raise UsageError(f"--log-format may be plain or json, not {log_format!r}.")
    from presswatch import logs

    # A command prints what it did; only the service and its children also tell of routine.
    routine = context.invoked_subcommand in ("serve", "job")
    logs.set_up("json" if log_format == "json" else "plain", logging.INFO if routine else logging.WARNING)
    os.environ["PRESSWATCH_LOG_FORMAT"] = log_format  # for the crawl, which is a child of a child
    context.obj = {"config": config, "data": data, "log_format": log_format}


def child_arguments(context: typer.Context) -> tuple[str, ...]:
    """The global options as they are handed on to a child process."""
    options = context.obj
    given = [("--config", options["config"]), ("--data", options["data"]), ("--log-format", options["log_format"])]
    return tuple(str(part) for name, value in given if value is not None for part in (name, value))


@app.command(rich_help_panel="Get news")
def crawl(context: typer.Context, sources: Sources = None, as_json: AsJson = False) -> None:
    """Fetch what is new and judge it.

    Example: presswatch crawl nvidia-newsroom nvidia-blog-fr
    """
    _crawl(context, sources, "crawl", None, as_json)


@app.command(rich_help_panel="Get news")
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

    with services_of(context) as services:
        chosen = services.chosen(sources or [])
        with console.progress(quiet=as_json) as progress:
            crawled = jobs.crawl(services, chosen, mode=mode, since=since, progress=progress)
            processed = jobs.process(services, datetime.now(UTC), progress=progress)
        console.show_crawl(crawled, processed, services, as_json=as_json)
    if crawled.failed or processed.failed:
        raise typer.Exit(1)


@app.command(rich_help_panel="Get news")
def reprocess(
    context: typer.Context,
    since: Since = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which verdicts would flip; store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge again from the archive, under today's rules, without any traffic.

    Example: presswatch reprocess --since 30d --dry-run
    """
    from presswatch import console, jobs

    with services_of(context) as services, console.progress(quiet=as_json) as progress:
        report = jobs.reprocess(services, moment(since), datetime.now(UTC), dry_run=dry_run, progress=progress)
    console.show_process(report, dry_run=dry_run, as_json=as_json)
    if report.failed:
        raise typer.Exit(1)


@app.command("list", rich_help_panel="Look")
def list_articles(
    context: typer.Context,
    since: Since = None,
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be given again.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="focus, part, mention or none. [focus and part]")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """List articles, newest first; those that are told unless --level says otherwise.

    Example: presswatch list --since 30d --topic quantum
    """
    from presswatch import console, queries

    with services_of(context) as services:
        rows = queries.articles(services, since=moment(since), topics=topic or [], levels=level or [], limit=limit)
        console.show_articles(rows, as_json=as_json)


@app.command(rich_help_panel="Look")
def show(context: typer.Context, article: str, as_json: AsJson = False) -> None:
    """Show one article: its verdict and reasons, tags, figures, versions, changes and text.

    ARTICLE is its address, or the end of it.

    Example: presswatch show isambard-ai
    """
    from presswatch import console, queries

    with services_of(context) as services:
        version, story = queries.article(services, article)
        console.show_article(version, story, as_json=as_json)


@app.command(rich_help_panel="Look")
def search(
    context: typer.Context, words: list[str], limit: Annotated[int, typer.Option(min=1)] = 20, as_json: AsJson = False
) -> None:
    """Find articles by their words, in any language.

    Example: presswatch search quantum Oxford
    """
    from presswatch import console

    with services_of(context) as services:
        hits = services.store.search.find(" ".join(words), limit=limit)
        console.show_hits(hits, as_json=as_json)


@app.command(rich_help_panel="Look")
def explain(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="URL|FILE|-", help="A web page, a saved one, or a text whose first line is the headline."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Print the verdict on a page, every reason for and against, and what is missing to the next level.

    Nothing is stored.

    Example: presswatch explain https://nvidianews.nvidia.com/news/some-release
    """
    from presswatch import console, queries

    with services_of(context) as services:
        outcome = queries.explain(services, what, datetime.now(UTC))
        console.show_explanation(outcome, queries.missing(services, outcome), as_json=as_json)


@app.command(rich_help_panel="Look")
def export(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write every article, told or not, one a line.

    Example: presswatch export --format csv -o articles.csv
    """
    from presswatch import exports

    if form not in exports.FORMATS:
        raise UsageError(f"--format may be {' or '.join(exports.FORMATS)}, not {form!r}.")
    with services_of(context) as services:
        exports.write(services.store, form, output)


@app.command(rich_help_panel="Tell")
def digest(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A digest of digests.yaml.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it; store and send nothing.")] = False,
    since: Since = None,
    as_json: AsJson = False,
) -> None:
    """Build an edition now and put it into the outbox.

    Example: presswatch digest daily --dry-run --since 30d
    """
    from presswatch import console, jobs

    with services_of(context) as services:
        plan = services.digest_plan(name)
        now = datetime.now(UTC)
        if dry_run:
            console.show_preview(jobs.preview(services, plan, now, since=moment(since)), as_json=as_json)
        else:
            console.show_edition(jobs.build_edition(services, plan, now, since=moment(since)), plan, as_json=as_json)


@app.command(rich_help_panel="Tell")
def deliver(context: typer.Context, as_json: AsJson = False) -> None:
    """Send what the outbox holds and is due.

    Example: presswatch deliver
    """
    from presswatch import console, jobs

    with services_of(context) as services:
        report = jobs.deliver(services, datetime.now(UTC))
        console.show_delivered(report, as_json=as_json)
    if report.failed:
        raise typer.Exit(1)


@app.command(rich_help_panel="Tell")
def deliveries(
    context: typer.Context,
    since: Since = None,
    retry: Annotated[int | None, typer.Option(help="Try this delivery again.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was sent to whom, what failed, and why.

    Example: presswatch deliveries --since 7d
    """
    from presswatch import console

    with services_of(context) as services:
        now = datetime.now(UTC)
        if retry is not None:
            services.store.digests.retry(retry, now=now)
        rows = services.store.digests.deliveries(since=moment(since) or now - timedelta(days=30))
        console.show_deliveries(rows, services, as_json=as_json)


@app.command(rich_help_panel="Operate")
def sources(context: typer.Context, as_json: AsJson = False) -> None:
    """Show how each source does: last success, next visit, articles, and what is wrong.

    Example: presswatch sources
    """
    from presswatch import console

    with services_of(context) as services:
        health = services.health(datetime.now(UTC), services.sources)
        console.show_sources(services.sources, health, services.store.reconciliations.all(), as_json=as_json)


@app.command(rich_help_panel="Operate")
def status(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing; the exit status tells.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say how the service does: what runs, what is due, queues, disk, versions. Exit status 0: well; 1: look at it.

    Sources that fail are named, and are no reason for exit status 1.

    Example: presswatch status --quiet || echo "presswatch needs you"
    """
    from presswatch import overview

    with services_of(context) as services:
        found = overview.take(services, datetime.now(UTC))
    if not quiet:
        from presswatch import console_status

        console_status.show_status(found, as_json=as_json)
    if not found.well:
        raise typer.Exit(1)


@app.command(rich_help_panel="Operate")
def check(
    context: typer.Context,
    sources: Sources = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the sources or the mail server.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try configuration, store, sources and mail for real, and say what to mend.

    Example: presswatch check nvidia-blog-fr
    """
    from presswatch import checks, console

    with services_of(context) as services:
        findings = checks.run(services, sources or [], offline=offline, now=datetime.now(UTC))
        console.show_findings(findings, as_json=as_json)
    if any(not finding.good for finding in findings):
        raise typer.Exit(1)


@app.command(rich_help_panel="Operate")
def serve(context: typer.Context) -> None:
    """Run the service: crawl what is due, judge it, build digests, deliver them.

    SIGTERM ends it cleanly, SIGHUP reads the configuration again.

    Example: presswatch --config /etc/presswatch --data /var/lib/presswatch --log-format json serve
    """
    from presswatch.scheduler import Service, make_ready

    def load() -> Services:
        services = services_of(context)
        services.read_small()
        make_ready(child_arguments(context))
        return services

    raise typer.Exit(Service(load=load, arguments=child_arguments(context)).run())


@app.command(rich_help_panel="Start here")
def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data; made anew each time.")] = Path(
        "demo-data"
    ),
) -> None:
    """Run the whole job against a bundled sample newsroom on this machine, without the internet.

    Example: presswatch demo
    """
    from presswatch.demo import tour

    raise typer.Exit(tour.run(folder))


app.add_typer(story, name="story", rich_help_panel="Look")


app.command(rich_help_panel="Operate")(backup)
app.command(rich_help_panel="Operate")(restore)


@app.command(hidden=True)
def ready(context: typer.Context) -> None:
    """Read every config file and bring the store up to date, as the service's child."""
    with services_of(context) as services:
        services.read_everything()
        _ = services.store


@app.command(hidden=True)
def job(context: typer.Context, name: str) -> None:
    """Do one of the service's jobs, as its child."""
    from presswatch import jobs

    if name not in jobs.JOBS:
        raise UsageError(f"There is no job {name!r}; there are {', '.join(jobs.JOBS)}.")
    with services_of(context) as services:
        if not jobs.JOBS[name].run(services, datetime.now(UTC)):
            raise typer.Exit(1)


def run(arguments: list[str] | None = None) -> Any:
    """The command line without its exit: for tests and for `__main__`."""
    return app(arguments, standalone_mode=False)
