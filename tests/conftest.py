"""What several tests need: a store, on each engine that there is."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from presswatch import gazetteer
from presswatch.store import Store

_POSTGRES = os.environ.get("PRESSWATCH_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

NewDatabase = Callable[[], str]


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The place names are compiled once for all tests and the programs that they start: it takes seconds each time."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESSWATCH_CACHE", str(shared))
        patch.setattr(gazetteer, "compile_gazetteer", cache(gazetteer.compile_gazetteer))
        yield


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a PostgreSQL server whose user may create databases; skips where none answers."""
    try:
        psycopg.connect(_POSTGRES, connect_timeout=3).close()
    except psycopg.Error as error:
        server = urlsplit(_POSTGRES)
        said = str(error).strip().splitlines()[0]
        pytest.skip(f"no PostgreSQL at {server.hostname}:{server.port} ({said}); set PRESSWATCH_TEST_POSTGRES to one")
    return _POSTGRES


def _databases(server: str) -> Iterator[NewDatabase]:
    """Makes empty PostgreSQL databases, and drops them in the end."""
    made: list[str] = []

    def make() -> str:
        made.append(f"presswatch_test_{secrets.token_hex(6)}")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {made[-1]} TEMPLATE template0 ENCODING 'UTF8'")
            # Waiting for the disk proves nothing here: no test cuts the power.
            connection.execute(f"ALTER DATABASE {made[-1]} SET synchronous_commit = off")
        return urlunsplit(urlsplit(server)._replace(path=f"/{made[-1]}"))

    yield make
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def new_database(postgres: str) -> Iterator[NewDatabase]:
    """Makes PostgreSQL databases for one test."""
    yield from _databases(postgres)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> Iterator[str]:
    """A PostgreSQL database with the newest schema; to make one takes longer than most tests."""
    for make in _databases(postgres):
        url = make()
        Store.open(url).close()
        yield url


def _emptied(url: str) -> str:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign keys: any order will do
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            if name not in ("alembic_version", "made"):
                connection.execute(f"DELETE FROM {name}")  # TRUNCATE takes ten times as long for a few rows
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "presswatch.sqlite3"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: an SQLite file, and one of PostgreSQL's where a server answers."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'presswatch.sqlite3'}"
    make: NewDatabase = request.getfixturevalue("new_database")
    return make()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store with nothing in it, on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "presswatch.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    return _emptied(request.getfixturevalue("migrated_postgres"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store with nothing in it, on each engine."""
    with Store.open(store_url) as opened:
        yield opened
