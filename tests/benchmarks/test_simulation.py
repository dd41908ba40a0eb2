"""The simulation against cases whose answer is known."""

import statistics
from dataclasses import replace

import pytest

from benchmarks.simulation import AT_ONCE, LOOK_EVERY, Plan, one_crawl, simulate
from benchmarks.units import Costs, amounts

FREE = Costs(start_up=0.0, visit=0.0, page=0.0, read=0.0, look=0.0, order=0.0)


def plan(newsrooms: int, **others: float) -> Plan:
    return replace(Plan(newsrooms=newsrooms, articles=0.0, hours=1.0), **others)


@pytest.mark.parametrize("newsrooms", [200, 1000])
def test_utilisation_is_the_arrival_rate_times_the_service_time(newsrooms: int) -> None:
    """Little's law: so many visits are under way on average; and a core's load is rate times processor time."""
    seen = simulate(plan(newsrooms, answer=2.0), replace(FREE, visit=0.005))
    rate = seen.visits / seen.seconds
    assert seen.in_visits / seen.seconds == pytest.approx(rate * 2.005, rel=0.05)
    assert seen.cores_busy == pytest.approx(rate * 0.005, rel=0.02)


@pytest.mark.parametrize(("every", "waits"), [(900.0, 0.0), (910.0, 20.0), (925.0, 5.0)])
def test_where_nothing_is_in_the_way_a_visit_waits_for_the_next_look(every: float, waits: float) -> None:
    """Visits are made at looks, 30 seconds apart, so the next one is due as far from a look as `every` says."""
    seen = simulate(plan(100, answer=0.0, every=every), FREE)
    assert LOOK_EVERY == 30.0
    assert statistics.median(seen.late) == pytest.approx(waits, abs=0.1)


def test_a_full_service_makes_as_many_visits_as_fit_side_by_side() -> None:
    """Twelve at a time, each of which takes a second, are twelve a second, whatever is due."""
    seen = simulate(plan(50_000, answer=1.0, drawn=False, hours=0.4), FREE)
    assert seen.visits / seen.seconds == pytest.approx(AT_ONCE / 1.0, rel=0.05)
    assert seen.kept_up < 0.3
    assert seen.ended


def test_a_crawl_takes_its_start_and_then_its_visits_twelve_at_a_time() -> None:
    costs = replace(FREE, start_up=1.5)
    assert one_crawl(120, 0.5, costs) == pytest.approx(1.5 + 10 * 0.5)
    assert one_crawl(121, 0.5, costs) == pytest.approx(1.5 + 11 * 0.5)
    # Where hosts answer at once, the core is what it waits for.
    assert one_crawl(1000, 0.0, replace(costs, visit=0.002)) == pytest.approx(1.5 + 2.0)


def test_more_workers_never_lower_the_throughput() -> None:
    busy = plan(9000, every=300.0, hours=0.15)
    made = [simulate(replace(busy, workers=workers), Costs()).visits for workers in (1, 2, 4, 8)]
    assert made == sorted(made)
    assert made[1] > 1.7 * made[0]


def test_a_visit_of_pages_waits_between_its_requests() -> None:
    quiet = simulate(plan(300, answer=0.0), FREE)
    busy = simulate(plan(300, answer=0.0, articles=4.0), FREE)
    assert quiet.requests == quiet.visits
    assert busy.requests / busy.visits == pytest.approx(1 + busy.plan.pages_a_visit, rel=0.1)
    assert busy.in_visits / busy.visits == pytest.approx(busy.plan.pages_a_visit * busy.plan.delay, rel=0.1)


def test_a_week_of_visits_of_a_hundred_thousand_newsrooms() -> None:
    assert amounts(100_000, Costs())["rows of visits after a week"] == pytest.approx(67.2e6)


def test_what_groups_grows_faster_than_the_newsrooms() -> None:
    what = "cores that group (beyond 10,000 articles: extrapolated)"
    few, many = (amounts(number, Costs())[what] for number in (100, 1000))
    assert many / few == pytest.approx(10 ** (1 + Costs().group_exponent))
