"""Stories mended by hand: what an operator joins and parts, at once and for every later run.

The grouping is judged again with what was said, for the stories that it touches
and for no others, exactly as the next run will judge it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from presswatch.errors import UsageError

if TYPE_CHECKING:
    from presswatch.models import Known, Story
    from presswatch.services import Services
    from presswatch.store import Store
    from presswatch.store.records import Pair, Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What became of it: the story of the named articles, and for a split the one that they left."""

    story: Story
    left: Story | None = None


def merge(services: Services, urls: Sequence[str], now: datetime) -> Mended:
    """Make one story of the stories of these articles, and keep the articles together from now on.

    Takes back what was said to part them. Raises `UsageError` where there is nothing to join.
    """
    named = tuple(dict.fromkeys(urls))
    if len(named) < 2:
        raise UsageError("Name two articles or more: the stories that they belong to become one.")
    store = services.store
    with store.lock("process", "Another presswatch process"):
        before = [_story_of(store, url) for url in named]
        members = [{version.article.url for version in story.versions} for story in before]
        parted = {pair for one in members for other in members if one is not other for pair in _across(one, other)}
        _decide(store, together=_across(named[:1], named[1:]), forget=parted, touched=before, now=now)
        return Mended(story=_story_of(store, named[0]))


def split(services: Services, urls: Sequence[str], now: datetime) -> Mended:
    """Take these articles out of their story, as a story of their own, and keep them out from now on.

    Takes back what was said to join them. Raises `UsageError` where they are of several stories, or all of one.
    """
    named = tuple(dict.fromkeys(urls))
    store = services.store
    with store.lock("process", "Another presswatch process"):
        stories = {story.id: story for story in (_story_of(store, url) for url in named)}
        if len(stories) > 1:
            raise UsageError(
                f"These articles belong to {len(stories)} stories. Split one story at a time: {', '.join(stories)}."
            )
        (before,) = stories.values()
        rest = [version.article.url for version in before.versions if version.article.url not in named]
        if not rest:
            raise UsageError(
                f"Nothing would be left of story {before.id}: name only the articles that do not belong to it."
            )
        kept = _across(named[:1], named[1:])
        _decide(store, together=kept, apart=_across(named, rest), touched=[before], now=now)
        return Mended(story=_story_of(store, named[0]), left=_story_of(store, rest[0]))


def _story_of(store: Store, url: str) -> Story:
    story = store.stories.of(url)
    if story is None:
        raise UsageError(f"{url} is no article of the store. Find it with: presswatch list")
    return story


def _across(one: Iterable[str], other: Iterable[str]) -> tuple[Pair, ...]:
    """Every pair of an article of the one and an article of the other."""
    others = tuple(other)
    return tuple((min(a, b), max(a, b)) for a in one for b in others if a != b)


def _decide(
    store: Store,
    *,
    together: Sequence[Pair] = (),
    apart: Sequence[Pair] = (),
    forget: Iterable[Pair] = (),
    touched: Sequence[Story],
    now: datetime,
) -> None:
    said = store.by_hand.pairs()
    gone = {*forget, *together, *apart}
    joined = (*(pair for pair in said.together if pair not in gone), *together)
    parted = (*(pair for pair in said.apart if pair not in gone), *apart)
    places = _places(store, touched, joined, parted)
    store.by_hand.decide(together=together, apart=apart, forget=tuple(gone), stories=places, now=now)


def _places(store: Store, touched: Sequence[Story], together: Sequence[Pair], apart: Sequence[Pair]) -> dict[str, str]:
    """The story of each article whose story changes: of those touched, and of those that they now belong with."""
    from pipelines import grouping

    own = {version.article.url for story in touched for version in story.versions}
    linked = {url for pair in together for url in pair}
    known = {found.url: found for found in store.articles.known(own | linked)}
    times = [_moment(known[url]) for url in own]
    near = store.articles.recent(min(times) - grouping.REACH)
    members = known | {found.url: found for found in near if _moment(found) <= max(times) + grouping.REACH}
    after = grouping.regroup(list(members.values()), together=together, apart=apart)
    theirs = {after[url] for url in own}
    return {url: story for url, story in after.items() if story in theirs and story != members[url].story}


def _moment(known: Known) -> datetime:
    return known.published_at or known.first_seen_at


def said_of(pairs: Pairs, story: Story) -> tuple[tuple[str, str, bool], ...]:
    """What was said by hand of a story's articles: this article, the other one, and whether they belong together."""
    own = {version.article.url for version in story.versions}
    found = [(pair, True) for pair in pairs.together] + [(pair, False) for pair in pairs.apart]
    return tuple(
        (*(pair if pair[0] in own else (pair[1], pair[0])), joined) for pair, joined in found if own.intersection(pair)
    )
