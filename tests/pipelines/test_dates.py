"""Dates as pages write them in ten languages, and which to believe."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipelines import dates
from pipelines.dates import Claim

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-09-22T07:00:00+00:00", "2025-09-22T07:00"),
        ("2025-09-22T09:00:00+0200", "2025-09-22T07:00"),
        ("2025-09-22T09:00+02", "2025-09-22T07:00"),
        ("2025-09-22T07:00:00.123Z", "2025-09-22T07:00"),
        ("2025-09-22 07:00:00", "2025-09-22T07:00"),
        ("2025-09-22 07:00:00 UTC", "2025-09-22T07:00"),
        ("2025-09-22T23:30:00-05:00", "2025-09-23T04:30"),
        ("2025-09-22", "2025-09-22T00:00"),
        ("Mon, 22 Sep 2025 07:00:00 GMT", "2025-09-22T07:00"),
        ("22 Sep 2025 07:00:00 -0000", "2025-09-22T07:00"),
        ("September 22, 2025", "2025-09-22T00:00"),
        ("Sept. 22, 2025", "2025-09-22T00:00"),
        ("SEPTEMBER 22nd, 2025 by Jane Doe", "2025-09-22T00:00"),
        ("Posted on Monday, 22 September 2025", "2025-09-22T00:00"),
        ("1er août 2025", "2025-08-01T00:00"),
        ("22 févr. 2025", "2025-02-22T00:00"),
        ("Veröffentlicht am 3. März 2025", "2025-03-03T00:00"),
        ("22.09.2025", "2025-09-22T00:00"),
        ("22 de septiembre de 2025", "2025-09-22T00:00"),
        ("4 de janeiro de 2026", "2026-01-04T00:00"),
        ("1º de março de 2026", "2026-03-01T00:00"),
        ("lunedì 22 settembre 2025", "2025-09-22T00:00"),
        ("2025年9月22日", "2025-09-22T00:00"),
        ("２０２５年９月２２日（月）", "2025-09-22T00:00"),
        ("令和7年9月22日", "2025-09-22T00:00"),
        ("民國114年9月22日", "2025-09-22T00:00"),
        ("2025년 9월 22일", "2025-09-22T00:00"),
        ("2025. 9. 22.", "2025-09-22T00:00"),
        ("2025/9/22", "2025-09-22T00:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    found = dates.parse(text)
    assert found is not None
    assert found.tzinfo is UTC
    assert found.isoformat()[:16] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("04/05/2025", "en-US", "2025-04-05"),
        ("04/05/2025", "en-GB", "2025-05-04"),
        ("04/05/2025", "fr", "2025-05-04"),
        ("04/05/2025", None, None),
        ("04/25/2025", None, "2025-04-25"),
        ("25/04/2025", "en-US", "2025-04-25"),
    ],
)
def test_figures_alone_are_read_by_the_languages_habit(text: str, language: str | None, expected: str | None) -> None:
    found = dates.parse(text, language)
    assert (found.date().isoformat() if found else None) == expected


@pytest.mark.parametrize(
    "text",
    ["", "today", "2025-13-40", "February 30, 2025", "31.02.2025", "Marketing 5, 2025", "version 2.10.2025.1",
     "9999999999", "12:30", "20250", "٢٢", "June 2025", "0000-00-00", "2025年13月1日", "令和元年"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("April 30, 2026", True), ("30. April 2026", True), ("2026年4月30日", True), ("Posted on 30 April 2026", True),
     ("On April 30, 2026 the quay opened", False), ("No date", False),
     ("GRIMSBY, England, April 30, 2026 — Tidewater said so", False)],
)  # fmt: skip
def test_a_line_that_is_only_a_date(text: str, expected: bool) -> None:
    assert dates.is_only_a_date(text) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://x.org/2026/04/11/quay", "2026-04-11"), ("https://x.org/2026/4/1/quay/", "2026-04-01"),
     ("https://x.org/2026/04/quay", None), ("https://x.org/news/2026-04-11", None),
     ("https://x.org/2026/13/11/", None)],
)  # fmt: skip
def test_the_day_in_an_address(url: str, expected: str | None) -> None:
    found = dates.from_address(url)
    assert (found.date().isoformat() if found else None) == expected


def test_the_first_plausible_claim_is_taken() -> None:
    early, late = datetime(1970, 1, 1, tzinfo=UTC), NOW + timedelta(days=3)
    good = datetime(2026, 4, 1, tzinfo=UTC)
    claims = [Claim(origin="feed", at=None), Claim(origin="json-ld", at=late), Claim(origin="meta", at=early)]
    assert dates.choose([*claims, Claim(origin="page", at=good)], NOW) == (good, "page")
    assert dates.choose(claims, NOW) == (None, None)
    assert dates.choose([Claim(origin="feed", at=NOW + timedelta(days=2))], NOW) == (NOW + timedelta(days=2), "feed")


def test_times_come_out_in_utc_whatever_zone_they_had() -> None:
    there = datetime(2026, 4, 1, 1, tzinfo=timezone(timedelta(hours=9)))
    assert dates.utc(there) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert dates.utc(datetime(2026, 4, 1)) == datetime(2026, 4, 1, tzinfo=UTC)
    assert dates.utc(datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))) is None
