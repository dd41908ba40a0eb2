"""How a source does, from what is remembered of it: the word, the sentence, and the advice. Does no input or output.

| word | what it means |
| --- | --- |
| new | never visited |
| ok | read at its last visit |
| failing | the last visit failed in a way that none of the following words fits |
| blocked | the site refuses us: 401, 403, 429, a challenge page |
| down | no answer, or one that holds nothing: no connection, 404, 5xx |
| changed | it answers, but not with what its block in sources.yaml expects; or a feed of it fails for more than a day |
| quiet | it answers, and nothing new came for longer than its own rhythm makes likely |
| disabled | switched off in sources.yaml |
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from presswatch.models import Source, SourceHealth
from presswatch.store.records import SourceHistory

ADVICE = {
    "blocked": "Set a contact address, a longer delay, or leave the source out for a while; it is asked ever more"
    " rarely, down to every six hours.",
    "down": "It is tried again by itself. If it lasts, look at the address in a browser and mend it in sources.yaml.",
    "changed": "Compare the source's block in sources.yaml with the site, then: presswatch check.",
    "failing": "Look at the log and at the address in a browser, and mend the source's block in sources.yaml.",
    "quiet": "Look at the site in a browser. If it has newer articles, its feed has moved: mend it in sources.yaml.",
}
# Chosen by simulation (0.2 to 10 articles a week on working days, conferences, two weeks off at Christmas; 22 years of
# each): no false word at 1 in 1000 once a source has a year behind it, one in eight years for slow ones at 1 in 100.
# A source of one article a week that stops is noticed after 54 days, one of three after 26, one of ten after 23.
_UNLIKELY = 0.001
_FEWEST_GAPS = 4  # with fewer there is no rhythm to speak of
_LONGER_THAN_EVER = 1.25  # of the longest silence so far
_FEED_MISSED = timedelta(days=1)  # a feed fails for an hour now and then, and the next way in closes the gap
_FEWEST_UNUSABLE = 3  # pages in a row; one or two are a press kit or a gallery


def diagnose(source: Source, history: SourceHistory) -> SourceHealth:
    """The word, sentence and advice for one source."""
    state, message = _word(source, history)
    return SourceHealth(
        source=source.id,
        state=state,
        message=message,
        advice=ADVICE.get(state, ""),
        last_success_at=history.last_success_at,
        failures=history.failures,
        next_due_at=history.next_due_at if source.enabled else None,
        articles=history.articles,
    )


def of_all(sources: Iterable[Source], histories: Iterable[SourceHistory]) -> tuple[SourceHealth, ...]:
    """The same for many, in their order."""
    return tuple(diagnose(source, history) for source, history in zip(sources, histories, strict=True))


def is_ill(health: SourceHealth, failures: int) -> bool:
    """Whether people need to hear of it: after so many failures in a row, or at once where no visit failed at all."""
    return health.state in ADVICE and (health.failures >= failures or health.failures == 0)


def _word(source: Source, history: SourceHistory) -> tuple[str, str]:
    if not source.enabled:
        return "disabled", ""
    if history.failures or history.last_success_at is None:
        return history.state, history.message
    if history.unusable >= _FEWEST_UNUSABLE:
        reason = history.reason.rstrip(".")
        return (
            "changed",
            f"None of its newest {history.unusable} pages gave an article. The last: {reason}.",
        )
    if unread := _unread_feed(source, history):
        return "changed", unread
    silence = unlikely_silence(history.published, history.last_success_at)
    if silence is not None:
        last = history.published[-1]
        return "quiet", (
            f"Nothing new for {silence.days} days, since {last.day} {last:%B %Y}; going by the last year, something"
            " should have come by now."
        )
    return history.state, history.message


def _unread_feed(source: Source, history: SourceHistory) -> str:
    """What to say of a feed that is not read any more, though the source is, by another way in; else nothing."""
    visited, patience = history.last_success_at, max(_FEED_MISSED, 3 * source.every)
    for url in source.feeds:
        read = history.feeds.get(url)
        # One that was never read may have been added an hour ago: the last visit has to name it.
        since = read or (history.first_visit_at if url in history.message else None)
        if visited and since and visited - since > patience:
            when = f"since {since.day} {since:%B %Y, %H:%M} UTC" if read else "so far"
            said = f" The last visit says: {history.message}" if history.message else ""
            return f"Its feed {url} could not be read {when}; another way in is used instead.{said}"
    return ""


def unlikely_silence(published: Sequence[datetime], until: datetime) -> timedelta | None:
    """How long nothing was published before `until`, where this source's own rhythm makes that unlikely; else None.

    The days on which it published are taken as events at an unknown, steady rate.
    After n gaps of d days together, the chance that the next one takes more than s
    days is (d / (d + s)) ** n: few gaps say little, so a young source is given much
    time. Real sources pause for holidays, so the silence must also be longer than
    any before it.
    """
    days: list[date] = sorted({moment.date() for moment in published})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    if len(gaps) < _FEWEST_GAPS:
        return None
    silence, span = (until - published[-1]).days, sum(gaps)
    if silence <= _LONGER_THAN_EVER * max(gaps):
        return None
    chance = (span / (span + silence)) ** len(gaps)
    return timedelta(days=silence) if chance < _UNLIKELY else None
