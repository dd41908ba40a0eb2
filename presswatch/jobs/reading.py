"""One page by itself: its body out of the archive, the steps over it, and whose fault it is where that goes wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presswatch.errors import ArchiveError, ConfigError, ExtractionError, MachineError, StoreError

if TYPE_CHECKING:
    from datetime import datetime

    from presswatch.models import Outcome
    from presswatch.services import Services
    from presswatch.store.records import Earlier, PageRow

log = logging.getLogger(__name__)

_NO_MEMORY = "There is not enough memory to judge pages. They wait; give the service more."
_A_PAGE = 16 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why the steps cannot use a page."""

    why: str
    lost: bool = False  # the archive does not hold it any more
    defect: str = ""  # the traceback, where it is a defect of the steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What judging a page again made of it, before its story is looked for. Without an outcome its body was pruned."""

    earlier: Earlier
    outcome: Outcome | None = None
    held: bool = False  # the store says all of it already
    failure: Failure | None = None


def again(services: Services, row: PageRow) -> Reading:
    """Judge a page again, by itself. Writes nothing; raises what is no page's fault."""
    import pipelines

    with short_of_nothing():
        knowledge = services.knowledge
    earlier = services.store.articles.earlier(row.url)
    if row.via == "page" and (row.warc_file is None or row.warc_offset is None):
        return Reading(earlier=earlier)
    try:
        with short_of_nothing():
            page = row.page(body_of(services, row))
            outcome = pipelines.judge(page, knowledge, first_seen_at=earlier.first_seen_at)
    except Exception as error:
        return Reading(earlier=earlier, failure=failure_of(error))
    return Reading(earlier=earlier, outcome=outcome, held=services.store.articles.holds(earlier.url, outcome))


def body_of(services: Services, row: PageRow) -> bytes:
    """What a site answered; empty where it all came by a feed. Raises `ArchiveError` where it is gone."""
    if row.via != "page":
        return b""
    if row.warc_file is None or row.warc_offset is None:
        raise ArchiveError(f"The page of {row.url} is not in the archive any more.")
    return services.archive.read(row.warc_file, row.warc_offset).body


def failure_of(error: Exception) -> Failure:
    """What is wrong with a page. What is no page's fault is raised on: nothing can be judged or stored now."""
    if isinstance(error, StoreError | MachineError | ConfigError):
        raise error
    if isinstance(error, ArchiveError | ExtractionError):
        return Failure(why=str(error), lost=isinstance(error, ArchiveError))
    why = f"The steps failed on this page: {type(error).__name__}: {error}"
    return Failure(why=why, defect="".join(traceback.format_exception(error)))


def set_aside(services: Services, row: PageRow, failure: Failure, now: datetime) -> None:
    """Mark a page that the steps cannot use, so that it holds up no other."""
    if failure.lost:
        services.store.pages.lost(row.id, failure.why, now=now)
    else:
        services.store.pages.mark_failed(row.id, failure.why, now=now)


def say(row: PageRow, failure: Failure) -> None:
    """Log why a page cannot be used."""
    extra = {"url": row.url, "source": row.source}
    if failure.defect:  # it loses one page, says so, and the others go on
        log.error("The steps failed on %s.\n%s", row.url, failure.defect, extra=extra)
    else:
        log.log(logging.ERROR if failure.lost else logging.WARNING, "%s", failure.why, extra=extra)


@contextmanager
def short_of_nothing() -> Iterator[None]:
    """What the machine lacks within comes out as a `MachineError`, so that no page is blamed for it.

    The steps read no file and open nothing: an error of the system, or a library
    that cannot be loaded, is never a page's doing.
    """
    try:
        yield
    except MemoryError as error:
        # Lets go of all that its frames hold. Python 3.11 may spin for ever where it must unwind without a byte left.
        error.__traceback__ = None
        raise MachineError(_NO_MEMORY) from None
    except ImportError as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise MachineError(
            f"A library cannot be loaded: {said[-1]} Install presswatch again, or give it more memory; the pages wait."
        ) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # else a reader's complaint
            raise MachineError(f"The machine refuses what judging needs: {error.strerror}. The pages wait.") from error
        if not _room():  # some libraries take a lack of memory for a fault of what they read
            error.__traceback__ = None
            raise MachineError(_NO_MEMORY) from None
        raise


def _room() -> bool:
    """Whether there is as much memory left as a page can take."""
    try:
        bytearray(_A_PAGE)
    except MemoryError:
        return False
    return True
