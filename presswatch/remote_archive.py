"""The archive at an address of fsspec's: s3://, gs://, az://, sftp:// and so on.

Such stores know no appending, and a page must be readable by every machine before
its row is stored. So each answer, with its request, is a WARC file of its own, in
a folder a day; nobody ever writes to it again.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from presswatch import warc
from presswatch.archive import NAME, Archive, Record
from presswatch.errors import ArchiveError, ConfigError
from presswatch.warc import Headers

log = logging.getLogger(__name__)

_MARK = "presswatch-archive"


class RemoteArchive(Archive):
    """The WARC files below one address. Any number of machines may write and read at once."""

    def __init__(self, address: str, *, writer: str) -> None:
        super().__init__(Path("/nowhere"), writer=writer)
        try:
            from fsspec.core import url_to_fs

            self._files, self._root = cast("tuple[Any, str]", url_to_fs(address))
        except (ImportError, ValueError) as error:
            raise ConfigError(
                f"The archive's address {address} cannot be used: {error}. Install what its kind needs, such as"
                " `pip install presswatch[s3]`, or name a folder."
            ) from error
        self._address = address.rstrip("/")

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
        """Store a response and its request; returns where the response lies. Raises `ArchiveError`."""
        name = self._name(fetched_at)
        info = warc.warcinfo(name, fetched_at)
        block = warc.records(url, method, request_headers, status, response_headers, body, fetched_at)
        self._put(name, info + block)
        return Record(file=name, offset=len(info))

    def close(self) -> None:
        """Nothing is open between two writes."""

    def size(self) -> int:
        """The bytes that all files take. Asks for a list of all of them."""
        try:
            return sum(int(found["size"]) for found in self._files.find(self._root, detail=True).values())
        except Exception as error:
            raise self._failed("its files cannot be listed", error) from error

    def mark(self) -> str:
        """What tells this archive from others: empty before `set_mark`."""
        try:
            return bytes(self._files.cat_file(f"{self._root}/{_MARK}")).decode("ascii").strip()
        except FileNotFoundError:
            return ""
        except Exception as error:
            raise self._failed("it cannot be read", error) from error

    def set_mark(self, mark: str) -> None:
        self._put(_MARK, mark.encode("ascii"))

    def _put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        try:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)  # nothing, where there are no folders
            self._files.pipe_file(path, content)
        except Exception as error:  # each kind of store raises what its own library raises
            raise self._failed("the response cannot be archived", error) from error

    def _names(self) -> list[str]:
        try:
            self._files.invalidate_cache()
            found = (path.rpartition("/")[2] for path in self._files.find(self._root))
        except Exception as error:
            raise self._failed("its files cannot be listed", error) from error
        return sorted(name for name in found if NAME.fullmatch(name))

    def _opened(self, name: str) -> BinaryIO:
        return cast("BinaryIO", self._files.open(self._path(name), "rb"))

    def _delete(self, name: str) -> None:
        try:
            self._files.rm_file(self._path(name))
        except FileNotFoundError:
            return

    def _path(self, name: str) -> str:
        match = NAME.fullmatch(name)
        day = match[1] if match else ""
        return f"{self._root}/{day[:4]}/{day[4:6]}/{day[6:]}/{name}" if day else f"{self._root}/{name}"

    def _where(self, name: str) -> str:
        return f"{self._address}/{name}" if name else self._address

    def _failed(self, what: str, error: Exception) -> ArchiveError:
        return ArchiveError(f"The archive {self._address}: {what}: {error or type(error).__name__}.")
