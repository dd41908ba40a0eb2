"""The floors that the figures may not fall under: read, compared, raised. They rise; lowering one takes a flag.

Does no input or output but reading and writing `floors.json`.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("floors.json")

# A floor stands this much under what was measured, so that one article on the edge breaks no build.
SLACK = 0.02
# On the real posts nothing may be missed and no alarm be false: no slack there.
EXACT = {("real", "relevant.precision"), ("real", "relevant.recall")}
# A handful of real posts is to be told: their names and figures are too few for a share of them to mean anything.
FEW = {"real": ("relevant.precision", "relevant.recall", "level")}
NOTE = (
    f"Written by tools/raise_floors.py. A floor stands {SLACK} under what was measured, so that a shared machine or one"
    " article on the edge breaks no build. Floors rise and never fall, unless --lower-too says so. Each corpus is"
    " pinned by its SHA-256: another corpus needs its floors measured anew."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The floors as they would be written, and what would have to fall for that."""

    content: Mapping[str, Any]
    lowered: tuple[str, ...]  # a plain sentence each


def load(path: Path = FILE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def save(content: Mapping[str, Any], path: Path = FILE) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def raised(
    old: Mapping[str, Any], corpus: str, digest: str, figures: Mapping[str, float], *, lower_too: bool
) -> Raised:
    """The floors of `old` with those of one corpus raised to what was measured.

    Without `lower_too` a floor stays where the figure has come nearer to it or fallen under it;
    `lowered` names those that the figure fell under, and those whose figure is gone.
    """
    before: Mapping[str, float] = old.get("floors", {}).get(corpus, {})
    now = {name: _floor(corpus, name, value) for name, value in figures.items() if _has_floor(corpus, name)}
    lowered = [
        f"{corpus} {name}: the floor is {floor:g}, measured {figures[name]:g}"
        for name, floor in before.items()
        if name in now and figures[name] < floor
    ]
    lowered += [
        f"{corpus} {name}: the floor is {before[name]:g}, and nothing is measured" for name in before.keys() - now
    ]
    if not lower_too:
        now = {name: max(floor, before.get(name, 0.0)) for name, floor in now.items()}
        now |= {name: floor for name, floor in before.items() if name not in now}
    content = {
        "note": NOTE,
        "corpora": {**old.get("corpora", {}), corpus: digest},
        "floors": {**old.get("floors", {}), corpus: now},
    }
    return Raised(content=content, lowered=tuple(lowered))


def _has_floor(corpus: str, name: str) -> bool:
    """Shares have floors; of names and figures only what weighs precision and recall together."""
    if corpus in FEW:
        return name in FEW[corpus]
    relevant, part = "relevant" in name, name.rpartition(".")[2]
    if part in ("precision", "recall", "f1"):
        return relevant == (part != "f1")
    return name not in ("articles", "pages_with_foreign_text")


def _floor(corpus: str, name: str, value: float) -> float:
    slack = 0.0 if (corpus, name) in EXACT else SLACK
    return max(0.0, math.floor((value - slack) * 1000 + 1e-6) / 1000)
