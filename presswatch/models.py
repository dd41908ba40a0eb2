"""The records that travel through presswatch, from a source to a delivery.

Frozen, slotted, keyword-only dataclasses, and named tuples where thousands are
made at once, which takes them a third of the time; standard library only. Times are
aware and in UTC. Positions in a text (`start`, `end`) are character offsets
into `Article.document`: the headline, a line break, then the text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How much an article is about the watch's subject; `focus` and `part` are told."""

    FOCUS = "focus"  # the news itself
    PART = "part"  # an announcement of its own inside wider news
    MENTION = "mention"  # named only in passing
    NONE = "none"

    @property
    def relevant(self) -> bool:
        return self in (Level.FOCUS, Level.PART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page that lists articles: CSS selectors for their links and the next page, or a spider that reads it."""

    url: str
    links: str = ""
    next: str | None = None
    spider: str | None = None  # "module:Class", of the operator's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One site to watch, as `config/sources.yaml` declares it."""

    id: str
    name: str
    language: str | None = None  # ISO 639-1; a hint, the text decides
    homepage: str | None = None
    every: timedelta = timedelta(minutes=15)
    delay: timedelta = timedelta(seconds=2)  # between two requests to one host
    feeds: tuple[str, ...] = ()
    wordpress: str | None = None
    sitemaps: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    articles: str | None = None  # regular expression, searched in the address's path
    enabled: bool = True
    allow_private: bool = False

    @property
    def has_feeds_alone(self) -> bool:
        """Whether nothing lists what its feeds leave out, so that the weekly look has nothing to compare with."""
        return not (self.wordpress or self.sitemaps or self.listings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article's address as a feed, REST answer, sitemap or listing names it, with what it says of it."""

    url: str  # absolute, as given; `urls.canonical` is its identity
    source: str
    via: str  # "feed", "rest", "sitemap", "listing"
    title: str | None = None
    author: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    categories: tuple[str, ...] = ()
    content_html: str | None = None  # the full text, where the way in carries it


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One stored answer for an article's address; the unit of work of the steps."""

    id: int
    url: str  # canonical
    source: str
    fetched_at: datetime
    status: int
    final_url: str  # after redirects
    content_type: str
    body: bytes  # decoded from transfer and content encoding; empty where `via` is feed or rest
    via: str = "page"  # "page", or "feed"/"rest" where the page itself could not be had
    note: str | None = None  # why it came by another way, in plain words
    candidate: Candidate | None = None
    source_language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, without its furniture.

    `text` has one block a line; "- " starts a list item, "## " a heading.
    """

    url: str  # canonical
    source: str
    language: str  # ISO 639-1, "und" where it cannot be told
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    published_from: str | None = None  # "feed", "rest", "sitemap", "json-ld", "meta", "page", "address"
    modified_at: datetime | None = None
    first_seen_at: datetime
    via: str = "page"
    note: str | None = None
    alternates: tuple[str, ...] = ()  # hreflang addresses, canonical

    @property
    def document(self) -> str:
        """The text that every offset counts in."""
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence for or against, as a person would argue it."""

    kind: str  # "place", "organisation", "official", "programme", "demonym", "currency", "subject", "announcement",
    # "against"
    weight: float
    quote: str  # the words as they stand in the document
    start: int
    end: int
    text: str  # a plain sentence in English


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a watch says of an article. `passages` are the spans of the document that hold the news."""

    watch: str
    level: Level
    score: float  # 0 to 1
    reasons: tuple[Reason, ...] = ()
    passages: tuple[tuple[int, int], ...] = ()

    @property
    def relevant(self) -> bool:
        return self.level.relevant


class TagKind(StrEnum):
    TOPIC = "topic"
    ORGANISATION = "organisation"
    PERSON = "person"
    PLACE = "place"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A topic or a name that the news carries, with the words that earned it."""

    kind: TagKind
    name: str  # a topic's id, or a name's usual English form
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that the news commits to. Units: ISO 4217 code, gpu, job, person, company, MW, exaflops."""

    kind: str  # "money", "gpus", "jobs", "people", "companies", "power", "compute"
    value: float
    unit: str
    quote: str
    start: int
    end: int
    qualifier: str = ""  # "up to", "more than", "about", "" as the text qualifies it


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the second reader, a language model, says of an article; it stands beside the verdict and changes nothing.

    Every word of it was held against the article.
    """

    level: Level
    why: str  # the article's own words that decided it; empty where it quoted none that stand there
    summary: tuple[str, ...]  # none to three sentences in `language`
    language: str
    model: str  # as it is configured


class Fingerprint(NamedTuple):
    """What recognises an article's news again: near-identical text within a language, rare names and figures across."""

    simhash: int  # 64 bits, unsigned, of the text's word shingles without boilerplate
    slug: str
    keys: tuple[str, ...]  # sorted: "org:Nscale", "place:Loughton", "money:2000000000:GBP", …


class Known(NamedTuple):
    """What the store remembers of an earlier article, for grouping."""

    url: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    story: str
    relevant: bool
    fingerprint: Fingerprint
    alternates: tuple[str, ...] = ()


class ChangeKind(StrEnum):
    EDITED = "edited"
    RETITLED = "retitled"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of an article after it was first stored."""

    url: str
    kind: ChangeKind
    at: datetime
    before: str  # the old title, address, or the paragraphs that went
    after: str  # the new one, or the paragraphs that came


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything the steps found out about one page; saved in one transaction."""

    page_id: int
    article: Article
    verdict: Verdict
    tags: tuple[Tag, ...]
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]  # one to three sentences of the source's own; empty where not relevant
    fingerprint: Fingerprint
    story: str  # the story's id
    changes: tuple[Change, ...] = ()
    merges: tuple[str, ...] = ()  # other stories that this article shows to be the same news; the store joins them
    moves: tuple[tuple[str, str], ...] = ()  # other articles (address, story) that it shows to belong elsewhere

    def known(self) -> Known:
        """What grouping needs of it from now on."""
        article = self.article
        return Known(
            url=article.url,
            language=article.language,
            published_at=article.published_at,
            first_seen_at=article.first_seen_at,
            story=self.story,
            relevant=self.verdict.relevant,
            fingerprint=self.fingerprint,
            alternates=article.alternates,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One article within a story, with all that was found in it, as digests and pages read it."""

    article: Article
    verdict: Verdict
    tags: tuple[Tag, ...]
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    removed_at: datetime | None = None
    story: str = ""  # the story's id
    revisions: int = 1  # how many wordings of it were seen
    opinion: Opinion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One piece of news and its versions, oldest first."""

    id: str
    versions: tuple[Version, ...]
    first_seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source does, in the words that footers and pages show."""

    source: str
    state: str  # "ok", "new", "failing", "blocked", "down", "changed", "quiet", "disabled"
    message: str  # a plain sentence; empty where all is well
    advice: str = ""  # what the operator may do about it
    last_success_at: datetime | None = None
    failures: int = 0
    next_due_at: datetime | None = None
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """One digest of `config/digests.yaml`: who gets what, when, by which channel."""

    name: str
    title: str
    cron: tuple[str, ...]
    prompt: bool = False  # an edition whenever there is something to tell, instead of by `cron`
    timezone: str = "UTC"
    language: str = "en"
    levels: tuple[Level, ...] = (Level.FOCUS, Level.PART)
    topics: tuple[str, ...] = ()  # empty: all
    languages: tuple[str, ...] = ()  # empty: all
    look_back: timedelta = timedelta(days=7)
    when_empty: str = "skip"  # or "say so"
    recipients: tuple[str, ...] = ()  # addresses as they are written; ${NAME} is filled in when one is sent to


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One edition as it was built and is sent, whatever happens to its stories later."""

    id: int
    name: str
    title: str
    edition: str  # due time in UTC, "2025-09-22T07:00Z"; unique with the name
    built_at: datetime
    since: datetime
    until: datetime
    subject: str
    html: str
    text: str
    stories: tuple[str, ...]
    updated: tuple[str, ...]
    event: str = ""  # the same for programs, JSON, as webhooks send it; empty in what is no digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition for one recipient: a row of the outbox."""

    id: int
    digest_id: int
    recipient: str
    state: str  # "due", "sent", "given up"
    attempts: int = 0
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    message_id: str = ""
