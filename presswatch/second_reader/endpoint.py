"""One question to one OpenAI-compatible endpoint, with a deadline, a size limit and no redirects.

Plain `http.client`: it follows nothing, reads no proxy and no password file, and
asks for no compression. The exchange runs in a thread of its own, so that the
deadline also holds for a slow name server and for an answer that drips.

Only the configured host is ever connected to, at an address that was checked.
A private address is for a host that says itself that it is the operator's own.
"""

import http.client
import logging
import queue
import socket
import ssl
import threading
import time
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from presswatch.errors import PresswatchError
from presswatch.second_reader.settings import Endpoint

log = logging.getLogger(__name__)

# What an operator's own model may be reached at: loopback, private networks, and carrier-grade NAT (overlay networks).
_OWN = tuple(
    map(
        ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1", "fc00::/7")
    )
)
# Clouds answer with a machine's credentials here; no model does.
_METADATA = frozenset(map(ip_address, ("fd00:ec2::254", "100.100.100.200")))
_ADDRESSES = 4  # a name may have many; one of the first answers, or none does
# These say that the endpoint is down, busy or refuses us; any other refusal is about this one question.
_LASTING = frozenset((401, 403, 404, 405, 408, 429))


class Unanswered(PresswatchError):
    """The endpoint gave no usable answer. `lasting` where the next question would fare no better."""

    def __init__(self, message: str, *, lasting: bool, status: int = 0) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.status = status


def ask(where: Endpoint, key: str, body: bytes, *, deadline: float, max_bytes: int) -> bytes:
    """The body of the endpoint's answer to `body`, within `deadline` seconds.

    Raises `Unanswered` for everything else, in words that hold neither the key
    nor anything the endpoint wrote.
    """
    if deadline <= 0:
        raise Unanswered("was not asked: the time for it is used up", lasting=False)
    import crawler.guard  # noqa: F401 - here and once, so that loading it takes nothing off the thread's time

    exchange = _Exchange(where, key, body, deadline, max_bytes)
    threading.Thread(target=exchange.run, name="second-reader", daemon=True).start()
    try:
        outcome = exchange.outcome.get(timeout=deadline)
    except queue.Empty:
        exchange.abort()
        raise _too_late(deadline) from None
    if isinstance(outcome, bytes):
        return outcome
    raise outcome


class _Exchange:
    """One question and its answer. `abort` may be called from another thread and ends it wherever it is."""

    def __init__(self, where: Endpoint, key: str, body: bytes, timeout: float, max_bytes: int) -> None:
        self.outcome: queue.SimpleQueue[bytes | Unanswered] = queue.SimpleQueue()
        self._where, self._key, self._body = where, key, body
        self._timeout, self._max_bytes = timeout, max_bytes
        self._ends = time.monotonic() + timeout
        self._sock: socket.socket | None = None
        self._aborted = False

    def abort(self) -> None:
        self._aborted = True
        if sock := self._sock:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        try:
            self.outcome.put(self._talk())
        except Unanswered as error:
            self.outcome.put(error)
        except ssl.SSLCertVerificationError:
            self.outcome.put(Unanswered("has a certificate that cannot be verified", lasting=True))
        except TimeoutError:  # the socket may notice before the one who waits does
            self.outcome.put(_too_late(self._timeout))
        except (OSError, http.client.HTTPException) as error:
            what = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            self.outcome.put(Unanswered(f"cannot be reached or broke off ({what})", lasting=True))
        except Exception as error:  # a thread that dies silently would cost the whole deadline
            log.debug("The exchange failed.", exc_info=error)
            self.outcome.put(Unanswered(f"could not be asked ({type(error).__name__})", lasting=True))
        finally:
            if self._sock:
                self._sock.close()

    def _talk(self) -> bytes:
        self._connect()
        connection = http.client.HTTPConnection(self._where.host, self._where.port)
        connection.sock = self._sock
        connection.auto_open = 0
        headers = {"Host": self._where.netloc, "Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Connection": "close", "User-Agent": "presswatch"}
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        connection.request("POST", self._where.target, self._body, headers)
        with connection.getresponse() as response:
            _check(response, self._max_bytes)
            answer = response.read(self._max_bytes + 1)
            if response.length and len(answer) <= self._max_bytes:
                raise http.client.IncompleteRead(answer, response.length)
        if len(answer) > self._max_bytes:
            raise _too_long(self._max_bytes)
        return answer

    def _connect(self) -> None:
        failure: OSError | None = None
        for address in permitted(self._where)[:_ADDRESSES]:
            left = self._ends - time.monotonic()
            if self._aborted or left <= 0:
                break
            try:
                self._open(address, left)
            except ssl.SSLCertVerificationError:
                raise
            except OSError as error:  # the next address may answer
                failure = error
                continue
            return
        raise failure or TimeoutError("timed out")

    def _open(self, address: str, left: float) -> None:
        sock = socket.create_connection((address, self._where.port), timeout=left)
        self._replace(sock)
        if self._where.secure:
            # The handshake comes after the socket is known, so that `abort` reaches a peer that stalls in it.
            context = ssl.create_default_context()
            secured = context.wrap_socket(sock, server_hostname=self._where.host, do_handshake_on_connect=False)
            self._sock = secured
            secured.do_handshake()
        if self._aborted:
            raise TimeoutError("timed out")

    def _replace(self, sock: socket.socket) -> None:
        if self._sock:
            self._sock.close()
        self._sock = sock


def permitted(where: Endpoint) -> list[str]:
    """The addresses of the endpoint's host; raises `Unanswered` where one of them is none that it may have."""
    rows = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
    for address in addresses:
        if not may_connect(address, own=where.own):
            raise Unanswered(
                f"leads to {address}, where no endpoint of that name may be; no connection was made", lasting=True
            )
    return addresses


def may_connect(address: str, *, own: bool) -> bool:
    """Whether an endpoint may be at this address: a public one, or a private one where the host is the operator's."""
    from crawler.guard import is_public  # brings Twisted: 40 MB that only those pay who have a second reader

    if is_public(address):
        return True
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    inside = any(found in network for network in _OWN if network.version == found.version)
    return own and inside and found not in _METADATA


def _check(response: http.client.HTTPResponse, max_bytes: int) -> None:
    status = response.status
    if 300 <= status < 400:
        raise Unanswered(f"answered with a redirect ({status}), which is not followed", lasting=True, status=status)
    if status != 200:
        lasting = status in _LASTING or status >= 500
        raise Unanswered(f"answered with status {status}", lasting=lasting, status=status)
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise Unanswered("sent a compressed answer, which was not asked for", lasting=True)
    length = response.getheader("Content-Length", "")
    if length.isdecimal() and (len(length) > 12 or int(length) > max_bytes):
        raise _too_long(max_bytes)


def _too_late(deadline: float) -> Unanswered:
    return Unanswered(f"gave no answer within {deadline:.0f} s", lasting=True)


def _too_long(max_bytes: int) -> Unanswered:
    return Unanswered(f"sent an answer of more than {max_bytes:,} bytes", lasting=False)
