"""Which articles tell one piece of news. Does no input or output.

The partition is a function of the set of articles in the window, never of the
order in which they came: every join is a judgement on two articles, the surest
joins are made first, and ties are settled by address. Only the id that a story
bears remembers the past, so that a story that was told keeps its name.

Joins, the surest first: what an operator joined; hreflang and canonical links; a
slug that is kept on another site or in another language; near-identical text
within a language; names and figures that both state, the rarer the better.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, count, pairwise
from urllib.parse import urlsplit

from pipelines.fingerprint import BITS, distance
from pipelines.recent import moment
from presswatch.models import Article, Fingerprint, Known

# A translation follows within days; two weeks leave room for holidays. Articles further apart never join by
# slug, text or keys: quarterly notices repeat their words and partners.
WINDOW = timedelta(days=14)
# Of 75 articles the closest two different ones of a language differ in 15 bits (boilerplate included); a copy with
# a sentence added differs in 5 at the median, more where it is short.
_NEAR = 5
_MIN_SLUG = 10  # characters, and two words: "gtc-2025" or "news" may be many things
_HUB = 4  # an address that as many articles of one site name as theirs is a landing page
_MANY = 40  # articles with one slug; a site that calls everything alike
# How likely an article holds a key that it has of its kind, before any article was counted, and how many
# articles that guess is worth. Keeps the first days of a new store from taking every name for a rare one.
_PRIOR = {"person": 0.01, "org": 0.03, "place": 0.08, "product": 0.2}
_PRIOR_FIGURE = {1: 0.03, 2: 0.015}  # by significant digits: £2 billion is said more often than 5,448 GPUs
_PRIOR_EXACT = 0.006
_PRIOR_SIZE = 60
# Tuned as a set, on labelled stories whose keys were dropped, misread and added at random: with 15 % dropped, nine
# pairs in ten still join, none wrongly; 4 to 7 % of made-up news by the same partners in the same week joins too.
# Change one and that balance moves: try all again.
_ALIKE = 0.32
_ALIKE_A_DAY = 0.012
_OTHER_FIGURES = 0.5
_OTHER_PLACES = 0.7
_LEAST = 14.0  # more than one rare name, less than two
_BY_HAND = 0
_KEYS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where a new article belongs. `merged` are stories that are now part of `story`; `moved` says which other
    articles of the window now bear another story's id."""

    story: str
    merged: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class _Join:
    """A reason to put two articles into one story; sorts the surest first."""

    rank: int
    weakness: float
    one: str
    other: str


def _close(a: Known, b: Known) -> bool:
    return abs(moment(a) - moment(b)) <= WINDOW


def _by_alternates(members: Mapping[str, Known]) -> Iterable[_Join]:
    named: defaultdict[str, list[str]] = defaultdict(list)
    for url, known in members.items():
        for address in known.alternates:
            named[address].append(url)
    for address, urls in named.items():
        hosts = Counter(urlsplit(u).netloc for u in urls)
        if max(hosts.values()) >= _HUB:
            continue
        together = sorted({*urls, *([address] if address in members else [])})
        for one, other in pairwise(together):
            yield _Join(1, 0.0, one, other)


def _telling(slug: str) -> bool:
    return len(slug) >= _MIN_SLUG and ("-" in slug or "_" in slug or not slug.isascii()) and not slug.isdecimal()


def _by_slug(members: Mapping[str, Known]) -> Iterable[_Join]:
    alike: defaultdict[str, list[Known]] = defaultdict(list)
    for known in members.values():
        if _telling(known.fingerprint.slug):
            alike[known.fingerprint.slug].append(known)
    for group in alike.values():
        for a, b in combinations(sorted(group, key=lambda k: k.url)[:_MANY], 2):
            elsewhere = urlsplit(a.url).netloc != urlsplit(b.url).netloc or a.language != b.language
            if elsewhere and _close(a, b):
                yield _Join(2, 0.0, a.url, b.url)


