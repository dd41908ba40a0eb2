"""Whoever asks, as the gate let them in: how they are known, what they may do, what their form held."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from presswatch import keys
from presswatch.web.trials import Trials

SESSION, FORM, DEVICE = "presswatch_session", "presswatch_form", "presswatch_device"
FORM_FIELD = "form_key"


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One request's visitor. `how`: "open" on this machine, "session", "proxy", "token", or "" for a stranger."""

    how: str = ""
    scope: str = ""  # of a token
    address: str = ""
    secure: bool = False  # the browser came by https
    session: str = ""  # the cookie of a session that is good
    cookies: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    form_cookie: str = ""  # to be set with the answer
    set_cookies: list[str] = field(default_factory=list)

    @property
    def may_read(self) -> bool:
        return bool(self.how)

    @property
    def may_change(self) -> bool:
        """Whether its forms are taken; a token changes nothing but by the API."""
        return self.how in ("open", "session", "proxy")

    def form_key(self) -> str:
        """What its next form has to bring along."""
        return keys.form_key(self.session or self._form_cookie())

    def expected_key(self) -> str:
        """What this form has to have brought; empty where no page of ours can have given one."""
        cookie = self.session or self.cookies.get(self.name(FORM), "")
        return keys.form_key(cookie) if cookie else ""

    def name(self, cookie: str) -> str:
        """A cookie's name; the prefix keeps other machines of the same domain from planting one."""
        return f"__Host-{cookie}" if self.secure else cookie

    def keep(self, cookie: str, value: str, *, seconds: int | None, strict: bool = False) -> None:
        """Have the browser keep a cookie: until it is closed without `seconds`, no longer at all with 0."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        secure = "; Secure" if self.secure else ""
        site = "Strict" if strict else "Lax"  # a link in a digest is to find its reader signed in
        self.set_cookies.append(f"{self.name(cookie)}={value}; Path=/{age}; HttpOnly; SameSite={site}{secure}")

    def _form_cookie(self) -> str:
        if not self.form_cookie:
            self.form_cookie = self.cookies.get(self.name(FORM), "")
        if not self.form_cookie:
            self.form_cookie = secrets.token_urlsafe(24)
            self.keep(FORM, self.form_cookie, seconds=None, strict=True)
        return self.form_cookie


CURRENT: ContextVar[Visitor] = ContextVar("presswatch visitor")


def current() -> Visitor:
    """The visitor of the request that is being answered; for templates."""
    return CURRENT.get()


async def _of(request: Request) -> Visitor:
    visitor: Visitor = request.scope["presswatch.visitor"]
    return visitor


VisitorOf = Annotated[Visitor, Depends(_of)]


async def _admin(request: Request) -> Visitor:
    visitor = await _of(request)
    if visitor.how == "token" and visitor.scope == "admin":
        return visitor
    raise HTTPException(
        403, "This takes a token with admin scope; make one with: presswatch token new NAME --scope admin."
    )


async def _trials(request: Request) -> Trials:
    trials: Trials = request.app.state.trials
    return trials


TrialsOf = Annotated[Trials, Depends(_trials)]
AdminOf = Annotated[Visitor, Depends(_admin)]
