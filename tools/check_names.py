"""Look through config/names for doubles, clashes and entries that cannot work.

    python tools/check_names.py [config/names]

Prints one line a finding and ends with status 1 if there is any. What it calls a
clash is one spelling that stands for two things in the same language, with
nothing in either entry that would tell them apart.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.tagging.matching import EAST_ASIAN, fold
from presswatch.configfile import read, validate
from presswatch.gazetteer import Gazetteer, load_gazetteer
from presswatch.names import SPELLINGS, KnownName, Spelling, SpellingsFile, load_names

# In these scripts one character is a word or a syllable: shorter spellings stand inside others.
_SHORTEST_EAST = 2
_ROLES = ("", "nation", "region", "county", "state")


def findings(names: Sequence[KnownName]) -> Iterator[str]:
    """Everything that is wrong with the lists, as plain sentences."""
    yield from _doubles(names)
    yield from _clashes(names)
    for name in names:
        yield from _bad(name)


def _doubles(names: Sequence[KnownName]) -> Iterator[str]:
    seen: dict[tuple[str, tuple[str, ...]], KnownName] = {}
    for name in names:
        first = seen.setdefault((name.name, name.needs), name)
        if first is not name and (first.kind == name.kind or set(first.spellings) & set(name.spellings)):
            yield f"{name.name!r} is listed twice ({first.kind} and {name.kind}); join the two entries."


def _unknown(folder: Path, names: Sequence[KnownName]) -> Iterator[str]:
    """Further spellings of what no file holds."""
    known = {name.name for name in names}
    for name in validate(SpellingsFile, read(folder / SPELLINGS)).spellings:
        if name not in known:
            yield f"{name!r} has spellings in {SPELLINGS}, and no entry in the other files."


def nowhere(names: Sequence[KnownName], gazetteer: Gazetteer) -> Iterator[str]:
    """Places of whose names only further spellings are read, while the gazetteer does not hold them either."""
    read = {fold(town.name) for town in (*gazetteer.towns, *gazetteer.cities)}
    read |= {fold(spelling.text) for name in names for spelling in name.spellings}
    for name in names:
        if name.kind == "place" and fold(name.name) not in read:
            yield f"{name.name!r} is not in the gazetteer, and `latin: false` leaves it to that: nobody reads the name."


def _key(spelling: Spelling) -> str:
    return spelling.text if EAST_ASIAN.search(spelling.text) else fold(spelling.text).decode("latin-1").strip()


def _clashes(names: Sequence[KnownName]) -> Iterator[str]:
    holders: dict[str, list[tuple[KnownName, Spelling]]] = defaultdict(list)
    for name in names:
        for spelling in name.spellings:
            holders[_key(spelling)].append((name, spelling))
    for held in holders.values():
        for number, (one, written) in enumerate(held):
            for other, also in held[number + 1 :]:
                if one.name != other.name and written.text == also.text and _overlap(one, written, other, also):
                    yield f"{written.text!r} stands for {one.name!r} and for {other.name!r}."


def _overlap(one: KnownName, written: Spelling, other: KnownName, also: Spelling) -> bool:
    """Whether one text could mean both: same language, and neither entry asks for company of its own."""
    apart = written.languages and also.languages and not written.languages & also.languages
    return not apart and not (one.needs or other.needs) and bool(written.languages) == bool(also.languages)


def _bad(name: KnownName) -> Iterator[str]:
    texts = [s.text for s in name.spellings]
    if len(set(texts)) != len(texts):
        yield f"{name.name!r} has an alias twice."
    for spelling in name.spellings:
        if not _key(spelling):
            yield f"{name.name!r}: the spelling {spelling.text!r} holds no letter that can be looked up."
        elif EAST_ASIAN.search(spelling.text) and len(spelling.text) < _SHORTEST_EAST:
            yield f"{name.name!r}: {spelling.text!r} is a single character; it stands inside other words."
        elif len(_key(spelling)) < 2:
            yield f"{name.name!r}: {spelling.text!r} is a single letter."
    for phrase in name.not_in:
        if not any(s.text in phrase or _key(s) in _key(Spelling(text=phrase)) for s in name.spellings):
            yield f"{name.name!r}: the phrase {phrase!r} holds none of its spellings, so it rules nothing out."
    if name.kind in ("place", "country") and name.role not in _ROLES:
        yield f"{name.name!r}: a place's role is one of nation, region, county, state, not {name.role!r}."


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent / "config" / "names"
    names = load_names(folder)
    with TemporaryDirectory() as cache:
        gazetteer = load_gazetteer(Path(cache))
    problems = [*_unknown(folder, names), *findings(names), *nowhere(names, gazetteer)]
    for problem in problems:
        print(problem)
    spellings = sum(len(n.spellings) for n in names)
    print(f"{len(names)} names, {spellings} spellings, {len(problems)} findings", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
