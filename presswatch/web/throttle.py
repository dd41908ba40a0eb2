"""Slowing down whoever guesses the password, without locking its owner out. Does no input or output.

After a few failures an address must pause, twice as long each time, up to a
minute: an attacker at one address gets 1,500 guesses a day. For all addresses
together there is a budget as well, since an attacker may have many. A browser
that signed in before (it shows its mark) draws on neither, but on an account of
its own: however hard somebody knocks, the owner gets in.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

_FREE = 5  # failures without a pause: typing errors
_LONGEST_PAUSE, _DOUBLINGS = 60.0, 6  # seconds; two to the sixth is more
_FORGOTTEN = 3600.0  # seconds without a failure
_KNOWN = 10_000  # addresses that are remembered; the longest silent go first
_BURST, _EVERY = 30, 2.0  # of all strangers: so many guesses at once, then one each so many seconds
_AT_ONCE = 2  # passwords being compared: each takes 64 MB and a core for a moment


@dataclass(slots=True)
class _Account:
    failures: int = 0
    last: float = 0.0
    open_at: float = 0.0


class Throttle:
    """Counts failures; `now` is a monotonic time in seconds."""

    def __init__(self) -> None:
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._budget, self._filled_at = float(_BURST), 0.0
        self._running = 0

    def wait(self, address: str, device: str, now: float) -> float:
        """Seconds until this one may try; 0 where it may now, which then counts as begun: call `done` afterwards."""
        account = self._accounts.get(_key(address, device))
        if account and account.open_at > now:
            return account.open_at - now
        if self._running >= _AT_ONCE:
            return 1.0
        if not device:
            self._budget = min(_BURST, self._budget + (now - self._filled_at) / _EVERY)
            self._filled_at = now
            if self._budget < 1:
                return (1 - self._budget) * _EVERY
            self._budget -= 1
        self._running += 1
        return 0.0

    def done(self, address: str, device: str, now: float, *, good: bool) -> None:
        """A try has ended."""
        self._running -= 1
        key = _key(address, device)
        if good:
            self._accounts.pop(key, None)
            if not device:
                self._budget = min(_BURST, self._budget + 1)
            return
        account = self._accounts.pop(key, None) or _Account()
        if now - account.last > _FORGOTTEN:
            account.failures = 0
        account.failures += 1
        account.last = now
        if account.failures >= _FREE:
            account.open_at = now + min(_LONGEST_PAUSE, 2.0 ** min(_DOUBLINGS, account.failures - _FREE))
        self._accounts[key] = account
        while len(self._accounts) > _KNOWN:
            self._accounts.popitem(last=False)


def _key(address: str, device: str) -> str:
    """Whose account it is: a known browser's, or an address's. One subscriber has a whole IPv6 /64."""
    if device:
        return f"device {device}"
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{int(found) >> 64:x}"
    return str(found)
