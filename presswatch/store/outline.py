"""What lists show, kept true to the articles: briefs, tags, names and commitments of stories.

Whoever changes an article or puts it into another story calls `refresh` for the
stories that it touched, in the same transaction. `bring_up_to_date` makes
everything anew where the rules that make it are newer than what they made.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from presswatch import briefs, ledger
from presswatch.briefs import Brief
from presswatch.ledger import Commitment
from presswatch.models import Level, Story, Version
from presswatch.store import rows, tables
from presswatch.store.database import Database

RULES = 1  # raise it when `briefs` or `ledger` make something else of the same story
_PORTION = 200  # stories held in memory at a time while everything is made anew
_KINDS = (("topic", "topics"), ("organisation", "organisations"), ("person", "people"), ("place", "places"))
_PLURALS = (*_KINDS, ("language", "languages"), ("source", "sources"))


def refresh(database: Database, connection: Connection, stories: Iterable[str], now: datetime) -> None:
    """Make the outlines of these stories true again; of one that lost its articles, nothing stays."""
    for story in dict.fromkeys(stories):
        _refresh(database, connection, story, now)


def bring_up_to_date(database: Database, connection: Connection) -> None:
    """Make every outline anew, unless these rules made them."""
    made = tables.made
    if connection.scalar(select(made.c.version).where(made.c.what == "outlines")) == RULES:
        return
    articles, last = tables.articles.c, ""
    shown = [level.value for level in Level if level is not Level.NONE]
    query = select(articles.story).where(articles.level.in_(shown)).distinct().order_by(articles.story)
    kept = {
        row.story: row.changed_at
        for row in connection.execute(select(tables.briefs.c.story, tables.briefs.c.changed_at))
    }
    for table in (tables.commitments, tables.story_names, tables.story_tags):
        connection.execute(delete(table))
    if kept:  # what was shown before keeps its date of change, since other rules are no news
        shown_now = set(connection.scalars(query))
        for gone in rows.batches(sorted(set(kept) - shown_now)):
            connection.execute(delete(tables.briefs).where(tables.briefs.c.story.in_(gone)))
    while portion := connection.scalars(query.where(articles.story > last).limit(_PORTION)).all():
        for story in _stories(connection, portion):
            _fill(database, connection, story, kept.get(story.id))
        last = portion[-1]
    _count_names(database, connection)
    _mark_repeats(connection, None)
    database.upsert(connection, made, {"what": "outlines", "version": RULES})


def is_up_to_date(connection: Connection) -> bool:
    """Whether these rules made what the store holds."""
    made = tables.made
    return bool(connection.scalar(select(made.c.version).where(made.c.what == "outlines")) == RULES)


def _refresh(database: Database, connection: Connection, story_id: str, now: datetime) -> None:
    table, articles = tables.briefs, tables.articles.c
    known = connection.execute(select(table).where(table.c.story == story_id)).one_or_none()
    shown = select(articles.id).where(articles.story == story_id, articles.level != Level.NONE.value).limit(1)
    if known is None and connection.execute(shown).first() is None:
        return  # five of six stories are news of something else
    story = next(iter(_stories(connection, [story_id])), None)
    made = briefs.brief(story) if story else None
    if known is not None and made is not None and known.brief == _packed(made) and known.level == made.level:
        changed_at = known.changed_at
    else:
        changed_at = now
    before = _tags_of(connection, story_id)
    keys = set(connection.scalars(select(tables.commitments.c.key).where(tables.commitments.c.story == story_id)))
    _clear(connection, story_id, brief_too=made is None)
    if story is not None and made is not None:
        keys |= _fill(database, connection, story, changed_at, made)
    after = _tags_of(connection, story_id)
    _recount(database, connection, before.keys() | after.keys() if before != after else ())
    _mark_repeats(connection, keys)


def _packed(found: Brief) -> Any:
    """As JSON gives it back: lists for tuples."""
    import json

    return json.loads(json.dumps(briefs.packed(found)))


def _clear(connection: Connection, story: str, *, brief_too: bool) -> None:
    for table in (tables.commitments, tables.story_tags, *((tables.briefs,) if brief_too else ())):
        connection.execute(delete(table).where(table.c.story == story))


def _fill(
    database: Database, connection: Connection, story: Story, changed_at: datetime | None, made: Brief | None = None
) -> set[str]:
    """Store the outline of a story that has none; returns the keys of its commitments."""
    made = made or briefs.brief(story)
    if made is None:
        return set()
    told = made.level.relevant
    common = {"story": story.id, "told": told, "date": made.date, "changed_at": changed_at or made.changed_at}
    row = common | {"level": made.level.value, "versions": made.versions, "brief": briefs.packed(made)}
    database.upsert(connection, tables.briefs, row)
    tags = [(kind, name) for kind, plural in _PLURALS for name in dict.fromkeys(getattr(made, plural))]
    tags.append(("level", made.level.value))
    connection.execute(tables.story_tags.insert(), [common | {"kind": kind, "name": name} for kind, name in tags])
    found = ledger.commitments(story) if told else ()
    if found:
        connection.execute(tables.commitments.insert(), list(map(_row, found)))
    return {commitment.key for commitment in found}


def _row(found: Commitment) -> dict[str, Any]:
    values = asdict(found) | {
        "key": found.key,
        "year": found.announced_at.year,
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "repeats": None,
        "counted": found.part_of is None,
    }
    return values | {"who": list(found.who), "where": list(found.where)}


def _tags_of(connection: Connection, story: str) -> dict[tuple[str, str], tuple[bool, datetime]]:
    tags = tables.story_tags.c
    found = connection.execute(select(tags.kind, tags.name, tags.told, tags.date).where(tags.story == story))
    return {(row.kind, row.name): (row.told, row.date) for row in found}


def _recount(database: Database, connection: Connection, names: Collection[tuple[str, str]]) -> None:
    tags, table = tables.story_tags.c, tables.story_names
    for kind, name in names:
        query = select(
            func.count().label("stories"), func.min(tags.date).label("first_at"), func.max(tags.date).label("last_at")
        )
        row = connection.execute(query.where(tags.kind == kind, tags.name == name, tags.told.is_(True))).one()
        if row.stories:
            database.upsert(connection, table, {"kind": kind, "name": name, **row._mapping})
        else:
            connection.execute(delete(table).where(table.c.kind == kind, table.c.name == name))


def _count_names(database: Database, connection: Connection) -> None:
    """Every name's row, where there are none."""
    tags = tables.story_tags.c
    counted = select(tags.kind, tags.name, func.count(), func.min(tags.date), func.max(tags.date))
    counted = counted.where(tags.told.is_(True)).group_by(tags.kind, tags.name)
    columns = ["kind", "name", "stories", "first_at", "last_at"]
    connection.execute(tables.story_names.insert().from_select(columns, counted))


