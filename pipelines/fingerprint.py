"""What recognises an article's news again. Does no input or output.

Within a language, near-identical texts have near-identical SimHashes. Across
languages, the names and figures that the news states, as keys in one spelling.
A slug that a translation keeps joins it to its original.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from urllib.parse import unquote, urlsplit

from presswatch.models import Article, Fact, Fingerprint, Tag, TagKind

BITS = 64
# Three words, or four characters where words are not parted: long enough to be rare in other texts,
# short enough that one changed figure leaves most of a paragraph's shingles alone.
_WORDS_A_SHINGLE = 3
_CHARACTERS_A_SHINGLE = 4
_PREFIX = {TagKind.ORGANISATION: "org", TagKind.PERSON: "person", TagKind.PLACE: "place", TagKind.PRODUCT: "product"}
_EAST = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
# The last part of an address where the part before it names the page.
_FILE_NAMES = re.compile(r"^(?:default|index|home)?(?:\.(?:aspx?|html?|php|jsp))?$")


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _shingles(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    if len(_EAST.findall(plain)) * 4 > len(plain):
        units, size, joint = re.findall(r"\w", plain), _CHARACTERS_A_SHINGLE, ""
    else:
        units, size, joint = re.findall(r"\w+", plain), _WORDS_A_SHINGLE, " "
    return [joint.join(units[n : n + size]) for n in range(max(1, len(units) - size + 1))] if units else []


def simhash(text: str) -> int:
    """A 64-bit number that differs in few bits where texts differ in few places; 0 for a text without words."""
    shingles = _shingles(text)
    # Every shingle's bits as a row of 64 characters; a column is a slice, counted at C's speed.
    rows = "".join([f"{_hash(shingle):064b}" for shingle in shingles])
    half = len(shingles) / 2
    return sum(1 << (BITS - 1 - n) for n in range(BITS) if rows[n::BITS].count("1") > half)


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
