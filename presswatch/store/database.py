"""Connections to one store: transactions, locks, and each engine's own ways.

SQLite runs in WAL mode: readers never wait for the writer. A transaction that
writes says so when it begins, so that it waits for its turn (up to 90 s)
instead of failing half-way. `synchronous` is NORMAL, which survives the death
of any process; losing the power could take the newest transactions, in order,
and what they held is simply fetched again. The outbox must not forget what it
sent, so its transactions are FULL; that makes everything before them durable
too, because the write-ahead log is written out as one.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, create_engine, event, func, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from presswatch.errors import StoreError
from presswatch.store.locks import Busy, held_file

# Seconds that a transaction waits for another one to end: a minute of a stranger's is to be outlived.
BUSY_TIMEOUT = 90.0


class Database:
    """One SQLite file or PostgreSQL database. Raises `StoreError` in plain sentences for whatever goes wrong."""

    def __init__(self, address: str, lock_dir: Path | None = None) -> None:
        url = _url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.name = url.database or "" if self.is_sqlite else url.render_as_string(hide_password=True)
        self._lock_dir = lock_dir or Path(self.name).parent
        if self.is_sqlite:
            _make_folder(Path(self.name).parent)
            # Opened as they are needed, and kept: opening one takes longer than most queries.
            self.engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT}, pool_size=6, max_overflow=10)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(
                url,
                pool_size=4,
                max_overflow=12,
                pool_pre_ping=True,  # a server that was restarted meanwhile is no error
                connect_args=parameters("presswatch"),
            )

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one unchanging view of the store."""
        with self._plain_words(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, hold: str = "", durable: bool = False) -> Iterator[Connection]:
        """A transaction that writes, all or nothing.

        `hold` names what no other writer may touch until the end (SQLite has one
        writer at a time anyway); `durable` outlives a power cut from the moment it returns.
        """
        with self._plain_words(), self.engine.connect() as connection:
            connection.execution_options(presswatch_durability="FULL" if durable else "NORMAL")
            with connection.begin():
                if hold and not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key(hold)})
                yield connection

    @contextmanager
    def lock(self, name: str, who: str = "", *, here: bool = False) -> Iterator[None]:
        """Be the only process that does `name` on this store, or raise `Busy` at once.

        The lock ends with the process, however that ends. `who` begins the sentence
        that the one who comes second reads. `here` means in this data folder alone, whoever works elsewhere.
        """
        by_file = self.is_sqlite or here
        refusal = Busy(
            f"{who or 'Another presswatch'} is running ({name}) on {self._lock_dir if by_file else self.name}."
            " Wait until it is done, or stop it."
        )
        if by_file:
            with held_file(self._lock_dir / f".{name}.lock", refusal):
                yield
            return
        with self._plain_words():
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = False
        try:
            with self._plain_words():
                taken = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_number(name)})
            if not taken:
                raise refusal
            yield
        finally:
            if taken:  # said in words, because a busy server takes its time to notice that a connection is gone
                with suppress(SQLAlchemyError):
                    connection.scalar(text("SELECT pg_advisory_unlock(:key)"), {"key": lock_number(name)})
            connection.invalidate()  # closes it for real: the lock goes with it, even where the server is gone
            connection.close()

    def insert(self, table: Table) -> Any:
        """This engine's INSERT, which knows ON CONFLICT; either dialect is imported only where it is used."""
        if self.is_sqlite:
            from sqlalchemy.dialects.sqlite import insert as sqlite_insert

            return sqlite_insert(table)
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)

    def upsert(self, connection: Connection, table: Table, *rows: Mapping[str, Any], keep: Sequence[str] = ()) -> None:
        """Insert rows of the same columns, or replace those of the same primary key but for the columns in `keep`."""
        key = [column.name for column in table.primary_key]
        statement = self.insert(table)
        new = {name: statement.excluded[name] for name in rows[0] if name not in key and name not in keep}
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)

    def month(self, column: Any) -> ColumnElement[str]:
        """The month of a time, as "2026-01"."""
        return func.strftime("%Y-%m", column) if self.is_sqlite else func.to_char(column, "YYYY-MM")

    @contextmanager
    def _plain_words(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(_sentence(error, self.name)) from error


def parameters(name: str) -> dict[str, Any]:
    """How to connect to PostgreSQL so that both sides notice within half a minute that the other is gone.

    Without the server's part, a machine that lost its power or its network would
    keep its locks for two hours; without ours, a query to a dead server would never return.
    """
    server = {
        "timezone": "UTC",
        "tcp_keepalives_idle": 5,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        "idle_in_transaction_session_timeout": 300_000,
    }
    return {
        "connect_timeout": 10,
        "application_name": name,
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        "options": " ".join(f"-c {key}={value}" for key, value in server.items()),
    }


def plain_address(address: str) -> str:
    """A PostgreSQL store's address as libpq reads it, with its password."""
    return _url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    backend = url.get_backend_name() if url is not None else ""
    if url is not None and backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    if url is not None and backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    # The address is not repeated: it may hold a password.
    raise StoreError(
        "The store's address must start with sqlite:///FILE or postgresql://. Mend PRESSWATCH_DATABASE_URL."
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} for the store cannot be made: {error.strerror}.") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Python's own guess of when a transaction begins is switched off; `_begin_sqlite` says it.
    connection.isolation_level = None
    # The store is read through the system's own cache: what SQLite keeps beside it (kB) only makes the service larger.
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-500"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    durability = connection.get_execution_options().get("presswatch_durability")
    if durability is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous={durability}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def lock_number(name: str) -> int:
    """PostgreSQL's advisory locks are numbers; this is the one of `Database.lock`."""
    return _key(f"lock {name}")


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"presswatch {name}".encode()).digest()[:8], signed=True)


# What SQLite says, and what that means to the operator.
_ADVICE = (
    ("database is locked", "is kept busy by another process for over a minute. Stop that one, or try again later"),
    ("readonly database", "may not be written. Give this user the right to write to the file and its folder"),
    ("database or disk is full", "cannot grow: the disk is full. Make room and try again; nothing half-done is kept"),
    ("unable to open", "cannot be opened. Look whether its folder exists and this user may write there"),
    (
        "not a database",
        "is not a presswatch store, or it is damaged. It was left as it is. Restore a"
        " backup with: presswatch restore FILE --force",
    ),
    ("malformed", "is damaged. It was left as it is. Restore a backup with: presswatch restore FILE --force"),
    ("disk I/O error", "cannot be read or written: the disk reports an error"),
)


def _sentence(error: Exception, name: str) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    said = str(original).strip() or type(original).__name__
    for sign, advice in _ADVICE:
        if isinstance(original, sqlite3.Error) and sign in said:
            return f"The store {name} {advice}."
    return f"The store {name} failed: {said.splitlines()[0]}"
