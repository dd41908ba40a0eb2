"""`/digests`: editions as they were sent, their receipts, a second try, a preview of the next, a test message."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presswatch import jobs
from presswatch.digests import schedule
from presswatch.models import Digest, DigestPlan
from presswatch.recipients import shown
from presswatch.store.records import DigestDraft
from presswatch.web.site import Site, SiteOf

router = APIRouter()

_A_PAGE = 30
_TEST = "test message"  # the space keeps it apart from the digests of digests.yaml, which have none
# A mail brings its own styles in its elements. In this frame nothing but they is alive: no script, no form, no
# request, no link that leads out, and not even our own address.
_FRAME = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
    "x-frame-options": "SAMEORIGIN",
}


@router.get("/digests")
def digests(site: SiteOf, before: int | None = None, said: str = "") -> HTMLResponse:
    """What is planned, and what was sent; from below the edition `before` on."""
    found = site.store.digests.editions(before=before, limit=_A_PAGE + 1)
    now = site.clock()
    return site.page(
        "digests.html",
        plans=[
            (plan, schedule.next_due(plan, now), [shown(r) for r in plan.recipients]) for plan in site.services.digests
        ],
        editions=found[:_A_PAGE],
        next=found[_A_PAGE - 1].id if len(found) > _A_PAGE else None,
        operator=[shown(r) for r in site.services.settings.alerts.to],
        said=said == "test",
    )


@router.post("/digests/test")
def test_message(site: SiteOf) -> Response:
    """Put a message to the operator into the outbox, by the way that every digest goes."""
    to, now = site.services.settings.alerts.to, site.clock()
    if not to:
        raise HTTPException(400, "Nobody is named to get it. Name yourself: [alerts] to in presswatch.toml.")
    said = "This is a test. It came by the way that digests come: what can be read here, they can be."
    draft = DigestDraft(
        name=_TEST,
        title="presswatch",
        edition=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        since=now,
        until=now,
        subject="presswatch: a test message",
        html=f'<!doctype html>\n<html lang="en"><title>presswatch</title><p>{escape(said)}</p></html>\n',
        text=f"PRESSWATCH\n{'=' * 78}\n\n1. {said}\n\n{'-' * 78}\n",
    )
    site.store.digests.save(draft, to, now=now)
    return RedirectResponse("/digests?said=test", 303)


@router.get("/digests/next/{name}")
def preview(site: SiteOf, name: str) -> HTMLResponse:
    """The next edition as it would be built now."""
    plan = _plan(site, name)
    draft = jobs.preview(site.services, plan, site.clock())
    return site.page(
        "digest.html",
        title=draft.subject,
        edition=None,
        entries=(),
        frame=f"/digests/next/{plan.name}/frame",
        stories=len(draft.stories) + len(draft.updated),
    )


@router.get("/digests/next/{name}/frame")
def preview_frame(site: SiteOf, name: str) -> HTMLResponse:
    """The preview's mail itself."""
    return _inert(jobs.preview(site.services, _plan(site, name), site.clock()).html)


@router.get("/digests/{number}")
def edition(site: SiteOf, number: int) -> HTMLResponse:
    """One edition as it was sent, and what became of each delivery."""
    found = _edition(site, number)
    entries = [(entry, shown(entry.delivery.recipient)) for entry in site.store.digests.deliveries_of(number)]
    return site.page(
        "digest.html",
        title=found.subject or "Nothing to tell",
        edition=found,
        entries=entries,
        frame=f"/digests/{number}/frame" if found.html else "",
        stories=len(found.stories) + len(found.updated),
    )


@router.get("/digests/{number}/frame")
def frame(site: SiteOf, number: int) -> HTMLResponse:
    """The edition's mail itself."""
    return _inert(_edition(site, number).html)


@router.post("/deliveries/{number}/retry")
def retry(site: SiteOf, number: int) -> Response:
    """Try a delivery again that was given up or waits."""
    entry = site.store.digests.delivery(number) if 0 < number < 2**62 else None
    if entry is None or entry.delivery.state == "sent":
        raise HTTPException(404, "There is no such delivery that could be tried again.")
    site.store.digests.retry(number, now=site.clock())
    return RedirectResponse(f"/digests/{entry.delivery.digest_id}", 303)


def _inert(html: str) -> HTMLResponse:
    return HTMLResponse(html or "<!doctype html><title>Empty</title>", headers=_FRAME)


def _edition(site: Site, number: int) -> Digest:
    found = site.store.digests.get(number) if 0 < number < 2**62 else None
    if found is None:
        raise HTTPException(404, "There is no such edition.")
    return found


def _plan(site: Site, name: str) -> DigestPlan:
    plan = next((plan for plan in site.services.digests if plan.name == name), None)
    if plan is None:
        raise HTTPException(404, "There is no such digest.")
    return plan
