"""What ten languages call the world's larger currencies, as ISO 4217 codes. Does no input or output.

A bare dollar is the American one, a bare 元 is decided by the script around it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from pipelines.tagging.currency_names import NAMES

_SYMBOLS = {
    "US$": "USD", "USD$": "USD", "NT$": "TWD", "HK$": "HKD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "NZ$": "NZD", "S$": "SGD", "R$": "BRL", "MX$": "MXN", "$": "USD", "＄": "USD", "£": "GBP", "￡": "GBP", "€": "EUR",
    "¥": "JPY", "￥": "JPY", "₩": "KRW", "￦": "KRW", "₹": "INR", "₺": "TRY", "₪": "ILS", "฿": "THB", "RMB": "CNY",
    "Rs": "INR", "Rs.": "INR", "zł": "PLN",
}  # fmt: skip

# Names that also mean a weight (or, in French, a book); what stands around them decides.
WEIGHTS = {
    "en": frozenset({"pound", "pounds"}),
    "fr": frozenset({"livre", "livres"}),
    "de": frozenset({"pfund"}),
    "es": frozenset({"libra", "libras"}),
    "it": frozenset[str](),
    "pt": frozenset({"libra", "libras"}),
    "ja": frozenset({"ポンド"}),
    "ko": frozenset({"파운드"}),
    "zh": frozenset[str](),
}


@lru_cache(maxsize=32)
def names(language: str) -> dict[str, str]:
    """Every name of a currency in one language, in lower case, with its code."""
    found: dict[str, str] = {}
    for line in NAMES.get(language, NAMES["en"]).replace("\n  ", " ").strip().splitlines():
        code, _, listed = line.partition(" ")
        for name in listed.lower().split(", "):
            found.setdefault(name, code)
            if language == "de" and "ische " in name:  # "von 20 Millionen britischen Pfund"
                found.setdefault(name.replace("ische ", "ischen "), code)
    return found


@lru_cache(maxsize=1)
def _codes() -> str:
    return "|".join(sorted({line.split(" ")[0] for line in NAMES["en"].strip().splitlines()}))


@lru_cache(maxsize=32)
def after(language: str) -> re.Pattern[str]:
    """A currency right after a number; group 1 is its name, code or symbol, for `code`."""
    glued = language in ("ja", "ko", "zh")
    known = {*names(language), *names("en")} if glued else set(names(language))
    space = "[ \u00a0\u202f-]?" if glued else "[ \u00a0\u202f-]"
    listed = _by_first_letter(known, space)
    symbols = "|".join(re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True))
    edge = "" if glued else r"(?![^\W_])"
    link = r"(?>(?:d['’]|(?:de|di)[ \u00a0\u202f])?)" if language in ("fr", "es", "it", "pt") else ""
    first = "".join(sorted({re.escape(c) for n in known | set(_SYMBOLS) for c in (n[0], n[0].upper(), n[0].lower())}))
    capitals = "".join(sorted({c[0] for c in _codes().split("|")}))
    own = "|元(?![宇素件])" if language == "zh" else ""
    return re.compile(
        rf"[ \u00a0\u202f\u2009-]?{link}(?=[{first}{capitals}元])((?i:{listed}){edge}|"
        rf"(?:{_codes()})(?![A-Za-z0-9])|(?:{symbols})(?![\d\w]){own})"
    )


def _by_first_letter(known: Iterable[str], space: str) -> str:
    """A pattern of names, the longer of two first; a search looks only at those that begin with the letter it sees."""
    groups: dict[str, list[str]] = {}
    for name in sorted(known, key=len, reverse=True):
        groups.setdefault(name[0], []).append(re.escape(name[1:]).replace(r"\ ", space))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())


@lru_cache(maxsize=32)
def before(language: str) -> re.Pattern[str]:
    """A currency right before a number, to be searched in the few characters before it."""
    words = "|".join(re.escape(s) for s in _SYMBOLS if s[0].isalpha() and s.isascii() and "$" not in s)
    marks = "|".join(re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True) if s not in words)
    if language == "zh":  # 新台幣 30 億元
        marks += "|" + "|".join(n for n in sorted(names("zh"), key=len, reverse=True) if n[0] != "元")
    return re.compile(rf"((?<![A-Za-z])(?:{_codes()}|{words})|(?:{marks}))[ \u00a0\u202f]?-?\Z")


def code(name: str, language: str, *, traditional: bool = False) -> str:
    """The ISO code of what `after` or `before` found. `traditional`: the text is in traditional Chinese characters."""
    if name == "元" and language == "zh":
        return "TWD" if traditional else "CNY"
    if name in ("¥", "￥") and language == "zh":
        return "CNY"
    flat = re.sub(r"[\u00a0\u202f-]", " ", name.lower())
    for listed in (names(language), names("en")):
        for spelling in (name.lower(), flat):
            if spelling in listed:
                return listed[spelling]
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    packed = {known.replace(" ", ""): iso for known, iso in names(language).items()}
    return packed.get(flat.replace(" ", ""), name)


@lru_cache(maxsize=32)
def _last(language: str) -> frozenset[str]:
    """The characters that what stands before a number ends with, without the capitals of codes."""
    return frozenset(name[-1] for name in (*_SYMBOLS, *(names("zh") if language == "zh" else ())))


def may_precede(char: str, language: str) -> bool:
    """Whether a currency before a number could end in this character; spares most numbers the search."""
    return char in _last(language) or char.isupper()
