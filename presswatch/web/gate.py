"""The gate before every page: which name was asked for, who asks, whether the form is ours, what an answer carries.

It stands before the routes, and lets through what it was told to, so that a
page that is added later cannot forget it: without a session there are the
sign-in, the static files and /healthz, and nothing else.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from presswatch import keys
from presswatch.access import Access
from presswatch.store.access import AccessKeys
from presswatch.web.visitor import CURRENT, FORM_FIELD, SESSION, Visitor

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refuse = Callable[[Request, int, str], Response]

SIGN_IN, HEALTH, STATIC, API = "/sign-in", "/healthz", "/static/", "/api/"
MOST_BYTES = 500_000  # of a form: a long article with a copy of the rules is a fifth of that
_MOST_FIELDS = 50
_PATIENCE = 20.0  # seconds for a form to arrive

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer, which would make the browser hide where our own forms come from.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"via")
_NOT_PAGES = re.compile(r"\.(atom|rss|json|ics|csv|txt)$")


class Refused(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, said: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(said)
        self.status, self.said, self.headers = status, said, headers or {}


class Gate:
    """ASGI around the application. `refuse` makes the page of a refusal."""

    def __init__(
        self, app: App, rules: Access, access: AccessKeys, *, refuse: Refuse, clock: Callable[[], datetime]
    ) -> None:
        self._app, self._rules, self._access, self._refuse, self._clock = app, rules, access, refuse, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # there are no web sockets here; the server says so
        visitor = Visitor()
        scope = {**scope, "presswatch.visitor": visitor}
        token = CURRENT.set(visitor)
        sending = self._sending(scope, visitor, send)
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
            sending = _without_body(sending)
        try:
            receive = await self._let_in(Request(scope), visitor, receive)
            await self._app(scope, receive, sending)
        except Refused as refused:
            answer = self._refuse(Request(scope), refused.status, refused.said)
            answer.headers.update(refused.headers)
            await answer(scope, receive, sending)
        except _SignIn:
            wanted = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            ahead = f"?next={quote(wanted, safe='/')}" if wanted != "/" else ""
            await RedirectResponse(f"{SIGN_IN}{ahead}", 303)(scope, receive, sending)
        except Exception as error:
            # Its page was sent, and the log told, by `presswatch.web.problems`; what comes here is what the
            # framework raises once more for the server.
            log.debug("The request failed.", exc_info=error)
        finally:
            CURRENT.reset(token)

    async def _let_in(self, request: Request, visitor: Visitor, receive: Receive) -> Receive:
        """Fill in who asks and what; raises `Refused`, or `_SignIn` where a sign-in would help."""
        scope, path = request.scope, request.scope["path"]
        peer = scope["client"][0] if scope.get("client") else "unknown"
        self._known_address(request, visitor, peer)
        if path == HEALTH and scope["method"] == "GET":
            return receive  # for those who ask by a number: it says one word
        self._check_name(request)
        if "\x00" in path or b"%00" in scope["query_string"]:
            raise Refused(400, "The address holds a character that no page takes.")
        if self._rules.is_open and any(name in _FORWARDED for name, _ in scope["headers"]):
            raise Refused(
                403,
                "This came through a proxy, and these pages are open to this machine only. Set"
                " PRESSWATCH_PASSWORD_HASH, and name the proxy under [web] in presswatch.toml.",
            )
        visitor.cookies = request.cookies
        if not self._known_at_once(request, visitor, peer):
            await run_in_threadpool(self._look_up, request, visitor)
        if not visitor.may_read and path != SIGN_IN and not path.startswith(STATIC):
            raise _needs_sign_in(request)
        if scope["method"] == "GET":
            return receive
        if scope["method"] != "POST":
            raise Refused(405, "This address cannot be asked like that.", {"allow": "GET, HEAD, POST"})
        return await self._form(request, visitor, receive)

    def _known_address(self, request: Request, visitor: Visitor, peer: str) -> None:
        visitor.address = self._rules.client(peer, request.headers.getlist("x-forwarded-for"))
        through = self._rules.is_proxy(peer) and request.headers.getlist("x-forwarded-proto") == ["https"]
        visitor.secure = through or request.scope.get("scheme") == "https"

    def _check_name(self, request: Request) -> None:
        given = request.headers.getlist("host")
        match = re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", given[0]) if len(given) == 1 else None
        if not match or match[1].lower().rstrip(".") not in self._rules.names:
            raise Refused(
                421, "Nothing is served under this name. If it is yours, add it to [web] hosts in presswatch.toml."
            )

    def _known_at_once(self, request: Request, visitor: Visitor, peer: str) -> bool:
        """Whether the store need not be asked who this is: as this machine, by a proxy's word, or a stranger."""
        if "authorization" in request.headers:
            return False
        if self._rules.is_open:
            visitor.how = "open"
            return True
        if self._rules.proxy_header and self._rules.is_proxy(peer):
            said = request.headers.getlist(self._rules.proxy_header)
            if len(said) == 1 and said[0].strip():
                visitor.how = "proxy"
                return True
        return not visitor.cookies.get(visitor.name(SESSION))

    def _look_up(self, request: Request, visitor: Visitor) -> None:
        """How the store knows the visitor, if at all: by a token, or by a session."""
        if secret := _token(request.headers.getlist("authorization")):
            if (token := self._access.token(keys.fingerprint(secret))) is None:
                raise Refused(401, "This token is not known here, or was revoked.", {"www-authenticate": "Bearer"})
            visitor.how, visitor.scope = "token", token.scope
            return
        cookie = visitor.cookies[visitor.name(SESSION)]
        session = self._access.session(keys.fingerprint(cookie), now=self._clock())
        if session and keys.same(session.password, keys.fingerprint(self._rules.password_hash)):
            visitor.how, visitor.session = "session", cookie

    async def _form(self, request: Request, visitor: Visitor, receive: Receive) -> Receive:
        """Read what was posted and see that a page of ours sent it, or a program with a token."""
        body = await _body(request, receive)
        if request.scope["path"].startswith(API):
            if visitor.how != "token":
                raise Refused(401, "Changes by the API take a token with admin scope.", {"www-authenticate": "Bearer"})
            return _replayed(body, receive)
        _check_origin(request)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            raise Refused(415, "A form is sent as application/x-www-form-urlencoded.")
        try:
            fields = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
            )
        except ValueError:
            raise Refused(400, "The form cannot be read.") from None
        visitor.form = dict(fields)
        expected = visitor.expected_key()
        if not expected or not keys.same(visitor.form.get(FORM_FIELD, ""), expected):
            raise Refused(403, "This form is out of date, or not from these pages. Load its page anew, and try again.")
        if not visitor.may_change and request.scope["path"] != SIGN_IN:
            raise Refused(403, "A token changes nothing here; use the API.")
        return _replayed(body, receive)

    def _sending(self, scope: Scope, visitor: Visitor, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._headers(scope, visitor, message)
            await send(message)

        return sending

    def _headers(self, scope: Scope, visitor: Visitor, message: Message) -> list[tuple[bytes, bytes]]:
        headers = list(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}
        wanted = dict(_HEADERS)
        if visitor.form_cookie or visitor.set_cookies:
            headers = [(name, value) for name, value in headers if name.lower() != b"cache-control"]
            present.discard(b"cache-control")
            wanted["cache-control"] = "no-store"
        elif scope["path"].startswith(STATIC) and message["status"] == 200 and scope["query_string"]:
            wanted["cache-control"] = "public, max-age=31536000, immutable"  # its address changes with its content
        else:
            # What was shown to somebody signed in must not come up again after the sign-out.
            wanted["cache-control"] = "private, no-cache" if self._rules.is_open else "private, no-store"
        headers += [(n.encode(), v.encode()) for n, v in wanted.items() if n.encode() not in present]
        headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in visitor.set_cookies]
        return headers


