"""Two years of a service's life, by a clock that the test moves, in zones whose clocks are hard.

A real store, the real jobs: whenever the service looks, it builds what is due.
What should have been built is worked out here without any calendar library, by
asking the zone what each minute of the two years is called.
"""

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from presswatch import jobs
from presswatch.services import Services
from presswatch.settings import load
from tests.store.samples import draft_page, make_outcome, record_visit

# The year to begin with, and a time that does not exist on one day of the year and comes twice on another, where the
# zone has such. Apia left out 30 December 2011. (test_schedule.py walks seven times in each, without a store.)
WALKS = {
    "Europe/London": (2025, "01:30"),
    "America/New_York": (2025, "02:30"),
    "Asia/Kolkata": (2025, "07:00"),
    "Australia/Lord_Howe": (2025, "02:15"),
    "Pacific/Apia": (2011, "03:30"),
}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def minutes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every minute with the wall clock's reading, around midnight to eight; nobody is told anything later."""
    moment = first
    while moment < last:
        wall = moment.astimezone(zone)
        yield moment, wall
        moment += MINUTE if wall.hour < 8 else timedelta(minutes=15)


def expected(zone: ZoneInfo, time: str, first: datetime, last: datetime) -> list[datetime]:
    """When the edition of each day is due: when the clock first shows the time, or, where it is jumped over, as much
    later on the clock as it jumped."""
    due: dict[date, datetime] = {}
    asked = tuple(map(int, time.split(":")))
    before, at_before = first.astimezone(zone), first
    for moment, wall in minutes(zone, first, last):
        if wall.date() not in due and (wall.hour, wall.minute) >= asked:
            if (wall.hour, wall.minute) == asked:
                due[wall.date()] = moment
            elif before.date() == wall.date():
                jumped = (wall.replace(tzinfo=None) - before.replace(tzinfo=None)) - (moment - at_before)
                there = wall.replace(hour=asked[0], minute=asked[1]).replace(tzinfo=None) + jumped
                due[wall.date()] = moment + (there - wall.replace(tzinfo=None))
        before, at_before = wall, moment
    return list(due.values())


def prepared(tmp_path: Path, zone: str, time: str, started: datetime) -> Services:
    """A service that has crawled once, at `started`, and has one digest."""
    (tmp_path / "config").mkdir()
    hour, minute = map(int, time.split(":"))
    (tmp_path / "config" / "digests.yaml").write_text(
        f"digests:\n  - name: daily\n    at: '{minute} {hour} * * *'\n    timezone: {zone}\n    to: 'file:digests'\n"
    )
    services = Services(load(tmp_path / "config", tmp_path / "data", {}))
    record_visit(
        services.store,
        "nvidia-blog",
        now=started,
        ok=True,
        state="ok",
        message="",
        found=0,
        new=0,
        way="feed",
        next_due_at=started,
    )
    return services


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The days on which the clock is put forward or back."""
    day = first
    while day < last:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            yield day
        day += DAY


def stretches(zone: ZoneInfo, year: int) -> list[tuple[datetime, datetime]]:
    """What is walked: the days around each change, or, with PRESSWATCH_TWO_YEARS set, all of the two years."""
    first, last = (datetime(y, 1, 1, 9, tzinfo=zone).astimezone(UTC) for y in (year, year + 2))
    if os.environ.get("PRESSWATCH_TWO_YEARS"):
        return [(first, last)]
    around = [(day - 3 * DAY, day + 4 * DAY) for day in changes(zone, first, last)]
    return around or [(first, first + 10 * DAY)]


@pytest.mark.parametrize("zone", WALKS)
def test_one_edition_for_each_due_time_and_every_story_in_one(tmp_path: Path, zone: str) -> None:
    year, time = WALKS[zone]
    parts = stretches(ZoneInfo(zone), year)
    with prepared(tmp_path, zone, time, parts[0][0]) as services:
        for number, (first, last) in enumerate(parts):
            count = walk(services, ZoneInfo(zone), time, first, last, random.Random(f"{zone} {number}"))
            print(f"\n{zone}, {first:%Y-%m-%d} to {last:%Y-%m-%d}: {count} editions due and built")


def walk(services: Services, zone: ZoneInfo, time: str, first: datetime, last: datetime, dice: random.Random) -> int:
    """Live from `first` to `last`; returns how many editions were due and built, each once."""
    (plan,) = services.digests
    jobs.build_edition(services, plan, first, due=first)  # so that there is a last one to go on from
    built: list[datetime] = []
    told: list[str] = []
    published: list[str] = []
    now, next_story = first, first
    while now < last:
        # Now after a minute, now after hours: never so long that two editions become one.
        now += dice.choice((MINUTE, timedelta(minutes=29), timedelta(hours=7), timedelta(hours=17)))
        if now >= next_story:
            published.append(f"{first:%Y%m%d}-{len(published)}")
            publish(services, published[-1], now)
            next_story = now + timedelta(days=dice.randint(1, 3))
        while (due := jobs.edition_due(services, plan, now)) is not None:
            edition = jobs.build_edition(services, plan, now, due=due)
            built.append(due)
            told += edition.stories if edition else ()
    assert built == [moment for moment in expected(zone, time, first, last + DAY) if first < moment <= now]
    assert sorted(told) == sorted(published[: len(told)]), "each story once"
    assert len(told) >= len(published) - 1, "the last may have come after the last edition"
    deliveries = services.store.digests.deliveries(since=first)
    assert deliveries
    assert len(deliveries) == len({entry.edition for entry in deliveries})
    return len(built)


def publish(services: Services, story: str, now: datetime) -> None:
    url = f"https://news.example/{story}"
    page = services.store.pages.add(draft_page(url, story, fetched_at=now))
    assert page is not None
    outcome = make_outcome(page, url, story=story, title=f"News of {story}", published_at=now, first_seen_at=now)
    services.store.articles.save(outcome, now=now)
