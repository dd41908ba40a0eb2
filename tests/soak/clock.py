"""A clock that is put forward, the same for the service, its children and the newsroom: a file holds by how much."""

import struct
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # a Monday


class Clock:
    """A process's clock. Between two steps it goes as fast as any other; time.monotonic() is left alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"

    def set_up(self) -> None:
        """Begin at `START`; once, before anybody goes by it."""
        self._write(START.timestamp() - time.time())

    def start(self) -> None:
        """From now on, this process goes by it. Once a process."""
        self._ahead = self._read()
        self._travel = time_machine.travel(time.time() + self._ahead, tick=True)
        self._traveller = self._travel.start()
        time.time()  # it begins to tick when it is first read

    def stop(self) -> None:
        """Go by the real time again."""
        self._travel.stop()

    def follow(self) -> None:
        """Catch up with what it was put forward by others."""
        ahead = self._read()
        self._traveller.shift(ahead - self._ahead)
        self._ahead = ahead

    def step(self, seconds: float) -> None:
        """Put it forward for this process, and for all that start or follow later."""
        self._write(self._read() + seconds)
        self.follow()

    def _read(self) -> float:
        (ahead,) = struct.unpack("d", self._file.read_bytes())
        return float(ahead)

    def _write(self, ahead: float) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(struct.pack("d", ahead))
        fresh.replace(self._file)
