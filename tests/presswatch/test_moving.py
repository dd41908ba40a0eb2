"""The store moves to the other engine and back, whole, whatever happens on the way."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from presswatch import moving, settings
from presswatch.errors import StoreError
from presswatch.jobs import silent
from presswatch.models import Candidate
from presswatch.store import Store
from presswatch.store.database import Database
from presswatch.store.records import FeedState
from presswatch.store.tables import REVISION

from ..conftest import NewDatabase
from ..store.samples import T0, draft_page, make_draft, make_outcome, record_visit

MIDNIGHT = datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def fill(store: Store, articles: int = 20) -> None:
    """Something of everything that is hard to carry over."""
    for n in range(articles):
        url = f"https://a.example/{n}"
        candidate = Candidate(url=url, source="a", via="feed", title="Ein\x00 Titel", published_at=MIDNIGHT)
        page = store.pages.add(draft_page(url, f"body {n}", candidate=candidate, fetched_at=T0 + timedelta(seconds=n)))
        assert page is not None
        outcome = make_outcome(
            page, url, story=f"story {n % 7}", title=f"Über € 英国 🧪 {n}", text=f"Words {n}", simhash=2**64 - 1 - n
        )
        # The last one shows two stories to be one: a tombstone that points at a living story, which may come later.
        joined = ("story 6",) if n == articles - 1 else ()
        store.articles.save(replace(outcome, merges=joined), now=T0)
    feed = FeedState(url="https://a.example/f", source="a", etag=b"\xff\x00raw", checked_at=MIDNIGHT, status=200)
    store.sources.record([], [feed])
    record_visit(
        store,
        "a",
        now=T0,
        ok=True,
        state="ok",
        message="",
        found=3,
        new=1,
        way="feed",
        next_due_at=T0 + timedelta(hours=1),
    )
    stories = tuple(story.id for story in store.stories.changed(T0 - timedelta(days=1), T0 + timedelta(days=1)))
    store.digests.save(make_draft(stories=stories[:3]), ["mailto:one@reader.example"], now=T0)


def everything(url: str) -> dict[str, list[Any]]:
    """Every row of every table that is moved, as Python sees it."""
    database = Database(url)
    with database.read() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in moving._moved()
            if table.name != "made"
        }
    database.close()
    for rows in found.values():
        rows.sort(key=repr)
    return found


def chosen(url: str, data: Path) -> settings.Settings:
    return settings.load(None, data, {"PRESSWATCH_DATABASE_URL": url})


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_BATCH", {})
    monkeypatch.setattr(moving, "_ROWS", 4)


@pytest.mark.usefixtures("small_batches")
def test_there_and_back_again(tmp_path: Path, new_database: NewDatabase) -> None:
    here, there, back = (
        f"sqlite:///{tmp_path / 'here.sqlite3'}",
        new_database(),
        f"sqlite:///{tmp_path / 'back.sqlite3'}",
    )
    with Store.open(here) as store:
        fill(store)
        last = store.pages.add(draft_page("https://a.example/gone"))
        assert last is not None
        store.pages.lost(last, "gone", now=T0)  # its number was used and is in no row any more
    before = everything(here)
    moved = moving.move(chosen(here, tmp_path), there, silent)
    assert moved.rows["articles"] == 20
    assert everything(there) == before
    with Store.open(there) as store:
        assert len(store.search.find("words", limit=99)) == 20
        assert store.search.find("英国", limit=99)
        page = store.pages.add(draft_page("https://a.example/new"))
        assert page == last + 1
        store.articles.save(make_outcome(page, "https://a.example/new", story="story new"), now=T0)
    after = everything(there)
    moving.move(chosen(there, tmp_path), back, silent)
    assert everything(back) == after
    with Store.open(back) as store:
        assert store.pages.add(draft_page("https://a.example/newer")) == page + 1
        assert len(store.search.find("words", limit=99)) == 20
        assert store.counts().schema == REVISION


MOVE = """
import sys, time
from pathlib import Path
from presswatch import moving, settings
moving._BATCH, moving._ROWS = {}, 3
def tell(what, done, total):
    print(done, flush=True)
    time.sleep(0.02)
