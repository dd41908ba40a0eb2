"""How pages write times and counts. Does no input or output."""

from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812  # the function below has its name
from zoneinfo import ZoneInfo


def day(moment: datetime, zone: ZoneInfo) -> str:
    """ "Friday 19 September 2025"."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}"


def date(day: Date) -> str:
    """ "Friday 19 September 2025" of a day without a time."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(moment: datetime, zone: ZoneInfo) -> str:
    """ "19 Sep 2025"."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def minute(moment: datetime, zone: ZoneInfo) -> str:
    """ "19 Sep 2025, 13:00"."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def machine(moment: datetime) -> str:
    """As the `datetime` attribute of a `time` element wants it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def count(number: int, one: str, many: str) -> str:
    """ "1 story", "2,400 stories"."""
    return f"{number:,} {one if number == 1 else many}"
