"""Scrapy's settings for every crawl of presswatch: politeness, limits, TLS on, robots on, everything else off.

`scrapy list` and `scrapy crawl` find them through scrapy.cfg. What depends on
the operator's configuration (user agent, limits, delays, the store) is added by
`crawler.run`.
"""

from typing import Any

from crawler.hosts import SLOT_JITTER, SLOT_MEAN, STRANGER_DELAY

BOT_NAME = "presswatch"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
USER_AGENT = "presswatch (news monitor)"

# One request at a time to a host. Slots of known hosts come from the catalogue.
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = STRANGER_DELAY * SLOT_MEAN
DOWNLOAD_DELAY_JITTER = SLOT_JITTER
# AutoThrottle in the form that keeps each source's own delay; its start delay is that delay.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0
AUTOTHROTTLE_MAX_DELAY = 60

DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
REDIRECT_MAX_TIMES = 5
URLLENGTH_LIMIT = 4000

DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawler.download.GuardedDownload",
    "https": "crawler.download.GuardedDownload",
    "file": None,
    "ftp": None,
    "data": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # for handlers other than ours

# Scrapy's own lists, cut down to what is used here. Those that are only switched off would be loaded all the same, and
# with them a web server, two clients and a list of every domain's suffix: a quarter of a crawl's start.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
# Not among them: robots.txt (ours keeps the answers and the delays), retries (the next visit tries again), redirects
# (ours changes the queue with the host), proxies (the guard cannot see behind one), cookies, authentication, a cache.
DOWNLOADER_MIDDLEWARES: dict[str, int] = {
    "crawler.middlewares.RobotsMiddleware": 100,
    "crawler.middlewares.HostMiddleware": 110,
    # Both see an answer after it was decompressed (590).
    "crawler.middlewares.ArchiveMiddleware": 588,
    "crawler.middlewares.RedirectMiddleware": 585,
}
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
REDIRECT_ENABLED = False
RETRY_ENABLED = False
METAREFRESH_ENABLED = False
HTTPPROXY_ENABLED = False
HTTPCACHE_ENABLED = False
REFERER_ENABLED = False
DEFAULT_REQUEST_HEADERS: dict[str, str] = {}

ITEM_PIPELINES = {"crawler.item_pipelines.ArchivePage": 100, "crawler.item_pipelines.SavePage": 200}

# Neither of the two that open a port on this machine through which code can be run, and nothing that writes files.
EXTENSIONS_BASE: dict[str, int] = {"scrapy.extensions.corestats.CoreStats": 0}
EXTENSIONS: dict[str, int] = {"crawler.extensions.Throttle": 0, "crawler.extensions.MemoryLimit": 0}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# The last line of defence: a crawl that grows beyond this and what its sources take ends and is started anew.
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 280
MEMUSAGE_CHECK_INTERVAL_SECONDS = 2.0

LOG_INSTALL_ROOT_HANDLER = False  # presswatch sets up logging itself
LOG_ENABLED = False
STATS_DUMP = False
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def configured(**changes: Any) -> dict[str, Any]:
    """These settings as a dictionary, with `changes`."""
    return {name: value for name, value in globals().items() if name.isupper()} | changes
