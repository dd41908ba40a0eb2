"""A digest that comes promptly: an edition whenever there is something to tell, and no row for every minute."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from presswatch import jobs, settings
from presswatch.digests import schedule
from presswatch.services import Services
from tests.digests.stories import plan
from tests.store.samples import T0, draft_page, make_outcome, record_visit

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    config = tmp_path / "config"
    config.mkdir()
    (config / "digests.yaml").write_text('digests:\n  - {name: p, at: promptly, to: "file:out"}\n')
    with Services(settings.load(config, tmp_path / "data", {})) as opened:
        record_visit(
            opened.store,
            "newsroom",
            now=T0,
            ok=True,
            state="ok",
            message="",
            found=1,
            new=1,
            way="feed",
            next_due_at=T0,
        )
        yield opened


def publish(services: Services, name: str, at: datetime) -> None:
    url = f"https://a.example/{name}"
    page = services.store.pages.add(draft_page(url))
    assert page is not None
    services.store.articles.save(make_outcome(page, url, story=name, first_seen_at=at, published_at=at), now=at)


def told(services: Services, now: datetime) -> list[tuple[str, ...]]:
    """The new stories of each edition that is made now."""
    due = jobs.JOBS["digest"].due(services, now)
    editions = jobs.digest(services, now)
    assert due or not editions
    return [edition.stories for edition in editions]


def rows(services: Services) -> int:
    return len(services.store.digests.editions(name="p", limit=1000))


def test_what_is_new_is_told_within_a_minute_and_once(services: Services) -> None:
    publish(services, "a", T0)
    assert told(services, T0 + 5 * SECOND) == [("a",)]
    assert told(services, T0 + 35 * SECOND) == []
    publish(services, "b", T0 + 40 * SECOND)
    assert told(services, T0 + 45 * SECOND) == []  # of one minute there is one edition
    assert told(services, T0 + 65 * SECOND) == [("b",)]
    assert told(services, T0 + 125 * SECOND) == []


def test_a_quiet_day_makes_no_rows(services: Services) -> None:
    publish(services, "a", T0)
    assert told(services, T0 + MINUTE) == [("a",)]
    now = T0 + MINUTE
    for _ in range(24 * 12):
        now += 5 * MINUTE
        assert told(services, now) == []
    assert rows(services) < 10
    publish(services, "b", now)
    assert told(services, now + 5 * SECOND) == [("b",)]


def test_what_is_stored_late_with_an_earlier_time_is_told_soon(services: Services) -> None:
    """As a long job stores it: with the time when it began."""
    publish(services, "a", T0 + 20 * MINUTE)
    assert told(services, T0 + 21 * MINUTE) == [("a",)]
    publish(services, "b", T0)
    assert told(services, T0 + 22 * MINUTE) == []
    assert told(services, T0 + 32 * MINUTE) == [("b",)]


def test_when_it_is_due() -> None:
    promptly = plan(prompt=True, cron=())
    now = T0 + 7 * SECOND
    assert schedule.latest_due(promptly, None, now) == T0
    assert schedule.latest_due(promptly, T0, now) is None
    assert schedule.latest_due(promptly, T0 - MINUTE, now) == T0
    assert schedule.due_editions(promptly, T0 - timedelta(days=9), now) == (T0,)
    assert schedule.next_due(promptly, now) == T0 + MINUTE
