"""`/stories.atom`, `.rss`, `.json` and `.ics`: the stories of a filter, for programs that look again and again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from presswatch.web import feeds
from presswatch.web import visitor as visitors
from presswatch.web.feeds import Entry, Feed
from presswatch.web.filters import Chosen, ChosenOf
from presswatch.web.site import Site, SiteOf

router = APIRouter()
_ENTRIES = 50  # more than come between two looks of the laziest reader
_DATES = 80  # a program that shows months ahead shows no more, and 150 took longer than a page may
_FORMS = {
    "atom": ("application/atom+xml", feeds.atom),
    "rss": ("application/rss+xml", feeds.rss),
    "json": ("application/feed+json", feeds.json_feed),
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@router.get("/stories.atom")
def atom(request: Request, site: SiteOf, chosen: ChosenOf) -> Response:
    return _feed(request, site, chosen, "atom")


@router.get("/stories.rss")
def rss(request: Request, site: SiteOf, chosen: ChosenOf) -> Response:
    return _feed(request, site, chosen, "rss")


@router.get("/stories.json")
def json(request: Request, site: SiteOf, chosen: ChosenOf) -> Response:
    return _feed(request, site, chosen, "json")


@router.get("/stories.ics")
def calendar(request: Request, site: SiteOf, chosen: ChosenOf) -> Response:
    """The dates, from this month on, that the stories of the filter announce."""
    today = site.clock().date()
    rows = site.store.commitments.due(today.replace(day=1), chosen.stories(limit=_DATES), limit=_DATES)
    body = feeds.calendar(rows, title=_title(site, chosen, "Dates announced"), base=base_of(request))
    return answered(request, body, "text/calendar; charset=utf-8", None)


def _feed(request: Request, site: Site, chosen: Chosen, form: str) -> Response:
    page = site.store.briefs.changed(chosen.stories(limit=_ENTRIES))
    updated = max((brief.changed_at for brief in page.briefs), default=_EPOCH)
    kind, write = _FORMS[form]
    feed = Feed(
        title=_title(site, chosen, "AI in the United Kingdom"),
        base=base_of(request),
        page=chosen.address("/"),
        here=chosen.address(f"/stories.{form}"),
        updated=updated,
        entries=tuple(
            Entry(item=site.in_brief(brief), published=brief.date, updated=brief.changed_at) for brief in page.briefs
        ),
    )
    return answered(request, write(feed), f"{kind}; charset=utf-8", updated)


def _title(site: Site, chosen: Chosen, what: str) -> str:
    parts = [
        site.labels.topic(str(value)) if name == "topic" else f"{name} {value}"
        for name, value in chosen.parts().items()
    ]
    return f"{what}: {', '.join(parts)}" if parts else what


def base_of(request: Request) -> str:
    """The address that the pages are asked at; the gate has checked the Host header, and knows of a proxy's TLS."""
    scheme = "https" if visitors.current().secure else request.url.scheme
    return f"{scheme}://{request.url.netloc}"


def answered(request: Request, body: bytes, kind: str, changed_at: datetime | None) -> Response:
    """The body with its validators, or 304 where the asker has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if changed_at is not None:
        headers["Last-Modified"] = format_datetime(changed_at.astimezone(UTC).replace(microsecond=0), usegmt=True)
    if _has(request, tag, changed_at):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def _has(request: Request, tag: str, changed_at: datetime | None) -> bool:
    """Whether the asker's validators are those of now; a tag counts before a time (RFC 9110)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return tags.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in tags.split(",")}
    since = request.headers.get("if-modified-since")
    if since is None or changed_at is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    # A story that left the filter changes no time: only the tag tells that. Times are a courtesy to those without.
    return known.tzinfo is not None and changed_at.replace(microsecond=0) <= known
