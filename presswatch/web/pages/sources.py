"""`/sources`: how each source does, at a glance; a visit now, and a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presswatch import jobs
from presswatch.models import Source, SourceHealth
from presswatch.monitoring import health, status
from presswatch.store.records import DayOfVisits, SourceHistory
from presswatch.web.site import Site, SiteOf
from presswatch.web.trials import Trials
from presswatch.web.visitor import TrialsOf

router = APIRouter()

_DAYS = 30
_DEADLINE = timedelta(minutes=3)  # of a dry run; each way in and one article, with the site's pause between them


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the strip."""

    day: date
    how: str  # "none", "well", "mixed", "bad"
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A source as the page shows it."""

    source: Source
    health: SourceHealth
    rhythm: str
    new: int  # articles of the month
    strip: Sequence[Day]
    strip_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An article that a way in names."""

    url: str
    title: str
    date: datetime | None
    ways: tuple[str, ...]
    known: bool  # stored before, so that a visit would not fetch it
    owner: str  # the source that it belongs to, where that is another one


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What trying a source found."""

    ok: bool
    state: str
    said: tuple[str, ...]  # of each way in, a sentence
    named: tuple[Named, ...]


@router.get("/sources")
def sources(site: SiteOf, visited: str = "") -> HTMLResponse:
    """Every source. `visited` is the one that was just asked for."""
    now = site.clock()
    known = {source.id: source for source in site.services.sources}
    return site.page(
        "sources.html",
        rows=_rows(site, now),
        visited=known.get(visited),
        runs=status.read(site.services.settings.data_dir, now).alive,
        days=_DAYS,
    )


@router.post("/sources/{source}/visit")
def visit(site: SiteOf, source: str) -> Response:
    """Make a source due; the service visits it at its next look."""
    chosen = _enabled(site, source)
    site.store.sources.visit_now(chosen.id, now=site.clock())
    return RedirectResponse(f"/sources?visited={chosen.id}", 303)


@router.post("/sources/{source}/try")
def dry_run(site: SiteOf, trials: TrialsOf, source: str) -> Response:
    """Try every way into a source, aside, keeping nothing."""
    chosen = _enabled(site, source)
    trial = _begin(trials, chosen, lambda: _found(site, chosen), site.clock())
    return RedirectResponse(f"/sources/tried/{trial}", 303)


def _found(site: Site, source: Source) -> DryRun:
    row = jobs.probe(site.services, [source], deadline=_DEADLINE).sources[source.id]
    listed = [one for one in row.get("listed", ()) if isinstance(one, Mapping)]
    known = site.store.pages.known([str(one["url"]) for one in listed], now=site.clock())
    named = [
        Named(
            url=str(one["url"]),
            title=str(one.get("title") or ""),
            date=datetime.fromisoformat(one["date"]) if one.get("date") else None,
            ways=tuple(map(str, one.get("ways", ()))),
            known=one["url"] in known,
            owner="" if one.get("owner", source.id) == source.id else site.labels.source(str(one["owner"])),
        )
        for one in listed
    ]
    # What a visit would fetch comes first, then the newest; what has no date is at the end of its part.
    named.sort(key=lambda one: (one.known, -one.date.timestamp() if one.date else 0.0))
    said = tuple(part for part in str(row.get("message") or "").split("; ") if part)
    return DryRun(ok=bool(row.get("ok")), state=str(row.get("state", "")), said=said, named=tuple(named))


@router.get("/sources/tried/{trial}")
def tried(site: SiteOf, trials: TrialsOf, trial: str) -> HTMLResponse:
    """What a dry run found; the page asks again by itself until it is done."""
    found = trials.get(trial)
    if found is None:
        raise HTTPException(404, "What was tried is forgotten by now. Try it again from the sources.")
    return site.page("source_tried.html", trial=found)


def _begin(trials: Trials, source: Source, look: object, now: datetime) -> str:
    assert callable(look)
    return trials.begin(source.name, look, now).id


def _enabled(site: Site, source: str) -> Source:
    found = next((one for one in site.services.enabled if one.id == source), None)
    if found is None:
        raise HTTPException(404, "There is no such source, or it is switched off.")
    return found


def _rows(site: Site, now: datetime) -> list[Row]:
    found = site.services.sources
    histories = site.histories()
    days_of, new = month(site), arrived(site)
    rows = []
    for source, history, state in zip(found, histories, health.of_all(found, histories), strict=True):
        days = {day.day: day for day in days_of.get(source.id, ())}
        strip = [_day(days.get(when), when) for when in _last_days(now)]
        rows.append(
            Row(
                source=source,
                health=state,
                rhythm=_rhythm(history),
                new=new.get(source.id, 0),
                strip=strip,
                strip_words=_strip_words(strip),
            )
        )
    return rows


def month(site: Site) -> Mapping[str, Sequence[DayOfVisits]]:
    """The month's visits, counted at most once a minute."""

    def count() -> Mapping[str, Sequence[DayOfVisits]]:
        return site.store.sources.days(since=_midnight(site.clock()) - timedelta(days=_DAYS - 1))

    return site.snapshot("visits", count)


def arrived(site: Site) -> Mapping[str, int]:
    """How many articles of each source came in the month, counted at most once a minute."""
    since = timedelta(days=_DAYS - 1)
    return site.snapshot("arrived", lambda: site.store.pages.arrived(since=_midnight(site.clock()) - since))


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _last_days(now: datetime) -> list[date]:
    return [(now - timedelta(days=ago)).date() for ago in reversed(range(_DAYS))]


def _day(found: DayOfVisits | None, when: date) -> Day:
    named = f"{when.day} {when:%B}"
    if found is None:
        return Day(day=when, how="none", words=f"{named}: no visit")
    how = "well" if not found.failed else "bad" if found.failed == found.visits else "mixed"
    failed = f", {found.failed} failed" if found.failed else ""
    return Day(day=when, how=how, words=f"{named}: {found.visits} visits{failed}, {found.new} new")


def _strip_words(strip: Sequence[Day]) -> str:
    """The strip for those who do not see it."""
    counts = {how: sum(day.how == how for day in strip) for how in ("well", "mixed", "bad", "none")}
    names = {"well": "well", "mixed": "with failures", "bad": "failed", "none": "without a visit"}
    parts = [f"{count} {'day' if count == 1 else 'days'} {names[how]}" for how, count in counts.items() if count]
    return ", ".join(parts)


def _rhythm(history: SourceHistory) -> str:
    """How often a source publishes, by its last year."""
    if len(history.published) < 3:
        return "not known yet"
    weeks = max((history.published[-1] - history.published[0]).days / 7, 1)
    a_week = history.published_articles / weeks
    if a_week >= 1:
        return f"{a_week:.0f} a week"
    return f"one in {max(round(1 / a_week), 2)} weeks"
