"""Pages read again by several processes at once, in the order in which they were given.

Each process has what the steps know for itself, reads the archive and the store,
and writes nothing. Few pages are under way at a time, so that the memory that it
takes does not grow with the archive.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self

from presswatch import logs
from presswatch.children import end_with_pool
from presswatch.errors import MachineError
from presswatch.jobs import reading
from presswatch.memory import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from presswatch.jobs.reading import Reading
    from presswatch.services import Services
    from presswatch.settings import Settings
    from presswatch.store.records import PageRow

_PORTION = 8  # pages handed over at a time; so few that no process ends long after the others
_AHEAD = 3  # portions under way for each process


class Alone:
    """Reads pages in this process, one after the other."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __enter__(self) -> Self:
        with reading.short_of_nothing():
            _ = self._services.knowledge  # a mistake in the configuration is no page's fault
        collect_seldom()
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def each(self, rows: Sequence[PageRow]) -> Iterator[Reading]:
        return map(self.one, rows)

    def one(self, row: PageRow) -> Reading:
        return reading.again(self._services, row)


class SideBySide:
    """Reads pages in so many processes. Raises what they raise, and `MachineError` where one of them dies."""

    def __init__(self, settings: Settings, processes: int) -> None:
        self._ahead = _AHEAD * processes
        # Started afresh: a fork of a process that has threads may hang.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(settings,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def each(self, rows: Sequence[PageRow]) -> Iterator[Reading]:
        waiting: deque[Future[list[Reading]]] = deque()
        for start in range(0, len(rows), _PORTION):
            waiting.append(self._ask(rows[start : start + _PORTION]))
            if len(waiting) >= self._ahead:
                yield from _result(waiting.popleft())
        while waiting:
            yield from _result(waiting.popleft())

    def one(self, row: PageRow) -> Reading:
        return _result(self._ask([row]))[0]

    def _ask(self, rows: Sequence[PageRow]) -> Future[list[Reading]]:
        try:
            return self._pool.submit(_read, rows)
        except BrokenProcessPool:  # known already when the next is asked for
            raise _died() from None


def _result(future: Future[list[Reading]]) -> list[Reading]:
    try:
        return future.result()
    except BrokenProcessPool:
        raise _died() from None


def _died() -> MachineError:
    return MachineError(
        "A process that judged pages died, most likely for lack of memory. What was stored before is kept. Give it"
        " more memory, or run `presswatch reprocess --processes 1`."
    )


_services: Services | None = None  # of a process of the pool
_settled = False


def _begin(settings: Settings) -> None:
    global _services
    end_with_pool()
    logs.set_up("json" if os.environ.get("PRESSWATCH_LOG_FORMAT") == "json" else "plain", logging.WARNING)
    from presswatch.services import Services

    _services = Services(settings)


def _read(rows: Sequence[PageRow]) -> list[Reading]:
    global _settled
    assert _services is not None
    found = [reading.again(_services, row) for row in rows]
    if not _settled:  # its names are read
        collect_seldom()
        _settled = True
    return found
