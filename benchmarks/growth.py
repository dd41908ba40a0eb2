"""How each cost grows with what there is: 10, 100, 1,000 and 10,000 sources, articles and names.

    python -m benchmarks.growth [--sizes 10 100 1000 10000] [--repeats 5] [--only sources articles names]

What is measured is processor time, the median of the repeats. The exponent is
the slope of the cost over the size, both as logarithms: 1 is in proportion, 2
its square. Exit status 1: some exponent is above 1.1.

*Sources*: one crawl of so many feeds that have nothing new, less what a crawl of
one takes. Sizes whose cost drowns in that start-up are shown and left out of the
exponent. *Articles*: what is known is judged against, told and shown: as many
articles once more, each at the cost that the next one has; an edition; a page.
*Names*: an index of so many, and an article that is looked through for them.
"""

import argparse
import asyncio
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from html import escape
from math import log
from pathlib import Path
from typing import Any

from benchmarks import articles, crowd, large_store, pages
from benchmarks.large_store import UNTIL
from benchmarks.polling import Presswatch, Taken, feed_server
from pipelines import passages
from pipelines.tagging import index, names
from presswatch import jobs, settings
from presswatch.gazetteer import Gazetteer
from presswatch.memory import collect_seldom
from presswatch.models import Candidate
from presswatch.services import Services
from presswatch.store.records import PageDraft, content_hash
from presswatch.web.app import create_app

ALLOWED = 1.1
SIZES = (10, 100, 1000, 10_000)
A_DAY = 25.0  # articles, as the sources that come with presswatch bring them
FORTNIGHT = 14.0  # days within which two articles may tell one story
_BATCH = 5  # articles judged at a time, or as many as a quarter of an hour brings
_DROWNED = 0.2  # of the start-up: what is less cannot be told from its ups and downs


@dataclass(kw_only=True)
class Growth:
    """What one thing costs at each size, in milliseconds of processor time."""

    what: str
    costs: dict[int, float] = field(default_factory=dict)
    drowned: set[int] = field(default_factory=set)

    @property
    def exponent(self) -> float | None:
        """The slope of log cost over log size; None where fewer than two sizes count."""
        return exponent({size: cost for size, cost in self.costs.items() if size not in self.drowned})


def exponent(costs: dict[int, float]) -> float | None:
    """The e of cost = factor x size^e that fits best, by least squares of the logarithms."""
    told = {size: cost for size, cost in costs.items() if cost > 0}
    if len(told) < 2:
        return None
    return statistics.linear_regression([log(size) for size in told], [log(cost) for cost in told.values()]).slope


def spent(work: Callable[[], object]) -> float:
    """Milliseconds of processor time of this process."""
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def _median(work: Callable[[], object], repeats: int) -> float:
    work()  # what is made on first use is made
    return statistics.median(spent(work) for _ in range(repeats))


# Sources


def sources(sizes: Sequence[int], repeats: int) -> Iterator[Growth]:
    """A crawl of so many unchanged feeds, in a process of its own as the service starts it."""
    row = Growth(what="a crawl of N sources with nothing new")
    start_up = _crawl(1, 2 * repeats)
    for size in sizes:
        took = _crawl(size, repeats if size > 100 else 2 * repeats) - start_up
        row.costs[size] = took
        if took < _DROWNED * start_up:
            row.drowned.add(size)
    print(f"a crawl's start-up, taken off: {start_up:.0f} ms")
    yield row


def _crawl(count: int, repeats: int) -> float:
    with tempfile.TemporaryDirectory() as folder, feed_server(count) as (feeds, _):
        crawl, taken = Presswatch(Path(folder) / "presswatch", feeds), Taken()
        crawl.prepare()
        for _ in range(repeats):
            crawl.poll(taken)
    return 1000 * statistics.median(taken.processor)


# Articles


class Steady(large_store.Writer):
    """Articles that came at a steady rate until now, each with the names and figures that grouping compares."""

    def __init__(self, count: int, a_day: float) -> None:
        super().__init__(count)
        self._gap = timedelta(days=1 / a_day)

    def _article(self, number: int, story: int, level: Any, at: Any) -> dict[str, list[dict[str, Any]]]:
        rows = super()._article(number, story, level, UNTIL - number * self._gap)
        prefix = {"organisation": "org", "place": "place", "person": "person"}
        (article,) = rows["articles"]
        article["traits"] = [f"{prefix[tag['kind']]}:{tag['name']}" for tag in rows["tags"] if tag["kind"] in prefix]
        article["traits"] += [f"money:{fact['value']:.0f}:GBP" for fact in rows["facts"]]
        article["slug"] = f"news-of-the-story-{story}"
        return rows


def over_articles(sizes: Sequence[int], repeats: int) -> Iterator[Growth]:
    """What the articles in the store cost: as years go by, and where ever more come in a fortnight."""
    found: dict[str, Growth] = {}

    def note(what: str, size: int, cost: float) -> None:
        found.setdefault(what, Growth(what=what)).costs[size] = cost

    for size in sizes:
        for when, a_day in (("of years", A_DAY), ("of a fortnight", size / FORTNIGHT)):
            with tempfile.TemporaryDirectory() as made:
                folder = Path(made)
                _filled(folder / "full.sqlite3", size, a_day)
                judging = statistics.median(
                    _judging(folder, number, max(_BATCH, round(a_day / 96))) for number in range(repeats)
                )
                note(f"judging N articles, among N {when}", size, size * judging)
                _shown(folder, when, size, repeats, note)
    yield from found.values()


def _filled(file: Path, size: int, a_day: float) -> None:
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        large_store.make(file, size, Steady(size, a_day))


