"""Articles that others may share a story with, found by the day that they are of. Does no input or output."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableMapping
from datetime import UTC, datetime, timedelta

from presswatch.models import Known


def moment(known: Known) -> datetime:
    """When an article came out, or was first seen where it does not say."""
    return known.published_at or known.first_seen_at


class Recent(MutableMapping[str, Known]):
    """Articles by address. Those around a moment are found without a walk through all."""

    def __init__(self, articles: Iterable[Known] = ()) -> None:
        self._known: dict[str, Known] = {}
        self._by_day: defaultdict[int, dict[str, Known]] = defaultdict(dict)
        for known in articles:
            self[known.url] = known

    def __getitem__(self, url: str) -> Known:
        return self._known[url]

    def __setitem__(self, url: str, known: Known) -> None:
        if url in self._known:
            del self._by_day[_day(moment(self._known[url]))][url]
        self._known[url] = known
        self._by_day[_day(moment(known))][url] = known

    def __delitem__(self, url: str) -> None:
        del self._by_day[_day(moment(self._known.pop(url)))][url]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def around(self, when: datetime, reach: timedelta) -> Iterator[Known]:
        """The articles within `reach` of a moment, and some of the days at the edges."""
        middle, days = _day(when), reach.days + 1
        for day in range(middle - days, middle + days + 1):
            if found := self._by_day.get(day):
                yield from found.values()


def _day(when: datetime) -> int:
    return when.astimezone(UTC).toordinal()
