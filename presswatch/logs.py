"""Logging as the operator reads it: one plain line, or one JSON object, a record."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

# What a record may carry beside its message, so that a log can be searched by it.
_EXTRA = ("source", "url", "article", "digest", "delivery", "job", "seconds")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, the ids it carries, the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        row |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False, default=str)


class PlainFormatter(logging.Formatter):
    """Time, level where it is not routine, and the message, with line breaks made visible."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname}: "
        # A headline in a message must not be able to forge a line of its own.
        text = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        trace = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return f"{when} {level}{text}{trace}"


def set_up(form: Literal["plain", "json"] = "plain", level: int = logging.INFO) -> None:
    """Send every log record of this process to standard error in the given form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # It warns of every tick that comes while the job before it still runs, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
