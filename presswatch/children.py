"""Child processes with a deadline, which die with their parent.

Crawls and the steps run in children: Twisted's reactor cannot be started twice,
and a leak, a hang or a crash dies with the child. A child holds the reading end
of a pipe as its standard input; when the parent is gone, however it went, the
pipe closes and the child ends itself. Linux is asked to end it too, which it does
even where a long call keeps every thread of the child from running.

A child is started afresh, or forked from a process that has its libraries loaded
(`presswatch.forked`), which spares a service a second of processor time each time.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presswatch.forked import Forked

    _Child = subprocess.Popen[str] | Forked

log = logging.getLogger(__name__)

_GRACE_SECONDS = 5.0  # between asking a child to end and ending it
# At the end of the service: a mail server that looks through a mail for spam before it takes it needs its time, and a
# delivery that is ended between that and its receipt goes out again. Every other child ends at once when it is asked.
_LAST_GRACE_SECONDS = 30.0
_NICENESS = 5  # more than ours: about a third of the processor, where there is one and both want it
_PR_SET_PDEATHSIG = 1  # prctl(2)
_MARK = "PRESSWATCH_CHILD"
SAID = "presswatch: "  # how a command begins its last sentence to the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildResult:
    """How a child ended: its exit status (negative: the signal), and whether it overran its deadline."""

    status: int
    overran: bool
    last_words: str  # the end of what it wrote to standard error, for the error message


class Children:
    """The children that are running, so that a service can end them all.

    With `forked`, those that run presswatch have their libraries loaded when they start.
    """

    def __init__(self, *, forked: bool = False) -> None:
        self._forked = forked
        self._running: set[_Child] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def run(
        self,
        arguments: Sequence[str],
        *,
        deadline: timedelta | None,
        on_line: Callable[[str], None] | None = None,
        aloud: bool | Callable[[str], bool] = True,
        memory: int | None = None,
        gives_way: bool = False,
    ) -> ChildResult:
        """Run `python ARGUMENTS…` to its end or its deadline; without one, for as long as it lives.

        `on_line` gets each line of its standard output; its standard error goes to ours where it is `aloud`, which
        may be asked line by line. `memory` is how many bytes of its own it, and each child that it starts, may hold
        (Linux): what asks for more fails, and the machine keeps the rest. What `gives_way` gets the processor after
        those who wait for a page.
        """
        with self._child(arguments, memory, gives_way) as child:
            overran = threading.Event()

            def end() -> None:
                overran.set()
                _end(child)

            timer = threading.Timer(deadline.total_seconds() if deadline else 0, end)
            timer.daemon = True
            if deadline:
                timer.start()
            last_words: deque[str] = deque(maxlen=30)
            listener = threading.Thread(target=_pass_on, args=(child, last_words, aloud), daemon=True)
            listener.start()
            assert child.stdout
            try:
                for line in child.stdout:
                    if on_line:
                        on_line(line.rstrip("\n"))
                status = child.wait()
            finally:
                timer.cancel()
            listener.join(timeout=2)
        return ChildResult(status=status, overran=overran.is_set(), last_words="".join(last_words).strip())

    @contextmanager
    def _child(self, arguments: Sequence[str], memory: int | None, gives_way: bool) -> Iterator[_Child]:
        with self._lock:
            if self._stopping:
                raise RuntimeError("the service is stopping and starts nothing new")
            child = self._fork(arguments, memory, gives_way) or _start(arguments, memory, gives_way)
            self._running.add(child)
        try:
            yield child
        finally:
            if child.poll() is None:
                _end(child)
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    with suppress(OSError):
                        stream.close()
            child.wait()
            with self._lock:
                self._running.discard(child)

    def _fork(self, arguments: Sequence[str], memory: int | None, gives_way: bool) -> Forked | None:
        if not self._forked or list(arguments[:2]) != ["-m", "presswatch"]:
            return None
        from presswatch.forked import Forked

        try:
            return Forked(arguments[2:], partial(_be_a_child, memory, gives_way))
        except (OSError, EOFError) as error:  # the process that forks was ended; a new one is there the next time
            log.warning("A child could not be forked (%s); it is started afresh.", error or type(error).__name__)
            return None

    def stop(self) -> None:
        """End every running child, start no more."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for child in running:
            _signal(child, signal.SIGTERM)
        for child in running:
            _end(child, _LAST_GRACE_SECONDS)


def _start(arguments: Sequence[str], memory: int | None, gives_way: bool) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, _MARK: "1"},
        start_new_session=True,  # a Ctrl-C at the terminal is the parent's to pass on
    )
    # From outside: between fork and exec nothing may run in a process with threads. Its first moments need little.
    _confine(child.pid, memory, gives_way)
    return child


def _be_a_child(memory: int | None, gives_way: bool) -> None:
    """In a process that was forked: what `_start` does to one that it starts."""
    os.environ[_MARK] = "1"
    _confine(os.getpid(), memory, gives_way)


def _pass_on(child: _Child, last_words: deque[str], aloud: bool | Callable[[str], bool]) -> None:
    """Copy a child's standard error to ours, line by line, and keep its end."""
    assert child.stderr
    with suppress(ValueError):  # closed while reading: the child was ended
        for line in child.stderr:
            last_words.append(line)
            if aloud(line) if callable(aloud) else aloud:
                sys.stderr.write(line)
                sys.stderr.flush()


def _confine(pid: int, memory: int | None, gives_way: bool) -> None:
    if memory is not None:
        with suppress(OSError, AttributeError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))
    if gives_way:
        niceness = min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, niceness)
        # A kernel that shares the processor out by sessions weighs the session, whatever its processes say (sched(7)).
        with suppress(OSError):
            Path(f"/proc/{pid}/autogroup").write_text(str(niceness), "ascii")


def _signal(child: _Child, number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        if child.poll() is None:  # it was forked a moment ago, and leads no group yet
            with suppress(ProcessLookupError):
                os.kill(child.pid, number)
    except PermissionError:
        pass


def _end(child: _Child, grace: float = _GRACE_SECONDS) -> None:
    _signal(child, signal.SIGTERM)
    try:
        child.wait(timeout=grace)
    except subprocess.TimeoutExpired:
        _signal(child, signal.SIGKILL)


@contextmanager
def ending_gently() -> Iterator[Callable[[], bool]]:
    """Within, SIGTERM only asks to end: gives a function that says whether it came. For what must not be cut in two.

    Outside the main thread, where Python handles no signals, it never comes.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_by_the_kernel() -> None:
    """Have Linux end this process when the thread that started it is gone; nothing elsewhere."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def end_with_pool() -> None:
    """In a process of multiprocessing's: end with whoever started it, and leave Ctrl-C to him."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is None:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_by_the_kernel()

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="end-with-pool", daemon=True).start()


def die_with_parent() -> None:
    """In a child: end this process when the parent is gone. Does nothing in a process that is no child."""
    if os.environ.pop(_MARK, None) is None:
        return

    # The signal comes when the thread ends that started this process; `Children.run` waits in it for the child's end.
    _end_by_the_kernel()

    def watch() -> None:
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="die-with-parent", daemon=True).start()