def _mark_repeats(connection: Connection, keys: Collection[str] | None) -> None:
    """Say of the commitments of these figures (of all, for None) which repeat an earlier one."""
    table = tables.commitments
    query = select(table)
    if keys is not None:
        if not keys:
            return
        query = query.where(table.c.key.in_(sorted(keys)))
    found = connection.execute(query).all()
    repeated = ledger.repeats(commitment(row) for row in found)
    for row in found:
        first = repeated.get((row.story, row.position))
        counted = first is None and row.part_of is None
        if (first, counted) != (row.repeats, row.counted):
            here = (table.c.story == row.story, table.c.position == row.position)
            connection.execute(update(table).where(*here).values(repeats=first, counted=counted))


def commitment(row: tables.AnyRow) -> Commitment:
    """The record of a row of `commitments`."""
    from datetime import date

    return Commitment(
        story=row.story,
        position=row.position,
        kind=row.kind,
        unit=row.unit,
        value=row.value,
        qualifier=row.qualifier,
        announced_at=row.announced_at,
        due_on=date.fromisoformat(row.due_on) if row.due_on else None,
        due_words=row.due_words,
        who=tuple(row.who),
        where=tuple(row.where),
        url=row.url,
        language=row.language,
        quote=row.quote,
        quote_en=row.quote_en,
        part_of=row.part_of,
    )


def _stories(connection: Connection, ids: Sequence[str]) -> Iterable[Story]:
    articles, table = tables.articles, tables.stories
    times = {row.id: row for row in connection.execute(select(table).where(table.c.id.in_(ids)))}
    members: dict[str, list[Version]] = {}
    found = select(articles).where(articles.c.story.in_(ids)).order_by(articles.c.dated_at, articles.c.id)
    for version in rows.versions(connection, connection.execute(found).all()):
        members.setdefault(version.story, []).append(version)
    for story in ids:
        if story in members and story in times:
            at = times[story]
            yield Story(
                id=story, versions=tuple(members[story]), first_seen_at=at.first_seen_at, changed_at=at.changed_at
            )
