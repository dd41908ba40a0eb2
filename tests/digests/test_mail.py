"""The message, and handing it to real mail servers."""

import socket
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest

from presswatch.digests.mail import ServerUnavailable, address, hand_over, header, message, try_server
from presswatch.errors import DeliveryError
from presswatch.models import Digest
from presswatch.settings import MailServer
from tests.digests.conftest import PASSWORD, Inbox
from tests.digests.stories import UNTIL, digest

type_of_start = Callable[..., tuple[MailServer, Inbox]]


def sent(edition: Digest | None = None, to: str = "reader@example.net", **given: str) -> Any:
    mail = message(edition or digest(), to, given.get("sender", "watch@example.org"), given.get("id", "uk-ai.1"))
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def test_the_message_reads_back_as_it_was_built() -> None:
    mail = sent()
    assert mail["Subject"] == digest().subject
    assert mail["From"] == "AI in the United Kingdom <watch@example.org>"
    assert mail["To"] == "reader@example.net"
    assert mail["Date"].datetime == UNTIL
    assert mail["Message-ID"] == "<uk-ai.1@example.org>"
    assert mail["List-Id"] == "<uk-ai.presswatch.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    # A line of one dot is what ends a mail on its way; it arrives as it was.
    assert text.get_content().replace("\r\n", "\n") == digest().text
    assert html.get_content().strip() == digest().html


def test_the_same_edition_is_the_same_message() -> None:
    one, two = (message(digest(), "reader@example.net", "watch@example.org", "id").as_bytes() for _ in range(2))
    assert one == two


def test_every_line_is_short_enough_for_any_server() -> None:
    long = digest(html="<p>" + "x" * 20_000 + "</p>", text="y" * 20_000, subject="word " * 300)
    raw = message(long, "reader@example.net", "watch@example.org", "id").as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()


@pytest.mark.parametrize("breaking", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"])
@pytest.mark.parametrize("field", ["subject", "title", "name", "edition"])
def test_no_field_can_add_a_header(field: str, breaking: str) -> None:
    hostile = f"News{breaking}Bcc: all@example.org{breaking}{breaking}<b>body</b>"
    mail = sent(digest(**{field: hostile}), id=hostile if field == "edition" else "id")
    assert mail["Bcc"] is None
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "MIME-Version", "Content-Type")
    }
    assert len(list(mail.iter_parts())) == 2
    assert not any(ord(letter) < 32 for value in mail.values() for letter in value)


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("jo@example.org", "jo@example.org"),
        (" jo.smith+news@mail.example.org ", "jo.smith+news@mail.example.org"),
        ("jo@bücher.example", "jo@xn--bcher-kva.example"),
        ("jo@localhost", "jo@localhost"),
    ],
)
def test_addresses(given: str, plain: str) -> None:
    assert address(given) == plain


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "jo",
        "@example.org",
        "jo@",
        "jo@exa mple.org",
        "jo@example.org\r\nBcc: all@example.org",
        "jo@example.org,al@example.org",
        "Jo <jo@example.org>",
        "jo@-example.org",
        "jø@example.org",
        "a" * 65 + "@example.org",
        "jo..smith@example.org",
        '"jo smith"@example.org',
    ],
)
def test_what_is_no_address_is_refused_for_good(wrong: str) -> None:
    with pytest.raises(DeliveryError, match="not a mail address") as caught:
        address(wrong)
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("watch@example.org", "AI in the United Kingdom <watch@example.org>"),
        ("The Watch <watch@example.org>", "The Watch <watch@example.org>"),
        ('"Watch, The" <watch@example.org>', '"Watch, The" <watch@example.org>'),
    ],
)
def test_senders(sender: str, shown: str) -> None:
    assert str(sent(sender=sender)["From"]) == shown


def test_a_wrong_sender_gives_no_delivery_up() -> None:
    with pytest.raises(ServerUnavailable, match="PRESSWATCH_MAIL_FROM") as caught:
        sent(sender="nobody")
    assert not caught.value.permanent


def test_a_header_keeps_what_can_be_seen() -> None:
    assert header("Ein\tPfund £1 – 20億\u200b\ud800!") == "Ein Pfund £1 – 20億 !"


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("user", ["", "watch"])
def test_a_mail_arrives(mail_server: type_of_start, trusted: None, security: str, user: str) -> None:
    server, inbox = mail_server(security, user=user, password=PASSWORD if user else "")
    receipt = hand_over(message(digest(), "reader@example.net", server.sender, "id"), server)
    assert receipt == "127.0.0.1: taken as 1"
    (to, mail), *others = inbox.mails
    assert not others
    assert to == "reader@example.net"
    assert mail["Message-ID"] == "<id@example.org>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == digest().text
    assert inbox.encrypted == [security != "none"]
    assert inbox.users == ([user] if user else [])


