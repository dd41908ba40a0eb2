"""What was promised over time, as bars: by year, or by quarter where it is few years. Does no input or output."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from presswatch.figures import worded
from presswatch.models import Fact
from presswatch.store.list_records import LedgerSum
from presswatch.web import drawing

FEW_YEARS = 3  # bars of a quarter each tell more than so many of a year
_CURRENCIES = 3  # with a picture; the table has them all
_WIDTH, _HEIGHT = 260.0, 120.0  # about a card's, so that letters are as large as they are elsewhere
_Period = tuple[int, int]  # year and quarter; quarter 0 is the whole year


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was promised of one kind, in one unit: a picture where it has one, and a row of the table."""

    title: str
    amounts: tuple[str, ...]  # one a period, empty where nothing was
    picture: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """All kinds over the same periods, each at its own scale."""

    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    up_to: bool  # some of it is an outline


def draw(
    years: Sequence[LedgerSum], months: Callable[[], Sequence[LedgerSum]], kinds: Mapping[str, str]
) -> OverTime | None:
    """The ledger's sums over time; `months` is asked where they are of few years. None where there are none."""
    if not years:
        return None
    first, last = min(sum_.year for sum_ in years), max(sum_.year for sum_ in years)
    fine = last - first < FEW_YEARS
    found = _by_period(months() if fine else years)
    span = _span(found, fine)
    order = sorted({(kind, unit) for kind, unit, _ in found}, key=lambda pair: _rank(pair, years, list(kinds)))
    money = [pair for pair in order if pair[0] == "money"][:_CURRENCIES]
    lines = [_line(pair, span, found, kinds, pair[0] != "money" or pair in money) for pair in order]
    up_to = any(sums[1] for sums in found.values())
    return OverTime(periods=tuple(map(_name, span)), lines=tuple(lines), up_to=up_to)


def _by_period(sums: Iterable[LedgerSum]) -> Mapping[tuple[str, str, _Period], tuple[float, float]]:
    """Total, and of it what is "up to" so much, by kind, unit and period."""
    total: dict[tuple[str, str, _Period], float] = defaultdict(float)
    up_to: dict[tuple[str, str, _Period], float] = defaultdict(float)
    for one in sums:
        key = (one.kind, one.unit, (one.year, (one.month + 2) // 3))
        total[key] += one.total
        up_to[key] += one.up_to
    return {key: (total[key], up_to[key]) for key in total}


def _span(found: Iterable[tuple[str, str, _Period]], fine: bool) -> list[_Period]:
    """Every period from the first to the last, those without anything too; of quarters a year at least."""
    periods = [period for _, _, period in found]
    (year, quarter), (last_year, last_quarter) = min(periods), max(periods)
    if not fine:
        return [(one, 0) for one in range(year, last_year + 1)]
    end = last_year * 4 + last_quarter - 1
    start = min(year * 4 + quarter - 1, end - 3)
    return [(number // 4, number % 4 + 1) for number in range(start, end + 1)]


def _rank(pair: tuple[str, str], years: Sequence[LedgerSum], order: Sequence[str]) -> tuple[int, bool, int, str]:
    """Kinds in the ledger's order, pounds before other money, then what is promised most often."""
    kind, unit = pair
    rows = sum(one.rows for one in years if (one.kind, one.unit) == pair)
    return order.index(kind) if kind in order else len(order), unit != "GBP", -rows, unit


def _line(
    pair: tuple[str, str],
    span: Sequence[_Period],
    found: Mapping[tuple[str, str, _Period], tuple[float, float]],
    kinds: Mapping[str, str],
    pictured: bool,
) -> Line:
    kind, unit = pair
    title = kinds.get(kind, kind) + (f", {unit}" if kind == "money" else "")
    sums = [found.get((kind, unit, period), (0.0, 0.0)) for period in span]
    amounts = tuple(_amount(kind, unit, total, up_to) if total else "" for total, up_to in sums)
    picture = None
    if pictured:
        totals = [total for total, _ in sums]
        picture = drawing.bars(
            totals,
            labels=[_name(period) for period in span],
            words=amounts,
            title=f"{title}, by {'quarter' if span[0][1] else 'year'}",
            outlined=[up_to for _, up_to in sums],
            scale=_amount(kind, unit, max(totals), 0.0),
            height=_HEIGHT,
            width=_WIDTH,
            every=max(1, -(-len(span) // (4 if span[0][1] else 6))),  # as many labels as have room
        )
    return Line(title=title, amounts=amounts, picture=picture)


def _amount(kind: str, unit: str, total: float, up_to: float) -> str:
    words = worded(Fact(kind=kind, value=total, unit=unit, quote="", start=0, end=0))
    if not up_to:
        return words
    of_it = worded(Fact(kind=kind, value=up_to, unit=unit, quote="", start=0, end=0))
    return f"{words}, of it “up to” {of_it}"


def _name(period: _Period) -> str:
    year, quarter = period
    return f"Q{quarter} {year}" if quarter else str(year)
