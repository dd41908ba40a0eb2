"""The outbox against a real store and real mail servers."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from presswatch.digests.outbox import ATTEMPTS, DeliveryReport, deliver_due, next_attempt
from presswatch.digests.send import Channels
from presswatch.recipients import kept
from presswatch.settings import MailServer
from presswatch.store import Store
from presswatch.store.records import DigestDraft
from tests.digests.conftest import Inbox
from tests.digests.stories import NOON, SINCE, UNTIL, digest

# Apprise imports it on Python 3.11 and 3.12; where it is gone, Apprise does without.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

Start = Callable[..., tuple[MailServer, Inbox]]
DRAFT = DigestDraft(
    name="uk-ai",
    title="AI in the United Kingdom",
    edition="2026-09-18T12:00Z",
    since=SINCE,
    until=UNTIL,
    subject="Firm Builds",
    html=digest().html,
    text=digest().text,
)


class Clock:
    """The time, until it is moved on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def deliver(
    store: Store, server: MailServer, clock: Clock, folder: Path = Path("/nowhere"), *written: str
) -> DeliveryReport:
    """Deliver; `written` are the recipients of digests.yaml, where the store does not know their addresses."""
    channels = Channels(mail=server, data_dir=folder, addresses={kept(one): one for one in written})
    return deliver_due(store, channels, clock=clock, jitter=lambda: 0.5)


def states(store: Store) -> dict[str, str]:
    found = store.digests.deliveries(since=NOON - timedelta(days=1))
    return {entry.delivery.recipient: entry.delivery.state for entry in found}


def test_each_recipient_is_served_once_by_its_channel(
    store: Store, mail_server: Start, clock: Clock, tmp_path: Path
) -> None:
    server, inbox = mail_server()
    store.digests.save(DRAFT, ["mailto:jo@e.example", "file:out", "mailto:al@e.example"], now=NOON)
    assert deliver(store, server, clock, tmp_path) == DeliveryReport(sent=3)
    assert deliver(store, server, clock, tmp_path) == DeliveryReport()
    assert [to for to, _ in inbox.mails] == ["jo@e.example", "al@e.example"]
    assert len(list((tmp_path / "out").iterdir())) == 3
    receipts = {entry.receipt for entry in store.digests.deliveries(since=NOON - timedelta(days=1))}
    assert "127.0.0.1: taken as 1" in receipts


def test_a_message_has_its_own_id_for_each_recipient_and_edition(
    store: Store, mail_server: Start, clock: Clock
) -> None:
    server, inbox = mail_server()
    for edition in ("2026-09-18T12:00Z", "2026-09-19T12:00Z"):
        draft = replace(DRAFT, edition=edition)
        store.digests.save(draft, ["mailto:jo@e.example", "mailto:al@e.example"], now=NOON)
    deliver(store, server, clock)
    assert len({mail["Message-ID"] for _, mail in inbox.mails}) == 4


