"""One crawl in this process: `crawl`, or `python -m crawler.run --config DIR --data DIR [--source ID …]`.

Meant for a child process, because Twisted's reactor starts once. As a program it
prints one JSON line of figures, with `--progress` others before it, and exits
with 0 also where some sources failed: that is in the figures.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from crawler.asking import Figures
from crawler.errand import Errand, nobody, prepare
from crawler.settings import configured
from presswatch.children import die_with_parent
from presswatch.errors import CrawlError, PresswatchError
from presswatch.logs import set_up
from presswatch.memory import collect_seldom, give_large_back
from presswatch.models import Source
from presswatch.settings import Settings, load

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRequest:
    """What to crawl. No `sources` means every enabled one; `since` is for a backfill.

    `catalogue` is what is known of all sources, where whoever asks has read it already.
    """

    settings: Settings
    sources: tuple[str, ...] = ()
    catalogue: tuple[Source, ...] = ()
    mode: str = "crawl"
    since: datetime | None = None
    tell: Callable[[dict[str, Any]], None] = field(default=nobody)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What came of it, by source."""

    sources: Mapping[str, Figures]

    def as_json(self) -> dict[str, Any]:
        return {"sources": {name: _row(figures) for name, figures in self.sources.items()}}


def _row(figures: Figures) -> dict[str, Any]:
    row = {one.name: getattr(figures, one.name) for one in fields(figures)}
    return row if figures.listed else {name: value for name, value in row.items() if name != "listed"}


def leave(report: CrawlReport) -> None:
    """Print the figures and end this process, whatever it is waiting for."""
    _say(report.as_json())
    os._exit(0)


def crawl(request: CrawlRequest, end: Callable[[CrawlReport], None] = leave) -> CrawlReport:
    """Visit the sources once, in this process, which can do so only once.

    `end` is called instead of returning where the crawl has to end at once, and
    must end the process. So does SIGTERM: what is stored stays, and what was not
    done is due again. Raises `PresswatchError` where the crawl as a whole cannot be run.
    """
    _quiet()
    collect_seldom()
    errand = prepare(
        request.settings,
        request.sources,
        catalogue=request.catalogue,
        mode=request.mode,
        since=request.since,
        tell=request.tell,
    )
    try:
        from scrapy.utils.reactor import install_reactor

        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        from scrapy.crawler import AsyncCrawlerProcess
        from twisted.internet import reactor

        from crawler.spiders.sources import SourcesSpider

        give_large_back()
        process = AsyncCrawlerProcess(configured(**errand.scrapy_settings()))
        crawler = process.create_crawler(SourcesSpider)

        def end_early(reason: str) -> None:
            log.error("%s", reason)
            cast("SourcesSpider", crawler.spider).give_up(reason)
            report = _report(errand)
            errand.close()
            end(report)

        errand.end_early = end_early
        process.crawl(crawler)
        cast(Any, reactor).callLater(0, _end_on_signals, errand)
        process.start(install_signal_handlers=False)
        return _report(errand)
    finally:
        errand.close()


def _end_on_signals(errand: Errand) -> None:
    """End at once when told to: Scrapy would wait for every answer that is still to come."""

    def end(number: signal.Signals) -> None:
        errand.close()
        os._exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end, number)


async def crawl_here(errand: Errand, **changes: Any) -> CrawlReport:
    """The same in a reactor that is running; for those who have one. `changes` go to Scrapy's settings."""
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler.spiders.sources import SourcesSpider

    runner = AsyncCrawlerRunner(configured(**errand.scrapy_settings(), **changes))
    await runner.crawl(SourcesSpider)
    return _report(errand)


def _report(errand: Errand) -> CrawlReport:
    missing = [source.id for source in errand.sources if source.id not in errand.figures]
    if missing:
        raise CrawlError(f"The crawl ended before it came to {', '.join(missing)}; see the log for the reason.")
    return CrawlReport(sources=errand.figures)


def _quiet() -> None:
    """Have the libraries say what is wrong, and no more."""
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers:  # Scrapy sets the levels of its loggers itself, later
        handler.addFilter(_worth_saying)


def _worth_saying(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.name.startswith("scrapy")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    options = _options(arguments)
    die_with_parent()
    # Its lines stand among those of the service, in the same form.
    set_up("json" if os.environ.get("PRESSWATCH_LOG_FORMAT") == "json" else "plain", logging.WARNING)
    try:
        settings = load(options.config, options.data, os.environ)
        tell = _say if options.progress else nobody
        request = CrawlRequest(
            settings=settings,
            sources=tuple(options.source),
            mode=options.mode,
            since=options.since,
            tell=tell,
        )
        report = crawl(request)
    except PresswatchError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    _say(report.as_json())
    return 0


def _say(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crawler.run", description=__doc__)
    parser.add_argument("--config", type=Path, default=None, help="folder with the operator's config files")
    parser.add_argument("--data", type=Path, default=None, help="folder of store and archive")
    parser.add_argument("--source", action="append", default=[], help="a source's id; may be repeated")
    parser.add_argument("--mode", choices=("crawl", "backfill"), default="crawl")
    parser.add_argument("--since", type=_moment, default=None, help="how far a backfill goes, ISO 8601")
    parser.add_argument("--progress", action="store_true", help="a JSON line for each step")
    return parser.parse_args(arguments)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
