"""What the steps cost on pages of a real newsroom's size, beside what trafilatura alone costs.

    python benchmarks/steps.py [--rounds 5]

The pages are those of the bundled sample newsroom: ten languages, about 90 kB
each. Every round runs each contender over the same pages, one after the other,
in this process; the best round counts, so that a busy machine disturbs little.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from trafilatura import bare_extraction

import pipelines
from pipelines import evidence, passages, relevance, selection, summary
from pipelines.extract import extract
from pipelines.knowledge import Knowledge
from pipelines.tagging import facts, names, topics
from presswatch import settings, urls
from presswatch.demo import newsroom
from presswatch.models import Known, Page
from presswatch.services import Services

Contender = Callable[[Page], object]


def sample_pages() -> Iterator[Page]:
    """Every article of the sample newsroom, as its server answers it."""
    with newsroom.start() as served:
        for number, article in enumerate(served.articles()):
            url = served.url(article.id)
            with urlopen(url) as answer:
                yield Page(
                    id=number,
                    url=urls.canonical(url),
                    source=article.site,
                    fetched_at=datetime.now(UTC),
                    status=200,
                    final_url=url,
                    content_type=answer.headers["Content-Type"],
                    body=answer.read(),
                )


def trafilatura_alone(one: Page) -> object:
    """trafilatura with the options that the steps use, on the whole page."""
    return bare_extraction(
        one.body, fast=True, favor_recall=True, include_comments=False, include_tables=True, with_metadata=False
    )


def whole_way(knowledge: Knowledge) -> Contender:
    """`pipelines.process`, with every page's story among those before it."""
    recent: dict[str, Known] = {}

    def run(one: Page) -> object:
        outcome = pipelines.process(one, knowledge, recent)
        recent[one.url] = outcome.known()
        return outcome

    return run


def judging(pages: Sequence[Page], knowledge: Knowledge, rounds: int) -> dict[str, float]:
    """Milliseconds per 1,000 words of each judging step, in its best round; a CJK character counts as half a word."""
    articles = [extract(one) for one in pages]
    words = sum(_words(article.document) for article in articles)
    best: dict[str, float] = {}
    for _ in range(rounds + 1):
        spent: dict[str, float] = {}

        def timed(name: str, step: Callable[[], object], spent: dict[str, float] = spent) -> object:
            began = time.perf_counter()
            result = step()
            spent[name] = spent.get(name, 0) + time.perf_counter() - began
            return result

        for article in articles:
            timed_steps(article, knowledge, timed)
        for name, seconds in spent.items():
            took = seconds * 1_000_000 / words
            best[name] = min(best.get(name, took), took)
    return best


def timed_steps(article: object, knowledge: Knowledge, timed: Callable[..., object]) -> None:
    from presswatch.models import Article

    assert isinstance(article, Article)
    document, language = article.document, article.language
    parts = timed("passages", lambda: passages.split(article))
    spans = [(p.start, p.end) for p in parts if p.kind != passages.BOILERPLATE]  # type: ignore[attr-defined]
    mentions = timed("names", lambda: names.find(document, spans, language, knowledge.names))
    figures = timed("facts", lambda: facts.find(document, spans, language))
    found = timed("evidence", lambda: evidence.read(article, parts, mentions, figures, knowledge))  # type: ignore[arg-type]
    verdict = timed("relevance", lambda: relevance.judge(found, knowledge))  # type: ignore[arg-type]
    timed("selection", lambda: selection.select(found, verdict, knowledge))  # type: ignore[arg-type]
    timed("topics", lambda: topics.find(found, verdict, knowledge))  # type: ignore[arg-type]
    timed("summary", lambda: summary.choose(found, verdict, figures, language))  # type: ignore[arg-type]


def _words(text: str) -> float:
    wide = sum(ord(char) > 0x2E80 for char in text)
    return len(text.split()) + wide / 2


def measure(contenders: dict[str, Contender], pages: Sequence[Page], rounds: int) -> dict[str, float]:
    """Milliseconds a page of each contender, in its best round."""
    best: dict[str, float] = {}
    for run in contenders.values():  # once before the clock: models are loaded, patterns compiled
        for one in pages:
            run(one)
    for _ in range(rounds):
        for name, run in contenders.items():
            began = time.perf_counter()
            for one in pages:
                run(one)
            took = (time.perf_counter() - began) * 1000 / len(pages)
            best[name] = min(best.get(name, took), took)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    pages = list(sample_pages())
    with tempfile.TemporaryDirectory() as folder, Services(settings.load(None, Path(folder), {})) as services:
        knowledge = services.knowledge
    contenders: dict[str, Contender] = {
        "trafilatura alone": trafilatura_alone,
        "extract": extract,
        "extract, unknown site": lambda one: extract(one, classes=()),
        "all steps": whole_way(knowledge),
    }
    size = sum(len(one.body) for one in pages) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB on average, best of {options.rounds} rounds")
    best = measure(contenders, pages, options.rounds)
    for name, took in best.items():
        print(f"{name:24s} {took:7.2f} ms a page   {took / best['trafilatura alone']:5.2f} x")
    print("\nThe judging steps, in milliseconds per 1,000 words:")
    steps = judging(pages, knowledge, options.rounds)
    for name, took in steps.items():
        print(f"{name:24s} {took:7.2f}")
    print(f"{'together':24s} {sum(steps.values()):7.2f}")


if __name__ == "__main__":
    main()
