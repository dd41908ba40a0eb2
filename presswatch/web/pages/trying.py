"""`/try`: a text or an address under today's rules and under an edited copy of them."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presswatch import trying
from presswatch.web.site import SiteOf
from presswatch.web.visitor import TrialsOf, VisitorOf

router = APIRouter()


@router.get("/try")
def form(site: SiteOf) -> HTMLResponse:
    """An empty form with the watch's rules in it."""
    return site.page("try.html", trial=None, what="", rules=trying.rules(site.services))


@router.post("/try")
def judge(site: SiteOf, trials: TrialsOf, visitor: VisitorOf) -> Response:
    """Judge what was pasted, aside."""
    what, rules = visitor.form.get("what", ""), visitor.form.get("rules", "")
    trial = trials.begin("text", lambda: _judged(site, what, rules), site.clock())
    trial.asked = (what, rules)
    return RedirectResponse(f"/try/{trial.id}", 303)


@router.get("/try/{trial}")
def judged(site: SiteOf, trials: TrialsOf, trial: str) -> HTMLResponse:
    """The verdicts with their evidence, and the form to go on from."""
    found = trials.get(trial)
    if found is None or not found.asked:
        raise HTTPException(404, "What was tried is forgotten by now. Paste it again.")
    what, rules = found.asked
    return site.page("try.html", trial=found, what=what, rules=rules)


def _judged(site: SiteOf, what: str, rules: str) -> trying.Judged:
    return trying.judge(site.services, what, rules)
