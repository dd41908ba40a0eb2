"""Every earlier schema, with data in it, is brought up to date and loses none of it."""

import io
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, func, inspect, select, types

from presswatch.store import Store, tables
from presswatch.store.database import Database
from presswatch.store.list_records import LedgerFilter, StoryFilter
from presswatch.store.opened import _MIGRATIONS
from presswatch.store.upgrade import upgrade

T0 = datetime(2025, 9, 16, 12, tzinfo=UTC)


def revisions() -> list[str]:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


# What cannot be made up, by table: what refers to something, is JSON, or is asked for below.
ROWS: dict[str, dict[str, Any]] = {
    "sources": {"id": "newsroom", "state": "ok", "message": "", "failures": 0, "next_due_at": T0 + timedelta(hours=1)},
    "feeds": {"url": "https://a.example/feed", "source": "newsroom", "etag": b'"x"', "status": 200},
    "pages": {"id": 1, "url": "https://a.example/x", "revision": 1, "status": 200, "via": "page", "processed_at": T0},
    "stories": {"id": "s1", "merged_into": None},
    "articles": {
        "id": 1, "url": "https://a.example/x", "source": "newsroom", "language": "en", "title": "A headline",
        "text": "A text about Harwell.", "published_from": "feed", "alternates": '["https://a.example/fr"]', "page": 1,
        "revisions": 1, "story": "s1", "level": "focus", "passages": "[[0,20]]", "summary": '["A text."]',
        "traits": "[]", "via": "page", "removed_at": None, "reasons": "[]", "check_status": 200,
    },
    "revisions": {"article": 1, "number": 1, "page": 1},
    "tags": {"article": 1, "position": 0, "kind": "topic", "name": "quantum", "start": 0, "end": 4},
    "facts": {"article": 1, "position": 0, "kind": "money", "unit": "GBP", "value": 2e9, "start": 3, "end": 13},
    "changes": {"article": 1, "kind": "edited"},
    "digests": {"id": 1, "name": "daily", "edition": "2025-09-17T07:00Z", "subject": "One story"},
    "told": {"digest": 1, "story": "s1", "position": 0, "again": False},
    "deliveries": {
        "id": 1, "digest": 1, "recipient": "mailto:you@example.org", "state": "due", "attempts": 1,
        "claimed_until": None, "message_id": "daily.1",
    },
    "opinions": {"article": 1, "level": "focus", "summary": "[]"},
    # As other rules made them: opening makes them anew.
    "briefs": {"story": "s1", "level": "focus", "brief": '{"title": "old rules"}', "versions": 7},
    "story_tags": {"story": "s1", "kind": "topic", "name": "gone"},
    "story_names": {"kind": "topic", "name": "gone"},
    "commitments": {"story": "s1", "who": "[]", "where": "[]", "due_on": None, "repeats": None, "part_of": None},
    "made": {"what": "outlines", "version": 0},
}  # fmt: skip

REMADE = {"briefs", "story_tags", "story_names", "commitments", "made"}


def value(column: Any) -> Any:
    """Something that the column takes."""
    if isinstance(column.type, types.Boolean):
        return True
    if isinstance(column.type, types.Integer):
        return 1
    if isinstance(column.type, types.Float):
        return 1.5
    if isinstance(column.type, types.DateTime):
        return T0 if column.type.timezone else T0.replace(tzinfo=None)
    if isinstance(column.type, types.LargeBinary):
        return b"x"
    return "x"


def fill(connection: Connection) -> dict[str, int]:
    """A row in every table that has none; how many each has."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith("search") and name != "alembic_version")
    for table in found.sorted_tables:
        if connection.scalar(select(func.count()).select_from(table)) == 0:
            values = {c.name: value(c) for c in table.columns if c.name != "id" or not _counts(c)}
            connection.execute(table.insert().values(values | ROWS.get(table.name, {})))
    return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in found.sorted_tables}


def _counts(column: Any) -> bool:
    return bool(column.primary_key and isinstance(column.type, types.Integer))


@pytest.mark.parametrize("revision", revisions())
def test_a_store_of_every_earlier_schema(database_url: str, revision: str) -> None:
    with closing(Database(database_url)) as database, database.write() as connection:
        upgrade(connection, _MIGRATIONS, "0001")
        fill(connection)
        upgrade(connection, _MIGRATIONS, revision)
        before = fill(connection)
    with Store.open(database_url) as store:
        version = store.articles.get("https://a.example/x")
        assert version is not None
        assert (version.article.title, version.story) == ("A headline", "s1")
        assert [tag.name for tag in version.tags] == ["quantum"]
        assert [fact.value for fact in version.facts] == [2e9]
        edition = store.digests.get(1)
        assert edition is not None
        assert (edition.subject, edition.event) == ("One story", "")
        assert store.digests.told("daily")["s1"].edition == "2025-09-17T07:00Z"
        assert [d.recipient for d in store.digests.due_deliveries(T0)] == ["mailto:you@example.org"]
        assert store.pages.known(["https://a.example/x"], now=T0) == {"https://a.example/x"}
        (brief,) = store.briefs.list(StoryFilter(topics=("quantum",))).briefs
        assert (brief.story, brief.title, brief.versions) == ("s1", "A headline", 1)
        assert [found.name for found in store.briefs.names("topic")] == ["quantum"]
        (row,) = store.commitments.list(LedgerFilter()).rows
        assert (row.commitment.value, row.commitment.unit, row.counted) == (2e9, "GBP", True)
        feed = store.sources.feed_state("https://a.example/feed")
        assert feed is not None
        assert feed.etag == b'"x"'
    with closing(Database(database_url)) as database, database.read() as connection:
        now = {name: count_of(connection, name) for name in before if inspect(connection).has_table(name)}
        kept = {name: count for name, count in before.items() if name in now and name not in REMADE}
        assert {name: now[name] for name in kept} == kept
        assert set(tables.metadata.tables) >= set(now)


def count_of(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(Table(name, MetaData(), autoload_with=connection))) or 0
