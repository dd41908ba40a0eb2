"""Numbers as ten languages write them, from "2,4 mil millones" to "2억 2500만". Does no input or output.

`find` reads what stands there as a number and says nothing of what it counts.
Digits with the language's separators, scale words ("bn", "Mrd.", "億"), spelled
numbers ("forty-two", "zweihundert", "half a billion") and their mixtures.
Anything glued to a letter or a hyphenated name ("H100", "Earth-2") is no number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from pipelines.tagging.number_words import (
    AND,
    ARTICLES,
    CJK,
    CJK_DIGITS,
    CJK_UNITS,
    COMMA_DECIMAL,
    FULL_WIDTH,
    GLUED,
    HALF_AFTER,
    HALF_BEFORE,
    SCALES,
    SPACE,
    SPELLED,
    STEMS,
    TEN,
    UNIT_AHEAD,
)
from pipelines.vocabulary import occurrences


class Numeral(NamedTuple):
    """One number in a text. `letter` is its scale where that is a bare letter, which may also be a metre's."""

    start: int
    end: int
    value: Decimal
    scaled: bool = False
    letter: str = ""
    spelled: bool = False
    article: bool = False  # "a gigawatt": no more than an article before a unit
    grouped: bool = False  # written with thousands separators, so never a year or a product's number
    thousands: Decimal | None = None  # the other reading of "1,500" where the comma is a decimal sign


@dataclass(frozen=True, slots=True)
class _Grammar:
    digits: re.Pattern[str]
    scale: re.Pattern[str] | None
    factors: dict[str, Decimal]
    words: re.Pattern[str] | None
    half_after: re.Pattern[str] | None


def _either(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=len, reverse=True))


def _cases(words: list[str]) -> list[str]:
    return words + [w[0].upper() + w[1:] for w in words]


@lru_cache(maxsize=32)
def _grammar(language: str) -> _Grammar:
    """The compiled patterns of one language; English for a language without its own."""
    if language in CJK:
        # Its first character stands alone so that the search can run to the next one in one go.
        spelled = r"(?>(?:[〇零一二两兩三四五六七八九十百]|千(?![瓦赫兆米克公卡伏]))*)"
        number = (
            r"[0-9０-９〇零一二两兩三四五六七八九十百千]"
            r"(?:(?<=[0-9０-９])[0-9０-９]*(?>(?:[,，.．][0-9０-９]+)*)|"
            rf"(?<![0-9０-９千]){spelled}|(?<=千)(?![瓦赫兆米克公卡伏]){spelled})"
        )
        unit = r"(?:[十百千万萬億亿京십백천만억]|[兆조](?![瓦赫位字]))"
        # 千瓦 and 兆瓦 are kilowatts and megawatts, not numbers.
        unit = rf"(?:(?!千[瓦赫兆米克公卡伏])(?!천\s?단위){unit})"
        return _Grammar(
            re.compile(
                rf"{number}(?>(?:[ \u00a0]?(?>{unit}+)(?>(?:[ "
                rf"\u00a0]?[0-9０-９]+(?>(?:[,，.．][0-9０-９]+)*)(?![0-9%％年년月월日일]))?))*)"),
            None, {}, None, None,
        )  # fmt: skip
    language = language if language in SCALES else "en"
    factors = {w: Decimal(f) for f, words in SCALES[language].items() for w in words.split()}
    space = "" if language == "en" else " "
    # One digit stands first and alone so that the search can run to the next digit in one go.
    digits = (
        rf"[0-9](?:[0-9]{{0,2}}(?>(?:[\u00a0\u202f\u2009'’{space}][0-9]{{3}}(?![0-9]))+)(?>(?:[.,][0-9]+)?)|"
        rf"[0-9]*+(?>(?:[.,][0-9]+)*))"
    )
    scale = _either(list(factors))
    gap = rf"[{SPACE}-]?"
    # "2,4 mil millones", "200 mil millones"
    double = rf"(?:mil{gap}(?:millones|milhões)|(?:{scale}))" if language in ("es", "pt") else f"(?:{scale})"
    return _Grammar(
        re.compile(digits),
        re.compile(rf"{gap}({double})(?![^\W_])"),
        factors,
        _words(language, list(factors)),
        re.compile(rf"[ \u00a0]{HALF_AFTER[language]}\b") if language in HALF_AFTER else None,
    )


def _words(language: str, scales: list[str]) -> re.Pattern[str]:
    """Runs of spelled numbers, each word known; the run starts with a number, an article and a scale, or a half."""
    long = [s for s in scales if len(s) > 3 or s == "mil"]
    articles = _either(_cases(ARTICLES[language].split()))
    if language in GLUED:
        single = f"(?:{_either(_cases(GLUED[language].split()))})(?>(?:{_either(GLUED[language].split())})*)(?![^\\W_])"
        single += "|(?:ein|eine)einhalb|anderthalb|(?:zwei|drei|vier|fünf|sechs)einhalb" if language == "de" else ""
    else:
        single = f"(?:{_either(_cases(SPELLED[language].split()))})(?![^\\W_])"
    half = rf"(?i:{HALF_BEFORE[language]})(?=(?:{_either(long)})\b)"
    first = rf"(?:{half}|(?:{articles})(?:[ -](?=(?:{_either(long)})(?![^\W_]))|{UNIT_AHEAD})|{single})"
    more = (
        rf"(?:[{SPACE}-](?>(?:{AND[language]}[{SPACE}-](?>(?:a half[{SPACE}-])?))?)(?:{single}|"
        rf"(?:{_either(long)})(?![^\W_])))"
    )
    return re.compile(rf"(?<![^\W_])(?:{first})(?>(?:(?:{_either(long)})(?![^\W_]))?)(?>{more}*)")


