"""Responses to and from WARC files, whole ones and damaged ones."""

import errno
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from presswatch.archive import Archive, Record
from presswatch.errors import ArchiveError, MachineError

T0 = datetime(2025, 9, 16, 12, tzinfo=UTC)
URL = "https://a.example/news/x?b=1"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive") as opened:
        yield opened


def write(archive: Archive, body: bytes = b"<p>body</p>", url: str = URL, **more: Any) -> Record:
    values: dict[str, Any] = {"status": 200, "response_headers": [(b"Content-Type", b"text/html")], "fetched_at": T0}
    return archive.write(url, body=body, **(values | more))


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "archive").iterdir())


def damaged(paths: list[Path]) -> int:
    """What warcio's own `warcio check` says of the files: 0 where all digests hold."""
    checker = Checker(type("Command", (), {"inputs": [str(path) for path in paths], "verbose": False})())
    checker.process_all()
    status: int = checker.exit_value
    return status


@pytest.mark.parametrize(
    "body",
    [b"", b"x", "日本語 €".encode(), b"\x00\r\n\r\nWARC/1.0\r\n", os.urandom(300_000), b"a" * 3_000_000],
    ids=["empty", "one", "utf-8", "like a record", "random", "long"],
)
def test_a_body_comes_back_byte_for_byte(archive: Archive, tmp_path: Path, body: bytes) -> None:
    places = [write(archive, b"before"), write(archive, body), write(archive, b"after")]
    assert [archive.read(p.file, p.offset).body for p in places] == [b"before", body, b"after"]
    archive.close()
    assert [archive.read(p.file, p.offset).body for p in places] == [b"before", body, b"after"]
    assert [(place, response.body) for place, response in archive.records()] == list(
        zip(places, [b"before", body, b"after"], strict=True)
    )
    assert damaged(files(tmp_path)) == 0


