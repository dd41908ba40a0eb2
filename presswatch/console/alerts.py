"""What the command line shows of alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from presswatch.console import out, print_json, words
from presswatch.recipients import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presswatch.jobs import Trial
    from presswatch.monitoring.conditions import Condition

_NOBODY = 'Alerts go to nobody but the log. Name yourself in presswatch.toml: [alerts] to = ["mailto:you@example.org"].'


def show_alerts(conditions: Sequence[Condition], to: Sequence[str], *, as_json: bool) -> None:
    """What is wrong now, and who is told of it."""
    if as_json:
        troubles = [
            {"subject": c.subject, "state": c.state, "message": c.message, "advice": c.advice} for c in conditions
        ]
        print_json({"troubles": troubles, "to": [shown(recipient) for recipient in to]})
        return
    for condition in conditions:
        out().print(words(f"{condition.name}: {condition.state}. {condition.message} {condition.advice}", "yellow"))
    if not conditions:
        out().print("Nothing is wrong that an alert would tell of.")
    named = ", ".join(shown(recipient) for recipient in to)
    out().print(words(f"Alerts go to {named}. Try it: presswatch alert --test" if to else _NOBODY))


def show_trials(trials: Sequence[Trial], *, as_json: bool) -> None:
    """Whom a trial alert reached."""
    if as_json:
        print_json([{"recipient": t.recipient, "good": t.good, "message": t.message} for t in trials])
        return
    for trial in trials:
        mark = Text("ok    ", "green") if trial.good else Text("MEND  ", "bold red")
        out().print(mark + words(f"{trial.recipient}: {trial.message}"))
    if not trials:
        out().print(words(_NOBODY))
