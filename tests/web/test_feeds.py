"""Feeds and the calendar: strict readers take them, a real one sees new stories once and edits as edits."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import jsonschema_rs
import pytest
import uvicorn
from fastapi.testclient import TestClient
from icalendar import Calendar
from lxml import etree

from presswatch.models import Change, ChangeKind
from presswatch.services import Services
from presswatch.web.app import create_app
from tests.store.samples import T0, draft_page, make_outcome
from tests.web.conftest import Publish

HOSTILE = "]]><script>alert(1)</script>&amp; \x0b \"'"
FORMS = ("atom", "rss", "json")


def ids(client: TestClient, path: str) -> list[str]:
    return [item["id"] for item in client.get(path).json()["items"]]


def edit(services: Services, url: str, text: str, now: datetime) -> None:
    page = services.store.pages.add(draft_page(url, text, fetched_at=now))
    assert page is not None
    change = Change(url=url, kind=ChangeKind.EDITED, at=now, before="a", after=text)
    outcome = make_outcome(page, url, story="s1", title="First", text=text, changes=(change,))
    services.store.articles.save(replace(outcome, summary=(text,)), now=now)


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_xml_is_strict_and_a_parser_finds_no_fault(client: TestClient, publish: Publish, form: str) -> None:
    publish("https://a.example/1", story="s1", title=HOSTILE, text=HOSTILE)
    publish("https://a.example/2", story="s2", title="Zweite", language="de", published_at=T0 + timedelta(days=1))
    body = client.get(f"/stories.{form}").content
    etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    assert parsed.version == {"atom": "atom10", "rss": "rss20"}[form]
    assert sorted(entry.id for entry in parsed.entries) == ["urn:presswatch:story:s1", "urn:presswatch:story:s2"]
    for entry in parsed.entries:
        assert entry.link.startswith("http://127.0.0.1/stories/")
        assert "£2 billion" in entry.content[0].value
        assert "<script" not in entry.content[0].value
        assert entry.published_parsed
        assert entry.updated_parsed


# JSON Feed 1.1, written down from its specification: https://www.jsonfeed.org/version/1.1/
TEXT, ADDRESS, WHEN = {"type": "string"}, {"type": "string", "format": "uri"}, {"type": "string", "format": "date-time"}
AUTHORS = {
    "type": "array",
    "items": {"type": "object", "properties": {"name": TEXT, "url": ADDRESS, "avatar": ADDRESS}, "minProperties": 1},
}
ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("id", "title", "content_html", "content_text", "summary", "language"), TEXT),
        **dict.fromkeys(("url", "external_url", "image", "banner_image"), ADDRESS),
        **dict.fromkeys(("date_published", "date_modified"), WHEN),
        "authors": AUTHORS,
        "tags": {"type": "array", "items": TEXT},
    },
}
FEED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("title", "description", "user_comment", "language"), TEXT),
        **dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), ADDRESS),
        "authors": AUTHORS,
        "expired": {"type": "boolean"},
        "items": {"type": "array", "items": ITEM},
    },
}


def test_json_feed_has_what_its_schema_asks_for(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", title=HOSTILE)
    feed = client.get("/stories.json?topic=quantum").json()
    schema = jsonschema_rs.Draft202012Validator(FEED, validate_formats=True)
    assert [error.message for error in schema.iter_errors(feed)] == []
    assert list(schema.iter_errors({**feed, "items": [{**feed["items"][0], "date_published": "yesterday"}]}))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://127.0.0.1/?topic=quantum"
    assert feed["feed_url"] == "http://127.0.0.1/stories.json?topic=quantum"
    assert isinstance(feed["title"], str)
    (item,) = feed["items"]
    assert isinstance(item["id"], str)
    assert item["url"].startswith("http://")
    assert item["external_url"] == "https://a.example/1"
    assert "£2 billion" in item["content_html"]
    assert "<script" not in item["content_html"]
    for name in ("date_published", "date_modified"):
        assert datetime.fromisoformat(item[name]).tzinfo is not None
    assert [set(author) <= {"name", "url", "avatar"} for author in item["authors"]] == [True]
    assert all(isinstance(tag, str) for tag in item["tags"])
    assert item["language"] == "en"


def test_every_filter_has_its_feed(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="s1", topics=("quantum",))
    publish("https://a.example/2", story="s2", topics=("robotics",), language="fr", source="other")
    for query, expected in (
        ("", ["s1", "s2"]),
        ("topic=quantum", ["s1"]),
        ("language=fr", ["s2"]),
        ("source=other&topic=robotics", ["s2"]),
        ("since=2025-09-17", []),
        ("place=Nowhere", []),
    ):
        assert sorted(ids(client, f"/stories.json?{query}")) == [f"urn:presswatch:story:{name}" for name in expected]
        assert len(feedparser.parse(client.get(f"/stories.atom?{query}").content).entries) == len(expected)
    assert client.get("/stories.atom?level=loud").status_code == 400


@pytest.mark.parametrize("form", [*FORMS, "ics"])
def test_what_has_not_changed_is_not_sent_again(
    client: TestClient, publish: Publish, services: Services, form: str
) -> None:
    publish("https://a.example/1", story="s1", title="First")
    first = client.get(f"/stories.{form}")
    tag = first.headers["etag"]
    again = client.get(f"/stories.{form}", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/stories.{form}").content == first.content
    if form != "ics":
        modified = first.headers["last-modified"]
        assert client.get(f"/stories.{form}", headers={"If-Modified-Since": modified}).status_code == 304
        edit(services, "https://a.example/1", "Another text.", T0 + timedelta(hours=1))
        assert client.get(f"/stories.{form}", headers={"If-None-Match": tag}).status_code == 200
        assert client.get(f"/stories.{form}", headers={"If-Modified-Since": modified}).status_code == 200
        both = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        assert client.get(f"/stories.{form}", headers=both).status_code == 200
    assert client.get(f"/stories.{form}", headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_updated_moves_only_with_the_story(client: TestClient, publish: Publish, services: Services) -> None:
    publish("https://a.example/1", story="s1", title="First", text="Its text.")
    second = publish("https://a.example/2", story="s2", title="Second")

    def updated() -> dict[str, str]:
        return {item["id"][-2:]: item["date_modified"] for item in client.get("/stories.json").json()["items"]}

    before = updated()
    services.store.articles.save(second, now=T0 + timedelta(minutes=9))  # the same page, judged again
    assert updated() == before
    edit(services, "https://a.example/1", "Another text.", T0 + timedelta(hours=1))
    assert updated() == before | {"s1": "2025-09-16T13:00:00Z"}
    assert ids(client, "/stories.json")[0].endswith("s1")


def test_dates_that_stories_announce_are_a_calendar(client: TestClient, publish: Publish) -> None:
    text = "£2 billion by the end of 2099; a very long line, with commas; and more " + "words " * 30
    publish("https://a.example/1", story="s1", text=text, topics=("quantum",))
    publish("https://a.example/2", story="s2", text="£2 billion by the end of 2019, says nobody.")
    answer = client.get("/stories.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    (event,) = found.walk("VEVENT")
    assert event["DTSTART"].dt == datetime(2099, 12, 31, tzinfo=UTC).date()
    assert str(event["SUMMARY"]) == "£2 billion (by the end of 2099)"
    assert str(event["URL"]) == "http://127.0.0.1/stories/s1"
    assert str(event["UID"]).endswith("@presswatch")
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert not list(Calendar.from_ical(client.get("/stories.ics?topic=robotics").content).walk("VEVENT"))
    assert len(list(Calendar.from_ical(client.get("/stories.ics?topic=quantum").content).walk("VEVENT"))) == 1


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    """The pages over loopback, as a feed reader asks for them."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(services), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("form", FORMS)
def test_a_real_reader_sees_stories_once_and_edits_as_edits(
    address: str, publish: Publish, services: Services, form: str, tmp_path: Any
) -> None:
    from reader import make_reader

    reader = make_reader(str(tmp_path / "reader.sqlite"))
    feed = f"{address}/stories.{form}?topic=quantum"
    reader.add_feed(feed)
    publish("https://a.example/1", story="s1", title="First")

    def news() -> tuple[int, int]:
        counts = reader.update_feed(feed)
        return (counts.new, counts.modified) if counts else (0, 0)

    assert news() == (1, 0)
    assert news() == (0, 0)
    publish("https://a.example/2", story="s2", title="Second", now=T0 + timedelta(minutes=1))
    assert news() == (1, 0)
    edit(services, "https://a.example/1", "Another text.", T0 + timedelta(hours=1))
    assert news() == (0, 1)
    publish("https://a.example/3", story="s2", title="Zweite", language="de", now=T0 + timedelta(hours=2))
    assert news()[0] == 0  # a translation is no new story
    assert sorted(entry.title for entry in reader.get_entries()) == ["First", "Second"]
    assert "Another text." in json.dumps([c.value for e in reader.get_entries() for c in e.content])
    reader.close()
