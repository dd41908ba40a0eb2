"""The channels: a folder, the terminal, mail, chat services; and no secret in any error."""

import io
import json
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from presswatch.digests.send import Channels, send
from presswatch.errors import DeliveryError
from presswatch.recipients import shown
from presswatch.settings import MailServer
from tests.digests.stories import digest

# Apprise imports it on Python 3.11 and 3.12; where it is gone, Apprise does without.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def channels(tmp_path: Path) -> Channels:
    return Channels(mail=MailServer(), data_dir=tmp_path)


def test_a_folder_gets_all_three_forms(channels: Channels, tmp_path: Path) -> None:
    receipt = send(digest(), "file:digests/uk", channels)
    folder = tmp_path / "digests" / "uk"
    assert receipt == str(folder / "uk-ai-2026-09-21T0600Z.html")
    assert sorted(path.name for path in folder.iterdir()) == [
        f"uk-ai-2026-09-21T0600Z.{kind}" for kind in ("eml", "html", "txt")
    ]
    assert (folder / "uk-ai-2026-09-21T0600Z.html").read_text(encoding="utf-8") == digest().html
    assert (folder / "uk-ai-2026-09-21T0600Z.txt").read_text(encoding="utf-8") == digest().text
    mail = message_from_bytes((folder / "uk-ai-2026-09-21T0600Z.eml").read_bytes(), policy=policy.default)
    assert mail["Subject"] == digest().subject


def test_a_folder_may_be_anywhere(channels: Channels, tmp_path: Path) -> None:
    assert send(digest(), f"file:{tmp_path}/else where", channels).startswith(f"{tmp_path}/else where/")


def test_a_name_leads_nowhere_else(channels: Channels, tmp_path: Path) -> None:
    send(digest(name="../../evil/.name"), "file:out", channels)
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {tmp_path / "out"}


def test_sending_again_replaces_the_files(channels: Channels, tmp_path: Path) -> None:
    for text in ("one", "two"):
        send(digest(text=text), "file:out", channels)
    assert len(list((tmp_path / "out").iterdir())) == 3
    assert (tmp_path / "out" / "uk-ai-2026-09-21T0600Z.txt").read_text() == "two"


def test_a_folder_that_cannot_be_written_is_for_now(channels: Channels, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DeliveryError, match="taken") as caught:
        send(digest(), "file:taken", channels)
    assert not caught.value.permanent


def test_the_terminal(channels: Channels, capsys: pytest.CaptureFixture[str]) -> None:
    assert send(digest(), "stdout:", channels) == "printed"
    assert digest().text in capsys.readouterr().out


@pytest.mark.parametrize(
    ("recipient", "part"),
    [
        ("mailto:jo", "not a mail address"),
        ("mailto:jo@example.org%0d%0aBcc:al@example.org", "not a mail address"),
        ("nothing", "no address that a chat service"),
        ("unknown://secret", "unknown://…"),
        ("discord://", "discord://…"),
    ],
)
def test_what_is_no_recipient_is_refused_for_good(channels: Channels, recipient: str, part: str) -> None:
    with pytest.raises(DeliveryError, match=part) as caught:
        send(digest(), recipient, channels)
    assert caught.value.permanent
    assert "secret" not in str(caught.value)


class Service(BaseHTTPRequestHandler):
    """A chat service that takes JSON, or refuses it and echoes the secret that it was asked with."""

    taken: list[Any]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).taken.append(json.loads(body))
        self.send_response(type(self).status)
        answer = f"you are {self.headers.get('Authorization')} at {self.path}".encode()
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def service() -> Iterator[type[Service]]:
    class Here(Service):
        taken: list[Any] = []
        status = 200

    server = HTTPServer(("127.0.0.1", 0), Here)
    Here.port = server.server_port  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Here
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_chat_service_gets_the_short_form(channels: Channels, service: Any) -> None:
    text = (
        "T\n"
        + "=" * 78
        + "\n\n1. Firm Builds\n\n   A firm builds.\n\n   Figures   £2 billion\n   https://e.example/a\n"
    )
    receipt = send(digest(text=text), f"json://user:hunter2secret@127.0.0.1:{service.port}/hook-token", channels)
    assert receipt == "taken by json://…"
    assert service.taken[0]["title"] == digest().subject
    assert service.taken[0]["message"] == "Firm Builds\n£2 billion\nhttps://e.example/a"


def test_a_refusal_tells_no_secret(
    channels: Channels, service: Any, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    service.status = 500
    with pytest.raises(DeliveryError, match=r"json://… did not take") as caught:
        send(digest(), f"json://user:hunter2secret@127.0.0.1:{service.port}/hook-token?+X-Key=other9secret", channels)
    assert not caught.value.permanent
    printed = capsys.readouterr()
    for place in (str(caught.value), repr(caught.value.__cause__), logged.getvalue(), printed.out, printed.err):
        assert "secret" not in place
        assert "hook-token" not in place


def test_a_services_own_words_are_quoted_without_its_address(channels: Channels) -> None:
    with pytest.raises(DeliveryError, match="onnection error") as caught:
        send(digest(), "json://user:hunter2secret@127.0.0.1:1/hook-token", channels)
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize(
    ("recipient", "seen"),
    [
        ("mailto:jo.smith@example.org", "j…@example.org"),
        ("mailto:jo@example.org?subject=x", "j…@example.org"),
        ("mailto://user:pass@example.org", "mailto://…"),
        ("slack://T1/B2/secret", "slack://…"),
        ("file:digests", "file:digests"),
        ("stdout:", "stdout:"),
    ],
)
def test_how_recipients_are_shown(recipient: str, seen: str) -> None:
    assert shown(recipient) == seen
