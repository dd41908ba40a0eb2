"""A backup of the store, made while the service runs, and its return.

A backup is one zip file: the store as SQLite's online backup gives it, the index
of the archive (each WARC file with its size and SHA-256), and a manifest with
the SHA-256 of both. The zip's comment holds the manifest's own, so that a file
that was cut off or changed anywhere is refused. The WARC files themselves are
not in it: they only ever grow, and any copying tool keeps up with them; the
index tells whether a copy is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy.engine import make_url

from presswatch import __version__
from presswatch.archive import Archive, Indexed
from presswatch.errors import BackupError, StoreError
from presswatch.store.database import BUSY_TIMEOUT, Database
from presswatch.store.tables import REVISION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presswatch.settings import Settings

_STORE, _INDEX, _MANIFEST = "presswatch.sqlite3", "archive.json", "manifest.json"
_MARK = "presswatch backup "  # how the zip's comment begins; the manifest's SHA-256 follows
_FORMAT = 1
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError, NotImplementedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds, and what of the archive it knows."""

    made_at: datetime
    version: str  # of the presswatch that made it
    schema: str
    store_bytes: int
    archive: tuple[Indexed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back. `aside` is where the store that was there before lies now."""

    backup: Backup
    aside: Path | None
    missing: tuple[str, ...]  # a sentence for each file of the archive that is not as it was


def make(settings: Settings, file: Path, now: datetime) -> Backup:
    """Write a backup to `file`, whole and verified, or not at all; an older backup there is replaced.

    Raises `BackupError` where `file` is something else, cannot be written, or the store
    is on PostgreSQL, and `StoreError` where the store is missing or damaged.
    """
    store = _store_file(
        settings,
        "Back it up with:\n  pg_dump --format=custom --file={file}.dump {address}\nand copy the archive.",
        file,
    )
    if not store.exists():
        raise StoreError(f"There is no store {store} to back up. Does --data name the right folder?")
    if file.is_dir() or (file.exists() and not _is_backup(file)):
        raise BackupError(f"{file} exists and is no backup. Nothing was written; choose another name.")
    part: Path | None = None
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".presswatch-backup-") as work:
            copy = Path(work) / _STORE
            schema = _copied(store, copy)
            # After the store: whatever page the store knows of is in the archive by then.
            index = Archive(settings.archive_dir).index()
            part = Path(work) / "whole"
            _write(part, copy, index, schema, now)
            made = verify(part)
            part.replace(file)
            _sync(file.absolute().parent)
    except OSError as error:
        raise BackupError(
            f"The backup cannot be written to {file}: {error.strerror or error}. Nothing was kept of it."
        ) from error
    return made


def verify(file: Path) -> Backup:
    """What a backup holds, every byte of it checked. Raises `BackupError` where it is not whole."""
    with _opened(file) as bundle:
        manifest = _manifest(file, bundle)
        for name, checksum in manifest["sha256"].items():
            with bundle.open(name) as stream:
                if _checksum(stream) != checksum:
                    raise ValueError(f"the checksum of {name} does not match")
        index = tuple(Indexed(**row) for row in json.loads(bundle.read(_INDEX)))
        return Backup(
            made_at=datetime.fromisoformat(manifest["made_at"]),
            version=str(manifest["version"]),
            schema=str(manifest["schema"]),
            store_bytes=bundle.getinfo(_STORE).file_size,
            archive=index,
        )


def restore(settings: Settings, file: Path, now: datetime, *, force: bool = False) -> Restored:
    """Put the store of a backup into the data folder, in one step.

    A store that is there already is refused without `force`, and with it set aside
    under another name, never deleted. Raises `BackupError` where the backup is not
    whole or is newer than this program, and `StoreError` while a service runs.
    """
    store = _store_file(settings, "Restore it with:\n  pg_restore --clean --if-exists --dbname={address} {file}", file)
    backup = verify(file)
    if not re.fullmatch(r"\d{4}", backup.schema) or backup.schema > REVISION:
        raise BackupError(
            f"{file} was made by a newer presswatch ({backup.version}, schema {backup.schema}; this one knows"
            f" {REVISION}). Nothing was changed. Install that version, or restore an older backup."
        )
    if store.exists() and not force:
        raise BackupError(
            f"{store} exists. Nothing was changed. Add --force to put the backup in its place; the store that is"
            " there is kept under another name."
        )
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with _alone(settings), tempfile.TemporaryDirectory(dir=store.parent, prefix=".presswatch-restore-") as work:
            fresh = Path(work) / _STORE
            _unpack(file, fresh)
            _examine(fresh, f"The store within {file}")
            aside = _set_aside(store, now) if store.exists() else None
            fresh.replace(store)
            _sync(store.parent)
    except OSError as error:
        raise BackupError(f"The store {store} cannot be restored: {error.strerror or error}. Try again.") from error
    missing = tuple(Archive(settings.archive_dir).differences(backup.archive))
    return Restored(backup=backup, aside=aside, missing=missing)


def _store_file(settings: Settings, advice: str, file: Path) -> Path:
    database = Database(settings.database_url, settings.data_dir)
    database.close()
    if not database.is_sqlite:
        # As libpq writes it, without the password: that comes from ~/.pgpass or PGPASSWORD.
        address = make_url(database.name)._replace(drivername="postgresql", password=None).render_as_string()
        told = advice.format(address=shlex.quote(address), file=shlex.quote(str(file)))
        raise BackupError(f"The store is in PostgreSQL, which has its own tools. {told}")
    return Path(database.name)


def _is_backup(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as bundle:
            return bundle.comment.startswith(_MARK.encode())
    except (OSError, *_BROKEN):
        return False


def _copied(store: Path, copy: Path) -> str:
    """Copy the store by SQLite's online backup, and examine the copy; returns its schema's revision."""
    try:
        with (
            closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            # In one step, which is one unchanging view: in WAL mode neither side waits for the other.
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode=DELETE").close()  # one file, complete in itself
            target.execute("VACUUM").close()  # what was deleted is not passed on
    except sqlite3.OperationalError as error:  # the disk is full, the store is locked: not its fault
        raise BackupError(f"The store {store} cannot be backed up: {error}. Nothing was written.") from error
    except sqlite3.Error as error:
        raise StoreError(f"The store {store} cannot be backed up: {error}. {_DAMAGED}") from error
    return _examine(copy, f"The store {store}")


_DAMAGED = "If it is damaged, restore an earlier backup with: presswatch restore FILE --force"


def _examine(copy: Path, what: str) -> str:
    """The schema's revision of a store that is whole; raises `StoreError`."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found == "ok":
                (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                return str(revision)
    except (sqlite3.Error, TypeError) as error:
        found = str(error)
    raise StoreError(f"{what} is damaged: {found}. Nothing was written. {_DAMAGED}")


def _write(part: Path, copy: Path, index: tuple[Indexed, ...], schema: str, now: datetime) -> None:
    members = {_INDEX: json.dumps([asdict(entry) for entry in index], indent=0).encode()}
    with copy.open("rb") as stream:
        checksums = {_STORE: _checksum(stream)} | {n: hashlib.sha256(b).hexdigest() for n, b in members.items()}
    manifest = {"format": _FORMAT, "version": __version__, "schema": schema, "sha256": checksums}
    manifest |= {"made_at": now.astimezone(UTC).isoformat(timespec="seconds")}
    members[_MANIFEST] = json.dumps(manifest, indent=2).encode()
    # It holds the readers' addresses: for its owner's eyes only.
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
            bundle.write(copy, _STORE)
            for name, content in members.items():
                bundle.writestr(name, content)
            bundle.comment = (_MARK + hashlib.sha256(members[_MANIFEST]).hexdigest()).encode()
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """A backup's zip; whatever is wrong with it comes out as one sentence."""
    try:
        with zipfile.ZipFile(file) as bundle:
            yield bundle
    except OSError as error:
        raise BackupError(f"The backup {file} cannot be read or unpacked: {error.strerror or error}.") from error
    except _BROKEN as error:
        why = str(error)[:150] or type(error).__name__  # zipfile quotes what it met in the place of a name
        raise BackupError(
            f"{file} is no whole backup of presswatch ({why}): it is something else, or was"
            " cut off or changed. Nothing was changed. Try an earlier backup."
        ) from error


def _manifest(file: Path, bundle: zipfile.ZipFile) -> dict[str, Any]:
    comment = bundle.comment.decode("ascii", "replace")
    content = bundle.read(_MANIFEST)
    if comment != _MARK + hashlib.sha256(content).hexdigest():
        raise ValueError("the checksum of its manifest does not match")
    manifest: dict[str, Any] = json.loads(content)
    if manifest["format"] != _FORMAT:
        raise BackupError(f"{file} was made by a newer presswatch ({manifest['version']}). Install that version.")
    if set(manifest["sha256"]) != {_STORE, _INDEX}:
        raise ValueError("its manifest is incomplete")
    return manifest


def _checksum(stream: IO[bytes]) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a zip's member reads as well


def _unpack(file: Path, fresh: Path) -> None:
    with _opened(file) as bundle, bundle.open(_STORE) as stream, fresh.open("wb") as target:
        while chunk := stream.read(_CHUNK):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Nobody else may work on the store: its locks are files beside it, so a damaged store has them too."""
    database = Database(settings.database_url, settings.data_dir)
    try:
        with (
            database.lock("serve", "The presswatch service"),
            database.lock("process", "Another presswatch process"),
            database.lock("digest", "Another presswatch process"),
        ):
            yield
    finally:
        database.close()


def _set_aside(store: Path, now: datetime) -> Path:
    """Give the store a second name, and let its write-ahead log not meet the store that comes.

    A whole store is whole at any instant of this, so that an end in between loses
    nothing: its log is written out first. A damaged one keeps its log, as it was.
    """
    aside = store.with_name(f"{store.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%S}")
    log, log_aside = store.with_name(store.name + "-wal"), aside.with_name(aside.name + "-wal")
    os.link(store, aside)
    if log.exists():
        shutil.copyfile(log, log_aside)  # SQLite drops the log of a file that it cannot read
    with suppress(sqlite3.Error), closing(sqlite3.connect(store, timeout=5)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        log_aside.unlink(missing_ok=True)
    for name in (log, store.with_name(store.name + "-shm")):
        name.unlink(missing_ok=True)
    return aside


def _sync(folder: Path) -> None:
    """Make a rename outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
