"""The web application, put together. What each page shows is in `presswatch.web.pages`, a module a page."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from presswatch import access
from presswatch.errors import PresswatchError
from presswatch.web import pages, problems
from presswatch.web.api import description
from presswatch.web.api import routes as api
from presswatch.web.gate import App, Gate
from presswatch.web.pages import charts, sources
from presswatch.web.site import Site
from presswatch.web.throttle import Throttle
from presswatch.web.trials import Trials

if TYPE_CHECKING:
    from presswatch.services import Services

log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"


class _App(FastAPI):
    """FastAPI's, with the gate around everything, its own error pages too."""

    def __init__(self, gate: Callable[[App], Gate], **options: Any) -> None:
        super().__init__(**options)
        self._gate = gate

    def build_middleware_stack(self) -> Any:
        return self._gate(super().build_middleware_stack())


def create_app(services: Services, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FastAPI:
    """The application over these services. Opens the store now, so that what is wrong with it is said at the start."""
    # FastAPI's own documentation pages load scripts from elsewhere; the description itself is served.
    site = Site(services, clock)
    rules = access.of(services.settings)
    app = _App(
        lambda inner: Gate(inner, rules, site.store.access, refuse=problems.page, clock=clock),
        title="presswatch",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.site = site
    app.state.rules = rules
    app.state.throttle = Throttle()
    app.state.trials = Trials()
    app.state.warm_up = lambda: _warm_up(site)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    for router in pages.ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.include_router(api.router)
    app.include_router(description.router, include_in_schema=False)
    problems.register(app)
    return app


def _warm_up(site: Site) -> None:
    """Make what takes longer than a page may, before anybody asks for it: the towns, the charts, the sources' month."""
    try:
        _ = site.regions
        charts.drawn(site)
        site.histories()
        sources.month(site)
        sources.arrived(site)
    except PresswatchError as error:  # whoever asks for that page is told
        log.warning("The pages could not be made ready: %s", error)
    # What is there by now stays for good. Looking through it for garbage would hold up a visitor for 50 ms each time.
    gc.collect()
    gc.freeze()
