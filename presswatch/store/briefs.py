"""Stories in brief, as lists and feeds show them, and the names that they carry."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, Select, and_, func, or_, select

from presswatch.briefs import Brief, unpacked
from presswatch.models import Level
from presswatch.store import tables
from presswatch.store.cursors import cursor, place
from presswatch.store.database import Database
from presswatch.store.list_records import BriefPage, NameCount, StoryFilter
from presswatch.store.rows import resolve_story
from presswatch.store.tables import AnyRow

KINDS = (
    ("topic", "topics"),
    ("organisation", "organisations"),
    ("person", "people"),
    ("place", "places"),
    ("language", "languages"),
    ("source", "sources"),
)
COMPANY_OF = 400  # the newest stories of a name that tell who appears with it: 1,000 took 0.1 s, twice a page's time


class Briefs:
    """Queries for lists of stories. Every one walks an index, however much the store holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, story_id: str) -> Brief | None:
        """One story in brief, or the one that it was joined to."""
        with self._database.read() as connection:
            return next(iter(_briefs(connection, [resolve_story(connection, story_id)])), None)

    def list(self, wanted: StoryFilter) -> BriefPage:
        """The stories that pass the filter, the newest news first."""
        return self._page(wanted, by_change=False)

    def changed(self, wanted: StoryFilter) -> BriefPage:
        """The stories that pass the filter, what is new or changed first: the order of a feed."""
        return self._page(wanted, by_change=True)

    def names(self, kind: str, *, limit: int = 1000) -> tuple[NameCount, ...]:
        """The names of a kind (as `Tag.kind`, or "language", "source", "level") with their stories, the most first."""
        table = tables.story_names
        query = select(table).where(table.c.kind == kind).order_by(table.c.stories.desc(), table.c.name.desc())
        with self._database.read() as connection:
            return tuple(NameCount(**row._mapping) for row in connection.execute(query.limit(limit)))

    def name(self, kind: str, name: str) -> NameCount | None:
        """One name with its stories."""
        table = tables.story_names
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.kind == kind, table.c.name == name)).one_or_none()
            return NameCount(**row._mapping) if row else None

    def company(self, kind: str, name: str, *, most: int = 25) -> tuple[NameCount, ...]:
        """Who and what appears in the newest stories of a name (at most `COMPANY_OF`): the `most` of each kind."""
        tags = tables.story_tags
        here = (tags.c.kind == kind, tags.c.name == name, tags.c.told.is_(True))
        newest = select(tags.c.story).where(*here).order_by(tags.c.date.desc(), tags.c.story.desc()).limit(COMPANY_OF)
        stories = newest.subquery()
        other = tables.story_tags.alias().c
        count = func.count().label("stories")
        place = func.row_number().over(partition_by=other.kind, order_by=(count.desc(), other.name)).label("place")
        first, last = func.min(other.date).label("first_at"), func.max(other.date).label("last_at")
        counted = select(other.kind, other.name, count, first, last, place)
        counted = counted.join(stories, other.story == stories.c.story).group_by(other.kind, other.name)
        company = counted.where(
            other.kind.in_(("organisation", "person", "place", "topic")), or_(other.kind != kind, other.name != name)
        ).subquery()
        c = company.c
        query = select(c.kind, c.name, c.stories, c.first_at, c.last_at).where(c.place <= most)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(c.stories.desc(), c.kind, c.name))
            return tuple(NameCount(**row._mapping) for row in rows)

    def _page(self, wanted: StoryFilter, *, by_change: bool) -> BriefPage:
        with self._database.read() as connection:
            query = _walk(connection, wanted, by_change=by_change)
            rows = connection.execute(query.limit(wanted.limit + 1)).all()
            found = _briefs(connection, [row.story for row in rows[: wanted.limit]])
        more = len(rows) > wanted.limit
        return BriefPage(
            briefs=found, cursor=cursor(rows[wanted.limit - 1].at, rows[wanted.limit - 1].story) if more else None
        )


def _walk(connection: Connection, wanted: StoryFilter, *, by_change: bool) -> Select[Any]:
    """The stories of a filter in their order: along the index of its rarest name, the rest looked up for each."""
    filters = [(kind, tuple(getattr(wanted, plural))) for kind, plural in KINDS if getattr(wanted, plural)]
    if wanted.levels:
        filters.append(("level", tuple(level.value for level in wanted.levels)))
    told = (True, False) if any(not level.relevant for level in wanted.levels) else (True,)
    led = _rarest(connection, filters)
    walked: FromClause = tables.story_tags.alias("walked") if led else tables.briefs
    columns = walked.c
    order = "changed_at" if by_change else "date"
    at = columns[order]
    query = select(columns.story, at.label("at")).where(
        columns.told.in_(told) if len(told) > 1 else columns.told.is_(True)
    )
    if led:
        query = query.where(columns.kind == led[0], columns.name == led[1])
    for kind, names in filters:
        if led != (kind, names[0]) or len(names) > 1:
            tags = tables.story_tags.alias()
            has = select(tags.c.story).where(tags.c.story == columns.story, tags.c.kind == kind, tags.c.name.in_(names))
            query = query.where(has.exists())
    if wanted.since is not None:
        query = query.where(columns.date >= wanted.since)
    if wanted.until is not None:
        query = query.where(columns.date < wanted.until)
    if (last := place(wanted.after)) is not None:
        query = query.where(at <= last[0], or_(at < last[0], and_(at == last[0], columns.story < last[1])))
    return query.order_by(at.desc(), columns.story.desc())


def _rarest(connection: Connection, filters: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, str] | None:
    """Of the filters that ask for one name, the one that the fewest stories have."""
    table = tables.story_names.c
    counts = {}
    for kind, names in filters:
        if len(names) == 1:
            here = select(table.stories).where(table.kind == kind, table.name == names[0])
            counts[kind, names[0]] = connection.scalar(here) or 0
    return min(counts, key=lambda key: counts[key], default=None)


def _briefs(connection: Connection, ids: Sequence[str]) -> tuple[Brief, ...]:
    table = tables.briefs
    found = {row.story: row for row in connection.execute(select(table).where(table.c.story.in_(ids)))}
    return tuple(brief(found[story]) for story in ids if story in found)


def brief(row: AnyRow) -> Brief:
    """The record of a row of `briefs`."""
    return unpacked(
        row.brief,
        story=row.story,
        level=Level(row.level),
        date=row.date,
        changed_at=row.changed_at,
        versions=row.versions,
    )
