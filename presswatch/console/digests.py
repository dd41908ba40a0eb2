"""What the command line shows of editions and deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from presswatch import exports
from presswatch.console import minute, new_table, out, print_json, words
from presswatch.recipients import is_mail, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presswatch.digests.outbox import DeliveryReport
    from presswatch.models import (
        Digest,
        DigestPlan,
    )
    from presswatch.services import Services
    from presswatch.store.records import DeliveryEntry, DigestDraft


def show_preview(draft: DigestDraft, *, as_json: bool) -> None:
    if as_json:
        print_json({"subject": draft.subject, "stories": draft.stories, "updated": draft.updated, "text": draft.text})
        return
    out().print(words(f"Subject: {draft.subject}\n\n{draft.text}"), soft_wrap=True)


def show_edition(edition: Digest | None, plan: DigestPlan, *, as_json: bool) -> None:
    if as_json:
        print_json({"edition": edition.edition, "stories": edition.stories} if edition else None)
    elif edition is None:
        out().print(words(f"{plan.name}: nothing new to tell, so no edition was made."))
    else:
        count = len(edition.stories) + len(edition.updated)
        stories = "1 story" if count == 1 else f"{count} stories"
        out().print(
            words(f"{plan.name}, edition {edition.edition}: {stories} for {', '.join(map(redacted, plan.recipients))}.")
        )
        out().print("It is in the outbox. Send it with: presswatch deliver")


def redacted(recipient: str) -> str:
    """A recipient without the secrets that a chat service's address holds; mail addresses whole, for the operator."""
    return recipient if is_mail(recipient) else shown(recipient)


def show_delivered(report: DeliveryReport, *, as_json: bool) -> None:
    if as_json:
        print_json({"sent": report.sent, "failed": report.failed, "given_up": report.given_up})
        return
    out().print(f"Sent {report.sent}, failed {report.failed}, given up {report.given_up}.")
    if report.failed:
        out().print("Why: presswatch deliveries")


def show_deliveries(rows: Sequence[DeliveryEntry], services: Services, *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "id": r.delivery.id,
                    "digest": r.name,
                    "edition": r.edition,
                    "recipient": redacted(r.delivery.recipient),
                }
                | {"state": r.delivery.state, "attempts": r.delivery.attempts, "error": r.delivery.error}
                | {"sent_at": exports.moment(r.delivery.sent_at), "receipt": r.receipt}
                for r in rows
            ]
        )
        return
    if not rows:
        out().print("Nothing was sent yet.")
        return
    table = new_table("id", "edition", "recipient", "state", "tries", "sent (UTC)", "")
    for row in rows:
        sent = row.delivery
        style = {"sent": "green", "given up": "red"}.get(sent.state, "yellow")
        table.add_row(
            str(sent.id),
            words(f"{row.name} {row.edition}"),
            words(redacted(sent.recipient)),
            Text(sent.state, style),
            str(sent.attempts),
            minute(sent.sent_at),
            words(sent.error or ""),
        )
    out().print(table)
