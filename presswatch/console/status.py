"""What `presswatch status` shows. Decides nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from presswatch import exports
from presswatch.console import minute, out, print_json, words
from presswatch.monitoring.status import SILENT_AFTER

if TYPE_CHECKING:
    from rich.console import Console

    from presswatch.monitoring.overview import Overview


def row(found: Overview) -> dict[str, Any]:
    """The overview as JSON."""
    return {
        "alive": found.sign.alive,
        "well": found.well,
        "message": found.sign.message,
        "problems": found.problems,
        "at": exports.moment(found.at),
        **{key: found.sign.told.get(key) for key in ("pid", "started_at")},
        "jobs": found.jobs,
        "due": found.due,
        "feeds_alone": found.feeds_alone,
        "editions": [
            {"digest": e.name, "last": e.last, "next_due_at": exports.moment(e.next_due_at)} for e in found.editions
        ],
        "machines": [{"name": m.name, "role": m.role, "at": exports.moment(m.at)} for m in found.machines],
        "troubles": [
            {"subject": c.subject, "state": c.state, "message": c.message, "advice": c.advice} for c in found.troubles
        ],
        "store": asdict(found.counts) if found.counts else None,
        "disk": {"free": found.disk_free, "archive": found.archive_bytes, "archive_files": found.archive_files},
        "versions": {"presswatch": found.version, "running": found.sign.told.get("version"), "python": found.python},
    }


def show_status(found: Overview, *, as_json: bool) -> None:
    if as_json:
        print_json(row(found))
    else:
        _show(out(), found)


def _show(console: Console, found: Overview) -> None:
    style = "green" if found.well else "bold red"
    console.print(words(found.sign.message, style if found.sign.alive else "bold red"))
    for problem in found.problems:
        if problem != found.sign.message:
            console.print(words(problem, "bold red"))
    _jobs(console, found)
    _news(console, found)
    for condition in found.troubles:
        if not condition.subject.startswith(("job:", "disk")):
            console.print(
                words(f"{condition.name}: {condition.state}. {condition.message} {condition.advice}", "yellow")
            )
    _machine(console, found)


def _jobs(console: Console, found: Overview) -> None:
    for name, job in found.jobs.items():
        if job.get("running_since"):
            how = f"running since {_minute(job['running_since'])}"
        else:
            how = f"{'done' if job.get('ok') else 'failed'} {_minute(job.get('at'))}"
            how += f", {job['seconds']} s" if "seconds" in job else ""
            if not job.get("ok"):
                how += f", last done {_minute(job.get('last_success_at'))}: {job.get('message', '')}"
        console.print(words(f"  {name:8} {how}", "" if job.get("ok", True) else "red"))


def _news(console: Console, found: Overview) -> None:
    enabled = [source for source in found.sources if source.state != "disabled"]
    if enabled:
        well = sum(source.state == "ok" for source in enabled)
        last = max((s.last_success_at for s in enabled if s.last_success_at), default=None)
        coming = min((s.next_due_at for s in enabled if s.next_due_at), default=None)
        when = f"{len(found.due)} due now" if found.due else f"the next visit {minute(coming)}"
        console.print(_line("sources", f"{well} of {len(enabled)} well, last read {minute(last)}, {when}"))
    if found.feeds_alone:
        named = ", ".join(found.feeds_alone)
        console.print(_line("", f"no weekly look goes through {named}: feeds alone, see presswatch check"))
    for edition in found.editions:
        then = f"last edition {edition.last or 'none'}, the next {minute(edition.next_due_at)}"
        console.print(_line("digest", f"{edition.name}: {then}"))
    counts = found.counts
    if counts:
        relevant = counts.articles.get("focus", 0) + counts.articles.get("part", 0)
        console.print(
            _line("news", f"{sum(counts.articles.values())} articles, {relevant} told of, {counts.stories} stories")
        )
        waiting = f"{counts.pages_waiting} pages to judge, {counts.refusals} to fetch again"
        sent = f"{counts.deliveries.get('due', 0)} deliveries due, {counts.deliveries.get('given up', 0)} given up"
        console.print(_line("queues", f"{waiting}, {sent}"))


def _machine(console: Console, found: Overview) -> None:
    for number, machine in enumerate(found.machines):
        silent = found.at - machine.at > SILENT_AFTER
        text = f"{machine.name}, {machine.role}, {'gave no sign since' if silent else 'seen'} {minute(machine.at)}"
        console.print(_line("" if number else "machines", text), style="red" if silent else None)
    store = f"store {_size(found.counts.size)}, " if found.counts else ""
    archive = f"archive {_size(found.archive_bytes)} in {found.archive_files} files"
    console.print(_line("disk", f"{store}{archive}, {_size(found.disk_free)} free in {found.data_dir}"))
    running = found.sign.told.get("version")
    other = f" (the service runs {running}: restart it)" if running and running != found.version else ""
    engine = f", {found.counts.engine} with schema {found.counts.schema}" if found.counts else ""
    console.print(_line("versions", f"presswatch {found.version}{other}, Python {found.python}{engine}"))


def _line(name: str, text: str) -> Text:
    return Text(f"{name:9} ", "bold") + words(text)


def _minute(text: object) -> str:
    """A time of the service's own file, which may hold anything."""
    return str(text)[:16].replace("T", " ") if text else "–"


def _size(number: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number / 1000:.0f} kB"
