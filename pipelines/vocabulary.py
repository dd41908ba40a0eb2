"""Phrases of many lists found in one pass over a text. Does no input or output.

An Aho-Corasick automaton a language, so that ten times the phrases cost hardly
more time. How a phrase is written in the config files decides how it matches:
`deploy` the whole word, `deploy*` a beginning, `*eront` an ending, `modèle* de
langage` any usual ending of the first word, `AI` (with a capital) only so.
Chinese, Japanese and Korean words match anywhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

# From here on letters belong to scripts that put no spaces between words.
_WIDE = 0x1100
_WIDE_CHAR = chr(_WIDE)
# Apostrophes, spaces and hyphens that mean the same as the plain ones.
_PLAIN = (("’", "'"), ("‘", "'"), ("\u00a0", " "), ("\u202f", " "), ("\u2011", "-"))


class Hit(NamedTuple):
    """A phrase of the list `category` at [start, end)."""

    start: int
    end: int
    category: str


class _Phrase(NamedTuple):
    category: str
    exact: str  # the phrase as it must be written, "" where case does not matter
    left: bool  # a word must begin at its start
    right: bool  # a word must end at its end


def _straight(text: str) -> str:
    for fancy, plain in _PLAIN:
        text = text.replace(fancy, plain)
    return text


def fold(text: str) -> str:
    """`text` in lower case with plain apostrophes and spaces, every character where it was."""
    lowered = _straight(text).lower()
    if len(lowered) == len(text):
        return lowered
    # A few capitals (İ) have longer small forms, which would shift every offset after them.
    return "".join(low if len(low := char.lower()) == 1 else char for char in _straight(text))


def _in_word(char: str) -> bool:
    return char.isalnum() and ord(char) < _WIDE


# What the star inside a phrase of several words stands for: the endings of plural, gender and case.
_ENDINGS = ("", "s", "x", "e", "es", "n", "en", "em", "er", "a", "as", "i", "o", "os", "l", "le", "is")


def _forms(phrase: str) -> list[str]:
    """The phrase with each star inside it replaced by every ending; a star at either end stays."""
    head, _, rest = phrase.partition("*")
    if not head or not rest:
        return [phrase]
    return [head + ending + tail for tail in _forms(rest) for ending in _ENDINGS]


_HALVES = re.compile("[\ud800-\udfff]")  # of surrogate pairs, which are no characters


def occurrences(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """Every (pattern's number, start, end) of an automaton's patterns in `text`, by their ends; they may overlap."""
    try:
        return automaton.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(_HALVES.sub("\ufffd", text), overlapping=True)


class Lexicon:
    """The phrases of one language, compiled."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are pairs of a category and a phrase."""
        known: dict[str, dict[_Phrase, None]] = {}
        for category, form in ((category, form) for category, phrase in phrases for form in _forms(phrase)):
            text = _straight(form.strip("*"))
            entry = _Phrase(
                category=category,
                exact=text if any(char.isupper() for char in text) else "",
                left=not form.startswith("*") and _in_word(text[0]),
                right=not form.endswith("*") and _in_word(text[-1]),
            )
            known.setdefault(fold(text), {})[entry] = None
        self._automaton = AhoCorasick(known, store_patterns=False)
        self._entries = [tuple(entries) for entries in known.values()]

    def scan(self, text: str, folded: str, offset: int = 0) -> list[Hit]:
        """Every phrase in `text`, whose `fold` is given; of one category only the longest of those that overlap.

        `offset` is where the text begins in the document in which the hits' places count.
        """
        found: list[Hit] = []
        size = len(folded)
        for number, start, end in occurrences(self._automaton, folded):
            inside = end < size and (char := folded[end]).isalnum() and char < _WIDE_CHAR
            for category, exact, left, right in self._entries[number]:
                if right and inside:
                    continue
                if left and start and (char := folded[start - 1]).isalnum() and char < _WIDE_CHAR:
                    continue
                if exact and text[start:end] != exact and _straight(text[start:end]) != exact:
                    continue
                found.append(Hit(offset + start, offset + end, category))
        return _longest(found)


def _longest(hits: list[Hit]) -> list[Hit]:
    """The hits in the order of the text, without those that a longer or an earlier one of their category covers."""
    # They come by their end; two stable sorts put the longer of those that begin together first.
    hits.sort(key=itemgetter(1), reverse=True)
    hits.sort(key=itemgetter(0))
    kept: list[Hit] = []
    ends: dict[str, int] = {}  # by category, where its last phrase ends
    for hit in hits:
        start, end, category = hit
        if start >= ends.get(category, 0):
            ends[category] = end
            kept.append(hit)
    return kept


def compile_lexicons(lists: Mapping[str, Mapping[str, Sequence[str]]], languages: Sequence[str]) -> dict[str, Lexicon]:
    """One lexicon a language out of category → language → phrases; "any" goes into each, "und" gets English."""
    compiled = {}
    for language in languages:
        compiled[language] = Lexicon(
            (category, phrase)
            for category, by_language in lists.items()
            for key in ("any", language)
            for phrase in by_language.get(key, ())
        )
    compiled["und"] = compiled["en"]
    return compiled
