"""Where the service's children come from in a soak: forked from a process that has read their libraries already.

    python -m tests.soak.nursery FOLDER

A real child spends a second of processor time on reading Scrapy or the steps;
ten thousand of them would be hours. Here the service starts, with its own
`subprocess.Popen`, a small program that stands in for Python (`write_stand_in`).
It hands its arguments, its environment and its three streams to this process,
which forks; the fork does what `python ARGUMENTS` would have done. What a child
does, and how the service watches, hears and ends it, is the same.

A kind of child that was not seen before reads its libraries itself; from the
next one on they are here already. Each end is a line in FOLDER/children.jsonl.
"""

import array
import gc
import importlib
import json
import logging
import os
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.soak.clock import Clock

_NOT_BEFORE_THE_FORK = "reactor"  # a reactor starts once, in the child that needs it


def write_stand_in(folder: Path) -> None:
    """Make `python` in this folder: the program that the service is to take for Python."""
    path, here = folder / "python", Path(__file__).parent
    if compiler := shutil.which("cc"):
        subprocess.run([compiler, "-O2", "-o", str(path), str(here / "stand_in.c")], check=True)
        return
    path.write_text(f"#!{sys.executable} -ISs\n" + (here / "stand_in.py").read_text("utf-8"), "utf-8")
    path.chmod(0o755)


@dataclass
class _Child:
    """A fork that is running, and whoever waits for it."""

    name: str
    asker: socket.socket
    started: float = field(default_factory=time.monotonic)


class Nursery:
    """Forks children for whoever asks, one process of its own; ends when its standard input does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: dict[int, _Child] = {}
        self._learned: set[str] = set()
        self._ears = selectors.DefaultSelector()
        self._asked = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._asked.bind(str(folder / "nursery"))
        self._asked.listen(64)
        ended, self._ended = socket.socketpair()
        ended.setblocking(False)
        signal.set_wakeup_fd(ended.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._keep = ended
        self._ears.register(self._asked, selectors.EVENT_READ, self._take)
        self._ears.register(self._ended, selectors.EVENT_READ, self._reap)
        self._ears.register(0, selectors.EVENT_READ, None)

    def serve(self) -> None:
        while True:
            for key, _ in self._ears.select():
                if key.data is None:
                    return
                key.data()

    def _take(self) -> None:
        asker, _ = self._asked.accept()
        fds = array.array("i")
        data, ancillary, *_ = asker.recvmsg(65536, socket.CMSG_LEN(3 * fds.itemsize))
        for _, _, raw in ancillary:
            fds.frombytes(raw[: len(raw) - len(raw) % fds.itemsize])
        if len(fds) != 3:
            asker.close()
            return
        length = int.from_bytes(data[:4], "big") + 4
        while len(data) < length:
            data += asker.recv(65536)
        cwd, count, *words = [os.fsdecode(word) for word in data[4:-1].split(b"\0")]
        arguments, environ = words[: int(count)], dict(word.split("=", 1) for word in words[int(count) :])
        pid = os.fork()
        if pid == 0:
            self._be(arguments, environ, cwd, fds)
        for fd in fds:
            os.close(fd)
        self._children[pid] = _Child(_name(arguments), asker)
        self._ears.register(asker, selectors.EVENT_READ, lambda: self._abandoned(pid))

    def _abandoned(self, pid: int) -> None:
        """Whoever asked was ended, as the service ends a child."""
        child = self._children[pid]
        self._ears.unregister(child.asker)
        child.asker.close()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def _reap(self) -> None:
        self._ended.recv(4096)
        while self._children:
            pid, ended, used = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            child, status = self._children.pop(pid), os.waitstatus_to_exitcode(ended)
            self._note(child, status, used)
            self._learn(child.name)
            if child.asker.fileno() >= 0:
                self._ears.unregister(child.asker)
                with suppress(OSError):
                    child.asker.sendall((status if status >= 0 else 128 - status).to_bytes(4, "big"))
                child.asker.close()

    def _note(self, child: _Child, status: int, used: resource.struct_rusage) -> None:
        told = {"name": child.name, "status": status, "seconds": round(time.monotonic() - child.started, 3)}
        told |= {"cpu": round(used.ru_utime + used.ru_stime, 3), "mb": round(used.ru_maxrss / 1024, 1)}
        with (self._folder / "children.jsonl").open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(told) + "\n")

    def _learn(self, name: str) -> None:
        """Read what the first child of a kind had to read, so that the next one finds it read."""
        seen = self._folder / f"modules-{name}"
        if name in self._learned or not seen.exists():
            return
        self._learned.add(name)
        for module in seen.read_text("utf-8").split():
            if module not in sys.modules and _NOT_BEFORE_THE_FORK not in module and not module.startswith("__"):
                with suppress(Exception):
                    importlib.import_module(module)
        gc.collect()
        gc.freeze()

    # In the child

    def _be(self, arguments: list[str], environ: dict[str, str], cwd: str, fds: "array.array[int]") -> None:
        """Do what `python ARGUMENTS` would do, and never return."""
        status: Any = 70
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for target, fd in enumerate(fds):
                os.dup2(fd, target)
                os.close(fd)
            for ours in (self._asked, self._ended, self._keep, self._ears, *(c.asker for c in self._children.values())):
                ours.close()
            os.environ.clear()
            os.environ.update(environ)
            os.chdir(cwd)
            sys.executable = str(self._folder / "python")
            Clock(self._folder).start()
            status = _run(arguments)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
        try:
            name = _name(arguments)
            if name not in self._learned:
                (self._folder / f"modules-{name}").write_text("\n".join(list(sys.modules)), "utf-8")
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status if isinstance(status, int) else 1)


def _name(arguments: list[str]) -> str:
    """What a child does, in a word: its job, or its command."""
    commands = [word for word in ("web", "ready") if word in arguments]
    return arguments[arguments.index("job") + 1] if "job" in arguments else commands[0]


def _run(arguments: list[str]) -> object:
    """`python -m presswatch …`, which is all that the service starts."""
    module, sys.argv = arguments[1], arguments[1:]
    from presswatch.__main__ import main

    assert module == "presswatch", f"the service starts {module}, which the soak does not know"
    return main()


if __name__ == "__main__":
    Nursery(Path(sys.argv[1])).serve()
