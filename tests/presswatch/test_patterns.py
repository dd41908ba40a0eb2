"""Which regular expressions of an operator could run for ever, and which only look like it."""

import subprocess
import sys

import pytest

from presswatch.patterns import endless

ENDLESS = {
    r"(a+)+$": "repeats a repetition",
    r"(\w+)*x": "repeats a repetition",
    r"(/.*)+$": "repeats a repetition",
    r"([a-z]+-?)+$": "repeats a repetition",
    r"((a)*)*$": "repeats a repetition",
    r"(x+x+)+y": "repeats a repetition",
    r"(a{1,40}){1,40}$": "repeats a repetition",
    r"^(?=(a+)+$)": "repeats a repetition",
    r"(a|a)*$": "begin alike",
    r"(a|ab)*c": "begin alike",
    r"(?:|a)+$": "begin alike",
}
HARMLESS = [
    r"^/news/",
    r"^/blog/[^/]+/?$|^/\d{4}/\d\d/\d\d/[^/]+/?$",
    r"^(?:/[^/]+)+$",
    r"^(/[a-z]+)+/?$",
    r"(?:[a-z]+-)*[a-z]+",
    r"(news|blog)+/",
    r"^/(?!tag/)[^/]+/$",
    r"(?:/(?:news|blog)/[\w-]+)+",
    r"(a{3}){20}",
    r"([a-z]|\w)+$",  # which the parser makes one set of
]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_what_could_run_for_ever_is_told(pattern: str) -> None:
    assert ENDLESS[pattern] in (endless(pattern) or "")


@pytest.mark.parametrize("pattern", HARMLESS)
def test_what_is_harmless_is_let_through(pattern: str) -> None:
    assert endless(pattern) is None


def test_what_is_let_through_ends_soon_on_the_worst_paths() -> None:
    worst = ["/" * 1500, "a" * 1500, "/a" * 750 + "\n", "a-" * 750 + "!", "/news/" * 250 + "!"]
    program = f"import re\nfor p in {HARMLESS!r}:\n    for text in {worst!r}:\n        re.search(p, text)"
    subprocess.run([sys.executable, "-c", program], timeout=20, check=True)
