"""`scrapy crawl feed -a source=ID`: the sources' feed addresses alone, as ways in."""

from crawler.spiders.sources import SourcesSpider


class FeedSpider(SourcesSpider):
    """Visits sources by this way alone."""

    name = "feed"
    only = "feed"
