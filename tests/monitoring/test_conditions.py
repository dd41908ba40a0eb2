"""What is wrong now: one cause is one condition, and what an outage explains is not told a second time."""

from datetime import UTC, datetime, timedelta

import pytest

from presswatch.models import Delivery, Source
from presswatch.monitoring import conditions
from presswatch.monitoring.conditions import Found
from presswatch.store.records import DeliveryEntry, Incident, SourceHistory

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCES = tuple(Source(id=name, name=name.upper(), feeds=(f"https://{name}.example/feed",)) for name in "abcd")
# Two sources on one host, two on hosts of their own.
SHARED = (
    *(Source(id=name, name=name, feeds=(f"https://one.example/{name}",)) for name in "ab"),
    *SOURCES[2:],
)


def well(name: str, ago: float = 0.1) -> SourceHistory:
    at = NOW - ago * HOUR
    return SourceHistory(source=name, state="ok", first_visit_at=at, last_visit_at=at, last_success_at=at)


def ill(
    name: str, *, state: str = "down", failures: int = 3, since: float = 1.0, visited: float = 0.1, read: float = 1.3
) -> SourceHistory:
    return SourceHistory(
        source=name,
        state=state,
        message=f"https://{name}.example/feed fails",
        failures=failures,
        first_visit_at=NOW - 100 * HOUR,
        last_visit_at=NOW - visited * HOUR,
        last_success_at=NOW - read * HOUR,
        failing_since=NOW - since * HOUR,
    )


def of(*histories: SourceHistory, sources: tuple[Source, ...] = SOURCES, incidents: tuple[Incident, ...] = ()) -> Found:
    return conditions.of_sources(sources, histories, incidents, failures=3, now=NOW)


def subjects(found: Found) -> list[str]:
    return [condition.subject for condition in found.conditions]


CASES: list[tuple[str, tuple[SourceHistory, ...], list[str]]] = [
    ("all well", (well("a"), well("b"), well("c"), well("d")), []),
    ("a first failure is nobody's news", (ill("a", failures=1), well("b"), well("c"), well("d")), []),
    ("one is down", (ill("a"), well("b"), well("c"), well("d")), ["source:a"]),
    ("two of four are down", (ill("a"), ill("b"), well("c"), well("d")), ["source:a", "source:b"]),
    ("no network", tuple(map(ill, "abcd")), ["network"]),
    ("no network, some not yet three times", (ill("a"), ill("b", failures=1), ill("c"), ill("d")), ["network"]),
    ("no network, one not visited since", (ill("a"), ill("b"), ill("c"), well("d", 2)), ["network"]),
    (
        "one read since: no matter of the network",
        (ill("a"), ill("b"), ill("c"), well("d", 0.2)),
        ["source:a", "source:b", "source:c"],
    ),
    ("one has been ill for a week", (ill("a", since=168, read=169), ill("b"), ill("c"), ill("d")), ["network"]),
    ("that one alone", (ill("a", since=168, read=169), well("b", 0.5), well("c"), well("d")), ["source:a"]),
]


@pytest.mark.parametrize(("histories", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_one_cause_is_one_condition(histories: tuple[SourceHistory, ...], expected: list[str]) -> None:
    assert subjects(of(*histories)) == expected


@pytest.mark.parametrize(
    ("states", "state", "said"),
    [
        (["down"] * 4, "down", "None of the 4 sources that were visited can be reached."),
        (["blocked"] * 4, "blocked", "lets us in"),
        (["down", "blocked", "down", "down"], "failing", "can be read"),
    ],
)
def test_the_words_for_a_common_cause(states: list[str], state: str, said: str) -> None:
    found = of(*(ill(name, state=one) for name, one in zip("abcd", states, strict=True)))
    (condition,) = found.conditions
    assert condition.state == state
    assert said in condition.message
    assert "fails" in condition.message  # the first source's own words
    assert "this machine" in condition.advice or "proxy" in condition.advice


def test_a_host_that_two_sources_share_is_one_condition() -> None:
    found = of(ill("a"), ill("b"), well("c"), well("d"), sources=SHARED)
    assert subjects(found) == ["host:one.example"]
    assert found.held == {"source:a", "source:b"}


def incident(subject: str, *, closed: float | None = None) -> Incident:
    end = None if closed is None else NOW - closed * HOUR
    return Incident(
        subject=subject, state="down", name=subject, message="", began_at=NOW, told_at=NOW - 2 * HOUR, closed_at=end
    )


def test_after_an_outage_a_source_is_judged_again_only_when_it_was_visited_again() -> None:
    # "a" is back, "b" still waits for its next visit, "c" was visited since, and is ill by itself.
    histories = (well("a", 0.1), ill("b", visited=2), ill("c", visited=0.2), well("d", 0.1))
    ended = of(*histories, incidents=(incident("network", closed=1),))
    assert subjects(ended) == ["source:c"]
    assert "source:b" in ended.held
    # The very moment in which the outage ends: nothing was visited since.
    assert subjects(of(*histories, incidents=(incident("network"),))) == []


def test_a_disabled_source_is_never_wrong() -> None:
    off = Source(id="a", name="A", feeds=("https://a.example/feed",), enabled=False)
    assert subjects(of(ill("a"), well("b"), sources=(off, SOURCES[1]))) == []


def test_jobs_that_fail_again_and_again() -> None:
    jobs = {
        "process": {"failures": 3, "message": "The store is full", "failing_since": "2026-03-02T10:00:00+00:00"},
        "digest": {"failures": 2, "message": "x"},
        "deliver": {"failures": 9, "message": "told in better words"},
        "crawl": {"ok": True},
        "prune": {"failures": "many", "failing_since": "yesterday"},
    }
    (condition,) = conditions.of_jobs(jobs, failures=3, now=NOW)
    assert condition.subject == "job:process"
    assert "The store is full." in condition.message
    assert condition.began_at == NOW - 2 * HOUR


def entry(number: int, state: str, attempts: int, name: str = "daily") -> DeliveryEntry:
    delivery = Delivery(
        id=number,
        digest_id=1,
        recipient="mailto:a@b.example",
        state=state,
        attempts=attempts,
        error="the server said no",
    )
    return DeliveryEntry(delivery=delivery, name=name, edition="2026-03-01T07:00Z", subject="s", receipt=None)


def test_deliveries_that_do_not_arrive() -> None:
    entries = [
        entry(1, "due", 1),
        entry(2, "due", 3),
        entry(3, "given up", 22),
        entry(4, "due", 9, conditions.ALERT),
        entry(5, "given up", 22, conditions.ALERT),
    ]
    waiting, given_up = conditions.of_deliveries(entries, failures=3, shown={3: "a…@b.example"}, now=NOW)
    assert waiting.subject == "deliveries"
    assert waiting.message.startswith("1 delivery waits")
    assert (given_up.subject, given_up.lasting) == ("delivery:3", False)
    assert "a…@b.example" in given_up.message
    assert "--retry 3" in given_up.advice
    assert given_up.began_at == datetime(2026, 3, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(("free", "count"), [(conditions.LOW_DISK, 0), (conditions.LOW_DISK - 1, 1)])
def test_a_disk_that_fills_up(free: int, count: int) -> None:
    assert len(conditions.of_disk(free, "/data", now=NOW)) == count
