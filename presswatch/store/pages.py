"""The pages: what was fetched, what is known, what is to be asked for again."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    select,
    union_all,
    update,
)

from presswatch.models import Candidate, Change, ChangeKind
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.outline import refresh
from presswatch.store.records import PageDraft, PageRow, Recheck, Refusal
from presswatch.store.rows import batches, resolve_url, row_of_change, touch_story
from presswatch.store.tables import AnyRow

# An article that could not be had is asked for again after one hour, then two, four, … up to a week.
_FIRST_RETRY = timedelta(hours=1)
_LONGEST_RETRY = timedelta(days=7)
# A page that is missing is asked for again after this long, before its article counts as removed.
_SECOND_LOOK = timedelta(hours=1)
_STREAM = 200  # pages held in memory at a time while all are gone through


def _known() -> CompoundSelect[Any]:
    """The statement of `Pages.known`. Every feed that changed asks it, and making it took longer than its answer."""
    pages, moves, refusals = tables.pages.c, tables.moves.c, tables.refusals.c
    urls: BindParameter[str] = bindparam("urls", expanding=True)
    waiting = refusals.retry_at > bindparam("now", type_=refusals.retry_at.type)
    return union_all(
        select(pages.url).where(pages.url.in_(urls)),
        select(moves.old_url).where(moves.old_url.in_(urls)),
        select(refusals.url).where(refusals.url.in_(urls), waiting),
    )


_KNOWN = _known()


class Pages:
    """Queries about pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, urls: Iterable[str], *, now: datetime) -> set[str]:
        """Those of `urls` that need no fetching: stored, moved to elsewhere, or refused and not yet to be retried."""
        wanted = list(dict.fromkeys(urls))
        if not wanted:
            return set()
        with self._database.read() as connection:
            answers = [connection.execute(_KNOWN, {"urls": batch, "now": now}).all() for batch in batches(wanted)]
            return {url for rows in answers for (url,) in rows}

    def arrived(self, *, since: datetime) -> dict[str, int]:
        """How many articles of each source were first fetched from `since` on."""
        pages = tables.pages.c
        query = select(pages.source, func.count()).where(pages.fetched_at >= since, pages.revision == 1)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(pages.source))}

    def add(self, draft: PageDraft) -> int | None:
        """Store a page and return its number; None where it says the same as the newest page of its address."""
        pages = tables.pages
        with self._database.write(hold=f"page {draft.url}") as connection:
            url = resolve_url(connection, draft.url)
            newest = connection.execute(
                select(pages.c.revision, pages.c.content_hash)
                .where(pages.c.url == url)
                .order_by(pages.c.revision.desc())
                .limit(1)
            ).one_or_none()
            connection.execute(delete(tables.refusals).where(tables.refusals.c.url.in_((url, draft.url))))
            if newest is not None and newest.content_hash == draft.content_hash:
                return None
            values = {name: getattr(draft, name) for name in PageDraft.__slots__}
            values["candidate"] = _candidate_to_json(draft.candidate)
            values |= {"url": url, "revision": newest.revision + 1 if newest else 1}
            page_id: int | None = connection.scalar(pages.insert().values(**values).returning(pages.c.id))
            return page_id

    def unchanged(self, draft: PageDraft) -> bool:
        """Whether a page says the same as the newest one of its address, so that nothing of it need be kept."""
        pages = tables.pages
        with self._database.read() as connection:
            url = resolve_url(connection, draft.url)
            query = select(pages.c.content_hash).where(pages.c.url == url).order_by(pages.c.revision.desc()).limit(1)
            return connection.scalar(query) == draft.content_hash

    def get(self, page_id: int) -> PageRow | None:
        """One page by its number."""
        rows = self._rows(select(tables.pages).where(tables.pages.c.id == page_id))
        return rows[0] if rows else None

    def newest(self, url: str) -> PageRow | None:
        """The newest page of a canonical address, or of the address it moved to."""
        pages = tables.pages
        with self._database.read() as connection:
            url = resolve_url(connection, url)
            row = connection.execute(
                select(pages).where(pages.c.url == url).order_by(pages.c.revision.desc()).limit(1)
            ).one_or_none()
        return None if row is None else _page_row(row)

    def unprocessed(self, limit: int, last: Collection[str] = (), among: Collection[int] = ()) -> tuple[PageRow, ...]:
        """Pages that the steps have not seen, oldest first, so that an edit follows what it edits.

        Those of the addresses in `last` come after all others; `among` names the only ones wanted.
        """
        pages = tables.pages
        waiting = select(pages).where(pages.c.processed_at.is_(None), pages.c.failed_at.is_(None))
        if among:
            waiting = waiting.where(pages.c.id.in_(among))
        return self._rows(waiting.order_by(pages.c.url.in_(sorted(last)), pages.c.id).limit(limit))

    def waiting(self, limit: int) -> tuple[int, ...]:
        """The numbers of pages that the steps have not seen, oldest first, each address's oldest alone.

        They can be judged at the same time: a later page of the same address waits for its turn.
        """
        pages, older = tables.pages, tables.pages.alias()
        unseen = select(pages.c.id).where(pages.c.processed_at.is_(None), pages.c.failed_at.is_(None))
        before = select(older.c.id).where(older.c.url == pages.c.url, older.c.id < pages.c.id)
        before = before.where(older.c.processed_at.is_(None), older.c.failed_at.is_(None))
        with self._database.read() as connection:
            return tuple(connection.scalars(unseen.where(~before.exists()).order_by(pages.c.id).limit(limit)))

    def since(self, date: datetime | None = None) -> Iterator[PageRow]:
        """The newest page of each address, of those fetched from `date` on: what judging again starts from."""
        pages, later = tables.pages, tables.pages.alias()
        newer = select(later.c.id).where(later.c.url == pages.c.url, later.c.revision > pages.c.revision)
        last = 0
        while True:
            query = select(pages).where(pages.c.id > last, ~newer.exists()).order_by(pages.c.id).limit(_STREAM)
            found = self._rows(query if date is None else query.where(pages.c.fetched_at >= date))
            yield from found
            if len(found) < _STREAM:
                return
            last = found[-1].id

    def mark_failed(self, page_id: int, message: str, *, now: datetime) -> None:
        """The steps cannot use this page; it is left out from now on, until it is judged again."""
        with self._database.write() as connection:
            values = {"failed_at": now, "failure": message}
            connection.execute(update(tables.pages).where(tables.pages.c.id == page_id).values(values))

    def lost(self, page_id: int, message: str, *, now: datetime) -> None:
        """The archive no longer holds this page's body; where no article came of it, it is fetched again."""
        pages, refusals = tables.pages, tables.refusals
        with self._database.write() as connection:
            page = connection.execute(select(pages).where(pages.c.id == page_id)).one_or_none()
            if page is None:
                return
            used = select(tables.revisions.c.page).where(tables.revisions.c.page == page_id)
            if page.processed_at is not None or connection.execute(used).first() is not None:
                values = {"failed_at": now, "failure": message}
                connection.execute(update(pages).where(pages.c.id == page_id).values(values))
                return
            connection.execute(delete(pages).where(pages.c.id == page_id))
            row = {"url": page.url, "source": page.source, "status": 0, "message": message, "attempts": 0}
            row |= {"first_at": now, "last_at": now, "retry_at": now}
            self._database.upsert(connection, refusals, row, keep=("first_at",))

    def refused(self, url: str, *, source: str, now: datetime, status: int, message: str) -> None:
        """An article could not be had; it counts as known until it is to be tried again, ever more rarely."""
        refusals = tables.refusals
        with self._database.write(hold=f"page {url}") as connection:
            old = connection.execute(select(refusals).where(refusals.c.url == url)).one_or_none()
            attempts = old.attempts + 1 if old else 1
            pause = min(_FIRST_RETRY * 2 ** min(attempts - 1, 16), _LONGEST_RETRY)
            row = {"url": url, "source": source, "status": status, "message": message, "attempts": attempts}
            row |= {"first_at": now, "last_at": now, "retry_at": now + pause}
            self._database.upsert(connection, refusals, row, keep=("first_at",))

    def to_retry(self, sources: Sequence[str], *, now: datetime, limit: int = 100) -> tuple[Refusal, ...]:
        """Refused articles whose time has come, `limit` of each source; also those that no feed lists any more."""
        table = tables.refusals
        due = select(table).where(table.c.retry_at <= now, table.c.source.in_(sources))
        return tuple(Refusal(**row) for row in self._first_of_each(due, table.c.source, table.c.retry_at, limit))

    def refusals(self, *, since: datetime) -> tuple[Refusal, ...]:
        """Articles that could not be had, as last tried from `since` on; the newest first."""
        table = tables.refusals
        query = select(table).where(table.c.last_at >= since).order_by(table.c.last_at.desc())
        with self._database.read() as connection:
            return tuple(Refusal(**row._mapping) for row in connection.execute(query))

    def to_recheck(
        self,
        sources: Sequence[str],
        *,
        now: datetime,
        limit: int,
        young: timedelta = timedelta(days=14),
        every: timedelta = timedelta(days=1),
    ) -> tuple[Recheck, ...]:
        """Articles younger than `young`, whose page was not asked for since `every` ago; `limit` of each source.

        And those of any age whose page was missing when it was last asked for.
        """
        articles = tables.articles
        due = (
            select(articles.c.url, articles.c.source, articles.c.checked_at)
            .where(
                and_(articles.c.dated_at > now - young, articles.c.checked_at <= now - every)
                | and_(articles.c.check_status == 404, articles.c.checked_at <= now - _SECOND_LOOK)
            )
            .where(articles.c.removed_at.is_(None), articles.c.source.in_(sources))
        )
        return tuple(
            Recheck(**row) for row in self._first_of_each(due, articles.c.source, articles.c.checked_at, limit)
        )

    def record_checked(self, url: str, *, now: datetime, status: int) -> None:
        """An article's page was asked for again; an answer of 200 or 304 means that it is there."""
        articles = tables.articles
        values: dict[str, Any] = {"checked_at": now, "check_status": status}
        if status in (200, 304):
            values["removed_at"] = None
        with self._database.write() as connection:
            url = resolve_url(connection, url)
            gone = select(articles.c.story).where(articles.c.url == url, articles.c.removed_at.is_not(None))
            back = connection.scalar(gone) if status in (200, 304) else None
            connection.execute(update(articles).where(articles.c.url == url).values(values))
            if back:
                refresh(self._database, connection, [back], now)

    def removed(self, url: str, *, now: datetime, status: int) -> bool:
        """Mark an article as taken off its site; it is kept. False where it is unknown, marked already, or not certain.

        410 says so at once. A 404 may be a site's bad hour: it counts when a later look finds it again.
        """
        articles = tables.articles
        with self._database.write(hold="articles") as connection:
            url = resolve_url(connection, url)
            row = connection.execute(select(articles).where(articles.c.url == url)).one_or_none()
            if row is None:
                return False
            values: dict[str, Any] = {"checked_at": now, "check_status": status}
            if row.removed_at is None and status != 410 and not _missing_before(row, now):
                # The first time it was missing stays noted, so that looks in between do not put off the second.
                first = row.checked_at if row.check_status == 404 else now
                values = {"checked_at": first, "check_status": 404}
                connection.execute(update(articles).where(articles.c.id == row.id).values(values))
                return False
            if row.removed_at is None:
                values["removed_at"] = now
                change = Change(url=url, kind=ChangeKind.REMOVED, at=now, before=row.title, after="")
                connection.execute(tables.changes.insert().values(row_of_change(row.id, change)))
                touch_story(connection, row.story, now)
            connection.execute(update(articles).where(articles.c.id == row.id).values(values))
            if row.removed_at is None:
                refresh(self._database, connection, [row.story], now)
            return row.removed_at is None

    def moved(self, old: str, new: str, *, now: datetime) -> None:
        """The page at `old` is now at `new` (both canonical): one article goes by the new address, both are known.

        Where both are articles already, each is kept, and the old one is marked as removed.
        """
        if old == new:
            return
        with self._database.write(hold="articles") as connection:
            # An address that comes back is no longer an old one.
            connection.execute(delete(tables.moves).where(tables.moves.c.old_url == new))
            self._database.upsert(connection, tables.moves, {"old_url": old, "new_url": new, "at": now})
            # Earlier moves to the old address lead to the new one at once.
            moves = tables.moves
            connection.execute(update(moves).where(moves.c.new_url == old).values(new_url=new))
            connection.execute(delete(tables.refusals).where(tables.refusals.c.url == old))
            story = _rename(connection, old, new, now)
            refresh(self._database, connection, [story] if story else [], now)

    def prune(self, before: datetime) -> int:
        """Forget the recorded answers of pages fetched before then, but not their addresses; returns how many."""
        pages = tables.pages
        old = pages.c.processed_at.is_not(None) | pages.c.failed_at.is_not(None)
        with self._database.write() as connection:
            return connection.execute(
                update(pages)
                .where(pages.c.fetched_at < before, old)
                .where(pages.c.warc_file.is_not(None) | pages.c.candidate.is_not(None))
                .values(warc_file=None, warc_offset=None, candidate=None)
            ).rowcount

    def counts(self) -> dict[str, int]:
        """How many pages there are, wait for the steps, and could not be used."""
        pages = tables.pages
        waiting = pages.c.processed_at.is_(None) & pages.c.failed_at.is_(None)
        with self._database.read() as connection:
            return {
                "pages": connection.scalar(select(func.count()).select_from(pages)) or 0,
                "waiting": connection.scalar(select(func.count()).where(waiting)) or 0,
                "failed": connection.scalar(select(func.count()).where(pages.c.failed_at.is_not(None))) or 0,
            }

    def _first_of_each(
        self, query: Select[Any], group: ColumnElement[Any], order: ColumnElement[Any], limit: int
    ) -> list[dict[str, Any]]:
        """The rows of a query in their order, no more than `limit` of each group."""
        number = func.row_number().over(partition_by=group, order_by=order).label("number")
        numbered = query.add_columns(number).subquery()
        columns = [column for column in numbered.c if column.name != "number"]
        first = select(*columns).where(numbered.c.number <= limit).order_by(numbered.c[str(order.key)])
        with self._database.read() as connection:
            return [dict(row._mapping) for row in connection.execute(first)]

    def _rows(self, query: Select[Any]) -> tuple[PageRow, ...]:
        with self._database.read() as connection:
            return tuple(_page_row(row) for row in connection.execute(query))


