"""The command line in a process whose scheduler sees a clock that can be set: `python -m tests.faults.shifted FILE …`.

FILE holds by how many seconds; where there is none, the clock is right. Only the
service itself sees it: its children have the machine's own.
"""

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import apscheduler.executors.base
import apscheduler.schedulers.base

from presswatch import __main__, scheduler

_FILE = Path(sys.argv.pop(1))


class Shifted(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        by = float(_FILE.read_text()) if _FILE.exists() else 0.0
        return super().now(tz) + timedelta(seconds=by)


if __name__ == "__main__":
    for module in (apscheduler.executors.base, apscheduler.schedulers.base, scheduler):
        module.datetime = Shifted  # type: ignore[attr-defined]
    sys.exit(__main__.main())
