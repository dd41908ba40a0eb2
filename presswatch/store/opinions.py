"""The second reader's opinions: one an article, for as long as the article has the text that was read."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, select

from presswatch.models import Article, Opinion
from presswatch.store import rows, tables
from presswatch.store.database import Database


class Opinions:
    """Queries about opinions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, article: Article, opinion: Opinion, *, now: datetime) -> bool:
        """Keep what is said of an article, instead of what was said before; no digest hears of it.

        False where the store knows no such article, or knows it with another text by now.
        """
        a = tables.articles.c
        with self._database.write(hold="articles") as connection:
            here = a.url == rows.resolve_url(connection, article.url)
            query = select(a.id).where(here, a.title == article.title, a.text == article.text)
            article_id = connection.scalar(query)
            if article_id is None:
                return False
            values = asdict(opinion) | {"level": opinion.level.value, "summary": list(opinion.summary)}
            self._database.upsert(connection, tables.opinions, {"article": article_id, "at": now, **values})
            return True

    def get(self, url: str) -> Opinion | None:
        """What is said of the article at a canonical address, or at the one it moved to."""
        a, opinions = tables.articles.c, tables.opinions
        with self._database.read() as connection:
            here = a.url == rows.resolve_url(connection, url)
            query = select(opinions).join(tables.articles, a.id == opinions.c.article).where(here)
            row = connection.execute(query).one_or_none()
        return None if row is None else rows.opinion(row)


def forget(connection: Connection, article_id: int) -> None:
    """The article has another text, so nothing is known to be said of it."""
    connection.execute(delete(tables.opinions).where(tables.opinions.c.article == article_id))
