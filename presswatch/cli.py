"""The command line: words in, one job or query, words or JSON out.

The commands are in `presswatch.commands`. Heavy libraries are imported inside
those that need them, so that `presswatch --help` answers at once.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from presswatch import __version__
from presswatch.commands import backup, look, news, operate, tell, web
from presswatch.commands.context import services_of
from presswatch.commands.story import story
from presswatch.errors import UsageError

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


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"presswatch {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Folder with config files; bundled ones fill the gaps.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of store, archive and digests. [PRESSWATCH_DATA, data]")
    ] = None,
    log_format: Annotated[str, typer.Option(help="How log lines look: plain or json.")] = "plain",
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    if log_format not in ("plain", "json"):
        raise UsageError(f"--log-format may be plain or json, not {log_format!r}.")
    from presswatch import logs

    # A command prints what it did; only the service and its children also tell of routine.
    routine = context.invoked_subcommand in ("serve", "job", "web")
    logs.set_up("json" if log_format == "json" else "plain", logging.INFO if routine else logging.WARNING)
    os.environ["PRESSWATCH_LOG_FORMAT"] = log_format  # for the crawl, which is a child of a child
    context.obj = {"config": config, "data": data, "log_format": log_format}


# Each command under the heading that `--help` shows it with, in the order that it shows.
_PANELS = {
    "Get news": (("crawl", news.crawl), ("backfill", news.backfill), ("reprocess", news.reprocess)),
    "Look": (
        ("list", look.list_articles),
        ("show", look.show),
        ("search", look.search),
        ("explain", look.explain),
        ("export", look.export),
    ),
    "Tell": (
        ("digest", tell.digest),
        ("deliver", tell.deliver),
        ("deliveries", tell.deliveries),
        ("alert", tell.alert),
    ),
    "Operate": (
        ("sources", operate.sources),
        ("status", operate.status),
        ("check", operate.check),
        ("serve", operate.serve),
        ("web", web.web),
        ("password", web.password),
        ("backup", backup.backup),
        ("restore", backup.restore),
        ("move", backup.move),
    ),
}
for panel, commands in _PANELS.items():
    for name, command in commands:
        app.command(name, rich_help_panel=panel)(command)
app.add_typer(story, name="story", rich_help_panel="Look")
app.add_typer(web.token, name="token", rich_help_panel="Operate")


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


@app.command(hidden=True)
def ready(context: typer.Context) -> None:
    """Read every config file and bring the store up to date, as the service's child."""
    with services_of(context) as services:
        services.read_everything()
        if services.store.shared:
            from presswatch.queue import schema

            schema.bring_up_to_date(services.store)
            services.check_archive()


@app.command(hidden=True)
def job(
    context: typer.Context,
    name: str,
    part: Annotated[list[str] | None, typer.Option(help="Do this of it only; may be repeated.")] = None,
) -> None:
    """Do one of the service's jobs, as its child."""
    from presswatch import jobs

    if name not in jobs.JOBS:
        raise UsageError(f"There is no job {name!r}; there are {', '.join(jobs.JOBS)}.")
    with services_of(context) as services:
        if not jobs.JOBS[name].run(services, services.store.clock()(), tuple(part or ())):
            raise typer.Exit(1)


def run(arguments: list[str] | None = None) -> Any:
    """The command line without its exit: for tests and for `__main__`."""
    return app(arguments, standalone_mode=False)
