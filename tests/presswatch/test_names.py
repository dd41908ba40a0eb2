"""The lists of names as operators write them, and the gazetteer's cache."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from presswatch.errors import ConfigError
from presswatch.gazetteer import Gazetteer, load_gazetteer
from presswatch.names import FILES, SPELLINGS, KnownName, Spelling, load_names, parse_spelling

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "config" / "names"


def write(folder: Path, organisations: str) -> Path:
    for name in FILES:
        (folder / name).write_text(organisations if name == "organisations.yaml" else "groups: []\n", "utf-8")
    return folder


def test_group_says_what_its_names_share_and_a_name_says_otherwise(tmp_path: Path) -> None:
    names = load_names(
        write(
            tmp_path,
            """
groups:
  - title: Chip makers
    kind: organisation
    weight: 0.5
    country: FR
    names:
      - Puce SA
      - {name: Silico, country: GB, weight: 1, aliases: [Silico Ltd, "es:Sílico"], needs: [chip], place: Bath}
""",
        )
    )
    assert [(n.name, n.country, n.weight) for n in names] == [("Puce SA", "FR", 0.5), ("Silico", "GB", 1.0)]
    assert names[1].spellings[2] == Spelling(text="Sílico", languages=frozenset({"es"}))
    assert (names[1].needs, names[1].place) == (("chip",), "Bath")


@pytest.mark.parametrize(
    ("text", "spelling", "languages"),
    [
        ("Wales", "Wales", ()),
        ("es|pt:Gales", "Gales", ("es", "pt")),
        ("Encode: AI for Science", "Encode: AI for Science", ()),
        ("LSE:VOD", "LSE:VOD", ()),
    ],
)
def test_language_of_an_alias(text: str, spelling: str, languages: tuple[str, ...]) -> None:
    assert parse_spelling(text) == Spelling(text=spelling, languages=frozenset(languages))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- {name: Foo, alias: [Bar]}", ["organisations.yaml", "line 6", 'entry "Foo"', 'alias"']),
        ("- {name: Foo, weight: 7}", ["line 6", 'weight"']),
        ("- {name: Foo, country: Britain}", ["line 6", 'country"', "two capitals"]),
        ("- {aliases: [Foo]}", ["line 6", "required"]),
        ("- {name: Foo, since: 2025-01-01, until: 2024-01-01}", ["ends before it begins", 'entry "Foo"']),
    ],
)
def test_mistakes_name_file_line_entry_and_key(tmp_path: Path, line: str, expected: list[str]) -> None:
    text = f"groups:\n  - title: Some\n    kind: organisation\n    # below\n    names:\n      {line}\n"
    folder = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_names(folder)
    for part in expected:
        assert part in str(caught.value)


def test_missing_file_falls_back_and_is_an_error_in_both(tmp_path: Path) -> None:
    mine, bundled = tmp_path / "mine", tmp_path / "bundled"
    mine.mkdir()
    bundled.mkdir()
    write(bundled, "groups: [{title: T, kind: organisation, names: [Foo]}]")
    assert [n.name for n in load_names(mine, bundled)] == ["Foo"]
    with pytest.raises(ConfigError, match="this list of names is missing"):
        load_names(mine)


def test_further_spellings_stand_beside_a_name_and_need_no_company(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "groups: [{title: T, kind: organisation, names:"
        " [Foo, {name: Arch, aliases: [門], needs: [stone], not_in: [Arches]}]}]",
    )
    (folder / SPELLINGS).write_text(
        "spellings: {Foo: [フー, 'fr:Fou', フー], Arch: [門, アーチ社], Unknown: [謎]}", "utf-8"
    )
    foo, arch, also = load_names(folder)
    assert [s.text for s in foo.spellings] == ["Foo", "フー", "Fou"]
    assert foo.spellings[-1].languages == {"fr"}
    assert ([s.text for s in arch.spellings], arch.needs) == (["Arch", "門"], ("stone",))
    assert ([s.text for s in also.spellings], also.name, also.needs, also.not_in) == (["アーチ社"], "Arch", (), ())


def test_a_mistake_in_the_spellings_is_told_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, "groups: []")
    (folder / SPELLINGS).write_text("spellings:\n  Foo: フー\n", "utf-8")
    with pytest.raises(ConfigError, match=r"spellings\.yaml.*line 2"):
        load_names(folder)


def test_shipped_spellings_are_of_names_that_there_are() -> None:
    assert list(_tool()._unknown(SHIPPED, load_names(SHIPPED))) == []


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_names", ROOT / "tools" / "check_names.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_shipped_lists_hold_no_doubles_and_no_clashes() -> None:
    names = load_names(SHIPPED)
    assert list(_tool().findings(names)) == []
    assert len(names) > 1800


def test_the_name_of_every_shipped_place_is_read(gazetteer: tuple[Path, Gazetteer]) -> None:
    assert list(_tool().nowhere(load_names(SHIPPED), gazetteer[1])) == []
    lost = KnownName(name="Foo", kind="place", country="FR", spellings=(Spelling(text="フー"),))
    assert list(_tool().nowhere([lost], gazetteer[1])) == [
        "'Foo' is not in the gazetteer, and `latin: false` leaves it to that: nobody reads the name."
    ]


@pytest.mark.parametrize(
    ("first", "second", "finding"),
    [
        ({"name": "Foo"}, {"name": "Foo", "kind": "person"}, "listed twice"),
        ({"name": "Foo", "aliases": ["Bar"]}, {"name": "Baz", "aliases": ["Bar"]}, "stands for 'Foo' and for 'Baz'"),
        ({"name": "Foo", "not_in": ("Wholly Other",)}, {"name": "Baz"}, "rules nothing out"),
        ({"name": "Foo", "aliases": ["…"]}, {"name": "Baz"}, "no letter"),
        ({"name": "Foo", "aliases": ["英"]}, {"name": "Baz"}, "single character"),
    ],
)
def test_the_checker_finds(first: dict[str, object], second: dict[str, object], finding: str) -> None:
    def known(entry: dict[str, object]) -> KnownName:
        texts = [str(entry["name"]), *entry.get("aliases", [])]  # type: ignore[misc]
        return KnownName(
            name=str(entry["name"]),
            kind=str(entry.get("kind", "organisation")),
            country="GB",
            spellings=tuple(Spelling(text=t) for t in texts),
            not_in=tuple(entry.get("not_in", ())),  # type: ignore[arg-type]
        )

    found = list(_tool().findings([known(first), known(second)]))
    assert len(found) == 1
    assert finding in found[0]


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Gazetteer]:
    folder = tmp_path_factory.mktemp("gazetteer")
    return folder, load_gazetteer(folder)


def test_gazetteer_knows_towns_and_their_namesakes(gazetteer: tuple[Path, Gazetteer]) -> None:
    towns = {town.name: town for town in gazetteer[1].towns}
    assert len(towns) > 5000
    assert towns["Swindon"].region == "England"
    assert ("CA", "Ontario") in {(n.country, n.region) for n in towns["London"].namesakes}
    assert towns["Boston"].namesakes[0].region == "Massachusetts"
    assert "London" not in {city.name for city in gazetteer[1].cities}
    assert ("FR", "de", "Frankreich") in {(t.code, t.language, t.name) for t in gazetteer[1].territories}


def test_second_load_reads_the_cache_and_gives_the_same(gazetteer: tuple[Path, Gazetteer]) -> None:
    folder, first = gazetteer
    (path,) = folder.iterdir()
    before = path.stat().st_mtime_ns
    assert load_gazetteer(folder) == first
    assert path.stat().st_mtime_ns == before


def test_damaged_cache_is_made_anew(tmp_path: Path, gazetteer: tuple[Path, Gazetteer]) -> None:
    (path,) = gazetteer[0].iterdir()
    broken = tmp_path / path.name
    broken.write_text('{"towns": 3}', "utf-8")
    assert load_gazetteer(tmp_path) == gazetteer[1]
    assert broken.read_text("utf-8") == path.read_text("utf-8")


def test_another_country_needs_no_code(tmp_path: Path) -> None:
    french = load_gazetteer(tmp_path, "FR")
    towns = {town.name: town for town in french.towns}
    assert towns["Paris"].namesakes[0].country == "US"
    assert "London" in {city.name for city in french.cities}
