"""Words, phrases and prefixes in the articles, in any language: FTS5 on SQLite, tsvector on PostgreSQL."""

import json
from typing import Any

from sqlalchemy import BindParameter, Connection, TextClause, bindparam, text

from presswatch.models import Level
from presswatch.store.database import Database
from presswatch.store.list_records import StoryFilter
from presswatch.store.records import Hit
from presswatch.store.tables import AnyRow, UtcTime, articles
from presswatch.store.words import Term, cut, first_place, places, terms

# PostgreSQL refuses a tsvector over 1 MB; so many words stay below it in every script. An article has 2,000.
_LONGEST_TEXT = 40_000
_EXCERPT = 220  # characters: two lines on a terminal, one paragraph on a page
_AROUND = 80  # characters beside it that tell whether a word ends with it
_RANKED = 300  # matches; of more, the best cannot be told in a page's time, and the newest are wanted more
_LOOKED_THROUGH = 10_000  # of the newest matches, for those that pass a filter
_TITLE_WEIGHT = 5.0  # a word in the headline counts as much as so many in the text


class Search:
    """Finds articles by their words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, words: str, *, limit: int = 20, wanted: StoryFilter | None = None) -> tuple[Hit, ...]:
        """The articles that hold all of `words` and pass the filter, the best first; of very many, the newest.

        "in quotes" is a phrase, `nsc*` a prefix, `-word` must not be there. Nothing
        is found where there is nothing to look for. A filter without levels takes every article.
        """
        looked_for = terms(words)
        if all(term.excluded for term in looked_for):
            return ()
        expression = (_for_fts5 if self._database.is_sqlite else _for_tsquery)(looked_for)
        conditions = _conditions(wanted) if wanted else {}
        with self._database.read() as connection:
            found = self._newest(connection, expression, _RANKED + 1)
            if len(found) <= _RANKED:
                found = self._passing(connection, found, conditions)
                found = self._best(connection, expression, found) if found else []
            elif conditions:
                found = self._newest_passing(connection, expression, conditions, limit)
            ranked = found[:limit]
            rows = {row.id: row for row in connection.execute(articles.select().where(articles.c.id.in_(ranked)))}
        return tuple(_hit(rows[found_id], looked_for) for found_id in ranked if found_id in rows)

    def _newest(self, connection: Connection, expression: str, limit: int) -> list[int]:
        query = _NEWEST_SQLITE if self._database.is_sqlite else _NEWEST_POSTGRESQL
        return [row[0] for row in connection.execute(text(query), {"expression": expression, "limit": limit})]

    def _passing(self, connection: Connection, ids: list[int], conditions: dict[str, Any]) -> list[int]:
        """Those of `ids` that pass the filter, in their order."""
        if not conditions:
            return ids
        listed = "IN (SELECT value FROM json_each(:ids))" if self._database.is_sqlite else "= ANY(:ids)"
        statement = f"SELECT a.id FROM {self._in_short} WHERE a.id {listed} AND {_where(conditions)}"  # noqa: S608
        values = conditions | {"ids": json.dumps(ids) if self._database.is_sqlite else ids}
        passing = {row[0] for row in connection.execute(_bound(statement, conditions), values)}
        return [found for found in ids if found in passing]

    def _newest_passing(
        self, connection: Connection, expression: str, conditions: dict[str, Any], limit: int
    ) -> list[int]:
        """The newest of very many matches that pass the filter; the engine looks no further than it has to."""
        matches = _NEWEST_SQLITE if self._database.is_sqlite else _NEWEST_POSTGRESQL
        # A cross join keeps SQLite from beginning with the articles.
        statement = f"""
            SELECT a.id FROM ({matches}) AS m CROSS JOIN {self._in_short} WHERE a.id = m.id AND {_where(conditions)}
            ORDER BY m.id DESC LIMIT :shown
        """  # noqa: S608  # no input
        values = conditions | {"expression": expression, "limit": _LOOKED_THROUGH, "shown": limit}
        return [row[0] for row in connection.execute(_bound(statement, conditions), values)]

    @property
    def _in_short(self) -> str:
        # SQLite would read the whole rows, texts and all, for what stands in this index.
        return "articles AS a INDEXED BY articles_in_short" if self._database.is_sqlite else "articles AS a"

    def _best(self, connection: Connection, expression: str, ids: list[int]) -> list[int]:
        """Few articles, the best first."""
        query = _BEST_SQLITE if self._database.is_sqlite else _BEST_POSTGRESQL
        wanted = set(ids)
        return [row[0] for row in connection.execute(text(query), {"expression": expression}) if row[0] in wanted]


def _where(conditions: dict[str, Any]) -> str:
    return " AND ".join(_PASSES[name] for name in conditions)


def _bound(statement: str, conditions: dict[str, Any]) -> TextClause:
    times = [bindparam(name, type_=UtcTime()) for name in ("since", "until") if name in conditions]
    lists: list[BindParameter[Any]] = [
        bindparam(name, expanding=True) for name, value in conditions.items() if isinstance(value, list)
    ]
    return text(statement).bindparams(*times, *lists)


def _conditions(wanted: StoryFilter) -> dict[str, Any]:
    """What the filter asks of articles, by the names of `_PASSES`."""
    values: dict[str, Any] = {
        "levels": [level.value for level in wanted.levels],
        "languages": list(wanted.languages),
        "sources": list(wanted.sources),
        "topics": list(wanted.topics),
        "organisations": list(wanted.organisations),
        "people": list(wanted.people),
        "places": list(wanted.places),
        "since": wanted.since,
        "until": wanted.until,
    }
    return {name: value for name, value in values.items() if value}


def index(database: Database, connection: Connection, article_id: int, title: str, body: str) -> None:
    """Make an article's words findable, in place of those it had before."""
    values = {"id": article_id, "title": " ".join(cut(title)), "body": " ".join(cut(body)[:_LONGEST_TEXT])}
    if database.is_sqlite:
        connection.execute(text("DELETE FROM search WHERE rowid = :id"), {"id": article_id})
        connection.execute(text("INSERT INTO search (rowid, title, body) VALUES (:id, :title, :body)"), values)
        return
    vector = "setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :body), 'D')"
    statement = f"INSERT INTO search (article, words) VALUES (:id, {vector})"  # noqa: S608  # no input in it
    connection.execute(text(statement + " ON CONFLICT (article) DO UPDATE SET words = excluded.words"), values)


