"""The dead-man's ping: an address elsewhere is asked after each good cycle, so that silence itself raises the alarm.

Any healthchecks-style service will do. The name is looked up once, every
address it has must be public unless the operator says that it is his own, and
the connection goes to an address that was checked. Redirects are not followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from presswatch.errors import PresswatchError

SECONDS = 10.0  # for each step
_ALL = 30.0  # for everything: a server that drips its answer is left behind
Resolver = Callable[[str, int], Sequence[str]]


class PingFailed(PresswatchError):
    """The ping did not arrive. Its message names the host only: the path is a secret."""


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system resolves it."""
    return list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def ping(
    url: str,
    user_agent: str,
    *,
    permitted: Callable[[str], bool],
    resolver: Resolver = look_up,
    seconds: float = SECONDS,
) -> None:
    """Ask `url` once; raises `PingFailed`. `permitted` says whether an address may be connected to."""
    failure: list[BaseException] = []

    def attempt() -> None:
        try:
            _ask(url, user_agent, permitted, resolver, seconds)
        except Exception as error:
            failure.append(error)

    thread = threading.Thread(target=attempt, name="ping", daemon=True)
    thread.start()
    thread.join(min(_ALL, 3 * seconds))
    place = urlsplit(url).hostname or "the ping's address"
    if thread.is_alive():
        raise PingFailed(f"{place} gave no whole answer to the ping in time.")
    if failure:
        error = failure[0]
        if isinstance(error, PingFailed):
            raise error
        why = "it did not answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
        raise PingFailed(f"{place} could not be pinged: {why}.".replace(url, "…")) from None


def _ask(url: str, user_agent: str, permitted: Callable[[str], bool], resolver: Resolver, seconds: float) -> None:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    addresses = resolver(host, port)
    if not addresses or not all(map(permitted, addresses)):
        raise PingFailed(
            f"{host} leads to an address that is not public. Set ping_private = true under [monitoring] if it is yours."
        )
    connection = _connection(host, port, addresses[0], secure=secure, seconds=seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": user_agent, "Accept": "*/*"})
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PingFailed(f"{host} answered the ping with {status}.")


def _connection(host: str, port: int, address: str, *, secure: bool, seconds: float) -> http.client.HTTPConnection:
    """A connection to exactly this address, under the host's own name."""
    plain = socket.create_connection((address, port), timeout=seconds)
    try:
        connected = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except BaseException:
        plain.close()
        raise
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.sock = connected
    # The Host header names the port only where it is not the scheme's own.
    connection.default_port = 443 if secure else 80
    return connection