def refused(server: MailServer, to: str = "reader@example.net") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        hand_over(message(digest(), to, server.sender, "id"), server)
    assert caught.value.__cause__ is None
    assert "correct" not in str(caught.value), "a password is never shown"
    return caught.value


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("550 no such mailbox: reader@example.net", True),
        ("554 we do not like you", True),
        ("451 try later", False),
        ("452 mailbox full", False),
    ],
)
def test_4xx_is_for_now_and_5xx_for_good(mail_server: type_of_start, answer: str, permanent: bool) -> None:
    server, inbox = mail_server()
    inbox.refuse["reader@example.net"] = [answer]
    error = refused(server)
    assert error.permanent is permanent
    assert not isinstance(error, ServerUnavailable)
    assert answer[:3] in str(error)
    assert "reader@example.net" not in str(error), "the error may stand in others' footers"
    assert not inbox.mails
    hand_over(message(digest(), "reader@example.net", server.sender, "id"), server)
    assert len(inbox.mails) == 1


def test_a_sender_that_is_refused_can_be_mended(mail_server: type_of_start) -> None:
    server, inbox = mail_server()
    inbox.refuse_sender = "550 who are you"
    error = refused(server)
    assert isinstance(error, ServerUnavailable)
    assert not error.permanent
    assert "PRESSWATCH_MAIL_FROM" in str(error)


def test_a_wrong_password_can_be_mended(mail_server: type_of_start, trusted: None) -> None:
    server, inbox = mail_server("starttls", user="watch", password="correct hose")
    error = refused(server)
    assert isinstance(error, ServerUnavailable)
    assert not error.permanent
    assert "PRESSWATCH_SMTP_PASSWORD" in str(error)
    assert not inbox.mails


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_is_not_trusted_is_refused(mail_server: type_of_start, security: str) -> None:
    server, inbox = mail_server(security)
    assert "certificate" in str(refused(server))
    assert not inbox.mails


@pytest.mark.parametrize(("offered", "asked"), [("none", "starttls"), ("none", "tls"), ("tls", "starttls")])
def test_encryption_is_never_left_out(
    mail_server: type_of_start, trusted: None, monkeypatch: pytest.MonkeyPatch, offered: str, asked: str
) -> None:
    monkeypatch.setattr("presswatch.digests.mail._TIMEOUT", 1.0)
    server, inbox = mail_server(offered)
    error = refused(replace(server, security=asked))  # type: ignore[arg-type]
    assert isinstance(error, ServerUnavailable)
    assert not inbox.mails


def test_a_password_goes_nowhere_unencrypted() -> None:
    server = MailServer(host="192.0.2.1", port=25, user="u", password="correct", security="none", sender="w@e.example")
    error = refused(server)  # at once: the address answers nobody
    assert isinstance(error, ServerUnavailable)
    assert "unencrypted" in str(error)


@pytest.mark.parametrize("behaviour", ["closed", "silent", "hangs up", "garbage", "busy"])
def test_a_server_that_cannot_be_used_is_for_now(behaviour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr("presswatch.digests.mail._TIMEOUT", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    answers = {"hangs up": b"", "garbage": b"\x00\xff\r\n", "busy": b"421 too many\r\n"}

    def answer() -> None:
        with listener.accept()[0] as connection:
            connection.sendall(answers[behaviour])

    if behaviour == "closed":
        listener.close()
    thread = threading.Thread(target=answer)
    if behaviour in answers:
        thread.start()
    try:
        error = refused(MailServer(host="127.0.0.1", port=port, security="none", sender="watch@example.org"))
    finally:
        if behaviour in answers:
            thread.join()
        listener.close()
    assert isinstance(error, ServerUnavailable)
    assert not error.permanent
    assert f"127.0.0.1:{port}" in str(error)


def test_no_server_is_named() -> None:
    assert "PRESSWATCH_SMTP_HOST" in str(refused(MailServer(sender="watch@example.org")))


def test_trying_a_server_sends_nothing(mail_server: type_of_start, trusted: None) -> None:
    server, inbox = mail_server("starttls", user="watch", password=PASSWORD)
    try_server(server)
    assert inbox.users == ["watch"]
    assert not inbox.mails


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"password": "correct hose"}, "PRESSWATCH_SMTP_PASSWORD"),
        ({"password": "schön"}, "plain ASCII"),
        ({"sender": "nobody"}, "PRESSWATCH_MAIL_FROM"),
        ({"host": ""}, "PRESSWATCH_SMTP_HOST"),
        ({"port": 1}, "cannot be reached"),
    ],
)
def test_trying_a_server_says_what_to_mend(
    mail_server: type_of_start, trusted: None, wrong: dict[str, Any], advice: str
) -> None:
    server, _ = mail_server("starttls", user="watch", password=PASSWORD)
    with pytest.raises(DeliveryError, match=advice):
        try_server(replace(server, **wrong))


def test_trying_a_server_that_refuses_the_sender(mail_server: type_of_start) -> None:
    server, inbox = mail_server()
    inbox.refuse_sender = "553 not yours"
    with pytest.raises(DeliveryError, match="553 not yours"):
        try_server(server)
