"""How often a password may be guessed."""

import pytest

from presswatch.web.throttle import Throttle


def attempt(throttle: Throttle, address: str, now: float, *, device: str = "", good: bool = False) -> float:
    wait = throttle.wait(address, device, now)
    if wait == 0:
        throttle.done(address, device, now, good=good)
    return wait


def guesses(throttle: Throttle, addresses: list[str], seconds: float, step: float = 0.25) -> int:
    """How many guesses are answered when everybody tries all the time."""
    count, now = 0, 0.0
    while now < seconds:
        count += sum(attempt(throttle, address, now) == 0 for address in addresses)
        now += step
    return count


def test_a_few_typing_errors_cost_no_pause() -> None:
    throttle = Throttle()
    assert [attempt(throttle, "192.0.2.1", n) for n in range(5)] == [0] * 5
    assert attempt(throttle, "192.0.2.1", 4.5) > 0


def test_pauses_double_up_to_a_minute() -> None:
    throttle, now, pauses = Throttle(), 0.0, []
    for _ in range(15):
        while (wait := attempt(throttle, "192.0.2.1", now)) > 0:
            pauses.append(round(wait, 3))
            now += wait
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_one_address_gets_few_guesses_a_day() -> None:
    assert guesses(Throttle(), ["192.0.2.1"], 86_400, step=1) < 1_500


@pytest.mark.parametrize("pattern", ["198.51.100.{}", "2001:db8:{}::1"])
def test_many_addresses_share_one_budget(pattern: str) -> None:
    assert guesses(Throttle(), [pattern.format(n) for n in range(200)], 600, step=1) <= 30 + 600 / 2 + 1


def test_a_whole_ipv6_network_is_one_address() -> None:
    assert guesses(Throttle(), [f"2001:db8::{n:x}" for n in range(1, 100)], 60, step=1) < 15


def test_the_owner_gets_in_while_everybody_knocks() -> None:
    throttle = Throttle()
    guesses(throttle, [f"198.51.100.{n}" for n in range(200)], 60, step=1)
    assert attempt(throttle, "203.0.113.9", 59.5) > 0  # a stranger's budget is used up
    assert attempt(throttle, "203.0.113.9", 60, device="known", good=True) == 0
    # Also from the attacker's own address, as behind one router.
    assert attempt(throttle, "198.51.100.1", 60.5, device="known", good=True) == 0


def test_a_stolen_mark_does_not_help_guessing() -> None:
    throttle = Throttle()
    answered = sum(attempt(throttle, f"198.51.100.{n}", n, device="stolen") == 0 for n in range(250))
    assert answered < 15


def test_the_right_password_clears_the_account() -> None:
    throttle = Throttle()
    for now in range(4):
        attempt(throttle, "192.0.2.1", now)
    assert attempt(throttle, "192.0.2.1", 4, good=True) == 0
    assert [attempt(throttle, "192.0.2.1", 5 + n) for n in range(5)] == [0] * 5


def test_only_two_are_compared_at_once() -> None:
    throttle = Throttle()
    assert throttle.wait("192.0.2.1", "", 0) == 0
    assert throttle.wait("192.0.2.2", "", 0) == 0
    assert throttle.wait("192.0.2.3", "", 0) > 0
    throttle.done("192.0.2.1", "", 0, good=False)
    assert throttle.wait("192.0.2.3", "", 0) == 0


def test_what_is_remembered_stays_small() -> None:
    throttle = Throttle()
    for n in range(30_000):
        throttle._running = 1
        throttle.done(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", "", float(n), good=False)
    assert len(throttle._accounts) == 10_000
