"""Outcomes into the store: article, revision, verdict, tags, facts, story, changes, search index, in one go."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from presswatch.errors import StoreError
from presswatch.models import Level, Outcome
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.opinions import forget
from presswatch.store.outline import refresh
from presswatch.store.rows import resolve_story, resolve_url, row_of_article, row_of_change, touch_story
from presswatch.store.search import index
from presswatch.store.tables import AnyRow


def save(database: Database, connection: Connection, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Store what the steps found out about some pages. The caller's transaction makes it all or nothing."""
    touched = {story for outcome in outcomes for story in _save(database, connection, outcome, now)}
    refresh(database, connection, touched, now)


def _save(database: Database, connection: Connection, outcome: Outcome, now: datetime) -> set[str]:
    """Store one, and return the stories whose outlines are to be made again.

    A page older than the one that the article stands on (judged again, or
    overtaken by another process) mends its own revision only. Changes are
    recorded for a page that is new: judging one again is no change of the site.
    """
    pages = tables.pages
    stamp = update(pages).where(pages.c.id == outcome.page_id).values(processed_at=now, failed_at=None, failure=None)
    if connection.execute(stamp).rowcount != 1:
        raise StoreError(f"{outcome.article.url} was read from page {outcome.page_id}, which the store does not hold.")
    url = resolve_url(connection, outcome.article.url)
    articles = tables.articles
    old = connection.execute(select(articles).where(articles.c.url == url)).one_or_none()
    if old is not None and outcome.page_id < old.page:
        _mend_revision(connection, old.id, outcome)
        return set()
    touched: set[str] = {old.story} if old is not None else set()
    story = _story(database, connection, outcome, now, touched)
    if old is None:
        article_id = _insert(connection, url, story, outcome, now)
    else:
        article_id = old.id
        _update(connection, old, story, outcome, now)
    _tag(connection, article_id, outcome, fresh=old is None)
    if old is None or (old.title, old.text) != (outcome.article.title, outcome.article.text):
        index(database, connection, article_id, outcome.article.title, outcome.article.text)
        forget(connection, article_id)
    if old is not None and old.story != story:
        bury_if_empty(connection, old.story, story)
    if _worth_telling(old, story, outcome):
        touch_story(connection, story, now)
    return touched | {story}


def _insert(connection: Connection, url: str, story: str, outcome: Outcome, now: datetime) -> int:
    values = row_of_article(outcome) | {
        "url": url,
        "first_seen_at": outcome.article.first_seen_at,
        "revisions": 1,
        "story": story,
        "saved_at": now,
        "checked_at": outcome.article.first_seen_at,
        "check_status": 200,
    }
    article_id: int | None = connection.scalar(
        tables.articles.insert().values(**values).returning(tables.articles.c.id)
    )
    assert article_id is not None
    _add_revision(connection, article_id, 1, outcome)
    for change in outcome.changes:
        connection.execute(tables.changes.insert().values(row_of_change(article_id, change)))
    return article_id


def _update(connection: Connection, old: AnyRow, story: str, outcome: Outcome, now: datetime) -> None:
    articles, article = tables.articles, outcome.article
    values = row_of_article(outcome) | {"story": story, "saved_at": now}
    if outcome.page_id == old.page:
        _mend_revision(connection, old.id, outcome)
    else:
        if (article.title, article.text) != (old.title, old.text):
            values["revisions"] = old.revisions + 1
            _add_revision(connection, old.id, old.revisions + 1, outcome)
        if article.published_at is None:  # the way it came this time does not say; the date is still known
            values |= {"published_at": old.published_at, "published_from": old.published_from}
        values |= {"checked_at": max(old.checked_at, now), "check_status": 200, "removed_at": None}
        for change in outcome.changes:
            connection.execute(tables.changes.insert().values(row_of_change(old.id, change)))
    date = values["published_at"]
    values["dated_at"] = min(date, old.first_seen_at) if date else old.first_seen_at
    connection.execute(update(articles).where(articles.c.id == old.id).values(values))


def _add_revision(connection: Connection, article_id: int, number: int, outcome: Outcome) -> None:
    pages, article = tables.pages, outcome.article
    fetched_at = select(pages.c.fetched_at).where(pages.c.id == outcome.page_id).scalar_subquery()
    values = {"article": article_id, "number": number, "title": article.title, "text": article.text}
    connection.execute(tables.revisions.insert().values(**values, at=fetched_at, page=outcome.page_id))


def _mend_revision(connection: Connection, article_id: int, outcome: Outcome) -> None:
    """The same page, read by better rules, is the same revision with a better text."""
    revisions = tables.revisions
    where = (revisions.c.article == article_id, revisions.c.page == outcome.page_id)
    values = {"title": outcome.article.title, "text": outcome.article.text}
    connection.execute(update(revisions).where(*where).values(values))