def find(text: str, start: int, end: int, language: str) -> list[Numeral]:
    """Every number between `start` and `end`, in order, without overlaps."""
    grammar = _grammar(language)
    found: list[Numeral] = []
    for match in grammar.digits.finditer(text, start, end):
        numeral = _cjk(text, match) if language in CJK else _western(text, match, end, language, grammar)
        if numeral is not None:
            found.append(numeral)
    if grammar.words is None or not _may_spell(text[start:end].lower(), language):
        return found
    code = language if language in SCALES else "en"
    for match in grammar.words.finditer(text, start, end):
        spelled = _spelled(text, match, end, code, grammar)
        if spelled is not None:
            found.append(spelled)
    found.sort(key=lambda n: (n.start, -n.end))
    return [n for at, n in enumerate(found) if not at or n.start >= found[at - 1].end]


@lru_cache(maxsize=8)
def _stems(language: str) -> AhoCorasick:
    code = language if language in STEMS else "en"
    return AhoCorasick((*STEMS[code].split(), TEN[code]), store_patterns=False)


def _may_spell(low: str, language: str) -> bool:
    """Whether anything in a text could be a piece of a number in words."""
    return bool(occurrences(_stems(language), low))


def _glued(text: str, at: int) -> bool:
    """Whether a number that starts at `at` belongs to a name or code before it: H100, Earth-2, v1.5, 10.1145."""
    before = text[at - 1] if at else " "
    if before in "-./_#":
        return at > 1 and (
            (text[at - 2].isalpha() and text[at - 2].isascii()) or (before != "-" and text[at - 2].isdigit())
        )
    return before.isalpha() and (before.isascii() or not _ideographic(before))


def _ideographic(char: str) -> bool:
    return char >= "\u3000"


def _western(text: str, match: re.Match[str], end: int, language: str, grammar: _Grammar) -> Numeral | None:
    if _glued(text, match.start()):
        return None
    value, grouped, other = read(match[0], language)
    if value is None:
        return None
    assert grammar.scale is not None
    stop, letter = match.end(), ""
    scale = grammar.scale.match(text, stop, end)
    if scale is None:
        return Numeral(match.start(), stop, value, grouped=grouped, thousands=other)
    word = scale[1]
    factor = grammar.factors.get(word)
    if factor is None:  # "mil millones", "mil milhões"
        factor = Decimal(10**9)
    if len(word) == 1:
        if scale[0] != word and language == "en":  # "5 M" is no number in English, "20 M€" is one in French
            return Numeral(start=match.start(), end=stop, value=value, grouped=grouped, thousands=other)
        letter = word
    stop = scale.end()
    if text.startswith(".", stop) and word in {"Mio", "Mrd", "Tsd", "Mill", "Bio", "Mia"}:
        stop += 1
    if grammar.half_after is not None and (half := grammar.half_after.match(text, stop, end)):
        value, stop = value + Decimal("0.5"), half.end()
    return Numeral(start=match.start(), end=stop, value=value * factor, scaled=True, letter=letter, grouped=grouped)


_PARTING = re.compile(rf"[{SPACE}'’]")


def read(digits: str, language: str) -> tuple[Decimal | None, bool, Decimal | None]:
    """The value of digits with separators, whether these were thousands separators, and the other possible reading.

    Where one separator stands before exactly three digits the language decides; elsewhere the shape does.
    """
    if digits.isdecimal():
        return Decimal(digits), False, None
    plain = _PARTING.sub("", digits.translate(FULL_WIDTH))
    spaced = len(plain) != len(digits)
    commas, points = plain.count(","), plain.count(".")
    if commas and points:
        mark = max(",", ".", key=plain.rfind)
        if plain.count(mark) > 1:
            return None, False, None
        whole, _, rest = plain.rpartition(mark)
        return Decimal(re.sub("[.,]", "", whole) + "." + rest), True, None
    if not commas and not points:
        return Decimal(plain), spaced, None
    parts = re.split("[.,]", plain)
    if len(parts) > 2:  # 1.234.567, 10,00,000; not 1.2.3
        if len(parts[-1]) != 3 or any(len(p) not in (2, 3) for p in parts[1:]):
            return None, False, None
        return Decimal("".join(parts)), True, None
    point = Decimal(".".join(parts))
    if spaced or len(parts[1]) != 3 or len(parts[0]) > 3 or parts[0] == "0":
        return point, spaced, None
    joined = Decimal("".join(parts))
    if ("." if language in COMMA_DECIMAL else ",") in plain:
        return joined, True, None
    return point, False, joined


