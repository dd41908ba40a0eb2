"""Digests for programs: an edition's event is posted to an address, signed as Standard Webhooks has it.

The same delivery is the same `Webhook-Id` and the same bytes at every attempt;
only the time of the attempt, and so the signature, is new. Success is the
receipt; what the receiver says is read for politeness, and neither kept nor
shown, since it may say our address back. Redirects are not followed.
"""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from presswatch import __version__, recipients
from presswatch.digests import event
from presswatch.errors import ConfigError, DeliveryError
from presswatch.models import Digest
from presswatch.outgoing import NotPermitted, Permitted, Resolver, connect, look_up
from presswatch.recipients import Webhook

SECONDS = 30.0  # for everything, from the look-up of the name to the end of the answer
_ANSWER = 64_000  # bytes of an answer that are read
_GONE = 410
_AGAIN = frozenset({408, 425, 429})  # refusals that say themselves that they will pass


def hand_over(
    digest: Digest,
    recipient: str,
    identity: str,
    *,
    permitted: Permitted,
    resolver: Resolver = look_up,
    seconds: float = SECONDS,
) -> str:
    """Post the edition once; returns the receipt. `identity` is the delivery's, from the outbox.

    Raises `DeliveryError`: permanent where the receiver refuses for good.
    """
    where = _where(recipient)
    body = event.of_digest(digest).encode("ascii")
    exchange = _Exchange(where, permitted, resolver, seconds)
    exchange.post(body, signed(where.key, identity.replace(".", "_"), int(time.time()), body))
    return _judged(where, exchange.status)


def try_address(recipient: str, *, permitted: Permitted, resolver: Resolver = look_up, seconds: float = SECONDS) -> str:
    """Connect, and encrypt where it is https, but send nothing; returns what was seen. Raises `DeliveryError`."""
    where = _where(recipient)
    _Exchange(where, permitted, resolver, seconds).open_and_close()
    return f"{where.host}:{where.port} takes connections{' (TLS)' if where.secure else ', unencrypted'}."


def signed(key: bytes, identity: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers by which a receiver knows that the body is ours, and new. `identity` has no full stop."""
    mac = hmac.new(key, f"{identity}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "Webhook-Id": identity,
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": f"v1,{base64.b64encode(mac).decode('ascii')}",
    }


def _where(recipient: str) -> Webhook:
    try:
        return recipients.webhook(recipient)
    except ConfigError as error:
        raise DeliveryError(f"The address in digests.yaml cannot be used: {error}", permanent=True) from None


class _Exchange:
    """One connection in a thread of its own: a receiver that drips its answer is left behind when the time is up."""

    def __init__(self, where: Webhook, permitted: Permitted, resolver: Resolver, seconds: float) -> None:
        self._where, self._permitted, self._resolver, self._seconds = where, permitted, resolver, seconds
        self._line: socket.socket | None = None
        self._late = False
        self._failure: Exception | None = None
        self.status: int | None = None

    def post(self, body: bytes, headers: dict[str, str]) -> None:
        """Send it and wait for `status`, which may be there although the rest of the answer never came."""

        def work(connection: http.client.HTTPConnection) -> None:
            known = {"Content-Type": "application/json", "User-Agent": f"presswatch/{__version__}"}
            connection.request("POST", self._where.target, body, {**known, "Connection": "close", **headers})
            with connection.getresponse() as answer:  # closed here: an answer that is not read to its end stays open
                if self._late:
                    return  # the line was cut: what stood there of the head looks whole to the library, and is not
                self.status = answer.status
                answer.read(_ANSWER)

        self._in_time(work)

    def open_and_close(self) -> None:
        self._in_time(lambda connection: None)

    def _in_time(self, work: Callable[[http.client.HTTPConnection], None]) -> None:
        thread = threading.Thread(target=self._run, args=(work,), name="webhook", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if thread.is_alive():
            self._late = True
            self._abort()
        if self.status is not None:
            return
        if self._late:
            raise DeliveryError(f"{self._where.host} gave no answer within {self._seconds:g} seconds.")
        if self._failure is not None:
            raise self._trouble(self._failure) from None

    def _run(self, work: Callable[[http.client.HTTPConnection], None]) -> None:
        where = self._where
        try:
            connection = connect(
                where.host,
                where.port,
                secure=where.secure,
                seconds=self._seconds,
                permitted=self._permitted,
                resolver=self._resolver,
            )
            self._line = connection.sock
            try:
                if not self._late:  # else it was given up before it began, and is to be sent by a later attempt
                    work(connection)
            finally:
                connection.close()
        except Exception as error:
            self._failure = error

    def _abort(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _trouble(self, error: Exception) -> DeliveryError:
        """What went wrong before there was an answer; all of it may be mended, so it is worth trying again."""
        host = self._where.host
        if isinstance(error, NotPermitted):
            return DeliveryError(f"{error} Set private = true under [webhooks] in presswatch.toml if it is yours.")
        if isinstance(error, ssl.SSLCertVerificationError):
            return DeliveryError(f"The certificate of {host} is not trusted: {error.verify_message}.")
        if isinstance(error, ssl.SSLError):
            return DeliveryError(f"{host} does not speak TLS at port {self._where.port}.")
        if isinstance(error, TimeoutError):
            return DeliveryError(f"{host} did not answer in time.")
        if isinstance(error, OSError):
            return DeliveryError(f"{host} cannot be reached: {error.strerror or type(error).__name__}.")
        # An answer that is no HTTP, whose words may say our address back; or a name that is none.
        return DeliveryError(f"{host} could not be spoken to ({type(error).__name__}).")


def _judged(where: Webhook, status: int | None) -> str:
    """The receipt; raises `DeliveryError` for any answer but success."""
    host = where.host
    if status is None:
        raise DeliveryError(f"{host} gave no answer.")
    if 200 <= status < 300:
        return f"{host}: {status}"
    if status == _GONE:
        raise DeliveryError(
            f"{host} says that this webhook is gone (410). Take it out of digests.yaml.", permanent=True
        )
    if 300 <= status < 400:
        raise DeliveryError(
            f"{host} redirects to another address ({status}), which is not followed."
            " Write the address where it leads into digests.yaml.",
            permanent=True,
        )
    if 400 <= status < 500 and status not in _AGAIN:
        raise DeliveryError(
            f"{host} refused the edition for good ({status}). Compare the address and the secret with the receiver's.",
            permanent=True,
        )
    raise DeliveryError(f"{host} did not take the edition yet ({status}).")
