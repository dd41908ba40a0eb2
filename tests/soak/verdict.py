"""What a soak has to show, and what is wrong with one that does not show it."""

import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import linear_regression, mean

from tests.soak.soaking import DAY, KEEP, STEP, Sample, Soak

MOST = 80.0  # MB, the service's resident memory
GROWTH = 1.0  # MB, in the second half
_LATE_WORKERS = 6  # a pool starts a thread, and opens a connection for it, when as many ticks coincide as never before
_SETTLED = 0.2  # of the cycles; before it, every kind of tick has run once and nothing is held to be constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured, in the words of the report."""

    cycles: int
    start: float  # MB resident, when it had settled
    half: float
    end: float
    most: float
    slope: float  # MB that the second half would add, by the line through its samples
    files: tuple[int, ...]
    threads: tuple[int, ...]
    articles: int
    archive_an_article: float  # bytes
    store_an_article: float
    quiet_archive: int  # bytes that the quiet stretches added
    quiet_store: int
    children: int


def figures(soak: Soak) -> Figures:
    """The figures of a soak that is over."""
    samples = soak.samples
    settled = [s for s in samples if s.cycle > _SETTLED * soak.cycles]
    late = [s for s in samples if s.cycle >= soak.cycles / 2]
    slope = linear_regression([s.cycle for s in late], [s.rss for s in late]).slope
    busy, quiet = _grown(soak, quiet=False), _grown(soak, quiet=True)
    articles = max(samples[-1].articles - samples[0].articles, 1)
    return Figures(
        cycles=soak.cycles,
        start=settled[0].rss,
        half=_around(late[: len(late) // 5]),
        end=_around(late[-(len(late) // 5 or 1) :]),
        most=max(s.rss for s in samples),
        slope=slope * soak.cycles / 2,
        files=tuple(sorted({s.files for s in settled})),
        threads=tuple(sorted({s.threads for s in settled})),
        articles=samples[-1].articles,
        archive_an_article=busy[0] / articles,
        store_an_article=busy[1] / articles,
        quiet_archive=quiet[0],
        quiet_store=quiet[1],
        children=len(soak.children()),
    )


def _around(samples: Sequence[Sample]) -> float:
    return round(mean(s.rss for s in samples), 2)


def _grown(soak: Soak, *, quiet: bool) -> tuple[int, int]:
    """By how many bytes archive and store grew where it was quiet, or was not; what was pruned is no growth."""
    pairs = [(a, b) for a, b in pairwise(soak.samples) if soak.is_quiet(a.cycle) == soak.is_quiet(b.cycle) == quiet]
    return (
        sum(max(b.archive - a.archive, 0) for a, b in pairs),
        sum(max(b.store - a.store, 0) for a, b in pairs),
    )


def wrong(soak: Soak, *, growth: float = GROWTH) -> list[str]:
    """Everything that a soak showed and should not have. A short one is still warming up, and may grow more."""
    return [*of_memory(soak, growth), *_told(soak), *_stored(soak), *_pruned(soak)]


def of_memory(soak: Soak, growth: float = GROWTH) -> Iterator[str]:
    found = figures(soak)
    if found.most >= MOST:
        yield f"the service held {found.most} MB"
    # Both: a line through samples overlooks a step at the end, two means a slope that the noise of one hides.
    if found.slope >= growth or found.end - found.half >= growth:
        grown = f"{found.slope:.2f} MB by its slope, from {found.half} to {found.end} MB"
        yield f"the service grew in the second half: {grown}"
    tenth = len(soak.samples) // 10 or 1
    for name in ("files", "threads"):
        # A tick that is just ending has one more for a moment; what leaks stays.
        counted = [getattr(sample, name) for sample in soak.samples]
        before, after = max(counted[: len(counted) // 2]), min(counted[-tenth:])
        if after > before + _LATE_WORKERS:
            yield f"{after} open {name} at the end, where there were never more than {before} in the first half"
    if found.quiet_archive:
        yield f"the archive grew by {found.quiet_archive} bytes while nothing was published"


def _told(soak: Soak) -> Iterator[str]:
    """Each mail once, each story new in one edition, nothing that failed."""
    if soak.status != 0:
        yield f"the service ended with status {soak.status}"
    if "Traceback" in (log := (soak.folder / "service.log").read_text("utf-8")):
        yield "the log holds a traceback: " + log[log.index("Traceback") :][:2000]
    yield from (f"the mail {key} came {count} times" for key, count in soak.mails.items() if count > 1)
    ended = Counter((child["name"], child["status"]) for child in soak.children() if child["status"])
    ended.pop(("web", -signal.SIGTERM), None)  # it serves until the service ends it
    yield from (f"{count} children {name} ended with status {status}" for (name, status), count in ended.items())
    new = soak.ask("SELECT story, count(*) FROM told WHERE NOT again GROUP BY story HAVING count(*) > 1")
    yield from (f"story {story} was told as new {count} times" for story, count in new)
    unsent = soak.ask("SELECT state, count(*) FROM deliveries WHERE state <> 'sent' GROUP BY state")
    yield from (f"{count} deliveries are {state}" for state, count in unsent)


def _stored(soak: Soak) -> Iterator[str]:
    """Each published article once."""
    stored = Counter(url.rstrip("/") for (url,) in soak.ask("SELECT url FROM articles"))
    published = {url.rstrip("/") for url in soak.addresses.values()}
    yield from (f"{url} was published and is not stored" for url in sorted(published - set(stored))[:5])
    yield from (f"{url} is stored {count} times" for url, count in stored.items() if count > 1)


def _pruned(soak: Soak) -> Iterator[str]:
    """Retention took what was old, and forgot no address."""
    before = soak.now - KEEP
    # Pruning comes once a day, and a day's file goes when the whole day is too old.
    names = [path.name for path in (soak.data / "archive").glob("*.warc.gz*")]
    old = [name for name in names if datetime.strptime(name[11:19], "%Y%m%d").date() < before.date() - 2 * DAY]
    if old:
        yield f"the archive still holds {old[:3]}"
    kept = soak.ask("SELECT count(*) FROM pages WHERE warc_file IS NOT NULL AND fetched_at < ?", str(before - 2 * DAY))
    if kept != [(0,)]:
        yield f"{kept} pages point into files that are gone"
    if soak.cycles * STEP > 2 * KEEP and not soak.ask("SELECT 1 FROM pages WHERE warc_file IS NULL LIMIT 1"):
        yield "nothing was pruned"


def report(soak: Soak) -> str:
    """The figures in lines, for a terminal and for the documentation."""
    f = figures(soak)
    days = soak.cycles * STEP / DAY
    done = ", ".join(f"{name} {count}" for name, count in sorted(soak.done.items()))
    lines = [
        f"{f.cycles:,} cycles, {days:.0f} days of the service's clock, in {soak.seconds / 60:.1f} minutes; {done}",
        f"resident: {f.start} MB when settled, {f.half} MB after half, {f.end} MB at the end, {f.most} MB at most;"
        f" the second half's slope is {f.slope:+.2f} MB",
        f"open files {f.files}, threads {f.threads} (settled, between two cycles)",
        f"archive {f.archive_an_article:,.0f} and store {f.store_an_article:,.0f} bytes for each of {f.articles} new"
        f" articles; {f.quiet_archive} and {f.quiet_store} bytes while nothing was new",
        f"{sum(soak.mails.values())} mails, {f.children:,} children:",
    ]
    return "\n".join([*lines, *_of_children(soak)])


def _of_children(soak: Soak) -> Iterator[str]:
    """How many of each kind, and whether they became slower or larger from the second fifth to the last."""
    by_name: dict[str, list[dict[str, float]]] = defaultdict(list)
    for child in soak.children():
        by_name[child["name"]].append(child)
    for name, ended in sorted(by_name.items()):
        fifth = len(ended) // 5
        if fifth:
            then, now = ended[fifth : 2 * fifth], ended[-fifth:]
            told = (
                f"{mean(c[what] for c in part):.{digits}f}"
                for what, digits in (("cpu", 3), ("mb", 0))
                for part in (then, now)
            )
            yield "  {:12} {:6,}  processor {} -> {} s, highest size {} -> {} MB".format(name, len(ended), *told)
