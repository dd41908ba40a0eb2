"""`presswatch check`: configuration, store, archive, sources and mail, each tried for real, with advice."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presswatch.errors import CrawlError, PresswatchError
from presswatch.recipients import filled, is_mail, is_webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from presswatch.services import Services

_LOW_DISK = 1_000_000_000  # bytes; a year of pages and archive of the bundled sources takes about half of it


_FEEDS_ALONE = (
    "It has feeds alone: what they leave out is found by nobody. Give it a sitemap, a REST address or a listing."
)
_ADVICE = {
    "blocked": "The site turns us away. Set a contact address, a longer delay, or leave it out for a while.",
    "down": "Try again later; if it lasts, look at the address in a browser and mend it in sources.yaml.",
    "changed": "The site answers, but not what the block expects. Compare its feeds and selectors with the site.",
    "failing": "Look at the address in a browser, and mend the block in sources.yaml.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried: whether it is good, what was seen, what to do."""

    what: str
    good: bool
    message: str
    advice: str = ""


def run(services: Services, source_ids: Sequence[str], *, offline: bool, now: datetime) -> tuple[Finding, ...]:
    """Try everything, or only the named sources; a mistake in one thing hides nothing about the next.

    Raises `UsageError` for a source that does not exist.
    """
    if source_ids:
        return tuple(_sources(services, source_ids, now))
    local: tuple[tuple[str, Callable[[Services], str]], ...] = (
        ("configuration", _configuration),
        ("data folder", _data_folder),
        ("store", _store),
    )
    findings = [_tried(what, test, services) for what, test in local]
    findings += _contact(services)
    if not offline:
        findings += _mail(services)
        findings += _webhooks(services)
        findings += _second_reader(services)
        if findings[0].good:
            findings += _sources(services, (), now)
    return tuple(findings)


def _tried(what: str, test: Callable[[Services], str], services: Services) -> Finding:
    try:
        return Finding(what=what, good=True, message=test(services))
    except PresswatchError as error:
        return Finding(what=what, good=False, message=str(error))


def _configuration(services: Services) -> str:
    services.read_small()
    _ = services.knowledge
    names = ", ".join(plan.name for plan in services.digests) or "none"
    return f"{len(services.enabled)} sources enabled, watch {services.settings.watch}, digests: {names}."


def _data_folder(services: Services) -> str:
    folder = services.settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"presswatch")
        probe.unlink()
    except OSError as error:
        raise PresswatchError(
            f"{folder} cannot be written ({error.strerror}). Give this user the right to, or choose another --data."
        ) from error
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK:
        raise PresswatchError(f"{folder} has only {free // 1_000_000} MB left. Make room, or choose another --data.")
    return f"{folder}, {free // 1_000_000_000} GB free."


def _store(services: Services) -> str:
    counts = services.store.pages.counts()
    return f"{counts['pages']} pages, {counts['waiting']} waiting, {counts['failed']} could not be used."


def _contact(services: Services) -> list[Finding]:
    if services.settings.contact:
        return [Finding(what="contact", good=True, message=f"sites see {services.settings.user_agent}")]
    advice = "Set PRESSWATCH_CONTACT, or contact in presswatch.toml, so that a site can write before it blocks you."
    return [Finding(what="contact", good=True, message="no address is shown to the sites.", advice=advice)]


def _mail(services: Services) -> Iterator[Finding]:
    from presswatch.digests import mail

    environ = services.settings.environ
    wanted = sorted(plan.name for plan in services.digests if any(is_mail(filled(r, environ)) for r in plan.recipients))
    wanted += ["[alerts]"] if any(is_mail(filled(r, environ)) for r in services.settings.alerts.to) else []
    server = services.settings.mail
    if not server.host:
        missing = "Set PRESSWATCH_SMTP_HOST and PRESSWATCH_MAIL_FROM; .env.example shows how."
        if wanted:
            yield Finding(
                what="mail",
                good=False,
                message=f"{', '.join(wanted)} has readers by mail, but no mail server is set.",
                advice=missing,
            )
        else:
            yield Finding(what="mail", good=True, message="not used.", advice="")
        return
    try:
        mail.try_server(server)
    except PresswatchError as error:
        yield Finding(what="mail", good=False, message=str(error))
    else:
        yield Finding(what="mail", good=True, message=f"{server.host}:{server.port} takes mail from {server.sender}.")


def _webhooks(services: Services) -> Iterator[Finding]:
    """Whether each webhook can be connected to; nothing is sent to it."""
    written = {plan.name: plan.recipients for plan in services.digests}
    written["[alerts]"] = services.settings.alerts.to
    addresses: dict[str, list[str]] = {}
    for name, to in written.items():
        for address in dict.fromkeys(filled(recipient, services.settings.environ) for recipient in to):
            if is_webhook(address):
                addresses.setdefault(address, []).append(name)
    if not addresses:
        return
    from presswatch import jobs
    from presswatch.digests import webhook

    permitted = jobs.permitted(services)
    for address, names in addresses.items():
        what = f"webhook of {', '.join(names)}"
        try:
            message = webhook.try_address(address, permitted=permitted)
        except PresswatchError as error:
            yield Finding(what=what, good=False, message=str(error))
        else:
            yield Finding(what=what, good=True, message=message)


def _second_reader(services: Services) -> Iterator[Finding]:
    if not services.settings.second_reader.enabled:
        return
    try:
        message = services.second_reader.try_once()
    except PresswatchError as error:
        advice = "Mend the PRESSWATCH_LLM_ variables, or empty PRESSWATCH_LLM_URL; the verdicts need none of it."
        yield Finding(what="second reader", good=False, message=str(error), advice=advice)
    else:
        yield Finding(what="second reader", good=True, message=message)


def _sources(services: Services, ids: Sequence[str], now: datetime) -> Iterator[Finding]:
    from presswatch import jobs

    chosen = services.chosen(ids)
    try:
        figures = jobs.probe(services, chosen).sources
    except CrawlError as error:
        yield Finding(what="sources", good=False, message=str(error))
        return
    if len(chosen) > 1 and all(figures[source.id]["state"] == "down" for source in chosen):
        advice = "Look at this machine's network, its resolver and its firewall before anything else."
        yield Finding(what="network", good=False, message="none of the sources can be reached.", advice=advice)
    for source in chosen:
        row = figures[source.id]
        good = bool(row["ok"])
        advice = _FEEDS_ALONE if source.has_feeds_alone else ""
        advice = advice if good else _ADVICE.get(row["state"], _ADVICE["failing"])
        yield Finding(what=source.id, good=good, message=row["message"], advice=advice)
