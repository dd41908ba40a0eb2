"""Words, phrases and prefixes in the articles, in any language: FTS5 on SQLite, tsvector on PostgreSQL."""

from sqlalchemy import Connection, text

from presswatch.models import Level
from presswatch.store.database import Database
from presswatch.store.records import Hit
from presswatch.store.tables import AnyRow, articles
from presswatch.store.words import Term, cut, places, terms

# PostgreSQL refuses a tsvector over 1 MB; so many words stay below it in every script. An article has 2,000.
_LONGEST_TEXT = 40_000
_EXCERPT = 220  # characters: two lines on a terminal, one paragraph on a page
_TITLE_WEIGHT = 5.0  # a word in the headline counts as much as so many in the text


class Search:
    """Finds articles by their words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, words: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """The articles that hold all of `words`, the best first.

        "in quotes" is a phrase, `nsc*` a prefix, `-word` must not be there. Nothing
        is found where there is nothing to look for.
        """
        looked_for = terms(words)
        if all(term.excluded for term in looked_for):
            return ()
        query = _SQLITE if self._database.is_sqlite else _POSTGRESQL
        expression = (_for_fts5 if self._database.is_sqlite else _for_tsquery)(looked_for)
        with self._database.read() as connection:
            found = connection.execute(text(query), {"expression": expression, "limit": limit})
            ranked = [row[0] for row in found]
            chosen = articles.select().where(articles.c.id.in_(ranked))
            rows = {row.id: row for row in connection.execute(chosen)}
        return tuple(_hit(rows[found_id], looked_for) for found_id in ranked if found_id in rows)


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


_SQLITE = f"""
    SELECT rowid FROM search WHERE search MATCH :expression
    ORDER BY bm25(search, {_TITLE_WEIGHT}, 1.0), rowid DESC LIMIT :limit
"""  # noqa: S608  # a number of ours
_POSTGRESQL = """
    SELECT article FROM search, to_tsquery('simple', :expression) AS question
    WHERE words @@ question ORDER BY ts_rank('{0.2, 0.2, 0.2, 1.0}', words, question, 1) DESC, article DESC LIMIT :limit
"""


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
    spans = places(line, looked_for)
    start = max(0, spans[0][0] - _EXCERPT // 3) if spans else 0
    if start:  # begin with a whole word, where the script has words
        space = line.find(" ", start, spans[0][0])
        start = space + 1 if space >= 0 else start
    end = min(len(line), start + _EXCERPT)
    before, after = "… " if start else "", " …" if end < len(line) else ""
    shift = len(before) - start
    marks = tuple((a + shift, b + shift) for a, b in spans if a >= start and b <= end)
    return before + line[start:end] + after, marks
