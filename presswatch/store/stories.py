"""The stories: pieces of news with all their versions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from presswatch.models import Level, Story, Version
from presswatch.store import rows, tables
from presswatch.store.articles import matching
from presswatch.store.database import Database
from presswatch.store.records import ArticleFilter

_TOLD = (Level.FOCUS, Level.PART)


class Stories:
    """Queries about stories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, story_id: str) -> Story | None:
        """One story with all its versions, or the story it was joined to."""
        with self._database.read() as connection:
            return next(iter(_stories(connection, [rows.resolve_story(connection, story_id)])), None)

    def of(self, url: str) -> Story | None:
        """The story that the article at a canonical address belongs to."""
        articles = tables.articles
        with self._database.read() as connection:
            here = articles.c.url == rows.resolve_url(connection, url)
            return next(
                iter(_stories(connection, connection.scalars(select(articles.c.story).where(here)).all())), None
            )

    def changed(self, since: datetime, until: datetime, *, levels: Sequence[Level] = _TOLD) -> tuple[Story, ...]:
        """Stories new or changed from `since` on and before `until`, by when the store learnt it, oldest change first.

        One article of the story at one of `levels` is enough. A transaction that
        began before `until` may end after this was asked: a caller that must miss nothing
        lets the windows overlap and drops what it has told (`Digests.told`).
        """
        stories, articles = tables.stories, tables.articles
        relevant = select(articles.c.story).where(articles.c.level.in_([level.value for level in levels]))
        query = (
            select(stories.c.id)
            .where(stories.c.changed_at >= since, stories.c.changed_at < until)
            .where(stories.c.merged_into.is_(None), stories.c.id.in_(relevant))
            .order_by(stories.c.changed_at, stories.c.id)
        )
        with self._database.read() as connection:
            return _stories(connection, connection.scalars(query).all())

    def any_changed(self, since: datetime) -> bool:
        """Whether any story is new or changed from `since` on."""
        stories = tables.stories
        with self._database.read() as connection:
            return connection.scalar(select(stories.c.id).where(stories.c.changed_at >= since).limit(1)) is not None

    def list(self, wanted: ArticleFilter) -> tuple[Story, ...]:
        """Stories with a version that passes the filter, the newest first; `after` is the last story's id."""
        articles = tables.articles
        newest, last_id = func.max(articles.c.dated_at), func.max(articles.c.id)
        query = select(articles.c.story).where(*matching(wanted)).group_by(articles.c.story)
        with self._database.read() as connection:
            if wanted.after is not None:
                here = (*matching(wanted), articles.c.story == wanted.after)
                last = connection.execute(select(newest.label("date"), last_id.label("id")).where(*here)).one()
                query = query.having(_after(newest, last_id, last.date, last.id))
            query = query.order_by(newest.desc(), last_id.desc()).limit(wanted.limit)
            return _stories(connection, connection.scalars(query).all())


def _after(
    newest: ColumnElement[datetime], last_id: ColumnElement[int], date: datetime | None, last_seen: int | None
) -> ColumnElement[bool]:
    if date is None or last_seen is None:
        return last_id < 0
    return or_(newest < date, and_(newest == date, last_id < last_seen))


def _stories(connection: Connection, ids: Sequence[str]) -> tuple[Story, ...]:
    """These stories, in this order; those without articles are left out."""
    articles, stories = tables.articles, tables.stories
    members: dict[str, list[Version]] = defaultdict(list)
    times: dict[str, tuple[datetime, datetime]] = {}
    for batch in rows.batches(ids):
        for row in connection.execute(select(stories).where(stories.c.id.in_(batch))):
            times[row.id] = (row.first_seen_at, row.changed_at)
        found = select(articles).where(articles.c.story.in_(batch)).order_by(articles.c.dated_at, articles.c.id)
        for version in rows.versions(connection, connection.execute(found).all()):
            members[version.story].append(version)
    return tuple(
        Story(id=story, versions=tuple(members[story]), first_seen_at=times[story][0], changed_at=times[story][1])
        for story in ids
        if members[story] and story in times
    )