_NEWEST_SQLITE = "SELECT rowid AS id FROM search WHERE search MATCH :expression ORDER BY rowid DESC LIMIT :limit"
_NEWEST_POSTGRESQL = """
    SELECT article AS id FROM search, to_tsquery('simple', :expression) AS question
    WHERE words @@ question ORDER BY article DESC LIMIT :limit
"""
_BEST_SQLITE = f"""
    SELECT rowid FROM search WHERE search MATCH :expression ORDER BY bm25(search, {_TITLE_WEIGHT}, 1.0), rowid DESC
"""  # noqa: S608  # a number of ours
_BEST_POSTGRESQL = """
    SELECT article FROM search, to_tsquery('simple', :expression) AS question
    WHERE words @@ question ORDER BY ts_rank('{0.2, 0.2, 0.2, 1.0}', words, question, 1) DESC, article DESC
"""


def _tagged(kind: str, name: str) -> str:
    here = f"t.article = a.id AND t.kind = '{kind}' AND t.name IN :{name}"
    return f"EXISTS (SELECT 1 FROM tags AS t WHERE {here})"  # noqa: S608  # words of ours


_PASSES = {
    "levels": "a.level IN :levels",
    "languages": "a.language IN :languages",
    "sources": "a.source IN :sources",
    "topics": _tagged("topic", "topics"),
    "organisations": _tagged("organisation", "organisations"),
    "people": _tagged("person", "people"),
    "places": _tagged("place", "places"),
    "since": "a.dated_at >= :since",
    "until": "a.dated_at < :until",
}


def _for_fts5(looked_for: tuple[Term, ...]) -> str:
    # Words hold letters and digits only (`words.cut`), so that quotes are all the quoting there is.
    wanted = [_fts5_phrase(term) for term in looked_for if not term.excluded]
    unwanted = [_fts5_phrase(term) for term in looked_for if term.excluded]
    return " AND ".join(wanted) if not unwanted else f"({' AND '.join(wanted)}) NOT ({' OR '.join(unwanted)})"


def _fts5_phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.prefix else "")


def _for_tsquery(looked_for: tuple[Term, ...]) -> str:
    return " & ".join(("!" if term.excluded else "") + f"({_tsquery_phrase(term)})" for term in looked_for)


def _tsquery_phrase(term: Term) -> str:
    quoted = [f"'{word}'" for word in term.words]
    return " <-> ".join(quoted) + (":*" if term.prefix else "")


def _hit(row: AnyRow, looked_for: tuple[Term, ...]) -> Hit:
    excerpt, marks = _excerpt(row.text, looked_for)
    return Hit(
        url=row.url,
        source=row.source,
        language=row.language,
        title=row.title,
        level=Level(row.level),
        story=row.story,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        excerpt=excerpt,
        marks=marks,
    )


def _excerpt(body: str, looked_for: tuple[Term, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part of the text around the first place, on one line; its beginning where only the headline has the words."""
    line = body.replace("\n", " ")
    first = first_place(line, looked_for)
    start = 0 if first is None else max(0, first - _EXCERPT // 3)
    if start:  # begin with a whole word, where the script has words
        space = line.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(line), start + _EXCERPT)
    before, after = "… " if start else "", " …" if end < len(line) else ""
    shift, around = len(before) - start, max(0, start - _AROUND)
    spans = places(line[around : end + _AROUND], looked_for) if first is not None else []
    marks = tuple(
        (a + around + shift, b + around + shift) for a, b in spans if a + around >= start and b + around <= end
    )
    return before + line[start:end] + after, marks
