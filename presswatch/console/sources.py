"""What the command line shows of sources, and of `check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text

from presswatch import exports, opml
from presswatch.console import minute, new_table, out, print_json, words
from presswatch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from presswatch.checks import Finding
    from presswatch.models import (
        Source,
        SourceHealth,
    )
    from presswatch.store.records import Reconciliation


def show_feeds(sources: Sequence[Source], file: Path | None) -> None:
    """The sources' feeds as a list for readers; or, with `file`, a reader's list as blocks for sources.yaml."""
    if file is None:
        sys.stdout.write(opml.write(sources).decode("utf-8"))
        return
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    sys.stdout.write(opml.blocks(opml.read(content), sources) or "# Every feed of this list is watched already.\n")


_STATE_STYLE = {"ok": "green", "new": "dim", "disabled": "dim", "quiet": "yellow"}


def show_sources(
    sources: Sequence[Source], health: Sequence[SourceHealth], looks: Mapping[str, Reconciliation], *, as_json: bool
) -> None:
    """`looks` are the last weekly looks through all that each source lists."""
    by_id = {source.id: source for source in sources}
    if as_json:
        print_json(
            [
                {"id": h.source, "state": h.state, "message": h.message, "advice": h.advice, "failures": h.failures}
                | {"articles": h.articles}
                | {"last_success_at": exports.moment(h.last_success_at), "next_due_at": exports.moment(h.next_due_at)}
                | _look_row(looks.get(h.source), feeds_alone=by_id[h.source].has_feeds_alone)
                for h in health
            ]
        )
        return
    table = new_table("source", "state", "articles", "late", "last success (UTC)", "next visit (UTC)", "")
    for row in health:
        table.add_row(
            words(f"{row.source}  {by_id[row.source].name}"),
            Text(row.state, _STATE_STYLE.get(row.state, "red")),
            str(row.articles),
            _late(by_id[row.source], looks.get(row.source)),
            minute(row.last_success_at),
            minute(row.next_due_at),
            words(f"{row.message} {row.advice}".strip()),
        )
    out().print(table)
    if any(source.has_feeds_alone and source.enabled for source in sources):
        out().print(words("feeds alone: nothing lists what they leave out, so that no weekly look can find it."))


def _late(source: Source, look: Reconciliation | None) -> str:
    if source.has_feeds_alone:
        return "feeds alone"
    return str(look.late) if look else ""


def _look_row(look: Reconciliation | None, *, feeds_alone: bool) -> dict[str, Any]:
    if feeds_alone:
        return {"reconciled_at": None, "late": 0, "reconciliation": "It has feeds alone: there is nothing to compare."}
    if look is None:
        return {"reconciled_at": None, "late": 0, "reconciliation": ""}
    return {"reconciled_at": exports.moment(look.done_at), "late": look.late, "reconciliation": look.message}


def show_findings(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        print_json([{"what": f.what, "good": f.good, "message": f.message, "advice": f.advice} for f in findings])
        return
    console = out()
    for finding in findings:
        mark = Text("ok    ", "green") if finding.good else Text("MEND  ", "bold red")
        console.print(mark + words(f"{finding.what}: {finding.message}"))
        if finding.advice:
            console.print(words(f"      {finding.advice}", "" if finding.good else "yellow"))
