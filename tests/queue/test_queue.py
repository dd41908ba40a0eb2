"""The queue, the leader and the workers, on a real server."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from presswatch.errors import StoreError
from presswatch.queue import schema
from presswatch.queue.leader import Leader
from presswatch.queue.orders import Order
from presswatch.queue.tasks import Queue
from presswatch.queue.worker import Worker
from presswatch.store import Store
from presswatch.store.database import lock_number

from ..conftest import NewDatabase


def until(condition: Callable[[], object], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())


def visit(source: str, host: str = "") -> Order:
    return Order(job="crawl", key=f"crawl {source}", lock=f"host {host or source}", parts=(source,))


class Recorder:
    """Does orders by sleeping, and remembers how many of a kind it did at a time."""

    def __init__(self, seconds: float = 0.2) -> None:
        self.seconds = seconds
        self.done: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.together: list[tuple[str, ...]] = []
        self._lock = threading.Lock()

    def __call__(self, job: str, parts: tuple[str, ...], done: Callable[[str], None]) -> None:
        with self._lock:
            self.together.append(parts)
            for part in parts or (job,):
                host = part.partition("/")[0]
                self.busy[host] += 1
                self.most[host] = max(self.most[host], self.busy[host])
        time.sleep(self.seconds)
        with self._lock:
            for part in parts or (job,):
                self.busy[part.partition("/")[0]] -= 1
                self.done[part] += 1


@contextmanager
def worker(url: str, run: Callable[..., None]) -> Iterator[Worker]:
    made = Worker(url, run)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def queue(url: str) -> Iterator[Queue]:
    made = Queue(url)
    try:
        yield made
    finally:
        made.close()


def test_two_workers_do_each_order_once_and_never_two_of_a_host(shared_url: str) -> None:
    first, second = Recorder(), Recorder()
    handed = [visit(f"{host}/{n}", host) for host in ("a", "b", "c") for n in range(4)]
    both = Recorder()
    with queue(shared_url) as hand, worker(shared_url, both), worker(shared_url, both):
        assert hand.hand_out(handed) == len(handed)
        assert hand.hand_out(handed[-1:]) == 0 or both.done  # what waits is not handed out again
        assert until(lambda: len(both.done) == len(handed) and not hand.taken())
    assert set(both.done.values()) <= {1, 2}  # the last was perhaps handed out anew after it was done
    assert max(both.most.values()) == 1
    assert first.done == second.done == Counter()


def test_visits_that_come_together_share_a_child(shared_url: str) -> None:
    seen = Recorder()
    with queue(shared_url) as hand:
        hand.hand_out([visit(name) for name in "abcdef"])
        with worker(shared_url, seen):
            assert until(lambda: len(seen.done) == 6)
    assert len(seen.together) < 6


def test_visits_that_come_while_others_run_wait_for_one_child(shared_url: str) -> None:
    """However many sources come due one by one, a worker holds no more than two children that crawl."""
    seen = Recorder(3)
    names = "abcdefgh"
    with queue(shared_url) as hand, worker(shared_url, seen):
        for name in names:
            hand.hand_out([visit(name)])
            time.sleep(0.4)
        assert until(lambda: len(seen.done) == len(names))
    assert len(seen.together) <= 5


def test_what_waits_is_seen_by_its_key(shared_url: str) -> None:
    with queue(shared_url) as hand:
        hand.hand_out([visit("a"), Order(job="process", key="process 7", lock="process 7", parts=("7", "9"))])
        assert hand.taken() == {"crawl a": ("a",), "process 7": ("7", "9")}
        assert hand.waiting() == {"crawl": 1, "process": 1, "tell": 0}


def test_the_orders_of_a_dead_worker_are_done_by_another(shared_url: str) -> None:
    stuck = threading.Event()
    with queue(shared_url) as hand:
        hand.hand_out([visit("a")])
        dead = Worker(shared_url, lambda *_: stuck.wait(60) and None)
        dead.start()
        assert until(lambda: _count(shared_url, "status = 'doing'") == 1)
        with psycopg.connect(shared_url, autocommit=True) as connection:  # as if it had died a minute ago
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
            seen = Recorder()
            with worker(shared_url, seen):
                assert until(lambda: seen.done["a"] == 1)
        stuck.set()
        dead.stop()
    assert _count(shared_url, "true") == 0


def _count(url: str, where: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM procrastinate_jobs WHERE {where}").fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else 0


def test_one_leads_and_another_takes_over(shared_url: str) -> None:
    one, other = Leader(shared_url), Leader(shared_url)
    one.start()
    assert until(one.leads)
    other.start()
    time.sleep(1)
    assert not other.leads()
    # The server ends the leader's connection, as it does when its machine is gone.
    with psycopg.connect(shared_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    assert until(lambda: one.leads() != other.leads(), 20)
    leading, waiting = (one, other) if one.leads() else (other, one)
    began = time.monotonic()
    leading.stop()
    assert until(waiting.leads, 10)
    assert time.monotonic() - began < 10
    assert not leading.leads()
    waiting.stop()


def test_a_server_ends_the_sessions_of_machines_that_are_gone(shared_url: str) -> None:
    """Without this a leader's lock would outlive its machine by two hours."""
    from presswatch.store.database import parameters

    with psycopg.connect(shared_url, **parameters("test")) as connection:
        for name, most in (("tcp_keepalives_idle", 10), ("tcp_keepalives_interval", 10), ("tcp_user_timeout", 20_000)):
            row = connection.execute("SELECT setting::int FROM pg_settings WHERE name = %s", (name,)).fetchone()
            assert row
            assert 0 < row[0] <= most, name


