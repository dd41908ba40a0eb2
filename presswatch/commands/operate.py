"""Commands for whoever operates the service: sources, status, check, serve."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.commands.context import AsJson, Host, Port, Sources, child_arguments, services_of

if TYPE_CHECKING:
    from presswatch.services import Services


class Role(Enum):
    """What a service does."""

    scheduler = "scheduler"
    worker = "worker"
    web = "web"
    all = "all"


def sources(
    context: typer.Context,
    as_json: AsJson = False,
    as_opml: Annotated[bool, typer.Option("--opml", help="Print the feeds as a list for feed readers.")] = False,
    list_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Print a reader's list as blocks for sources.yaml.")
    ] = None,
) -> None:
    """Show how each source does: last success, next visit, articles, and what is wrong.

    Example: presswatch sources
    """
    from presswatch.console import sources as show

    if as_opml or list_:
        with services_of(context) as services:
            show.show_feeds(services.sources, list_)
        return
    with services_of(context) as services:
        health = services.health(datetime.now(UTC), services.sources)
        show.show_sources(services.sources, health, services.store.reconciliations.all(), as_json=as_json)


def status(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing; the exit status tells.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say how the service does: what runs, what is due, queues, disk, versions. Exit status 0: well; 1: look at it.

    Sources that fail are named, and are no reason for exit status 1.

    Example: presswatch status --quiet || echo "presswatch needs you"
    """
    from presswatch.monitoring import overview

    with services_of(context) as services:
        found = overview.take(services, datetime.now(UTC))
    if not quiet:
        from presswatch.console import status as show

        show.show_status(found, as_json=as_json)
    if not found.well:
        raise typer.Exit(1)


def check(
    context: typer.Context,
    sources: Sources = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the sources or the mail server.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try configuration, store, sources and mail for real, and say what to mend.

    Example: presswatch check nvidia-blog-fr
    """
    from presswatch import checks
    from presswatch.console import sources as show

    with services_of(context) as services:
        findings = checks.run(services, sources or [], offline=offline, now=datetime.now(UTC))
        show.show_findings(findings, as_json=as_json)
    if any(not finding.good for finding in findings):
        raise typer.Exit(1)


def serve(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    pages: Annotated[bool, typer.Option("--web/--no-web", help="Serve the pages, or leave them out.")] = True,
    role: Annotated[
        Role, typer.Option(help="What of it this one does, where several share a store on PostgreSQL.")
    ] = Role.all,
) -> None:
    """Run the service: crawl what is due, judge it, build digests, deliver them, serve the pages.

    SIGTERM ends it cleanly, SIGHUP reads the configuration again. On PostgreSQL any number of services share
    the work; one of those that may schedule does, and another takes over within 30 seconds.

    Example: presswatch --config /etc/presswatch --data /var/lib/presswatch --log-format json serve
    """
    from presswatch.scheduler import Service, make_ready

    def load() -> Services:
        services = services_of(context)
        services.settings = services.settings.serving(host=host, port=port, pages=pages)
        services.read_small()
        make_ready(child_arguments(context))
        return services

    raise typer.Exit(Service(load=load, arguments=child_arguments(context), role=role.value).run())
