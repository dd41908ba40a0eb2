"""Why two articles may tell one piece of news: every reason is a judgement on the two. Does no input or output.

The surest first: hreflang and canonical links; a slug that is kept on another
site or in another language; near-identical text within a language; names and
figures that both state, the rarer the better.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from urllib.parse import urlsplit

from pipelines.fingerprint import BITS, distance
from pipelines.recent import Recent, day_of, moment
from presswatch.models import Known

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
_TELLING = _LEAST / 3  # of a key: two articles that share only commoner ones are no pair to look at
_ROUNDING = 1e-6
BY_HAND, BY_ALTERNATE, BY_SLUG, BY_TEXT, BY_KEYS = range(5)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Join:
    """A reason to put two articles into one story; sorts the surest first."""

    rank: int
    weakness: float
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class _Stated:
    """What an article states, taken apart once for many comparisons."""

    keys: frozenset[str]
    places: frozenset[str]
    figures: Mapping[str, set[str]]  # values by kind and unit

    def contradicts(self, other: "_Stated") -> bool:
        """Whether both state figures of one kind and agree on none of any kind: a form letter, filled in twice."""
        both = self.figures.keys() & other.figures.keys()
        return bool(both) and not any(self.figures[kind] & other.figures[kind] for kind in both)

    def is_elsewhere(self, other: "_Stated") -> bool:
        """Whether both name places and none in common."""
        return bool(self.places and other.places) and not self.places & other.places


@lru_cache(maxsize=4096)  # the same articles are compared with each new one
def _state(keys: tuple[str, ...]) -> _Stated:
    """What these keys say."""
    figures: dict[str, set[str]] = {}
    for key in keys:
        kind, _, rest = key.partition(":")
        if kind not in _PRIOR:
            value, _, unit = rest.rpartition(":")
            figures.setdefault(f"{kind}:{unit}", set()).add(value)
    return _Stated(frozenset(keys), frozenset(key for key in keys if key.startswith("place:")), figures)


def _close(a: Known, b: Known) -> bool:
    return abs(moment(a) - moment(b)) <= WINDOW


def _telling(slug: str) -> bool:
    return len(slug) >= _MIN_SLUG and ("-" in slug or "_" in slug or not slug.isascii()) and not slug.isdecimal()


def _prior(key: str) -> float:
    kind, _, rest = key.partition(":")
    if kind in _PRIOR:
        return _PRIOR[kind]
    digits = len(rest.rpartition(":")[0].replace(".", "").strip("0"))
    return _PRIOR_FIGURE.get(digits, _PRIOR_EXACT)


class _Weights(dict[str, float]):
    """How telling each key is: the square of its inverse document frequency, so that two common names do not weigh as
    much as one rare one. Worked out when it is first asked for."""

    def __init__(self, recent: Recent, days: tuple[int, int]) -> None:
        super().__init__()
        self._recent, self._days = recent, days
        self._total = recent.number_of_holders("", *days)

    def __missing__(self, key: str) -> float:
        number = self._recent.number_of_holders(key, *self._days)
        # The two articles that are compared are no sign that a key is common.
        frequency = max(0, number - 2) + 1 + _PRIOR_SIZE * _prior(key)
        weight = self[key] = max(0.0, math.log((self._total + _PRIOR_SIZE) / frequency)) ** 2
        return weight


class Likeness:
    """What the articles of some days, and a few more, have in common. Those that are `recent` must stay as they are.

    `extra` are further ones, of whatever day, which count for nothing in how rare a name is.
    """

    def __init__(self, recent: Recent, days: tuple[int, int], extra: Collection[str] = ()) -> None:
        self._recent, self._days = recent, days
        self._extra = {url for url in extra if url in recent}
        self._weights = _Weights(recent, days)
        self._stated: dict[str, _Stated] = {}
        self._totals: dict[str, float] = {}
        self._compared: dict[tuple[str, str], Join | None] = {}

    def __contains__(self, url: str) -> bool:
        known = self._recent.get(url)
        return known is not None and (self._days[0] <= day_of(moment(known)) <= self._days[1] or url in self._extra)

    def __iter__(self) -> Iterator[str]:
        of_days = {known.url for known in self._recent.of_days(*self._days)}
        return iter(sorted(of_days | self._extra))

    def of_these_days(self) -> int:
        """How many articles are of its days."""
        return self._recent.number_of_days(*self._days)

    # How rare what they state is

    def _sum(self, keys: Iterable[str]) -> float:
        return math.fsum(map(self._weights.__getitem__, keys))

    def _stated_by(self, url: str) -> _Stated:
        found = self._stated.get(url)
        if found is None:
            found = self._stated[url] = _state(self._recent[url].fingerprint.keys)
        return found

    def _total_of(self, url: str) -> float:
        found = self._totals.get(url)
        if found is None:
            found = self._totals[url] = self._sum(self._stated_by(url).keys)
        return found

    # What two have in common

    def joins(self, urls: Collection[str]) -> set[Join]:
        """Every reason for which two of these articles may share a story, but for what was said by hand."""
        among = set(urls)
        found = {join for url in among for join in self._sure(self._recent[url])}
        found |= {join for url in among for join in self._by_keys(self._recent[url], after=True)}
        found |= self._by_texts(among)
        return {join for join in found if join.one in among and join.other in among}

    def linked(self, new: str, by_hand: Iterable[tuple[str, str]]) -> set[str]:
        """An article that came and all that may share its story, through others too.

        What is sure between two that were there before has put them into one story already.
        """
        joined: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in by_hand:
            joined[one].add(other)
            joined[other].add(one)
        found, waiting = {new}, [new]
        while waiting:
            here = self._recent[waiting.pop()]
            joins = (*self._sure(here), *self._by_keys(here), *(self._by_text(here) if here.url == new else ()))
            others = {end for join in joins for end in (join.one, join.other)} | joined[here.url]
            beyond = {url for url in (*others, *self._recent.of_story(here.story)) if url in self} - found
            found |= beyond
            waiting += beyond
        return found

    def _sure(self, known: Known) -> Iterator[Join]:
        """By links to each other, and by slug."""
        for address in (*known.alternates, known.url):
            named = [url for url in self._recent.naming(address) if url in self]
            if not named or max(Counter(map(_site, named)).values()) >= _HUB:
                continue
            together = sorted({*named, *([address] if address in self else [])})
            yield from (Join(rank=BY_ALTERNATE, weakness=0.0, one=a, other=b) for a, b in pairwise(together))
        slug = known.fingerprint.slug
        if not _telling(slug) or len(self._recent.with_slug(slug)) < 2:
            return
        group = sorted(url for url in self._recent.with_slug(slug) if url in self)[:_MANY]
        for other in (self._recent[url] for url in group if known.url in group and url != known.url):
            elsewhere = _site(known.url) != _site(other.url) or known.language != other.language
            if elsewhere and _close(known, other):
                yield _join(BY_SLUG, 0.0, known.url, other.url)

    def _by_text(self, known: Known) -> Iterator[Join]:
        """Articles whose SimHashes differ in few bits."""
        first, last = self._fortnight(known)
        for other in self._recent.printed_alike(known.fingerprint.simhash, _NEAR, first, last):
            if other != known.url and (join := self._same_text(known, self._recent[other])):
                yield join

    def _by_texts(self, urls: Iterable[str]) -> set[Join]:
        """The same among these: two such agree in at least one of `_NEAR` + 1 bands of bits."""
        width = -(-BITS // (_NEAR + 1))
        bands: defaultdict[tuple[str, int, int], list[Known]] = defaultdict(list)
        for known in map(self._recent.__getitem__, urls):
            if print_ := known.fingerprint.simhash:
                for n in range(_NEAR + 1):
                    bands[known.language, n, print_ >> n * width & (1 << width) - 1].append(known)
        pairs = (pair for group in bands.values() for pair in combinations(group, 2))
        return {join for a, b in pairs if (join := self._same_text(a, b))}

    def _same_text(self, a: Known, b: Known) -> Join | None:
        apart = distance(a.fingerprint.simhash, b.fingerprint.simhash)
        if apart > _NEAR or a.language != b.language or not _close(a, b):
            return None
        if self._stated_by(a.url).contradicts(self._stated_by(b.url)):
            return None
        return _join(BY_TEXT, float(apart), a.url, b.url)

    def _by_keys(self, known: Known, *, after: bool = False) -> Iterator[Join]:
        """Articles that state much of the same; those `after` it in the order of addresses, where that is enough."""
        if not known.relevant:
            return
        first, last = self._fortnight(known)
        others = {url for key in self._prefix(known.url) for url in self._recent.holders(key, first, last)}
        for url in others:
            if (url > known.url or (not after and url != known.url)) and (
                join := self._alike(known, self._recent[url])
            ):
                yield join

    def _fortnight(self, known: Known) -> tuple[int, int]:
        """The days of those articles that are close to one, as far as they are among ours."""
        day, reach = day_of(moment(known)), WINDOW.days + 1
        return max(day - reach, self._days[0]), min(day + reach, self._days[1])

    def _prefix(self, url: str) -> list[str]:
        """The rarest of an article's keys, without those that together weigh too little to join it with another.

        Two articles that share enough share one of these (prefix filtering, as in set-similarity joins), so whoever
        shares none of them need not be looked at.
        """
        rest, found = 0.0, []
        for weight, key in sorted(
            (self._weights[key], key) for key in self._stated_by(url).keys
        ):  # the commonest first
            rest += weight
            if rest >= _LEAST - _ROUNDING and weight >= _TELLING:
                found.append(key)
        return found

    def _alike(self, a: Known, b: Known) -> Join | None:
        """The join of two articles that state enough of the same."""
        pair = (a.url, b.url) if a.url < b.url else (b.url, a.url)
        if pair not in self._compared:
            self._compared[pair] = self._compare(a, b)
        return self._compared[pair]

    def _compare(self, a: Known, b: Known) -> Join | None:
        stated, theirs = self._stated_by(a.url), self._stated_by(b.url)
        shared = self._sum(stated.keys & theirs.keys)
        if shared < _LEAST or not _close(a, b):
            return None
        totals = self._total_of(a.url), self._total_of(b.url)
        # A translation may be shorter than its original, so the smaller's share counts as well; but a round-up
        # of the week holds all of a story's names and is not that story, so it does not count alone.
        alike = shared / sum(totals) + shared / (2 * min(totals))
        alike *= _OTHER_FIGURES if stated.contradicts(theirs) else 1
        alike *= _OTHER_PLACES if stated.is_elsewhere(theirs) else 1
        days = abs(moment(a) - moment(b)) / timedelta(days=1)
        likeness = min(alike / (_ALIKE + _ALIKE_A_DAY * days), shared / _LEAST)
        return _join(BY_KEYS, -likeness, a.url, b.url) if likeness >= 1 else None

    def states(self, url: str) -> bool:
        """Whether an article can be joined by what it states."""
        return self._recent[url].relevant and bool(self._stated_by(url).keys)

    def related(self, one: str, other: str) -> bool:
        """Whether two articles of one fortnight state a telling name or figure in common."""
        both = self._stated_by(one).keys & self._stated_by(other).keys
        return any(self._weights[key] >= _TELLING for key in both) and _close(self._recent[one], self._recent[other])


@lru_cache(maxsize=65536)
def _site(url: str) -> str:
    """Its host and port. An address is asked for again each time that all around it are judged afresh."""
    return urlsplit(url).netloc


def _join(rank: int, weakness: float, a: str, b: str) -> Join:
    one, other = sorted((a, b))
    return Join(rank=rank, weakness=weakness, one=one, other=other)


def round_ups(joins: Collection[Join], likeness: Likeness) -> set[str]:
    """The articles that are like two others which have no telling name or figure in common: they tell of several
    pieces of news, and belong to none."""
    like: dict[str, list[str]] = {}
    for join in joins:
        like.setdefault(join.one, []).append(join.other)
        like.setdefault(join.other, []).append(join.one)
    return {url for url, others in like.items() if any(not likeness.related(a, b) for a, b in combinations(others, 2))}
