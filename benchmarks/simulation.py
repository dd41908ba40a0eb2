"""What N newsrooms cost, by a discrete-event simulation of the service under politeness.

    python -m benchmarks.simulation [--newsrooms 1000 10000 100000] [--workers 0 1 2 …] [--hours 2]
    python -m benchmarks.simulation --check [--sizes 10 100 1000]

Every newsroom is due again a while after its last visit. *One service*: a look
every 30 seconds starts one child for all that is due, unless one is at work; it
makes 12 visits at a time and ends at its deadline. *Workers*: the leader puts an
order a visit into the queue; each worker takes 12 at a time, gathers those that
come within a moment, and has at most two children make them. A visit asks each way
in, and with the delay between two requests to a host each page that is new or is
looked at again; its host answers when it does. Processor time is taken from the
cores of the machine, one core a child.

`--check` measures what a crawl's start and a visit take here, predicts crawls of
several sizes of feeds that answer after half a second, runs them, and says how far
off it was. Exit status 1: more than a fifth.
"""

import argparse
import heapq
import random
import statistics
import sys
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import simpy

from benchmarks import units
from benchmarks.units import Costs

LOOK_EVERY = 30.0  # seconds between two looks, as delivered
DEADLINE = 1200.0
AT_ONCE = 12  # visits at a time, of a child and of a worker
CHILDREN = 2  # that crawl at a time for one worker
TOGETHER = 0.3  # seconds within which orders share a child
_DAY = 86_400.0
_OFF = 0.2

