"""Each page in a real browser: it asks nobody else, complains of nothing, fits its window, and everybody can use it."""

import json

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from presswatch.web import pages
from tests.browser.conftest import Open

# The pages that need no argument, from the routes themselves: a new page cannot be forgotten. /healthz is for programs.
PATHS = sorted(
    {
        route.path
        for router in pages.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods and "{" not in route.path and "." not in route.path
    }
    - {"/healthz"}
)
# A telephone at night, and a desk by day.
WINDOWS = {"narrow and dark": {"width": 375, "dark": True}, "wide and light": {"width": 1280, "dark": False}}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("path", PATHS)
def test_it_can_be_used(open_page: Open, axe: str, path: str, window: str) -> None:
    # axe is put in from outside, which the pages' own policy forbids to everybody else.
    page = open_page(path, bypass_csp=True, **WINDOWS[window])
    page.add_script_tag(content=axe)
    found = page.evaluate("axe.run()")
    serious = [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert not serious, json.dumps(serious, indent=1)
    assert len(found["passes"]) > 5


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("path", PATHS)
def test_it_asks_nobody_else_and_fits(open_page: Open, path: str, window: str) -> None:
    page = open_page(path, **WINDOWS[window])
    page.wait_for_load_state("networkidle")
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.scrollWidth") <= WINDOWS[window]["width"]
    assert page.locator("h1").count() == 1


def test_the_first_page_is_light(open_page: Open, app: FastAPI) -> None:
    sizes: list[int] = []
    page = open_page("/")
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert 5_000 < sum(sizes) < 60_000
