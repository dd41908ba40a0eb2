"""Asking the second reader about what was just judged: after everything is stored, within the time that is left.

Nothing here can change a verdict or fail a job. Where there is no second reader, nothing is done or loaded.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from typing import TYPE_CHECKING

from presswatch.models import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from presswatch.models import DigestPlan
    from presswatch.second_reader.reader import SecondReader
    from presswatch.services import Services

log = logging.getLogger(__name__)


def ask(
    services: Services,
    judged: Iterable[tuple[str, Level]],
    now: datetime,
    *,
    until: float,
    on_article: Callable[[int, int], None],
) -> int:
    """Ask about those of these articles that name the watch's subject at all; returns how many opinions are kept.

    Those that are told come first, and it stops early enough to end before `until`
    (of `time.monotonic`). An article whose text was read before is not asked about
    again. Whatever goes wrong is logged.
    """
    if not services.settings.second_reader.enabled:
        return 0
    named = [(url, level) for url, level in judged if level is not Level.NONE]
    urls = [url for url, _ in sorted(named, key=lambda pair: not pair[1].relevant)]
    if not urls:
        return 0
    kept = 0
    try:
        reader, language = services.second_reader, readers_language(services.digests)
        for number, url in enumerate(urls, 1):
            if time.monotonic() + reader.settings.deadline.total_seconds() > until:
                log.info("No time is left for the second reader; %d articles go without.", len(urls) - number + 1)
                break
            kept += _ask(services, reader, url, language, now)
            on_article(number, len(urls))
    except Exception as error:  # its opinion is an extra: the job has done its work without it
        log.warning("The second reader's opinions could not be kept: %s", error, exc_info=error)
    return kept


def _ask(services: Services, reader: SecondReader, url: str, language: str, now: datetime) -> bool:
    store = services.store
    version = store.articles.get(url)
    if version is None or version.opinion is not None:
        return False
    opinion = reader.read(version.article, version.verdict, version.facts, language)
    return opinion is not None and store.opinions.save(version.article, opinion, now=now)


def readers_language(plans: Iterable[DigestPlan]) -> str:
    """The language that most digests are in, the first named among equals; English where there is none."""
    counted = Counter(plan.language for plan in plans)
    return max(counted, key=counted.__getitem__, default="en")
