"""What people do: read with the keyboard alone, and with scripts switched off."""

from tests.browser.conftest import Open


def test_from_story_to_story_by_keyboard(open_page: Open) -> None:
    page = open_page("/")
    links = page.locator("article.story h3 a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.href") == links.nth(1).evaluate("a => a.href")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == links.nth(0).evaluate("a => a.href")


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