def test_the_queues_tables_are_made_once(shared: Store) -> None:
    schema.bring_up_to_date(shared)
    assert shared.made("queue") == schema._newest()


def test_an_older_queue_is_brought_up_to_date(new_database: NewDatabase) -> None:
    old, fresh = new_database(), new_database()
    with Store.open(old) as store:
        for number, file in schema._migrations():
            if number < 3_00_00_00:
                with store.upgrading() as (connection, note):
                    schema._run(connection, file.read_text("utf-8"))
                    note("queue", number)
        schema.bring_up_to_date(store)
        assert store.made("queue") == schema._newest()
    with psycopg.connect(fresh, autocommit=True) as connection:
        connection.execute(SchemaManager.get_schema())
    assert _columns(old) == _columns(fresh)
    with queue(old) as hand:
        hand.hand_out([visit("a")])
        seen = Recorder(0)
        with worker(old, seen):
            assert until(lambda: seen.done["a"] == 1)


def test_a_newer_queue_is_left_alone(shared: Store) -> None:
    with shared.upgrading() as (_, note):
        note("queue", schema._newest() + 1)
    with pytest.raises(StoreError, match="newer presswatch"):
        schema.bring_up_to_date(shared)


def _columns(url: str) -> list[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_name LIKE 'procrastinate%' ORDER BY 1, 2"
        ).fetchall()


def test_a_worker_comes_back_when_the_store_does(shared_url: str) -> None:
    seen = Recorder(0)
    with queue(shared_url) as hand, worker(shared_url, seen):
        hand.hand_out([visit("a")])
        assert until(lambda: seen.done["a"])
        with psycopg.connect(shared_url, autocommit=True) as connection, suppress(psycopg.Error):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'presswatch worker'"
            )
        hand.hand_out([visit("b")])
        assert until(lambda: seen.done["b"])


def test_a_leader_that_falls_silent_is_replaced(shared_url: str) -> None:
    """As one whose questions still arrive and who gets no answer: its connection looks alive to the server."""
    with psycopg.connect(shared_url, autocommit=True) as silent:
        assert silent.execute("SELECT pg_try_advisory_lock(%s)", (lock_number("leader"),)).fetchone() == (True,)
        one, began = Leader(shared_url), time.monotonic()
        one.start()
        assert until(one.leads, 30)
        assert 5 < time.monotonic() - began < 30
        with pytest.raises(psycopg.OperationalError):
            silent.execute("SELECT 1")
        one.stop()
