"""What every command shares: options that mean the same everywhere, and the services that the global options choose.

Only this module reads the environment.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.errors import UsageError

if TYPE_CHECKING:
    from presswatch.services import Services

Sources = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SOURCE]...", help="Ids of sources.yaml; all enabled ones if none is named."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Since = Annotated[str | None, typer.Option("--since", help="A day (2025-09-01), a moment, or an age (7d).")]

Host = Annotated[str | None, typer.Option(help="Where the pages listen; any address but loopback takes a password.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the pages; 0 takes any free one.")]


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


def child_arguments(context: typer.Context) -> tuple[str, ...]:
    """The global options as they are handed on to a child process."""
    options = context.obj
    given = [("--config", options["config"]), ("--data", options["data"]), ("--log-format", options["log_format"])]
    return tuple(str(part) for name, value in given if value is not None for part in (name, value))
