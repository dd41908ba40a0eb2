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
from urllib.parse import unquote, urlsplit

from pipelines.tagging.matching import fold, narrow
from presswatch.models import Article, Fact, Fingerprint, Tag, TagKind

BITS = 64
# Three words, or four characters where words are not parted: long enough to be rare in other texts,
# short enough that one changed figure leaves most of a paragraph's shingles alone.
_WORDS_A_SHINGLE = 3
_CHARACTERS_A_SHINGLE = 4
_PREFIX = {TagKind.ORGANISATION: "org", TagKind.PERSON: "person", TagKind.PLACE: "place", TagKind.PRODUCT: "product"}
_NOT_EAST = re.compile("[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+")
# Odd numbers whose bits are well mixed: the golden ratio's, and those of SplitMix64 and MurmurHash3.
_PLACES = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xFF51AFD7ED558CCD)
_STIR = 0xD6E8FEB86659FD93
# The last part of an address where the part before it names the page.
_FILE_NAMES = re.compile(r"^(?:default|index|home)?(?:\.(?:aspx?|html?|php|jsp))?$")


@lru_cache(maxsize=16384)
def _word(word: str) -> int:
    """64 bits of a word. Most words of an article stood in one before it, so they are remembered."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _numbers(text: str) -> tuple[list[int], int]:
    """A number for each word of a text, or each character where words are not parted, and how many make a shingle."""
    latin = len(text.encode("latin-1", "ignore"))
    if 4 * latin < 3 * len(text) and 4 * len(_NOT_EAST.sub("", text)) > len(text):
        # Without its marks a text seldom has anything left to normalise, which takes longer than all the rest.
        plain = narrow("".join(re.findall(r"\w+", text))).casefold()
        if not unicodedata.is_normalized("NFKC", plain):
            plain = unicodedata.normalize("NFKC", plain)
        return list(map(ord, plain)), _CHARACTERS_A_SHINGLE
    if 2 * latin > len(text):
        words = fold(text).decode("latin-1").split()
    else:  # another alphabet
        words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return list(map(_word, words)), _WORDS_A_SHINGLE


def simhash(text: str) -> int:
    """A 64-bit number that differs in few bits where texts differ in few places; 0 for a text without words."""
    import numpy as np  # with py3langid's, a tenth of a second; only who processes pages needs it

    numbers, size = _numbers(text)
    if not numbers:
        return 0
    count = max(1, len(numbers) - size + 1)
    units = np.array(numbers, dtype=np.uint64)
    # All shingles at once; arithmetic is modulo 2 to the 64th. Each place in a shingle has a factor of its own.
    shingles = np.zeros(count, dtype=np.uint64)
    for place in range(min(size, len(numbers))):
        shingles += units[place : place + count] * np.uint64(_PLACES[place])
    shingles ^= shingles >> np.uint64(31)
    shingles *= np.uint64(_STIR)
    shingles ^= shingles >> np.uint64(32)
    bits = np.unpackbits(shingles.astype(">u8").view(np.uint8)).reshape(-1, BITS)
    more_than_half = np.add.reduce(bits, axis=0, dtype=np.uint32) * 2 > count
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