def test_a_repeated_message_has_the_same_id(store: Store, mail_server: Start, clock: Clock) -> None:
    """The process dies between the server's acceptance and the receipt: the lease runs out, and it is sent again."""
    server, inbox = mail_server()
    store.digests.save(DRAFT, ["mailto:jo@e.example"], now=NOON)

    class Died(BaseException):
        pass

    def dies_before_the_receipt() -> datetime:
        if inbox.mails:
            raise Died
        return NOON

    with pytest.raises(Died):
        deliver_due(store, Channels(mail=server, data_dir=Path("/nowhere")), clock=dies_before_the_receipt)
    assert deliver(store, server, clock) == DeliveryReport(), "somebody may still be at it"
    clock.now += timedelta(minutes=11)
    assert deliver(store, server, clock) == DeliveryReport(sent=1)
    first, second = (mail for _, mail in inbox.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


def test_a_server_that_refuses_for_now_is_asked_again_later(store: Store, mail_server: Start, clock: Clock) -> None:
    server, inbox = mail_server()
    inbox.refuse["jo@e.example"] = ["451 try later"]
    store.digests.save(DRAFT, ["mailto:jo@e.example", "mailto:al@e.example"], now=NOON)
    assert deliver(store, server, clock) == DeliveryReport(sent=1, failed=1)
    assert [to for to, _ in inbox.mails] == ["al@e.example"], "one recipient holds up nobody"
    clock.now += timedelta(seconds=50)
    assert deliver(store, server, clock) == DeliveryReport()
    clock.now += timedelta(seconds=20)
    assert deliver(store, server, clock) == DeliveryReport(sent=1)
    assert states(store) == {"mailto:jo@e.example": "sent", "mailto:al@e.example": "sent"}


@pytest.mark.parametrize(
    "bad", ["mailto:nobody@e.example", "mailto:not an address", "unknown://secret-token", "nothing"]
)
def test_what_is_refused_for_good_is_given_up_at_once_and_loudly(
    store: Store, mail_server: Start, clock: Clock, bad: str, logged: io.StringIO
) -> None:
    server, inbox = mail_server()
    inbox.refuse["nobody@e.example"] = ["550 no such mailbox"] * 9
    store.digests.save(DRAFT, [bad, "mailto:jo@e.example"], now=NOON)
    assert deliver(store, server, clock, Path("/nowhere"), bad) == DeliveryReport(sent=1, given_up=1)
    assert states(store) == {kept(bad): "given up", "mailto:jo@e.example": "sent"}
    assert "presswatch deliveries --retry" in logged.getvalue()
    assert "secret-token" not in logged.getvalue()
    assert "nobody@" not in logged.getvalue()


def test_a_server_that_is_down_for_two_days_gets_every_edition_once_in_order(
    store: Store, mail_server: Start, clock: Clock
) -> None:
    server, inbox = mail_server()
    down = MailServer(host="127.0.0.1", port=1, security="none", sender="watch@example.org")
    editions = []
    for hour in range(48 + 6):
        if hour % 12 == 0 and hour < 48:
            editions.append(f"{clock.now:%Y-%m-%dT%H:%MZ}")
            draft = replace(DRAFT, edition=editions[-1], subject=editions[-1])
            store.digests.save(draft, ["mailto:jo@e.example", "mailto:al@e.example"], now=clock.now)
        for _ in range(4):
            deliver(store, down if hour < 48 else server, clock)
            clock.now += timedelta(minutes=15)
    for reader in ("jo@e.example", "al@e.example"):
        assert [mail["Subject"] for to, mail in inbox.mails if to == reader] == editions


def test_a_server_that_is_down_is_tried_once_a_round(store: Store, clock: Clock, logged: io.StringIO) -> None:
    import socket
    import threading

    asked = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def busy() -> None:
            nonlocal asked
            while True:
                try:
                    with listener.accept()[0] as connection:
                        asked += 1
                        connection.sendall(b"421 busy\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=busy)
        thread.start()
        server = MailServer(
            host="127.0.0.1", port=listener.getsockname()[1], security="none", sender="watch@example.org"
        )
        store.digests.save(DRAFT, [f"mailto:reader{n}@e.example" for n in range(20)], now=NOON)
        assert deliver(store, server, clock) == DeliveryReport(failed=20)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert asked == 1


def test_it_is_given_up_after_three_days(store: Store, clock: Clock) -> None:
    down = MailServer(host="127.0.0.1", port=1, security="none", sender="watch@example.org")
    store.digests.save(DRAFT, ["mailto:jo@e.example"], now=NOON)
    rounds = 0
    while states(store) == {"mailto:jo@e.example": "due"} and rounds <= ATTEMPTS:
        waiting = store.digests.deliveries(since=NOON - timedelta(days=1))[0].delivery.next_attempt_at
        assert waiting is not None
        clock.now = waiting
        deliver(store, down, clock)
        rounds += 1
    assert rounds == ATTEMPTS
    assert timedelta(days=3) <= clock.now - NOON < timedelta(days=3, hours=5)


@pytest.mark.parametrize(
    ("attempts", "jitter", "after"),
    [
        (1, 0.5, timedelta(minutes=1)),
        (2, 0.5, timedelta(minutes=5)),
        (3, 0.5, timedelta(minutes=15)),
        (4, 0.5, timedelta(hours=1)),
        (5, 0.5, timedelta(hours=4)),
        (5, 0.0, timedelta(hours=3, minutes=36)),
        (5, 1.0, timedelta(hours=4, minutes=24)),
    ],
)
def test_intervals_grow(attempts: int, jitter: float, after: timedelta) -> None:
    assert next_attempt(attempts, NOON, jitter) == NOON + after


def test_a_defect_in_one_channel_stops_nothing_else(
    store: Store, mail_server: Start, clock: Clock, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    def broken(*_: object) -> str:
        raise KeyError("slack://secret-token")

    monkeypatch.setattr("presswatch.digests.send._to_service", broken)
    server, _ = mail_server()
    store.digests.save(DRAFT, ["slack://secret-token", "mailto:jo@e.example"], now=NOON)
    told = deliver(store, server, clock, Path("/nowhere"), "slack://secret-token")
    assert told == DeliveryReport(sent=1, failed=1)
    errors = [entry.delivery.error for entry in store.digests.deliveries(since=NOON - timedelta(days=1))]
    assert "Sending failed unexpectedly (KeyError). This is a defect; report it." in errors
    assert "secret-token" not in logged.getvalue()


def test_a_secret_recipient_that_is_written_nowhere_any_more_is_given_up_loudly(
    store: Store, mail_server: Start, clock: Clock, logged: io.StringIO
) -> None:
    server, _ = mail_server()
    store.digests.save(DRAFT, ["slack://secret-token", "${CHAT}", "mailto:jo@e.example"], now=NOON)
    assert deliver(store, server, clock) == DeliveryReport(sent=1, given_up=2)
    said = [one.delivery.error or "" for one in store.digests.deliveries(since=NOON - timedelta(days=1))]
    assert sum("does not stand in digests.yaml any more" in error for error in said) == 2
    assert "secret-token" not in logged.getvalue() + "".join(said) + str(states(store))