def _by_text(members: Mapping[str, Known]) -> Iterable[_Join]:
    """Pairs whose SimHashes differ in few bits: such two agree in at least one of `_NEAR` + 1 bands of bits."""
    width = -(-BITS // (_NEAR + 1))
    bands: defaultdict[tuple[str, int, int], list[Known]] = defaultdict(list)
    for known in members.values():
        if known.fingerprint.simhash:
            for n in range(_NEAR + 1):
                bands[known.language, n, known.fingerprint.simhash >> n * width & (1 << width) - 1].append(known)
    seen = set()
    for group in bands.values():
        for a, b in combinations(group, 2):
            apart = distance(a.fingerprint.simhash, b.fingerprint.simhash)
            one, other = sorted((a.url, b.url))
            if (
                apart <= _NEAR
                and (one, other) not in seen
                and _close(a, b)
                and not _Stated.by(a).contradicts(_Stated.by(b))
            ):
                seen.add((one, other))
                yield _Join(3, float(apart), one, other)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What an article states, taken apart once for many comparisons."""

    keys: frozenset[str]
    places: frozenset[str]
    figures: Mapping[str, set[str]]  # values by kind and unit

    @classmethod
    def by(cls, known: Known) -> "_Stated":
        figures: dict[str, set[str]] = {}
        for key in known.fingerprint.keys:
            kind, _, rest = key.partition(":")
            if kind not in _PRIOR:
                value, _, unit = rest.rpartition(":")
                figures.setdefault(f"{kind}:{unit}", set()).add(value)
        keys = frozenset(known.fingerprint.keys)
        return cls(keys, frozenset(key for key in keys if key.startswith("place:")), figures)

    def contradicts(self, other: "_Stated") -> bool:
        """Whether both state figures of one kind and agree on none of any kind: a form letter, filled in twice."""
        both = self.figures.keys() & other.figures.keys()
        return bool(both) and not any(self.figures[kind] & other.figures[kind] for kind in both)

    def is_elsewhere(self, other: "_Stated") -> bool:
        """Whether both name places and none in common."""
        return bool(self.places and other.places) and not self.places & other.places


def _prior(key: str) -> float:
    kind, _, rest = key.partition(":")
    if kind in _PRIOR:
        return _PRIOR[kind]
    digits = len(rest.rpartition(":")[0].replace(".", "").strip("0"))
    return _PRIOR_FIGURE.get(digits, _PRIOR_EXACT)


def _weights(counts: Counter[str], total: int) -> dict[str, float]:
    """How telling each key is: the square of its inverse document frequency, so that two common names do not
    weigh as much as one rare one."""
    weights = {}
    for key, number in counts.items():
        # The two articles that are compared are no sign that a key is common.
        frequency = max(0, number - 2) + 1 + _PRIOR_SIZE * _prior(key)
        weights[key] = max(0.0, math.log((total + _PRIOR_SIZE) / frequency)) ** 2
    return weights


def _by_keys(members: Mapping[str, Known]) -> list[_Join]:
    relevant = [k for k in members.values() if k.relevant and k.fingerprint.keys]
    counts = Counter(key for k in relevant for key in k.fingerprint.keys)
    weights = _weights(counts, len(relevant))
    stated = {k.url: _Stated.by(k) for k in relevant}
    totals = {url: sum(weights[key] for key in all_.keys) for url, all_ in stated.items()}
    holders: defaultdict[str, list[Known]] = defaultdict(list)
    for known in sorted(relevant, key=lambda k: k.url):
        for key in known.fingerprint.keys:
            # Two articles that share only common names are no pair to look at, however many these are.
            if counts[key] > 1 and weights[key] >= _LEAST / 3:
                holders[key].append(known)
    pairs = {(a.url, b.url) for group in holders.values() for a, b in combinations(group, 2) if _close(a, b)}
    joins = []
    for one, other in pairs:
        shared = sum(weights[key] for key in stated[one].keys & stated[other].keys)
        # A translation may be shorter than its original, so the smaller's share counts as well; but a round-up
        # of the week holds all of a story's names and is not that story, so it does not count alone.
        alike = shared / (totals[one] + totals[other]) + shared / (2 * min(totals[one], totals[other]))
        alike *= _OTHER_FIGURES if stated[one].contradicts(stated[other]) else 1
        alike *= _OTHER_PLACES if stated[one].is_elsewhere(stated[other]) else 1
        days = abs(moment(members[one]) - moment(members[other])) / timedelta(days=1)
        likeness = min(alike / (_ALIKE + _ALIKE_A_DAY * days), shared / _LEAST)
        if likeness >= 1:
            joins.append(_Join(_KEYS, -likeness, one, other))
    round_ups = _round_ups(joins, pairs)
    return [j for j in joins if j.one not in round_ups and j.other not in round_ups]


def _round_ups(joins: Iterable[_Join], related: Collection[tuple[str, str]]) -> set[str]:
    """The articles that are like two others which have no telling name or figure in common: they tell of several
    pieces of news, and belong to none."""
    like: defaultdict[str, list[str]] = defaultdict(list)
    for join in joins:
        like[join.one].append(join.other)
        like[join.other].append(join.one)
    return {
        url for url, others in like.items() if any((a, b) not in related for a, b in combinations(sorted(others), 2))
    }


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
    members: Mapping[str, Known], together: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]]
) -> list[list[str]]:
    """The articles of `members`, story by story, each sorted, in the order of their first addresses."""
    by_hand = [_Join(_BY_HAND, 0.0, a, b) for a, b in together if a in members and b in members]
    by_key = {(j.one, j.other): j for j in _by_keys(members)}
    stories = _Stories(members, apart)
    found = _Stories(members, ())  # the same without what was joined by hand: that says nothing about what is alike
    sure = [*by_hand, *_by_alternates(members), *_by_slug(members), *_by_text(members)]
    for join in sorted([*sure, *by_key.values()]):
        one, other = found.of[join.one], found.of[join.other]
        if one is other or stories.parted(join.one, join.other):
            continue
        if join.rank == _KEYS:
            # Two stories become one where half of their articles agree, not by a single one.
            stating = [
                [u for u in urls if members[u].relevant and members[u].fingerprint.keys] for urls in (one, other)
            ]
            pairs = [(min(a, b), max(a, b)) for a in stating[0] for b in stating[1]]
            if 2 * sum(pair in by_key for pair in pairs) < len(pairs):
                continue
        if join.rank != _BY_HAND:
            found.unite(join.one, join.other)
        stories.unite(join.one, join.other)
    return sorted({id(group): sorted(group) for group in stories.of.values()}.values())


def _new_id(url: str, taken: set[str]) -> str:
    """An id for a story that has none: from its first-seen article's address, another where that is taken."""
    for attempt in count():
        seed = f"{url}#{attempt}" if attempt else url
        story = "s" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:12]
        if story not in taken:
            break
    return story


