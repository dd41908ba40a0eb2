"""When the editions of a digest are due. Does no input or output.

APScheduler's CronTrigger reads the expressions, but on a clock without
summer time: it walks wall-clock times as if they were UTC, and each is turned
into an instant here. So an hour that does not exist gives one edition (as much
later as the clock was put forward), and one that exists twice gives one (the
first time round), which the trigger itself does not promise.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from presswatch.errors import ConfigError
from presswatch.models import DigestPlan

# A wall clock and its instant lie at most 14 hours apart, and Apia once left out a whole day.
_SLACK = timedelta(hours=50)
# The 29th of February can be eight years away.
_FAR = timedelta(days=366 * 9)


def due_editions(plan: DigestPlan, last: datetime | None, now: datetime) -> tuple[datetime, ...]:
    """Every due time after `last` and up to `now`, oldest first, in UTC.

    Where there was no edition yet, `last` is None, and the newest due time within
    the plan's look-back is the only one. Raises `ConfigError` for a cron time or a
    time zone that cannot be read.
    """
    if plan.prompt:
        return () if (due := latest_due(plan, last, now)) is None else (due,)
    if last is not None:
        return _instants(plan, last, now)
    return _instants(plan, now - plan.look_back, now)[-1:]


def latest_due(plan: DigestPlan, last: datetime | None, now: datetime) -> datetime | None:
    """The one edition to build now: several that were missed, asleep for days, become the latest of them."""
    if plan.prompt:  # whether there is anything to tell is for whoever asks: by the clock, every minute will do
        minute = now.replace(second=0, microsecond=0)
        return minute if last is None or minute > last else None
    earliest = now - plan.look_back if last is None else last
    span = timedelta(days=1)
    while True:  # backwards in growing steps: after a long sleep only the newest is wanted
        start = max(earliest, now - span)
        if found := _instants(plan, start, now):
            return found[-1]
        if start <= earliest:
            return None
        span *= 4


def next_due(plan: DigestPlan, now: datetime) -> datetime | None:
    """The first due time after `now`, in UTC; None for a date that never comes, such as the 31st of June."""
    if plan.prompt:
        return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    span = timedelta(days=1)
    while span < _FAR * 4:
        if found := _instants(plan, now, now + span):
            return found[0]
        span *= 4
    return None


def edition_name(due: datetime) -> str:
    """How an edition is known: its due time in UTC, "2025-09-22T07:00Z"."""
    return due.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _instants(plan: DigestPlan, after: datetime, until: datetime) -> tuple[datetime, ...]:
    try:
        zone = ZoneInfo(plan.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"The digest {plan.name!r} has the time zone {plan.timezone!r}, which does not exist."
            ' Write it like "Europe/London".'
        ) from error
    first, last = _wall(after, zone) - _SLACK, _wall(until, zone) + _SLACK
    found: set[datetime] = set()
    for trigger in _triggers(plan, last):
        for wall in _walk(trigger, first):
            # fold=0: of two such hours the first; in a gap, the offset from before it.
            instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
            if after < instant <= until:
                found.add(instant)
    return tuple(sorted(found))


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clock shows, dressed up as UTC."""
    return moment.astimezone(zone).replace(tzinfo=UTC, fold=0)


def _walk(trigger: CronTrigger, start: datetime) -> Iterator[datetime]:
    moment = trigger.get_next_fire_time(None, start)
    while moment is not None:
        yield moment
        moment = trigger.get_next_fire_time(None, moment + timedelta(seconds=1))


def _triggers(plan: DigestPlan, end: datetime) -> Iterator[CronTrigger]:
    for expression in plan.cron:
        fields = expression.split()
        try:
            if len(fields) != 5:
                raise ValueError("it needs five fields")
            for minute, hour, day, month, weekday in _alternatives(fields):
                yield CronTrigger(
                    minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=UTC, end_date=end
                )
        except ValueError as error:
            raise ConfigError(
                f"The digest {plan.name!r} has the cron time {expression!r}, which cannot be read: {error}."
                ' Write five fields, such as "0 7 * * mon-fri".'
            ) from error


def _alternatives(fields: list[str]) -> tuple[list[str], ...]:
    """Cron's own rule: where both a day of the month and a weekday are given, either will do."""
    minute, hour, day, month, weekday = fields
    if day.startswith("*") or weekday.startswith("*"):
        return (fields,)
    return [minute, hour, day, month, "*"], [minute, hour, "*", month, weekday]
