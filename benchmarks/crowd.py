"""A knowledge of many times the names, to show that their number hardly matters."""

import random
import tempfile
from pathlib import Path

from benchmarks.articles import invented
from pipelines.tagging.index import NameIndex, build
from presswatch import gazetteer, names, settings
from presswatch.names import KnownName, Spelling

_LANGUAGES = ("en", "en", "en", "ja", "ko", "zh")
_KINDS = ("organisation", "organisation", "person", "place", "product")


def enlarged(times: int, seed: int = 7) -> NameIndex:
    """The bundled names with made-up ones added until the index has `times` as many spellings."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.load(None, Path(folder), {})
        known = list(names.load_names(chosen.config_dirs[0] / "names", chosen.config_dirs[-1] / "names"))
        towns = gazetteer.load_gazetteer(chosen.cache_dir, "GB")
    missing = (times - 1) * build(known, towns).matcher.size
    return build([*known, *made_up(missing, {entry.name for entry in known}, random.Random(seed))], towns)


def made_up(number: int, taken: set[str], chance: random.Random) -> list[KnownName]:
    """So many names that no list holds, none of which is in `taken`."""
    entries: list[KnownName] = []
    while len(entries) < number:
        name = invented(chance, chance.choice(_LANGUAGES))
        if chance.random() < 0.7 or name in taken:
            name = f"{name} {invented(chance)}"
        if name in taken or len(name) < 3:
            continue
        taken.add(name)
        entries.append(
            KnownName(
                name=name,
                kind=chance.choice(_KINDS),
                country=chance.choice(("GB", "US", "DE", "JP")),
                spellings=(Spelling(text=name),),
            )
        )
    return entries
