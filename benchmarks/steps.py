"""What the steps cost: on whole pages beside bare trafilatura, and on articles of 1,000 words by step and language.

    python -m benchmarks.steps [--rounds 7]

The pages are those of the bundled sample newsroom: ten languages, about 115 kB
each. The articles are made by `articles.py`, each text once: posts, as full of
names and figures as those that the newsrooms publish, and news of the country
throughout, the dearest kind. Processor time counts, not the clock's; of every
page, article and step the quickest of all rounds, because whatever else the
machine does can only add to it. What is compared takes turns in one process.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch
from urllib.request import urlopen

from trafilatura import bare_extraction

import pipelines
from benchmarks import articles, crowd
from pipelines import evidence, fingerprint, passages, relevance, selection, summary
from pipelines.extract import extract
from pipelines.knowledge import Knowledge
from pipelines.recent import Recent
from pipelines.tagging import facts, names, topics
from presswatch import settings, urls
from presswatch.demo import newsroom
from presswatch.memory import collect_seldom
from presswatch.models import Article, Page
from presswatch.services import Services

Contender = Callable[[Page], object]
Result = TypeVar("Result")
STEPS = ("passages", "names", "facts", "evidence", "relevance", "selection", "topics", "summary", "fingerprint")
ALLOWED = 3.0  # milliseconds for all judging steps, an article of 1,000 words
PER_LANGUAGE = 4  # articles
TIMES = 10  # as many names
ALLOWED_TIMES = 1.3


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
    recent = Recent()

    def run(one: Page) -> object:
        outcome = pipelines.process(one, knowledge, recent)
        recent[one.url] = outcome.known()
        return outcome

    return run


def judged(article: Article, knowledge: Knowledge) -> dict[str, float]:
    """The milliseconds of each judging step on one article.

    Figures are read when a later step asks for those of a passage, so their time is taken off that step's.
    """
    took = dict.fromkeys(STEPS, 0.0)
    clock = time.process_time

    def timed(step: str, call: Callable[..., Result], *given: object) -> Result:
        before, began = took["facts"], clock()
        result = call(*given)
        took[step] += clock() - began - (took["facts"] - before)
        return result

    document, language = article.document, article.language
    with patch.object(facts, "find", partial(timed, "facts", facts.find)):
        parts = timed("passages", passages.split, article)
        spans = [(part.start, part.end) for part in parts if part.kind != passages.BOILERPLATE]
        mentions = timed("names", names.find, document, spans, language, knowledge.names)
        found = timed("evidence", evidence.read, article, parts, mentions, knowledge)
        verdict = timed("relevance", relevance.judge, found, knowledge)
        told_names, told_facts = timed("selection", selection.select, found, verdict, knowledge)
        told_topics = timed("topics", topics.find, found, verdict, knowledge, language)
        timed("summary", summary.choose, found, verdict, told_facts, language)
        text = "\n".join([document[start:end] for start, end in spans[1:]])
        print_of = partial(fingerprint.fingerprint, text=text)
        timed("fingerprint", print_of, article, (*told_topics, *told_names), told_facts)
    return {step: seconds * 1000 for step, seconds in took.items()}


def judging(written: Sequence[Article], knowledge: Knowledge, rounds: int) -> list[dict[str, float]]:
    """The milliseconds of each judging step on each article, in its quickest round."""
    best: list[dict[str, float]] = [{} for _ in written]
    for _ in range(rounds + 1):
        for mine, article in zip(best, written, strict=True):
            for step, took in judged(article, knowledge).items():
                mine[step] = min(mine.get(step, took), took)
    return best


def more_names(written: Sequence[Article], few: Knowledge, many: Knowledge, rounds: int) -> float:
    """How many times as long names take with `many` as with `few`; the two take turns on every article."""
    spent = {id(few): 0.0, id(many): 0.0}
    for article in (articles.headed(one, few.watch.country.names[one.language][0]) for one in written):
        parts = [(p.start, p.end) for p in passages.split(article) if p.kind != passages.BOILERPLATE]
        best: dict[int, float] = {}
        for _ in range(rounds + 1):
            for knowledge in (few, many):
                began = time.process_time()
                names.find(article.document, parts, article.language, knowledge.names)
                took = time.process_time() - began
                best[id(knowledge)] = min(best.get(id(knowledge), took), took)
        for which, took in best.items():
            spent[which] += took
    return spent[id(many)] / spent[id(few)]


def measure(contenders: dict[str, Contender], pages: Sequence[Page], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each contender on each page, in its quickest round."""
    best: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():  # once before the clock: models are loaded, patterns compiled
        for one in pages:
            run(one)
    for one in pages:
        quickest: dict[str, float] = {}
        for _ in range(rounds):
            for name, run in contenders.items():
                began = time.process_time()
                run(one)
                took = (time.process_time() - began) * 1000
                quickest[name] = min(quickest.get(name, took), took)
        for name, took in quickest.items():
            best[name].append(took)
    return best


def show_pages(best: Mapping[str, Sequence[float]], pages: Sequence[Page]) -> None:
    size = sum(len(one.body) for one in pages) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB on average: median milliseconds of processor time, and ratio")
    bare = best["trafilatura alone"]
    for name, took in best.items():
        ratio = statistics.median(mine / other for mine, other in zip(took, bare, strict=True))
        print(f"{name:24s} {statistics.median(took):7.2f} ms a page   {ratio:5.2f} x")


def show_judging(kind: str, by_language: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    print(f"\nThe judging steps on {kind} of 1,000 words, in milliseconds; {ALLOWED:g} are allowed")
    print(f"{'':9s}" + "".join(f"{step[:9]:>10s}" for step in (*STEPS, "together")))
    for language, rows in by_language.items():
        medians = [statistics.median(row[step] for row in rows) for step in STEPS]
        together = statistics.median(sum(row.values()) for row in rows)
        mark = "" if together <= ALLOWED else "  too much"
        print(f"{language:9s}" + "".join(f"{took:10.2f}" for took in (*medians, together)) + mark)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Services(settings.load(None, Path(folder), {})) as services:
        knowledge = services.knowledge
    collect_seldom()  # as the job that judges does
    pages = list(sample_pages())
    contenders: dict[str, Contender] = {
        "trafilatura alone": trafilatura_alone,
        "extract": extract,
        "extract, unknown site": lambda one: extract(one, classes=()),
        "all steps": whole_way(knowledge),
    }
    show_pages(measure(contenders, pages, options.rounds), pages)

    written = {name: [articles.make(name, n) for n in range(PER_LANGUAGE)] for name in articles.LANGUAGES}
    posts = {name: [articles.make_post(name, n) for n in range(PER_LANGUAGE)] for name in articles.LANGUAGES}
    for kind, of_kind in (("posts", posts), ("news of the country", written)):
        show_judging(kind, {name: judging(some, knowledge, options.rounds) for name, some in of_kind.items()})

    many = replace(knowledge, names=crowd.enlarged(TIMES))
    ratio = more_names([some[0] for some in written.values()], knowledge, many, options.rounds)
    few_size, many_size = knowledge.names.matcher.size, many.names.matcher.size
    print(f"\n{many_size:,} spellings instead of {few_size:,}: names take {ratio:.2f} times as long;", end=" ")
    print(f"{ALLOWED_TIMES:g} are allowed")


if __name__ == "__main__":
    main()
