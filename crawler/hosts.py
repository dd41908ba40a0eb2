"""The hosts of one crawl: who owns each, how far apart its requests must be, whether it is asked at all.

Does no input or output.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from presswatch import urls
from presswatch.models import Source

# Requests to a host that no source names, such as the target of a redirect.
STRANGER_DELAY = 2.0
# Scrapy varies a delay to both sides. This mean and this jitter make it one to one and a half times the source's delay.
SLOT_MEAN, SLOT_JITTER = 1.25, 0.2
# Addresses of WordPress that list articles and are none, where the source has no pattern of its own.
_NO_ARTICLE = re.compile(
    r"^/*$|/(?:tag|category|author|page|feed|wp-json|wp-content)(?:/|$)|\.(?:xml|jpe?g|png|gif|pdf|zip|mp4)$"
)
# Characters of an article's path. A headline in Japanese, percent-escaped, takes 900; the operator's own pattern is
# matched against no more, so that one that is slow by its nature stays a matter of milliseconds.
_LONGEST = 1500


class Hosts:
    """The hosts of one crawl. Two sources on one host share its requests, and the larger delay holds."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._owners: dict[str, list[Source]] = {}
        self._delays: dict[str, float] = {}
        self._stopped: dict[str, datetime | None] = {}
        self._private: set[str] = set()
        for source in sources:
            for url in addresses(source):
                owners = self._owners.setdefault(_key(url), [])
                if source not in owners and source.enabled:
                    owners.append(source)
                if source.allow_private:
                    self._private.add(_key(url))
                self.at_least(_name(url), source.delay.total_seconds())

    def owner(self, url: str, finder: Source | None = None) -> Source | None:
        """The enabled source that the article at `url` belongs to, the finder before others; None for a stranger's."""
        try:
            owners = self._owners.get(_key(url), [])
        except urls.BadAddress:
            return None
        ours = sorted(owners, key=lambda source: finder is None or source.id != finder.id)
        return next((source for source in ours if is_article(url, source)), None)

    def owned(self, url: str) -> bool:
        """Whether an address is on a host of some enabled source."""
        return bool(self._owners.get(_key(url)))

    def may_be_private(self, url: str) -> bool:
        """Whether an address is on a host that a block with `allow_private` names.

        Where such a source redirects, to its cloud's metadata for instance, it has no leave to go.
        """
        return _key(url) in self._private

    def delay(self, host: str) -> float:
        """The least seconds between two requests to a host name."""
        return self._delays.get(host, STRANGER_DELAY)

    def at_least(self, host: str, seconds: float) -> None:
        """Keep requests to a host name this far apart, or farther where more was asked for before."""
        self._delays[host] = max(seconds, self._delays.get(host, 0.0))

    def slots(self) -> "Slots":
        """Scrapy's DOWNLOAD_SLOTS: one request at a time to each host."""
        return Slots(
            (host, {"concurrency": 1, "delay": delay * SLOT_MEAN, "jitter": SLOT_JITTER if delay else 0.0})
            for host, delay in self._delays.items()
        )

    def stop(self, url: str, until: datetime | None) -> None:
        """Ask the host of `url` for nothing more in this crawl."""
        self._stopped[_key(url)] = until

    def stopped(self, url: str) -> bool:
        return _key(url) in self._stopped

    def asked_until(self, url: str) -> datetime | None:
        """When a stopped host may be asked again, where it said so."""
        return self._stopped.get(_key(url))


class Slots(dict[str, dict[str, float]]):
    """Slots by host. Scrapy copies its settings deeply, twice a crawl: with a thousand hosts that took a while."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def addresses(source: Source) -> tuple[str, ...]:
    """Every address that a source's block names."""
    single = tuple(url for url in (source.homepage, source.wordpress) if url)
    return (*single, *source.feeds, *source.sitemaps, *(listing.url for listing in source.listings))


def host_names(source: Source) -> frozenset[str]:
    """The hosts that a source's block names, as turns and Scrapy's slots know them; "www." makes no other host."""
    return frozenset(_name(url).removeprefix("www.") for url in addresses(source))


def is_article(url: str, source: Source) -> bool:
    """Whether an address of a source's host looks like one of its articles, by its own pattern where it has one."""
    path = urlsplit(url).path
    if len(path) > _LONGEST:
        return False
    if source.articles:
        return re.search(source.articles, path) is not None
    return _NO_ARTICLE.search(path) is None


def _key(url: str) -> str:
    """Host and port: several sources may share a loopback address."""
    return urls.host(url).removeprefix("www.")


def _name(url: str) -> str:
    """The host name alone, as Scrapy keys its download slots."""
    return urlsplit(url).hostname or ""
