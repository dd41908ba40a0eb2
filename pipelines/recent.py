"""Articles that others may share a story with, found by their day and by what they have in common. No input or output.

Everything that grouping asks for is kept as the articles come and go, so that
placing one more among ten thousand is no walk through all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from presswatch.models import Known

if TYPE_CHECKING:
    from numpy import uint64
    from numpy.typing import NDArray


def moment(known: Known) -> datetime:
    """When an article came out, or was first seen where it does not say."""
    return known.published_at or known.first_seen_at


def day_of(when: datetime) -> int:
    """The number of its day in UTC."""
    return when.astimezone(UTC).toordinal()


class Recent(MutableMapping[str, Known]):
    """Articles by address. Those around a moment, or with something in common, are found without a walk through all."""

    def __init__(self, articles: Iterable[Known] = ()) -> None:
        self._known: dict[str, Known] = {}
        self._by_day: defaultdict[int, dict[str, Known]] = defaultdict(dict)
        self._prints: defaultdict[int, dict[str, int]] = defaultdict(dict)
        self._rows: dict[int, tuple[list[str], NDArray[uint64]]] = {}  # the same, as it is searched
        self._by_slug: defaultdict[str, list[str]] = defaultdict(list)
        self._by_alternate: defaultdict[str, list[str]] = defaultdict(list)
        self._by_story: defaultdict[str, list[str]] = defaultdict(list)
        # Of relevant articles: a key, and no key at all for all of them, then the day.
        self._by_key: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._before: dict[str, Known | None] = {}
        for known in articles:
            if known.url in self._known:
                self._drop(known.url)
            self._add(known)

    def settle(self) -> None:
        """What is known now is what `restore` goes back to."""
        self._before = {}

    def restore(self) -> None:
        """Undo all that was set and deleted since `settle`."""
        before, self._before = self._before, {}
        for url, known in before.items():
            if known is not None:
                self[url] = known
            elif url in self:
                del self[url]
        self.settle()

    def __getitem__(self, url: str) -> Known:
        return self._known[url]

    def __setitem__(self, url: str, known: Known) -> None:
        self._before.setdefault(url, self._known.get(url))
        if url in self._known:
            self._drop(url)
        self._add(known)

    def __delitem__(self, url: str) -> None:
        self._before.setdefault(url, self._known[url])
        self._drop(url)

    def _add(self, known: Known) -> None:
        url, day = known.url, day_of(moment(known))
        self._known[url] = known
        self._by_day[day][url] = known
        if known.fingerprint.simhash:
            self._prints[day][url] = known.fingerprint.simhash
            self._rows.pop(day, None)
        for found in self._places(known, day):
            found.append(url)

    def _drop(self, url: str) -> None:
        known = self._known.pop(url)
        day = day_of(moment(known))
        del self._by_day[day][url]
        self._prints[day].pop(url, None)
        self._rows.pop(day, None)
        for found in self._places(known, day):
            found.remove(url)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def _places(self, known: Known, day: int) -> list[list[str]]:
        """The lists that name an article of this day."""
        found = [self._by_story[known.story]]
        if known.fingerprint.slug:
            found.append(self._by_slug[known.fingerprint.slug])
        if known.alternates:
            found += [self._by_alternate[address] for address in known.alternates]
        if known.relevant and known.fingerprint.keys:
            found += [self._by_key[key][day] for key in ("", *known.fingerprint.keys)]
        return found

    @contextmanager
    def holding(self, known: Known) -> Iterator[None]:
        """Within, this article is among them, in the place of what is known at its address."""
        before = self.get(known.url)
        self[known.url] = known
        try:
            yield
        finally:
            if before is None:
                del self[known.url]
            else:
                self[known.url] = before

    def of_days(self, first: int, last: int) -> Iterator[Known]:
        """The articles of these days, the last included."""
        return chain.from_iterable(self._by_day[day].values() for day in _among(self._by_day, first, last))

    def number_of_days(self, first: int, last: int) -> int:
        """How many articles are of these days."""
        return sum(len(self._by_day[day]) for day in _among(self._by_day, first, last))

    def printed_alike(self, simhash: int, bits: int, first: int, last: int) -> list[str]:
        """The articles of these days whose SimHash differs from this one in so many bits at most; 0 is like none."""
        import numpy as np  # a tenth of a second; only who places pages needs it

        found: list[str] = []
        for day in _among(self._prints, first, last) if simhash else ():
            if day not in self._rows:
                urls = list(self._prints[day])
                self._rows[day] = urls, np.array(list(self._prints[day].values()), dtype=np.uint64)
            urls, prints = self._rows[day]
            found += [urls[n] for n in np.flatnonzero(np.bitwise_count(prints ^ np.uint64(simhash)) <= bits)]
        return found

    def holders(self, key: str, first: int, last: int) -> Iterator[str]:
        """The relevant articles of these days that state a key; all that state any, for no key."""
        by_day: Mapping[int, list[str]] = self._by_key.get(key, {})
        return chain.from_iterable(by_day[day] for day in _among(by_day, first, last))

    def number_of_holders(self, key: str, first: int, last: int) -> int:
        by_day: Mapping[int, list[str]] = self._by_key.get(key, {})
        return sum(len(by_day[day]) for day in _among(by_day, first, last))

    def with_slug(self, slug: str) -> list[str]:
        return self._by_slug.get(slug, [])

    def naming(self, address: str) -> list[str]:
        """The articles that name an address as another version of theirs."""
        return self._by_alternate.get(address, [])

    def of_story(self, story: str) -> list[str]:
        return self._by_story.get(story, [])


def _among(days: Mapping[int, object], first: int, last: int) -> Iterable[int]:
    """Those of the days that there are between these two, by the shorter way of finding them."""
    if last - first < len(days):
        return [day for day in range(first, last + 1) if day in days]
    return [day for day in days if first <= day <= last]
