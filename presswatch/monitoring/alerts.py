"""What the operator is to be told of trouble: once when it begins, daily while it lasts, once when it is over.

Conditions are what is wrong now; incidents are what the operator was told of;
`decide` compares the two. Does no input or output.
"""

import html
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from presswatch.monitoring.conditions import ALERT, Condition, Found, minute, sentence
from presswatch.store.records import DigestDraft, Incident

AGAIN = timedelta(days=1)
REMEMBERED = timedelta(days=30)  # how long what is over is kept: it says which failures an outage explains
_FOOTER = "You get this because [alerts] in presswatch.toml names you. More: presswatch status, presswatch sources."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to tell, and how the incidents stand when it is told."""

    begun: tuple[Condition, ...] = ()
    lasting: tuple[tuple[Condition, Incident], ...] = ()
    over: tuple[Incident, ...] = ()
    incidents: tuple[Incident, ...] = ()  # every one that changes, as it is to be remembered

    @property
    def told(self) -> bool:
        return bool(self.begun or self.lasting or self.over)


def decide(found: Found, incidents: Iterable[Incident], now: datetime, *, known: Collection[str]) -> Decision:
    """What to tell now. `known` are the sources of the catalogue that are switched on: of others nothing is told."""
    remembered = {incident.subject: incident for incident in incidents}
    begun, lasting, changed = [], [], []
    for condition in found.conditions:
        incident = remembered.get(condition.subject)
        if incident is None or incident.closed_at is not None:
            begun.append(condition)
            changed.append(_incident(condition, now))
        elif condition.lasting and not timedelta(0) <= now - incident.told_at < AGAIN:
            # A moment in the future: the clock was set back. Better told once too often than never.
            lasting.append((condition, incident))
            changed.append(replace(_incident(condition, now), began_at=incident.began_at))
    present = {condition.subject for condition in found.conditions} | found.held
    over = []
    for incident in remembered.values():
        if incident.closed_at is None and incident.subject not in present:
            changed.append(replace(incident, closed_at=now))
            kind, _, name = incident.subject.partition(":")
            if kind != "delivery" and (kind != "source" or name in known):
                over.append(incident)
    return Decision(begun=tuple(begun), lasting=tuple(lasting), over=tuple(over), incidents=tuple(changed))


def _incident(condition: Condition, now: datetime) -> Incident:
    return Incident(
        subject=condition.subject,
        state=condition.state,
        name=condition.name,
        message=condition.message,
        began_at=min(condition.began_at, now),
        told_at=now,
    )


def compose(decision: Decision, now: datetime) -> DigestDraft:
    """The alert as the outbox keeps it: one message for everything that is to be told now."""
    told = [
        *((f"{c.name}: {c.state}", sentence(c.message), c.advice) for c in decision.begun),
        *(
            (f"{c.name}: still {c.state}", f"{sentence(c.message)} Since {minute(i.began_at)}.", c.advice)
            for c, i in decision.lasting
        ),
        *(
            (f"{i.name}: well again", f"It was {i.state} from {minute(i.began_at)} to {minute(now)}.", "")
            for i in decision.over
        ),
    ]
    heads = [head for head, _, _ in told]
    subject = f"presswatch: {heads[0]}" + (f", and {len(heads) - 1} more" if len(heads) > 1 else "")
    return _draft(now, subject, [_entry(*row) for row in told])


def trial(now: datetime) -> DigestDraft:
    """A message that tells of nothing, in the form of those that do."""
    row = "This is a trial. Nothing is wrong: an alert would reach you here, in this form."
    return _draft(now, "presswatch: a trial alert", [row])


def _draft(now: datetime, subject: str, rows: Sequence[str]) -> DigestDraft:
    return DigestDraft(
        name=ALERT,
        title="presswatch",
        edition=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        since=now,
        until=now,
        subject=subject,
        html=_page(rows),
        text=_plain(rows),
    )


def _entry(head: str, message: str, advice: str) -> str:
    return " ".join(part for part in (f"{head[:1].upper()}{head[1:]}.", message, advice) if part)


def _plain(rows: Sequence[str]) -> str:
    """Numbered, between two rules, as digests are: the short form for chat services reads the same."""
    numbered = [line for number, row in enumerate(rows, start=1) for line in (f"{number}. {row}", "")]
    return "\n".join(["PRESSWATCH", "=" * 78, "", *numbered, "-" * 78, _FOOTER]) + "\n"


def _page(rows: Sequence[str]) -> str:
    items = "\n".join(f"<p>{html.escape(row)}</p>" for row in rows)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>presswatch</title></head>\n'
        f'<body style="font-family:sans-serif">\n{items}\n<p><small>{_FOOTER}</small></p></body></html>\n'
    )
