"""Raw responses to and from WARC files, which any WARC tool reads.

A response is written with the request that it answers, each record gzipped for
itself, so that one can be read from its offset alone. A file is named after the
day and time of its first response, and holds responses of that day only, up to
a size. While a process writes to it, it carries ".open" behind its name, as is
usual for WARC; renaming it is how a process takes it. A process that dies leaves
its file ".open": nobody appends to it, because its last record may be a half
one, but everything before that is read as before.
"""

import errno
import hashlib
import logging
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO
from zlib import error as ZlibError  # noqa: N812

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from presswatch import warc
from presswatch.errors import ArchiveError, MachineError
from presswatch.warc import Headers, Response

log = logging.getLogger(__name__)

_OPEN = ".open"
_MARK = "presswatch-archive"
_CHUNK = 1 << 20
# The middle part, the host and process that write, is there where several machines share an archive.
NAME = re.compile(r"presswatch-(\d{8})T\d{6}-(?:([a-z0-9-]{1,63})-\d+-)?[0-9a-f]{8}\.warc\.gz")
# What says nothing of the file: nobody is to fetch the page again for it.
_NO_DAMAGE = frozenset({errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
# The last three are what warcio says of lengths, types and status lines that no record has.
_DAMAGE = (ArchiveLoadFailed, ZlibError, EOFError, OSError, ValueError, AttributeError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where a response lies: the file's name within the archive, and the offset in it."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A file of the archive as it was at one moment. Files only grow, so these bytes stay its beginning."""

    file: str
    size: int
    sha256: str


@dataclass(slots=True)
class _Writing:
    """The file that this process is writing to."""

    name: str
    stream: BinaryIO
    size: int


def opened(address: str, folder: Path, *, max_bytes: int, machine: str) -> "Archive":
    """The archive at `address`, a folder that machines share or whatever fsspec knows; without one, in `folder`."""
    if not address:
        return Archive(folder, max_bytes=max_bytes)
    if "://" not in address:
        return Archive(Path(address), max_bytes=max_bytes, writer=machine)
    from presswatch.remote_archive import RemoteArchive

    return RemoteArchive(address, writer=machine)


class Archive:
    """The WARC files of one folder. Any number of processes may write and read at once, each its own file."""

    def __init__(self, folder: Path, *, max_bytes: int = 500_000_000, writer: str = "") -> None:
        """`writer` names this machine where others write to the same folder: nobody goes on with another's file."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._writer = re.sub(r"[^a-z0-9]+", "-", writer.lower()).strip("-")[:63]
        self._writing: _Writing | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(
        self,
        url: str,
        *,
        method: str = "GET",
        request_headers: Headers = (),
        status: int,
        response_headers: Headers = (),
        body: bytes,
        fetched_at: datetime,
    ) -> Record:
        """Append a response and its request; returns where the response lies.

        It outlives this process from then on. Raises `ArchiveError`; nothing
        half-written stays behind.
        """
        block = warc.records(url, method, request_headers, status, response_headers, body, fetched_at)
        with self._turn:
            try:
                writing = self._file_for(fetched_at)
            except OSError as error:
                raise ArchiveError(_cannot_write(self._where(""), error)) from error
            try:
                _append(writing, block)
                if self._writer:  # the other machines see it from now on
                    os.fsync(writing.stream.fileno())
            except OSError as error:
                self._undo(writing)
                raise ArchiveError(_cannot_write(self._where(writing.name), error)) from error
            offset, writing.size = writing.size, writing.size + len(block)
            return Record(file=writing.name, offset=offset)

    def close(self) -> None:
        """Finish the file that is being written; the next write, by anyone, may go on with it."""
        with self._turn:
            self._finish()

    def read(self, file: str, offset: int) -> Response:
        """The response at a place that `write` returned.

        Raises `ArchiveError` where it is not there, is damaged, or `file` is no name of an archive's file,
        `MachineError` where it may be whole but cannot be read now.
        """
        if not NAME.fullmatch(file):
            raise ArchiveError(f"{file!r} is not the name of a file of the archive; nothing was read.")
        try:
            with self._opened(file) as stream:
                stream.seek(offset)
                for record in ArchiveIterator(stream, check_digests="raise"):
                    # At a wrong offset the reader may take chance bytes for a record of an older format.
                    if record.rec_type == "response" and record.format == "warc" and record.http_headers:
                        return warc.response(record)
                    break
        except FileNotFoundError as error:
            raise ArchiveError(f"{self._where(file)} is missing from the archive. Restore it from a backup.") from error
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno in _NO_DAMAGE:
                raise MachineError(f"{self._where(file)} cannot be read now: {error.strerror}.") from error
            raise ArchiveError(_damaged(self._where(file), offset, error)) from error
        raise ArchiveError(_damaged(self._where(file), offset, None))

    def records(self) -> Iterator[tuple[Record, Response]]:
        """Every response, file by file in the order of their first ones. What is damaged is logged and passed over."""
        for name in self._names():
            try:
                with self._opened(name) as stream:
                    iterator = ArchiveIterator(stream, check_digests="raise")
                    for record in iterator:
                        if record.rec_type == "response":
                            response = warc.response(record)  # before its offset: asking for that reads to its end
                            yield Record(file=name, offset=iterator.get_record_offset()), response
            except FileNotFoundError:
                continue  # pruned meanwhile
            except _DAMAGE as error:
                log.warning("%s Everything before that was read.", _damaged(self._where(name), None, error))

    def prune(self, before: date) -> int:
        """Delete the files of days before `before`; returns how many."""
        old = [name for name in self._names() if _day(name) < f"{before:%Y%m%d}"]
        for name in old:
            try:
                self._delete(name)
            except OSError as error:
                where = self._where(name)
                raise ArchiveError(f"{where} is old and cannot be deleted: {error.strerror or error}.") from error
        return len(old)

    def index(self) -> tuple[Indexed, ...]:
        """Every file with its size and checksum, also while somebody writes."""
        found = []
        for name in self._names():
            try:
                with self._opened(name) as stream:
                    size = _size(stream)
                    found.append(Indexed(file=name, size=size, sha256=_checksum(stream, size)))
            except FileNotFoundError:
                continue  # pruned meanwhile
        return tuple(found)

    def differences(self, index: Iterable[Indexed]) -> Iterator[str]:
        """A sentence for each file that is missing, or no longer begins as `index` says."""
        for entry in index:
            try:
                with self._opened(entry.file) as stream:
                    size = _size(stream)
                    if size < entry.size:
                        yield f"{entry.file} is shorter than it was: {size} bytes of {entry.size}."
                    elif _checksum(stream, entry.size) != entry.sha256:
                        yield f"{entry.file} is not what it was: its checksum differs."
            except FileNotFoundError:
                yield f"{entry.file} is missing."

    def size(self) -> int:
        """The bytes that all files take."""
        return sum(path.stat().st_size for path in self._folder.glob("presswatch-*.warc.gz*"))

    def mark(self) -> str:
        """What tells this archive from others: empty before `set_mark`."""
        try:
            return (self._folder / _MARK).read_text("ascii").strip()
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{self._where(_MARK)} cannot be read: {error}.") from error

    def set_mark(self, mark: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / _MARK).write_text(mark + "\n", "ascii")
        except OSError as error:
            raise ArchiveError(_cannot_write(self._where(_MARK), error)) from error

    def _where(self, name: str) -> str:
        """A file's whole address, for messages."""
        return str(self._folder / name) if name else str(self._folder)

    def _delete(self, name: str) -> None:
        for path in (self._folder / name, self._folder / (name + _OPEN)):
            path.unlink(missing_ok=True)

    def _names(self) -> list[str]:
        names = {path.name.removesuffix(_OPEN) for path in self._folder.glob("presswatch-*.warc.gz*")}
        return sorted(name for name in names if NAME.fullmatch(name))

    def _opened(self, name: str) -> BinaryIO:
        # Another process may take or finish the file between two of these.
        for suffix in ("", _OPEN, "", _OPEN):
            try:
                return (self._folder / (name + suffix)).open("rb")
            except FileNotFoundError:
                continue
        raise FileNotFoundError(name)

    def _file_for(self, fetched_at: datetime) -> _Writing:
        """The file to append to: the one being written, else a finished one of that day, else a new one."""
        day = f"{fetched_at.astimezone(UTC):%Y%m%d}"
        if self._writing is not None and (_day(self._writing.name) != day or self._writing.size >= self._max_bytes):
            self._finish()
        if self._writing is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._writing = self._taken(day) or self._created(fetched_at)
        return self._writing

    def _taken(self, day: str) -> _Writing | None:
        for name in self._names():
            path = self._folder / name
            if _day(name) != day or (NAME.fullmatch(name) or [""] * 3)[2] != (self._writer or None):
                continue
            try:
                if path.stat().st_size >= self._max_bytes:
                    continue
                path.rename(path.with_name(name + _OPEN))
            except FileNotFoundError:
                continue  # another process has it
            stream = path.with_name(name + _OPEN).open("r+b", buffering=0)
            return _Writing(name=name, stream=stream, size=stream.seek(0, 2))
        return None

    def _created(self, fetched_at: datetime) -> _Writing:
        name = self._name(fetched_at)
        stream = (self._folder / (name + _OPEN)).open("xb", buffering=0)
        writing = _Writing(name=name, stream=stream, size=0)
        block = warc.warcinfo(name, fetched_at)
        try:
            _append(writing, block)
        except OSError:
            stream.close()
            (self._folder / (name + _OPEN)).unlink(missing_ok=True)
            raise
        writing.size = len(block)
        return writing

    def _name(self, fetched_at: datetime) -> str:
        writer = f"{self._writer}-{os.getpid()}-" if self._writer else ""
        return f"presswatch-{fetched_at.astimezone(UTC):%Y%m%dT%H%M%S}-{writer}{secrets.token_hex(4)}.warc.gz"

    def _finish(self) -> None:
        writing, self._writing = self._writing, None
        if writing is None:
            return
        writing.stream.close()
        path = self._folder / (writing.name + _OPEN)
        try:
            path.rename(self._folder / writing.name)
        except OSError as error:
            log.warning("%s stays as it is, and is read all the same: %s.", path, error.strerror)

    def _undo(self, writing: _Writing) -> None:
        try:
            writing.stream.truncate(writing.size)
        except OSError:  # leave it ".open": nobody appends to it
            writing.stream.close()
            self._writing = None


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, 2)
    stream.seek(0)
    return size


def _checksum(stream: BinaryIO, size: int) -> str:
    """The SHA-256 of the first `size` bytes."""
    checksum = hashlib.sha256()
    while size > 0 and (chunk := stream.read(min(size, _CHUNK))):
        checksum.update(chunk)
        size -= len(chunk)
    return checksum.hexdigest()


def _append(writing: _Writing, block: bytes) -> None:
    writing.stream.seek(writing.size)
    rest = memoryview(block)
    while rest:  # an unbuffered file may take less than it is given
        rest = rest[writing.stream.write(rest) :]


def _day(name: str) -> str:
    match = NAME.fullmatch(name)
    assert match is not None
    return match[1]


def _cannot_write(path: str, error: OSError) -> str:
    why = error.strerror or error
    return f"{path}: the response cannot be archived: {why}. Look for room on the disk and the right to write."


def _damaged(path: str, offset: int | None, error: Exception | None) -> str:
    where = "" if offset is None else f" at byte {offset}"
    # warcio quotes what it met in the place of a record, however long that is.
    why = f" ({str(error)[:150]})" if error is not None and str(error) else ""
    return f"{path} holds no whole response{where}{why}: it was cut off or damaged."
