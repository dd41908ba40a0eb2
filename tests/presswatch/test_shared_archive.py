"""An archive that several machines share: a folder, or an address of fsspec's."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from presswatch import settings
from presswatch.archive import Archive, Record, opened
from presswatch.errors import ArchiveError, ConfigError
from presswatch.services import Services

from ..conftest import NewDatabase

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(address: str, machine: str) -> Archive:
    return opened(address, Path("/nowhere"), max_bytes=500_000_000, machine=machine)


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of a server that speaks S3, on loopback; skips where that is not installed."""
    moto = pytest.importorskip("moto.server", reason="no S3 server is installed: make s3")
    import boto3

    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name, value in (("ACCESS_KEY_ID", "ada"), ("SECRET_ACCESS_KEY", "key"), ("DEFAULT_REGION", "us-east-1")):
            patch.setenv(f"AWS_{name}", value)
        boto3.client("s3").create_bucket(Bucket="presswatch")
        yield "s3://presswatch"
    server.stop()


@pytest.fixture(params=["folder", "address", "s3"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"
    return f"local://{tmp_path}/archive" if request.param == "address" else f"{tmp_path}/archive"


def written(archive: Archive, number: int, at: datetime = T0) -> Record:
    return archive.write(f"https://a.example/{number}", status=200, body=b"body %d" % number, fetched_at=at)


def test_what_one_machine_writes_every_other_reads_at_once(address: str) -> None:
    one, other = at(address, "crawl-1.example"), at(address, "crawl-2.example")
    records = [written((one, other)[n % 2], n) for n in range(6)]
    for n, record in enumerate(records):
        # Nothing was closed yet: the next machine judges a page as soon as its row is there.
        assert (other, one)[n % 2].read(record.file, record.offset).body == b"body %d" % n
    assert {r.file for r in records[::2]}.isdisjoint({r.file for r in records[1::2]})
    assert all("crawl-1-example" in r.file for r in records[::2])
    one.close()
    other.close()
    found = {record: response.body for record, response in at(address, "web").records()}
    assert found == {record: b"body %d" % n for n, record in enumerate(records)}


def test_nobody_goes_on_with_another_machines_file(address: str) -> None:
    with at(address, "one") as archive:
        first = written(archive, 1)
    with at(address, "two") as archive:
        second = written(archive, 2)
    assert first.file != second.file


def test_a_shared_folder_keeps_few_files(tmp_path: Path) -> None:
    files = set()
    for number in range(3):
        with at(f"{tmp_path}/archive", "one") as archive:
            files.add(written(archive, number).file)
    assert len(files) == 1


def test_old_days_are_pruned_wherever_they_lie(address: str) -> None:
    with at(address, "one") as archive:
        old, new = written(archive, 1), written(archive, 2, T0 + timedelta(days=2))
        assert archive.prune(date(2026, 3, 3)) == 1
        with pytest.raises(ArchiveError, match="missing from the archive"):
            archive.read(old.file, old.offset)
        assert archive.read(new.file, new.offset).body == b"body 2"


def test_a_copy_is_told_from_its_index(address: str) -> None:
    with at(address, "one") as archive:
        record = written(archive, 1)
        index = archive.index()
        assert [entry.file for entry in index] == [record.file]
        assert list(archive.differences(index)) == []


def test_another_process_reads_it(tmp_path: Path) -> None:
    address = f"local://{tmp_path}/archive"
    with at(address, "one") as archive:
        record = written(archive, 7)
    code = (
        "import sys, pathlib; from presswatch.archive import opened\n"
        "archive = opened(sys.argv[1], pathlib.Path('/nowhere'), max_bytes=1, machine='two')\n"
        "print(archive.read(sys.argv[2], int(sys.argv[3])).body.decode())"
    )
    command = [sys.executable, "-c", code, address, record.file, str(record.offset)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "body 7"


@pytest.mark.parametrize("address", ["nonsense://x/y", "archive/of/mine"])
def test_an_address_that_nobody_knows_is_said(tmp_path: Path, address: str) -> None:
    def begin() -> None:
        _ = Services(settings.load(None, tmp_path, {"PRESSWATCH_ARCHIVE": address})).archive

    with pytest.raises(ConfigError, match="address"):
        begin()


def test_a_machine_with_another_archive_is_refused(tmp_path: Path, new_database: NewDatabase) -> None:
    url = new_database()

    def machine(name: str, archive: str = "") -> Services:
        environ = {"PRESSWATCH_DATABASE_URL": url} | ({"PRESSWATCH_ARCHIVE": archive} if archive else {})
        return Services(settings.load(None, tmp_path / name, environ))

    with machine("one") as first:
        first.check_archive()
        first.check_archive()
    with machine("two") as second, pytest.raises(ConfigError, match="not the one that the store's pages lie in"):
        second.check_archive()
    with machine("three", str(tmp_path / "one" / "archive")) as third:
        third.check_archive()


def test_the_settings_say_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text(f"[archive]\naddress = {json.dumps(str(tmp_path / 'shared'))}\n")
    chosen = settings.load(tmp_path, tmp_path / "data", {})
    assert chosen.archive_dir == tmp_path / "shared"
    assert settings.load(tmp_path, tmp_path / "data", {"PRESSWATCH_ARCHIVE": "s3://b/p"}).archive.address == "s3://b/p"


@pytest.mark.parametrize("address", ["ftp://ada:s3cr3t@host/archive", "s3://key:s3cr3t@bucket", "sftp://ada@host/a"])
def test_an_address_with_a_password_is_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="holds a user name or password") as refusal:
        settings.load(None, tmp_path, {"PRESSWATCH_ARCHIVE": address})
    assert "s3cr3t" not in str(refusal.value)