@lru_cache(maxsize=4096)
def _spoken(words: str, language: str) -> Decimal | None:
    """What text2num makes of a run of number words, or None."""
    from text_to_num import text2num  # imported on first use: most articles need none of it

    try:
        return Decimal(int(text2num(words, language)))
    except (ValueError, OverflowError):
        return None


_SPACES = re.compile(rf"[{SPACE}]+")


def _spelled(text: str, match: re.Match[str], end: int, language: str, grammar: _Grammar) -> Numeral | None:
    at = match.start()
    if at > 1 and text[at - 1] in "-." and text[at - 2].isalnum():  # "plug-and-two"; an apostrophe is "d'un milliard"
        return None
    value, scaled = _run(_SPACES.sub(" ", match[0]), language, grammar.factors)
    if value is None:
        return None
    stop = match.end()
    if scaled and grammar.half_after is not None and (half := grammar.half_after.match(text, stop, end)):
        last = grammar.factors.get(match[0].replace("-", " ").split()[-1], Decimal(0))
        value, stop = value + last / 2, half.end()
    article = match[0].lower() in ARTICLES[language].split()
    return Numeral(start=match.start(), end=stop, value=value, scaled=scaled, spelled=True, article=article)


@lru_cache(maxsize=8)
def _half_before(language: str) -> re.Pattern[str]:
    return re.compile(HALF_BEFORE[language])


def _run(words: str, language: str, factors: dict[str, Decimal]) -> tuple[Decimal | None, bool]:
    """The value of one run of number words, and whether a scale word stands in it."""
    articles = ARTICLES[language].split()
    low = words.lower() if language != "de" else words[0].lower() + words[1:]
    half = _half_before(language).match(low)
    if half:
        rest = low[half.end() :]
        factor = factors.get(rest)
        return (factor / 2, True) if factor is not None else (None, False)
    tokens = re.split("[ -]", low)
    if tokens[0] in articles:
        if len(tokens) == 1:
            return Decimal(1), False
        if len(tokens) == 2:
            return factors.get(tokens[1]), True
        tokens[0] = {"en": "one", "fr": "un", "de": "eine", "es": "un", "it": "un", "pt": "um"}[language]
    factor = factors.get(tokens[-1])
    scaled = factor is not None
    if factor is not None and len(tokens) > 1:
        head = " ".join(tokens[:-1])
        if head.endswith("einhalb") or head == "anderthalb":
            unit = (
                Decimal(1) if head in ("anderthalb", "eineinhalb") else _spoken(head.removesuffix("einhalb"), language)
            )
            return (None if unit is None else (unit + Decimal("0.5")) * factor), True
        if head.endswith(" and a half"):
            unit = _spoken(head.removesuffix(" and a half"), language)
            return (None if unit is None else (unit + Decimal("0.5")) * factor), True
        if (whole := _spoken(" ".join(tokens), language)) is not None:
            return whole, True
        unit = _spoken(head, language)
        return (None if unit is None else unit * factor), True
    return _spoken(low, language), scaled


_CJK_PARTS = re.compile(
    r"([0-9０-９][0-9０-９,，.．]*)?[ \u00a0]?([〇零一二两兩三四五六七八九十百千万萬億亿兆京십백천만억조]*)"
)


def _cjk(text: str, match: re.Match[str]) -> Numeral | None:
    """A number such as 8,500萬, 2억 2500만, 1兆2000億 or 三万, with what each unit multiplies."""
    start = match.start()
    if start and (text[start - 1] in "数數수几幾第" or _glued(text, start)):
        return None
    words = match[0].rstrip()
    if words.isdecimal():
        return Numeral(start, start + len(words), Decimal(words))
    if len(words) == 1 and words in CJK_DIGITS:
        return Numeral(start, start + 1, Decimal(CJK_DIGITS[words]), spelled=True)
    total = section = Decimal(0)
    grouped = False
    for number, units in _CJK_PARTS.findall(words):
        if number:
            value, grouped_here, _ = read(number, "en")
            if value is None:
                return None
            grouped, section = grouped or grouped_here, section + value
        digit = Decimal(0)
        for char in units:
            if char in CJK_DIGITS:
                digit = digit * 10 + CJK_DIGITS[char]
                continue
            unit = CJK_UNITS[char]
            if unit >= 10**4:  # closes a section: (2500)만
                section += digit
                if section == 0 and total:
                    total *= unit  # 百亿亿
                else:
                    total += (section or 1) * unit
                section, digit = Decimal(0), Decimal(0)
            elif digit:
                section, digit = section + digit * unit, Decimal(0)
            else:
                section = section * unit if section else section + unit
        section += digit
    scaled = any(c in CJK_UNITS for c in words)
    return Numeral(
        start=match.start(), end=match.start() + len(words), value=total + section, scaled=scaled,
        spelled=not any(c.isdigit() and c not in CJK_DIGITS for c in words), grouped=grouped,
    )  # fmt: skip
