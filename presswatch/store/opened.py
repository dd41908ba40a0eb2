"""The store, opened: one attribute a noun."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, and_, delete, inspect, or_, select, text

from presswatch.errors import StoreError
from presswatch.store import outline
from presswatch.store.access import AccessKeys
from presswatch.store.alerts import Alerts
from presswatch.store.articles import Articles
from presswatch.store.briefs import Briefs
from presswatch.store.commitments import Commitments
from presswatch.store.counts import count
from presswatch.store.database import Database
from presswatch.store.digests import Digests
from presswatch.store.locks import Busy
from presswatch.store.machines import Machines
from presswatch.store.opinions import Opinions
from presswatch.store.pages import Pages
from presswatch.store.pairs import StoriesByHand
from presswatch.store.reconciliations import Reconciliations
from presswatch.store.records import Counts, Pruned
from presswatch.store.search import Search
from presswatch.store.sources import Sources
from presswatch.store.stories import Stories
from presswatch.store.tables import REVISION, made, savings, turns, visits
from presswatch.store.trends import Trends
from presswatch.store.turns import Turns

log = logging.getLogger(__name__)

UNFINISHED = "moving"  # in the place of the schema's number, while `presswatch move` fills a store
_MIGRATIONS = Path(__file__).parent / "migrations"
_KEEP_VISITS = timedelta(days=90)
_KEEP_DULL_VISITS = timedelta(days=7)  # those that found nothing and had nothing to say: a hundred a source and day
_KEEP_BETWEEN = timedelta(days=1)  # what machines tell each other: nothing that one does takes as long
_PATIENCE = 1800.0  # seconds to wait while another process brings the store up to date
_SAY_EVERY = 5.0  # seconds between two words about that


class Store:
    """Everything that presswatch remembers. Safe to use from several threads and processes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.sources = Sources(database)
        self.pages = Pages(database)
        self.articles = Articles(database)
        self.stories = Stories(database)
        self.briefs = Briefs(database)
        self.commitments = Commitments(database)
        self.trends = Trends(database)
        self.by_hand = StoriesByHand(database)
        self.opinions = Opinions(database)
        self.search = Search(database)
        self.digests = Digests(database)
        self.alerts = Alerts(database)
        self.access = AccessKeys(database)
        self.reconciliations = Reconciliations(database)
        self.machines = Machines(database)
        self.shared = not database.is_sqlite  # several machines may work on it
        self.turns = Turns(database) if self.shared else None

    @classmethod
    def open(cls, url: str, *, lock_dir: Path | None = None, archive_dir: Path | None = None) -> "Store":
        """Open the store at `url`, and bring its schema up to date where that is needed.

        `lock_dir` holds the lock files of an SQLite store (its own folder unless said).
        Where `archive_dir` holds what a lost store knew of, no new one is made in silence.
        Raises `StoreError` where it cannot be used, was lost, or was written by a newer presswatch.
        """
        database = Database(url, lock_dir)
        try:
            if archive_dir is not None:
                _refuse_a_lost_store(database, archive_dir)
            _bring_up_to_date(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Let go of every connection."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lock(self, name: str, who: str = "", *, here: bool = False) -> AbstractContextManager[None]:
        """Be the only process that does `name` on this store, or raise `StoreError` at once.

        `here` means in this data folder alone, whatever other machines do.
        """
        return self._database.lock(name, who, here=here)

    def clock(self) -> Callable[[], datetime]:
        """The time that everybody goes by who works on this store: the server's, where there is one.

        It is asked once; a process that lives for hours asks for another clock now and then.
        """
        theirs = self.machines.now()
        ahead = timedelta() if theirs is None else theirs - datetime.now(UTC)
        return lambda: datetime.now(UTC) + ahead

    def made(self, what: str, connection: Connection | None = None) -> int | None:
        """The version of what was made beside the tables, such as an index or another library's tables."""
        query = select(made.c.version).where(made.c.what == what)
        if connection is not None:
            return connection.scalar(query)
        with self._database.read() as reading:
            return reading.scalar(query)

    @contextmanager
    def upgrading(self) -> Iterator[tuple[Connection, Callable[[str, int], None]]]:
        """A transaction that changes the schema, by one process at a time; and how it notes what it made."""
        with _patient_lock(self._database), self._database.write(hold="articles") as connection:

            def note(what: str, version: int) -> None:
                self._database.upsert(connection, made, {"what": what, "version": version})

            yield connection, note

    def counts(self) -> Counts:
        """How much of everything there is."""
        return count(self._database)

    def prune(self, now: datetime, *, keep_pages: timedelta) -> Pruned:
        """Drop what nobody will ask for again. Every address that was ever seen stays known."""
        pages = self.pages.prune(now - keep_pages)
        with self._database.write() as connection:
            dull = visits.c.ok & (visits.c.new == 0) & (visits.c.late == 0) & (visits.c.message == "")
            old = or_(visits.c.at < now - _KEEP_VISITS, and_(dull, visits.c.at < now - _KEEP_DULL_VISITS))
            gone = connection.execute(delete(visits).where(old)).rowcount
            connection.execute(delete(savings).where(savings.c.at < now - _KEEP_BETWEEN))
            connection.execute(delete(turns).where(turns.c.until < now - _KEEP_BETWEEN, turns.c.free_at < now))
        return Pruned(pages=pages, visits=gone)


def _refuse_a_lost_store(database: Database, archive_dir: Path) -> None:
    """An archive without its store is a loss: to begin anew would tell everything a second time."""
    file = Path(database.name)
    # The log is looked at too: a store that is just being made is empty until its first checkpoint.
    written = any(f.exists() and f.stat().st_size for f in (file, file.with_name(file.name + "-wal")))
    if not database.is_sqlite or written or not any(archive_dir.glob("*.warc.gz*")):
        return
    raise StoreError(
        f"The store {file} is {'empty' if file.exists() else 'missing'}, though {archive_dir} holds what was fetched."
        " Nothing was changed. Restore a backup with: presswatch restore FILE --force, or move the archive away to"
        " begin anew."
    )


def _bring_up_to_date(database: Database) -> None:
    # Alembic costs half a second and 10 MB, so it is imported only where there is something to do.
    if _is_current(database):
        return
    with _patient_lock(database):
        with database.write(hold="articles") as connection:
            if not _has_this_schema(database, connection):
                from presswatch.store.upgrade import upgrade

                upgrade(connection, _MIGRATIONS)
        outline.bring_up_to_date(database, _tell_progress(database))


def _tell_progress(database: Database) -> Callable[[int, int], None]:
    """Says how far the lists are, where it takes longer than a few seconds."""
    began = said = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= _SAY_EVERY and done < of:
            said, left = now, (now - began) / done * (of - done)
            # A warning, since commands keep quiet about routine: whoever upgraded is to know what he waits for.
            log.warning(
                "The store %s is brought up to date after an upgrade, once: %s of %s stories, about %.0f s more.",
                *(database.name, f"{done:,}", f"{of:,}", left),
            )

    return tell


def _is_current(database: Database) -> bool:
    """Whether schema and lists are this program's; raises `StoreError` as `_has_this_schema` does."""
    with database.read() as connection:
        return _has_this_schema(database, connection) and outline.is_up_to_date(connection)


def _has_this_schema(database: Database, connection: Connection) -> bool:
    """Raises `StoreError` where the schema is a newer one, or another program's."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is None or found == REVISION:
        return found == REVISION
    if found == UNFINISHED:
        raise StoreError(
            f"The store {database.name} is an unfinished copy. Run `presswatch move` again, with the same --to: it goes"
            " on where it ended."
        )
    if not re.fullmatch(r"\d{4}", found):
        raise StoreError(
            f"The store {database.name} holds another program's tables. Give presswatch a database of its own."
        )
    if found > REVISION:
        raise StoreError(
            f"The store {database.name} was written by a newer presswatch (schema {found}; this one knows {REVISION})."
            " Nothing was changed. Install that version again, or restore a backup from before the upgrade."
        )
    return False


@contextmanager
def _patient_lock(database: Database) -> Iterator[None]:
    """Only one process upgrades; the others say so and wait for it. The lock ends with the process that holds it."""
    began, told = time.monotonic(), False
    while True:
        lock = database.lock("upgrade")
        try:
            lock.__enter__()
            break
        except Busy:
            waited = time.monotonic() - began
            if waited > _PATIENCE:
                raise StoreError(
                    f"Another presswatch has been bringing the store {database.name} up to date for"
                    f" {waited / 60:.0f} minutes. Wait until it is done, or stop it; the next one then goes on."
                ) from None
            if waited > _SAY_EVERY and not told:
                told = True
                log.warning(
                    "Another presswatch brings the store %s up to date after an upgrade. This one waits for it.",
                    database.name,
                )
            time.sleep(0.1)
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
