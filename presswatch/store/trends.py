"""How things go over time: stories a month, how long news takes to be found. Read whole, so not for every request."""

from datetime import datetime

from sqlalchemy import func, select

from presswatch.models import Level
from presswatch.store import tables
from presswatch.store.database import Database


class Trends:
    """Queries for charts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def months(self, *, since: datetime) -> dict[str, dict[str, int]]:
        """How many told stories each month ("2026-01") has, by topic; under "" those of all topics."""
        tags, briefs = tables.story_tags.c, tables.briefs.c
        of_topic = self._database.month(tags.date)
        by_topic = select(tags.name, of_topic, func.count())
        by_topic = by_topic.where(tags.kind == "topic", tags.told.is_(True), tags.date >= since)
        of_all = self._database.month(briefs.date)
        every = select(of_all, func.count()).where(briefs.told.is_(True), briefs.date >= since).group_by(of_all)
        found: dict[str, dict[str, int]] = {"": {}}
        with self._database.read() as connection:
            for topic, month, stories in connection.execute(by_topic.group_by(tags.name, of_topic)):
                found.setdefault(topic, {})[month] = stories
            found[""] = {row[0]: row[1] for row in connection.execute(every)}
        return found

    def lags(self, *, since: datetime) -> tuple[float, ...]:
        """Hours from publication to detection of the told articles dated from `since` on.

        Articles from before their source was first visited are left out: nobody could have found them in time.
        Neither are those counted that came without a time, or from a feed that gives the day alone.
        """
        articles, sources = tables.articles.c, tables.sources.c
        query = (
            select(articles.published_at, articles.first_seen_at)
            .join(tables.sources, sources.id == articles.source)
            .where(articles.level.in_((Level.FOCUS.value, Level.PART.value)), articles.dated_at >= since)
            .where(articles.published_at > sources.first_visit_at)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            max(0.0, (seen - published).total_seconds() / 3600)
            for published, seen in rows
            if published.hour or published.minute or published.second
        )
