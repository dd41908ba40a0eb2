"""Scrapy's item pipelines: ArchivePage, then SavePage.

Nothing clever belongs here: what a page means is for `pipelines`.
"""

from dataclasses import dataclass, replace
from typing import Any

from scrapy.crawler import Crawler

from crawler.asking import Answer
from crawler.ledger import Ledger
from presswatch.archive import Archive
from presswatch.store.records import PageDraft


@dataclass(slots=True, kw_only=True)
class Item:
    """An answer for the archive and, where it is an article's, the page to store.

    `saved` says whether a page came of it that says something new; `error` what went wrong.
    """

    answer: Answer | None
    draft: PageDraft | None
    saved: bool = False
    error: Exception | None = None


class ArchivePage:
    """Writes every answer that says something new to the archive, with its request; a draft is told where it lies."""

    def __init__(self, crawler: Crawler) -> None:
        self._archive: Archive = crawler.settings["ERRAND"].archive
        self._ledger: Ledger = crawler.settings["ERRAND"].ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchivePage":
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        answer = item.answer
        if answer is None:
            return item
        try:
            # Second looks come every day for two weeks, and nearly all find the page as it was.
            if item.draft is not None and self._ledger.unchanged(item.draft):
                return item
            record = self._archive.write(
                answer.final_url,
                request_headers=answer.request_headers,
                status=answer.status,
                response_headers=answer.raw_headers,
                body=answer.body,
                fetched_at=answer.fetched_at,
            )
        except Exception as error:  # the visit decides what a page that cannot be kept means
            item.error = error
            return item
        if item.draft is not None:
            item.draft = replace(item.draft, warc_file=record.file, warc_offset=record.offset)
        return item


class SavePage:
    """Stores the page of an article."""

    def __init__(self, crawler: Crawler) -> None:
        self._ledger: Ledger = crawler.settings["ERRAND"].ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SavePage":
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        if item.draft is None or item.error is not None:
            return item
        try:
            item.saved = self._ledger.add(item.draft)
        except Exception as error:
            item.error = error
        return item
