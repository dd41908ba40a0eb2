"""When editions are due, walked through years of clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from presswatch.digests.schedule import due_editions, edition_name, latest_due, next_due
from presswatch.errors import ConfigError
from tests.digests.stories import plan

# Two years each; Apia's hold the day that it left out, and its own summer time.
WALKS = [
    ("Europe/London", 2025),
    ("America/New_York", 2025),
    ("Asia/Kolkata", 2025),
    ("Australia/Lord_Howe", 2025),
    ("Pacific/Apia", 2011),
    ("Pacific/Apia", 2020),
]
# Among them the hours that do not exist, or exist twice, somewhere in the list above.
TIMES = ["0 7 * * *", "30 1 * * *", "15 2 * * *", "30 2 * * *", "0 0 * * *", "45 3 * * *", "59 23 * * *"]


def walked(cron: str, zone: str, first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    """What a service builds that looks every `step` and remembers only its last edition."""
    digest = plan(cron=(cron,), timezone=zone)
    built: list[datetime] = []
    now = remembered = first
    while now < last:
        now += step
        due = latest_due(digest, remembered, now)
        if due is not None:
            built.append(due)
            remembered = due
    return built


@pytest.mark.parametrize(("zone", "year"), WALKS)
@pytest.mark.parametrize("cron", TIMES)
def test_one_edition_for_each_day_of_two_years(cron: str, zone: str, year: int) -> None:
    local = ZoneInfo(zone)
    first = datetime(year, 1, 1, tzinfo=local).astimezone(UTC) - timedelta(seconds=1)
    last = datetime(year + 2, 1, 1, tzinfo=local).astimezone(UTC) - timedelta(seconds=1)
    built = due_editions(plan(cron=(cron,), timezone=zone), first, last)
    days = [moment.astimezone(local).date() for moment in built]
    expected = {first.astimezone(local).date() + timedelta(days=n) for n in range(1, 732)}
    expected = {day for day in expected if day.year < year + 2}
    if zone == "Pacific/Apia":
        expected.discard(datetime(2011, 12, 30).date())
    assert len(days) == len(set(days)), "an edition was due twice on one day"
    assert set(days) == expected
    minute, hour = map(int, cron.split()[:2])
    for moment in built:
        wall = moment.astimezone(local)
        assert wall.fold == 0
        if (wall.hour, wall.minute) != (hour, minute):  # only where that time does not exist
            asked = wall.replace(hour=hour, minute=minute)
            assert asked.astimezone(UTC).astimezone(local).replace(tzinfo=None) != asked.replace(tzinfo=None)


@pytest.mark.parametrize(("zone", "year"), WALKS)
def test_looking_now_and_then_gives_the_same_editions(zone: str, year: int) -> None:
    first = datetime(year, 1, 1, tzinfo=UTC)
    last = first + timedelta(days=731)
    built = walked("30 2 * * *", zone, first, last, timedelta(hours=5, minutes=50))
    assert built == list(due_editions(plan(cron=("30 2 * * *",), timezone=zone), first, built[-1]))


@pytest.mark.parametrize(
    ("cron", "editions"),
    [
        ("0 * * * *", ["00:00", "01:00", "02:00"]),  # the hour that does not exist falls together with the next
        ("30 0-2 * * *", ["00:30", "01:30"]),
        ("30 1 * * *", ["01:30"]),
    ],
)
def test_spring_in_london(cron: str, editions: list[str]) -> None:
    # On 29 March 2026 the clock goes from 01:00 GMT to 02:00 BST.
    due = due_editions(
        plan(cron=(cron,)),
        datetime(2026, 3, 28, 23, 45, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 15, tzinfo=UTC),
    )
    assert [f"{moment:%H:%M}" for moment in due] == editions


def test_a_time_that_does_not_exist_is_not_lost_between_two_looks() -> None:
    # At 01:10 UTC the clock shows 02:10, and 01:30 was never shown; its edition is due at 02:30.
    after, until = datetime(2026, 3, 29, 1, 10, tzinfo=UTC), datetime(2026, 3, 29, 1, 40, tzinfo=UTC)
    assert due_editions(plan(cron=("30 1 * * *",)), after, until) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC),)


def test_autumn_in_london_has_one_edition_for_the_hour_that_comes_twice() -> None:
    due = due_editions(
        plan(cron=("30 1 * * *",)),
        datetime(2026, 10, 24, 12, tzinfo=UTC),
        datetime(2026, 10, 26, 0, tzinfo=UTC),
    )
    assert due == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC),)


def test_missed_editions_become_the_latest_one() -> None:
    last, now = datetime(2026, 9, 1, 6, tzinfo=UTC), datetime(2026, 9, 9, 5, tzinfo=UTC)
    assert len(due_editions(plan(), last, now)) == 7
    assert latest_due(plan(), last, now) == datetime(2026, 9, 8, 6, tzinfo=UTC)


def test_a_long_sleep_is_caught_up_quickly() -> None:
    every_minute = plan(cron=("* * * * *",))
    now = datetime(2026, 9, 9, 5, 0, 30, tzinfo=UTC)
    assert latest_due(every_minute, datetime(2016, 1, 1, tzinfo=UTC), now) == datetime(2026, 9, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "now", "due"),
    [
        ("0 7 * * *", "2026-09-18T05:00", ["2026-09-17T06:00Z"]),
        ("0 7 1 * *", "2026-09-18T05:00", []),  # a week's look-back does not reach the first of the month
        ("0 7 1 * mon", "2026-09-18T05:00", ["2026-09-14T06:00Z"]),  # cron's rule: the first, or a Monday
        ("0 7 * * tue,thu", "2026-09-18T05:00", ["2026-09-17T06:00Z"]),
    ],
)
def test_the_first_edition(cron: str, now: str, due: list[str]) -> None:
    found = due_editions(plan(cron=(cron,)), None, datetime.fromisoformat(f"{now}+00:00"))
    assert [edition_name(moment) for moment in found] == due


def test_several_times_are_joined() -> None:
    due = due_editions(
        plan(cron=("0 7 * * *", "0 7 * * fri", "0 17 * * fri")),
        datetime(2026, 9, 17, 12, tzinfo=UTC),
        datetime(2026, 9, 18, 23, tzinfo=UTC),
    )
    assert [f"{moment:%d %H}" for moment in due] == ["18 06", "18 16"]


@pytest.mark.parametrize(
    ("cron", "due"),
    [
        ("0 7 * * mon", datetime(2026, 9, 21, 6, tzinfo=UTC)),
        ("0 7 29 2 *", datetime(2028, 2, 29, 7, tzinfo=UTC)),
        ("0 7 31 6 *", None),
    ],
)
def test_next_due(cron: str, due: datetime | None) -> None:
    assert next_due(plan(cron=(cron,)), datetime(2026, 9, 18, 12, tzinfo=UTC)) == due


@pytest.mark.parametrize(
    "wrong", [{"cron": ("0 7 * *",)}, {"cron": ("61 7 * * *",)}, {"timezone": "Europe/Londn"}, {"timezone": "../etc"}]
)
def test_what_cannot_be_read_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="digest 'uk-ai'"):
        due_editions(plan(**wrong), None, datetime(2026, 9, 18, tzinfo=UTC))
