"""A connection to an address of the operator's choosing: only where it may go, and exactly to what was checked.

The name is looked up once, every address that it has must be permitted, and the
connection goes to one of these: a name that changes its mind in between (DNS
rebinding) leads nowhere else, and no spelling of an address gets past.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Sequence

from presswatch.errors import PresswatchError

Resolver = Callable[[str, int], Sequence[str]]
Permitted = Callable[[str], bool]


class NotPermitted(PresswatchError):
    """The name leads to an address that must not be connected to."""


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system resolves it."""
    return list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def connect(
    host: str, port: int, *, secure: bool, seconds: float, permitted: Permitted, resolver: Resolver = look_up
) -> http.client.HTTPConnection:
    """A connection under the host's own name to an address that was checked.

    Raises `NotPermitted`, and `OSError` where nobody answers there.
    """
    addresses = resolver(host, port)
    if not addresses or not all(map(permitted, addresses)):
        raise NotPermitted(f"{host} leads to an address that is not public.")
    plain = _reached(addresses, port, seconds)
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


def _reached(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    """The first of the addresses that answers: where IPv6 leads nowhere, IPv4 may."""
    *others, last = addresses
    for address in others:
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError:
            continue
    return socket.create_connection((last, port), timeout=seconds)
