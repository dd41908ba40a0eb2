"""`/healthz`: whether the service does its work, in one word, for whoever watches it."""

from __future__ import annotations

import threading
import time

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from presswatch.monitoring import overview
from presswatch.web.site import SiteOf

router = APIRouter()

_FRESH = 5.0  # seconds that one look serves everybody
_LOOKING = threading.Lock()


@router.get("/healthz")
def healthz(site: SiteOf, request: Request) -> Response:
    """200 where all is well, 503 where not. Why, the pages and `presswatch status` tell; strangers read this."""
    with _LOOKING:
        at, well = getattr(request.app.state, "seen", (float("-inf"), False))
        if time.monotonic() - at > _FRESH:
            at, well = time.monotonic(), overview.take(site.services, site.clock()).well
            request.app.state.seen = at, well
    return JSONResponse({"well": well}, 200 if well else 503, {"cache-control": "no-store"})
