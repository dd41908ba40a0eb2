"""What nearly every child of the service needs, loaded by importing this: see `presswatch.forked`.

Only the process that forks may do so: from then on it hears no signal that ends
the service. Nothing of it may start a thread or keep anything open. Twisted's
reactor is left to the children, and so is what one job alone needs; the steps
with their names would weigh more than all of this.
"""

import gc
import signal
from importlib import import_module

from setproctitle import setproctitle

LIBRARIES = (
    "crawler.run",
    "crawler.spiders.sources",
    "crawler.download",
    "crawler.extensions",
    "crawler.item_pipelines",
    "crawler.middlewares",
    "scrapy.core.downloader",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.dupefilters",
    "scrapy.extensions.corestats",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "twisted.internet.asyncioreactor",
    "presswatch.cli",
    "presswatch.jobs",
    "presswatch.services",
    "presswatch.store.opened",
)

for _name in LIBRARIES:
    import_module(_name)
setproctitle("presswatch forks jobs")
for _number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(_number, signal.SIG_IGN)
# What is never looked at again is never copied: a collection in a child would touch every page of it.
gc.collect()
gc.freeze()
