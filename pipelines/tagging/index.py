"""All names that can be recognised, compiled for one country. Does no input or output.

The lists, the gazetteer and the triggers of the patterns go into one matcher.
What the lists say of a name wins over what the gazetteer knows of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.tagging import triggers
from pipelines.tagging.matching import EAST_ASIAN, Form, Matcher
from presswatch.gazetteer import Gazetteer, Namesake, Town
from presswatch.names import KnownName, merge

# Signs of money that one country has for itself, near enough: "£4 million for Durham" is said in Britain.
_SIGNS = {"GB": "£", "IN": "₹", "IL": "₪", "KR": "₩", "TR": "₺"}
PLACES = frozenset(("place", "country"))
# A town of fewer people is nobody's first thought at its name: it needs its country's company.
_KNOWN_TOWN = 20_000
# "Perth" is in Australia until something says otherwise: its namesake is at least so many times larger.
_DOMINATED = 5.0
_RIVAL = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a spelling may stand for."""

    name: str
    kind: str
    country: str = ""
    region: str = ""
    weight: float = 1.0
    needs: tuple[str, ...] = ()
    place: str = ""
    role: str = ""
    listed: bool = True
    population: int = 0
    namesakes: tuple[Namesake, ...] = ()

    @property
    def rivalry(self) -> str:
        """How its largest namesake compares: "dominated", "rival", or "" where it has none to speak of."""
        if not self.namesakes:
            return ""
        ratio = self.namesakes[0].population / max(1, self.population)
        return "dominated" if ratio >= _DOMINATED else "rival" if ratio >= _RIVAL else ""


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Compiled names of one country, for any number of texts and threads."""

    country: str
    country_name: str
    government: str  # what "the government" is where only this country is spoken of
    matcher: Matcher[Target]
    sign: str = ""  # of its money, where no other country's is written so
    universities: dict[str, str] = field(default_factory=dict)  # a place's name → the university of that name
    authorities: dict[str, str] = field(default_factory=dict)  # likewise, its combined authority
    councils: dict[str, str] = field(default_factory=dict)  # a place's name → its council, where a list holds it
    countries: dict[str, str] = field(default_factory=dict)  # ISO code → English name


def build(entries: Sequence[KnownName], gazetteer: Gazetteer, country: str = "GB") -> NameIndex:
    """Compile lists and gazetteer; takes about a tenth of a second for 2,000 names and 10,000 places."""
    known = merge(entries)
    towns = {town.name: town for town in gazetteer.towns}
    universities = dict(_universities(known, country))
    sites = {*towns, *(entry.name for entry in known if entry.kind == "place")}
    seats = {university: place for place, university in universities.items() if place in sites}
    targets = [(entry, _listed(entry, towns, seats)) for entry in known]
    names = {target.name: target for _, target in targets}
    forms: list[Form[Target]] = []
    for entry, target in targets:
        forms += (Form(s.text, target, s.languages, entry.case) for s in entry.spellings)
        if target.kind == "place" and not target.needs:
            forms += _german_forms(entry, target)
        forms += (Form(text, _BLOCK, case="any") for text in entry.not_in)
    listed = {form.text for form in forms}
    forms += _university_forms(known, names, universities, listed)
    forms += _gazetteer_forms(gazetteer, listed)
    forms += _territory_forms(gazetteer, names, listed)
    forms += _trigger_forms()
    home = next((n for n in names.values() if n.kind == "country" and n.country == country), None)
    english = next((t.name for t in gazetteer.territories if t.code == country and t.language == "en"), country)
    government = next((n for n in names.values() if n.kind == "government" and n.country == country), None)
    return NameIndex(
        sign=_SIGNS.get(country, ""),
        country=country,
        country_name=home.name if home else english,
        government=government.name if government else f"Government of {english}",
        matcher=Matcher(forms),
        universities=universities,
        councils=dict(_bodies(known, country, _COUNCIL)),
        authorities=dict(_bodies(known, country, _AUTHORITY)),
        countries={t.code: t.name for t in gazetteer.territories if t.language == "en"},
    )


_BLOCK = Target(name="", kind="phrase")


def _listed(entry: KnownName, towns: dict[str, Town], seats: dict[str, str]) -> Target:
    is_town = entry.kind == "place" and not entry.role
    texts = dict.fromkeys((entry.name, *(s.text for s in entry.spellings)))
    found = [towns[text] for text in texts if text in towns] if is_town else []
    found = [town for town in found if town.country == entry.country]
    namesakes = sorted((n for town in found for n in town.namesakes), key=lambda n: -n.population)
    return Target(
        name=entry.name,
        kind=entry.kind,
        country=entry.country,
        region=found[0].region if found else "",
        weight=entry.weight,
        needs=entry.needs,
        place=entry.place or seats.get(entry.name, ""),
        role=_role(entry),
        population=max((t.population for t in found), default=0),
        namesakes=tuple(namesakes),
    )


def _role(entry: KnownName) -> str:
    years = [str(d.year) if d else "" for d in (entry.since, entry.until)]
    return f"{entry.role} ({'–'.join(years)})" if entry.role and any(years) else entry.role


def _german_forms(entry: KnownName, target: Target) -> Iterator[Form[Target]]:
    """`Londons Bürgermeister`, `das Londoner Unternehmen`: German bends the names of places."""
    for spelling in entry.spellings:
        if (
            spelling.text.isalpha()
            and spelling.text.isascii()
            and (not spelling.languages or "de" in spelling.languages)
        ):
            for ending in ("s", "er"):
                yield Form(spelling.text + ending, target, frozenset(("de",)))


def _gazetteer_forms(gazetteer: Gazetteer, listed: set[str]) -> Iterator[Form[Target]]:
    for town in (*gazetteer.towns, *gazetteer.cities):
        if town.name in listed or len(town.name) < 3:
            continue
        target = Target(
            name=town.name,
            kind="place",
            country=town.country,
            region=town.region,
            listed=False,
            weight=0.8 if town.population >= _KNOWN_TOWN else 0.6,
            population=town.population,
            namesakes=town.namesakes,
        )
        yield Form(town.name, target)
        for spelling in town.spellings:
            if spelling not in listed:
                yield Form(spelling, target)


def _territory_forms(gazetteer: Gazetteer, names: dict[str, Target], listed: set[str]) -> Iterator[Form[Target]]:
    english = {t.code: t.name for t in gazetteer.territories if t.language == "en"}
    known = {n.country: n for n in names.values() if n.kind == "country"}
    targets = {c: known.get(c) or Target(name=n, kind="country", country=c) for c, n in english.items()}
    for territory in gazetteer.territories:
        name = re.sub(r"\s*[(（].*", "", territory.name)
        if name not in listed and len(name) > 1:
            yield Form(name, targets[territory.code], frozenset((territory.language,)))


def _trigger_forms() -> Iterator[Form[Target]]:
    for kind, words in triggers.ALL.items():
        target = Target(name=kind, kind="trigger")
        for word in words:
            yield Form(word, target)


_OF = re.compile(r"^(?:The )?University of (?:the )?(.+)$")
_PLAIN = re.compile(r"^(.+) University$")


def _universities(known: Iterable[KnownName], country: str) -> Iterator[tuple[str, str]]:
    """(what a university is called after, its name), "University of …" before "… University"."""
    for pattern in (_PLAIN, _OF):
        for entry in known:
            if entry.country == country and (match := pattern.match(entry.name)):
                yield match[1], entry.name


_COUNCIL = re.compile(r"^(?:City of )?(.+?)(?: City| County| District| Borough| Metropolitan)* Council$")


_AUTHORITY = re.compile(r"^(.+?)(?: City Region| Mayoral)? Combined Authority$")


def _bodies(known: Iterable[KnownName], country: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """(a place, its public body's name as the list has it)."""
    for entry in known:
        if entry.country == country and (match := pattern.match(entry.name)):
            yield match[1], entry.name


_SPACED = (
    "University of {}", "{} University", "University {}", "Universität {}", "Universität von {}", "Uni {}",
    "université de {}", "université d'{}", "université du {}", "université {}", "universidad de {}",
    "universidad del {}", "universidad {}", "università di {}", "università del {}", "università {}",
    "universidade de {}", "universidade do {}", "universidade da {}", "universidade {}",
)  # fmt: skip
_DENSE = ("{}大学", "{}大學", "{}대학교", "{} 대학교", "{}대")


def _university_forms(
    known: Sequence[KnownName], names: dict[str, Target], universities: dict[str, str], listed: set[str]
) -> Iterator[Form[Target]]:
    """The universities in other languages, made from their places' names there."""
    places: dict[str, list[str]] = {}  # a place may have several entries, each with spellings of its own
    for entry in known:
        if entry.kind == "place":
            places.setdefault(entry.name, []).extend(s.text for s in entry.spellings)
    for place, university in universities.items():
        spellings = [place, *places.get(place, ())]
        for spelling in dict.fromkeys(spellings):
            for template in _DENSE if EAST_ASIAN.search(spelling) else _SPACED:
                text = template.format(spelling)
                if text not in listed and len(text) > 3:
                    yield Form(text, names[university])