def regroup(
    members: Sequence[Known], *, together: Iterable[tuple[str, str]] = (), apart: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """The story of every article, judged afresh.

    Which articles share a story depends on the set alone. A story keeps the id
    that its earliest-seen article bears; where an article bears none ("") or its
    id went with earlier ones, a new id is made. `together` and `apart` are pairs of addresses that an
    operator joined and parted; parting wins.
    """
    known = {k.url: k for k in members}
    named: dict[str, str] = {}
    taken = {k.story for k in members if k.story}
    used: set[str] = set()

    def seen(url: str) -> tuple[datetime, str]:
        return known[url].first_seen_at, url

    groups = sorted(_partition(known, together, apart), key=lambda group: min(seen(u) for u in group))
    for group in groups:
        told = [known[u].story for u in sorted(group, key=seen) if known[u].story]
        story = next((s for s in told if s not in used), None) or _new_id(min(group, key=seen), taken | used)
        used.add(story)
        named.update(dict.fromkeys(group, story))
    return named


def _may_join(new: Known, other: Known) -> bool:
    """Whether anything but names and figures may join two articles; never False where something does."""
    return (
        (new.fingerprint.slug == other.fingerprint.slug and bool(new.fingerprint.slug))
        or (new.language == other.language and distance(new.fingerprint.simhash, other.fingerprint.simhash) <= _NEAR)
        or new.url in other.alternates
        or other.url in new.alternates
        or bool(new.alternates and not set(new.alternates).isdisjoint(other.alternates))
    )


def assign(
    article: Article,
    fingerprint: Fingerprint,
    relevant: bool,
    recent: Sequence[Known],
    *,
    together: Sequence[tuple[str, str]] = (),
    apart: Sequence[tuple[str, str]] = (),
) -> Assignment:
    """The story of an article among the `recent` ones, and what its coming changed among them.

    Applying `story`, and `moved` to the others, after every article leaves the
    same stories as `regroup` of all of them, in whatever order they came.
    """
    before = {k.url: k for k in recent}
    earlier = before.get(article.url)
    new = Known(
        url=article.url,
        source=article.source,
        language=article.language,
        published_at=article.published_at,
        first_seen_at=earlier.first_seen_at if earlier else article.first_seen_at,
        story=earlier.story if earlier else "",
        relevant=relevant,
        fingerprint=fingerprint,
        alternates=article.alternates,
    )
    others = [k for k in recent if k.url != new.url]
    by_hand = any(new.url in pair for pair in (*together, *apart))
    if not (relevant or by_hand or (earlier and earlier.relevant) or any(_may_join(new, k) for k in others)):
        # Most articles: of no relevance, so without weight in how rare a name is, and like no other.
        alone = earlier is not None and all(k.story != earlier.story for k in others)
        if not earlier or alone:
            return Assignment(story=new.story or _new_id(new.url, {k.story for k in others}))
    after = regroup([*others, new], together=together, apart=apart)
    moved = tuple((url, after[url]) for url in sorted(before) if url != new.url and after[url] != before[url].story)
    gone = {before[url].story for url, _ in moved} - set(after.values()) - {""}
    merged = tuple(
        sorted(s for s in gone if any(before[u].story == s and after[u] == after[new.url] for u, _ in moved))
    )
    return Assignment(story=after[new.url], merged=merged, moved=moved)
