"""One edition, from stories to what the store keeps and who gets it. Does no input or output but for its templates."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from presswatch.digests import event
from presswatch.digests.build import build
from presswatch.digests.edition import Labels
from presswatch.digests.render import render
from presswatch.models import Delivery, DigestPlan, SourceHealth, Story
from presswatch.store.records import DigestDraft, Told

# How much further back than the last edition stories are to be asked for: one that was being stored while
# that edition was built is not lost, and none is told twice, since `told` says what was told.
OVERLAP = timedelta(days=2)


def compose(
    plan: DigestPlan,
    stories: Sequence[Story],
    told: Mapping[str, Told],
    *,
    health: Sequence[SourceHealth] = (),
    failed: Sequence[Delivery] = (),
    edition: str,
    since: datetime,
    until: datetime,
    now: datetime,
    labels: Labels | None = None,
    lately: Sequence[Story] = (),
    pages: str = "",
) -> tuple[DigestDraft, tuple[str, ...]]:
    """The edition as the store keeps it, and the recipients it goes to.

    On a day without news, a plan that says "skip" gives an edition without text
    and without recipients: it is to be saved all the same, since otherwise the
    same edition would be due until something happens, and go out at odd hours.
    """
    built = build(
        plan,
        stories,
        told,
        health=health,
        failed=failed,
        edition=edition,
        since=since,
        until=until,
        now=now,
        labels=labels,
        lately=lately,
        pages=pages,
    )
    silent = not built.items and plan.when_empty == "skip"
    rendered = None if silent else render(built)
    draft = DigestDraft(
        name=built.name,
        title=built.title,
        edition=built.edition,
        since=since,
        until=until,
        subject=built.subject,
        html=rendered.html if rendered else "",
        text=rendered.text if rendered else "",
        stories=tuple(item.story for item in built.new),
        updated=tuple(item.story for item in built.updated),
        states=built.states,
        event="" if silent else event.of_edition(built, {story.id: story for story in stories}),
    )
    return draft, () if silent else plan.recipients
