"""What no pattern may hold, whatever the machine that reads it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("pipelines", "presswatch", "crawler") for path in (ROOT / folder).rglob("*.py"))
# `(?:…)?+`, `(?:…){0,6}+`: a group that gives nothing back. What a single letter or class repeats is sound.
_POSSESSIVE = re.compile(r"(?:\)|\w\})(?:[?*+]|\{\d*,?\d*\})\+(?![=,])")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [(r"(?:a|bc)?+", 1), (r"{more}*+", 1), (r"(?:a){0,6}+", 1), (r"[a-z]++\d*+", 0), (r"(?>(?:a|bc)?)", 0)],
)
def test_the_look_finds_them(text: str, wrong: int) -> None:
    assert bool(_POSSESSIVE.search(text)) is bool(wrong)


def test_no_group_is_possessive() -> None:
    """Python before 3.11.5, as Debian 12 has it, matches these wrongly (gh-106052); `(?>…)` says the same."""
    found = [
        f"{path.name}: {line.strip()}"
        for path in FILES
        for line in path.read_text("utf-8").splitlines()
        if _POSSESSIVE.search(line)
    ]
    assert not found
