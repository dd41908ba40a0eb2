"""Signed webhooks, through the outbox, against real servers on this machine."""

import base64
import hashlib
import hmac
import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.guard import is_public
from presswatch.digests import webhook
from presswatch.digests.compose import compose
from presswatch.digests.outbox import DeliveryReport, deliver_due
from presswatch.digests.send import Channels
from presswatch.errors import DeliveryError
from presswatch.models import ChangeKind, Digest, TagKind
from presswatch.recipients import kept
from presswatch.settings import MailServer
from presswatch.store import Store
from presswatch.store.records import DigestDraft
from tests.digests.stories import NOON, SINCE, UNTIL, change, digest, money, plan, story, tag, told, version

KEY = bytes(range(32))
SECRET = base64.b64encode(KEY).decode()
PATH = "/planted-path"
TEXT = {"title": "", "since": SINCE, "until": UNTIL, "subject": "S", "html": "<p>", "text": "T"}
DRAFT = DigestDraft(name="uk.ai", edition="2026-09-18T12:00Z", event='{"a":"\\u00a3"}', **TEXT)  # type: ignore[arg-type]


def anywhere(_: str) -> bool:
    return True


@dataclass
class Receiver:
    """A server, what it answers, in turn, and what has come: headers and body of each request."""

    place: str
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"webhook+http://whsec_{SECRET}@{self.place}{PATH}?a=b"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({**self.headers, ":path": self.path}, body))
            status = found.answers.pop(0) if found.answers else 204
            said = f"{self.path} {dict(self.headers)}".encode()  # says everything back, as strangers do
            self.send_response(status, self.path)
            if 300 <= status < 400:
                self.send_header("Location", f"http://{found.place}/elsewhere")
            if status != 204:
                self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(b"" if status == 204 else said)

        def log_message(self, *_: object) -> None:
            """The test reads `got`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Receiver(f"127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def verify(headers: dict[str, str], body: bytes, secret: str, now: float) -> None:
    """The receiver's side, independent of ours."""
    identity, at = headers["Webhook-Id"], headers["Webhook-Timestamp"]
    assert abs(now - int(at)) < 300
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{identity}.{at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(mac).decode()
    assert any(hmac.compare_digest(expected, one) for one in headers["Webhook-Signature"].split())


def deliver(
    store: Store, address: str, at: datetime = NOON, permitted: Callable[[str], bool] = anywhere
) -> DeliveryReport:
    addresses = {kept(address): address}
    channels = Channels(mail=MailServer(), data_dir=Path("/nowhere"), addresses=addresses, permitted=permitted)
    return deliver_due(store, channels, clock=lambda: at, jitter=lambda: 0.5)


def only(store: Store) -> tuple[str, str | None, str | None]:
    """State, error and receipt of the one delivery there is."""
    (entry,) = store.digests.deliveries(since=NOON - timedelta(days=1))
    return entry.delivery.state, entry.delivery.error, entry.receipt


def test_an_edition_arrives_signed(store: Store, receiver: Receiver) -> None:
    store.digests.save(DRAFT, [receiver.address], now=NOON)
    assert deliver(store, receiver.address) == DeliveryReport(sent=1)
    assert deliver(store, receiver.address) == DeliveryReport()
    ((headers, body),) = receiver.got
    assert body == DRAFT.event.encode()
    assert headers[":path"] == f"{PATH}?a=b"
    assert headers["Host"] == receiver.place
    assert headers["Content-Type"] == "application/json"
    (entry,) = store.digests.deliveries(since=NOON - timedelta(days=1))
    assert headers["Webhook-Id"] == entry.delivery.message_id.replace(".", "_")  # what is signed has full stops between
    verify(headers, body, f"whsec_{SECRET}", time.time())
    for wrong in ((body + b" ", SECRET), (body, base64.b64encode(KEY[::-1]).decode())):
        with pytest.raises(AssertionError):
            verify(headers, *wrong, time.time())
    assert only(store) == ("sent", None, "127.0.0.1: 204")


def test_the_signature_is_the_specifications() -> None:
    """Standard Webhooks' own published example."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = webhook.signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["Webhook-Signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_ten_lines_of_the_documentation_verify(receiver: Receiver) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
    lines = docs.partition("```python\n")[2].partition("```")[0]
    scope: dict[str, Any] = {}
    exec(compile(lines, "docs/operate.md", "exec"), scope)
    webhook.hand_over(digest(), receiver.address, "x", permitted=anywhere)
    ((headers, body),) = receiver.got
    verified = scope["verified"]
    assert verified(headers, body, f"whsec_{SECRET}")
    assert not verified(headers, body + b" ", f"whsec_{SECRET}")
    assert not verified(headers | {"Webhook-Timestamp": "1"}, body, f"whsec_{SECRET}")


def test_a_retry_has_the_same_id_and_the_same_bytes(store: Store, receiver: Receiver) -> None:
    receiver.answers = [503, 429]
    store.digests.save(DRAFT, [receiver.address], now=NOON)
    for n, expected in enumerate((DeliveryReport(failed=1), DeliveryReport(failed=1), DeliveryReport(sent=1))):
        assert deliver(store, receiver.address, NOON + n * timedelta(hours=1)) == expected
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["Webhook-Id"] for headers, _ in receiver.got}) == 1
    for headers, body in receiver.got:
        verify(headers, body, SECRET, time.time())


def test_after_a_crash_between_the_answer_and_its_record_the_same_comes_again(store: Store, receiver: Receiver) -> None:
    class Killed(BaseException):
        pass

    store.digests.save(DRAFT, [receiver.address], now=NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.digests, "record_sent", _raising(Killed))
        with pytest.raises(Killed):
            deliver(store, receiver.address)
    assert deliver(store, receiver.address) == DeliveryReport()  # it is claimed: whoever has it may still be at it
    assert deliver(store, receiver.address, NOON + timedelta(minutes=11)) == DeliveryReport(sent=1)
    (first, body), (second, again) = receiver.got
    assert (first["Webhook-Id"], body) == (second["Webhook-Id"], again)


def _raising(error: type[BaseException]) -> Callable[..., None]:
    def die(*_: object, **__: object) -> None:
        raise error

    return die


@pytest.mark.parametrize(
    ("status", "state", "told"),
    [
        (302, "given up", "redirects to another address"),
        (308, "given up", "redirects to another address"),
        (400, "given up", "refused the edition for good"),
        (404, "given up", "refused the edition for good"),
        (410, "given up", "gone"),
        (408, "due", "408"),
        (429, "due", "429"),
        (500, "due", "500"),
        (503, "due", "503"),
    ],
)
def test_what_a_refusal_means(
    store: Store, receiver: Receiver, logged: io.StringIO, status: int, state: str, told: str
) -> None:
    receiver.answers = [status]
    store.digests.save(DRAFT, [receiver.address], now=NOON)
    deliver(store, receiver.address)
    found, error, _ = only(store)
    assert found == state
    assert told in (error or "")
    assert len(receiver.got) == 1  # no redirect is followed
    for secret in (SECRET, PATH, "v1,"):
        assert secret not in f"{error}{logged.getvalue()}{kept(receiver.address)}"


LOOPBACK = ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "017700000001", "localhost", "[::ffff:127.0.0.1]")


@pytest.mark.parametrize("spelling", LOOPBACK)
def test_a_private_address_is_refused_however_it_is_spelt(store: Store, receiver: Receiver, spelling: str) -> None:
    address = receiver.address.replace("127.0.0.1", spelling)
    store.digests.save(DRAFT, [address], now=NOON)
    assert deliver(store, address, permitted=is_public) == DeliveryReport(failed=1)
    assert "private = true under [webhooks]" in (only(store)[1] or "")
    assert receiver.got == []
    if spelling != "[::ffff:127.0.0.1]":  # which not every machine reaches
        assert deliver(store, address, NOON + timedelta(hours=1)) == DeliveryReport(sent=1)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:7f00:1"], ["fd00::1"], []])
def test_a_name_that_leads_home_is_refused(receiver: Receiver, found: list[str]) -> None:
    address = receiver.address.replace("127.0.0.1", "hooks.example")
    with pytest.raises(DeliveryError, match="not public"):
        webhook.hand_over(digest(), address, "x", permitted=is_public, resolver=lambda *_: found)
    assert receiver.got == []


def test_the_connection_goes_to_the_address_that_was_checked(receiver: Receiver) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]  # a name that changes between the check and the connection
    address = receiver.address.replace("127.0.0.1", "hooks.example")
    webhook.hand_over(digest(), address, "x", permitted=anywhere, resolver=lambda *_: answers.pop(0))
    assert receiver.got[0][0]["Host"] == receiver.place.replace("127.0.0.1", "hooks.example")
    assert len(answers) == 1


@contextmanager
def dripping(start: bytes, drip: bytes) -> Iterator[str]:
    """A server that answers with `start`, and from then on with drops."""
    ending = threading.Event()

    def serve() -> None:
        with listening.accept()[0] as taken:
            taken.sendall(start)
            while not ending.wait(0.02):
                try:
                    taken.sendall(drip)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"webhook+http://whsec_{SECRET}@127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            ending.set()
            thread.join()


@pytest.mark.parametrize(("start", "drip"), [(b"", b""), (b"", b"H"), (b"HTTP/1.1 200 OK\r\nX-A: ", b"x")])
def test_an_answer_that_never_ends_is_cut(start: bytes, drip: bytes) -> None:
    with (
        dripping(start, drip) as address,
        pytest.raises(DeliveryError, match=r"no answer within 0\.5|did not answer in time") as raised,
    ):
        webhook.hand_over(digest(), address, "x", permitted=anywhere, seconds=0.5)
    assert not raised.value.permanent
    _no_thread_is_left()


def test_a_head_that_was_cut_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    # The thread that waits may only go on when the other one has read what was left of the head.
    abort = webhook._Exchange._abort

    def abort_and_sleep(self: webhook._Exchange) -> None:
        abort(self)
        time.sleep(0.5)

    monkeypatch.setattr(webhook._Exchange, "_abort", abort_and_sleep)
    with (
        dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"x") as address,
        pytest.raises(DeliveryError, match=r"no answer within 0\.5"),
    ):
        webhook.hand_over(digest(), address, "x", permitted=anywhere, seconds=0.5)


def test_success_with_a_body_that_never_ends_is_success() -> None:
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x") as address:
        assert webhook.hand_over(digest(), address, "x", permitted=anywhere, seconds=5) == "127.0.0.1: 200"
    _no_thread_is_left()


def test_no_more_of_an_answer_is_read_than_a_receipt_needs() -> None:
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000) as address:
        start = time.monotonic()
        assert webhook.hand_over(digest(), address, "x", permitted=anywhere, seconds=120) == "127.0.0.1: 200"
        assert time.monotonic() - start < 60  # it did not wait for the end, which never comes


def _no_thread_is_left() -> None:
    for thread in threading.enumerate():
        if thread.name == "webhook":
            thread.join(10)
            assert not thread.is_alive()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_there_and_no_tls_are_worth_another_try(receiver: Receiver, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = f"127.0.0.1:{port}" if scheme == "http" else receiver.place
    with pytest.raises(DeliveryError, match=r"cannot be reached|does not speak TLS") as raised:
        webhook.hand_over(digest(), f"webhook+{scheme}://whsec_{SECRET}@{place}/", "x", permitted=anywhere)
    assert not raised.value.permanent


def test_an_address_is_tried_without_sending_anything(receiver: Receiver) -> None:
    assert "takes connections" in webhook.try_address(receiver.address, permitted=anywhere)
    with pytest.raises(DeliveryError, match="not public"):
        webhook.try_address(receiver.address, permitted=is_public)
    assert receiver.got == []


def test_the_event_tells_what_is_new_and_what_is_updated() -> None:
    first = version(
        facts=(money(2e9, "£2\u00a0billion"),), tags=(tag(TagKind.PLACE, "Newport"), tag(TagKind.TOPIC, "x"))
    )
    french = version(
        "https://a.example/fr", language="fr", title="Usine\u202e <b>d’IA</b>", facts=(money(2e9, "2 Md£"),)
    )
    changed = version("https://newsroom.example/news/b", title="Old News")
    new, old = story(first, french), story(changed, id="s2")
    edited = replace(changed, changes=(change(ChangeKind.RETITLED, "Old News", "Other News Entirely"),))
    now_told, before = [new, replace(old, versions=(edited,))], told(old)
    draft, _ = compose(
        plan(levels=("focus",)), now_told, before, edition="2026-09-21T06:00Z", since=SINCE, until=UNTIL, now=UNTIL
    )
    assert draft.event.isascii()
    event = json.loads(draft.event)
    assert (event["type"], event["version"], event["id"]) == ("presswatch.stories", 1, "uk-ai/2026-09-21T06:00Z")
    (item,), (again,) = event["data"]["new"], event["data"]["updated"]
    assert (item["id"], item["level"], item["url"]) == ("s1", "focus", first.article.url)
    assert (item["places"], item["topics"]) == (["Newport"], ["x"])
    assert [(f["kind"], f["value"], f["unit"], f["quote"]) for f in item["facts"]] == [
        ("money", 2e9, "GBP", "£2\u00a0billion")
    ]
    assert [(v["language"], v["headline"]) for v in item["versions"]] == [
        ("en", "Firm Builds AI Factory in Newport"), ("fr", "Usine d’IA"),
    ]  # fmt: skip
    assert again["id"] == "s2"
    assert again["notes"] == ["New headline. newsroom first had: “Old News”"]


def test_a_silent_edition_has_no_event() -> None:
    draft, _ = compose(plan(), [], {}, edition="e", since=SINCE, until=UNTIL, now=UNTIL)
    assert draft.event == ""


def test_what_is_no_digest_comes_as_a_message(receiver: Receiver) -> None:
    alert: Digest = digest(name="operator alert", text="It is down. £")
    webhook.hand_over(alert, receiver.address, "x", permitted=anywhere)
    event = json.loads(receiver.got[0][1])
    assert (event["type"], event["data"]["text"]) == ("presswatch.message", "It is down. £")
