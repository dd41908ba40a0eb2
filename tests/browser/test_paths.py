"""What people do: read with the keyboard alone, and with scripts switched off."""

import csv
import io
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open


def test_from_story_to_story_by_keyboard(open_page: Open) -> None:
    page = open_page("/")
    links = page.locator("article.story h3 a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.href") == links.nth(1).evaluate("a => a.href")
    page.keyboard.press("k")
    first = links.nth(0).evaluate("a => a.href")
    assert page.evaluate("document.activeElement.href") == first
    page.keyboard.press("o")
    page.wait_for_url(first)


def test_the_first_tab_leads_past_the_menu(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"


def test_letters_typed_into_the_search_are_letters(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#find").fill("")
    page.locator("#find").press_sequentially("jko")
    assert page.locator("#find").input_value() == "jko"


def test_filtering_needs_no_script(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    before = page.locator("article.story").count()
    page.locator("#topic").select_option("quantum")
    page.get_by_role("button", name="Show").click()
    assert "topic=quantum" in page.url
    assert 0 < page.locator("article.story").count() < before
    page.locator(".chosen a").first.click()
    assert page.locator("article.story").count() == before


HOW: dict[str, dict[str, Any]] = {
    "at a desk": {},
    "by keyboard alone": {},
    "on a telephone at night, without scripts": {"width": 375, "dark": True, "java_script_enabled": False},
}


def _step_to(link: Locator) -> None:
    """Press Tab until `link` has the focus."""
    for _ in range(300):
        link.page.keyboard.press("Tab")
        if link.evaluate("a => a === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead to {link}")


def _follow(link: Locator, how: str) -> None:
    if how == "by keyboard alone":
        _step_to(link)
        link.page.keyboard.press("Enter")
    else:
        link.click()


@pytest.mark.parametrize("how", HOW)
def test_a_newcomer_finds_the_evidence_the_original_the_feed_and_the_csv(open_page: Open, how: str) -> None:
    page = open_page("/", **HOW[how])
    _follow(page.get_by_role("link", name="NVIDIA and Humberline to Build AI Factory"), how)
    page.wait_for_url("**/stories/*")
    mark = page.locator(".evidence").first
    why = mark.locator(".why")
    assert not why.is_visible()
    if how == "by keyboard alone":
        _step_to(mark)
    else:
        mark.locator("mark").hover()
    expect(why).to_be_visible()
    assert len(why.inner_text()) > 10

    _follow(page.get_by_role("link", name="As it was archived"), how)
    page.wait_for_url("**/originals/*")
    assert "Humberline" in page.locator(".archived").inner_text()
    assert page.locator(".archived :is(script, style, img, a, iframe, form, link)").count() == 0
    page.go_back()

    _follow(page.locator(".who").get_by_role("link", name="University of Hull"), how)
    page.wait_for_url("**organisation=University*")
    assert page.locator("article.story").count() == 2
    feed = page.get_by_role("link", name="Atom").get_attribute("href")
    assert feed == "/stories.atom?organisation=University+of+Hull"
    answer = page.request.get(urljoin(page.url, feed))
    assert answer.ok
    assert answer.text().count("<entry") == 2

    _follow(page.get_by_role("link", name="Ledger"), how)
    with page.expect_download() as download:
        _follow(page.get_by_role("link", name="Download these as CSV"), how)
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert len(rows) == page.locator("table.stack tbody tr").count() > 10
    assert page.complaints == []  # type: ignore[attr-defined]
