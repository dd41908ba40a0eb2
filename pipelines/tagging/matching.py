"""Finding many thousand spellings in one pass over a text. Does no input or output.

Two Aho-Corasick automata share the work. The spaced scripts are searched in a
folded copy of the text (lower case, no accents, every mark a space) in which a
spelling stands between two spaces, so that a word inside another is never met.
Chinese, Japanese and Korean are searched as they are, with the boundaries that
each script allows. Both copies keep every character's place, so offsets hold.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import ahocorasick

T = TypeVar("T")

_EAST = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
EAST_ASIAN = re.compile(f"[{_EAST}]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
# Characters that spell foreign names and little else in Chinese: 里昂 (Lyon) before one of them is a piece of 里昂納多.
_TRANSLITERATES = re.compile("[斯爾尔姆頓顿娜諾诺倫伦萊莱弗茲兹薩萨絲丝蒂妮謝谢納纳]")
_SHORT_HAN = re.compile("[\u4e00-\u9fff]{2}\\Z")
_MARKS = re.compile("[·•‧･＝]")
# Full-width letters and digits, which Japanese and Chinese texts may use for Latin names.
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0d]")
# What may follow a short Korean name: a particle, or a word that names are joined to.
_PARTICLE = re.compile(
    r"[은는이가을를의에와과로도만발산식내측및인계시주]|에서|으로|부터|까지|대학|정부|출신|소재|기업|지사|본사|지역|북부|남부|동부|서부|중심"
)


def _folding() -> bytes:
    """For each Latin-1 byte: its letter without accent and in lower case, a digit, or a space."""
    plain = {"àáâãäå": "a", "ç": "c", "èéêë": "e", "ìíîï": "i", "ñ": "n", "òóôõöø": "o", "ùúûü": "u", "ýÿ": "y"}
    bare = {c: base for letters, base in plain.items() for c in letters}
    return b"".join(
        bare.get(c.lower(), c.lower() if c.isalnum() else " ").encode("latin-1", "replace")
        for c in map(chr, range(256))
    ).replace(b"?", b" ")


_FOLDING = _folding()


def narrow(text: str) -> str:
    """Full-width letters in their usual width, every character in its place."""
    return _WIDE.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)


def fold(text: str) -> str:
    """The text as spaced spellings are looked up: one character for each of its own."""
    return text.encode("latin-1", "replace").translate(_FOLDING).decode("latin-1")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One spelling of one target."""

    text: str
    target: T
    languages: frozenset[str] = frozenset()
    case: str = "name"  # see presswatch.names.Shared


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A spelling met in a text, and everything that is written so."""

    start: int
    end: int
    forms: tuple[Form[T], ...]


@dataclass(slots=True)
class _Key(Generic[T]):
    length: int
    forms: list[Form[T]] = field(default_factory=list)


class Matcher(Generic[T]):
    """All spellings, compiled. Building takes about 10 µs a spelling; searching does not depend on their number."""

    def __init__(self, forms: Iterable[Form[T]]) -> None:
        spaced: dict[str, _Key[T]] = {}
        dense: dict[str, _Key[T]] = {}
        for form in forms:
            if EAST_ASIAN.search(form.text):
                key = _MARKS.sub("・", form.text)
                dense.setdefault(key, _Key(len(key))).forms.append(form)
            elif key := fold(form.text).strip():
                spaced.setdefault(f" {key} ", _Key(len(key))).forms.append(form)
        self._spaced, self._dense = _automaton(spaced), _automaton(dense)
        self.size = len(spaced) + len(dense)

    def find(self, document: str, language: str, spans: Sequence[tuple[int, int]] | None = None) -> list[Hit[T]]:
        """Every spelling in `document` that its case, language and neighbours allow; hits may overlap."""
        text = narrow(document)
        found: list[Hit[T]] = []
        if self._spaced is not None:
            folded = f" {fold(text)} "
            for last, key in self._spaced.iter(folded):
                # The key has a space at both ends and the text one before it: the two shifts cancel out.
                end = last - 1
                self._add(found, text, end - key.length, end, key, language)
        if self._dense is not None and EAST_ASIAN.search(text):
            for last, key in self._dense.iter(_MARKS.sub("・", text)):
                start = last + 1 - key.length
                if _stands_alone(text, start, last + 1):
                    self._add(found, text, start, last + 1, key, language)
        return found if spans is None else _within(found, spans)

    def _add(self, found: list[Hit[T]], text: str, start: int, end: int, key: _Key[T], language: str) -> None:
        surface = text[start:end]
        forms = tuple(f for f in key.forms if (not f.languages or language in f.languages) and _cased(surface, f))
        if forms and "\n" not in surface:
            found.append(Hit(start, end, forms))


def _automaton(keys: dict[str, Any]) -> Any:
    if not keys:
        return None
    automaton = ahocorasick.Automaton()
    for key, value in keys.items():
        automaton.add_word(key, value)
    automaton.make_automaton()
    return automaton


def _cased(surface: str, form: Form[T]) -> bool:
    """Whether the capitals are where this spelling has them; a text wholly in capitals passes."""
    if form.case == "any" or surface == form.text:
        return True
    if form.case == "exact":
        return all(a.isupper() == b.isupper() for a, b in zip(surface, form.text, strict=False))
    return all(a.isupper() for a, b in zip(surface, form.text, strict=False) if b.isupper())


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a spelling in an East Asian script is not a piece of a longer word."""
    first, last = text[start], text[end - 1]
    before, after = text[start - 1 : start], text[end : end + 1]
    if _KATAKANA.match(last) and after and _KATAKANA.match(after):
        return False
    if _KATAKANA.match(first) and before and _KATAKANA.match(before):
        return False
    if _HANGUL.match(first) and before and _HANGUL.match(before):
        return False
    if _HANGUL.match(last) and end - start <= 3 and after and _HANGUL.match(after):
        return _PARTICLE.match(text, end) is not None
    if end - start == 2 and after and _TRANSLITERATES.match(after) and _SHORT_HAN.match(text, start, end):
        return False
    latin = str.isascii
    if latin(first) and first.isalnum() and before and latin(before) and before.isalnum():
        return False
    return not (latin(last) and last.isalnum() and after and latin(after) and after.isalnum())


def _within(hits: list[Hit[T]], spans: Sequence[tuple[int, int]]) -> list[Hit[T]]:
    """The hits that lie inside one of the spans, which are sorted and do not overlap."""
    kept, number, ordered = [], 0, sorted(spans)
    for hit in sorted(hits, key=lambda h: h.start):
        while number < len(ordered) and ordered[number][1] < hit.end:
            number += 1
        if number == len(ordered):
            break
        if ordered[number][0] <= hit.start:
            kept.append(hit)
    return kept


def longest(hits: Iterable[T], extent: Callable[[T], tuple[int, int]]) -> list[T]:
    """Those that remain when a longer one silences every shorter one that it touches; by start."""
    covered: set[int] = set()
    taken: list[tuple[int, T]] = []
    for start, end, hit in sorted(((*extent(h), h) for h in hits), key=lambda item: (item[0] - item[1], item[0])):
        if start not in covered and end - 1 not in covered:  # nothing taken is shorter, so the edges suffice
            covered.update(range(start, end))
            taken.append((start, hit))
    return [hit for _, hit in sorted(taken, key=lambda item: item[0])]
