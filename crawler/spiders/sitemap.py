"""`scrapy crawl sitemap -a source=ID`: the sources' sitemap addresses alone, as ways in."""

from crawler.spiders.sources import SourcesSpider


class SitemapSpider(SourcesSpider):
    """Visits sources by this way alone."""

    name = "sitemap"
    only = "sitemap"
