"""The ledger, its sums, and the same rows as CSV."""

import csv
import io
import re
from dataclasses import replace

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
    table = lxml.html.document_fromstring(client.get("/ledger").text).xpath("//*[@aria-label='Totals']/table")[0]
    found = [[cell.text_content() for cell in row.xpath("th|td")][:3] for row in table.xpath("tbody/tr")]
    assert found == [
        ["Money, GBP", "all", "£5 billion"],
        ["", "2025", "£2 billion"],
        ["", "2024", "£3 billion"],
        ["Money, USD", "all", "$4 billion"],
    ]


def chart(page: str) -> dict[str, list[str]]:
    """The table beside the pictures: by what it is of, and its head under ""."""
    (table,) = lxml.html.document_fromstring(page).xpath("//section[@aria-labelledby='time']//table")
    rows = [[cell.text_content() for cell in row] for row in table.xpath(".//tr")]
    return {"" if row[0] == "What" else row[0]: row[1:] for row in rows}


def test_what_was_promised_over_time_is_a_picture_and_its_table(client: TestClient, publish: Publish) -> None:
    days = {"a": T0, "b": T0.replace(month=11), "c": T0.replace(month=2, year=2026)}
    for number, (name, day) in enumerate(days.items()):
        values = {"story": name, "published_at": day, "first_seen_at": day}
        firm, most = sum_of(1e6 * (number + 1), "£1 million"), replace(sum_of(5e6, "£5 million"), qualifier="up to")
        publish(f"https://a.example/{name}", facts=(firm, most) if name == "b" else (firm,), **values)
    gpus = Fact(kind="gpus", value=512, unit="gpu", quote="512 GPUs", start=11, end=19)
    publish("https://a.example/g", story="g", facts=(gpus, sum_of(7e6, "$7 million", "USD")))
    page = client.get("/ledger").text
    assert chart(page) == {
        "": ["Q2 2025", "Q3 2025", "Q4 2025", "Q1 2026"],
        "Money, GBP": ["", "£1 million", "£7 million, of it “up to” £5 million", "£3 million"],
        "Money, USD": ["", "$7 million", "", ""],
        "GPUs": ["", "512 GPUs", "", ""],
    }
    pictures = lxml.html.document_fromstring(page).xpath("//section[@aria-labelledby='time']//figure")
    assert [one.xpath("string(figcaption)") for one in pictures] == ["Money, GBP", "Money, USD", "GPUs"]
    assert [bar.get("class") for bar in pictures[0].xpath(".//rect")] == ["full", "full", "outlined", "full"]
    heights = [float(bar.get("height")) for bar in pictures[0].xpath(".//rect")]
    assert heights[2] == pytest.approx(2.5 * heights[1], rel=0.02)  # 5 of 7 million is outlined, 2 of them are not
    assert heights[3] == pytest.approx(3 * heights[0], rel=0.02)
    assert "What is drawn as an outline" in page


def test_of_many_years_the_picture_is_by_year_and_follows_the_filter(client: TestClient, publish: Publish) -> None:
    for year in (2021, 2023, 2025):
        day = T0.replace(year=year)
        publish(f"https://a.example/{year}", story=str(year), published_at=day, first_seen_at=day)
    assert chart(client.get("/ledger").text) == {
        "": ["2021", "2022", "2023", "2024", "2025"],
        "Money, GBP": ["£2 billion", "", "£2 billion", "", "£2 billion"],
    }
    assert chart(client.get("/ledger?year=2023").text)[""] == ["Q4 2022", "Q1 2023", "Q2 2023", "Q3 2023"]
    assert "Over time" not in client.get("/ledger?kind=jobs").text
    for year in ("0000", "9999"):
        assert "No commitment passes this filter" in client.get(f"/ledger?year={year}").text
