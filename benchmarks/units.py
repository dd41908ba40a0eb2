"""What one of each costs: the figures that the simulation and docs/scale.md are made of.

    python -m benchmarks.units [--sources 10000] [--repeats 3]

Prints what this machine takes, beside what the simulation assumes.
"""

import argparse
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.polling import Presswatch, Taken, feed_server
from presswatch import catalogue, settings
from presswatch.services import Services
from presswatch.store.records import Visit

_FEW, _MANY = 1, 300
_EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds of a core, and bytes, for one of each; measured by this module, docs/scale.md says where and when."""

    start_up: float = 0.12  # a crawl, until it asks, forked by a service that has its libraries loaded
    visit: float = 0.0011  # a visit that finds nothing new
    page: float = 0.0064  # a page that a visit fetches, archives and stores
    read: float = 0.00013  # a source of the catalogue, read by every crawl
    look: float = 0.000006  # a source, when it is looked whether it is due
    order: float = 0.0035  # an order: put into the queue, taken, and ended
    judge: float = 0.017  # a page of 115 kB into a stored, judged article, where few others tell of the same days
    group: float = 0.02  # a story for an article of the watch, among 10,000 that it could share one with (growth.py)
    group_exponent: float = 0.8  # with which that grows
    window: float = 0.0000095  # one of those that others may share a story with, read by each run of judging
    visit_bytes: float = 150.0  # a visit's row with its indexes
    article_bytes: float = 12_400.0  # an article with all that belongs to it, in the store
    archived_bytes: float = 16_000.0  # a page in the archive
    known_bytes: float = 1_100.0  # of memory, an article that others may share a story with


def crawl(feeds: int, repeats: int, answer: float = 0.0) -> tuple[float, float]:
    """Medians of one crawl of so many unchanged feeds: seconds by the clock, seconds of a core."""
    taken = Taken()
    with tempfile.TemporaryDirectory() as folder, feed_server(feeds, answer) as (addresses, _):
        presswatch = Presswatch(Path(folder) / "presswatch", addresses)
        presswatch.prepare()
        for _ in range(repeats):
            presswatch.poll(taken)
    return statistics.median(taken.seconds), statistics.median(taken.processor)


def of_a_crawl(repeats: int) -> Costs:
    """A crawl's start and a visit, as they are here and now."""
    few, many = (crawl(number, repeats)[1] for number in (_FEW, _MANY))
    visit = (many - few) / (_MANY - _FEW)
    return replace(Costs(), start_up=few - _FEW * visit, visit=visit)


def page(feeds: int = 200) -> float:
    """A page that a visit fetches: what a first crawl takes more than the next, which fetches none."""
    first, next_ = Taken(), Taken()
    with tempfile.TemporaryDirectory() as folder, feed_server(feeds) as (addresses, _):
        presswatch = Presswatch(Path(folder) / "presswatch", addresses)
        presswatch.poll(first)
        presswatch.poll(next_)
    return (first.processor[0] - next_.processor[0]) / feeds


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def of_sources(count: int, repeats: int) -> dict[str, float]:
    """What so many sources in the catalogue, and in the store, take of a core each time; and the bytes of a visit."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        Presswatch(
            Path(folder),
            [f"http://127.10.{n // 200 % 200}.{n % 200 + 1}:{9000 + n // 40_000}/feed" for n in range(count)],
        )
        file = Path(folder) / "config" / "sources.yaml"
        reading = statistics.median(_spent(lambda: catalogue.load_sources(file)) for _ in range(repeats))
        sources = catalogue.load_sources(file)
        with Services(settings.load(None, Path(folder) / "data", {})) as services:
            store, path = services.store.sources, Path(folder) / "data" / "presswatch.sqlite3"
            sizes = []
            for round_ in range(3):
                visits = [_visit(source.id, now + round_ * _EVERY) for source in sources]
                for start in range(0, count, 50):
                    store.record(visits[start : start + 50])
                services.store.prune(now, keep_pages=timedelta(days=1))  # writes the log into the file
                sizes.append(_size(path))
            looking = statistics.median(
                _spent(lambda: store.due(sources, now=now + timedelta(minutes=31))) for _ in range(repeats)
            )
    return {"read": reading / count, "look": looking / count, "visit_bytes": (sizes[2] - sizes[1]) / count}


def _size(store: Path) -> int:
    return sum(file.stat().st_size for file in (store, store.with_name(store.name + "-wal")) if file.exists())


def _visit(source: str, at: datetime) -> Visit:
    return Visit(
        source=source, at=at, ok=True, state="ok", message="", found=0, new=0, way="feed", next_due_at=at + _EVERY
    )


def order(address: str, count: int = 500) -> float:
    """An order of procrastinate's, put into the queue of an empty PostgreSQL database; taking one costs as much."""
    from presswatch.queue import schema
    from presswatch.queue.orders import Order
    from presswatch.queue.tasks import Queue

    with tempfile.TemporaryDirectory() as folder:
        given = settings.load(None, Path(folder), {"PRESSWATCH_DATABASE_URL": address})
        with Services(given) as services:
            schema.bring_up_to_date(services.store)
        queue, name = Queue(address), secrets.token_hex(4)
        orders = [Order(job="crawl", key=f"{name} {n}", lock=f"{name} {n}", parts=(str(n),)) for n in range(count)]
        began = time.monotonic()
        queue.hand_out(orders)
        took = time.monotonic() - began
        queue.close()
    return took / count


