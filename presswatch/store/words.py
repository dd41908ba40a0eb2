"""How text is cut into words for searching, alike for both engines. Does no input or output.

SQLite's and PostgreSQL's own tokenizers disagree on hyphens, accents and
numbers, and neither finds a word of two characters in Chinese, Japanese or
Korean, which write none of the spaces that it needs (FTS5's trigrams begin at
three). So the text is cut here, into plain lower-case words without accents,
and what is written without spaces into pairs of characters that overlap:
英国政府 becomes 英国 国政 政府 府. Text and question are cut alike, a question of
several pairs is a phrase, and both engines only count.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Scripts without spaces between words, and Hangul, where particles hang on to the word: 런던에서 holds 런던.
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # Hangul
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana and the ideographic marks
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Han
)
_PIECE = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_UNSPACED_PIECE = re.compile(f"[{_UNSPACED}]")
# "words in quotes", or what stands between spaces; a minus before either leaves out, a star after it is a prefix.
_TERM = re.compile(r'(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+))(\*?)')
_LONGEST_WORD = 60  # characters; longer ones are no words, and PostgreSQL takes none over 2 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing to look for: words that follow each other."""

    words: tuple[str, ...]
    prefix: bool  # the last word may go on
    excluded: bool
    unspaced: bool  # of a script without spaces: found within words too


def fold(text: str) -> str:
    """Lower case without accents, full-width forms as plain ones; of the same length, so that places in it hold."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


class _Folding(dict[int, str]):
    """Each character's folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDING = _Folding()


def _folded(character: str) -> str:
    if character.isascii() or "\uac00" <= character <= "\ud7af":  # a Hangul syllable is one letter to its readers
        return character.lower()
    base = unicodedata.normalize("NFKD", character)[:1].lower()
    # A dakuten makes another letter, not an accent: が stays what it is.
    return character if not base or _UNSPACED_PIECE.match(base) else base[:1]


def cut(text: str) -> list[str]:
    """The words of a text, in order."""
    words: list[str] = []
    for piece in _PIECE.findall(fold(text)):
        if _UNSPACED_PIECE.match(piece):
            words.extend(piece[i : i + 2] for i in range(len(piece)))
        else:
            words.append(piece[:_LONGEST_WORD])
    return words


def terms(question: str) -> tuple[Term, ...]:
    """What a person's question looks for; all of it must be found, but for what a minus leaves out."""
    found = []
    for minus, quoted, bare, star in _TERM.findall(question):
        text = quoted or bare
        pieces = _PIECE.findall(fold(text))
        words = cut(text)
        unspaced = bool(pieces) and bool(_UNSPACED_PIECE.match(pieces[-1]))
        if unspaced and len(pieces[-1]) > 1:
            words.pop()  # the single character that ends a run in the text need not end one there
        if words:
            prefix = bool(star) or bare.endswith("*") or (unspaced and len(words[-1]) == 1)
            found.append(Term(words=tuple(words), prefix=prefix, excluded=bool(minus), unspaced=unspaced))
    return tuple(found)


def first_place(text: str, looked_for: tuple[Term, ...]) -> int | None:
    """Where the first of the terms begins in a text as people see it."""
    folded = fold(text)
    found = (_pattern(term).search(folded) for term in looked_for if not term.excluded)
    return min((match.start() for match in found if match), default=None)


def places(text: str, looked_for: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Where the terms stand in a text as people see it, in order and without overlap."""
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for term in looked_for:
        if not term.excluded:
            spans.extend(match.span() for match in _pattern(term).finditer(folded))
    spans.sort()
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


@lru_cache(64)
def _pattern(term: Term) -> re.Pattern[str]:
    """The term as it may stand in folded text, with any punctuation between its words."""
    pieces: list[str] = []
    for word in term.words:
        overlaps = pieces and _UNSPACED_PIECE.match(word) and _UNSPACED_PIECE.match(pieces[-1][-1])
        if overlaps and pieces[-1][-1] == word[0]:
            pieces[-1] += word[1:]
        else:
            pieces.append(word)
    start = "" if _UNSPACED_PIECE.match(pieces[0]) else rf"(?<![^\W_{_UNSPACED}])"
    end = "" if term.prefix or term.unspaced else rf"(?![^\W_{_UNSPACED}])"
    rest = rf"[^\W_{_UNSPACED}]*" if term.prefix and not term.unspaced else ""
    return re.compile(start + r"[\W_]{0,8}".join(map(re.escape, pieces)) + rest + end)
