"""What an operator said of two articles: one story, or two. Later runs read it before they judge for themselves."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, select, update

from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.outline import refresh
from presswatch.store.records import Pair, Pairs
from presswatch.store.rows import resolve_url, touch_story
from presswatch.store.saving import bury_if_empty


class StoriesByHand:
    """Queries about what was joined and parted by hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pairs(self) -> Pairs:
        """Every pair, by the addresses that the articles go by now."""
        with self._database.read() as connection:
            found = _all(connection)
        return Pairs(
            together=tuple(sorted(pair for pair, together in found.items() if together)),
            apart=tuple(sorted(pair for pair, together in found.items() if not together)),
        )

    def decide(
        self,
        *,
        together: Collection[Pair] = (),
        apart: Collection[Pair] = (),
        forget: Collection[Pair] = (),
        stories: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Store pairs, forget others, and put each article (by address) into its story, all or nothing.

        A story's id that was joined to another one comes back to life with what was told of it,
        so that taking a join back tells nothing twice.
        """
        with self._database.write(hold="articles") as connection:
            said = {_ordered(pair): True for pair in together} | {_ordered(pair): False for pair in apart}
            _forget(connection, {*said, *map(_ordered, forget)})
            for (one, other), joined in said.items():
                row = {"one": one, "other": other, "together": joined, "at": now}
                connection.execute(tables.pairs.insert().values(**row))
            left: dict[str, str] = {}  # a story that lost an article → where that went
            for url, story in stories.items():
                before = _place(self._database, connection, url, story, now)
                if before != story:
                    left[before] = story
                    touch_story(connection, story, now)
            for before, story in left.items():
                bury_if_empty(connection, before, story)
                _keep_age(connection, story)
            refresh(self._database, connection, [*left, *stories.values()], now)


def _ordered(pair: Pair) -> Pair:
    one, other = pair
    return (one, other) if one < other else (other, one)


def _all(connection: Connection) -> dict[Pair, bool]:
    """Every pair by the addresses of now; where two came to name the same articles, the later one counts."""
    moved = {row.old_url: row.new_url for row in connection.execute(select(tables.moves))}
    found: dict[Pair, bool] = {}
    for row in connection.execute(select(tables.pairs).order_by(tables.pairs.c.at)):
        one, other = _ordered((moved.get(row.one, row.one), moved.get(row.other, row.other)))
        if one != other:
            found[one, other] = row.together
    return found


def _forget(connection: Connection, gone: Collection[Pair]) -> None:
    """Delete what was said of these articles, under whichever address it was said."""
    pairs = tables.pairs.c
    moved = {row.old_url: row.new_url for row in connection.execute(select(tables.moves))}
    for row in connection.execute(select(tables.pairs)).all():
        if _ordered((moved.get(row.one, row.one), moved.get(row.other, row.other))) in gone:
            connection.execute(delete(tables.pairs).where(and_(pairs.one == row.one, pairs.other == row.other)))


def _place(database: Database, connection: Connection, url: str, story: str, now: datetime) -> str:
    """Put an article into a story, made or brought back to life where there is none; returns where it was."""
    articles, stories = tables.articles, tables.stories
    url = resolve_url(connection, url)
    before: str | None = connection.scalar(select(articles.c.story).where(articles.c.url == url))
    if before is None or before == story:
        return story
    age = select(stories.c.first_seen_at).where(stories.c.id == before).scalar_subquery()
    new = database.insert(stories).values(id=story, first_seen_at=age, changed_at=now)
    connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))
    connection.execute(update(stories).where(stories.c.id == story).values(merged_into=None))
    connection.execute(update(articles).where(articles.c.url == url).values(story=story))
    return before


def _keep_age(connection: Connection, story: str) -> None:
    """A story that others were joined to was first seen when the oldest of them was."""
    stories = tables.stories
    joined = (stories.c.id == story) | (stories.c.merged_into == story)
    first = select(func.min(stories.c.first_seen_at)).where(joined).scalar_subquery()
    connection.execute(update(stories).where(stories.c.id == story).values(first_seen_at=first))
