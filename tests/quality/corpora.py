"""The labelled corpora, judged: our own sample, which is always there, and those beside the checkout."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import pipelines
from pipelines.knowledge import Knowledge
from pipelines.recent import Recent
from presswatch import exports, jobs, settings, urls
from presswatch.demo import articles as sample_articles
from presswatch.demo import newsroom as sample_newsroom
from presswatch.models import Outcome, Page, Version
from presswatch.services import Services
from tests import labelled
from tests.quality import scores
from tests.quality.scores import Judged

# Where each corpus lies. The first three are part of the project; the others are skipped where they are missing.
FILES = {
    "sample": sample_articles.BUNDLED,
    "strangers": Path(__file__).parent.parent / "data" / "strangers" / "articles.jsonl",
    "fresh": Path(__file__).parent.parent / "data" / "fresh" / "articles.jsonl",
    "real": labelled.FOLDER / "real.jsonl",
    "labelled": labelled.FOLDER / "articles.jsonl",
}


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One corpus with everything that was measured on it."""

    name: str
    judged: tuple[Judged, ...]
    figures: Mapping[str, float]


def digest(name: str) -> str:
    """What tells whether a corpus is the one that its floors were measured on."""
    return hashlib.sha256(FILES[name].read_bytes()).hexdigest()


# What is told of the third that is set aside and of the rest beside one another.
_TOLD_APART = (
    "relevant.precision", "relevant.recall", "relevant_not_english.precision", "relevant_not_english.recall", "level",
    "topics.f1", "organisations.f1", "people.f1", "places.f1", "facts.f1",
)  # fmt: skip


@cache
def score(name: str) -> Scored:
    """Judge a corpus."""
    if name in ("strangers", "fresh"):
        return _plainly(name)
    return {"sample": _sample, "real": _real, "labelled": _labelled}[name]()


def set_aside(one: Judged) -> bool:
    """Whether an article of the labelled corpus is of the third that no rule was tuned on."""
    return int(hashlib.sha256(one.id.encode()).hexdigest(), 16) % 3 == 0


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@cache
def knowledge() -> Knowledge:
    """What the steps know, from the bundled configuration."""
    with TemporaryDirectory() as folder, Services(settings.load(None, Path(folder), {})) as services:
        return services.knowledge


def judge(pages: Iterable[Page]) -> list[Outcome]:
    """The outcomes of pages that come in this order, each among those before it, in the stories of the end."""
    recent = Recent()
    outcomes: dict[str, Outcome] = {}
    for page in pages:
        outcome = pipelines.process(page, knowledge(), recent)
        outcomes[outcome.article.url] = outcome
        moved = dict(outcome.moves) | {u: outcome.story for u, o in outcomes.items() if o.story in outcome.merges}
        for url, story in moved.items():
            outcomes[url] = replace(outcomes[url], story=story)
        recent = Recent(one.known() for one in outcomes.values())
    return list(outcomes.values())


def as_row(outcome: Outcome) -> dict[str, Any]:
    """The row of the export that would come of an outcome."""
    return exports.row(
        Version(
            article=outcome.article,
            verdict=outcome.verdict,
            tags=outcome.tags,
            facts=outcome.facts,
            summary=outcome.summary,
            story=outcome.story,
        )
    )


def page(url: str, html: bytes, *, number: int, language: str, at: datetime) -> Page:
    """A page as a crawl stores it."""
    return Page(
        id=number,
        url=urls.canonical(url),
        source="corpus",
        fetched_at=at,
        status=200,
        final_url=url,
        content_type="text/html; charset=utf-8",
        body=html,
        source_language=language,
    )


@cache
def sample_html() -> dict[str, str]:
    """The pages of our own sample by their articles' ids, as its server answers."""
    found = {}
    with sample_newsroom.start() as newsroom:
        for article in newsroom.articles():
            with urlopen(newsroom.url(article.id)) as answer:
                found[article.id] = answer.read().decode()
    return found


