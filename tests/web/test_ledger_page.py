"""The ledger, its sums, and the same rows as CSV."""

import csv
import io
import re

import lxml.html
import pytest
from fastapi.testclient import TestClient

from presswatch.models import Fact
from presswatch.web.pages.ledger import COLUMNS
from tests.store.samples import T0
from tests.web.conftest import Publish


def sum_of(value: float, quote: str, unit: str = "GBP") -> Fact:
    return Fact(kind="money", value=value, unit=unit, quote=quote, start=11, end=11 + len(quote))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_empty_ledger_says_so(client: TestClient) -> None:
    assert "Nothing has been promised yet" in client.get("/ledger").text
    assert rows(client.get("/ledger.csv").text) == []


def test_a_part_is_shown_and_left_out_of_the_total(client: TestClient, publish: Publish) -> None:
    text = "£2 billion, of which £500 million."
    part = Fact(kind="money", value=5e8, unit="GBP", quote="£500 million", start=32, end=44)
    publish("https://a.example/1", text=text, facts=(sum_of(2e9, "£2 billion"), part))
    page = client.get("/ledger").text
    assert "not counted: part of a sum above" in page
    totals = lxml.html.document_fromstring(page).xpath("//tr[@class='whole']")
    assert [[cell.text_content() for cell in row] for row in totals] == [["Money, GBP", "all", "£2 billion", "", "1"]]
    assert [row["counted"] for row in rows(client.get("/ledger.csv").text)] == ["False", "True"]


def test_the_csv_has_what_the_page_has(client: TestClient, publish: Publish) -> None:
    for number in range(60):
        publish(f"https://a.example/{number}", story=f"s{number:02}", facts=(sum_of(1e6 + number, "£1 million"),))
    publish("https://a.example/usd", story="usd", facts=(sum_of(5e6, "$5 million", "USD"),))
    shown: list[str] = []
    address = "/ledger?unit=GBP"
    while address:
        page = client.get(address).text
        shown += re.findall(r'class="amount"><a href="/stories/([^"]*)"', page)
        match = re.search(r'rel="next" href="([^"]*)"', page)
        address = match[1].replace("&amp;", "&") if match else ""
    found = rows(client.get("/ledger.csv?unit=GBP").text)
    assert [row["story"] for row in found] == shown
    assert len(shown) == 60
    assert tuple(found[0]) == COLUMNS
    assert len(rows(client.get("/ledger.csv").text)) == 61


@pytest.mark.parametrize("start", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(client: TestClient, publish: Publish, start: str) -> None:
    publish("https://a.example/1", text=start + " £2 billion", facts=(sum_of(2e9, "£2 billion"),))
    answer = client.get("/ledger.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    for row in rows(answer.text):
        assert row["quote"]
        assert not [value for value in row.values() if re.match(r"\s*[=+@＝-]", value)]


def test_a_filter_that_is_not_understood_is_refused(client: TestClient) -> None:
    for query in ("kind=cake", "year=soon", "year=20261"):
        assert client.get(f"/ledger?{query}").status_code == 400
        assert client.get(f"/ledger.csv?{query}").status_code == 400


def test_sums_by_year_and_currency(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="a", facts=(sum_of(2e9, "£2 billion"),))
    publish("https://a.example/2", story="b", facts=(sum_of(3e9, "£3 billion"),), published_at=T0.replace(year=2024))
    publish("https://a.example/3", story="c", facts=(sum_of(4e9, "$4 billion", "USD"),))
    table = lxml.html.document_fromstring(client.get("/ledger").text).xpath("//table")[0]
    found = [[cell.text_content() for cell in row.xpath("th|td")][:3] for row in table.xpath("tbody/tr")]
    assert found == [
        ["Money, GBP", "all", "£5 billion"],
        ["", "2025", "£2 billion"],
        ["", "2024", "£3 billion"],
        ["Money, USD", "all", "$4 billion"],
    ]