def test_a_response_comes_back_whole(archive: Archive) -> None:
    fetched_at = datetime(2025, 9, 17, 1, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    place = write(archive, status=404, fetched_at=fetched_at, response_headers=[(b"ETag", b'"x"'), (b"ETag", b'"y"')])
    response = archive.read(place.file, place.offset)
    assert (response.url, response.status, response.fetched_at) == (URL, 404, fetched_at)
    assert response.headers == (("ETag", '"x"'), ("ETag", '"y"'), ("Content-Length", "11"))
    assert place.file.startswith("presswatch-20250916T233005-")


def test_the_request_is_kept_without_cookies(archive: Archive, tmp_path: Path) -> None:
    headers = [(b"User-Agent", b"presswatch"), (b"Cookie", b"session=secret"), (b"If-None-Match", b'"x"')]
    write(archive, request_headers=headers)
    archive.close()
    with files(tmp_path)[0].open("rb") as stream:
        requests = [
            (record.http_headers.statusline, record.http_headers.headers, record.rec_headers)
            for record in ArchiveIterator(stream)
            if record.rec_type == "request"
        ]
    ((line, sent, about),) = requests
    assert line == "/news/x?b=1 HTTP/1.1"  # warcio's parser takes the method for the protocol
    assert sent == [("Host", "a.example"), ("User-Agent", "presswatch"), ("If-None-Match", '"x"')]
    assert about.get_header("WARC-Target-URI") == URL
    assert about.get_header("WARC-Concurrent-To").startswith("<urn:uuid:")


@pytest.mark.parametrize(
    ("header", "stored"),
    [
        ((b"Content-Encoding", b"gzip"), ("X-Archive-Orig-Content-Encoding", "gzip")),
        ((b"transfer-encoding", b"chunked"), ("X-Archive-Orig-transfer-encoding", "chunked")),
        ((b"Content-Length", b"99999"), ("X-Archive-Orig-Content-Length", "99999")),
        ((b"X-Title", b"caf\xe9"), ("X-Title", "caf%E9")),
        ((b"X-Title", b"a\r\nSet-Cookie: b\x00"), ("X-Title", "a Set-Cookie: b")),
        ((b"X-Empty", b""), ("X-Empty", "")),
    ],
)
def test_headers_tell_the_truth_about_the_stored_body(
    archive: Archive, tmp_path: Path, header: tuple[bytes, bytes], stored: tuple[str, str]
) -> None:
    place = write(archive, b"decoded", response_headers=[header])
    response = archive.read(place.file, place.offset)
    assert response.headers == (stored, ("Content-Length", "7"))
    assert response.body == b"decoded"
    archive.close()
    assert damaged(files(tmp_path)) == 0


def test_an_unknown_status_is_kept(archive: Archive) -> None:
    place = write(archive, status=599)
    assert archive.read(place.file, place.offset).status == 599


def test_files_are_rotated_by_day(archive: Archive, tmp_path: Path) -> None:
    for hours in (0, 11, 12, 36):
        write(archive, fetched_at=T0 + timedelta(hours=hours))
    archive.close()
    assert [path.name[:19] for path in files(tmp_path)] == [f"presswatch-2025091{day}" for day in (6, 7, 8)]
    assert [response.fetched_at for _, response in archive.records()] == [
        T0 + timedelta(hours=hours) for hours in (0, 11, 12, 36)
    ]


def test_files_are_rotated_by_size(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive", max_bytes=20_000) as archive:
        places = [write(archive, os.urandom(9_000)) for _ in range(10)]
    assert len(files(tmp_path)) == 4
    assert all(path.stat().st_size < 30_000 for path in files(tmp_path))
    assert len({place.file for place in places}) == 4
    assert len(list(archive.records())) == 10
    assert archive.size() == sum(path.stat().st_size for path in files(tmp_path))


def test_a_finished_file_is_gone_on_with(tmp_path: Path) -> None:
    for _ in range(3):
        with Archive(tmp_path / "archive") as archive:
            write(archive)
    (path,) = files(tmp_path)
    assert path.name.endswith(".warc.gz")
    assert damaged([path]) == 0
    assert len(list(archive.records())) == 3


def test_two_writers_never_share_a_file(tmp_path: Path) -> None:
    one, two = Archive(tmp_path / "archive"), Archive(tmp_path / "archive")
    with one, two:
        places = [write(writer, f"{n}".encode()) for n in range(5) for writer in (one, two)]
        assert len({place.file for place in places}) == 2
        assert one.read(places[1].file, places[1].offset).body == b"0"
    assert damaged(files(tmp_path)) == 0
    assert len(list(one.records())) == 10


def test_threads_write_at_once(archive: Archive, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda n: write(archive, b"%d" % n), range(100)))
    assert [archive.read(p.file, p.offset).body for p in places] == [b"%d" % n for n in range(100)]
    archive.close()
    assert damaged(files(tmp_path)) == 0


def test_a_killed_writer_loses_nothing_that_it_had_written(tmp_path: Path) -> None:
    code = (
        "import sys, os, datetime, pathlib\n"
        "from presswatch.archive import Archive\n"
        "archive = Archive(pathlib.Path(sys.argv[1]))\n"
        "while True:\n"
        "    place = archive.write('https://a.example/x', status=200, body=os.urandom(200_000),\n"
        "        fetched_at=datetime.datetime(2025, 9, 16, tzinfo=datetime.UTC))\n"
        "    print(place.file, place.offset, flush=True)\n"
    )
    folder = tmp_path / "archive"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(5)]
            child.kill()
            lines += child.stdout.read().splitlines()
        places = [line.split() for line in lines if len(line.split()) == 2]
        archive = Archive(folder)
        for file, offset in places[:-1]:
            assert len(archive.read(file, int(offset)).body) == 200_000
    assert len(list(folder.iterdir())) == 3  # nobody went on with a dead writer's file
    assert all(path.name.endswith(".open") for path in folder.iterdir())


@pytest.mark.parametrize("cut", [1, 8, 100, 1_500])
def test_a_file_that_was_cut_off_gives_what_is_whole(tmp_path: Path, cut: int) -> None:
    with Archive(tmp_path / "archive") as archive:
        places = [write(archive, os.urandom(1_000), url=f"https://a.example/{n}") for n in range(3)]
    (path,) = files(tmp_path)
    size = path.stat().st_size
    end = size if cut <= 100 else size - 400  # behind the last response comes its request
    with path.open("r+b") as file:
        file.truncate(end - cut)
    assert archive.read(places[1].file, places[1].offset).url == "https://a.example/1"
    whole = [response.url[-1] for _, response in archive.records()]
    assert whole[:2] == ["0", "1"]
    if cut > 100:
        assert whole == ["0", "1"]
        with pytest.raises(ArchiveError, match="cut off or damaged"):
            archive.read(places[2].file, places[2].offset)


