"""What lists show, kept true to the articles: briefs, tags, names and commitments of stories.

Whoever changes an article or puts it into another story calls `refresh` for the
stories that it touched, in the same transaction. `bring_up_to_date` makes
everything anew where the rules that make it are newer than what they made.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, tuple_, update

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
    for ids in rows.batches(sorted(set(stories))):
        _refresh(database, connection, ids, now)


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
    _insert(connection, made)


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


def _refresh(database: Database, connection: Connection, ids: Sequence[str], now: datetime) -> None:
    table, articles = tables.briefs, tables.articles.c
    known = {row.story: row for row in connection.execute(select(table).where(table.c.story.in_(ids)))}
    shown = select(articles.story).where(articles.story.in_(ids), articles.level.in_(_SHOWN)).distinct()
    # Five of six stories are news of something else.
    ids = sorted(known.keys() | set(connection.scalars(shown)))
    if not ids:
        return
    made = {story.id: (story, brief) for story in _stories(connection, ids) if (brief := briefs.brief(story))}
    before = _tags_of(connection, ids)
    keys = set(connection.scalars(select(tables.commitments.c.key).where(tables.commitments.c.story.in_(ids))))
    gone = [story for story in ids if story not in made]
    for one, theirs in ((tables.commitments, ids), (tables.story_tags, ids), (table, gone)):
        connection.execute(delete(one).where(one.c.story.in_(theirs)))
    found: dict[str, list[dict[str, Any]]] = {"briefs": [], "story_tags": [], "commitments": []}
    for story, brief in made.values():
        old = known.get(story.id)
        same = old is not None and old.brief == _packed(brief) and old.level == brief.level
        for name, some in _outline(story, brief, old.changed_at if old is not None and same else now).items():
            found[name] += some
    if found["briefs"]:
        database.upsert(connection, table, *found.pop("briefs"))
    _insert(connection, found)
    after = _tags_of(connection, ids)
    _recount(database, connection, {tag[1:3] for tag in before ^ after})
    _mark_repeats(connection, keys | {row["key"] for row in found["commitments"]})


def _insert(connection: Connection, found: Mapping[str, list[dict[str, Any]]]) -> None:
    """Rows of several tables, by their names."""
    for name, some in found.items():
        if some:
            connection.execute(tables.metadata.tables[name].insert(), some)


def _packed(found: Brief) -> Any:
    """As JSON gives it back: lists for tuples."""
    import json

    return json.loads(json.dumps(briefs.packed(found)))


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


def _tags_of(connection: Connection, ids: Sequence[str]) -> set[tuple[str, str, str, bool, datetime]]:
    """Of each tag: its story, kind, name, whether it is told, and its date."""
    tags = tables.story_tags.c
    query = select(tags.story, tags.kind, tags.name, tags.told, tags.date).where(tags.story.in_(ids))
    return {(row.story, row.kind, row.name, row.told, row.date) for row in connection.execute(query)}


def _recount(database: Database, connection: Connection, names: Collection[tuple[str, str]]) -> None:
    """Count the stories of these names, by kind and name, again."""
    tags, table = tables.story_tags.c, tables.story_names
    counted = select(
        tags.kind,
        tags.name,
        func.count().label("stories"),
        func.min(tags.date).label("first_at"),
        func.max(tags.date).label("last_at"),
    ).where(tags.told.is_(True))
    for some in rows.batches(sorted(names)):
        query = counted.where(tuple_(tags.kind, tags.name).in_(some)).group_by(tags.kind, tags.name)
        found = [dict(row._mapping) for row in connection.execute(query)]
        if found:
            database.upsert(connection, table, *found)
        if gone := set(some) - {(row["kind"], row["name"]) for row in found}:
            connection.execute(delete(table).where(tuple_(table.c.kind, table.c.name).in_(sorted(gone))))


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