class _SignIn(Exception):
    pass


def _needs_sign_in(request: Request) -> Exception:
    """Browsers are shown the way; programs are told what is missing."""
    path = request.scope["path"]
    if request.scope["method"] == "GET" and not path.startswith(API) and not _NOT_PAGES.search(path):
        return _SignIn()
    kind = "Bearer" if path.startswith(API) else 'Basic realm="presswatch", charset="UTF-8"'
    said = "Sign in first. A program shows a token: as Authorization: Bearer, or as the password of Basic."
    return Refused(401, said, {"www-authenticate": kind})


def _token(given: list[str]) -> str:
    """The token that a program shows: as Bearer, or as the password of Basic, which is all that feed readers can."""
    if not given:
        return ""
    kind, _, value = given[0].partition(" ")
    if kind.lower() == "basic":
        try:
            value = base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            value = ""
    elif kind.lower() != "bearer":
        value = ""
    if len(given) > 1 or not value.strip():
        raise Refused(401, "This is no token.", {"www-authenticate": "Bearer"})
    return value.strip()


def _check_origin(request: Request) -> None:
    """A browser says which page a form comes from: it must be one of ours, on this very name and port."""
    origin, site = request.headers.getlist("origin"), request.headers.get("sec-fetch-site", "same-origin")
    ours = request.headers["host"].lower()
    foreign = [one for one in origin if one.lower() not in (f"http://{ours}", f"https://{ours}")]
    if foreign or site not in ("same-origin", "none"):
        raise Refused(403, "This form comes from another site, and was not taken.")


async def _body(request: Request, receive: Receive) -> bytes:
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 12 or int(length) > MOST_BYTES:
        raise Refused(413, f"This is more than {MOST_BYTES // 1000} kB, which is more than is taken here.")
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "The form was not sent to its end.")
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > MOST_BYTES:
                    raise Refused(413, f"This is more than {MOST_BYTES // 1000} kB, which is more than is taken here.")
    except TimeoutError:
        raise Refused(408, "The form took too long to arrive.") from None
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more, for the application, then whatever comes after it."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _without_body(send: Send) -> Send:
    """As an answer to HEAD: what GET would say, without its body."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending
