"""A backup is made while others write, verified to the last byte, and comes back in one step."""

import json
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presswatch import backup, settings
from presswatch.archive import Archive
from presswatch.errors import BackupError, StoreError
from presswatch.settings import Settings
from presswatch.store import Store
from presswatch.store.database import Database
from tests.store.samples import T0, draft_page

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def chosen(data: Path, **environ: str) -> Settings:
    return settings.load(None, data, environ)


def add_pages(data: Path, *names: str) -> None:
    with Store.open(f"sqlite:///{data / 'presswatch.sqlite3'}") as store, Archive(data / "archive") as archive:
        for name in names:
            url = f"https://a.example/{name}"
            record = archive.write(url, status=200, body=name.encode() * 100, fetched_at=T0)
            store.pages.add(draft_page(url, name, warc_file=record.file, warc_offset=record.offset))


def pages(store: Path) -> list[str]:
    with closing(sqlite3.connect(store)) as connection:
        return sorted(url.rpartition("/")[2] for (url,) in connection.execute("SELECT url FROM pages"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    add_pages(folder, "one", "two")
    return folder


def test_it_comes_back_as_it_was(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    made = backup.make(chosen(data), file, NOW)
    assert made == backup.verify(file)
    assert made.made_at == NOW
    assert file.stat().st_mode & 0o777 == 0o600
    done = backup.restore(chosen(tmp_path / "other"), file, NOW)
    assert pages(tmp_path / "other" / "presswatch.sqlite3") == ["one", "two"]
    assert done.aside is None
    assert [sentence.rpartition(" ")[2] for sentence in done.missing] == ["missing."]  # the archive was not copied
    assert not list(tmp_path.glob("**/.presswatch-*"))


def test_the_index_tells_whether_the_archive_is_whole(data: Path, tmp_path: Path) -> None:
    backup.make(chosen(data), tmp_path / "b", NOW)
    (warc,) = (data / "archive").iterdir()
    add_pages(data, "three")  # it grew since: its beginning is the same
    assert backup.restore(chosen(data), tmp_path / "b", NOW, force=True).missing == ()
    content = warc.read_bytes()
    warc.write_bytes(content[:300] + b"?" + content[301:])
    assert (
        "checksum differs" in backup.restore(chosen(data), tmp_path / "b", NOW.replace(hour=13), force=True).missing[0]
    )
    warc.write_bytes(content[:300])
    assert "shorter" in backup.restore(chosen(data), tmp_path / "b", NOW.replace(hour=14), force=True).missing[0]


def test_it_is_made_while_others_write(data: Path, tmp_path: Path) -> None:
    enough = threading.Event()

    def write() -> None:
        number = 0
        while not enough.is_set():
            add_pages(data, f"more-{number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup.make(chosen(data), tmp_path / "b", NOW)
            backup.restore(chosen(tmp_path / str(number)), tmp_path / "b", NOW)
            found = pages(tmp_path / str(number) / "presswatch.sqlite3")
            more = [name for name in found if name.startswith("more")]
            assert sorted(more) == sorted(f"more-{n}" for n in range(len(more)))  # a moment of it, nothing left out
    finally:
        enough.set()
        writer.join()


def test_a_store_that_is_there_is_kept_aside(data: Path, tmp_path: Path) -> None:
    backup.make(chosen(data), tmp_path / "b", NOW)
    add_pages(data, "later")
    with pytest.raises(BackupError, match=r"exists\. Nothing was changed\. Add --force"):
        backup.restore(chosen(data), tmp_path / "b", NOW)
    assert pages(data / "presswatch.sqlite3") == ["later", "one", "two"]
    done = backup.restore(chosen(data), tmp_path / "b", NOW, force=True)
    assert pages(data / "presswatch.sqlite3") == ["one", "two"]
    assert done.aside is not None
    assert pages(done.aside) == ["later", "one", "two"]


def test_what_a_killed_writer_left_in_the_log_does_not_meet_the_restored_store(data: Path, tmp_path: Path) -> None:
    backup.make(chosen(data), tmp_path / "b", NOW)
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL');"
        "c.execute('DELETE FROM pages'); c.commit(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(data / "presswatch.sqlite3")], check=False)
    assert (data / "presswatch.sqlite3-wal").stat().st_size
    backup.restore(chosen(data), tmp_path / "b", NOW, force=True)
    assert not (data / "presswatch.sqlite3-wal").exists()
    assert pages(data / "presswatch.sqlite3") == ["one", "two"]


def test_a_damaged_store_is_not_backed_up_and_can_be_replaced(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "b"
    backup.make(chosen(data), file, NOW)
    before, store = file.read_bytes(), data / "presswatch.sqlite3"
    noise = b"no page of a database " * 400
    with store.open("r+b") as stream:
        stream.seek(4096)
        stream.write(noise)
    damaged = store.read_bytes()
    with pytest.raises(StoreError, match="presswatch restore FILE"):
        backup.make(chosen(data), file, NOW)
    assert file.read_bytes() == before  # the good one is not replaced by a bad one
    assert store.read_bytes() == damaged
    done = backup.restore(chosen(data), file, NOW, force=True)
    assert pages(store) == ["one", "two"]
    assert done.aside is not None
    assert done.aside.read_bytes() == damaged


def test_the_log_of_a_damaged_store_goes_aside_with_it(data: Path, tmp_path: Path) -> None:
    backup.make(chosen(data), tmp_path / "b", NOW)
    (data / "presswatch.sqlite3").write_bytes(b"no database " * 1000)
    (data / "presswatch.sqlite3-wal").write_bytes(b"its log")
    done = backup.restore(chosen(data), tmp_path / "b", NOW, force=True)
    assert done.aside is not None
    assert done.aside.with_name(done.aside.name + "-wal").read_bytes() == b"its log"
    assert pages(data / "presswatch.sqlite3") == ["one", "two"]


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_every_kind_of_damage_to_a_backup_is_seen(data: Path, tmp_path: Path) -> None:
    good = tmp_path / "good"
    backup.make(chosen(data), good, NOW)
    content = good.read_bytes()
    with zipfile.ZipFile(good) as bundle:
        store_at = bundle.getinfo("presswatch.sqlite3").header_offset + 200
    damages = {
        "empty": b"",
        "cut off": content[: len(content) // 2],
        "its end is missing": content[:-1],
        "a bit of the store": flipped(content, store_at),
        "a bit of the checksum": flipped(content, len(content) - 1),
        "something else": b"PK is not enough" * 100,
    }
    for what, damage in damages.items():
        (tmp_path / "bad").write_bytes(damage)
        with pytest.raises(BackupError, match="no whole backup"):
            backup.restore(chosen(data), tmp_path / "bad", NOW, force=True)
        assert pages(data / "presswatch.sqlite3") == ["one", "two"], what


def test_a_backup_whose_parts_were_exchanged_is_refused(data: Path, tmp_path: Path) -> None:
    """The zip is sound, its CRCs hold: only the manifest's checksums tell."""
    backup.make(chosen(data), tmp_path / "good", NOW)
    with zipfile.ZipFile(tmp_path / "good") as old, zipfile.ZipFile(tmp_path / "bad", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"[]" if name == "archive.json" else old.read(name))
        new.comment = old.comment
    with pytest.raises(BackupError, match=r"checksum of archive\.json"):
        backup.verify(tmp_path / "bad")


@pytest.mark.parametrize("there", ["presswatch.sqlite3", "notes.txt", "."])
def test_nothing_but_an_older_backup_is_overwritten(data: Path, there: str) -> None:
    (data / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(BackupError, match="exists and is no backup"):
        backup.make(chosen(data), data / there, NOW)
    assert pages(data / "presswatch.sqlite3") == ["one", "two"]
    assert (data / "notes.txt").read_text("utf-8") == "mine"


def test_it_refuses_while_the_service_runs(data: Path, tmp_path: Path) -> None:
    backup.make(chosen(data), tmp_path / "b", NOW)
    with (
        Store.open(f"sqlite:///{data / 'presswatch.sqlite3'}") as store,
        store.lock("serve"),
        pytest.raises(StoreError, match="The presswatch service is running"),
    ):
        backup.restore(chosen(data), tmp_path / "b", NOW, force=True)


def test_a_newer_backup_is_refused(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "presswatch.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()
    backup.make(chosen(data), tmp_path / "b", NOW)
    with pytest.raises(BackupError, match="newer presswatch"):
        backup.restore(chosen(tmp_path / "other"), tmp_path / "b", NOW)
    assert not (tmp_path / "other" / "presswatch.sqlite3").exists()


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    from presswatch.store.opened import _MIGRATIONS
    from presswatch.store.upgrade import upgrade

    data, old = tmp_path / "data", tmp_path / "old"
    old.mkdir()
    database = Database(f"sqlite:///{old / 'presswatch.sqlite3'}")
    with database.write() as connection:
        upgrade(connection, _MIGRATIONS, "0001")
    database.close()
    backup.make(chosen(old), tmp_path / "b", NOW)
    backup.restore(chosen(data), tmp_path / "b", NOW)
    add_pages(data, "new")
    assert pages(data / "presswatch.sqlite3") == ["new"]


def test_postgresql_is_backed_up_by_its_own_tools(tmp_path: Path) -> None:
    elsewhere = chosen(tmp_path, PRESSWATCH_DATABASE_URL="postgresql://u:hush@db/presswatch")
    told = {
        backup.make: f"pg_dump --format=custom --file={tmp_path}/b.dump postgresql://u@db/presswatch\n",
        backup.restore: f"pg_restore --clean --if-exists --dbname=postgresql://u@db/presswatch {tmp_path}/b",
    }
    for work, command in told.items():
        with pytest.raises(BackupError, match="PostgreSQL, which has its own tools") as raised:
            work(elsewhere, tmp_path / "b", NOW)
        assert command in str(raised.value)
        assert "hush" not in str(raised.value)


def test_no_store_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        backup.make(chosen(tmp_path), tmp_path / "b", NOW)
    assert list(tmp_path.iterdir()) == []


def presswatch(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "presswatch", "--data", str(data), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_commands(data: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "b.zip")
    made = presswatch(data, "backup", file, "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["store_bytes"] > 0
    assert "is whole" in presswatch(data, "restore", file, "--check").stdout
    refused = presswatch(data, "restore", file)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--force" in refused.stderr
    done = presswatch(data, "restore", file, "--force")
    assert done.returncode == 0, done.stderr
    assert "kept as" in done.stdout.replace("\n", " ")
    assert presswatch(data, "restore", str(tmp_path / "none")).returncode == 1
