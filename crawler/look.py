"""Looking without keeping: `python -m crawler.look --config DIR --data DIR (--source ID … | --url URL)`.

With sources, every way in is tried once and its figures are printed as by
`crawler.run`. With an address, that page is fetched by the same rules (robots.txt,
pauses, the address guard) and printed as JSON. What has to be written meanwhile
goes into a folder that is thrown away.
"""

import argparse
import base64
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import scrapy

from crawler import errand as errands
from crawler.asking import Asker, Figures
from crawler.run import CrawlRequest, crawl
from crawler.settings import configured
from crawler.trouble import Trouble
from presswatch import urls
from presswatch.children import die_with_parent
from presswatch.errors import CrawlError, PresswatchError
from presswatch.models import Source
from presswatch.settings import Settings, load


class PageSpider(scrapy.Spider):
    """Fetches one address. It stands outside `crawler.spiders` because it keeps nothing that one could crawl for."""

    name = "page"

    def __init__(self, url: str = "", **arguments: Any) -> None:
        super().__init__(**arguments)
        self.url = url
        self.found: dict[str, Any] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Ask, as the source that owns the address, or as a stranger, whose address must be public."""
        errand = errands.of(self.crawler)
        owner = errand.hosts.owner(self.url) or Source(id="", name="")
        try:
            answer = await Asker(self.crawler, errand.hosts, errand.now).ask(self.url, owner, Figures())
        except Trouble as trouble:
            self.found = {"trouble": str(trouble)}
        else:
            self.found = {
                "url": urls.canonical(answer.final_url),
                "final_url": answer.final_url,
                "status": answer.status,
                "content_type": answer.content_type,
                "fetched_at": answer.fetched_at.isoformat(),
                "source": owner.id,
                "language": owner.language,
                "body": base64.b64encode(answer.body).decode("ascii"),
            }
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item


def page(settings: Settings, url: str) -> dict[str, Any]:
    """The answer of one address, as `PageSpider` found it; raises `CrawlError` where there was none."""
    errand = errands.prepare(settings)
    try:
        from scrapy.utils.reactor import install_reactor

        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        from scrapy.crawler import AsyncCrawlerProcess

        process = AsyncCrawlerProcess(configured(**errand.scrapy_settings()))
        crawler = process.create_crawler(PageSpider)
        process.crawl(crawler, url=urls.resolve(url))
        process.start()
    finally:
        errand.close()
    spider = crawler.spider
    found = spider.found if isinstance(spider, PageSpider) else {}
    if "body" not in found:
        raise CrawlError(f"{found.get('trouble', f'{url} gave no answer')}.")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m crawler.look", description=__doc__)
    parser.add_argument("--config", type=Path, default=None)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--source", action="append", default=[])
    parser.add_argument("--url", default="")
    options = parser.parse_args(arguments)
    die_with_parent()
    for noisy, level in (("scrapy", logging.WARNING), ("twisted", logging.CRITICAL), ("asyncio", logging.ERROR)):
        logging.getLogger(noisy).setLevel(level)
    with tempfile.TemporaryDirectory(prefix="presswatch-") as folder:
        try:
            given = load(options.config, options.data, os.environ)
            scratch = Path(folder)
            settings = replace(given, data_dir=scratch, database_url=f"sqlite:///{scratch / 'scratch.sqlite3'}")
            if options.url:
                found = page(settings, options.url)
            else:
                found = crawl(CrawlRequest(settings=settings, sources=tuple(options.source), mode="probe")).as_json()
        except PresswatchError as error:
            sys.stderr.write(f"{error}\n")
            return error.exit_status
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