def _judging(folder: Path, number: int, batch: int) -> float:
    """Milliseconds an article, of a few that come to a store that was not touched since it was filled."""
    file = folder / "store.sqlite3"
    shutil.copyfile(folder / "full.sqlite3", file)
    given = settings.load(None, folder / "data", {"PRESSWATCH_DATABASE_URL": f"sqlite:///{file}"})
    with Services(given) as services:
        services.__dict__["knowledge"] = _knowledge()
        collect_seldom()  # as the service's child does
        for warm_up in (True, False):
            for one in range(batch):
                services.store.pages.add(_page(2 * number + warm_up, one))
            took = spent(lambda: _all_well(jobs.process(services, UNTIL), batch))
    file.unlink()
    return took / batch


def _all_well(report: jobs.ProcessReport, pages: int) -> None:
    if report.failed or report.pages != pages:
        raise SystemExit(f"{report.pages} pages were judged instead of {pages}, of which failed: {report.failed}")


_known: list[Any] = []


def _knowledge() -> Any:
    if not _known:
        with tempfile.TemporaryDirectory() as folder, Services(settings.load(None, Path(folder), {})) as services:
            _known.append(services.knowledge)
    return _known[0]


def _page(round_: int, number: int) -> PageDraft:
    """An article of 1,000 words that is news of the watch, whole in its feed; another one each time."""
    language = articles.LANGUAGES[number % len(articles.LANGUAGES)]
    article = articles.make(language, 100 * round_ + number)
    url = f"https://blogs.example.com/fresh/{round_}-{number}"
    html = "".join(f"<p>{escape(line)}</p>" for line in article.text.splitlines())
    candidate = Candidate(
        url=url, source="bench", via="feed", title=article.title, content_html=html, published_at=UNTIL
    )
    return PageDraft(
        url=url, source="bench", fetched_at=UNTIL, status=200, final_url=url, content_type="text/html",
        content_hash=content_hash(html + url), via="feed", candidate=candidate,
    )  # fmt: skip


def _shown(folder: Path, when: str, size: int, repeats: int, note: Callable[[str, int, float], None]) -> None:
    """What readers see of the store: an edition of a fortnight, the list of stories, a search."""
    url = f"sqlite:///{folder / 'full.sqlite3'}"
    given = settings.load(None, folder / "data", {"PRESSWATCH_DATABASE_URL": url})
    with Services(given) as services:
        plan, since = services.digests[0], UNTIL - timedelta(days=FORTNIGHT)
        note(
            f"an edition, of N {when}", size, _median(lambda: jobs.preview(services, plan, UNTIL, since=since), repeats)
        )
        app = create_app(services, clock=lambda: UNTIL)
        draw = random.Random(1)
        asked = {
            "the list of stories": lambda: "/",
            "a search": lambda: f"/search?q=nvidia+{draw.choice(('ai', 'gpu'))}",
        }
        for what, address in asked.items():
            took = _median(partial(_ask, app, address), repeats)
            note(f"{what}, of N {when}", size, took)


def _ask(app: Any, address: Callable[[], str]) -> None:
    asyncio.run(_answered(app, address()))


async def _answered(app: Any, address: str) -> None:
    status, _ = await pages.ask(app, address)
    if status != 200:
        raise SystemExit(f"{address} answered {status}.")


# Names


def _look(texts: Sequence[tuple[str, list[tuple[int, int]], str]], built: index.NameIndex) -> None:
    for text in texts:
        names.find(*text, built)


def over_names(sizes: Sequence[int], repeats: int) -> Iterator[Growth]:
    """An index of so many names, and ten articles of 1,000 words, one a language, that are looked through for them."""
    making, looking = Growth(what="an index of N names"), Growth(what="an article, looked through for N names")
    texts = []
    for language in articles.LANGUAGES:
        article = articles.make(language, 0)
        parts = [(part.start, part.end) for part in passages.split(article) if part.kind != passages.BOILERPLATE]
        texts.append((article.document, parts, article.language))
    for size in sizes:
        known, nowhere = crowd.made_up(size, set(), random.Random(7)), Gazetteer(country="GB")
        making.costs[size] = _median(partial(index.build, known, nowhere), repeats)
        built = index.build(known, nowhere)
        whole = _median(partial(_look, texts, built), 2 * repeats)
        looking.costs[size] = whole / len(texts)
    yield from (making, looking)


PARTS: dict[str, Callable[[Sequence[int], int], Iterator[Growth]]] = {
    "sources": sources,
    "articles": over_articles,
    "names": over_names,
}


def show(rows: Sequence[Growth], sizes: Sequence[int]) -> int:
    """Print the table; returns how many exponents are too large."""
    print(f"\n{'milliseconds of processor time at N =':46}" + "".join(f"{size:>14,}" for size in sizes) + "   exponent")
    steep = 0
    for row in rows:
        costs = "".join(
            f"{f'({row.costs[size]:,.1f})' if size in row.drowned else f'{row.costs[size]:,.1f}':>14}"
            if size in row.costs else f"{'':14}" for size in sizes
        )  # fmt: skip
        fitted = row.exponent
        over = fitted is not None and fitted > ALLOWED
        steep += over
        told = "too few sizes" if fitted is None else f"{fitted:8.2f}"
        print(f"{row.what:46}{costs}   {told}{'   too steep' if over else ''}")
    if any(row.drowned for row in rows):
        print("(in brackets: drowned in the start-up, no part of the exponent)")
    print(f"load of the machine {os.getloadavg()[0]:.1f}; {ALLOWED:g} is allowed")
    return steep


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    options = parser.parse_args()
    os.environ.pop("PRESSWATCH_DATABASE_URL", None)
    rows: list[Growth] = []
    for part in options.only:
        rows += PARTS[part](options.sizes, options.repeats)
    sys.exit(show(rows, options.sizes) > 0)


if __name__ == "__main__":
    main()
