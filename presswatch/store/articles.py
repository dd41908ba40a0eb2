"""The articles: what the steps made of the pages."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from presswatch.models import Known, Level, Outcome, TagKind, Version
from presswatch.store import rows, tables
from presswatch.store.database import Database
from presswatch.store.records import ArticleFilter, Earlier, Revision, Saving
from presswatch.store.saving import holds, save
from presswatch.store.tables import AnyRow

_STREAM = 200  # articles held in memory at a time while exporting


class Articles:
    """Queries about articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, *outcomes: Outcome, now: datetime) -> None:
        """Store everything about these pages in one transaction, in this order, and mark them as processed.

        Saving the same outcome twice changes nothing the second time.
        """
        with self._database.write(hold="articles") as connection:
            self._save(connection, outcomes, now)

    def save_after(self, last: int, *outcomes: Outcome, now: datetime) -> tuple[int, tuple[Saving, ...]]:
        """`save`, unless others saved something since `last`, which these outcomes' stories do not know of.

        Returns the number of the last saving; or `last`, with what those others did, and nothing is stored.
        """
        table = tables.savings
        with self._database.write(hold="articles") as connection:
            missed = connection.execute(select(table).where(table.c.id > last).order_by(table.c.id)).all()
            if missed:
                return last, tuple(_saving(row) for row in missed)
            return self._save(connection, outcomes, now), ()

    def last_saving(self) -> int:
        """The number of the newest saving, to be asked before anything that is to be no older."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(tables.savings.c.id))) or 0

    def _save(self, connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> int:
        save(self._database, connection, outcomes, now)
        if self._database.is_sqlite:  # one process at a time judges there
            return 0
        number = 0
        for outcome in outcomes:
            values = {"at": now, "url": outcome.article.url, "story": outcome.story}
            values |= {"merges": list(outcome.merges), "moves": [list(move) for move in outcome.moves]}
            number = connection.scalar(tables.savings.insert().values(**values).returning(tables.savings.c.id)) or 0
        return number

    def earlier(self, url: str) -> Earlier:
        """What is known at a canonical address before its page is judged again."""
        a = tables.articles.c
        with self._database.read() as connection:
            url = rows.resolve_url(connection, url)
            row = connection.execute(select(a.first_seen_at, a.level).where(a.url == url)).one_or_none()
        return Earlier(url=url, first_seen_at=row and row.first_seen_at, level=row and Level(row.level))

    def holds(self, url: str, outcome: Outcome) -> bool:
        """Whether `save` would write what is there already, the story aside; `url` is where the article goes by."""
        with self._database.read() as connection:
            return holds(connection, url, outcome)

    def get(self, url: str) -> Version | None:
        """The article at a canonical address, or at the one it moved to."""
        articles = tables.articles
        with self._database.read() as connection:
            url = rows.resolve_url(connection, url)
            found = connection.execute(select(articles).where(articles.c.url == url)).all()
            return next(rows.versions(connection, found), None)

    def ending(self, text: str, *, limit: int = 10) -> tuple[str, ...]:
        """The addresses that end in `text`, newest first: for people who do not type whole addresses."""
        articles = tables.articles
        query = select(articles.c.url).where(articles.c.url.endswith(text, autoescape=True))
        with self._database.read() as connection:
            return tuple(connection.scalars(query.order_by(articles.c.dated_at.desc()).limit(limit)))

    def recent(self, since: datetime, *, until: datetime | None = None) -> tuple[Known, ...]:
        """What grouping needs of the articles dated from `since` on (and before `until`), oldest first."""
        a = tables.articles.c
        query = select(*rows.KNOWN).where(a.dated_at >= since)
        if until is not None:
            query = query.where(a.dated_at < until)
        with self._database.read() as connection:
            return tuple(map(rows.known, connection.execute(query.order_by(a.dated_at, a.id)).all()))

    def known(self, urls: Iterable[str]) -> tuple[Known, ...]:
        """What grouping needs of the articles at these addresses, as far as there are any."""
        articles = tables.articles
        with self._database.read() as connection:
            return tuple(
                rows.known(row)
                for batch in rows.batches(sorted(set(urls)))
                for row in connection.execute(select(*rows.KNOWN).where(articles.c.url.in_(batch)))
            )

    def list(self, wanted: ArticleFilter) -> tuple[Version, ...]:
        """The articles that pass the filter, newest first."""
        articles = tables.articles
        query = select(articles).where(*matching(wanted))
        with self._database.read() as connection:
            if wanted.after is not None:
                here = select(articles.c.dated_at, articles.c.id).where(articles.c.url == wanted.after)
                query = query.where(_after(connection.execute(here).one_or_none()))
            query = query.order_by(articles.c.dated_at.desc(), articles.c.id.desc()).limit(wanted.limit)
            return tuple(rows.versions(connection, connection.execute(query).all()))

    def export(self) -> Iterator[Version]:
        """Every article, in the order in which they were stored. Takes the same memory however many there are."""
        articles = tables.articles
        last = 0
        while True:
            # A transaction a portion: a reader that takes an hour would keep the write-ahead log growing.
            query: Select[Any] = select(articles).where(articles.c.id > last).order_by(articles.c.id).limit(_STREAM)
            with self._database.read() as connection:
                found = connection.execute(query).all()
                portion = tuple(rows.versions(connection, found))
            yield from portion
            if len(found) < _STREAM:
                return
            last = found[-1].id

    def revisions(self, url: str) -> tuple[Revision, ...]:
        """Every wording of an article that was seen, oldest first."""
        table, articles = tables.revisions, tables.articles
        with self._database.read() as connection:
            url = rows.resolve_url(connection, url)
            query = select(table).join(articles, articles.c.id == table.c.article).where(articles.c.url == url)
            return tuple(
                Revision(number=row.number, at=row.at, title=row.title, text=row.text, page_id=row.page)
                for row in connection.execute(query.order_by(table.c.number))
            )


def matching(wanted: ArticleFilter) -> list[ColumnElement[bool]]:
    """The conditions on `articles` that a filter sets, but for its place in the list."""
    a, tags = tables.articles.c, tables.tags
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(a.dated_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(a.dated_at < wanted.until)
    if wanted.levels:
        conditions.append(a.level.in_([level.value for level in wanted.levels]))
    if wanted.languages:
        conditions.append(a.language.in_(wanted.languages))
    if wanted.sources:
        conditions.append(a.source.in_(wanted.sources))
    if wanted.topics:
        tagged = select(tags.c.article).where(tags.c.article == a.id, tags.c.kind == TagKind.TOPIC.value)
        # EXISTS, not IN: a list of the newest few need not look at every tag.
        conditions.append(tagged.where(tags.c.name.in_(wanted.topics)).exists())
    return conditions


def _after(last: AnyRow | None) -> ColumnElement[bool]:
    """Further down the list than `last`; nothing where the list does not know it."""
    a = tables.articles.c
    if last is None:
        return a.id < 0
    return or_(a.dated_at < last.dated_at, and_(a.dated_at == last.dated_at, a.id < last.id))


def _saving(row: AnyRow) -> Saving:
    moves = tuple((url, story) for url, story in row.moves)
    return Saving(id=row.id, url=row.url, story=row.story, merges=tuple(row.merges), moves=moves)
