"""`/charts`: what one would rather look at than read, each picture with its table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from presswatch.figures import worded
from presswatch.models import Fact
from presswatch.store import Store
from presswatch.web import drawing
from presswatch.web.site import Site, SiteOf
from presswatch.web.wording import count

router = APIRouter()
_MONTHS = 24
_FEW_MONTHS = 6
_TOPICS = 10  # pictures on one page; the table has them all
_CURRENCIES = 3
_LAGS = ((0.25, "15 min"), (1.0, "1 hour"), (3.0, "3 hours"), (12.0, "12 hours"), (24.0, "1 day"), (168.0, "1 week"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a chart's table, with its picture where it has one of its own."""

    name: str
    values: tuple[str, ...]
    picture: Markup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    id: str
    title: str
    said: str  # what there is to see, in a sentence
    picture: Markup | None
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@router.get("/charts")
def charts(site: SiteOf) -> HTMLResponse:
    """Stories a month by topic, money announced over time, lag between publication and detection."""
    return site.page("charts.html", charts=drawn(site))


def drawn(site: Site) -> tuple[Chart, ...]:
    """All charts, at most a minute old."""
    return site.snapshot("charts", lambda: draw(site.store, site.labels.topic, site.clock()))


def draw(store: Store, topic: Callable[[str], str], now: datetime) -> tuple[Chart, ...]:
    """All charts, as of now. `topic` gives a topic's label by its name."""
    return _months(store, topic, now), _money(store), _lag(store, now)


def _months(store: Store, topic: Callable[[str], str], now: datetime) -> Chart:
    months = _last_months(now)
    found = store.trends.months(since=datetime.fromisoformat(f"{months[0]}-01T00:00:00+00:00"))
    every = found.pop("")
    months = _since_the_first(months, every)
    order = sorted(found, key=lambda name: (-sum(found[name].values()), name))
    top = max((number for name in order for number in found[name].values()), default=1)
    rows = []
    for place, name in enumerate(order):
        numbers = [found[name].get(month, 0) for month in months]
        title = f"{topic(name)}: stories a month"
        picture = _by_month(months, numbers, title, top) if place < _TOPICS else None
        rows.append(Row(name=topic(name), values=tuple(map(str, numbers)), picture=picture))
    total = [every.get(month, 0) for month in months]
    rows.append(Row(name="All stories", values=tuple(map(str, total))))
    told = f"{count(sum(total), 'story', 'stories')} in {len(months)} months"
    return Chart(
        id="months",
        title="Stories a month, by topic",
        said=f"{told}; under it each topic, all at one scale." if order else f"{told}.",
        picture=_by_month(months, total, "Stories a month"),
        heads=tuple(map(_month, months)),
        rows=tuple(rows),
    )


def _by_month(months: Sequence[str], numbers: Sequence[int], title: str, top: float | None = None) -> Markup:
    """A bar a month; one of several at one scale, with `top` as its full height, is smaller."""
    small = top is not None
    return drawing.bars(
        numbers,
        labels=list(map(_month, months)),
        words=[count(number, "story", "stories") for number in numbers],
        title=title,
        every=-(-len(months) // (4 if small else 8)),  # as many labels as have room
        top=top,
        numbers=not small and len(months) <= _FEW_MONTHS,
        height=84 if small else 160,
        width=320 if small else 640,
    )


def _month(month: str) -> str:
    return f"{datetime.fromisoformat(month + '-01'):%b %Y}"


def _since_the_first(months: list[str], stories: Mapping[str, int]) -> list[str]:
    """The months from the first that has stories, and half a year at least: a new store has no long past to show."""
    first = next((place for place, month in enumerate(months) if stories.get(month)), len(months))
    return months[min(first, len(months) - _FEW_MONTHS) :]


def _last_months(now: datetime) -> list[str]:
    first = now.year * 12 + now.month - _MONTHS
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, first + _MONTHS)]


def _money(store: Store) -> Chart:
    by_currency: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    often: dict[str, int] = defaultdict(int)
    years: set[int] = set()
    for announced_at, currency, value in store.commitments.money():
        by_currency[currency][announced_at.year] += value
        often[currency] += 1
        years.add(announced_at.year)
    span = list(range(min(years), max(years) + 1)) if years else []
    order = sorted(by_currency, key=lambda currency: (currency != "GBP", -often[currency], currency))
    rows = []
    for place, currency in enumerate(order):
        values = [by_currency[currency].get(year, 0.0) for year in span]
        words = [_worded(currency, value) if value else "" for value in values]
        title = f"Announced in {currency}, by year"
        picture = (
            drawing.bars(values, labels=[str(y) for y in span], words=words, title=title, numbers=True)
            if place < _CURRENCIES
            else None
        )
        rows.append(Row(name=currency, values=tuple(words), picture=picture))
    said = (
        "By the year of the announcement, each commitment once; currencies are not converted, each has its own scale."
    )
    return Chart(
        id="money",
        title="Money announced over time",
        said=said if rows else "No sum has been announced yet.",
        picture=None,
        heads=tuple(map(str, span)),
        rows=tuple(rows),
    )


def _worded(currency: str, value: float) -> str:
    return worded(Fact(kind="money", value=value, unit=currency, quote="", start=0, end=0))


def _lag(store: Store, now: datetime) -> Chart:
    lags = sorted(store.trends.lags(since=now - timedelta(days=365)))
    labels = [f"up to {name}" for _, name in _LAGS] + ["longer"]
    bounds = [0.0, *(hours for hours, _ in _LAGS), float("inf")]
    numbers = [sum(low < lag <= high or (lag == low == 0) for lag in lags) for low, high in pairwise(bounds)]
    words = [str(number) if number else "" for number in numbers]
    picture = drawing.bars(
        numbers, labels=labels, words=words, title="From publication to detection, articles", numbers=True
    )
    said = (
        f"Half of {count(len(lags), 'article', 'articles')} of the last year were found within {_hours(median(lags))}."
        if lags
        else "No article has been published since the watch began."
    )
    said += " Articles from before their source was watched, and those dated without a time, are left out."
    return Chart(
        id="lag",
        title="From publication to detection",
        said=said,
        picture=picture if lags else None,
        heads=tuple(labels),
        rows=(Row(name="Articles", values=tuple(map(str, numbers))),) if lags else (),
    )


def _hours(hours: float) -> str:
    if hours < 1:
        return count(max(1, round(hours * 60)), "minute", "minutes")
    return count(round(hours), "hour", "hours") if hours < 48 else count(round(hours / 24), "day", "days")
