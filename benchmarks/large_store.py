"""A store of any size, made up but shaped like the real one.

    python -m benchmarks.large_store FILE [--articles 100000]

Fifteen articles of a hundred are news of the watch, five more mention it. They are
in ten languages, of eleven years; a third of the stories have several versions.
Names are drawn as names are met: a few everywhere, most of them once or twice. The
rows go in by the thousand, and what lists show is made by the store itself.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from presswatch.models import Level
from presswatch.store import Store, outline, tables
from presswatch.store.database import Database
from presswatch.store.words import cut

UNTIL = datetime(2026, 9, 30, 12, tzinfo=UTC)
_YEARS = 11
_PORTION = 2000  # articles a transaction
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh", "nl")
_SHARES = (40, 9, 9, 9, 7, 5, 7, 7, 6, 1)
SOURCES = ("nvidia-blog", "nvidia-newsroom", "nvidia-developer", "nvidia-blog-fr", "nvidia-blog-de", "nvidia-blog-jp")
TOPICS = ("investment", "infrastructure", "supercomputing", "quantum", "robotics", "research", "skills", "startups")
_WORDS = {
    "ja": "英国 政府 投資 計算 研究 大学 開発 機械 学習 発表 企業 協力 技術 世界 新しい 施設 電力 人材 育成 医療",
    "ko": "영국 정부 투자 컴퓨팅 연구 대학 개발 기계 학습 발표 기업 협력 기술 세계 시설 전력 인재 육성 의료 데이터",
    "zh": "英國 政府 投資 計算 研究 大學 開發 機器 學習 發布 企業 合作 技術 世界 設施 電力 人才 培育 醫療 資料",
}
_SYLLABLES = "ka lo ri ten mar vi so del pra nu be tin gor as el um fi qua st er".split()


def zipf(random_: random.Random, names: list[str], count: int) -> list[str]:
    """Some of `names`, the first far more often than the last."""
    size = len(names)
    return list(dict.fromkeys(names[int(size ** random_.random()) - 1] for _ in range(count)))


def made_up(random_: random.Random, count: int, parts: tuple[int, int] = (2, 4)) -> list[str]:
    """Words that no language has."""
    return ["".join(random_.choices(_SYLLABLES, k=random_.randint(*parts))) for _ in range(count)]


class Writer:
    """Makes up articles; the same seed gives the same ones."""

    def __init__(self, articles: int, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.articles = articles
        words = ["nvidia", "ai", "gpu", "data", "model", *made_up(self.random, 20_000)]
        self.words = {language: _WORDS.get(language, "").split() or words for language in LANGUAGES}
        self.organisations = ["UK Government", "Nscale", "CoreWeave", *(w.title() for w in made_up(self.random, 1500))]
        self.places = ["United Kingdom", "London", "Cambridge", "Bristol", "Loughton", "Leeds", "Cardiff", "Edinburgh"]
        self.places += [w.title() for w in made_up(self.random, 500)]
        self.people = [f"{a.title()} {b.title()}" for a, b in itertools.pairwise(made_up(self.random, 800))]

    def rows(self) -> Iterator[dict[str, list[dict[str, Any]]]]:
        """Rows by table, one article at a time."""
        story, left = 0, 0
        for number in range(1, self.articles + 1):
            if not left:
                story, left = number, self.random.choices((1, 2, 4, 8), (67, 15, 12, 6))[0]
                level = self.random.choices((Level.FOCUS, Level.PART, Level.MENTION, Level.NONE), (10, 5, 5, 80))[0]
                age = timedelta(days=_YEARS * 365) * self.random.random() ** 1.5
            left -= 1
            yield self._article(number, story, level, UNTIL - age)

    def _article(self, number: int, story: int, level: Level, at: datetime) -> dict[str, list[dict[str, Any]]]:
        draw = self.random
        language = draw.choices(LANGUAGES, _SHARES)[0]
        told = level.relevant
        names = {
            "organisation": zipf(draw, self.organisations, draw.randint(1, 5)) if told else [],
            "place": zipf(draw, self.places, draw.randint(1, 4)) if told else [],
            "person": zipf(draw, self.people, draw.randint(0, 2)) if told else [],
            "topic": draw.sample(TOPICS, draw.randint(1, 3)) if told else [],
        }
        values = {int(1000 ** draw.random()) for _ in range(draw.randint(0, 3))} if told else set()
        figures = [(f"£{value} million", value * 1e6) for value in sorted(values)]
        headline = " ".join(zipf(draw, self.words[language], 9)).capitalize()
        lines = [" ".join(zipf(draw, self.words[language], 60)).capitalize() + "." for _ in range(draw.randint(3, 9))]
        for words, _ in figures:
            who = " and ".join(names["organisation"][:2])
            lines.insert(1, f"{who} will put {words} into {names['place'][0]} by the end of {at.year + 2}.")
        body = "\n".join(lines)
        document = f"{headline}\n{body}"
        url = f"https://blogs.example.com/{language}/{number}"
        page = {
            "id": number, "url": url, "revision": 1, "source": draw.choice(SOURCES), "fetched_at": at, "status": 200,
            "final_url": url, "content_type": "text/html", "content_hash": str(number), "warc_file": None,
            "warc_offset": None, "via": "page", "note": None, "candidate": None, "source_language": None,
            "processed_at": at, "failed_at": None, "failure": None,
        }  # fmt: skip
        article = {
            "id": number, "url": url, "source": page["source"], "language": language, "title": headline, "text": body,
            "author": None, "published_at": at, "published_from": "feed", "modified_at": None, "first_seen_at": at,
            "dated_at": at, "via": "page", "note": None, "alternates": [], "page": number, "revisions": 1,
            "story": f"s{story}", "watch": "uk-ai", "level": level.value, "score": round(draw.random(), 3),
            "reasons": [
                {"kind": "place", "weight": 1.0, "quote": headline[:9], "start": 0, "end": 9, "text": "A place."}
            ],
            "passages": [[0, len(headline)]], "summary": [line[:200] for line in lines[:2]] if told else [],
            "simhash": draw.getrandbits(64), "slug": f"news-{story}", "traits": [], "saved_at": at, "checked_at": at,
            "check_status": 200, "removed_at": None,
        }  # fmt: skip
        tags = [
            {"article": number, "position": position, "kind": kind, "name": name, "quote": name, "start": 0, "end": 9}
            for position, (kind, name) in enumerate((kind, name) for kind, some in names.items() for name in some)
        ]
        facts = [
            {
                "article": number, "position": position, "kind": "money", "value": value, "unit": "GBP", "quote": words,
                "start": document.index(words), "end": document.index(words) + len(words),
                "qualifier": draw.choice(("", "", "up to")),
            }
            for position, (words, value) in enumerate(figures)
        ]  # fmt: skip
        revision = {"article": number, "number": 1, "at": at, "title": headline, "text": body, "page": number}
        stories = [{"id": f"s{story}", "first_seen_at": at, "changed_at": at, "merged_into": None}]
        return {
            "pages": [page], "stories": stories if story == number else [], "articles": [article],
            "revisions": [revision], "tags": tags, "facts": facts,
            "search": [{"id": number, "title": " ".join(cut(headline)), "body": " ".join(cut(body))}],
        }  # fmt: skip


def make(file: Path, articles: int, writer: Writer | None = None) -> None:
    """Make the store `file`, which must not be there yet; `writer` makes up other articles than the usual ones."""
    Store.open(f"sqlite:///{file}").close()
    database = Database(f"sqlite:///{file}")
    started = time.monotonic()
    rows = (writer or Writer(articles)).rows()
    while portion := list(itertools.islice(rows, _PORTION)):
        with database.write() as connection:
            for name in portion[0]:
                values = [row for one in portion for row in one[name]]
                if name == "search":
                    connection.execute(
                        text("INSERT INTO search (rowid, title, body) VALUES (:id, :title, :body)"), values
                    )
                elif values:
                    connection.execute(tables.metadata.tables[name].insert(), values)
    print(f"{articles:,} articles in {time.monotonic() - started:.0f} s", file=sys.stderr)
    started = time.monotonic()
    with database.write() as connection:
        connection.execute(tables.made.delete())
    outline.bring_up_to_date(database)
    print(f"what lists show of them in {time.monotonic() - started:.0f} s", file=sys.stderr)
    database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    make(given.file, given.articles)
