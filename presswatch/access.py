"""Who may see the pages: the rules, from the settings alone. Does no input or output.

Reading without a sign-in is for the operator's own machine: the service listens
on loopback, answers to loopback names only, and nothing stands before it.
Everything else takes a password, or a proxy that says who has signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from presswatch.errors import ConfigError
from presswatch.settings import Settings

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared, not bound to


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The rules that hold while the pages are served."""

    is_open: bool  # everybody who gets through may read and change: nobody but this machine does
    password_hash: str
    names: frozenset[str]  # what a browser may call us, without a port
    proxies: tuple[IPv4Network | IPv6Network, ...]
    proxy_header: str  # lower case; empty where no proxy signs anybody in

    def is_proxy(self, address: str) -> bool:
        """Whether an address is that of a proxy whose headers are believed."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return any(found in network for network in self.proxies if network.version == found.version)

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """Who asks. `forwarded` are the values of X-Forwarded-For: the last that no proxy of ours added itself."""
        if not self.is_proxy(peer):
            return peer
        hops = [hop.strip() for value in forwarded for hop in value.split(",")]
        for hop in reversed(hops):
            if not self.is_proxy(hop):
                return hop
        return peer


def of(settings: Settings) -> Access:
    """The rules that these settings make; raises `ConfigError` where strangers could read without signing in."""
    web = settings.web
    file = settings.file("presswatch.toml")
    if web.proxy_header and not web.proxy:
        raise ConfigError(
            f"{file}, [web]: proxy_header is set, but no proxy: anybody could send that header. Name your proxy's"
            ' address, such as proxy = ["127.0.0.1"].'
        )
    signs_in = bool(settings.password_hash or web.proxy_header)
    strangers = [name for name in web.hosts if not is_loopback(name)]
    if web.enabled and not signs_in and (strangers or not is_loopback(web.host)):
        what = f"bound to {web.host}" if not is_loopback(web.host) else f"reached as {strangers[0]}"
        raise ConfigError(
            f"The pages are to be {what}, where others could read them without signing in. Set"
            " PRESSWATCH_PASSWORD_HASH (make it with: presswatch password), or [web] proxy_header; or keep to"
            ' host = "127.0.0.1" without further hosts, or switch the pages off.'
        )
    names = {*_LOOPBACK_NAMES, *web.hosts}
    if web.host not in _EVERYWHERE:
        names.add(f"[{web.host}]" if ":" in web.host else web.host.lower())
    return Access(
        is_open=not signs_in,
        password_hash=settings.password_hash,
        names=frozenset(names),
        proxies=tuple(ip_network(address) for address in web.proxy),
        proxy_header=web.proxy_header.lower(),
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
