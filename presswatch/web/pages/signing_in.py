"""`/sign-in` and `/sign-out`."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from presswatch import keys
from presswatch.access import Access
from presswatch.web.site import Site, SiteOf
from presswatch.web.throttle import Throttle
from presswatch.web.visitor import DEVICE, SESSION, Visitor, VisitorOf

log = logging.getLogger(__name__)
router = APIRouter()

_DEVICE_SECONDS = 400 * 86_400  # as long as browsers keep anything
_WRONG = "That is not the password."
_WAIT = "There were too many tries. Wait {} s, then try again."


async def _rules(request: Request) -> Access:
    rules: Access = request.app.state.rules
    return rules


async def _throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


RulesOf = Annotated[Access, Depends(_rules)]
ThrottleOf = Annotated[Throttle, Depends(_throttle)]


@router.get("/sign-in")
def sign_in_page(site: SiteOf, rules: RulesOf, visitor: VisitorOf, next: str = "/") -> Response:  # noqa: A002
    """The form; whoever is known already goes where they wanted to."""
    if visitor.may_read:
        return RedirectResponse(inside(next), 303)
    return _page(site, rules, next)


@router.post("/sign-in")
def sign_in(site: SiteOf, rules: RulesOf, throttle: ThrottleOf, visitor: VisitorOf) -> Response:
    """Compare the password, at the pace that the throttle allows, and begin a session."""
    wanted, password_hash = visitor.form.get("next", "/"), rules.password_hash
    if not password_hash:
        return _page(site, rules, wanted, status=403)
    device = _device(visitor, password_hash)
    if (wait := throttle.wait(visitor.address, device, time.monotonic())) > 0:
        seconds = int(wait) + 1
        answer = _page(site, rules, wanted, said=_WAIT.format(seconds), status=429)
        answer.headers["retry-after"] = str(seconds)
        return answer
    good = False
    try:
        good = keys.is_password(visitor.form.get("password", ""), password_hash)
    finally:
        throttle.done(visitor.address, device, time.monotonic(), good=good)
    if not good:
        log.warning("Somebody at %s tried a wrong password.", visitor.address)
        return _page(site, rules, wanted, said=_WRONG, status=403)
    _begin(site, visitor, password_hash, device)
    return RedirectResponse(inside(wanted), 303)


@router.post("/sign-out")
def sign_out(site: SiteOf, visitor: VisitorOf) -> Response:
    """End the session, here and in the store."""
    if visitor.session:
        site.store.access.end(keys.fingerprint(visitor.session))
    visitor.keep(SESSION, "", seconds=0)
    return RedirectResponse("/sign-in", 303)


def inside(address: str) -> str:
    """Where to go after signing in: an address of ours, or the first page. Browsers read `//x`, `/\\x` and a tab
    between the slashes as another site."""
    plain = address.isascii() and address.isprintable() and "\\" not in address and " " not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"


def _page(site: Site, rules: Access, wanted: str, *, said: str = "", status: int = 200) -> Response:
    by_password = bool(rules.password_hash)
    return site.page("sign_in.html", status=status, said=said, next=inside(wanted), by_password=by_password)


def _begin(site: Site, visitor: Visitor, password_hash: str, device: str) -> None:
    """A new session, under a new name: one that was planted before is worth nothing."""
    length, now = site.services.settings.web.session, site.clock()
    if visitor.session:
        site.store.access.end(keys.fingerprint(visitor.session))
    secret, session = keys.new_session(password_hash, now, length)
    site.store.access.begin(session, now=now)
    visitor.keep(SESSION, secret, seconds=int(length.total_seconds()))
    nonce = device or secrets.token_urlsafe(16)
    visitor.keep(DEVICE, f"{nonce}.{keys.device_mark(password_hash, nonce)}", seconds=_DEVICE_SECONDS, strict=True)


def _device(visitor: Visitor, password_hash: str) -> str:
    """What names a browser that signed in before; empty for others, and for a mark that is not ours."""
    nonce, _, mark = visitor.cookies.get(visitor.name(DEVICE), "").partition(".")
    return nonce if nonce and keys.same(mark, keys.device_mark(password_hash, nonce)) else ""
