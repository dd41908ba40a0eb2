"""Finding many thousand spellings in one pass over a text. Does no input or output.

Two Aho-Corasick automata share the work. The spaced scripts are searched in a
folded copy of the text (lower case, no accents, every mark a space) in which a
spelling stands between two spaces, so that a word inside another is never met.
Chinese, Japanese and Korean are searched as they are written, with the
boundaries that each script allows. Both copies keep every character's place, so
offsets hold.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

from pipelines.vocabulary import occurrences

T = TypeVar("T")

_EAST = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
EAST_ASIAN = re.compile(f"[{_EAST}]")
# Characters that spell foreign names and little else in Chinese: 里昂 (Lyon) before one of them is a piece of 里昂納多.
_TRANSLITERATES = frozenset("斯爾尔姆頓顿娜諾诺倫伦萊莱弗茲兹薩萨絲丝蒂妮謝谢納纳")
_SHORT_HAN = re.compile("[\u4e00-\u9fff]{2}\\Z")
_MARKS = re.compile("[·•‧･＝]")
# Full-width letters and digits, which Japanese and Chinese texts may use for Latin names.
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0d]")
_WIDE = re.compile("[\u2e80-\uffff]")  # any of an East Asian script, or in full width
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
    return _FULL_WIDTH.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)


def fold(text: str) -> bytes:
    """The text as spaced spellings are looked up, in Latin-1: one byte for each of its characters."""
    return text.encode("latin-1", "replace").translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One spelling of one target."""

    text: str
    target: T
    languages: frozenset[str] = frozenset()
    case: str = "name"  # see presswatch.names.Shared


class Hit(NamedTuple, Generic[T]):
    """A spelling met in a text, and everything that is written so."""

    start: int
    end: int
    forms: tuple[Form[T], ...]


class Matcher(Generic[T]):
    """All spellings, compiled. Building takes about 10 µs a spelling; searching does not depend on their number."""

    def __init__(self, forms: Iterable[Form[T]]) -> None:
        spaced: dict[bytes, list[Form[T]]] = {}
        dense: dict[str, list[Form[T]]] = {}
        for form in forms:
            if EAST_ASIAN.search(form.text):
                dense.setdefault(_MARKS.sub("・", form.text), []).append(form)
            elif key := fold(form.text).strip():
                spaced.setdefault(b" %b " % key, []).append(form)
        self._spaced, self._spaced_forms = BytesAhoCorasick(spaced), list(spaced.values())
        self._dense, self._dense_forms = AhoCorasick(dense, store_patterns=False), list(dense.values())
        self.size = len(spaced) + len(dense)

    def find(self, document: str, language: str, spans: Sequence[tuple[int, int]] | None = None) -> list[Hit[T]]:
        """Every spelling in `document` that its case, language and neighbours allow; hits may overlap."""
        wide = _WIDE.search(document) is not None
        text = narrow(document) if wide else document
        found: list[Hit[T]] = []
        for number, start, stop in self._spaced.find_matches_as_indexes(b" %b " % fold(text), overlapping=True):
            end = stop - 2  # the key has a space at both ends, and the text one before it
            if allowed := _allowed(text[start:end], self._spaced_forms[number], language):
                found.append(Hit(start, end, allowed))
        if wide and EAST_ASIAN.search(text):
            for number, start, end in occurrences(self._dense, _MARKS.sub("・", text)):
                if _stands_alone(text, start, end):
                    allowed = _allowed(text[start:end], self._dense_forms[number], language)
                    if allowed:
                        found.append(Hit(start, end, allowed))
        return found if spans is None else _within(found, spans)


def _allowed(surface: str, forms: Sequence[Form[T]], language: str) -> tuple[Form[T], ...]:
    """Those of `forms` that may be written as `surface` in `language`."""
    allowed = [
        form
        for form in forms
        if (not form.languages or language in form.languages) and (surface == form.text or _cased(surface, form))
    ]
    return tuple(allowed) if allowed and "\n" not in surface else ()


def _cased(surface: str, form: Form[T]) -> bool:
    """Whether the capitals are where this spelling has them; a text wholly in capitals passes."""
    if form.case == "any" or surface == form.text:
        return True
    pairs = zip(surface, form.text, strict=False)
    if form.case == "exact":
        return all(a.isupper() == b.isupper() for a, b in pairs)
    for a, b in pairs:  # a plain loop: `all` costs twice as much here  # noqa: SIM110
        if b.isupper() and not a.isupper():
            return False
    return True


def _is_katakana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30fa" or "\u30fc" <= char <= "\u30ff"


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3"


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a spelling in an East Asian script is not a piece of a longer word."""
    first, last = text[start], text[end - 1]
    before, after = text[start - 1 : start], text[end : end + 1]
    if (_is_katakana(last) and _is_katakana(after)) or (_is_katakana(first) and _is_katakana(before)):
        return False
    if _is_hangul(first) and _is_hangul(before):
        return False
    if _is_hangul(last) and end - start <= 3 and _is_hangul(after):
        return _PARTICLE.match(text, end) is not None
    if end - start == 2 and after in _TRANSLITERATES and last not in "国國" and _SHORT_HAN.match(text, start, end):
        return False
    latin = str.isascii
    if latin(first) and first.isalnum() and before and latin(before) and before.isalnum():
        return False
    return not (latin(last) and last.isalnum() and after and latin(after) and after.isalnum())


def _within(hits: list[Hit[T]], spans: Sequence[tuple[int, int]]) -> list[Hit[T]]:
    """The hits that lie inside one of the spans, which are sorted and do not overlap."""
    kept: list[Hit[T]] = []
    number, ordered = 0, sorted(spans)
    if not ordered:
        return kept
    hits.sort(key=itemgetter(0))
    left, right = ordered[0]
    for hit in hits:
        start, end, _ = hit
        while right < end:
            number += 1
            if number == len(ordered):
                return kept
            left, right = ordered[number]
        if left <= start:
            kept.append(hit)
    return kept


def longest(hits: Iterable[T], extent: Callable[[T], tuple[int, int]]) -> list[T]:
    """Those that remain when a longer one silences every shorter one that it touches; by start."""
    ordered = sorted(((*extent(hit), hit) for hit in hits), key=itemgetter(0))
    kept: list[T] = []
    cluster: list[tuple[int, int, T]] = []  # hits of which each touches one before it
    reach = -1
    for one in ordered:
        if one[0] >= reach and cluster:
            kept += _longest_of(cluster)
            cluster = []
        cluster.append(one)
        reach = max(reach, one[1])
    return kept + _longest_of(cluster)


def _longest_of(cluster: list[tuple[int, int, T]]) -> list[T]:
    if len(cluster) < 2:
        return [hit for _, _, hit in cluster]
    taken: list[tuple[int, int, T]] = []
    for one in sorted(cluster, key=lambda item: (item[0] - item[1], item[0])):
        if all(one[1] <= start or one[0] >= end for start, end, _ in taken):
            taken.append(one)
    return [hit for _, _, hit in sorted(taken, key=itemgetter(0))]