def _missing_before(row: AnyRow, now: datetime) -> bool:
    """Whether an earlier look, long enough ago, found the page missing already, and none since found it there."""
    return bool(row.check_status == 404 and row.checked_at <= now - _SECOND_LOOK)


def _rename(connection: Connection, old: str, new: str, now: datetime) -> str | None:
    """Let pages and article go by the new address; the article's story, if there is an article."""
    pages, articles = tables.pages, tables.articles
    taken = connection.execute(select(pages.c.id).where(pages.c.url == new).limit(1)).first() is not None
    if not taken:
        connection.execute(update(pages).where(pages.c.url == old).values(url=new))
    article = connection.execute(select(articles).where(articles.c.url == old)).one_or_none()
    if article is None:
        return None
    taken = taken or connection.execute(select(articles.c.id).where(articles.c.url == new)).first() is not None
    change = Change(url=old if taken else new, kind=ChangeKind.MOVED, at=now, before=old, after=new)
    connection.execute(tables.changes.insert().values(row_of_change(article.id, change)))
    values = {"removed_at": article.removed_at or now} if taken else {"url": new}
    connection.execute(update(articles).where(articles.c.id == article.id).values(values))
    touch_story(connection, article.story, now)
    story: str = article.story
    return story


def _page_row(row: AnyRow) -> PageRow:
    values = {name: row._mapping[name] for name in PageRow.__slots__}
    values["candidate"] = _candidate_from_json(values["candidate"])
    return PageRow(**values)


def _candidate_to_json(candidate: Candidate | None) -> dict[str, Any] | None:
    if candidate is None:
        return None
    values = asdict(candidate)
    for name in ("published_at", "modified_at"):
        values[name] = values[name].isoformat() if values[name] else None
    return {name: value for name, value in values.items() if value not in (None, ())}


def _candidate_from_json(values: dict[str, Any] | None) -> Candidate | None:
    if values is None:
        return None
    known = {name: value for name, value in values.items() if name in Candidate.__slots__}
    for name in ("published_at", "modified_at"):
        if known.get(name):
            known[name] = datetime.fromisoformat(known[name])
    known["categories"] = tuple(known.get("categories", ()))
    return Candidate(**known)
