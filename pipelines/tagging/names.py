"""Names in an article: who, where, and whether they belong to the watch's country. Does no input or output.

One pass over the text finds what the lists and the gazetteer hold; the context
tells namesakes apart; patterns of grammar find those that no list holds.
"""

import re
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from pipelines.tagging import bracketed, patterns, people, places
from pipelines.tagging.index import NameIndex, Target, build
from pipelines.tagging.matching import Hit, longest
from pipelines.tagging.scene import Item, Scene

__all__ = ("Mention", "NameIndex", "build", "find")

_OPENS = re.compile("[„“”\"«»‘‚'‹›「『《〈][\u00a0\u202f]?$")
_CLOSES = re.compile("[\u00a0\u202f]?[“”\"»«’'›‹」』》〉]")


_GREAT_CITY = 100_000  # people


class Mention(NamedTuple):
    """A name at its place in the document."""

    name: str  # the usual English one, where a list holds it
    kind: str  # as in presswatch.names.Kind
    start: int
    end: int
    surface: str  # as it is written
    uk: bool  # belongs to the watch's country, whichever that is
    weight: float  # 0 to 2: how much it says of the country
    note: str  # how it was recognised, a plain sentence fragment
    listed: bool
    country: str = ""  # ISO 3166-1 alpha-2, "" where it is not known
    place: str = ""  # where an organisation sits, as the list or its name says


def find(document: str, spans: Sequence[tuple[int, int]], language: str, index: NameIndex) -> tuple[Mention, ...]:
    """Every name within `spans`, by place and without overlap: the longest wins.

    `spans` are the paragraphs to read (boilerplate left out); a name never
    reaches over the end of one. What the context shows to be abroad is kept,
    with `uk=False` and the reason.
    """
    if not spans:
        return ()
    names: list[Hit[Target]] = []
    found: list[tuple[int, int, str]] = []
    for hit in index.matcher.find(document, language, spans):
        named = False
        for form in hit.forms:
            if form.target.kind == "trigger":
                found.append((hit.start, hit.end, form.target.name))
            else:
                named = True
        if named:
            names.append(hit)
    scene = Scene(document, spans, language, index)
    chosen = [
        (hit, _choose(hit, document[hit.start : hit.end], index.country)) for hit in longest(names, itemgetter(0, 1))
    ]
    titles = {
        hit.start: target
        for hit, target in chosen
        if target.kind == "place" and _is_title(document, hit.start, hit.end)
    }
    # A machine that is called 「Rayleigh」 is meant wherever its name stands; of a great city the text may speak, too.
    called = {target.name for target in titles.values() if target.population < _GREAT_CITY}
    scene.add(
        Item(hit[0], hit[1], target, scene.span_of(hit[0]))
        for hit, target in chosen
        if target.kind != "phrase"
        and hit.start not in titles
        and not (target.kind == "place" and target.name in called)
    )
    twice = bracketed.find(scene)
    scene.add(people.find(scene, found, [(b.start, b.end, b.native, b.latin) for b in twice if b.kind == "person"]))
    places.settle(scene)
    scene.add(patterns.find(scene, found, [b for b in twice if b.kind == "organisation"]))
    people.tie(scene)
    return tuple(_mention(item, document) for item in scene.items if not item.dropped)


def _is_title(document: str, start: int, end: int) -> bool:
    """Whether a place's name stands alone between quotation marks: a kitchen called „London“, a game, a song."""
    around = document[max(0, start - 2) : start], document[end : end + 2]
    return bool(_OPENS.search(around[0]) and _CLOSES.match(around[1]))


def _choose(hit: Hit[Target], surface: str, country: str) -> Target:
    """The lists before the gazetteer, the spelling with these very accents, the country's own before others."""
    if len(hit.forms) == 1:
        return hit.forms[0].target
    forms = [f for f in hit.forms if f.target.kind != "trigger"]
    return min(
        forms,
        key=lambda f: (
            f.target.kind == "phrase",
            not f.target.listed,
            f.text.casefold() != surface.casefold(),
            not f.languages,
            bool(f.target.needs),
            f.target.country != country,
        ),
    ).target


def _mention(item: Item, document: str) -> Mention:
    target = item.target
    return Mention(
        target.name,
        target.kind,
        item.start,
        item.end,
        document[item.start : item.end],
        bool(item.uk),
        round(item.weight, 3),
        item.note,
        target.listed,
        target.country if item.uk is not False or target.kind != "place" else _country(item),
        target.place,
    )


def _country(item: Item) -> str:
    """A foreign place's country; a namesake's where the context sent the name abroad."""
    namesakes = item.target.namesakes
    if item.country:
        return item.country
    return namesakes[0].country if namesakes else item.target.country
