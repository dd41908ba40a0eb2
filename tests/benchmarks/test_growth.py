"""The exponent that is fitted to what things cost, and what it makes of real costs."""

import pytest

from benchmarks.growth import Growth, exponent, over_articles, over_names, show

SIZES = (10, 100, 1000)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_exponent_of_a_power_is_that_power(power: float) -> None:
    assert exponent({size: 3 * size**power for size in SIZES}) == pytest.approx(power)


def test_one_size_has_no_exponent() -> None:
    assert exponent({10: 3.0}) is None
    assert exponent({10: 3.0, 100: -0.1}) is None  # less than the start-up that was taken off


def test_what_drowns_in_the_start_up_is_no_part_of_the_exponent() -> None:
    row = Growth(what="a crawl", costs={10: 900.0, 100: 100.0, 1000: 1000.0}, drowned={10})
    assert row.exponent == pytest.approx(1)


def test_too_steep_a_cost_is_said_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    fair, steep = ({size: float(size) ** power for size in SIZES} for power in (1.0, 1.2))
    assert show([Growth(what="fair", costs=fair), Growth(what="steep", costs=steep)], SIZES) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if "too steep" in line]
    assert [line.split()[0] for line in said] == ["steep"]


def test_names_and_articles_are_measured_at_each_size() -> None:
    rows = [*over_names((10, 20), 1), *over_articles((10, 20), 1)]
    assert len(rows) == 10
    for row in rows:
        assert set(row.costs) == {10, 20}, row.what
        assert all(cost > 0 for cost in row.costs.values()), row.what
