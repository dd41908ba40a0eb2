"""What the command line shows of sources, and of `check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from presswatch import exports
from presswatch.console import minute, new_table, out, print_json, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from presswatch.checks import Finding
    from presswatch.models import (
        Source,
        SourceHealth,
    )
    from presswatch.store.records import Reconciliation


_STATE_STYLE = {"ok": "green", "new": "dim", "disabled": "dim", "quiet": "yellow"}


def show_sources(
    sources: Sequence[Source], health: Sequence[SourceHealth], looks: Mapping[str, Reconciliation], *, as_json: bool
) -> None:
    """`looks` are the last weekly looks through all that each source lists."""
    if as_json:
        print_json(
            [
                {"id": h.source, "state": h.state, "message": h.message, "advice": h.advice, "failures": h.failures}
                | {"articles": h.articles}
                | {"last_success_at": exports.moment(h.last_success_at), "next_due_at": exports.moment(h.next_due_at)}
                | _look_row(looks.get(h.source))
                for h in health
            ]
        )
        return
    names = {source.id: source.name for source in sources}
    table = new_table("source", "state", "articles", "late", "last success (UTC)", "next visit (UTC)", "")
    for row in health:
        table.add_row(
            words(f"{row.source}  {names.get(row.source, '')}"),
            Text(row.state, _STATE_STYLE.get(row.state, "red")),
            str(row.articles),
            str(looks[row.source].late) if row.source in looks else "",
            minute(row.last_success_at),
            minute(row.next_due_at),
            words(f"{row.message} {row.advice}".strip()),
        )
    out().print(table)


def _look_row(look: Reconciliation | None) -> dict[str, Any]:
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
