"""The address guard: no connection to an address that is not public, unless the source is allowed to be private.

The check stands where the connection is made. A name is looked up once, every
address it has must be public, and the connection goes to exactly the address
that was checked, so a name that changes between check and connection gains
nothing. Redirects, robots.txt and sitemap children pass through here as well.
"""

import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from twisted.internet import threads
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python.failure import Failure
from twisted.web.client import URI
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer  # type: ignore[import-untyped]

from presswatch.errors import CrawlError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

# Addresses that carry an IPv4 address inside; what counts is that one. The well-known NAT64 prefix is public by itself.
_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")
_COMPATIBLE = ip_network("::/96")
# Public in Python's table, and never a news site: multicast, and 6to4 relays.
_NEVER = (ip_network("224.0.0.0/4"), ip_network("ff00::/8"), ip_network("192.88.99.0/24"), ip_network("fec0::/10"))
# Bytes of status line and headers. Servers and proxies commonly stop at 8 to 64 kB.
MAX_HEADERS = 500_000


class AddressRefused(CrawlError):
    """A name leads to an address that is not public."""


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether an address is one that anyone on the internet can reach; False for text that is no address."""
    try:
        found = ip_address(address.partition("%")[0] if isinstance(address, str) else address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is not None:
            return is_public(inner)
    return (
        found.is_global
        and not any(found in net for net in _NEVER if net.version == found.version)
        and not (isinstance(found, IPv6Address) and found in _NAT64_LOCAL)
    )


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system resolves it; decimal and octal spellings of an address come out plain."""
    rows = await threads.deferToThread(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


async def permitted(host: str, port: int, *, allow_private: bool, resolver: Resolver = look_up) -> Sequence[str]:
    """The addresses that may be connected to for `host`; raises `AddressRefused` when one of them is not public.

    A name with a public and a private address is refused whole: it is either a mistake or an attack.
    """
    addresses = await resolver(host, port)
    if not addresses:
        raise CrawlError(f"the name {host} has no address")
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                what = "is not a public address" if address == host else f"leads to {address}, which is not public"
                raise AddressRefused(f"{host} {what}; no connection was made")
    return addresses


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """Connects to a host by addresses that passed the guard, one after the other, with TLS where asked for."""

    def __init__(
        self,
        reactor: Any,
        uri: URI,
        policy: Any,
        *,
        allow_private: bool,
        resolver: Resolver,
        timeout: float,
    ) -> None:
        self._reactor, self._uri, self._policy = reactor, uri, policy
        self._allow_private, self._resolver, self._timeout = allow_private, resolver, timeout

    def connect(self, protocolFactory: Any) -> "Deferred[Any]":  # noqa: N803 - Twisted's name
        return Deferred.fromCoroutine(self._connect(protocolFactory))

    async def _connect(self, factory: Any) -> Any:
        host, port = self._uri.host.decode("ascii").strip("[]"), self._uri.port
        addresses = await permitted(host, port, allow_private=self._allow_private, resolver=self._resolver)
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                protocol = await self._endpoint(address, port).connect(factory)
            except CancelledError:
                raise
            except Exception as error:  # the next address may answer
                failure = error
                continue
            self._check_peer(protocol, host)
            _limit_headers(protocol, host)
            return protocol
        assert failure is not None
        raise failure

    def _endpoint(self, address: str, port: int) -> Any:
        kind: Any = TCP6ClientEndpoint if ":" in address else TCP4ClientEndpoint
        endpoint = kind(self._reactor, address, port, timeout=self._timeout)
        if self._uri.scheme != b"https":
            return endpoint
        return wrapClientTLS(self._policy.creatorForNetloc(self._uri.host, port), endpoint)

    def _check_peer(self, protocol: Any, host: str) -> None:
        """The second lock: whatever came between, nothing is sent to a peer that is not public."""
        peer = protocol.transport.getPeer().host
        if not self._allow_private and not is_public(peer):
            protocol.transport.abortConnection()
            raise AddressRefused(f"{host} answered from {peer}, which is not public; nothing was sent")


def _limit_headers(protocol: Any, host: str) -> None:
    """End a connection whose answer has headers without end; Twisted limits a line, and not their number."""
    received = 0
    take = protocol.dataReceived

    def metered(data: bytes) -> None:
        nonlocal received
        in_body = getattr(getattr(protocol, "_parser", None), "state", "BODY") == "BODY"
        received = 0 if in_body else received + len(data)
        if received <= MAX_HEADERS:
            take(data)
            return
        protocol.dataReceived = lambda _: None
        reason = CrawlError(f"the headers of {host}'s answer have no end")
        protocol.connectionLost(Failure(reason))  # type: ignore[no-untyped-call]
        protocol.connectionLost = lambda _: None
        protocol.transport.abortConnection()

    protocol.dataReceived = metered


@implementer(IAgentEndpointFactory)
class GuardedEndpoints:
    """Makes a guarded endpoint for every address that an Agent asks."""

    def __init__(self, reactor: Any, policy: Any, *, allow_private: bool, resolver: Resolver, timeout: float) -> None:
        self._reactor, self._policy = reactor, policy
        self._allow_private, self._resolver, self._timeout = allow_private, resolver, timeout

    def endpointForURI(self, uri: URI) -> GuardedEndpoint:  # noqa: N802 - Twisted's name
        return GuardedEndpoint(
            self._reactor,
            uri,
            self._policy,
            allow_private=self._allow_private,
            resolver=self._resolver,
            timeout=self._timeout,
        )
