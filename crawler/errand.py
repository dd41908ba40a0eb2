"""What one crawl is asked to do, what it works with, and the figures that come of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler

from crawler.asking import Figures
from crawler.hosts import Hosts
from crawler.ledger import Ledger
from crawler.robots import RobotsCache
from crawler.settings import MEMUSAGE_LIMIT_MB
from crawler.turns import HostTurns
from presswatch import archive, settings
from presswatch.archive import Archive
from presswatch.catalogue import load_sources
from presswatch.errors import StoreError, UsageError
from presswatch.models import Source
from presswatch.settings import Settings
from presswatch.store.opened import Store

_A_SOURCE = 25 * 2**10  # bytes that a visit and its host take until the crawl ends
ERRAND = "ERRAND"  # the Scrapy setting that holds it


def nobody(event: dict[str, Any]) -> None:
    """Nobody watches."""


def ignore(reason: str) -> None:
    """The crawl goes on."""


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Errand:
    """Which sources to visit and with what; `figures` fills as the visits go on."""

    catalogue: tuple[Source, ...]  # every enabled source: they own their hosts
    sources: tuple[Source, ...]  # those to visit
    settings: Settings
    store: Store
    archive: Archive
    mode: str = "crawl"  # or "backfill"
    since: datetime | None = None
    tell: Callable[[dict[str, Any]], None] = nobody
    now: Callable[[], datetime] = clock
    figures: dict[str, Figures] = field(default_factory=dict)
    end_early: Callable[[str], None] = ignore  # for what must not go on, with the reason

    def __post_init__(self) -> None:
        limits = self.settings.crawl
        self.hosts = Hosts(self.catalogue)
        self.ledger = Ledger(
            self.store, self.sources, now=self.now, young=limits.recheck_for, every=limits.recheck_every
        )
        self.turns = HostTurns(self.store.turns, self.hosts, limits.timeout.total_seconds())
        self.robots = RobotsCache(self.settings.cache_dir / "robots", self.now)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Errand":
        """Scrapy copies its settings; this is one thing, with open files in it."""
        return self

    def scrapy_settings(self) -> dict[str, Any]:
        """What the operator's configuration adds to `crawler.settings`."""
        limits = self.settings.crawl
        return {
            ERRAND: self,
            "USER_AGENT": self.settings.user_agent,
            "DOWNLOAD_TIMEOUT": limits.timeout.total_seconds(),
            "DOWNLOAD_MAXSIZE": limits.max_body,
            "REDIRECT_MAX_TIMES": limits.max_redirects,
            "DOWNLOAD_SLOTS": self.hosts.slots(),
            "MEMUSAGE_LIMIT_MB": MEMUSAGE_LIMIT_MB + len(self.sources) * _A_SOURCE // 2**20,
        }

    def close(self) -> None:
        with suppress(StoreError):  # said already where the visits ended by themselves; else they are made again
            self.ledger.write()
        self.archive.close()
        self.store.close()


def prepare(
    chosen: Settings,
    ids: tuple[str, ...] = (),
    *,
    catalogue: tuple[Source, ...] = (),
    mode: str = "crawl",
    since: datetime | None = None,
    tell: Callable[[dict[str, Any]], None] = nobody,
    now: Callable[[], datetime] = clock,
) -> Errand:
    """An errand to these sources, or to all enabled ones, with store and archive opened.

    The `catalogue` is read where it is not given. A source that is named is visited
    also where it is disabled. Raises `UsageError` for an unknown one, `ConfigError`
    and `StoreError` as their files do.
    """
    everything = catalogue or load_sources(chosen.file("sources.yaml"))
    known = {source.id: source for source in everything}
    if unknown := [name for name in ids if name not in known]:
        raise UsageError(f"There is no source {unknown[0]!r}. The catalogue has {', '.join(known)}.")
    sources = tuple(known[name] for name in dict.fromkeys(ids)) or tuple(s for s in everything if s.enabled)
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    return Errand(
        catalogue=tuple(s for s in everything if s.enabled or s in sources),
        sources=sources,
        settings=chosen,
        store=Store.open(chosen.database_url, lock_dir=chosen.data_dir, archive_dir=chosen.archive_dir),
        archive=archive.opened(
            chosen.archive.address, chosen.archive_dir, max_bytes=chosen.archive.max_file, machine=chosen.machine
        ),
        mode=mode,
        since=since,
        tell=tell,
        now=now,
    )


def of(crawler: Crawler) -> Errand:
    """The errand of a running crawl."""
    errand: Errand = crawler.settings[ERRAND]
    return errand


def from_environment(environ: Mapping[str, str], ids: tuple[str, ...]) -> Errand:
    """The errand of `scrapy crawl`, which has no options of ours: PRESSWATCH_CONFIG and PRESSWATCH_DATA say where."""
    folder = environ.get("PRESSWATCH_CONFIG")
    return prepare(settings.load(Path(folder) if folder else None, None, environ), ids)
