"""`scrapy crawl wordpress -a source=ID`: the sources' WordPress REST addresses alone, as ways in."""

from crawler.spiders.sources import SourcesSpider


class WordPressSpider(SourcesSpider):
    """Visits sources by this way alone."""

    name = "wordpress"
    only = "rest"
