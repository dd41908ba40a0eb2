"""One request at a time to a host, whichever process or machine asks: a turn is taken before and given back after.

Within one crawl Scrapy's slots see to that. Where several machines crawl on one
store, the turns lie there (`presswatch/store/turns.py`), and the pause between two
requests with them.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.hosts import Hosts
from crawler.trouble import Trouble
from presswatch.errors import StoreError
from presswatch.store.turns import Turns

# An answer may take the crawl's timeout; the turn lasts so many seconds longer, so that it outlives any request.
_MARGIN = 15.0
# Whoever wants to be left alone for longer than a visit may take is not waited for.
_LONGEST_WAIT = 120.0


class HostTurns:
    """The turns of one crawl; without `turns` there is nobody to share with, and every one is had at once."""

    def __init__(self, turns: Turns | None, hosts: Hosts, timeout: float) -> None:
        self._turns, self._hosts = turns, hosts
        self._lease = timeout + _MARGIN
        self._holder = secrets.token_hex(8)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Within, the host of `url` is asked by nobody else. Raises `Trouble` where it is not to be had.

        And `StoreError` where the store is out of reach: without a turn nothing is asked.
        """
        host = urlsplit(url).hostname or ""
        if self._turns is None:
            yield
            return
        await self._take(self._turns, host, url)
        try:
            yield
        finally:
            # From the answer on: when a request reached the host nobody else knows, and another's way may be shorter.
            with suppress(StoreError):  # then the turn ends by itself
                self._turns.give_back(host, self._holder, pause=self._hosts.delay(host))

    async def _take(self, turns: Turns, host: str, url: str) -> None:
        end = time.monotonic() + self._lease + _LONGEST_WAIT
        while wait := turns.take(host, self._holder, lease=self._lease):
            if wait > _LONGEST_WAIT or time.monotonic() > end:
                until = datetime.now(UTC) + timedelta(seconds=wait)
                message = f"{url} is not asked: its host is not to be asked before {until:%Y-%m-%d %H:%M} UTC"
                raise Trouble("blocked", message, dead=urlsplit(url).netloc, retry_at=until)
            await asyncio.sleep(min(wait, 5.0))

    def leave_alone(self, url: str, until: datetime | None) -> None:
        """The host asked for a pause; other machines keep it, too."""
        if self._turns is not None and until is not None:
            with suppress(StoreError):  # the source's own next visit waits in any case
                self._turns.leave_alone(urlsplit(url).hostname or "", until)
