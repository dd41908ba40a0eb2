"""Children that are forked from a process which has their libraries loaded already.

Reading Scrapy, SQLAlchemy and the rest takes a second of processor time, more
than most jobs need for their work. The standard library's fork server reads them
once (`presswatch.loaded`) and forks a process for each child, which is then as
much its own as one that was started afresh: a leak, a hang or a crash dies with
it. The server has one thread, opens nothing, and ends when the service does.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import IO

LOADED = "presswatch.loaded"


class Forked:
    """A child that runs `presswatch ARGUMENTS…`, as far as `subprocess.Popen` would show it.

    `prepare` is called in it before anything else. Raises `OSError` where no process can be had.
    """

    def __init__(self, arguments: Sequence[str], prepare: Callable[[], None]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([LOADED])
        (its_input, to_it), (from_it, its_output), (errors, its_errors) = (context.Pipe(duplex=False) for _ in range(3))
        its_own = (its_input, its_output, its_errors)
        process = context.Process(target=_become, args=(list(arguments), its_own, prepare), daemon=True)
        try:
            process.start()
        finally:
            for end in its_own:
                end.close()
        assert process.pid is not None
        self._process, self.pid = process, process.pid
        self._asking = threading.Lock()  # the status can be read once, and several threads wait for it
        self.stdin, self.stdout, self.stderr = _stream(to_it, "w"), _stream(from_it, "r"), _stream(errors, "r")

    def poll(self) -> int | None:
        """The exit status, negative for the signal that ended it; None while it runs."""
        with self._asking:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, when it has ended; raises `TimeoutExpired` where it has not in so many seconds."""
        wait([self._process.sentinel], timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("presswatch", timeout or 0)
        return status


def _stream(end: Connection, mode: str) -> IO[str]:
    with end:
        return os.fdopen(os.dup(end.fileno()), mode, encoding="utf-8", errors="replace")


def _become(arguments: list[str], streams: Sequence[Connection], prepare: Callable[[], None]) -> None:
    """In the child: be what `python -m presswatch ARGUMENTS…` is when it has read its libraries."""
    os.setsid()  # a Ctrl-C at the terminal is the service's to pass on
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    prepare()
    sys.argv = ["presswatch", *arguments]
    _say_what_it_is(" ".join(sys.argv))
    runpy.run_module("presswatch", run_name="__main__")


def _say_what_it_is(title: str) -> None:
    """Have `ps` tell the children apart."""
    from setproctitle import setproctitle

    setproctitle(title)
