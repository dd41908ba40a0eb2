"""Where in a country a place lies: `config/regions.yaml`, and the gazetteer for what it does not list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import cos, radians
from pathlib import Path
from typing import NamedTuple

from presswatch.configfile import Schema, read, validate
from presswatch.gazetteer import Town

ELSEWHERE = "Elsewhere"


class _Region(Schema):
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


class _RegionsFile(Schema):
    regions: dict[str, dict[str, _Region]]


class Spot(NamedTuple):
    """Where a town lies: all that is kept of it here."""

    nation: str
    latitude: float  # degrees
    longitude: float


@dataclass(frozen=True, kw_only=True)
class Regions:
    """The nations and regions of one country, in the order of its file."""

    country: str  # its name, as tags write it
    order: tuple[str, ...] = ()
    listed: Mapping[str, str] = field(default_factory=dict)  # a place, case folded → its region
    anchors: tuple[tuple[Spot, str], ...] = ()  # towns whose region is sure, with it
    towns: Mapping[str, Spot] = field(default_factory=dict)  # the country's, by name
    _found: dict[str, str] = field(default_factory=dict)  # a page asks for the same places again and again

    @cached_property
    def all(self) -> tuple[str, ...]:
        return (*self.order, self.country, ELSEWHERE)

    def of(self, place: str) -> str:
        """One of `all`: where it is listed, else its nation, else where the nearest listed town lies."""
        if place not in self._found:
            self._found[place] = self._look(place)
        return self._found[place]

    def _look(self, place: str) -> str:
        if found := self.listed.get(place.casefold()):
            return found
        town = self.towns.get(place)
        if town is None:
            return self.country if place == self.country else ELSEWHERE
        if town.nation in self.order:
            return town.nation
        near = ((_apart(town, other), region) for other, region in self.anchors if other.nation == town.nation)
        return min(near, default=(0.0, self.country))[1]

    def counted(self, places: Iterable[tuple[str, int]]) -> dict[str, list[tuple[str, int]]]:
        """The places of each region with their stories, the most first; so are the regions, before what is none."""
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in self.all}
        for place, stories in places:
            found[self.of(place)].append((place, stories))
        last = (self.country, ELSEWHERE)
        order = sorted(found, key=lambda name: (name in last, -sum(stories for _, stories in found[name])))
        return {name: sorted(found[name], key=lambda pair: (-pair[1], pair[0])) for name in order if found[name]}


def _apart(a: Spot, b: Spot) -> float:
    """How far apart two towns of one country lie, in degrees of latitude, squared: good enough to compare by."""
    return (a.latitude - b.latitude) ** 2 + ((a.longitude - b.longitude) * cos(radians(a.latitude))) ** 2


def load_regions(path: Path, code: str, country: str, towns: Iterable[Town]) -> Regions:
    """The regions of the country `code` (ISO 3166), whose name is `country`; raises `ConfigError`."""
    by_name = {town.name: Spot(town.region, town.latitude, town.longitude) for town in towns}
    regions = validate(_RegionsFile, read(path)).regions.get(code, {})
    return Regions(
        country=country,
        order=tuple(regions),
        listed={place.casefold(): name for name, region in regions.items() for place in (*region.areas, *region.towns)},
        anchors=tuple(
            (by_name[town], name) for name, region in regions.items() for town in region.towns if town in by_name
        ),
        towns=by_name,
    )
