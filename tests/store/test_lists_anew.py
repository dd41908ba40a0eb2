"""After an upgrade the lists are made anew: a portion at a time, so that others work on; those who wait are told."""

import logging
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from presswatch.errors import StoreError
from presswatch.models import Tag, TagKind
from presswatch.store import Store, opened, outline, tables
from presswatch.store.database import Database
from presswatch.store.list_records import LedgerFilter, StoryFilter
from tests.store.conftest import AddPage
from tests.store.samples import T0, draft_page, make_outcome

STORIES = 7
BY_STORY = (tables.briefs, tables.story_tags, tables.commitments)


@pytest.fixture
def old(store: Store, add_page: AddPage, store_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a store whose lists an earlier presswatch made, in part otherwise."""
    monkeypatch.setattr(outline, "_PORTION", 2)
    for number in range(STORIES):
        url = f"https://a.example/{number}"
        outcome = make_outcome(add_page(url), url, story=f"s{number}", title=f"Story {number}")
        who = Tag(kind=TagKind.ORGANISATION, name="Nscale", quote="Nscale", start=0, end=6)
        store.articles.save(replace(outcome, tags=(*outcome.tags, who)), now=T0 + timedelta(minutes=number))
    with closing(Database(store_url)) as database, database.write() as connection:
        connection.execute(update(tables.made).values(version=0))
        for table in BY_STORY:
            connection.execute(delete(table).where(table.c.story == "s1"))
        connection.execute(update(tables.briefs).values(versions=9))
        connection.execute(delete(tables.story_names))
        connection.execute(insert(tables.stories).values(id="gone", first_seen_at=T0, changed_at=T0))
        row = dict(connection.execute(select(tables.briefs).where(tables.briefs.c.story == "s2")).one()._mapping)
        connection.execute(insert(tables.briefs).values(row | {"story": "gone"}))
        later = {"changed_at": T0 + timedelta(days=9)}
        connection.execute(update(tables.briefs).where(tables.briefs.c.story == "s3").values(later))
    return store_url


def everything(url: str) -> list[tuple[object, ...]]:
    with closing(Database(url)) as database, database.read() as connection:
        found = [tuple(row) for table in BY_STORY for row in connection.execute(select(table))]
        return [*found, *(tuple(row) for row in connection.execute(select(tables.story_names)))]


def test_every_list_is_whole_again_and_nothing_is_news(old: str) -> None:
    with Store.open(old) as store:
        briefs = {brief.story: brief for brief in store.briefs.list(StoryFilter()).briefs}
        assert sorted(briefs) == [f"s{number}" for number in range(STORIES)]
        assert {brief.versions for brief in briefs.values()} == {1}
        assert briefs["s3"].changed_at == T0 + timedelta(days=9)
        assert briefs["s2"].changed_at == T0 + timedelta(minutes=2)
        assert store.briefs.names("organisation")[0].stories == STORIES
        rows = store.commitments.list(LedgerFilter()).rows
        assert len(rows) == STORIES
        assert sum(row.counted for row in rows) == 1  # the same sum, said again by the others
    before = sorted(map(repr, everything(old)))
    with closing(Database(old)) as database, database.write() as connection:
        connection.execute(update(tables.made).values(version=0))
    Store.open(old).close()
    assert sorted(map(repr, everything(old))) == before


def test_whoever_has_the_store_open_can_write_meanwhile(old: str, store: Store) -> None:
    heard: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> None:
        heard.append((done, of))
        url = f"https://b.example/{done}"
        page = store.pages.add(draft_page(url))
        assert page is not None
        store.articles.save(make_outcome(page, url, story=f"z{done}"), now=T0)

    with closing(Database(old)) as database:
        outline.bring_up_to_date(database, progress)
    assert heard[:4] == [(2, 7), (4, 7), (6, 7), (8, 7)]
    assert len(store.briefs.list(StoryFilter(limit=100)).briefs) == STORIES + len(heard)


def test_ended_half_way_it_begins_again(old: str) -> None:
    class Ended(Exception):
        pass

    def end(done: int, _: int) -> None:
        if done >= 4:
            raise Ended

    with closing(Database(old)) as database:
        with pytest.raises(Ended):
            outline.bring_up_to_date(database, end)
        with database.read() as connection:
            assert not outline.is_up_to_date(connection)
    with Store.open(old) as store:
        assert len(store.briefs.list(StoryFilter()).briefs) == STORIES


def test_progress_is_said_where_it_takes_long(
    old: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opened, "_SAY_EVERY", 0.0)
    with caplog.at_level(logging.WARNING):
        Store.open(old).close()
    assert "is brought up to date after an upgrade, once: 2 of 7 stories, about" in caplog.text
    caplog.clear()
    Store.open(old).close()
    assert not caplog.text


def test_who_comes_meanwhile_waits_and_says_why(
    old: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opened, "_SAY_EVERY", 0.1)
    over = threading.Event()
    with closing(Database(old)) as database, database.lock("upgrade"):
        monkeypatch.setattr(opened, "_PATIENCE", 0.5)
        with pytest.raises(
            StoreError, match=r"Another presswatch has been bringing the store .* Wait until it is done"
        ):
            Store.open(old)
        assert caplog.text.count("Another presswatch brings the store") == 1
        monkeypatch.setattr(opened, "_PATIENCE", 60.0)
        found: list[int] = []

        def come() -> None:
            with Store.open(old) as store:
                assert over.is_set()
                found.append(len(store.briefs.list(StoryFilter()).briefs))

        waiting = threading.Thread(target=come)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        over.set()
    waiting.join(60)
    assert found == [STORIES]