Event = Generator[Any, Any, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """So many newsrooms, and what watches them."""

    newsrooms: int
    workers: int = 0  # 0: one service without a queue
    cores: int = 2  # of each machine
    every: float = 900.0  # seconds between two visits
    answer: float = 0.5  # seconds until a host answers; drawn from an exponential distribution where `drawn`
    drawn: bool = True
    delay: float = 2.5  # seconds between two requests to one host
    articles: float = 2.0  # a newsroom and day
    looked_at: float = 14.0  # days for which each is asked for again once a day
    hours: float = 2.0

    @property
    def pages_a_visit(self) -> float:
        return self.articles * (1 + self.looked_at) * self.every / _DAY


@dataclass
class Seen:
    """What happened after the first round, in which everything is due at once."""

    plan: Plan
    visits: int = 0
    requests: int = 0
    late: list[float] = field(default_factory=list)  # seconds from when a visit was due until it was over
    processor: float = 0.0  # seconds
    in_visits: float = 0.0  # seconds that visits took, all together
    children: int = 0
    ended: int = 0  # children that overran
    seconds: float = 0.0

    @property
    def kept_up(self) -> float:
        """Visits made, of those that an unhurried service would have made."""
        return self.visits / (self.plan.newsrooms * self.seconds / self.plan.every)

    @property
    def cores_busy(self) -> float:
        return self.processor / self.seconds


class World:
    """The newsrooms, the clock and the figures; services act in it."""

    def __init__(self, plan: Plan, costs: Costs, seed: int) -> None:
        self.plan, self.costs, self.draw = plan, costs, random.Random(seed)
        self.env = simpy.Environment()
        self.seen = Seen(plan)
        self.counts_from = plan.every
        self.due: list[tuple[float, int]] = []
        for number in range(plan.newsrooms):  # the last visits were spread over the interval
            heapq.heappush(self.due, (self.draw.uniform(0, plan.every), number))

    def run(self) -> Seen:
        until = self.counts_from + 3600 * self.plan.hours
        if self.plan.workers:
            store = simpy.Store(self.env)
            self.env.process(self._lead(store))
            for _ in range(self.plan.workers):
                _Worker(self, store)
        else:
            self.env.process(self._serve())
        self.env.run(until)
        self.seen.seconds = until - self.counts_from
        return self.seen

    @property
    def counts(self) -> bool:
        return bool(self.env.now >= self.counts_from)

    def _taken(self) -> list[tuple[float, int]]:
        """What is due now, taken out."""
        taken = []
        while self.due and self.due[0][0] <= self.env.now:
            taken.append(heapq.heappop(self.due))
        return taken

    def _serve(self) -> Event:
        """One service: a child for all that is due, then the next look."""
        machine = simpy.Resource(self.env, self.plan.cores)
        while True:
            began = self.env.now
            yield from self.work(machine, self.plan.newsrooms * self.costs.look)
            if taken := self._taken():
                yield self.env.process(Child(self, machine, taken).crawl())
            # APScheduler lets ticks that come meanwhile fall into one.
            yield self.env.timeout(LOOK_EVERY - (self.env.now - began) % LOOK_EVERY)

    def _lead(self, store: simpy.Store) -> Event:
        while True:
            began = self.env.now
            yield self.env.timeout(self.plan.newsrooms * self.costs.look)
            for one in self._taken():
                yield self.env.timeout(self.costs.order / 2)
                store.put(one)
            yield self.env.timeout(LOOK_EVERY - (self.env.now - began) % LOOK_EVERY)

    def work(self, machine: simpy.Resource, seconds: float) -> Event:
        """Take a core for so long."""
        with machine.request() as core:
            yield core
            yield self.env.timeout(seconds)
            if self.counts:
                self.seen.processor += seconds

    def answered(self) -> Any:
        """Until a host has answered."""
        plan = self.plan
        return self.env.timeout(self.draw.expovariate(1 / plan.answer) if plan.drawn and plan.answer else plan.answer)

    def pages(self) -> int:
        """How many pages a visit asks for."""
        mean, number, left = self.plan.pages_a_visit, 0, self.draw.random()
        chance = 2.718281828459045**-mean
        while left > chance and chance > 1e-12:  # Poisson's
            left -= chance
            number += 1
            chance *= mean / number
        return number

    def over(self, due: float, newsroom: int, began: float, requests: int) -> None:
        heapq.heappush(self.due, (self.env.now + self.plan.every, newsroom))
        if self.counts:
            self.seen.visits += 1
            self.seen.requests += requests
            self.seen.late.append(self.env.now - due)
            self.seen.in_visits += self.env.now - began


class Child:
    """A crawl's process: one core at most, 12 visits at a time, until its deadline."""

    def __init__(self, world: World, machine: simpy.Resource, taken: Sequence[tuple[float, int]]) -> None:
        self._world, self._machine, self._taken = world, machine, deque(taken)
        self._loop = simpy.Resource(world.env, 1)

    def crawl(self, done: dict[int, Any] | None = None) -> Event:
        world, env = self._world, self._world.env
        world.seen.children += world.counts
        deadline = env.timeout(DEADLINE)
        # The whole catalogue is read, however little of it is due.
        start = world.costs.start_up + world.plan.newsrooms * world.costs.read
        yield from world.work(self._machine, start)
        yield env.all_of([env.process(self._visits(done)) for _ in range(AT_ONCE)]) | deadline
        world.seen.ended += bool(self._taken) and world.counts
        for one in self._taken:  # what was not begun is due as before; the twelve under way may end
            heapq.heappush(world.due, one)
        self._taken.clear()

    def _visits(self, done: dict[int, Any] | None) -> Event:
        """One of the twelve: a visit after the other until none is left."""
        while self._taken:
            due, newsroom = self._taken.popleft()
            yield from self._visit(due, newsroom, done)

    def _work(self, seconds: float) -> Event:
        with self._loop.request() as mine:
            yield mine
            yield from self._world.work(self._machine, seconds)

    def _visit(self, due: float, newsroom: int, done: dict[int, Any] | None) -> Event:
        world, costs = self._world, self._world.costs
        began = world.env.now
        yield from self._work(costs.visit / 2)
        yield world.answered()
        pages = world.pages()
        for _ in range(pages):
            yield world.env.timeout(world.plan.delay)
            yield world.answered()
            yield from self._work(costs.page)
        yield from self._work(costs.visit / 2)
        world.over(due, newsroom, began, 1 + pages)
        if done is not None:
            done[newsroom].succeed()


class _Worker:
    """Takes orders, 12 at a time, and has children make the visits."""

    def __init__(self, world: World, store: simpy.Store) -> None:
        self._world, self._store, env = world, store, world.env
        self._machine = simpy.Resource(env, world.plan.cores)
        self._waiting: list[tuple[float, int]] = []
        self._done: dict[int, Any] = {}
        self._came = env.event()
        for _ in range(AT_ONCE):
            env.process(self._take())
        env.process(self._start())

    def _take(self) -> Event:
        env = self._world.env
        while True:
            due, newsroom = yield self._store.get()
            yield from self._world.work(self._machine, self._world.costs.order / 2)
            self._waiting.append((due, newsroom))
            self._done[newsroom] = env.event()
            if not self._came.triggered:
                self._came.succeed()
            yield self._done[newsroom]
            del self._done[newsroom]

    def _start(self) -> Event:
        env = self._world.env
        children = simpy.Resource(env, CHILDREN)
        while True:
            yield self._came
            yield env.timeout(TOGETHER)
            free = children.request()
            yield free
            taken, self._waiting = self._waiting, []
            self._came = env.event()
            env.process(self._run(taken, children, free))

    def _run(self, taken: list[tuple[float, int]], children: simpy.Resource, free: Any) -> Event:
        yield self._world.env.process(Child(self._world, self._machine, taken).crawl(self._done))
        children.release(free)


def simulate(plan: Plan, costs: Costs, seed: int = 1) -> Seen:
    """Run a plan for its hours, after one interval that does not count."""
    return World(plan, costs, seed).run()


def one_crawl(feeds: int, answer: float, costs: Costs) -> float:
    """Seconds by the clock that one crawl of so many feeds takes that have nothing new."""
    plan = Plan(newsrooms=feeds, answer=answer, drawn=False, articles=0.0)
    world = World(plan, replace(costs, read=0.0), 1)  # what was measured holds it
    machine = simpy.Resource(world.env, plan.cores)
    child = world.env.process(Child(world, machine, [(0.0, number) for number in range(feeds)]).crawl())
    world.env.run(child)
    return float(world.env.now)


def check(sizes: Sequence[int], answer: float, repeats: int) -> bool:
    """Print predicted and measured seconds of crawls; whether all are near enough."""
    costs = units.of_a_crawl(repeats)
    print(f"a crawl's start {costs.start_up:.2f} s of a core, a visit {1000 * costs.visit:.2f} ms")
    print(f"{'feeds':>8}{'simulated':>12}{'measured':>12}   off, where each answers after {answer:g} s")
    near = True
    for size in sizes:
        told = one_crawl(size, answer, costs)
        seconds, _ = units.crawl(size, repeats, answer)
        off = told / seconds - 1
        near &= abs(off) <= _OFF
        print(f"{size:8,}{told:10.1f} s{seconds:10.1f} s   {off:+.0%}")
    return near


def show(plans: Sequence[Plan], costs: Costs) -> None:
    heads = {
        "newsrooms": 10,
        "workers": 9,
        "kept up": 9,
        "visits/s": 10,
        "requests/s": 12,
        "cores": 7,
        "late, median": 14,
    }
    print("".join(f"{head:>{width}}" for head, width in heads.items()))
    for plan in plans:
        seen = simulate(plan, costs)
        late = statistics.median(seen.late) if seen.late else float("nan")
        print(
            f"{plan.newsrooms:10,}{plan.workers or 'one':>9}{seen.kept_up:9.0%}{seen.visits / seen.seconds:10.1f}"
            f"{seen.requests / seen.seconds:12.1f}{seen.cores_busy:7.2f}{late:12.0f} s"
            + (f"   {seen.ended} of {seen.children} crawls overran" if seen.ended else ""),
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsrooms", type=int, nargs="+", default=[10, 100, 1000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[0], help="0: one service without a queue")
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--answer", type=float, default=0.5, help="seconds until a host answers")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if options.check:
        sys.exit(not check(options.sizes, options.answer, options.repeats))
    costs = Costs()
    plans = [
        Plan(newsrooms=number, workers=workers, hours=options.hours, answer=options.answer)
        for number in options.newsrooms
        for workers in options.workers
    ]
    show(plans, costs)
    units.show_amounts(options.newsrooms, costs)


if __name__ == "__main__":
    main()
