"""Editions through a real store: told once, told again when changed, and silent days remembered."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from presswatch.digests.compose import OVERLAP, compose
from presswatch.digests.schedule import edition_name, latest_due
from presswatch.models import (
    ChangeKind,
    DigestPlan,
    Fingerprint,
    Level,
    Outcome,
    Version,
)
from presswatch.store import Store
from presswatch.store.records import PageDraft
from tests.digests.stories import NOON, change, money, plan, version

PLAN = plan(recipients=("file:digests", "mailto:jo@e.example"))


def publish(store: Store, found: Version, story: str, now: datetime, content: str = "") -> None:
    """The article as the steps leave it in the store."""
    url = found.article.url
    draft: dict[str, Any] = {"url": url, "source": "newsroom", "fetched_at": now, "status": 200, "final_url": url}
    page = store.pages.add(PageDraft(**draft, content_type="text/html", content_hash=content or url))
    assert page is not None
    store.articles.save(
        Outcome(
            page_id=page,
            article=found.article,
            verdict=found.verdict,
            tags=found.tags,
            facts=found.facts,
            summary=found.summary,
            fingerprint=Fingerprint(simhash=1, slug="a", keys=()),
            story=story,
            changes=found.changes,
        ),
        now=now,
    )


def edition(store: Store, now: datetime, plan: DigestPlan = PLAN) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Build and save what is due at `now`, as the service does; gives the stories that are new and updated."""
    last = store.digests.last_edition(plan.name)
    since = last.until if last else now - plan.look_back
    due = latest_due(plan, since, now)
    assert due is not None
    stories = store.stories.changed(since - OVERLAP, now)
    draft, recipients = compose(
        plan, stories, store.digests.told(plan.name), edition=edition_name(due), since=since, until=now, now=now
    )
    digest = store.digests.save(draft, recipients, now=now)
    return digest.stories, digest.updated


def test_a_story_is_in_one_edition(store: Store) -> None:
    publish(store, version(), "s1", NOON)
    tomorrow = NOON + timedelta(days=1)
    assert edition(store, tomorrow) == (("s1",), ())
    assert edition(store, tomorrow + timedelta(days=1)) == ((), ())
    sent = store.digests.deliveries(since=NOON)
    assert [entry.delivery.recipient for entry in sent] == ["file:digests", "mailto:jo@e.example"], (
        "the silent day was sent to nobody"
    )
    last = store.digests.last_edition("uk-ai")
    assert last is not None
    assert last.edition == "2026-09-20T06:00Z", "but it is remembered, and not due again"


def test_a_translation_is_silent_and_a_correction_is_told(store: Store) -> None:
    first = version(facts=(money(2e9),))
    publish(store, first, "s1", NOON)
    assert edition(store, NOON + timedelta(days=1)) == (("s1",), ())
    french = version("https://fr.example/a", source="fr", language="fr", facts=(money(2e9),))
    publish(store, french, "s1", NOON + timedelta(days=1, hours=1))
    assert edition(store, NOON + timedelta(days=2)) == ((), ())
    retitled = change(ChangeKind.RETITLED, first.article.title, "Firm Builds Two", NOON + timedelta(days=2, hours=1))
    later = replace(first, article=replace(first.article, title="Firm Builds Two"), changes=(retitled,))
    publish(store, later, "s1", NOON + timedelta(days=2, hours=1), "changed")
    assert edition(store, NOON + timedelta(days=3)) == ((), ("s1",))
    assert edition(store, NOON + timedelta(days=4)) == ((), ())


def test_an_irrelevant_article_is_told_to_nobody(store: Store) -> None:
    publish(store, version(level=Level.MENTION), "s1", NOON)
    assert edition(store, NOON + timedelta(days=1)) == ((), ())


def test_building_twice_stores_once(store: Store) -> None:
    publish(store, version(), "s1", NOON)
    tomorrow = NOON + timedelta(days=1)
    given: dict[str, Any] = {"edition": "2026-09-19T06:00Z", "since": NOON, "until": tomorrow, "now": tomorrow}
    for _ in range(2):
        draft, recipients = compose(PLAN, store.stories.changed(NOON - OVERLAP, tomorrow), {}, **given)
        store.digests.save(draft, recipients, now=tomorrow)
    assert len(store.digests.deliveries(since=NOON)) == 2


@pytest.mark.parametrize(("when_empty", "sent"), [("skip", ()), ("say so", PLAN.recipients)])
def test_a_day_without_news(when_empty: str, sent: tuple[str, ...]) -> None:
    given: dict[str, Any] = {"edition": "2026-09-19T06:00Z", "since": NOON, "until": NOON, "now": NOON}
    draft, recipients = compose(replace(PLAN, when_empty=when_empty), (), {}, **given)
    assert recipients == sent
    assert bool(draft.text) is bool(sent)
    assert draft.subject == "Nothing new · AI in the United Kingdom"
