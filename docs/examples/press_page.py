"""A spider of one's own, for a site that no feed, sitemap or selector reads: docs/add-a-source.md, section 6."""

from datetime import UTC, datetime

import scrapy


class PressPageSpider(scrapy.Spider):
    """Reads a page of cards, each with a link, a headline and a date such as "March 2, 2026", and goes on."""

    name = "press-page"

    def parse(self, response):
        for card in response.css("article.index-item"):
            day = datetime.strptime(card.css("span.index-item-text-info-date::text").get(), "%B %d, %Y")
            yield {
                "url": card.css("h3 a::attr(href)").get(),
                "title": card.css("h3 a::text").get(),
                "published_at": day.replace(tzinfo=UTC),
            }
        yield from response.follow_all(css="a.next")
