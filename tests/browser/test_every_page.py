"""Each page in a real browser: it asks nobody else, complains of nothing, fits its window, and everybody can use it."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from playwright.sync_api import Page

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
# Those that need one: from which page, by which link.
LINKED = {
    "a story": ("/", "article.story h3 a"),
    "what was archived": ("/", "article.story h3 a", "a[href^='/originals/']"),
    "a name": ("/names", "table a[href*='kind=organisation']"),
    "a place": ("/names", "table a[href*='kind=place']"),
    "an edition": ("/digests", "table a[href^='/digests/']"),
    "the next edition": ("/digests", "a[href^='/digests/next/']"),
    "what was searched": ("/search?q=GPU",),
    "stories of one topic": ("/?topic=investment",),
}
WIDTHS = (375, 1280)  # a telephone and a desk


def _opened(open_page: Open, name: str, **how: Any) -> Page:
    start, *links = LINKED.get(name, (name,))
    page = open_page(start, **how)
    for link in links:
        page.locator(link).first.click()
        page.wait_for_load_state()
    return page


# Colours do not depend on the width, nor does what fits on the colours.
@pytest.mark.parametrize(("width", "dark"), [(WIDTHS[0], True), (WIDTHS[1], False)], ids=["narrow-dark", "wide-light"])
@pytest.mark.parametrize("name", [*PATHS, *LINKED])
def test_it_can_be_used(open_page: Open, axe: str, name: str, width: int, dark: bool) -> None:
    # axe is put in from outside, which the pages' own policy forbids to everybody else.
    page = _opened(open_page, name, bypass_csp=True, width=width, dark=dark)
    page.add_script_tag(content=axe)
    found = page.evaluate("axe.run()")
    serious = [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert not serious, json.dumps(serious, indent=1)
    assert len(found["passes"]) > 5


@pytest.mark.parametrize("name", [*PATHS, *LINKED])
def test_it_asks_nobody_else_and_fits(open_page: Open, name: str) -> None:
    page = _opened(open_page, name)
    page.wait_for_load_state("networkidle")
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.locator("h1:not(.archived h1)").count() == 1
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_page_is_light(open_page: Open, app: FastAPI) -> None:
    sizes: list[int] = []
    page = open_page("/")
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert 5_000 < sum(sizes) < 60_000
