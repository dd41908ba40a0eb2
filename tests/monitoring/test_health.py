"""How a source does: the word that fits, and the silence that is longer than its own rhythm makes likely."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presswatch.models import Source
from presswatch.monitoring import health
from presswatch.store.records import SourceHistory

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "https://a.example/feed"


def every(days: float, *, last: float, count: int = 30) -> tuple[datetime, ...]:
    """`count` dates with so many days between them, the last one so many days ago."""
    return tuple(NOW - (last + days * n) * DAY for n in reversed(range(count)))


def history(**more: Any) -> SourceHistory:
    values: dict[str, Any] = {"source": "a", "state": "ok", "last_success_at": NOW, "last_visit_at": NOW}
    return SourceHistory(**(values | more))


def source(**more: Any) -> Source:
    return Source(id="a", name="A", feeds=(FEED,), **more)


WORDS = [
    ("never visited", {"state": "new", "last_success_at": None}, "new", ""),
    ("well", {"published": every(2, last=1)}, "ok", ""),
    ("blocked", {"state": "blocked", "failures": 1, "message": "refuses us (403)"}, "blocked", "refuses us"),
    ("down", {"state": "down", "failures": 9, "message": "no answer"}, "down", "no answer"),
    ("failing at its first visit", {"state": "down", "failures": 1, "last_success_at": None}, "down", ""),
    ("no text any more", {"judged": 5, "unusable": 3, "reason": "It holds no text."}, "changed", "It holds no text."),
    ("one press kit", {"judged": 5, "unusable": 2, "reason": "It holds no text."}, "ok", ""),
    ("quiet", {"published": every(2, last=30)}, "quiet", "Nothing new for 30 days, since 31 January 2026"),
    ("quiet but down", {"published": every(2, last=30), "state": "down", "failures": 1}, "down", ""),
    (
        "its feed fails for a day",
        {"feeds": {FEED: NOW - 25 * HOUR}},
        "changed",
        "since 1 March 2026, 11:00 UTC; another",
    ),
    ("for less than a day", {"feeds": {FEED: NOW - 23 * HOUR}}, "ok", ""),
    ("and so does all else", {"feeds": {FEED: NOW - 25 * HOUR}, "state": "down", "failures": 2}, "down", ""),
    ("its feed never worked", {"first_visit_at": NOW - 9 * DAY, "message": f"{FEED} is no feed"}, "changed", "so far"),
    ("a feed that was added just now", {"first_visit_at": NOW - 9 * DAY}, "ok", ""),
    ("a feed that was taken out", {"feeds": {"https://a.example/old": NOW - 9 * DAY, FEED: NOW}}, "ok", ""),
    # Not visited since: what has not been looked for cannot be missed.
    ("asleep", {"published": every(2, last=30), "last_success_at": NOW - 28 * DAY}, "ok", ""),
]


@pytest.mark.parametrize(("known", "word", "said"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_the_word_for_a_source(known: dict[str, Any], word: str, said: str) -> None:
    found = health.diagnose(source(), history(**known))
    assert found.state == word
    assert said in found.message
    assert bool(found.advice) == (word not in ("ok", "new"))


def test_every_word_has_its_own_advice() -> None:
    assert set(health.ADVICE) == {"blocked", "down", "changed", "failing", "quiet"}
    assert len(set(health.ADVICE.values())) == len(health.ADVICE)


def test_a_disabled_source_is_nothing_but_disabled() -> None:
    found = health.diagnose(source(enabled=False), history(state="down", failures=5, next_due_at=NOW))
    assert (found.state, found.advice, found.next_due_at) == ("disabled", "", None)


ILL = [
    ({}, False),
    ({"state": "down", "failures": 2}, False),
    ({"state": "down", "failures": 3}, True),
    ({"published": every(2, last=30)}, True),
    ({"judged": 3, "unusable": 3}, True),
]


@pytest.mark.parametrize(("known", "ill"), ILL)
def test_people_hear_of_it_after_three_failures_or_where_no_visit_failed(known: dict[str, Any], ill: bool) -> None:
    assert health.is_ill(health.diagnose(source(), history(**known)), 3) == ill


# What was published, and the first day of silence that is unlikely: n gaps of d days together leave a chance of
# (d / (d + s)) ** n, which falls under 1 in 1000 at d * (1000 ** (1 / n) - 1); and no pause is like one that was.
RHYTHMS: list[tuple[str, Sequence[datetime], int | None]] = [
    ("daily: 199 * (1000 ** (1 / 199) - 1) = 7.03", every(1, last=0, count=200), 8),
    ("weekly: 357 * (1000 ** (1 / 51) - 1) = 51.8", every(7, last=0, count=52), 52),
    ("four gaps of a month: 120 * (1000 ** (1 / 4) - 1) = 554.8", every(30, last=0, count=5), 555),
    ("too few to tell", every(1, last=0, count=4), None),
    ("ten on one day are one event", every(0.01, last=0, count=10), None),
    (
        "daily, but for a pause of 33 days: 1.25 * 33 = 41.25",
        every(1, last=0, count=100) + every(1, last=132, count=99),
        42,
    ),
]


@pytest.mark.parametrize(("published", "first"), [r[1:] for r in RHYTHMS], ids=[r[0] for r in RHYTHMS])
def test_how_long_a_silence_is_likely(published: Sequence[datetime], first: int | None) -> None:
    dates = sorted(published)
    days = range(1, 1100)
    unlikely = [n for n in days if health.unlikely_silence(dates, dates[-1] + n * DAY) is not None]
    assert unlikely == (list(range(first, 1100)) if first else [])  # once it is unlikely, it stays so


def test_a_source_that_is_asked_weekly_has_three_visits_to_read_its_feed() -> None:
    seldom = source(every=7 * DAY)
    assert health.diagnose(seldom, history(feeds={FEED: NOW - 20 * DAY})).state == "ok"
    assert health.diagnose(seldom, history(feeds={FEED: NOW - 22 * DAY})).state == "changed"
