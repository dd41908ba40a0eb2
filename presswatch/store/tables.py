"""The tables of the store, for SQLite and PostgreSQL alike. Does no input or output.

The migrations make them; a test compares the two. Search has an index of its
own kind in each engine (`search.py`), so it is not among these.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.types import TypeDecorator

AnyRow = Any  # a row as the database library gives it; it never leaves the package
REVISION = "0012"  # the newest migration in migrations/versions

# PostgreSQL stores no NUL, and neither engine half a surrogate pair. One character stands in for one, so that
# offsets into the text still hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def in_utc(value: datetime) -> datetime:
    """A time as an engine gives it, aware; one without a zone is SQLite's, and in UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def unsigned(value: int) -> int:
    """The 64 bits of a signed integer without a sign."""
    return value + (1 << 64) if value < 0 else value


class UtcTime(TypeDecorator[datetime]):
    """An aware time, in UTC when it comes back; refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the store takes aware times only")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else in_utc(value)


class Words(TypeDecorator[str]):
    """Text that somebody else wrote: characters that no engine takes become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else _UNSTORABLE.sub("\ufffd", value)


class Json(TypeDecorator[Any]):
    """A value that is only ever read and written whole."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return _UNSTORABLE.sub("\ufffd", json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Unsigned64(TypeDecorator[int]):
    """64 bits without a sign, in the signed integer that both engines have."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return value - (1 << 64) if value is not None and value >= 1 << 63 else value

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else unsigned(value)


