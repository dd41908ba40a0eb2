"""Commands that tell the readers: digest, deliver, deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from presswatch.commands.context import AsJson, Since, moment, services_of


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
    from presswatch import jobs
    from presswatch.console import digests as show

    with services_of(context) as services:
        plan = services.digest_plan(name)
        now = datetime.now(UTC)
        if dry_run:
            show.show_preview(jobs.preview(services, plan, now, since=moment(since)), as_json=as_json)
        else:
            show.show_edition(jobs.build_edition(services, plan, now, since=moment(since)), plan, as_json=as_json)


def deliver(context: typer.Context, as_json: AsJson = False) -> None:
    """Send what the outbox holds and is due.

    Example: presswatch deliver
    """
    from presswatch import jobs
    from presswatch.console import digests as show

    with services_of(context) as services:
        report = jobs.deliver(services, datetime.now(UTC))
        show.show_delivered(report, as_json=as_json)
    if report.failed:
        raise typer.Exit(1)


def deliveries(
    context: typer.Context,
    since: Since = None,
    retry: Annotated[int | None, typer.Option(help="Try this delivery again.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was sent to whom, what failed, and why.

    Example: presswatch deliveries --since 7d
    """
    from presswatch.console import digests as show

    with services_of(context) as services:
        now = datetime.now(UTC)
        if retry is not None:
            services.store.digests.retry(retry, now=now)
        rows = services.store.digests.deliveries(since=moment(since) or now - timedelta(days=30))
        show.show_deliveries(rows, services, as_json=as_json)


def alert(
    context: typer.Context,
    test: Annotated[bool, typer.Option("--test", help="Send a trial to everybody whom [alerts] names.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what the operator is told of now, and whom [alerts] names; or try whether it reaches them.

    Example: presswatch alert --test
    """
    from presswatch import jobs
    from presswatch.console import alerts as show
    from presswatch.monitoring import alerting

    with services_of(context) as services:
        now = datetime.now(UTC)
        if not test:
            show.show_alerts(alerting.find(services, now).conditions, services.settings.alerts.to, as_json=as_json)
            return
        trials = jobs.try_alerts(services, now)
    show.show_trials(trials, as_json=as_json)
    if not trials or any(not trial.good for trial in trials):
        raise typer.Exit(1)
