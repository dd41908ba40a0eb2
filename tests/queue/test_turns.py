"""One request at a time to a host, by however many crawls, and what happens when one of them dies."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from presswatch.store import Store


def turns(store: Store):  # type: ignore[no-untyped-def]
    assert store.turns
    return store.turns


def test_two_never_have_the_same_host(shared: Store) -> None:
    holding: set[str] = set()
    clashes: list[str] = []

    def ask(name: str) -> int:
        had = 0
        for _ in range(12):
            while wait := turns(shared).take("a.example", name, lease=30):
                time.sleep(min(wait, 0.01))
            clashes.extend(holding)
            holding.add(name)
            time.sleep(0.005)
            holding.discard(name)
            turns(shared).give_back("a.example", name, pause=0)
            had += 1
        return had

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, "abcd")) == [12] * 4
    assert clashes == []


def test_other_hosts_are_free(shared: Store) -> None:
    assert turns(shared).take("a.example", "one", lease=30) == 0
    assert turns(shared).take("a.example", "two", lease=30) > 0
    assert turns(shared).take("b.example", "two", lease=30) == 0


def test_a_turn_ends_with_its_lease(shared: Store) -> None:
    assert turns(shared).take("a.example", "dead", lease=0.3) == 0
    assert turns(shared).take("a.example", "next", lease=30) > 0
    time.sleep(0.35)
    assert turns(shared).take("a.example", "next", lease=30) == 0
    # Whoever comes back from the dead gives nothing back that is another's.
    turns(shared).give_back("a.example", "dead", pause=0)
    assert turns(shared).take("a.example", "third", lease=30) > 0


def test_the_pause_holds_for_everybody(shared: Store) -> None:
    assert turns(shared).take("a.example", "one", lease=30) == 0
    turns(shared).give_back("a.example", "one", pause=0.5)
    assert 0.2 < turns(shared).take("a.example", "two", lease=30) <= 0.5
    time.sleep(0.55)
    assert turns(shared).take("a.example", "two", lease=30) == 0


def test_a_host_that_asked_for_a_pause_gets_it_from_everybody(shared: Store) -> None:
    turns(shared).leave_alone("a.example", datetime.now(UTC) + timedelta(hours=1))
    assert 3500 < turns(shared).take("a.example", "one", lease=30) <= 3600
    turns(shared).leave_alone("a.example", datetime.now(UTC))  # an earlier time does not shorten it
    assert turns(shared).take("a.example", "one", lease=30) > 3500


def test_on_sqlite_there_is_nobody_to_share_with(tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("alone")
    with Store.open(f"sqlite:///{folder / 'presswatch.sqlite3'}") as store:
        assert store.turns is None
        assert not store.shared
