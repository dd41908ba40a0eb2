"""`scrapy crawl listing -a source=ID`: the sources' listing addresses alone, as ways in."""

from crawler.spiders.sources import SourcesSpider


class ListingSpider(SourcesSpider):
    """Visits sources by this way alone."""

    name = "listing"
    only = "listing"
