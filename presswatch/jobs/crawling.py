"""The crawl: in a child process that fetches what is due and stores it, or only looks and keeps nothing."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from presswatch.children import Children
from presswatch.errors import CrawlError
from presswatch.jobs.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from presswatch.models import Source
    from presswatch.services import Services
    from presswatch.settings import Settings

# What a look may hold, which keeps nothing; it takes 100 MB, and an answer is cut off at some tens more.
_LOOK_MEMORY = 600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlFigures:
    """What one crawl did, by source: the child's own figures, as it printed them."""

    sources: Mapping[str, Mapping[str, Any]]

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(name for name, figures in self.sources.items() if not figures.get("ok", True))


def crawl(
    services: Services,
    sources: Sequence[Source],
    *,
    mode: str = "crawl",
    since: datetime | None = None,
    progress: Progress = silent,
    on_source: Callable[[str], None] = lambda _: None,
) -> CrawlFigures:
    """Fetch from these sources in a child process, which stores what it gets; `on_source` is told each that is done.

    A source that fails is in the figures. Raises `CrawlError` where the crawl as
    a whole could not be run or overran its deadline; what it stored until then is kept.
    """
    arguments = ["-m", "crawler.run", *_folders(services.settings), "--mode", mode, "--progress"]
    arguments += [part for source in sources for part in ("--source", source.id)]
    arguments += ["--since", since.isoformat()] if since else []
    result: dict[str, Any] = {}

    def on_line(line: str) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return
        if event.get("event") == "progress":
            progress("Fetching", event.get("done", 0), event.get("total"))
        elif event.get("event") == "source":
            on_source(str(event.get("source")))
        elif "sources" in event:
            result.update(event)

    # A backfill walks years at one request every few seconds: its deadline is a day.
    deadline = services.settings.crawl.deadline if mode == "crawl" else timedelta(days=1)
    child = Children().run(arguments, deadline=deadline, on_line=on_line)
    if child.overran:
        raise CrawlError(f"The crawl took longer than {deadline} and was ended; what it had stored is kept.")
    if child.status != 0 or not result:
        words = child.last_words.splitlines()[-1] if child.last_words else f"exit status {child.status}"
        raise CrawlError(f"The crawl could not be run: {words}")
    return CrawlFigures(sources=result["sources"])


def crawl_here(
    services: Services,
    sources: Sequence[Source],
    *,
    on_source: Callable[[str], None],
    then: Callable[[CrawlFigures], None],
) -> None:
    """`crawl` in this process, which must be a child of its own: it can do so once, and whoever started it ends it in
    time. `then` is given the figures. Does not return where the crawl had to end with answers still under way.
    """
    from crawler.run import CrawlReport, CrawlRequest
    from crawler.run import crawl as run

    def tell(event: dict[str, Any]) -> None:
        if event.get("event") == "source":
            on_source(str(event.get("source")))

    def figures(report: CrawlReport) -> CrawlFigures:
        return CrawlFigures(sources=report.as_json()["sources"])

    def leave(report: CrawlReport) -> None:
        then(figures(report))
        logging.shutdown()
        os._exit(0)

    names = tuple(source.id for source in sources)
    request = CrawlRequest(settings=services.settings, sources=names, catalogue=services.sources, tell=tell)
    then(figures(run(request, leave)))


def probe(services: Services, sources: Sequence[Source], *, deadline: timedelta | None = None) -> CrawlFigures:
    """Try every way into these sources once, and one article of each; keeps nothing. Raises `CrawlError`.

    Without a deadline of its own it has the crawl's.
    """
    named = [part for source in sources for part in ("--source", source.id)]
    return CrawlFigures(sources=_look(services, named, deadline)["sources"])


def fetch(services: Services, url: str) -> dict[str, Any]:
    """One page, asked for by the rules of every crawl, and kept nowhere; raises `CrawlError` where it cannot be had."""
    return _look(services, ["--url", url])


def _look(services: Services, arguments: list[str], deadline: timedelta | None = None) -> dict[str, Any]:
    lines: list[str] = []
    deadline = deadline or services.settings.crawl.deadline
    command = ["-m", "crawler.look", *_folders(services.settings), *arguments]
    child = Children().run(command, deadline=deadline, on_line=lines.append, aloud=False, memory=_LOOK_MEMORY)
    if child.overran:
        raise CrawlError(f"Looking took longer than {deadline} and was ended.")
    if child.status != 0 or not lines:
        raise CrawlError(child.last_words.splitlines()[-1] if child.last_words else "Nothing could be fetched.")
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def _folders(settings: Settings) -> list[str]:
    return ["--config", str(settings.config_dirs[0]), "--data", str(settings.data_dir)]
