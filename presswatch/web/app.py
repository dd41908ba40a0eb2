"""The web application, put together. What each page shows is in `presswatch.web.pages`, a module a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from presswatch.web import pages, problems
from presswatch.web.site import Site

if TYPE_CHECKING:
    from presswatch.services import Services

_STATIC = Path(__file__).parent / "static"


def create_app(services: Services, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FastAPI:
    """The application over these services. Opens the store now, so that what is wrong with it is said at the start."""
    # FastAPI's own documentation pages load scripts from elsewhere; the description itself is served.
    app = FastAPI(title="presswatch", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = Site(services, clock)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    for router in pages.ROUTERS:
        app.include_router(router, include_in_schema=False)
    problems.register(app)
    return app
