"""From a newsroom to an inbox, over real sockets: what is new is told once, and nothing is asked twice."""

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller

from presswatch import exports, jobs, settings
from presswatch.models import ChangeKind, Level
from presswatch.services import Services
from tests import labelled

pytestmark = labelled.needs_labelled

DIGESTS = """digests:
  - name: daily
    at: "0 7 * * *"
    timezone: Europe/London
    look_back: 3650d
    to: ["mailto:reader@inbox.example", "mailto:second@inbox.example"]
"""


class Inbox:
    """A mail server's end of the journey: keeps what it was handed."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append((envelope.rcpt_tos, message))
        return "250 taken"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, dict[str, str]]]:
    handler = Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=labelled.free_port())
    controller.start()
    environ = {
        "PRESSWATCH_SMTP_HOST": "127.0.0.1",
        "PRESSWATCH_SMTP_PORT": str(controller.port),
        "PRESSWATCH_SMTP_SECURITY": "none",
        "PRESSWATCH_MAIL_FROM": "presswatch@watch.example",
    }
    yield handler, environ
    controller.stop()


def control(world: Any, query: str) -> dict[str, Any]:
    with urlopen(f"{world.base('newsroom')}/_control?{query}") as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def crawl(services: Services, mode: str = "crawl") -> jobs.ProcessReport:
    since = datetime(2024, 1, 1, tzinfo=UTC) if mode == "backfill" else None
    assert not jobs.crawl(services, services.enabled, mode=mode, since=since).failed
    report = jobs.process(services, datetime.now(UTC))
    assert not report.failed
    return report


def export(services: Services, folder: Path) -> dict[str, dict[str, Any]]:
    exports.write(services.store, "jsonl", folder / "export.jsonl")
    rows = [json.loads(line) for line in (folder / "export.jsonl").read_text("utf-8").splitlines()]
    return {row["url"]: row for row in rows}


def test_from_feed_to_inbox(tmp_path: Path, inbox: tuple[Inbox, dict[str, str]]) -> None:
    """The French post that reports the London event: its verdict, its figures, and the mail about it."""
    handler, environ = inbox
    with labelled.serve("real.jsonl") as world:
        config = labelled.write_config(world, tmp_path / "config", digests=DIGESTS)
        with Services(settings.load(config, tmp_path / "data", environ)) as services:
            crawl(services, "backfill")
            rows = export(services, tmp_path)
            now = datetime.now(UTC)
            assert jobs.build_edition(services, services.digest_plan("daily"), now) is not None
            assert jobs.deliver(services, now).sent == 2
            # Building and delivering again tells nobody anything twice.
            later = now + timedelta(minutes=1)
            assert jobs.build_edition(services, services.digest_plan("daily"), later) is None
            assert jobs.deliver(services, later).sent == 0
    (row,) = (row for row in rows.values() if row["language"] == "fr")
    assert row["level"] == "focus"
    facts = {(fact["kind"], fact["value"], fact["unit"]) for fact in row["facts"]}
    assert facts >= {
        ("money", 2e9, "GBP"),
        ("gpus", 120_000, "gpu"),
        ("gpus", 60_000, "gpu"),
        ("companies", 3_700, "company"),
        ("people", 60_000, "person"),
    }
    assert set(row["organisations"]) >= {
        *("Accel", "Air Street Capital", "Balderton Capital", "Hoxton Ventures", "Phoenix Court", "Microsoft"),
        *("Nscale", "OpenAI", "CoreWeave", "Oxford Quantum Circuits", "techUK", "QA"),
    }
    assert set(row["people"]) >= {"Jensen Huang", "Keir Starmer", "Liz Kendall", "Peter Kyle", "Howard Lutnick"}
    assert "Bristol" in row["places"]
    assert "Isambard-AI" in row["products"]
    topics = {"investment", "infrastructure", "quantum", "robotics", "supercomputing", "startups", "skills"}
    assert set(row["topics"]) >= topics
    assert sorted(to for tos, _ in handler.messages for to in tos) == ["reader@inbox.example", "second@inbox.example"]
    _, message = handler.messages[0]
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    for part in (html.get_content(), text.get_content()):
        assert "£2 billion" in part
        assert "up to £2 billion" not in part  # "à hauteur de" names the sum, it does not bound it
        assert "120,000 GPUs" in part
        assert "Nscale" in part
        assert row["url"] in part
    assert message["List-Id"]
    assert message["Message-ID"]
    assert len(message.as_bytes()) < 100_000


def test_a_second_crawl_asks_each_feed_once_and_fetches_nothing(tmp_path: Path) -> None:
    with labelled.serve() as world:
        config = labelled.write_config(world, tmp_path / "config")
        with Services(settings.load(config, tmp_path / "data", {})) as services:
            crawl(services, "backfill")
            control(world, "reset")
            assert crawl(services).pages == 0
        stats = control(world, "stats")
    asked = {name: count for name, count in stats["requests"].items() if not name.endswith("/robots.txt")}
    feeds = {"newsroom /releases.xml", "newsroom /cats/press_release.xml"}
    feeds |= {f"{site} /feed/" for site in labelled.module("newsroom").SITES if site != "newsroom"}
    assert asked == dict.fromkeys(feeds, 1)
    # Ten blogs have validators, and all of them answered that nothing changed.
    assert sum(stats["not_modified"].values()) == 10
    assert stats["disallowed"] == {}
    assert set(stats["peak_concurrency"].values()) == {1}


def test_later_articles_edits_titles_and_removals_show_up_once_as_what_they_are(tmp_path: Path) -> None:
    with labelled.serve(until="2025-09-20T00:00:00Z") as world:
        config = labelled.write_config(world, tmp_path / "config")
        with Services(settings.load(config, tmp_path / "data", {})) as services:
            crawl(services, "backfill")
            before = export(services, tmp_path)
            newest = [a for a in world.published("blog") if world.url(a).rstrip("/") in before][:3]
            edited, retitled, removed = newest
            control(
                world, f"until=2025-10-20T00:00:00Z&edit={edited['id']}&retitle={retitled['id']}&delete={removed['id']}"
            )
            fresh = {world.url(a).rstrip("/") for a in world.published()} - before.keys()
            assert fresh
            crawl(services)
            after = export(services, tmp_path)
            assert after.keys() - before.keys() == fresh
            version = services.store.articles.get(world.url(removed).rstrip("/"))
            assert version is not None  # kept, and marked
            assert version.removed_at is not None
            assert [change.kind for change in version.changes] == [ChangeKind.REMOVED]
            version = services.store.articles.get(world.url(edited).rstrip("/"))
            assert version is not None
            assert [change.kind for change in version.changes] == [ChangeKind.EDITED]
            assert "[edited]" in version.changes[0].after
            version = services.store.articles.get(world.url(retitled).rstrip("/"))
            assert version is not None
            assert [change.kind for change in version.changes] == [ChangeKind.RETITLED]
            # The same again: nothing is new, nothing changes a second time.
            assert crawl(services).pages == 0
            assert export(services, tmp_path) == after


def test_levels_are_told_as_the_digest_asks(tmp_path: Path) -> None:
    digests = DIGESTS + "    levels: [focus]\n"
    with labelled.serve() as world:
        config = labelled.write_config(world, tmp_path / "config", digests=digests)
        environ = {"PRESSWATCH_SMTP_HOST": "127.0.0.1", "PRESSWATCH_MAIL_FROM": "a@b.example"}
        with Services(settings.load(config, tmp_path / "data", environ)) as services:
            crawl(services, "backfill")
            draft = jobs.preview(services, services.digest_plan("daily"), datetime.now(UTC))
            assert draft.stories
            for name in draft.stories:
                story = services.store.stories.get(name)
                assert story is not None
                assert any(version.verdict.level is Level.FOCUS for version in story.versions)
