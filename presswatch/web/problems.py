"""What a page says when something is wrong: plain sentences, and nothing of the inside."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from presswatch.errors import PresswatchError, UsageError

log = logging.getLogger(__name__)

_SAID = {
    400: ("This cannot be read", "The address or the form holds something that this page does not know."),
    401: ("Sign in first", "This is for those who have signed in."),
    403: ("Not allowed", "This needs rights that you do not have here."),
    404: ("Nothing here", "There is no such page. It may have moved, or its address was cut off."),
    405: ("Not this way", "This address cannot be asked like that."),
    408: ("Too slow", "What was sent took too long to arrive."),
    413: ("Too much", "This is more than is taken here."),
    415: ("Not this way", "What was sent is of a kind that is not taken here."),
    421: ("Not here", "Nothing is served under this name."),
    429: ("Too many tries", "Wait a moment, then try again."),
}
_FAILED = ("Something failed", "It is this program's fault, not yours. Its log says more; try again in a moment.")


def register(app: FastAPI) -> None:
    """Answer every error of the application with a page."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(PresswatchError, _known)
    app.add_exception_handler(Exception, _unknown)


def page(request: Request, status: int, said: str = "") -> Response:
    """The page for a status, for a program a problem document (RFC 9457); `said` takes the usual sentence's place."""
    title, sentence = _SAID.get(status, _FAILED if status >= 500 else _SAID[400])
    if request.url.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": said or sentence}
        return JSONResponse(problem, status, media_type="application/problem+json")
    shown = request.app.state.site.page("problem.html", status=status, title=title, sentence=said or sentence)
    assert isinstance(shown, HTMLResponse)
    return shown


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # A detail of ours is a sentence; Starlette's own is the status in one or two words, which the page says better.
    said = error.detail if error.detail.endswith(".") else ""
    answer = page(request, error.status_code, said)
    answer.headers.update(error.headers or {})
    return answer


async def _unreadable(request: Request, _: Exception) -> Response:
    return page(request, 400)


async def _known(request: Request, error: Exception) -> Response:
    if isinstance(error, UsageError):
        return page(request, 400, str(error))
    log.error("%s could not be shown: %s", request.url.path, error)
    return page(request, 503)


async def _unknown(request: Request, error: Exception) -> Response:
    log.error("%s could not be shown.", request.url.path, exc_info=error)
    return page(request, 500)
