"""The sign of life: a small file that the service renews, and `presswatch status` reads."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from presswatch import __version__

PAGES = "pages"  # what the web pages are called among the jobs
RENEWED_EVERY = timedelta(seconds=15)
# Twelve times that: a machine under heavy load is late, a dead service is later.
SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the service last said of itself, and what an observer makes of it."""

    alive: bool
    message: str
    told: Mapping[str, Any] = field(default_factory=dict)


def path(data_dir: Path) -> Path:
    return data_dir / "service.json"


def renew(data_dir: Path, started_at: datetime, jobs: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    """Say that the service lives, and how each job last ended. The file is replaced in one step."""
    fresh = path(data_dir).with_suffix(".new")
    fresh.write_text(json.dumps(signed(started_at, jobs, now)), "utf-8")
    fresh.replace(path(data_dir))


def signed(started_at: datetime, jobs: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """What a sign of life says."""
    return {
        "pid": os.getpid(),
        "version": __version__,
        "started_at": started_at.isoformat(timespec="seconds"),
        "at": now.isoformat(timespec="seconds"),
        "jobs": jobs,
    }


def read(data_dir: Path, now: datetime) -> Status:
    """What is known of the service that works on this data folder; never raises for a bad file."""
    try:
        told = json.loads(path(data_dir).read_text("utf-8"))
        at = datetime.fromisoformat(told["at"]).astimezone(UTC)
    except FileNotFoundError:
        return Status(alive=False, message=f"No service has run on {data_dir}. Start it with: presswatch serve")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Status(alive=False, message=f"{path(data_dir)} cannot be read ({error}). Restart the service.")
    age = now - at
    if age > SILENT_AFTER:
        seen = at.strftime("%Y-%m-%d %H:%M:%S")
        return Status(
            alive=False, message=f"The service gave no sign since {seen} UTC. Start it, and read its log.", told=told
        )
    if age < -SILENT_AFTER:
        return Status(
            alive=False,
            message="The clock was set back, and the service has given no sign since. Read its log.",
            told=told,
        )
    failing = [name for name, job in told.get("jobs", {}).items() if not job.get("ok", True)]
    if failing:
        return Status(
            alive=True, message=f"The service runs; the last {', '.join(failing)} failed: read its log.", told=told
        )
    return Status(alive=True, message="The service runs.", told=told)
