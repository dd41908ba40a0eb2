"""What the command line shows of the API's tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presswatch.console import minute, new_table, out, print_json, words
from presswatch.exports import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presswatch.store.records import Token


def show_tokens(tokens: Sequence[Token], *, as_json: bool) -> None:
    if as_json:
        rows: list[dict[str, object]] = [
            {"name": t.name, "scope": t.scope, "made_at": moment(t.made_at), "revoked_at": moment(t.revoked_at)}
            for t in tokens
        ]
        print_json(rows)
        return
    if not tokens:
        out().print("There are no tokens. Make one with: presswatch token new NAME")
        return
    table = new_table("name", "scope", "made (UTC)", "revoked (UTC)")
    for token in tokens:
        table.add_row(words(token.name), token.scope, minute(token.made_at), minute(token.revoked_at))
    out().print(table)
