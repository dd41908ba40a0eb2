"""Opening a store: its schema is made, brought up to date, or refused."""

import io
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from presswatch.errors import StoreError
from presswatch.store import Store, opened, tables
from presswatch.store.database import Database, _sentence


def set_revision(url: str, revision: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    database.close()


def test_the_migrations_make_the_tables(database_url: str) -> None:
    Store.open(database_url).close()
    database = Database(database_url)
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or not name.startswith("search")}
        )
        differences = compare_metadata(context, tables.metadata)
        if connection.dialect.name == "postgresql":  # alembic does not ask an index for which engine it is
            differences = [found for found in differences if found[-1].name != "articles_to_group"]
    database.close()
    assert differences == []


def test_the_code_knows_the_newest_migration() -> None:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(Path(opened.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == tables.REVISION


def test_a_store_is_opened_again_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'presswatch.sqlite3'}"
    Store.open(url).close()
    code = f"import sys; from presswatch.store import Store; Store.open({url!r}); print('alembic' in sys.modules)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "False"


def test_the_records_need_no_database_library() -> None:
    code = "import sys; import presswatch.store.records; print('sqlalchemy' in sys.modules)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "False"


def test_two_open_an_empty_store_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(lambda _: Store.open(database_url), range(4)):
            assert store.pages.counts()["pages"] == 0
            store.close()


def test_a_newer_schema_is_refused_with_advice(database_url: str) -> None:
    Store.open(database_url).close()
    set_revision(database_url, "0999")
    with pytest.raises(StoreError, match=r"newer presswatch \(schema 0999; .*Install that version again"):
        Store.open(database_url)


def test_another_programs_tables_are_refused(database_url: str) -> None:
    Store.open(database_url).close()
    set_revision(database_url, "a1b2c3d4")
    with pytest.raises(StoreError, match="another program's tables"):
        Store.open(database_url)


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:  # in the way of the first migration's last table but one
        connection.execute(text("CREATE TABLE deliveries (a INTEGER)"))
    with pytest.raises(StoreError):
        Store.open(database_url)
    with database.read() as connection:
        names = MigrationContext.configure(connection).dialect.get_table_names(connection)
    database.close()
    assert names == ["deliveries"]


def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    content = b"this is no database at all, but a text of some length\n" * 40
    path = tmp_path / "presswatch.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a presswatch store, or it is damaged"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "presswatch.sqlite3"
    Store.open(f"sqlite:///{path}").close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(path.stat().st_size - 100))
    with pytest.raises(StoreError, match="damaged"):
        Store.open(f"sqlite:///{path}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"cannot be|may not be"):
        Store.open(f"sqlite:///{tmp_path / 'data' / 'presswatch.sqlite3'}")


def test_a_read_only_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "presswatch.sqlite3"
    with Store.open(f"sqlite:///{path}"):
        pass
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    assert "may not be written" in _sentence(raised.value, str(path))


@pytest.mark.parametrize("url", ["", "mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "secret"])
def test_an_address_that_is_no_stores(url: str) -> None:
    with pytest.raises(StoreError, match="must start with sqlite") as raised:
        Store.open(url)
    assert "secret" not in str(raised.value)


def test_a_password_is_not_in_the_error() -> None:
    with pytest.raises(StoreError) as raised:
        Store.open("postgresql://user:hush@127.0.0.1:1/none")
    assert "hush" not in str(raised.value)
    assert "127.0.0.1:1" in str(raised.value)


def test_one_process_at_a_time_holds_a_lock(database_url: str) -> None:
    with Store.open(database_url) as one, Store.open(database_url) as two:
        with one.lock("crawl"):
            with (
                pytest.raises(StoreError, match=r"^Another service is running \(crawl\)"),
                two.lock("crawl", "Another service"),
            ):
                pass
            with pytest.raises(StoreError), one.lock("crawl"):
                pass
            with two.lock("process"):
                pass
        with two.lock("crawl"):
            pass


def test_a_lock_ends_with_its_process(database_url: str) -> None:
    code = (
        "import sys; from presswatch.store import Store; s = Store.open(sys.argv[1]);"
        "lock = s.lock('serve'); lock.__enter__();"
        "print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child, Store.open(database_url) as store:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="Another presswatch is running"), store.lock("serve"):
            pass
        child.kill()
        child.wait()
        for _ in range(100):  # PostgreSQL notices a moment later
            try:
                with store.lock("serve"):
                    return
            except StoreError:
                time.sleep(0.05)
        pytest.fail("the lock outlived its process")


def test_postgresql_outlives_lost_connections(new_database: Callable[[], str], postgres: str) -> None:
    url = new_database()
    with Store.open(url) as store, psycopg.connect(postgres, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.rpartition("/")[2]]
        )
        assert store.pages.counts()["pages"] == 0
