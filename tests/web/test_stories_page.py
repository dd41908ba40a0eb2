"""The first page: the stories by day, filtered and turned over, whatever their headlines hold."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from presswatch.digests import telling
from presswatch.digests.edition import Labels
from presswatch.models import Level
from presswatch.services import Services
from presswatch.store.briefs import Briefs
from presswatch.store.list_records import StoryFilter
from tests.store.samples import T0
from tests.web.conftest import Publish


def headlines(page: str) -> list[str]:
    return re.findall(r"<h3[^>]*><a[^>]*>([^<]*)</a></h3>", page)


def test_an_empty_store_says_so(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "There is nothing yet" in answer.text


def test_newest_first_under_their_days(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="s1", title="The elder")
    later = T0 + timedelta(days=1)
    publish("https://a.example/2", story="s2", title="The younger", published_at=later, first_seen_at=later)
    page = client.get("/").text
    assert headlines(page) == ["The younger", "The elder"]
    assert page.index("2025-09-17") < page.index("The younger") < page.index("2025-09-16") < page.index("The elder")
    assert "£2 billion" in page


def test_what_is_not_told_is_shown_only_when_asked_for(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", title="In passing", level=Level.MENTION)
    assert headlines(client.get("/").text) == []


def test_a_filter_is_in_the_address_and_can_be_taken_away(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="s1", title="Quantum", topics=("quantum",))
    publish("https://a.example/2", story="s2", title="Robots", topics=("robotics",))
    page = client.get("/?topic=robotics").text
    assert headlines(page) == ["Robots"]
    assert '<a href="/">topic: robotics' in page
    assert headlines(client.get("/?until=2025-09-15").text) == []
    assert len(headlines(client.get("/?since=2025-09-16&until=2025-09-16").text)) == 2


def test_a_filter_that_is_not_understood_shows_nothing_rather_than_everything(client: TestClient) -> None:
    for address in ("/?level=big", "/?since=yesterday", "/?until=2025-02-30"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert "Back to the stories" in answer.text


def test_older_stories_are_a_page_further(client: TestClient, publish: Publish) -> None:
    for number in range(35):
        publish(
            f"https://a.example/{number}",
            story=f"s{number}",
            title=f"No. {number}",
            published_at=T0 - timedelta(hours=number),
        )
    first = client.get("/?topic=quantum").text
    match = re.search(r'rel="next" href="([^"]*)"', first)
    assert match
    second = client.get(match[1].replace("&amp;", "&")).text
    assert headlines(first) + headlines(second) == [f"No. {number}" for number in range(35)]
    assert "Older stories" not in second


def test_markup_in_a_headline_is_text(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", title="<script>alert(1)</script>\"'><img src=x onerror=alert(1)>")
    page = client.get("/").text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_what_does_not_exist_is_said_in_a_sentence(client: TestClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_a_defect_says_nothing_of_the_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Briefs, "list", lambda *_, **__: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_what_the_title_says_is_not_said_again(publish: Publish, services: Services) -> None:
    publish("https://a.example/1", title="A round-up", level=Level.PART)
    (brief,) = services.store.briefs.list(StoryFilter()).briefs
    item = telling.in_brief(brief, language="en", labels=Labels(), zone=ZoneInfo("UTC"))
    first = "Harwell gets a computer " + "that is larger than the one before it and " * 8 + "is to open in May."
    long = replace(item, sentences=(first, "It costs £2 billion."))
    assert long.title.endswith("…")
    assert f"{long.title.removesuffix('…')} {long.more.removeprefix('… ')}" == long.said
    assert replace(item, sentences=("It opens.", "It costs.")).more == "It costs."
    assert replace(item, sentences=("It opens.",)).more == ""
    assert replace(item, headline="Harwell", sentences=("It opens.",)).more == "It opens."
