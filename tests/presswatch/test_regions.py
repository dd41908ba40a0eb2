"""Where in the country a place lies, listed or not."""

from pathlib import Path

import pytest

from presswatch.gazetteer import Town, load_gazetteer
from presswatch.regions import Regions, load_regions

FILE = Path(__file__).parents[2] / "config" / "regions.yaml"


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Regions:
    towns = load_gazetteer(tmp_path_factory.mktemp("cache")).towns
    return load_regions(FILE, "GB", "United Kingdom", towns)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Leeds", "Yorkshire and the Humber"),
        ("Cambridge", "East of England"),
        ("Swindon", "South West"),
        ("England", "England as a whole"),
        ("Wales", "Wales"),
        ("United Kingdom", "United Kingdom"),
        ("Paris", "Elsewhere"),
        # Of the nation that the gazetteer gives them:
        ("Dundee", "Scotland"),
        ("Wrexham", "Wales"),
        ("Bangor", "Northern Ireland"),
        # Listed nowhere, filed by what lies near:
        ("Ilkley", "Yorkshire and the Humber"),
        ("Keswick", "North West"),
        ("Seaham", "North East"),
        ("Matlock", "East Midlands"),
        ("Bromsgrove", "West Midlands"),
        ("Diss", "East of England"),
        ("Kidlington", "South East"),
        ("Frome", "South West"),
        ("Peckham", "London"),
    ],
)
def test_where_a_place_lies(regions: Regions, place: str, expected: str) -> None:
    assert regions.of(place) == expected


def test_a_country_without_regions_is_one_list(regions: Regions) -> None:
    towns = [Town(name="Leeds", country="FR", region="", population=1)]
    france = load_regions(FILE, "FR", "France", towns)
    assert france.counted([("Leeds", 2), ("Atlantis", 1), ("France", 1)]) == {
        "France": [("Leeds", 2), ("France", 1)],
        "Elsewhere": [("Atlantis", 1)],
    }


def test_no_place_lies_in_two_regions() -> None:
    import yaml

    listed = [
        place.casefold()
        for regions in yaml.safe_load(FILE.read_text("utf-8"))["regions"].values()
        for region in regions.values()
        for places in region.values()
        for place in places
    ]
    assert sorted(set(listed)) == sorted(listed)
