"""What people do: read with the keyboard alone, and with scripts switched off."""

import csv
import io
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

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


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_newcomer_finds_the_evidence_the_original_the_feed_and_the_csv(open_page: Open, script: bool) -> None:
    page = open_page("/", java_script_enabled=script)
    page.get_by_role("link", name="NVIDIA and Humberline to Build AI Factory").click()
    mark = page.locator(".evidence").first
    why = mark.locator(".why")
    assert not why.is_visible()
    mark.focus()  # as the Tab key does
    expect(why).to_be_visible()
    assert len(why.inner_text()) > 10
    mark.blur()
    mark.locator("mark").hover()
    expect(why).to_be_visible()

    page.get_by_role("link", name="As it was archived").click()
    assert "Humberline" in page.locator(".archived").inner_text()
    assert page.locator(".archived :is(script, style, img, a, iframe, form, link)").count() == 0
    page.go_back()

    page.locator(".who").get_by_role("link", name="University of Hull").click()
    assert page.locator("article.story").count() == 2
    feed = page.get_by_role("link", name="Atom").get_attribute("href")
    assert feed == "/stories.atom?organisation=University+of+Hull"
    answer = page.request.get(urljoin(page.url, feed))
    assert answer.ok
    assert answer.text().count("<entry") == 2

    page.get_by_role("link", name="Ledger").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert len(rows) == page.locator("table.stack tbody tr").count() > 10
    assert page.complaints == []  # type: ignore[attr-defined]
