"""What recognises an article's news again. Does no input or output.

Within a language, near-identical texts have near-identical SimHashes. Across
languages, the names and figures that the news states, as keys in one spelling.
A slug that a translation keeps joins it to its original.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pipelines.tagging.matching import fold, narrow
from presswatch.models import Article, Fact, Fingerprint, Tag, TagKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS = 64
# Three words, or four characters where words are not parted: long enough to be rare in other texts,
# short enough that one changed figure leaves most of a paragraph's shingles alone.
_WORDS_A_SHINGLE = 3
_CHARACTERS_A_SHINGLE = 4
_PREFIX = {TagKind.ORGANISATION: "org", TagKind.PERSON: "person", TagKind.PLACE: "place", TagKind.PRODUCT: "product"}
_EAST = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))  # kana, ideographs, Hangul
_PLANE = 0x10000  # characters of the basic plane
# Odd numbers whose bits are well mixed: the golden ratio's, and those of SplitMix64 and MurmurHash3.
_PLACES = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xFF51AFD7ED558CCD)
_STIR = 0xD6E8FEB86659FD93
# The last part of an address where the part before it names the page.
_FILE_NAMES = re.compile(r"^(?:default|index|home)?(?:\.(?:aspx?|html?|php|jsp))?$")


class _Hashes(dict[bytes, bytes]):
    """64 bits of each word. Most words of an article stood in one before it, so they are remembered."""

    def __missing__(self, word: bytes) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = hashlib.blake2b(word, digest_size=8).digest()
        return found


_REMEMBERED = 16_384  # words, about 3 MB
_hashes = _Hashes()


def _units(text: str) -> tuple["NDArray[np.uint64]", int]:
    """64 bits for each word of a text, or each character where words are not parted; how many make a shingle."""
    import numpy as np  # with py3langid's, a tenth of a second; only who processes pages needs it

    latin = len(text.encode("latin-1", "ignore"))
    if 4 * latin < 3 * len(text) and 4 * _east_asian(text) > len(text):
        return _codes(_letters(text)).astype(np.uint64), _CHARACTERS_A_SHINGLE
    if 2 * latin > len(text):
        words = fold(text).decode("latin-1").encode().split()
    else:  # another alphabet
        spaced = unicodedata.normalize("NFKC", text).casefold()
        words = [word.encode("utf-8", "replace") for word in re.findall(r"\w+", spaced)]
    packed = b"".join(map(_hashes.__getitem__, words))
    return np.frombuffer(packed, dtype=">u8").astype(np.uint64), _WORDS_A_SHINGLE


def _codes(text: str) -> "NDArray[np.uint32]":
    """The code points of a text."""
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _east_asian(text: str) -> int:
    """How many characters of a text are Chinese, Japanese or Korean ones."""
    codes = _codes(text)
    return sum(int(((first <= codes) & (codes <= last)).sum()) for first, last in _EAST)


def _letters(text: str) -> str:
    """The letters and digits of a text in one spelling, without what parts them."""
    codes = _codes(text)
    if codes.max() < _PLANE:
        letters = codes[_alphanumeric()[codes]]
        plain = narrow(letters.tobytes().decode("utf-32-le", "surrogatepass")).casefold()
    else:
        plain = narrow("".join(re.findall(r"\w+", text))).casefold()
    # Without its marks a text seldom has anything left to normalise, which takes longer than all the rest.
    return plain if unicodedata.is_normalized("NFKC", plain) else unicodedata.normalize("NFKC", plain)


@lru_cache(maxsize=1)
def _alphanumeric() -> "NDArray[np.bool_]":
    """For each character of the basic plane, whether a word may contain it."""
    import numpy as np

    return np.fromiter((char.isalnum() or char == "_" for char in map(chr, range(_PLANE))), dtype=np.bool_)


def simhash(text: str) -> int:
    """A 64-bit number that differs in few bits where texts differ in few places; 0 for a text without words."""
    import numpy as np

    units, size = _units(text)
    if not len(units):
        return 0
    count = max(1, len(units) - size + 1)
    # All shingles at once; arithmetic is modulo 2 to the 64th. Each place in a shingle has a factor of its own.
    shingles = np.zeros(count, dtype=np.uint64)
    for place in range(min(size, len(units))):
        shingles += units[place : place + count] * np.uint64(_PLACES[place])
    shingles ^= shingles >> np.uint64(31)
    shingles *= np.uint64(_STIR)
    shingles ^= shingles >> np.uint64(32)
    # The bits of each place are added up, eight places at a time in one integer: none overflows in 255 rows.
    bits = np.unpackbits(shingles.astype(">u8").view(np.uint8)).view(np.uint64).reshape(-1, BITS // 8)
    sums = np.add.reduceat(bits, np.arange(0, count, 255), axis=0).view(np.uint8).reshape(-1, BITS)
    more_than_half = np.add.reduce(sums, axis=0, dtype=np.uint32) * 2 > count
    return int.from_bytes(np.packbits(more_than_half).tobytes(), "big")


def distance(one: int, other: int) -> int:
    """How many bits two SimHashes differ in."""
    return (one ^ other).bit_count()


def slug(url: str) -> str:
    """The part of an address that names its article, decoded, without a file's ending."""
    parts = [p for p in unquote(urlsplit(url).path).lower().split("/") if p]
    while parts and _FILE_NAMES.match(parts[-1]):
        parts.pop()
    return re.sub(r"\.(?:aspx?|html?|php|jsp)$", "", parts[-1]) if parts else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def keys(tags: Iterable[Tag], facts: Iterable[Fact], leave_out: Collection[str] = ()) -> tuple[str, ...]:
    """The names and figures of a piece of news, sorted: "org:Nscale", "money:2000000000:GBP"."""
    found = {f"{_PREFIX[tag.kind]}:{tag.name}" for tag in tags if tag.kind in _PREFIX and tag.name not in leave_out}
    found |= {f"{fact.kind}:{_number(fact.value)}:{fact.unit}" for fact in facts}
    return tuple(sorted(found))


def fingerprint(
    article: Article,
    tags: Iterable[Tag],
    facts: Iterable[Fact],
    *,
    text: str | None = None,
    leave_out: Collection[str] = (),
) -> Fingerprint:
    """The fingerprint of an article.

    `tags` and `facts` are those of the news that is told of it. `text` is the
    article's text without boilerplate (the whole text if not given).
    `leave_out` are names that say nothing, such as the watch's own country.
    """
    return Fingerprint(
        simhash=simhash(article.text if text is None else text),
        slug=slug(article.url),
        keys=keys(tags, facts, leave_out),
    )
