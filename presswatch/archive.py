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
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from zlib import error as ZlibError  # noqa: N812

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from presswatch.errors import ArchiveError, MachineError

log = logging.getLogger(__name__)

Headers = Iterable[tuple[bytes, bytes]]

_OPEN = ".open"
_CHUNK = 1 << 20
_NAME = re.compile(r"presswatch-(\d{8})T\d{6}-[0-9a-f]{8}\.warc\.gz")
# The body is kept as it was after decoding, so these would lie about it. WARC tools know the prefix.
_OF_THE_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "X-Archive-Orig-"
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
class Response:
    """A response as the archive gives it back; its body is decoded from transfer and content encoding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime


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


class Archive:
    """The WARC files of one folder. Any number of processes may write and read at once, each its own file."""

    def __init__(self, folder: Path, *, max_bytes: int = 500_000_000) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
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
        block = _records(url, method, request_headers, status, response_headers, body, fetched_at)
        with self._turn:
            try:
                writing = self._file_for(fetched_at)
            except OSError as error:
                raise ArchiveError(_cannot_write(self._folder, error)) from error
            try:
                _append(writing, block)
            except OSError as error:
                self._undo(writing)
                raise ArchiveError(_cannot_write(self._folder / writing.name, error)) from error
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
        if not _NAME.fullmatch(file):
            raise ArchiveError(f"{file!r} is not the name of a file of the archive; nothing was read.")
        try:
            with self._opened(file) as stream:
                stream.seek(offset)
                for record in ArchiveIterator(stream, check_digests="raise"):
                    # At a wrong offset the reader may take chance bytes for a record of an older format.
                    if record.rec_type == "response" and record.format == "warc" and record.http_headers:
                        return _response(record)
                    break
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{self._folder / file} is missing from the archive. Restore it from a backup."
            ) from error
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno in _NO_DAMAGE:
                raise MachineError(f"{self._folder / file} cannot be read now: {error.strerror}.") from error
            raise ArchiveError(_damaged(self._folder / file, offset, error)) from error
        raise ArchiveError(_damaged(self._folder / file, offset, None))

    def records(self) -> Iterator[tuple[Record, Response]]:
        """Every response, file by file in the order of their first ones. What is damaged is logged and passed over."""
        for name in self._names():
            try:
                with self._opened(name) as stream:
                    iterator = ArchiveIterator(stream, check_digests="raise")
                    for record in iterator:
                        if record.rec_type == "response":
                            response = _response(record)  # before its offset: asking for that reads to its end
                            yield Record(file=name, offset=iterator.get_record_offset()), response
            except FileNotFoundError:
                continue  # pruned meanwhile
            except _DAMAGE as error:
                log.warning("%s Everything before that was read.", _damaged(self._folder / name, None, error))

    def prune(self, before: date) -> int:
        """Delete the files of days before `before`; returns how many."""
        old = [name for name in self._names() if _day(name) < f"{before:%Y%m%d}"]
        for name in old:
            for path in (self._folder / name, self._folder / (name + _OPEN)):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise ArchiveError(f"{path} is old and cannot be deleted: {error.strerror}.") from error
        return len(old)

    def index(self) -> tuple[Indexed, ...]:
        """Every file with its size and checksum, also while somebody writes."""
        found = []
        for name in self._names():
            try:
                with self._opened(name) as stream:
                    size = os.fstat(stream.fileno()).st_size
                    found.append(Indexed(file=name, size=size, sha256=_checksum(stream, size)))
            except FileNotFoundError:
                continue  # pruned meanwhile
        return tuple(found)

    def differences(self, index: Iterable[Indexed]) -> Iterator[str]:
        """A sentence for each file that is missing, or no longer begins as `index` says."""
        for entry in index:
            try:
                with self._opened(entry.file) as stream:
                    size = os.fstat(stream.fileno()).st_size
                    if size < entry.size:
                        yield f"{entry.file} is shorter than it was: {size} bytes of {entry.size}."
                    elif _checksum(stream, entry.size) != entry.sha256:
                        yield f"{entry.file} is not what it was: its checksum differs."
            except FileNotFoundError:
                yield f"{entry.file} is missing."

    def size(self) -> int:
        """The bytes that all files take."""
        return sum(path.stat().st_size for path in self._folder.glob("presswatch-*.warc.gz*"))

    def _names(self) -> list[str]:
        names = {path.name.removesuffix(_OPEN) for path in self._folder.glob("presswatch-*.warc.gz*")}
        return sorted(name for name in names if _NAME.fullmatch(name))

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
            if _day(name) != day:
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
        name = f"presswatch-{fetched_at.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.warc.gz"
        stream = (self._folder / (name + _OPEN)).open("xb", buffering=0)
        writing = _Writing(name=name, stream=stream, size=0)
        block = _warcinfo(name, fetched_at)
        try:
            _append(writing, block)
        except OSError:
            stream.close()
            (self._folder / (name + _OPEN)).unlink(missing_ok=True)
            raise
        writing.size = len(block)
        return writing

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


def _records(
    url: str,
    method: str,
    request_headers: Headers,
    status: int,
    response_headers: Headers,
    body: bytes,
    fetched_at: datetime,
) -> bytes:
    block = BytesIO()
    writer = WARCWriter(block, gzip=True)
    when = {"WARC-Date": _warc_date(fetched_at)}
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    answer = StatusAndHeaders(f"{status} {reason}", _of_the_body(response_headers, len(body)), protocol="HTTP/1.1")
    response = writer.create_warc_record(
        url, "response", payload=BytesIO(body), length=len(body), http_headers=answer, warc_headers_dict=when
    )
    parts = urlsplit(url)
    asked = [("Host", parts.netloc)] + [h for h in _clean(request_headers) if h[0].lower() not in ("host", "cookie")]
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = StatusAndHeaders(f"{method} {target} HTTP/1.1", asked, is_http_request=True)
    request = writer.create_warc_record(url, "request", http_headers=line, warc_headers_dict=when)
    writer.write_request_response_pair(request, response)
    return block.getvalue()


def _warcinfo(name: str, at: datetime) -> bytes:
    block = BytesIO()
    writer = WARCWriter(block, gzip=True)
    info = b"software: presswatch\r\nformat: WARC File Format 1.0\r\n"
    headers = {"WARC-Filename": name, "WARC-Date": _warc_date(at)}
    record = writer.create_warc_record(
        "", "warcinfo", payload=BytesIO(info), length=len(info), warc_headers_dict=headers
    )
    writer.write_record(record)
    return block.getvalue()


def _warc_date(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _of_the_body(headers: Headers, length: int) -> list[tuple[str, str]]:
    """The headers with those that spoke of the transfer set aside, and the length that the body has here."""
    kept = [(_ORIGINAL + name if name.lower() in _OF_THE_TRANSFER else name, value) for name, value in _clean(headers)]
    return [*kept, ("Content-Length", str(length))]


def _clean(headers: Headers) -> list[tuple[str, str]]:
    """Headers as text on one line each; bytes that are not ASCII are percent-escaped, as WARC tools expect."""
    return [(_line(name), _line(value)) for name, value in headers if _line(name)]


def _line(value: bytes) -> str:
    text = re.sub(rb"[\x00-\x1f\x7f]+", b" ", value).strip()
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in text)


def _response(record: ArcWarcRecord) -> Response:
    body: bytes = record.content_stream().read()
    headers, url = record.http_headers, record.rec_headers.get_header("WARC-Target-URI")
    if headers is None or not url:
        raise ValueError("a record lacks its address or its status")
    return Response(
        url=url,
        status=int(headers.get_statuscode()),
        headers=tuple((name, value) for name, value in headers.headers),
        body=body,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )


def _day(name: str) -> str:
    match = _NAME.fullmatch(name)
    assert match is not None
    return match[1]


def _cannot_write(path: Path, error: OSError) -> str:
    return (
        f"{path}: the response cannot be archived: {error.strerror}. Look for room on the disk and the right to write."
    )


def _damaged(path: Path, offset: int | None, error: Exception | None) -> str:
    where = "" if offset is None else f" at byte {offset}"
    # warcio quotes what it met in the place of a record, however long that is.
    why = f" ({str(error)[:150]})" if error is not None and str(error) else ""
    return f"{path} holds no whole response{where}{why}: it was cut off or damaged."