_ID = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself for INTEGER only

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("message", Words, nullable=False),
    Column("first_visit_at", UtcTime, nullable=False),
    Column("last_visit_at", UtcTime, nullable=False),
    Column("last_success_at", UtcTime),
    Column("failures", Integer, nullable=False),  # in a row
    Column("next_due_at", UtcTime, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("etag", LargeBinary),
    Column("last_modified", LargeBinary),
    Column("content_hash", Text, nullable=False),
    Column("checked_at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("source", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("message", Words, nullable=False),
    Column("found", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("way", Text, nullable=False),
    Column("late", Integer, nullable=False, server_default="0"),  # articles that only the weekly look found
    Column("next_due_at", UtcTime, nullable=False),
    Index("visits_of_source", "source", "at"),
    Index("visits_by_time", "at"),
)

reconciliations = Table(
    "reconciliations",
    metadata,
    Column("source", Text, primary_key=True),
    Column("done_at", UtcTime),  # when everything that the site lists was last compared with the store
    Column("next_at", UtcTime, nullable=False),
    Column("compared", Integer, nullable=False),  # addresses, at the last one
    Column("late", Integer, nullable=False),  # articles that were found by it, in all
    Column("message", Words, nullable=False),  # why the last one was not complete
)

passed_over = Table(
    "passed_over",
    metadata,
    # What a sitemap named before the watch began (a backfill takes it), and the sitemap itself once that is noted.
    Column("url", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("url", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # counts the pages of one address
    Column("source", Text, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("final_url", Words, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("warc_file", Text),
    Column("warc_offset", BigInteger),
    Column("via", Text, nullable=False),
    Column("note", Words),
    Column("candidate", Json),
    Column("source_language", Text),
    Column("processed_at", UtcTime),
    Column("failed_at", UtcTime),
    Column("failure", Words),
    # An edit that is taken back is a third page with the first one's content: the number is unique, not the hash.
    UniqueConstraint("url", "revision", name="pages_url_revision"),
    Index("pages_by_time", "fetched_at"),
    sqlite_autoincrement=True,  # a number is never used again: "newer" is "higher"
)
Index(
    "pages_waiting",
    pages.c.id,
    sqlite_where=and_(pages.c.processed_at.is_(None), pages.c.failed_at.is_(None)),
    postgresql_where=and_(pages.c.processed_at.is_(None), pages.c.failed_at.is_(None)),
)

refusals = Table(
    "refusals",
    metadata,
    Column("url", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("message", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("retry_at", UtcTime, nullable=False),
    Index("refusals_by_retry", "retry_at"),
)

moves = Table(
    "moves",
    metadata,
    Column("old_url", Text, primary_key=True),
    Column("new_url", Text, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("first_seen_at", UtcTime, nullable=False),  # when it was stored, not when it was published
    Column("changed_at", UtcTime, nullable=False),
    Column("merged_into", Text, ForeignKey("stories.id")),  # a tombstone; always points at a living story
    Index("stories_by_change", "changed_at"),
    Index("stories_merged", "merged_into"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("author", Words),
    Column("published_at", UtcTime),
    Column("published_from", Text),
    Column("modified_at", UtcTime),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("dated_at", UtcTime, nullable=False),  # what lists sort by: published, or first seen; never in the future
    Column("via", Text, nullable=False),
    Column("note", Words),
    Column("alternates", Json, nullable=False),
    Column("page", _ID, ForeignKey("pages.id"), nullable=False, index=True),  # the newest page that it was read from
    Column("revisions", Integer, nullable=False),
    Column("story", Text, ForeignKey("stories.id"), nullable=False, index=True),
    Column("watch", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("passages", Json, nullable=False),
    Column("summary", Json, nullable=False),
    Column("simhash", Unsigned64, nullable=False),
    Column("slug", Words, nullable=False),
    Column("traits", Json, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("checked_at", UtcTime, nullable=False),
    Column("check_status", Integer, nullable=False),
    Column("removed_at", UtcTime),
    Index("articles_by_date", "dated_at", "id"),
    Index("articles_by_level", "level", "dated_at"),
    Index("articles_of_source", "source", "dated_at"),
    # What a filter asks of what a search found, without reading the texts beside it.
    Index("articles_in_short", "id", "level", "language", "source", "dated_at"),
)
# What grouping asks, likewise. SQLite walks through a row's text to what stands behind it; PostgreSQL keeps long texts
# elsewhere, and takes no entry as long as these can be.
Index(
    "articles_to_group", *(articles.c[name] for name in (
        "dated_at", "id", "url", "language", "published_at", "first_seen_at", "story", "level", "simhash", "slug",
        "traits", "alternates",
    )),
).ddl_if(dialect="sqlite")  # fmt: skip

pairs = Table(
    "pairs",
    metadata,
    # Two addresses, the smaller first, as they were when it was said; `moves` tells what became of them.
    Column("one", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Column("together", Boolean, nullable=False),  # or apart
    Column("at", UtcTime, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article", _ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("page", _ID, ForeignKey("pages.id"), nullable=False, index=True),
)

tags = Table(
    "tags",
    metadata,
    Column("article", _ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # the order in which the steps gave them
    Column("kind", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("quote", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("tags_by_name", "kind", "name"),
)

facts = Table(
    "facts",
    metadata,
    Column("article", _ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("unit", Text, nullable=False),
    Column("quote", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("qualifier", Words, nullable=False),
    Index("facts_by_kind", "kind", "unit"),
)

# What follows is made of the tables above, in the transaction that changes them (`outline.py`), so that every list
# is a walk along an index.
briefs = Table(
    "briefs",
    metadata,
    Column("story", Text, ForeignKey("stories.id"), primary_key=True),
    Column("told", Boolean, nullable=False),  # news of the watch; false for what only mentions it
    Column("level", Text, nullable=False),
    Column("date", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("brief", Json, nullable=False),
    Index("briefs_by_date", "told", "date", "story"),
    Index("briefs_by_change", "told", "changed_at", "story"),
)

story_tags = Table(
    "story_tags",
    metadata,
    Column("story", Text, ForeignKey("stories.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # as `Tag.kind`, and "language", "source", "level"
    Column("name", Words, primary_key=True),
    Column("told", Boolean, nullable=False),  # these three as in `briefs`
    Column("date", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("story_tags_by_date", "kind", "name", "told", "date", "story"),
    Index("story_tags_by_change", "kind", "name", "told", "changed_at", "story"),
)

story_names = Table(
    "story_names",
    metadata,
    # One row a tag that any told story has: how many, since when.
    Column("kind", Text, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("stories", Integer, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Index("story_names_by_count", "kind", "stories", "name"),
)

commitments = Table(
    "commitments",
    metadata,
    Column("story", Text, ForeignKey("stories.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("key", Text, nullable=False),  # the same for one figure, however it is rounded
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("qualifier", Words, nullable=False),
    Column("announced_at", UtcTime, nullable=False),
    Column("year", Integer, nullable=False),
    Column("due_on", Text),  # ISO 8601
    Column("due_words", Words, nullable=False),
    Column("who", Json, nullable=False),
    Column("where", Json, nullable=False),
    Column("url", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("quote", Words, nullable=False),
    Column("quote_en", Words, nullable=False),
    Column("part_of", Integer),  # the position of its whole
    Column("repeats", Text),  # the story that said it first
    Column("counted", Boolean, nullable=False),  # neither part nor repetition
    Index("commitments_by_key", "key"),
    Index("commitments_by_date", "announced_at", "story", "position"),
    Index("commitments_of_kind", "kind", "unit", "announced_at", "story", "position"),
    # Holds all that sums are made of, so that no row is read for them.
    Index("commitments_sums", "counted", "kind", "unit", "year", "value", "qualifier", "story", "announced_at"),
    Index("commitments_due", "due_on"),
)

made = Table(
    "made",
    metadata,
    Column("what", Text, primary_key=True),
    Column("version", Integer, nullable=False),  # of the rules that made it
)

opinions = Table(
    "opinions",
    metadata,
    # What the second reader said of the text that the article has now; gone as soon as it has another.
    Column("article", _ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("level", Text, nullable=False),
    Column("why", Words, nullable=False),
    Column("summary", Json, nullable=False),
    Column("language", Text, nullable=False),
    Column("model", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("article", _ID, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Index("changes_by_time", "at"),
)

digests = Table(
    "digests",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("built_at", UtcTime, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("subject", Words, nullable=False),
    Column("html", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("event", Words, nullable=False, server_default=""),  # what webhooks send; empty before schema 0009
    UniqueConstraint("name", "edition", name="digests_name_edition"),
)

told = Table(
    "told",
    metadata,
    Column("digest", _ID, ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True),
    Column("story", Text, ForeignKey("stories.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("again", Boolean, nullable=False),  # told before, and changed since
    Column("state", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("digest", _ID, ForeignKey("digests.id", ondelete="CASCADE"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcTime),
    Column("claimed_until", UtcTime),  # one process is sending it now
    Column("sent_at", UtcTime),
    Column("receipt", Words),
    Column("error", Words),
    Column("message_id", Text, nullable=False),
    UniqueConstraint("digest", "recipient", name="deliveries_digest_recipient"),
    Index(
        "deliveries_waiting", "recipient", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")
    ),
)

incidents = Table(
    "incidents",
    metadata,
    Column("subject", Text, primary_key=True),  # "source:nvidia-blog", "network", "job:process", …
    Column("state", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("message", Words, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("told_at", UtcTime, nullable=False),  # when the operator was last told of it
    Column("closed_at", UtcTime),  # null while it lasts
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Text, primary_key=True),  # a hash of what the browser holds
    Column("password", Text, nullable=False),  # a fingerprint of the password's hash: another password ends them all
    Column("began_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", Words, nullable=False),
    Column("scope", Text, nullable=False),  # "read" or "admin"
    Column("key", Text, nullable=False),  # a hash of the token
    Column("made_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    UniqueConstraint("key", name="tokens_key"),
)

# What follows is between the machines that share a store on PostgreSQL; on SQLite, with one machine, it stays empty.
turns = Table(
    "turns",
    metadata,
    Column("host", Text, primary_key=True),
    Column("holder", Text),  # who is asking it now; null where nobody is
    Column("until", UtcTime, nullable=False),  # the holder's request has certainly ended by then
    Column("free_at", UtcTime, nullable=False),  # it is not asked before
)

savings = Table(
    "savings",
    metadata,
    # What each saved article did to the stories, in the order of the transactions: for others who judge meanwhile.
    Column("id", _ID, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("url", Text, nullable=False),
    Column("story", Text, nullable=False),
    Column("merges", Json, nullable=False),
    Column("moves", Json, nullable=False),
    Index("savings_by_time", "at"),
)

machines = Table(
    "machines",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("at", UtcTime, nullable=False),  # its last sign of life, by the store's clock
    Column("told", Json, nullable=False),
)
