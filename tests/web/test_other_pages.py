"""Names, search and charts."""

import threading
from datetime import datetime, timedelta

import lxml.html
import pytest
from fastapi.testclient import TestClient

from presswatch.models import Level
from presswatch.services import Services
from presswatch.store import Store
from presswatch.web import drawing
from presswatch.web.pages.charts import draw
from presswatch.web.snapshots import MAX_AGE, Snapshot
from tests.store.samples import T0
from tests.web.conftest import Publish


def test_the_names_and_with_whom(client: TestClient, publish: Publish) -> None:
    assert "No story names" in client.get("/names").text
    publish("https://a.example/1", story="s1")
    assert client.get("/names?kind=cake").status_code == 400
    assert client.get("/names?kind=person&name=Nobody").status_code == 404


def test_a_search_marks_what_it_found(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="s1", title="One", text="The quantum machine of Harwell.")
    publish(
        "https://a.example/2", story="s2", title="二つ", text="英国政府は投資する。", language="ja", level=Level.NONE
    )
    page = client.get("/search?q=quantum").text
    assert "<mark>quantum</mark>" in page
    assert 'href="/stories/s1"' in page
    assert "<mark>政府</mark>" in client.get("/search?q=政府").text
    for query, found in (
        ("q=harw*", True),
        ("q=harwell&language=ja", False),
        ("q=harwell&level=focus", True),
        ("q=harwell&level=mention", False),
        ("q=harwell&source=newsroom&since=2025-09-16&until=2025-09-16", True),
        ("q=harwell&until=2025-09-15", False),
        ("q=harwell&topic=quantum", True),
        ("q=harwell&topic=robotics", False),
    ):
        assert ('href="/stories/s1"' in client.get(f"/search?{query}").text) is found, query
    assert "No article has these words" in client.get("/search?q=nowhere").text
    assert client.get("/search?q=%22%20-%20*").status_code == 200
    assert client.get("/search?level=none").status_code == 400


def test_each_chart_has_its_table(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="s1")
    page = lxml.html.document_fromstring(client.get("/charts").text)
    assert len(page.xpath("//section")) == 3
    for section in page.xpath("//section[.//*[local-name()='svg']]"):
        assert section.xpath(".//table")
        for picture in section.xpath(".//*[local-name()='svg']"):
            assert picture.get("role") == "img"
            assert picture.xpath("./*[local-name()='title']")
    assert not page.xpath("//*[local-name()='svg']//*[local-name()='script' or local-name()='style']")
    assert not page.xpath("//*[@style]")


def test_words_in_a_chart_are_words() -> None:
    hostile = "<script>alert(1)</script>\"'&"
    picture = drawing.bars([1, 2], labels=[hostile] * 2, words=[hostile] * 2, title=hostile, numbers=True)
    assert "<script" not in picture
    parsed = lxml.html.fragment_fromstring(picture)
    assert parsed.xpath("./*[local-name()='title']")[0].text_content() == hostile


def test_a_bar_is_as_long_as_its_value() -> None:
    parsed = lxml.html.fragment_fromstring(drawing.bars([0, 5, 10], labels="abc", words="abc", title="t"))
    heights = [float(rect.get("height")) for rect in parsed.xpath(".//*[local-name()='rect']")]
    assert len(heights) == 2
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_a_snapshot_is_made_once_and_renewed_aside() -> None:
    made, now, done = [], [0.0], threading.Event()

    def make() -> int:
        made.append(1)
        if len(made) == 2:
            done.set()
        if len(made) == 3:
            raise OSError("the store is away")
        return len(made)

    snapshot = Snapshot(make, clock=lambda: now[0])
    assert [snapshot.get(), snapshot.get()] == [1, 1]
    now[0] = MAX_AGE + 1
    assert snapshot.get() == 1  # nobody waits for the next one
    assert done.wait(5)
    for _ in range(500):
        if snapshot.get() == 2:
            break
        threading.Event().wait(0.01)
    assert snapshot.get() == 2
    assert len(made) == 2


def months(store: Store, now: datetime) -> list[str]:
    chart = draw(store, str, now)[0]
    return [*chart.heads[:1], *chart.heads[-1:], str(len(chart.heads))]


def test_the_months_begin_with_the_first_story(services: Services, publish: Publish) -> None:
    """Those without one after it are there, and never more than two years."""
    publish("https://a.example/1", story="s1", published_at=T0)
    assert months(services.store, T0) == ["Apr 2025", "Sep 2025", "6"]
    assert months(services.store, T0 + timedelta(days=365)) == ["Sep 2025", "Sep 2026", "13"]
    assert months(services.store, T0 + timedelta(days=5 * 365)) == ["Apr 2030", "Sep 2030", "6"]
    publish("https://a.example/2", story="s2", published_at=T0 + timedelta(days=5 * 365))
    assert months(services.store, T0 + timedelta(days=5 * 365)) == ["Apr 2030", "Sep 2030", "6"]