def _sample() -> Scored:
    articles = sorted(_rows(FILES["sample"]), key=lambda a: str(a["published_at"]))
    pages = []
    for number, article in enumerate(articles):
        url = f"https://{article['site']}.example/{article['slug']}"
        html = sample_html()[article["id"]].encode()
        at = datetime.fromisoformat(article["published_at"]) + timedelta(hours=1)
        pages.append(page(url, html, number=number, language=article["language"], at=at))
    rows = {outcome.page_id: as_row(outcome) for outcome in judge(pages)}
    judged = tuple(scores.judged(article, rows[number]) for number, article in enumerate(articles))
    return Scored(name="sample", judged=judged, figures=scores.figures(judged))


def _plainly(name: str) -> Scored:
    """Articles about companies and towns that no list held when they were written, in the simplest pages.

    The strangers' are by another hand than the rules', the fresh ones by the same hand, before the rules were mended.
    """
    articles = sorted(_rows(FILES[name]), key=lambda a: str(a["published_at"]))
    pages = []
    for number, article in enumerate(articles):
        url = f"https://{article['site']}.example/{article['slug']}"
        at = datetime.fromisoformat(article["published_at"]) + timedelta(hours=1)
        pages.append(page(url, _plain(article), number=number, language=article["language"], at=at))
    rows = {outcome.page_id: as_row(outcome) for outcome in judge(pages)}
    judged = tuple(scores.judged(article, rows[number]) for number, article in enumerate(articles))
    return Scored(name=name, judged=judged, figures=scores.figures(judged))


def _plain(article: Mapping[str, Any]) -> bytes:
    """The simplest page that an article can stand in."""
    blocks = []
    for text in article["body"]:
        mark = next((m for m in ("## ", "- ") if text.startswith(m)), "")
        inner = escape(text.removeprefix(mark))
        blocks.append({"## ": f"<h2>{inner}</h2>", "- ": f"<ul><li>{inner}</li></ul>"}.get(mark, f"<p>{inner}</p>"))
    title = escape(article["title"])
    return (
        f'<!DOCTYPE html><html lang="{article["language"]}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{article["published_at"]}"></head><body><main><article>'
        f"<h1>{title}</h1>{''.join(blocks)}</article></main></body></html>"
    ).encode()


def _real() -> Scored:
    newsroom = labelled.module("newsroom")
    world = newsroom.World([FILES["real"]], 8800, None)
    articles = sorted(world.articles, key=lambda a: str(a["published_at"]))
    pages = []
    for number, article in enumerate(articles):
        html = newsroom.article_page(world, article).encode()
        at = newsroom.when(article["published_at"]) + timedelta(hours=1)
        pages.append(page(world.url(article), html, number=number, language=article["language"], at=at))
    rows = {outcome.page_id: as_row(outcome) for outcome in judge(pages)}
    judged = tuple(scores.judged(article, rows[number]) for number, article in enumerate(articles))
    return Scored(name="real", judged=judged, figures=scores.figures(judged))


def _labelled() -> Scored:
    """The whole way, from the served newsroom to the export, and scored by that newsroom's own scorer too."""
    with TemporaryDirectory() as name, labelled.serve() as world:
        folder = Path(name)
        config = labelled.write_config(world, folder / "config")
        with Services(settings.load(config, folder / "data", {})) as services:
            crawled = jobs.crawl(services, services.enabled, mode="backfill", since=datetime(2024, 1, 1, tzinfo=UTC))
            assert not crawled.failed
            assert not jobs.process(services, datetime.now(UTC)).failed
            exports.write(services.store, "jsonl", folder / "export.jsonl")
        assert not any(world.disallowed.values())
        assert max(world.peak.values()) == 1
        rows = _rows(folder / "export.jsonl")
        articles = _rows(FILES["labelled"])
        by_url = {row["url"]: row for row in rows}
        judged = tuple(scores.judged(a, by_url.get(urls.canonical(world.url(a)))) for a in articles)
    result, _ = labelled.module("score").score(rows, articles)
    found = {}
    for figure, value in result.items():
        found |= {f"{figure}.{part}": v for part, v in value.items()} if isinstance(value, dict) else {figure: value}
    for aside, which in ((True, "set_aside"), (False, "tuned_on")):
        part = scores.figures([one for one in judged if set_aside(one) is aside])
        found |= {f"{which}.{figure}": part[figure] for figure in _TOLD_APART if figure in part}
    return Scored(name="labelled", judged=judged, figures=found)
