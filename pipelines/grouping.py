"""Which articles tell one piece of news. Does no input or output.

The partition is a function of the set of articles in the window, never of the
order in which they came: every join is a judgement on two articles
(`pipelines.alike`), the surest joins are made first, and ties are settled by
address. Only the id that a story bears remembers the past, so that a story that
was told keeps its name.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from pipelines.alike import BY_HAND, BY_KEYS, WINDOW, Join, Likeness, round_ups
from pipelines.recent import Recent, day_of, moment
from presswatch.models import Known

# Articles this far apart can share a story through others between them, never further.
REACH = 3 * WINDOW
_EVER = (0, 4_000_000)  # days
_SHARE = 64  # all around a new article are judged afresh each time that they may have grown by one part in so many

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where a new article belongs. `merged` are stories that are now part of `story`; `moved` says which other
    articles of the window now bear another story's id."""

    story: str
    merged: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


class _Stories:
    """Articles on their way into stories: each starts alone, joins unite them unless an operator parted them."""

    def __init__(self, urls: Iterable[str], apart: Iterable[tuple[str, str]]) -> None:
        self.of = {url: [url] for url in urls}
        self.apart = {frozenset(pair) for pair in apart}

    def parted(self, one: str, other: str) -> bool:
        """Whether an operator said that some article of one's story does not belong to the other's."""
        return (
            any(frozenset((a, b)) in self.apart for a in self.of[one] for b in self.of[other]) if self.apart else False
        )

    def unite(self, one: str, other: str) -> None:
        both = self.of[one] + [u for u in self.of[other] if self.of[one] is not self.of[other]]
        for url in both:
            self.of[url] = both


def _partition(
    urls: Collection[str], likeness: Likeness, together: Iterable[Pair], apart: Iterable[Pair]
) -> list[list[str]]:
    """These articles, story by story, each sorted, in the order of their first addresses."""
    joins = likeness.joins(urls)
    by_keys = {join for join in joins if join.rank == BY_KEYS}
    astray = round_ups(by_keys, likeness)
    agreeing = {(join.one, join.other) for join in by_keys if join.one not in astray and join.other not in astray}
    by_hand = {Join(rank=BY_HAND, weakness=0.0, one=a, other=b) for a, b in together if a in urls and b in urls}
    stories = _Stories(urls, apart)
    found = _Stories(urls, ())  # the same without what was joined by hand: that says nothing about what is alike
    for join in sorted(joins | by_hand):
        if join.rank == BY_KEYS and (join.one, join.other) not in agreeing:
            continue
        one, other = found.of[join.one], found.of[join.other]
        if one is other or stories.parted(join.one, join.other):
            continue
        if join.rank == BY_KEYS:
            # Two stories become one where half of their articles agree, not by a single one.
            stating = [[url for url in story if likeness.states(url)] for story in (one, other)]
            pairs = [(min(a, b), max(a, b)) for a in stating[0] for b in stating[1]]
            if 2 * sum(pair in agreeing for pair in pairs) < len(pairs):
                continue
        if join.rank != BY_HAND:
            found.unite(join.one, join.other)
        stories.unite(join.one, join.other)
    return sorted({id(group): sorted(group) for group in stories.of.values()}.values())


def _new_id(url: str, recent: Recent, used: Collection[str]) -> str:
    """An id for a story that has none: from its first-seen article's address, another where that is taken."""
    for attempt in count():
        seed = f"{url}#{attempt}" if attempt else url
        story = "s" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:12]
        if story not in used and not recent.of_story(story):
            break
    return story


def regroup(members: Sequence[Known], *, together: Iterable[Pair] = (), apart: Iterable[Pair] = ()) -> dict[str, str]:
    """The story of every article, judged afresh.

    Which articles share a story depends on the set alone. A story keeps the id
    that its earliest-seen article bears; where an article bears none ("") or its
    id went with earlier ones, a new id is made. `together` and `apart` are pairs of addresses that an
    operator joined and parted; parting wins.
    """
    recent = Recent(members)
    return _named(recent.keys(), recent, Likeness(recent, _EVER), together, apart)


def _named(
    urls: Collection[str], recent: Recent, likeness: Likeness, together: Iterable[Pair], apart: Iterable[Pair]
) -> dict[str, str]:
    """The story of each of these articles, which share none with others."""
    named: dict[str, str] = {}
    used: set[str] = set()

    def seen(url: str) -> tuple[datetime, str]:
        return recent[url].first_seen_at, url

    groups = sorted(_partition(urls, likeness, together, apart), key=lambda group: min(map(seen, group)))
    for group in groups:
        told = [recent[url].story for url in sorted(group, key=seen) if recent[url].story]
        story = next((s for s in told if s not in used), None) or _new_id(min(group, key=seen), recent, used)
        used.add(story)
        named.update(dict.fromkeys(group, story))
    return named


def assign(
    new: Known, recent: Recent, *, turn: int = 0, together: Sequence[Pair] = (), apart: Sequence[Pair] = ()
) -> Assignment:
    """The story of an article among the `recent` ones, and what its coming changed among them.

    Applying `story`, and `moved` to the others, after every article leaves the
    same stories as `regroup` of all of them, in whatever order they came. Where
    there are many, those that nothing links to the new one are left as they are, though
    its coming makes the names that it states a little commoner; all are judged afresh
    for every so many articles, by the number of its `turn`.
    """
    earlier = recent.get(new.url)
    new = (
        new._replace(story="")
        if earlier is None
        else new._replace(story=earlier.story, first_seen_at=earlier.first_seen_at)
    )
    with recent.holding(new):
        linked = {*new.alternates, *(url for pair in together for url in pair)}
        days = day_of(moment(new) - REACH), day_of(moment(new) + REACH)
        likeness = Likeness(recent, days, linked)
        by_hand = any(new.url in pair for pair in (*together, *apart))
        weighs = by_hand or new.relevant or (earlier is not None and earlier.relevant)
        afresh = turn % max(1, likeness.of_these_days() // _SHARE) == 0
        near = set(likeness) if afresh and weighs else likeness.linked(new.url, together)
        if near == {new.url} and not weighs:
            # Most articles: of no relevance, so without weight in how rare a name is, and like no other.
            return Assignment(story=new.story or _new_id(new.url, recent, ()))
        if afresh:
            near = set(likeness)
        after = _named(near, recent, likeness, together, apart)
    before = {url: recent[url].story for url in near if url != new.url}
    moved = tuple((url, after[url]) for url in sorted(before) if after[url] != before[url])
    gone = {before[url] for url, _ in moved} - set(after.values()) - {""}
    merged = tuple(sorted(s for s in gone if any(before[u] == s and after[u] == after[new.url] for u, _ in moved)))
    return Assignment(story=after[new.url], merged=merged, moved=moved)
