"""What the store knows of the sources that are visited next, read for a hundred of them at a time.

A visit to a site with nothing new asks the store five things. One by one they
take longer than the visit; for a hundred sources together, hardly longer than
for one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from presswatch.models import Source
from presswatch.store.opened import Store
from presswatch.store.records import FeedState, Reconciliation, Standing

TOGETHER = 100
# Second looks in one visit: enough to come round, few enough not to load a site.
MAX_RECHECKS = 10
MAX_RETRIES = 20


@dataclass(slots=True, kw_only=True)
class Known:
    """Of one source, before its visit."""

    standing: Standing = field(default_factory=Standing)
    feeds: dict[str, FeedState] = field(default_factory=dict)  # what each feed answered last, by address
    reconciliation: Reconciliation | None = None
    retries: tuple[str, ...] = ()  # articles that could not be had, and whose time has come
    rechecks: tuple[str, ...] = ()  # articles to look at again


class Beforehand:
    """Reads ahead in the order in which sources are visited; keeps what is asked for until it is let go."""

    def __init__(self, store: Store, sources: Sequence[Source], *, young: timedelta, every: timedelta) -> None:
        self._store, self._young, self._every = store, young, every
        self._order = {source.id: number for number, source in enumerate(sources)}
        self._sources = tuple(sources)
        self._read: dict[str, Known] = {}

    def of(self, source: Source, now: datetime) -> Known:
        """What is known of a source and, from now on, of those after it."""
        if source.id not in self._read:
            number = self._order.get(source.id)
            together = (source,) if number is None else self._sources[number : number + TOGETHER]
            self._read |= self._of_all([one for one in together if one.id not in self._read], now)
        return self._read[source.id]

    def let_go(self, source: Source) -> None:
        """Its visit is over. What is asked for afterwards is read anew."""
        self._read.pop(source.id, None)

    def _of_all(self, sources: Sequence[Source], now: datetime) -> dict[str, Known]:
        store, ids = self._store, [source.id for source in sources]
        standings = store.sources.standings(ids)
        states = store.sources.feed_states([url for source in sources for url in source.feeds])
        looks = store.reconciliations.of(ids)
        retries = _by_source((one.source, one.url) for one in store.pages.to_retry(ids, now=now, limit=MAX_RETRIES))
        due = store.pages.to_recheck(ids, now=now, limit=MAX_RECHECKS, young=self._young, every=self._every)
        rechecks = _by_source((one.source, one.url) for one in due)
        return {
            source.id: Known(
                standing=standings.get(source.id, Standing()),
                feeds={url: states[url] for url in source.feeds if url in states},
                reconciliation=looks.get(source.id),
                retries=tuple(retries.get(source.id, ())),
                rechecks=tuple(rechecks.get(source.id, ())),
            )
            for source in sources
        }


def _by_source(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, url in pairs:
        found.setdefault(source, []).append(url)
    return found
