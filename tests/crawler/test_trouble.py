"""The words for what goes wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.trouble import of_failure, of_status, retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://x.example/a"
CHALLENGE = b'<html><script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script></html>'

STATUSES = {
    "fine": (200, {}, b"text", None),
    "not modified": (304, {}, b"", None),
    "blocked": (403, {}, b"", "blocked"),
    "for lawyers": (451, {}, b"", "blocked"),
    "too many": (429, {}, b"", "blocked"),
    "gone": (410, {}, b"", "down"),
    "not found": (404, {}, b"", "down"),
    "ill": (500, {}, b"", "down"),
    "busy": (503, {}, b"", "down"),
    "a challenge with its status": (403, {}, CHALLENGE, "blocked"),
    "a challenge that pretends": (200, {}, CHALLENGE, "blocked"),
    "a challenge by its header": (503, {"cf-mitigated": "challenge"}, b"", "blocked"),
    "an article about such": (200, {}, CHALLENGE + b" " * 200_000, None),
    "nothing to say": (204, {}, b"", "down"),
}


@pytest.mark.parametrize("name", STATUSES)
def test_statuses(name: str) -> None:
    status, headers, body, state = STATUSES[name]
    trouble = of_status(status, URL, headers, body, NOW)
    assert (trouble.state if trouble else None) == state
    assert trouble is None or URL in str(trouble)


WAITS = {
    "seconds": ("120", timedelta(seconds=120)),
    "a date": ("Fri, 20 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
    "a date that is over": ("Fri, 20 Nov 2020 12:10:00 GMT", timedelta(0)),
    "far too long": ("99999999", timedelta(hours=24)),
    "longer than time": ("9" * 40, None),
    "negative": ("-5", None),
    "words": ("later", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize("name", WAITS)
def test_retry_after(name: str) -> None:
    value, wait = WAITS[name]
    assert retry_after(value, NOW) == (NOW + wait if wait is not None else None)


def test_an_unknown_failure_is_named() -> None:
    assert str(of_failure(RuntimeError("odd"), URL, 60)) == f"{URL}: RuntimeError: odd"
