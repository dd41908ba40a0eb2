"""What `presswatch.monitoring.health` reads of the sources: their visits, their articles' dates, their pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from presswatch.models import Source
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import SourceHistory

_RHYTHM = timedelta(days=400)  # a year and the holidays at its end, so that last year's pause excuses this one
_PAGES = 5  # the newest ones of a source; more would hide for weeks that it has changed
_PAGES_WITHIN = timedelta(days=30)


def histories(database: Database, sources: Sequence[Source], *, now: datetime) -> tuple[SourceHistory, ...]:
    """What is remembered of each of `sources`, in their order."""
    with database.read() as connection:
        rows = {row.id: row for row in connection.execute(select(tables.sources))}
        since, counts = _failing_since(connection), _counts(connection)
        published, pages, feeds = _published(connection), _pages(connection, now), _feeds(connection)
    result = []
    for source in sources:
        row, newest = rows.get(source.id), pages.get(source.id, [])
        unusable = list(takewhile(bool, newest))
        result.append(
            SourceHistory(
                source=source.id,
                state=row.state if row else "new",
                message=row.message if row else "",
                failures=row.failures if row else 0,
                first_visit_at=row.first_visit_at if row else None,
                last_visit_at=row.last_visit_at if row else None,
                last_success_at=row.last_success_at if row else None,
                failing_since=since.get(source.id) if row and row.failures else None,
                next_due_at=row.next_due_at if row else now,
                articles=counts.get(source.id, 0),
                published=tuple(published.get(source.id, ())),
                feeds={url: at for url, at in feeds.items() if url in source.feeds},
                judged=len(newest),
                unusable=len(unusable),
                reason=unusable[0] if unusable else "",
            )
        )
    return tuple(result)


def _failing_since(connection: Connection) -> dict[str, datetime]:
    """The first of the failures since the last success, of each source that has some."""
    visits, known = tables.visits.c, tables.sources.c
    query = (
        select(visits.source, func.min(visits.at).label("at"))
        .join(tables.sources, known.id == visits.source)
        .where(known.failures > 0, visits.ok.is_(False))
        .where(or_(known.last_success_at.is_(None), visits.at > known.last_success_at))
        .group_by(visits.source)
    )
    return {row.source: row.at for row in connection.execute(query)}


def _counts(connection: Connection) -> dict[str, int]:
    articles = tables.articles.c
    query = select(articles.source, func.count().label("articles")).group_by(articles.source)
    return {row.source: row.articles for row in connection.execute(query)}


def _published(connection: Connection) -> dict[str, list[datetime]]:
    """The dates of each source's articles of the year before its newest: one that fell silent keeps its rhythm."""
    articles = tables.articles.c
    newest = select(articles.source, func.max(articles.dated_at).label("at")).group_by(articles.source)
    recent = [
        and_(articles.source == row.source, articles.dated_at > row.at - _RHYTHM) for row in connection.execute(newest)
    ]
    found: dict[str, list[datetime]] = {}
    if not recent:
        return found
    query = select(articles.source, articles.dated_at).where(or_(*recent))
    for source, dated_at in connection.execute(query.order_by(articles.dated_at)):
        found.setdefault(source, []).append(dated_at)
    return found


def _feeds(connection: Connection) -> dict[str, datetime]:
    feeds = tables.feeds.c
    return {row.url: row.checked_at for row in connection.execute(select(feeds.url, feeds.checked_at))}


def _pages(connection: Connection, now: datetime) -> dict[str, list[Any]]:
    """Of the newest judged pages of each source, the newest first: why they gave no article, or None where they did."""
    pages = tables.pages.c
    rank = func.row_number().over(partition_by=pages.source, order_by=pages.id.desc()).label("rank")
    judged = or_(pages.processed_at.is_not(None), pages.failed_at.is_not(None))
    newest = select(pages.id, pages.source, pages.failed_at, pages.failure, rank)
    recent = newest.where(pages.fetched_at > now - _PAGES_WITHIN, judged).subquery()
    query = select(recent).where(recent.c.rank <= _PAGES).order_by(recent.c.id.desc())
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.source, []).append((row.failure or "no reason was recorded") if row.failed_at else None)
    return found
