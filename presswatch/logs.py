"""Logging as the operator reads it: one plain line, or one JSON object, a record."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal

# What a record may carry beside its message, so that a log can be searched by it.
_EXTRA = ("source", "url", "article", "digest", "delivery", "job", "seconds")

# What moves a cursor, ends a line or turns the direction of writing.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


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
        # JSON escapes what stands below a blank itself; the rest a terminal or another log reader may obey.
        return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(row, ensure_ascii=False, default=str))


class PlainFormatter(logging.Formatter):
    """Time, level where it is not routine, and the message, with line breaks and control characters made visible."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname}: "
        # A headline in a message must not be able to forge a line of its own.
        text = _UNSEEN.sub(lambda match: repr(match[0])[1:-1], record.getMessage())
        trace = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return f"{when} {level}{text}{trace}"


def set_up(form: Literal["plain", "json"] = "plain", level: int = logging.INFO) -> None:
    """Send every log record of this process to standard error in the given form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    handler.setLevel(level)  # Scrapy sets its own loggers to DEBUG whatever the root says
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # It warns of every tick that comes while the job before it still runs, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
