"""Between rows and records, and the small steps that several queries share."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, DateTime, Text, select, type_coerce, update

from presswatch.models import (
    Article,
    Change,
    ChangeKind,
    Fact,
    Fingerprint,
    Known,
    Level,
    Opinion,
    Outcome,
    Reason,
    Tag,
    TagKind,
    Verdict,
    Version,
)
from presswatch.store import tables
from presswatch.store.tables import AnyRow

_Item = TypeVar("_Item")
_RELEVANT = {level.value: level.relevant for level in Level}
_BATCH = 300  # older SQLites take 999 values in one statement, which may name each three times


def batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """`items` in portions that one statement can name."""
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def resolve_url(connection: Connection, url: str) -> str:
    """The address that an article goes by now; `url` itself unless it moved."""
    moves = tables.moves
    return connection.scalar(select(moves.c.new_url).where(moves.c.old_url == url)) or url


def resolve_story(connection: Connection, story: str) -> str:
    """The story that `story` was joined to, or `story` itself."""
    stories = tables.stories
    return connection.scalar(select(stories.c.merged_into).where(stories.c.id == story)) or story


def touch_story(connection: Connection, story: str, now: datetime) -> None:
    """Remember that something changed in a story that digests should look at again."""
    stories = tables.stories
    connection.execute(update(stories).where(stories.c.id == story).values(changed_at=now))


def row_of_change(article_id: int, change: Change) -> dict[str, Any]:
    return {"article": article_id, **asdict(change)}


def row_of_article(outcome: Outcome) -> dict[str, Any]:
    """The columns of an article that an Outcome fills; the story and the row's own history are not among them."""
    article, verdict, fingerprint = outcome.article, outcome.verdict, outcome.fingerprint
    date = article.published_at
    return {
        "source": article.source,
        "language": article.language,
        "title": article.title,
        "text": article.text,
        "author": article.author,
        "published_at": date,
        "published_from": article.published_from,
        "modified_at": article.modified_at,
        "dated_at": min(date, article.first_seen_at) if date else article.first_seen_at,
        "via": article.via,
        "note": article.note,
        "alternates": list(article.alternates),
        "page": outcome.page_id,
        "watch": verdict.watch,
        "level": verdict.level.value,
        "score": verdict.score,
        "reasons": [asdict(reason) for reason in verdict.reasons],
        "passages": [list(passage) for passage in verdict.passages],
        "summary": list(outcome.summary),
        "simhash": fingerprint.simhash,
        "slug": fingerprint.slug,
        "traits": list(fingerprint.keys),
    }


def versions(connection: Connection, rows: Iterable[AnyRow]) -> Iterator[Version]:
    """The versions of some rows of `articles`, in the rows' order, with what lies in other tables."""
    for batch in batches(list(rows)):
        ids = [row.id for row in batch]
        tags, facts, changes = (_by_article(connection, table, ids) for table in ("tags", "facts", "changes"))
        opinions = _opinions(connection, ids)
        for row in batch:
            yield Version(
                article=_article(row),
                verdict=_verdict(row),
                tags=tuple(Tag(**{**tag, "kind": TagKind(tag["kind"])}) for tag in tags[row.id]),
                facts=tuple(Fact(**fact) for fact in facts[row.id]),
                summary=tuple(row.summary),
                changes=tuple(Change(**{**change, "kind": ChangeKind(change["kind"])}) for change in changes[row.id]),
                removed_at=row.removed_at,
                story=row.story,
                revisions=row.revisions,
                opinion=opinions.get(row.id),
            )


# What grouping needs of an article, as the engines keep it: thousands are read at once, and each column that is
# turned into a record's by a function of its own makes all of them take a tenth longer.
_a = tables.articles.c
KNOWN = (
    _a.url,
    _a.language,
    type_coerce(_a.published_at, DateTime()),
    type_coerce(_a.first_seen_at, DateTime()),
    _a.story,
    _a.level,
    type_coerce(_a.simhash, BigInteger()),
    _a.slug,
    type_coerce(_a.traits, Text()),
    type_coerce(_a.alternates, Text()),
)


def known(row: AnyRow) -> Known:
    """The record of a row of the columns `KNOWN`."""
    url, language, published_at, first_seen_at, story, level, simhash, slug, traits, alternates = row
    return Known(
        url,
        language,
        published_at and tables.in_utc(published_at),
        tables.in_utc(first_seen_at),
        story,
        _RELEVANT[level],
        Fingerprint(tables.unsigned(simhash), slug, _listed(traits)),
        _listed(alternates),
    )


def _listed(kept: str) -> tuple[str, ...]:
    return () if kept == "[]" else tuple(json.loads(kept))  # most are empty


def opinion(row: AnyRow) -> Opinion:
    """The record of a row of `opinions`."""
    return Opinion(
        level=Level(row.level), why=row.why, summary=tuple(row.summary), language=row.language, model=row.model
    )


def _opinions(connection: Connection, ids: Sequence[int]) -> Mapping[int, Opinion]:
    """What the second reader says of these articles, as far as it says something."""
    table = tables.opinions
    return {row.article: opinion(row) for row in connection.execute(select(table).where(table.c.article.in_(ids)))}


def _article(row: AnyRow) -> Article:
    return Article(
        url=row.url,
        source=row.source,
        language=row.language,
        title=row.title,
        text=row.text,
        author=row.author,
        published_at=row.published_at,
        published_from=row.published_from,
        modified_at=row.modified_at,
        first_seen_at=row.first_seen_at,
        via=row.via,
        note=row.note,
        alternates=tuple(row.alternates),
    )


def _verdict(row: AnyRow) -> Verdict:
    return Verdict(
        watch=row.watch,
        level=Level(row.level),
        score=row.score,
        reasons=tuple(Reason(**reason) for reason in row.reasons),
        passages=tuple((start, end) for start, end in row.passages),
    )


def _by_article(connection: Connection, name: str, ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The rows of a table that belong to these articles, without the columns that only tie them."""
    table = tables.metadata.tables[name]
    order = table.c.id if name == "changes" else table.c.position
    result: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.article.in_(ids)).order_by(table.c.article, order)):
        values = dict(row._mapping)
        result[values.pop("article")].append(values)
        for tie in ("id", "position"):
            values.pop(tie, None)
    return result
