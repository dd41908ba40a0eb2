"""Commands for the pages: web, password, token."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from presswatch.commands.context import AsJson, Host, Port, services_of

token = typer.Typer(
    help="Keys to the API: make, list, revoke.", no_args_is_help=True, context_settings={"help_option_names": ["-h"]}
)


def web(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    announce: Annotated[bool, typer.Option("--announce", hidden=True)] = False,
) -> None:
    """Serve the pages alone, without crawling: to look at what is there.

    Example: presswatch --data demo-data/data web --port 8081
    """
    from presswatch.web import serving

    with services_of(context) as services:
        services.settings = services.settings.serving(host=host, port=port)
        serving.run(services, announce=announce)


def password() -> None:
    """Ask for a password twice and print the line for .env that lets people sign in with it.

    From a pipe, the first line is the password.

    Example: presswatch password >> .env
    """
    from presswatch import keys
    from presswatch.errors import UsageError

    if sys.stdin.isatty():
        given = typer.prompt("Password", hide_input=True, err=True)
        if typer.prompt("Once more", hide_input=True, err=True) != given:
            raise UsageError("The two are not the same. Nothing was made; try again.")
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    # In single quotes, or a shell and docker compose would take what begins with $ for variables.
    typer.echo(f"PRESSWATCH_PASSWORD_HASH='{keys.hash_password(given)}'")


@token.command("new")
def new_token(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is for, to know it by.")],
    scope: Annotated[str, typer.Option(help="read, or admin, which may also change.")] = "read",
) -> None:
    """Make a token and show it, this once: the store keeps a hash only.

    Example: presswatch token new "the dashboard" --scope read
    """
    from presswatch import keys

    with services_of(context) as services:
        secret, made = keys.new_token(name, scope, datetime.now(UTC))
        services.store.access.add_token(made)
    typer.echo(secret)
    typer.echo("Keep it now; it is not shown again. Send it as: Authorization: Bearer TOKEN", err=True)


@token.command("list")
def list_tokens(context: typer.Context, as_json: AsJson = False) -> None:
    """List the tokens that were made, the revoked ones too.

    Example: presswatch token list
    """
    from presswatch.console import tokens as show

    with services_of(context) as services:
        show.show_tokens(services.store.access.tokens(), as_json=as_json)


@token.command("revoke")
def revoke_token(context: typer.Context, name: str) -> None:
    """Make a token worthless, at once.

    Example: presswatch token revoke "the dashboard"
    """
    with services_of(context) as services:
        gone = services.store.access.revoke(name, now=datetime.now(UTC))
    typer.echo(f"The token {gone.name!r} is worth nothing any more.")
