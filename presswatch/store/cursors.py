"""Places in a list, as addresses carry them. Does no input or output.

A cursor names the last row by what the list is sorted by, so that the next page
is found by an index and new rows on top move nothing.
"""

import re
from datetime import UTC, datetime

_SHAPE = re.compile(r"(\d{8}T\d{6}\.\d{6})~(.{1,200})", re.DOTALL)


def cursor(moment: datetime, last: str) -> str:
    """The place right after the row of this time and name."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}~{last}"


def place(text: str | None) -> tuple[datetime, str] | None:
    """The time and name of a cursor; None for none, and for what is no cursor."""
    found = _SHAPE.fullmatch(text or "")
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), found[2]
    except ValueError:
        return None
