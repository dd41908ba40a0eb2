"""Articles with their names marked in the text, so that a table of cases shows what the judge is told."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines import evidence, passages, relevance, selection, summary
from pipelines.knowledge import Knowledge, compile_knowledge
from pipelines.passages import Passage
from pipelines.tagging import topics
from pipelines.tagging.names import Mention, NameIndex, build
from presswatch import watches
from presswatch.gazetteer import Gazetteer
from presswatch.models import Article, Fact, Tag, TagKind, Verdict

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
_MARK = re.compile(
    r"\{(?P<abroad>-?)(?P<kind>[a-z]+) (?P<surface>[^}|=]+)(?:=(?P<name>[^}|]+))?(?:\|(?P<note>[^}]+))?\}"
)


def _mentions(text: str, offset: int) -> tuple[str, list[Mention]]:
    """The text without its marks, and what they marked."""
    plain, found, done = "", [], 0
    for mark in _MARK.finditer(text):
        plain += text[done : mark.start()]
        start = offset + len(plain)
        plain += mark["surface"]
        done = mark.end()
        found.append(
            Mention(
                name=mark["name"] or mark["surface"],
                kind=mark["kind"],
                start=start,
                end=offset + len(plain),
                surface=mark["surface"],
                uk=not mark["abroad"],
                weight=1.0,
                note=mark["note"] or "",
                listed=False,
            )
        )
    return plain + text[done:], found


@cache
def empty_index() -> NameIndex:
    """The marks take the place of the lists."""
    return build((), Gazetteer(country="GB"), "GB")


@cache
def knowledge(watch: Path = CONFIG / "watches" / "uk-ai.yaml") -> Knowledge:
    find = {"vocabulary.yaml": CONFIG / "vocabulary.yaml"}.__getitem__
    rules = watches.load_topic_rules(CONFIG / "topics.yaml")
    return compile_knowledge(watches.load_watch(watch, find), empty_index(), rules)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One marked article and all that the judging steps made of it."""

    article: Article
    passages: tuple[Passage, ...]
    found: evidence.Evidence
    verdict: Verdict
    topics: tuple[Tag, ...]
    tags: tuple[Tag, ...]
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]

    def names(self, kind: TagKind) -> set[str]:
        return {tag.name for tag in self.tags if tag.kind == kind}


def judge(title: str, text: str, language: str = "en", known: Knowledge | None = None) -> Judged:
    """Run the judging steps on a marked article."""
    known = known or knowledge()
    plain_title, mentions = _mentions(title, 0)
    plain_text, more = _mentions(text.strip(), len(plain_title) + 1)
    article = plain(plain_title, plain_text, language)
    parts = passages.split(article)
    news = [part for part in parts if part.is_news]
    named = tuple(m for m in (*mentions, *more) if any(p.start <= m.start and m.end <= p.end for p in news))
    found = evidence.read(article, parts, named, known)
    verdict = relevance.judge(found, known)
    tags, told = selection.select(found, verdict, known)
    return Judged(
        article=article,
        passages=parts,
        found=found,
        verdict=verdict,
        topics=topics.find(found, verdict, known, language),
        tags=tags,
        facts=told,
        summary=summary.choose(found, verdict, told, language),
    )


def lines(document: str) -> list[tuple[int, int]]:
    """The span of each line."""
    spans, at = [], 0
    for line in document.split("\n"):
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def plain(title: str, text: str, language: str = "en") -> Article:
    """An article without marks, without a source that matters."""
    return Article(
        url="https://news.example/a",
        source="example",
        language=language,
        title=title,
        text=text,
        first_seen_at=datetime(2027, 3, 1, tzinfo=UTC),
    )


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """The articles of tests/data/judged, with their labels."""
    return tuple(yaml.safe_load((ROOT / "tests" / "data" / "judged" / "articles.yaml").read_text("utf-8")))
