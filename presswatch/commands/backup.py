"""`presswatch backup` and `restore`: the store into one checked file, and back; `move`: to the other engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presswatch.commands.context import AsJson, services_of

if TYPE_CHECKING:
    from presswatch.backup import Backup

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


def backup(context: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Write the store and the archive's index into one file, while the service runs, and verify it.

    An older backup of that name is replaced. Copy the archive's folder beside it with any copying tool.

    Example: presswatch backup /backups/presswatch-2026-01-31.zip
    """
    from presswatch import backup as work
    from presswatch import console

    with services_of(context) as services:
        made = work.make(services.settings, file, datetime.now(UTC))
    if as_json:
        console.print_json(_told(made) | {"file": str(file)})
        return
    size = sum(entry.size for entry in made.archive)
    out = console.out()
    out.print(console.words(f"{file}: the store ({made.store_bytes:,} bytes), complete and verified."), soft_wrap=True)
    files = "1 file" if len(made.archive) == 1 else f"{len(made.archive)} files"
    out.print(console.words(f"The archive's {files} ({size:,} bytes) are listed in it. Copy them too."))


def restore(
    context: typer.Context,
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Replace the store that is there; it is kept aside.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only verify the backup; change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Verify a backup and put its store into the data folder, in one step. The service must not be running.

    Example: presswatch restore /backups/presswatch-2026-01-31.zip --check
    """
    from presswatch import backup as work
    from presswatch import console

    with services_of(context) as services:
        settings = services.settings
    if check:
        found = work.verify(file)
        if as_json:
            console.print_json(_told(found) | {"file": str(file), "whole": True})
        else:
            made_at = f"{found.made_at:%Y-%m-%d %H:%M}"
            console.out().print(
                console.words(f"{file} is whole: made {made_at} UTC by presswatch {found.version}."), soft_wrap=True
            )
        return
    done = work.restore(settings, file, datetime.now(UTC), force=force)
    if as_json:
        aside = str(done.aside) if done.aside else None
        console.print_json(_told(done.backup) | {"file": str(file), "aside": aside, "missing": done.missing})
        return
    out = console.out()
    out.print(f"The store is back as it was on {done.backup.made_at:%Y-%m-%d %H:%M} UTC.")
    if done.aside:
        out.print(console.words(f"The one that was there is kept as {done.aside}."), soft_wrap=True)
    for sentence in done.missing:
        out.print(console.words(f"Archive: {sentence}", "yellow"), soft_wrap=True)
    if done.missing:
        out.print("Copy those files back into the archive's folder; without them their pages cannot be judged again.")
    out.print("What was told after that time is not in it, and may be told again.")


def move(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="postgresql://… or sqlite:///FILE; empty, or begun.")],
    as_json: AsJson = False,
) -> None:
    """Copy the store to PostgreSQL, or back to SQLite; ended in between, it goes on where it was.

    No service may run on the store, which stays as it is. The archive is not touched.

    Example: presswatch move --to postgresql://presswatch@db/presswatch
    """
    from presswatch import console, moving

    with services_of(context) as services, console.progress(quiet=as_json) as progress:
        moved = moving.move(services.settings, to, progress)
    if as_json:
        console.print_json({"to": moved.to, "rows": moved.rows})
        return
    out = console.out()
    for table, count in moved.rows.items():
        out.print(console.words(f"{count:>9,} {table}"))
    out.print(console.words(f"All of it is in {moved.to} and was counted there."), soft_wrap=True)
    out.print(
        "Set PRESSWATCH_DATABASE_URL to that address, then start the service. The old store can go when all is well."
    )


def _told(found: Backup) -> dict[str, Any]:
    return {
        "made_at": found.made_at.isoformat(),
        "version": found.version,
        "schema": found.schema,
        "store_bytes": found.store_bytes,
        "archive": {entry.file: entry.size for entry in found.archive},
    }
