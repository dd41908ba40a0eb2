"""How well the judge does on labelled articles: figures between 0 and 1 (1 is best), and tables that people read.

The same definitions for every corpus. Tags and facts are scored over the articles that are to be told, stories over
pairs of them. Does no input or output.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

LEVELS = ("focus", "part", "mention", "none")
_TOLD = ("focus", "part")
_NAMES = ("topics", "organisations", "people", "places")
Figure = tuple[str, float, str]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One article: what its label wants, and what was said of it ("" where it was not found at all)."""

    id: str
    language: str
    wanted: str
    said: str
    title: str
    wanted_names: Mapping[str, frozenset[str]]
    said_names: Mapping[str, frozenset[str]]
    wanted_facts: frozenset[Figure]
    said_facts: frozenset[Figure]
    wanted_story: str
    said_story: str


def judged(article: Mapping[str, Any], row: Mapping[str, Any] | None) -> Judged:
    """A labelled article beside its row of the export."""
    label, row = article["label"], row or {}
    return Judged(
        id=article["id"],
        language=article["language"],
        wanted=label["level"],
        said=row.get("level", ""),
        title=article["title"],
        wanted_names={kind: _names(label[kind]) for kind in _NAMES},
        said_names={kind: _names(row.get(kind, ())) for kind in _NAMES},
        wanted_facts=_facts(label["facts"]),
        said_facts=_facts(row.get("facts", ())),
        wanted_story=label["story"],
        said_story=row.get("story", ""),
    )


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_folded, names)) - {"nvidia"}  # every article is NVIDIA's


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
    return re.sub(r"^(?:the|l|la|le|der|die|das) ", "", plain)


def _facts(facts: Iterable[Mapping[str, Any]]) -> frozenset[Figure]:
    return frozenset((fact["kind"], float(fact["value"]), fact["unit"]) for fact in facts)


def figures(all_: Sequence[Judged]) -> dict[str, float]:
    """Every figure by its name."""
    told = [one for one in all_ if one.wanted in _TOLD]
    foreign = [one for one in all_ if one.language != "en"]
    found = {
        "relevant.precision": _precision(all_),
        "relevant.recall": _recall(all_),
        "relevant_not_english.precision": _precision(foreign),
        "relevant_not_english.recall": _recall(foreign),
        "level": _share(all_),
        "stories.f1": _stories(told),
        "facts.f1": _f1([(one.wanted_facts, one.said_facts) for one in told]),
    }
    for kind in _NAMES:
        found[f"{kind}.f1"] = _f1([(one.wanted_names[kind], one.said_names[kind]) for one in told])
    return {name: round(value, 3) for name, value in found.items()}


def _precision(all_: Iterable[Judged]) -> float:
    said = [one for one in all_ if one.said in _TOLD]
    return sum(one.wanted in _TOLD for one in said) / len(said) if said else 1.0


def _recall(all_: Iterable[Judged]) -> float:
    wanted = [one for one in all_ if one.wanted in _TOLD]
    return sum(one.said in _TOLD for one in wanted) / len(wanted) if wanted else 1.0


def _share(all_: Sequence[Judged]) -> float:
    return sum(one.wanted == one.said for one in all_) / len(all_) if all_ else 1.0


def _f1(pairs: Sequence[tuple[frozenset[Any], frozenset[Any]]]) -> float:
    hits = sum(len(wanted & said) for wanted, said in pairs)
    both = sum(len(wanted) + len(said) for wanted, said in pairs)
    return 2 * hits / both if both else 1.0


def _stories(told: Sequence[Judged]) -> float:
    pairs = list(combinations(told, 2))
    wanted = frozenset(n for n, (a, b) in enumerate(pairs) if a.wanted_story == b.wanted_story)
    said = frozenset(n for n, (a, b) in enumerate(pairs) if a.said_story and a.said_story == b.said_story)
    return _f1([(wanted, said)])


def tables(name: str, all_: Sequence[Judged], floors: Mapping[str, float], measured: Mapping[str, float]) -> str:
    """What `make quality` prints of one corpus: by language, by level, and every figure with its floor."""
    lines = [f"{name}: {len(all_)} articles", "", *_by_language(all_), "", *_by_level(all_), ""]
    lines += [f"  {'figure':42} {'now':>6} {'floor':>6}"]
    lines += [
        f"  {figure:42} {value:6.3f} {floors[figure]:6.3f}{'' if value >= floors[figure] else '  UNDER THE FLOOR'}"
        for figure, value in measured.items()
        if figure in floors
    ]
    return "\n".join(lines)


def _by_language(all_: Sequence[Judged]) -> list[str]:
    lines = [f"  {'language':10} {'articles':>8} {'to tell':>8} {'missed':>7} {'false alarms':>13} {'level right':>12}"]
    languages = sorted({one.language for one in all_})
    for language in [*languages, ""]:
        rows = [one for one in all_ if language in ("", one.language)]
        wanted = sum(one.wanted in _TOLD for one in rows)
        missed = sum(one.wanted in _TOLD and one.said not in _TOLD for one in rows)
        alarms = sum(one.wanted not in _TOLD and one.said in _TOLD for one in rows)
        counts = f"{len(rows):8} {wanted:8} {missed or '–':>7} {alarms or '–':>13}"
        lines.append(f"  {language or 'all':10} {counts} {_share(rows):12.0%}")
    return lines


def _by_level(all_: Sequence[Judged]) -> list[str]:
    counts = Counter((one.wanted, one.said) for one in all_)
    columns = (*LEVELS, "") if any(one.said == "" for one in all_) else LEVELS
    lines = ["  " + f"{'labelled':10}" + "".join(f" {'as ' + (level or 'lost'):>11}" for level in columns)]
    for wanted in LEVELS:
        lines.append(f"  {wanted:10}" + "".join(f" {counts[wanted, said] or '–':>11}" for said in columns))
    return lines


def misses(all_: Iterable[Judged]) -> list[str]:
    """What was judged wrongly, an article a line."""
    return [
        f"  {one.id}: {one.wanted}, said {one.said or 'nothing'}: {one.title[:80]}"
        for one in all_
        if one.wanted != one.said
    ]