moving.move(settings.load(None, Path(sys.argv[2]), {"PRESSWATCH_DATABASE_URL": sys.argv[1]}), sys.argv[3], tell)
"""


@pytest.mark.parametrize("way", ["to postgresql", "to sqlite"])
def test_killed_on_the_way_it_goes_on_where_it_was(tmp_path: Path, new_database: NewDatabase, way: str) -> None:
    sqlite, postgresql = f"sqlite:///{tmp_path / 'presswatch.sqlite3'}", new_database()
    here, there = (sqlite, postgresql) if way == "to postgresql" else (postgresql, sqlite)
    with Store.open(here) as store:
        fill(store)
    before, reached = everything(here), 0
    for kill_at in (20, 80):
        child = subprocess.Popen(
            [sys.executable, "-c", MOVE, here, str(tmp_path), there], stdout=subprocess.PIPE, text=True
        )
        with child:
            assert child.stdout
            first = int(next(child.stdout))
            assert first >= reached - 1  # what was there is not copied again, but for the row that every store has
            for line in child.stdout:
                reached = int(line)
                if reached >= kill_at:
                    break
            child.send_signal(signal.SIGKILL)
    with pytest.raises(StoreError, match="unfinished copy"):
        Store.open(there)
    moving.move(chosen(here, tmp_path), there, silent)
    assert everything(there) == before
    Store.open(there).close()


def test_nobody_else_may_be_at_work(tmp_path: Path, new_database: NewDatabase) -> None:
    here, there = f"sqlite:///{tmp_path / 'presswatch.sqlite3'}", new_database()
    with Store.open(here, lock_dir=tmp_path) as store:
        fill(store, 3)
        with store.lock("serve"), pytest.raises(StoreError, match="service is running"):
            moving.move(chosen(here, tmp_path), there, silent)
    moving.move(chosen(here, tmp_path), there, silent)
    with Store.open(there) as store:
        now = store.machines.now()
        assert now
        store.machines.renew("crawl-1", "worker", {}, now)
        with pytest.raises(StoreError, match=r"works on .*crawl-1"):
            moving.move(chosen(there, tmp_path), f"sqlite:///{tmp_path / 'back.sqlite3'}", silent)
        store.machines.leave("crawl-1")
    moving.move(chosen(there, tmp_path), f"sqlite:///{tmp_path / 'back.sqlite3'}", silent)


def test_what_is_there_already_is_left_alone(tmp_path: Path, new_database: NewDatabase) -> None:
    here, there = f"sqlite:///{tmp_path / 'presswatch.sqlite3'}", new_database()
    with Store.open(here) as store:
        fill(store, 3)
    with Store.open(there) as store:
        store.pages.add(draft_page("https://b.example/mine"))
    with pytest.raises(StoreError, match="no empty store: it has pages"):
        moving.move(chosen(here, tmp_path), there, silent)
    with Store.open(there) as store:
        assert store.pages.counts()["pages"] == 1
    with pytest.raises(StoreError, match="the store itself"):
        moving.move(chosen(here, tmp_path), here, silent)
    with pytest.raises(StoreError, match="no store"):
        moving.move(chosen(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path), new_database(), silent)


def test_an_unfinished_copy_is_of_one_store(tmp_path: Path, new_database: NewDatabase) -> None:
    there = new_database()
    for name in ("one", "other"):
        with Store.open(f"sqlite:///{tmp_path / name}.sqlite3") as store:
            fill(store, 3)

    class Ended(Exception):
        pass

    def end(*_: object) -> None:
        raise Ended

    with pytest.raises(Ended):
        moving.move(chosen(f"sqlite:///{tmp_path / 'one'}.sqlite3", tmp_path), there, end)
    with pytest.raises(StoreError, match=r"unfinished copy of another store .*one\.sqlite3"):
        moving.move(chosen(f"sqlite:///{tmp_path / 'other'}.sqlite3", tmp_path), there, silent)


def test_the_command_says_what_it_moved(tmp_path: Path, new_database: NewDatabase) -> None:
    here, there = tmp_path / "presswatch.sqlite3", new_database()
    with Store.open(f"sqlite:///{here}") as store:
        fill(store, 3)
    command = [sys.executable, "-m", "presswatch", "--data", str(tmp_path), "move", "--to", there]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "3 articles" in done.stdout
    assert time.monotonic() - began < 300
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "no empty store" in again.stderr