def amounts(newsrooms: int, costs: Costs, *, every: float = 900.0, articles: float = 2.0) -> dict[str, float]:
    """What so many newsrooms come to, by multiplication alone; a fifth of the articles are of the watch."""
    visits, fresh = newsrooms * 86_400 / every, newsrooms * articles
    window = fresh * 28  # days of articles that a fresh page is held beside
    return {
        "visits a day": visits,
        "requests a second": (visits + fresh * 15) / 86_400,
        "articles a day": fresh,
        "rows of visits after a week": 7 * visits,
        "GB of visits after a week": 7 * visits * costs.visit_bytes / 1e9,
        "GB of articles a year": 365 * fresh * costs.article_bytes / 1e9,
        "GB of archive a year": 365 * fresh * costs.archived_bytes / 1e9,
        "cores that judge, grouping left out": fresh * costs.judge / 86_400,
        "cores that group (beyond 10,000 articles: extrapolated)": fresh
        / 5
        * costs.group
        * (window / 10_000) ** costs.group_exponent
        / 86_400,
        "cores that read, each half minute, what may share a story": window * costs.window / 30,
        "articles that one may share a story with": window,
        "GB of memory that they take in each judging process": window * costs.known_bytes / 1e9,
        "seconds of a core to read the catalogue": newsrooms * costs.read,
        "seconds of a core for a look at what is due": newsrooms * costs.look,
    }


def show_amounts(newsrooms: Sequence[int], costs: Costs) -> None:
    print("\nEvery 15 minutes, two articles a day each, a fifth of them of the watch:")
    columns = [amounts(number, costs) for number in newsrooms]
    print(f"{'newsrooms':56}" + "".join(f"{number:>16,}" for number in newsrooms))
    for what in columns[0]:
        print(f"{what:56}" + "".join(f"{column[what]:16,.2f}" for column in columns))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database, for what an order takes")
    options = parser.parse_args()
    os.environ.pop("PRESSWATCH_DATABASE_URL", None)
    crawled = of_a_crawl(options.repeats)
    found = {"start_up": crawled.start_up, "visit": crawled.visit, "page": page()}
    found |= of_sources(options.sources, options.repeats)
    if options.postgres:
        found["order"] = 2 * order(options.postgres)
    print(f"{'':16}{'here':>14}{'simulated':>14}   seconds of a core, or bytes; load {os.getloadavg()[0]:.1f}")
    for field in fields(Costs):
        here = f"{found[field.name]:14.6f}" if field.name in found else f"{'-':>14}"
        print(f"{field.name:16}{here}{getattr(Costs(), field.name):14.6f}")


if __name__ == "__main__":
    main()
