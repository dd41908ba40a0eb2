"""Stories into editions, and editions out of the outbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from presswatch.children import ending_gently
from presswatch.errors import ConfigError, DeliveryError
from presswatch.models import Digest
from presswatch.monitoring import alerts
from presswatch.monitoring.health import is_ill
from presswatch.store.records import DigestDraft

if TYPE_CHECKING:
    from presswatch.digests.outbox import DeliveryReport
    from presswatch.models import DigestPlan
    from presswatch.outgoing import Permitted
    from presswatch.services import Services

_LATELY = 1000  # stories that the bars of the month count at most: far more than thirty days bring
_LOOK_AGAIN = timedelta(minutes=10)
_LONGEST_JOB = timedelta(hours=1)
_GIVEN_UP_SHOWN = timedelta(days=7)  # how long a digest's footer names a delivery that was given up


def digest(services: Services, now: datetime) -> tuple[Digest, ...]:
    """Build every edition that is due and put it into the outbox."""
    built = []
    for plan in services.digests:
        if (due := edition_due(services, plan, now)) is not None:
            built.append(build_edition(services, plan, now, due=due))
    return tuple(edition for edition in built if edition is not None)


def edition_due(services: Services, plan: DigestPlan, now: datetime) -> datetime | None:
    """The edition to build now, if any; several that were missed become the latest of them."""
    from presswatch.digests import schedule

    last = services.store.digests.last_edition(plan.name)
    if last is None and (not services.store.sources.visited() or services.store.pages.unprocessed(limit=1)):
        return None  # nothing was crawled and judged yet: a first edition would be empty
    if plan.prompt and last is not None and not _may_tell(services, last.until, now):
        return None
    return schedule.latest_due(plan, last.until if last else None, now)


def _may_tell(services: Services, last: datetime, now: datetime) -> bool:
    """Whether a prompt digest may have something to tell since its last edition.

    A story is stored with the time when its job began, so one may come to light with
    a time from before the last edition: what changed lately is looked at again.
    """
    stories = services.store.stories
    return stories.any_changed(last) or (now - last >= _LOOK_AGAIN and stories.any_changed(last - _LONGEST_JOB))


def build_edition(
    services: Services, plan: DigestPlan, now: datetime, *, due: datetime | None = None, since: datetime | None = None
) -> Digest | None:
    """Build one edition and store it with its deliveries in one transaction; None where there was nothing to tell.

    Without `due` it is an edition of its own, now. `since` looks further back than
    the last edition; what was told already is not told again.
    """
    with services.store.lock("digest", "Another presswatch process"):
        last = services.store.digests.last_edition(plan.name)
        draft, recipients = _compose(services, plan, now, due, since)
        after = last.edition if last else None
        stored = services.store.digests.save_next(draft, recipients, after=after, now=now)
    return stored if recipients else None


def preview(services: Services, plan: DigestPlan, now: datetime, *, since: datetime | None = None) -> DigestDraft:
    """The edition as it would be built now; stores nothing."""
    return _compose(services, replace(plan, when_empty="say so"), now, None, since)[0]


def _compose(
    services: Services, plan: DigestPlan, now: datetime, due: datetime | None, since: datetime | None
) -> tuple[DigestDraft, tuple[str, ...]]:
    from presswatch.digests import compose, schedule
    from presswatch.digests.edition import Labels
    from presswatch.digests.month import SPAN
    from presswatch.store.records import ArticleFilter

    store = services.store
    last = store.digests.last_edition(plan.name)
    start = since or (last.until if last else now - plan.look_back)
    lately = ArticleFilter(since=now - SPAN, until=now, levels=plan.levels, limit=_LATELY)
    failed = store.digests.deliveries(since=now - _GIVEN_UP_SHOWN, state="given up")
    return compose.compose(
        plan,
        store.stories.changed(start - compose.OVERLAP, now),
        store.digests.told(plan.name),
        health=[h for h in services.health(now) if is_ill(h, services.settings.alerts.failures)],
        failed=[entry.delivery for entry in failed if entry.name == plan.name],
        edition=schedule.edition_name(due or now),
        since=start,
        until=due or now,
        now=now,
        labels=Labels(sources={source.id: source.name for source in services.sources}),
        lately=store.stories.list(lately),
        pages=services.settings.web.address,
    )


def deliver(services: Services, now: datetime | None = None) -> DeliveryReport:
    """Send what is due, record each receipt, and put off what failed; `now` stands still where it is given."""
    from presswatch.digests.outbox import deliver_due
    from presswatch.digests.send import Channels
    from presswatch.recipients import by_kept_form

    settings = services.settings
    written = [recipient for plan in services.digests for recipient in plan.recipients]
    addresses = by_kept_form((*written, *settings.alerts.to), settings.environ)
    channels = Channels(
        mail=settings.mail, data_dir=settings.data_dir, addresses=addresses, permitted=permitted(services)
    )
    # A mail that the server has taken without a receipt of ours would go out again: that is left to kill -9.
    with ending_gently() as ending:
        clock = (lambda: now) if now else services.store.clock()  # of all machines that send, where there are several
        return deliver_due(services.store, channels, clock=clock, ending=ending)


def permitted(services: Services) -> Permitted:
    """Which addresses a webhook may be at: the guard's rule, unless the operator lets his own network in."""

    def judge(address: str) -> bool:
        from crawler.guard import is_public  # brings Twisted, which only those pay who have a webhook

        return services.settings.webhooks.private or is_public(address)

    return judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of a trial alert: its recipient without secrets, and the receipt or what went wrong."""

    recipient: str
    good: bool
    message: str


def try_alerts(services: Services, now: datetime) -> tuple[Trial, ...]:
    """Send a trial alert to everybody whom [alerts] names, at once and past the outbox; nothing is recorded."""
    from presswatch import recipients
    from presswatch.digests.outbox import hand_over
    from presswatch.digests.send import Channels

    settings = services.settings
    draft = alerts.trial(now)
    digest = Digest(
        id=0,
        built_at=now,
        **{name: getattr(draft, name) for name in DigestDraft.__slots__ if name != "states"},
    )
    channels = Channels(mail=settings.mail, data_dir=settings.data_dir, permitted=permitted(services))
    trials = []
    for written in settings.alerts.to:
        try:
            good, message = True, hand_over(digest, recipients.filled(written, settings.environ), channels)
        except (DeliveryError, ConfigError) as error:
            good, message = False, str(error)
        trials.append(Trial(recipient=recipients.shown(written), good=good, message=message))
    return tuple(trials)
