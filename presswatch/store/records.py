"""What goes into the store and comes out of it, beside the records of `presswatch.models`.

Frozen, slotted, keyword-only dataclasses; standard library only. Does no input or output.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from presswatch.models import Candidate, Delivery, Level, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What a way in answered last; the validators go back verbatim, as the bytes that came."""

    url: str
    source: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    content_hash: str = ""
    checked_at: datetime
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit to a source and what came of it."""

    source: str
    at: datetime
    ok: bool
    state: str  # as `SourceHealth.state`
    message: str
    found: int  # candidates seen
    new: int  # of them, not known before
    way: str  # "feed", "rest", "sitemap", "listing", or several joined with "+"
    next_due_at: datetime
    late: int = 0  # articles that only the weekly look through everything found


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a source did at its last visits; one that was never visited has none."""

    last_success_at: datetime | None = None
    failures: int = 0  # in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A service that works on this store, among others."""

    name: str
    role: str
    at: datetime  # its last sign of life
    told: Mapping[str, Any]  # as in `presswatch.monitoring.status`


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What saving one article did to the stories."""

    id: int
    url: str
    story: str
    merges: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The last comparison of everything that a source lists with what is stored."""

    source: str
    done_at: datetime | None  # when it was last complete
    next_at: datetime
    compared: int  # addresses, the last time
    late: int  # articles that were found by it, in all
    message: str = ""  # why the last one was not complete


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArticles:
    """What a source's articles tell of it: how many it has, when it published, whether they can be read."""

    articles: int = 0
    published: tuple[datetime, ...] = ()  # the last time of each day with an article, of the year before the newest
    published_articles: int = 0  # how many articles these days brought
    failures: tuple[str | None, ...] = ()  # of its newest pages: why each gave no article; None where it did


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHistory:
    """What the store remembers of one source, for the rules that say how it does."""

    source: str
    state: str  # of its last visit, in the crawl's words; "new" before the first
    message: str = ""
    failures: int = 0  # in a row
    first_visit_at: datetime | None = None
    last_visit_at: datetime | None = None
    last_success_at: datetime | None = None
    failing_since: datetime | None = None  # the first of the failures in a row
    next_due_at: datetime | None = None
    articles: int = 0
    published: tuple[datetime, ...] = ()  # these two as in `SourceArticles`
    published_articles: int = 0
    feeds: Mapping[str, datetime] = field(default_factory=dict)  # when each of its feeds was last read to its end
    judged: int = 0  # of its newest pages: how many the steps have looked at
    unusable: int = 0  # and how many of these, from the newest on, gave no article
    reason: str = ""  # why the newest of those gave none


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Trouble that the operator was told of; open while `closed_at` is None."""

    subject: str
    state: str
    name: str  # what it is about, as people call it
    message: str
    began_at: datetime
    told_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """An answer for an article's address that is in the archive and not yet in the store."""

    url: str  # canonical
    source: str
    fetched_at: datetime
    status: int
    final_url: str
    content_type: str
    content_hash: str  # `content_hash(body)`, or of the candidate's text where `via` is feed or rest
    warc_file: str | None = None  # None where there is no page in the archive
    warc_offset: int | None = None
    via: str = "page"
    note: str | None = None
    candidate: Candidate | None = None
    source_language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A stored page without its body, which lies in the archive at `warc_file`, `warc_offset`."""

    id: int
    url: str
    source: str
    fetched_at: datetime
    status: int
    final_url: str
    content_type: str
    content_hash: str
    warc_file: str | None
    warc_offset: int | None
    via: str
    note: str | None
    candidate: Candidate | None
    source_language: str | None
    revision: int  # 1 for the first page of an address
    failure: str | None  # why the steps could not use it

    def page(self, body: bytes) -> Page:
        """The unit of work of the steps, once its body is read back (empty where nothing is in the archive)."""
        return Page(
            id=self.id,
            url=self.url,
            source=self.source,
            fetched_at=self.fetched_at,
            status=self.status,
            final_url=self.final_url,
            content_type=self.content_type,
            body=body,
            via=self.via,
            note=self.note,
            candidate=self.candidate,
            source_language=self.source_language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What is known of an article before its page is judged again; no more than its address where there is none."""

    url: str  # that it goes by now
    first_seen_at: datetime | None
    level: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An article whose page could not be had so far; asked for again from `retry_at` on."""

    url: str
    source: str
    status: int  # 0 where there was no answer
    message: str
    attempts: int
    first_at: datetime
    last_at: datetime
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A young article whose page is to be asked for again, to see whether it was edited or removed."""

    url: str
    source: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Which articles or stories to list, newest first. An empty tuple takes all."""

    since: datetime | None = None  # by publication, or by first sight where no date is known
    until: datetime | None = None  # excluded
    topics: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    limit: int = 100
    after: str | None = None  # the last one of the page before: an article's address, or a story's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One wording of an article, as its site showed it from `at` on."""

    number: int  # from 1
    at: datetime
    title: str
    text: str
    page_id: int


Pair = tuple[str, str]  # the addresses of two articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What an operator said of two articles at a time: that they tell one story, or two."""

    together: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found, with the place in its text that shows why."""

    url: str
    source: str
    language: str
    title: str
    level: Level
    story: str
    published_at: datetime | None
    first_seen_at: datetime
    excerpt: str
    marks: tuple[tuple[int, int], ...]  # spans of `excerpt` to show as found


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When a digest last told a story, and in which state the story was then."""

    story: str
    edition: str
    state: str  # as `DigestDraft.states` gave it


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDraft:
    """One edition as built, before it is stored. Without stories it records that there was nothing to tell."""

    name: str
    title: str
    edition: str  # due time in UTC, "2025-09-22T07:00Z"; unique with the name
    since: datetime
    until: datetime
    subject: str
    html: str
    text: str
    stories: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)  # story → a hash of what was told of it
    event: str = ""  # the same for programs, JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEntry:
    """A delivery with the edition it belongs to, for lists that people read."""

    delivery: Delivery
    name: str
    edition: str
    subject: str
    receipt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """An edition for lists: without its text, with what became of its deliveries."""

    id: int
    name: str
    edition: str
    subject: str
    built_at: datetime
    silent: bool  # nothing was to be told, so nothing was sent
    sent: int = 0
    due: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfVisits:
    """A source's visits of one day."""

    day: date
    visits: int
    failed: int
    new: int  # articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much of everything the store holds."""

    engine: str
    schema: str
    size: int  # bytes
    pages: int
    pages_waiting: int  # for the steps
    pages_unusable: int
    refusals: int  # articles whose pages could not be had yet
    stories: int
    articles: Mapping[str, int]  # by level
    deliveries: Mapping[str, int]  # by state


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What retention took away: the recorded answers of old pages (their addresses stay known), and old visits."""

    pages: int
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody's sign-in to the pages."""

    key: str  # a hash of what the browser holds
    password: str  # a fingerprint of the hash of the password that it was begun with
    began_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A key to the API, without the key itself."""

    id: int = 0
    name: str
    scope: str  # "read" or "admin"
    key: str  # a hash of the token
    made_at: datetime
    revoked_at: datetime | None = None


def content_hash(content: bytes | str) -> str:
    """What tells whether an answer is the same as the one before."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()
