"""Children that are forked from a process which has their libraries loaded already.

Reading Scrapy, SQLAlchemy and the rest takes a second of processor time, more
than most jobs need for their work. The standard library's fork server reads them
once (`presswatch.loaded`) and forks a process for each child, which is then as
much its own as one that was started afresh: a leak, a hang or a crash dies with
it. The server has one thread, opens nothing, and ends when the service does; a
signal to all processes of the service, as systemd sends it, is not for it, because
its children would end with it, and some are to end gently.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import IO

from setproctitle import setproctitle

LOADED = "presswatch.loaded"


class Forked:
    """A child that runs `presswatch ARGUMENTS…`, as far as `subprocess.Popen` would show it.

    `prepare` is called in it before anything else. Whatever program the parent is, is imported once more in the child,
    which costs nothing where it is presswatch. Raises `OSError` or `EOFError` where no process can be had.
    """

    def __init__(self, arguments: Sequence[str], prepare: Callable[[], None]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([LOADED])
        (its_input, to_it), (from_it, its_output), (errors, its_errors) = (context.Pipe(duplex=False) for _ in range(3))
        its_own = (its_input, its_output, its_errors)
        given = (list(arguments), dict(os.environ), its_own, prepare)
        process = context.Process(target=_become, args=given, daemon=True)
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


def _become(
    arguments: list[str], environ: dict[str, str], streams: Sequence[Connection], prepare: Callable[[], None]
) -> None:
    """In the child: be what `python -m presswatch ARGUMENTS…` is when it has read its libraries."""
    sys.argv = ["presswatch", *arguments]
    # Before the environment is another: the title is written over the old one's memory.
    setproctitle(" ".join(sys.argv))
    os.setsid()  # a Ctrl-C at the terminal is the service's to pass on
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # which the server does not hear
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environ)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    prepare()
    sys.exit(import_module("presswatch.__main__").main())
