"""What lists show, kept true to the articles: briefs, tags, names and commitments of stories.

Whoever changes an article or puts it into another story calls `refresh` for the
stories that it touched, in the same transaction. `bring_up_to_date` makes
everything anew where the rules that make it are newer than what they made.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from presswatch import briefs, ledger
from presswatch.briefs import Brief
from presswatch.ledger import Commitment
from presswatch.models import Level, Story, Version
from presswatch.store import rows, tables
from presswatch.store.database import Database

RULES = 2  # raise it when `briefs` or `ledger` make something else of the same story
_PORTION = (
    100  # stories a transaction while everything is made anew: others wait for it, half a second on a slow machine
)
_COMMITMENT = tuple(field.name for field in fields(Commitment))
_SHOWN = [level.value for level in Level if level is not Level.NONE]
_KINDS = (("topic", "topics"), ("organisation", "organisations"), ("person", "people"), ("place", "places"))
_PLURALS = (*_KINDS, ("language", "languages"), ("source", "sources"))


def refresh(database: Database, connection: Connection, stories: Iterable[str], now: datetime) -> None:
    """Make the outlines of these stories true again; of one that lost its articles, nothing stays."""
    for story in dict.fromkeys(stories):
        _refresh(database, connection, story, now)


def bring_up_to_date(database: Database, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Make every outline anew, unless these rules made them; `progress` hears how many stories are done, of how many.

    A portion is a transaction, so that whoever has the store open waits for moments
    only. What is ended half-way begins again at the next opening: until the last
    transaction, the store says that its outlines are old.
    """
    articles, last, done = tables.articles.c, "", 0
    query = select(articles.story).where(articles.level.in_(_SHOWN)).distinct()
    with database.read() as connection:
        if is_up_to_date(connection):
            return
        of = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(articles.story).limit(_PORTION)
    while True:
        with database.write(hold="articles") as connection:
            portion = connection.scalars(query.where(articles.story > last)).all()
            if not portion:
                _finish(database, connection)
                return
            _make_anew(connection, portion)
        last, done = portion[-1], done + len(portion)
        progress(done, of)


def _make_anew(connection: Connection, ids: Sequence[str]) -> None:
    """The outlines of some stories, in place of what they have."""
    table = tables.briefs
    kept = select(table.c.story, table.c.changed_at).where(table.c.story.in_(ids))
    # What was shown before keeps its date of change, since other rules are no news.
    changed_at = {row.story: row.changed_at for row in connection.execute(kept)}
    for one in (tables.commitments, tables.story_tags, tables.briefs):
        connection.execute(delete(one).where(one.c.story.in_(ids)))
    made: dict[str, list[dict[str, Any]]] = {"briefs": [], "story_tags": [], "commitments": []}
    for story in _stories(connection, ids):
        if brief := briefs.brief(story):
            for name, some in _outline(story, brief, changed_at.get(story.id)).items():
                made[name] += some
    for name, some in made.items():
        if some:
            connection.execute(tables.metadata.tables[name].insert(), some)


def _finish(database: Database, connection: Connection) -> None:
    """What takes all outlines together, and what is left of stories that have none any more."""
    shown = select(tables.articles.c.story).where(tables.articles.c.level.in_(_SHOWN))
    for table in (tables.commitments, tables.story_tags, tables.briefs):
        connection.execute(delete(table).where(table.c.story.not_in(shown)))
    connection.execute(delete(tables.story_names))
    _count_names(connection)
    _mark_repeats(connection, None)
    database.upsert(connection, tables.made, {"what": "outlines", "version": RULES})


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


def _fill(database: Database, connection: Connection, story: Story, changed_at: datetime, made: Brief) -> set[str]:
    """Store the outline of a story that has none but a brief; returns the keys of its commitments."""
    found = _outline(story, made, changed_at)
    database.upsert(connection, tables.briefs, found["briefs"][0])
    connection.execute(tables.story_tags.insert(), found["story_tags"])
    if found["commitments"]:
        connection.execute(tables.commitments.insert(), found["commitments"])
    return {row["key"] for row in found["commitments"]}


def _outline(story: Story, made: Brief, changed_at: datetime | None) -> dict[str, list[dict[str, Any]]]:
    """The rows of a story, by table."""
    told = made.level.relevant
    common = {"story": story.id, "told": told, "date": made.date, "changed_at": changed_at or made.changed_at}
    tags = [(kind, name) for kind, plural in _PLURALS for name in dict.fromkeys(getattr(made, plural))]
    tags.append(("level", made.level.value))
    return {
        "briefs": [
            common | {"level": made.level.value, "versions": made.versions, "brief": briefs.packed(made)},
        ],
        "story_tags": [common | {"kind": kind, "name": name} for kind, name in tags],
        "commitments": list(map(_row, ledger.commitments(story))) if told else [],
    }


def _row(found: Commitment) -> dict[str, Any]:
    values = {name: getattr(found, name) for name in _COMMITMENT} | {
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


def _count_names(connection: Connection) -> None:
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
    marks = []
    for row in found:
        first = repeated.get((row.story, row.position))
        counted = first is None and row.part_of is None
        if (first, counted) != (row.repeats, row.counted):
            marks.append({"in": row.story, "at": row.position, "first": first, "counts": counted})
    if marks:
        here = (table.c.story == bindparam("in"), table.c.position == bindparam("at"))
        marked = update(table).where(*here).values(repeats=bindparam("first"), counted=bindparam("counts"))
        connection.execute(marked, marks)


def commitment(row: tables.AnyRow) -> Commitment:
    """The record of a row of `commitments`."""
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
