"""What `presswatch.monitoring.health` reads of the sources: their visits, their articles' dates, their pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, func, or_, select

from presswatch.models import Source
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import SourceArticles, SourceHistory

_RHYTHM = timedelta(days=400)  # a year and the holidays at its end, so that last year's pause excuses this one
_PAGES = 5  # the newest ones of a source; more would hide for weeks that it has changed
_PAGES_WITHIN = timedelta(days=30)


def histories(
    database: Database,
    sources: Sequence[Source],
    *,
    now: datetime,
    articles: Mapping[str, SourceArticles] | None = None,
) -> tuple[SourceHistory, ...]:
    """What is remembered of each of `sources`, in their order; without their `articles` these are looked at too."""
    with database.read() as connection:
        rows = {row.id: row for row in connection.execute(select(tables.sources))}
        known = _articles(connection, now) if articles is None else articles
        since, feeds = _failing_since(connection), _feeds(connection)
    result = []
    for source in sources:
        row, found = rows.get(source.id), known.get(source.id, SourceArticles())
        unusable = [why for why in takewhile(bool, found.failures) if why]
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
                articles=found.articles,
                published=found.published,
                published_articles=found.published_articles,
                feeds={url: at for url, at in feeds.items() if url in source.feeds},
                judged=len(found.failures),
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


def articles(database: Database, *, now: datetime) -> dict[str, SourceArticles]:
    """What each source's articles tell of it."""
    with database.read() as connection:
        return _articles(connection, now)


def _articles(connection: Connection, now: datetime) -> dict[str, SourceArticles]:
    table, pages = tables.articles.c, _pages(connection, now)
    newest = select(table.source, func.count().label("articles"), func.max(table.dated_at).label("at"))
    last = func.max(table.dated_at).label("last")
    is_sqlite = connection.dialect.name == "sqlite"
    day = func.date(table.dated_at) if is_sqlite else func.date_trunc("day", table.dated_at)
    found = {source: SourceArticles(failures=tuple(failures)) for source, failures in pages.items()}
    for row in connection.execute(newest.group_by(table.source)).all():
        # Of a year before its own newest: one that fell silent keeps its rhythm. Each is a stretch of the index.
        recent = (table.source == row.source, table.dated_at > row.at - _RHYTHM)
        query = select(last, func.count().label("articles")).where(*recent).group_by(day).order_by(last)
        days = connection.execute(query).all()
        found[row.source] = SourceArticles(
            articles=row.articles,
            published=tuple(one.last for one in days),
            published_articles=sum(one.articles for one in days),
            failures=tuple(pages.get(row.source, ())),
        )
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