def test_a_damaged_body_is_noticed(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        place = write(archive, b"some body")
    (path,) = files(tmp_path)
    raw = gzip.decompress(path.read_bytes())
    forged = gzip.compress(raw[raw.index(b"WARC/1.0", 5) :].replace(b"some body", b"evil body"))
    path.write_bytes(forged)
    with pytest.raises(ArchiveError, match="damaged"):
        archive.read(place.file, 0)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "",
        "a.warc.gz",
        "presswatch-20250916T120000-0123abcd.warc.gz/../x",
        "..",
        "a\x00b",
    ],
)
def test_a_name_that_is_no_archive_file_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="not the name of a file of the archive"):
        archive.read(name, 0)


_HEAD = "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
_FINE = "WARC-Target-URI: https://a.example/\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
DAMAGED = {
    "no answer in it": f"{_HEAD}{_FINE}Content-Length: 0\r\n\r\n\r\n\r\n",
    "a length of thirty digits": f"{_HEAD}{_FINE}Content-Length: {'9' * 30}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "a length that is none": f"{_HEAD}{_FINE}Content-Length: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "no address": f"{_HEAD}WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "a megabyte of noise": "x" * 1_000_000,
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_record_is_said_to_be_in_a_sentence(archive: Archive, tmp_path: Path, damage: str) -> None:
    """Found by fuzzing: warcio has other words for these, some of them a megabyte long."""
    name = "presswatch-20260101T000000-0123abcd.warc.gz"
    (tmp_path / "archive").mkdir(exist_ok=True)
    (tmp_path / "archive" / name).write_text(DAMAGED[damage], "utf-8")
    with pytest.raises(ArchiveError) as caught:
        archive.read(name, 0)
    assert len(str(caught.value)) < 1000
    assert list(archive.records()) == []


def test_what_the_machine_lacks_is_no_damage(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write(archive, b"whole")
    monkeypatch.setattr(Archive, "_opened", Mock(side_effect=OSError(errno.EMFILE, "Too many open files")))
    with pytest.raises(MachineError, match="Too many open files"):
        archive.read(place.file, place.offset)


def test_a_missing_file_and_a_wrong_offset_are_plain_errors(archive: Archive) -> None:
    place = write(archive)
    with pytest.raises(ArchiveError, match="missing from the archive"):
        archive.read("presswatch-20250916T120000-0123abcd.warc.gz", 0)
    for offset in (3, 10**9, 0):  # no record, behind the end, a record that is no response
        with pytest.raises(ArchiveError, match="no whole response"):
            archive.read(place.file, offset)


def test_no_offset_within_a_file_is_more_than_a_plain_error(archive: Archive) -> None:
    place = write(archive)
    for offset in range(1, place.offset):
        with pytest.raises(ArchiveError):
            archive.read(place.file, offset)


def test_a_folder_that_cannot_be_made_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("in the way")
    with pytest.raises(ArchiveError, match="cannot be archived"):
        write(Archive(tmp_path / "archive"))


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: both make a write fall short."""
    code = (
        "import sys, os, datetime, pathlib, resource, signal\n"
        "from presswatch.archive import Archive\n"
        "from presswatch.errors import ArchiveError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))\n"
        "archive = Archive(pathlib.Path(sys.argv[1]))\n"
        "when = datetime.datetime(2025, 9, 16, tzinfo=datetime.UTC)\n"
        "put = lambda n: archive.write('https://a.example/x', status=200, body=os.urandom(n), fetched_at=when)\n"
        "put(100_000)\n"
        "try:\n"
        "    put(100_000)\n"
        "except ArchiveError as error:\n"
        "    print(error)\n"
        "put(1_000)\n"
        "archive.close()\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "archive")], capture_output=True, text=True, check=True
    )
    assert "cannot be archived: File too large" in child.stdout
    assert damaged(files(tmp_path)) == 0
    assert [len(response.body) for _, response in Archive(tmp_path / "archive").records()] == [100_000, 1_000]


def test_old_days_are_pruned(archive: Archive, tmp_path: Path) -> None:
    for days in (0, 1, 2):
        write(archive, fetched_at=T0 + timedelta(days=days))
    (tmp_path / "archive" / "notes.txt").write_text("the operator's own")
    assert archive.prune((T0 + timedelta(days=2)).date()) == 2
    assert archive.prune((T0 + timedelta(days=2)).date()) == 0
    assert [response.fetched_at for _, response in archive.records()] == [T0 + timedelta(days=2)]
    assert (tmp_path / "archive" / "notes.txt").exists()


def test_an_archive_that_was_never_written_to_is_empty(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "none")
    assert list(archive.records()) == []
    assert archive.size() == 0
    assert not (tmp_path / "none").exists()
