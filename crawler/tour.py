"""What all visits of one crawl share: the clock, the hosts, the way to ask and the way to keep."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.asking import Asker
from crawler.hosts import Hosts
from crawler.item_pipelines import Item
from crawler.ledger import Ledger
from presswatch.models import Candidate, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An article to fetch: its canonical address, what is said of it, and the source that it belongs to."""

    url: str
    candidate: Candidate
    owner: Source
    known: bool = False  # stored before; asked again for an edit or a removal
    late: str | None = None  # why it comes only now, where it was missed


@dataclass(slots=True, kw_only=True)
class Tour:
    """One crawl over several sources."""

    engine: Any
    asker: Asker
    ledger: Ledger
    hosts: Hosts
    now: Callable[[], datetime]
    tell: Callable[[dict[str, Any]], None]  # progress, for whoever watches
    since: datetime | None = None  # how far back; None for an ordinary crawl
    claimed: set[str] = field(default_factory=set)  # canonical addresses that some visit has taken on
    _read: dict[str, asyncio.Event] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0

    def expect(self, sources: Sequence[Source]) -> None:
        """These sources are visited in this crawl."""
        self._read = {source.id: asyncio.Event() for source in sources}

    def finished_own(self, source: Source) -> None:
        """A visit has taken everything that belongs to its source."""
        self._read[source.id].set()

    async def wait_for(self, source: Source) -> None:
        """Until the source's own visit has taken what is its; at once where it has no visit in this crawl."""
        if source.id in self._read:
            await self._read[source.id].wait()

    async def keep(self, item: Item) -> Item:
        """Send an item through the item pipelines; raises what went wrong there."""
        await self.engine.scraper.start_itemproc_async(item, response=None)
        if item.error is not None:
            raise item.error
        return item

    def planned(self, count: int) -> None:
        self._total += count
        self._progress()

    def did(self) -> None:
        self._done += 1
        self._progress()

    def _progress(self) -> None:
        self.tell({"event": "progress", "done": self._done, "total": max(self._total, self._done)})
