"""The known names of `config/names/`: read once, checked, and handed on as frozen records.

A file holds groups; a group says what its names have in common, a name what is
its own. A bare string is a name with nothing to add. `docs` of every field stand
at its place below, because the operator who edits the files reads them here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from presswatch.configfile import Document, Schema, read, validate
from presswatch.errors import ConfigError

Kind = Literal[
    "country", "demonym", "place", "organisation", "government", "person", "official",
    "programme", "system", "event", "product", "currency", "phrase",
]  # fmt: skip
Case = Literal["name", "exact", "any"]

FILES = ("places.yaml", "towns.yaml", "organisations.yaml", "people.yaml", "products.yaml")
SPELLINGS = "spellings.yaml"  # how other languages write what the files above hold
# A word of `needs` that stands for any other sure name of the watch's country in the same paragraph.
COUNTRY = "{country}"
_TAGGED = re.compile(r"^([a-z]{2}(?:\|[a-z]{2})*):(\S.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way to write a name; `languages` is empty where it holds in all of them."""

    text: str
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownName:
    """A name as the lists hold it, with all that tells it from others of the same spelling."""

    name: str
    kind: str
    country: str  # ISO 3166-1 alpha-2, "" where it belongs to none
    spellings: tuple[Spelling, ...]  # the name itself comes first, where it is one of them
    weight: float = 1.0
    case: str = "name"
    not_in: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    place: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None


def _country(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"([A-Z]{2})?", value):
        raise ValueError(f'{value!r} is no country code; write two capitals, like "GB", and "NO" in quotes')
    return value


Country = Annotated[str, BeforeValidator(_country)]


class Shared(Schema):
    """What a group may say for all its names, and a name for itself."""

    country: Country | None = None  # ISO 3166-1 alpha-2, "" for none; GB unless said
    weight: float | None = Field(default=None, ge=0, le=2)  # how much the name alone says of the country; 1 unless said
    # "name": a capital where the spelling has one, anything goes in capitals ("NSCALE"); "exact"; "any"
    case: Case | None = None
    needs: tuple[str, ...] | None = None  # one of these words in the same paragraph, or "{country}"
    place: str | None = None  # where it sits
    role: str | None = None  # what a person is
    latin: bool | None = None  # false: only the aliases are read, and the name itself is left to the gazetteer


class Entry(Shared):
    """One name. Aliases hold in every language; "fr|it:Galles" holds in French and Italian only."""

    name: str = Field(min_length=1)
    kind: Kind | None = None
    aliases: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()  # phrases that hold the spelling and mean something else
    since: date | None = None  # a person's term of office
    until: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class Group(Shared):
    """Names of one kind; `title` is for the reader of the file."""

    title: str
    kind: Kind
    names: tuple[Entry, ...]


class NameFile(Schema):
    groups: tuple[Group, ...]


class SpellingsFile(Schema):
    """Further spellings by name; what holds a name's other entries does not hold for them."""

    spellings: dict[str, tuple[str, ...]]


def parse_spelling(text: str) -> Spelling:
    """ "es:Gales" as a Spanish spelling, "Wales" as one of every language."""
    if match := _TAGGED.match(text):
        return Spelling(text=match[2], languages=frozenset(match[1].split("|")))
    return Spelling(text=text)


def _known(group: Group, entry: Entry) -> KnownName:
    """The name with what its group says, where it says nothing itself."""
    country = group.country if entry.country is None else entry.country
    weight = group.weight if entry.weight is None else entry.weight
    needs = group.needs if entry.needs is None else entry.needs
    latin = group.latin if entry.latin is None else entry.latin
    texts = entry.aliases if latin is False else (entry.name, *entry.aliases)
    return KnownName(
        name=entry.name,
        kind=entry.kind or group.kind,
        country="GB" if country is None else country,
        spellings=tuple(dict.fromkeys(map(parse_spelling, texts))),
        weight=1.0 if weight is None else weight,
        case=entry.case or group.case or "name",
        not_in=entry.not_in,
        needs=needs or (),
        place=entry.place or group.place or "",
        role=entry.role or group.role or "",
        since=entry.since,
        until=entry.until,
    )


def _names(document: Document) -> list[KnownName]:
    parsed = validate(NameFile, document)
    found: list[KnownName] = []
    for number, group in enumerate(parsed.groups):
        for position, entry in enumerate(group.names):
            if entry.since and entry.until and entry.until < entry.since:
                where = ("groups", number, "names", position, "until")
                raise document.error("this term of office ends before it begins.", where)
            found.append(_known(group, entry))
    return found


def load_names(folder: Path, fallback: Path | None = None) -> tuple[KnownName, ...]:
    """Every name of the five files in `folder`, or of `fallback` where `folder` lacks one, with further spellings.

    Raises `ConfigError` with file, line, entry and key. One of the five that is in neither is an error; the spellings
    of a name that is in none of them are left out.
    """
    found: list[KnownName] = []
    for name in FILES:
        if (path := _path(name, folder, fallback)) is None:
            raise ConfigError(
                f"{folder / name}: this list of names is missing; restore it, or put an empty `groups: []` there."
            )
        found += _names(read(path))
    spelt = _path(SPELLINGS, folder, fallback)
    further = validate(SpellingsFile, read(spelt)).spellings if spelt else {}
    return tuple(_spelt(found, further))


def _path(name: str, folder: Path, fallback: Path | None) -> Path | None:
    paths = [base / name for base in (folder, fallback) if base is not None]
    return next((path for path in paths if path.is_file()), None)


def _spelt(names: Sequence[KnownName], further: Mapping[str, Sequence[str]]) -> Iterator[KnownName]:
    """The names with their further spellings, which stand beside a name that needs company, because they need none."""
    left, plain = dict(further), {known.name for known in names if not known.needs}
    for known in names:
        own = {spelling.text for spelling in known.spellings}
        if known.needs and known.name in plain:
            yield known  # there is an entry that needs no company already
            continue
        texts = dict.fromkeys(text for text in left.pop(known.name, ()) if text not in own)
        more = tuple(map(parse_spelling, texts))
        if more and known.needs:
            yield known
            yield replace(known, spellings=more, needs=(), not_in=())
        else:
            yield replace(known, spellings=(*known.spellings, *more)) if more else known


def merge(names: Sequence[KnownName]) -> tuple[KnownName, ...]:
    """Equal entries once. Two entries of one name with different `needs` stay two: each spelling keeps its own."""
    return tuple(dict.fromkeys(names))