def _tag(connection: Connection, article_id: int, outcome: Outcome, *, fresh: bool) -> None:
    """Store an article's tags and facts, in place of what it has where it is not a fresh one."""
    for table, items in ((tables.tags, outcome.tags), (tables.facts, outcome.facts)):
        if not fresh:
            connection.execute(delete(table).where(table.c.article == article_id))
        if found := _rows(article_id, items):
            connection.execute(table.insert(), found)


def _rows(article_id: int, items: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The rows of an article's tags or facts."""
    rows = []
    for position, item in enumerate(items):
        values = {field: getattr(item, field) for field in item.__slots__}
        rows.append({"article": article_id, "position": position, **values, "kind": str(item.kind)})
    return rows


def holds(connection: Connection, url: str, outcome: Outcome) -> bool:
    """Whether the store says of the article at `url` all that the outcome says, its story aside; so that saving it
    would write the same again."""
    articles, pages = tables.articles, tables.pages
    row = connection.execute(select(articles).where(articles.c.url == url)).one_or_none()
    if row is None or any(row._mapping[name] != value for name, value in row_of_article(outcome).items()):
        return False
    judged = select(pages.c.id).where(pages.c.id == row.page, pages.c.processed_at.is_not(None))
    if connection.execute(judged.where(pages.c.failed_at.is_(None))).first() is None:
        return False
    return all(
        _rows(row.id, items) == _stored(connection, name, row.id)
        for name, items in (("tags", outcome.tags), ("facts", outcome.facts))
    )


def _stored(connection: Connection, name: str, article_id: int) -> list[dict[str, Any]]:
    table = tables.metadata.tables[name]
    found = connection.execute(select(table).where(table.c.article == article_id).order_by(table.c.position))
    return [dict(row._mapping) for row in found]


def _story(database: Database, connection: Connection, outcome: Outcome, now: datetime, touched: set[str]) -> str:
    """The living story that the outcome belongs to, made where it is new, with those joined that it joins.

    Stories that lost or won an article by it are added to `touched`.
    """
    stories = tables.stories
    story = resolve_story(connection, outcome.story)
    new = database.insert(stories).values(id=story, first_seen_at=now, changed_at=now)
    connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))
    for other in outcome.merges:
        touched.add(resolve_story(connection, other))
        merge(connection, other, story, now)
    for url, other in outcome.moves:
        touched.update(_move(database, connection, url, other, now))
    return story


def _move(database: Database, connection: Connection, url: str, story: str, now: datetime) -> tuple[str, ...]:
    """Put another article into the story where it is now seen to belong, made where it is new.

    Returns the stories that lost and won it.
    """
    articles = tables.articles
    old = connection.execute(select(articles.c.id, articles.c.story).where(articles.c.url == url)).one_or_none()
    story = resolve_story(connection, story)
    if old is None or old.story == story:
        return ()
    new = database.insert(tables.stories).values(id=story, first_seen_at=now, changed_at=now)
    connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))
    connection.execute(update(articles).where(articles.c.id == old.id).values(story=story))
    bury_if_empty(connection, old.story, story)
    return old.story, story


def merge(connection: Connection, other: str, into: str, now: datetime) -> None:
    """Move the members of a story to another one; what was told of the old one counts for the new one."""
    stories, articles = tables.stories, tables.articles
    other = resolve_story(connection, other)
    if other == into:
        return
    moved = connection.execute(update(articles).where(articles.c.story == other).values(story=into)).rowcount
    bury_if_empty(connection, other, into)
    if moved:
        first = select(func.min(stories.c.first_seen_at)).where(stories.c.id.in_((other, into))).scalar_subquery()
        connection.execute(update(stories).where(stories.c.id == into).values(first_seen_at=first, changed_at=now))


def bury_if_empty(connection: Connection, story: str, into: str) -> None:
    """A story that lost its last article leaves a tombstone, so that what was told of it stays told."""
    stories, articles = tables.stories, tables.articles
    if connection.execute(select(articles.c.id).where(articles.c.story == story).limit(1)).first() is None:
        here = (stories.c.id == story) | (stories.c.merged_into == story)
        connection.execute(update(stories).where(here, stories.c.id != into).values(merged_into=into))


def _worth_telling(old: AnyRow | None, story: str, outcome: Outcome) -> bool:
    """Whether digests should look at the story again: new, joined, reworded, back, or judged otherwise."""
    relevant = outcome.verdict.relevant
    if old is None:
        return relevant
    was_relevant = Level(old.level).relevant
    if not relevant and not was_relevant:
        return False
    if old.story != story or relevant != was_relevant:
        return True
    reworded = (old.title, old.text) != (outcome.article.title, outcome.article.text)
    return outcome.page_id != old.page and (reworded or old.removed_at is not None)
