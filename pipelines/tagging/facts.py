"""The figures of a text: money, GPUs, jobs, people, companies, power and computing speed. Does no input or output.

`find` takes every number in the given spans and asks what it measures: a
currency around it, a unit after it, or a counted noun. What is none of these is
no fact: dates, percentages, distances, times, products' numbers, pounds of
weight, prices of single things, counts too small to be news.

A range ("between 500 and 700 jobs", "£1–2 billion") has its upper value and the
qualifier "up to", as "up to 700 jobs" would; the quote shows both ends. "At
least" is told as "more than", "nearly" as "about", "fewer than" as "up to".
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipelines.tagging import counted, counted_cjk, currencies, elliptical, no_promise, numerals, qualifiers
from pipelines.tagging.figure_words import LARGEST, SMALLEST, WORDS
from pipelines.tagging.numerals import Numeral
from pipelines.tagging.qualifiers import matcher
from presswatch.models import Fact

_CJK = frozenset({"ja", "ko", "zh"})
_UNITS = {
    "money": "", "gpus": "gpu", "jobs": "job", "people": "person", "companies": "company", "power": "MW",
    "compute": "exaflops",
}  # fmt: skip
_COUNTS = frozenset({"gpus", "jobs", "people", "companies"})
_NOUNS = _COUNTS - {"gpus"}
_FEWEST = min(SMALLEST.values())
_NOT_HOURS = r"(?![ \u00a0-]?(?:h\b|hours?|heures?|[Ss]tunden|horas?|ore\b|ora\b|時|时|小[时時]|시))"
_NOT_RATE = (
    r"(?!\s?(?:per|/|pro|par|por|je|al|each) ?(?!year|second|Sekunde|seconde|segundo|secondo|site|campus)[A-Za-z])"
)
_MEGAWATTS = {
    "k": "0.001", "千": "0.001", "m": "1", "兆": "1", "メ": "1", "메": "1", "g": "1000",
    "吉": "1000", "t": "1000000", "ギ": "1000", "기": "1000", "キ": "0.001", "킬": "0.001", "瓦": "0.000001",
}  # fmt: skip
_EXAFLOPS = {
    "z": "1000", "e": "1", "p": "0.001", "t": "0.000001", "ゼ": "1000", "エ": "1",
    "ペ": "0.001", "テ": "0.000001", "제": "1000", "엑": "1", "페": "0.001", "테": "0.000001",
    "次": "0.000000000000000001",
}  # fmt: skip
_POWER = re.compile(
    r"[ \u00a0\u202f\u2009-]?(?:de )?((?:[MGkKT]W(?:el?|p|ac|dc)?(?![A-Za-z0-9])"
    r"|(?:[Mm][eéè]ga|[Gg]iga|[Kk]ilo|[Tt]era)(?:[Ww]att(?:s|en)?|[Vv]at(?:io|i)?s?)(?![^\W_]))"
    r"|(?:メガ|ギガ|キロ)ワット|(?:메가|기가|킬로)와트|[兆吉千]瓦|瓦(?!特))" + _NOT_HOURS + _NOT_RATE
)
_COMPUTE = re.compile(
    r"[ \u00a0\u202f\u2009-]?(?:d['’]|de )?((?:(?:[Ee]xa|[Pp]eta|[Pp][eé]ta|[Zz]etta|[Tt]era|[Tt][eé]ra)[ "
    r"-]?(?:[Ff]lops?|FLOPS?|FLOPs|OPS)"
    r"|[EPZT](?:FLOPS?|FLOPs|flops?))(?:/s)?(?![^\W_ァ-ヶ一-龥가-힣])"
    r"|(?:ゼタ|エクサ|ペタ|テラ)フロップス?|(?:제타|엑사|페타|테라) ?플롭스?|次(?=浮[点點]|[运運]算|/秒|每秒|"
    r"[计計]算))" + _NOT_RATE
)
_UNITS_BEHIND = (("power", _POWER, _MEGAWATTS), ("compute", _COMPUTE, _EXAFLOPS))
_GAPS = frozenset(" \u00a0\u202f\u2009-")
_UNIT_LETTERS = frozenset("dMGKTEPZmgktepz" + "".join((*_MEGAWATTS, *_EXAFLOPS)))  # "d": "de mégawatts"
_DASH = re.compile(r"\s?[-–—~〜～]\s?")
_YEAR_LEFT = re.compile(
    r"(?:\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Dd]uring|[Bb]efore|[Aa]fter|[Ff]iscal|[Ee]arly|[Ll]ate|"
    r"[Mm]id|of|spring|summer"
    r"|autumn|winter|fall|[Ee]n|[Dd]epuis|[Dd]ès|ici|fin|début|[Ii]m|Jahr|[Bb]is|[Ss]eit|[Aa]b|Ende|Anfang|año|anno"
    r"|[Nn]el|[Dd]al|[Ee]ntro|[Ee]m|[Dd]esde|[Aa]té|[Hh]asta|[Jj]an\w*|[Ff]eb\w*|[Mm]ar\w*|[Aa]pr\w*|[Mm]ay|[Jj]un\w*|[Jj]ul\w*|[Aa]ug\w*|[Ss]ep\w*|"
    r"[Oo]ct\w*|[Nn]ov\w*|[Dd]ec\w*)\.?"
    r"|[年년至到])\s?\Z"
)
_WEIGHT_CJK = {
    "ja": re.compile(
        r"(?:以上|超|相当|余り)?の?(?:ごみ|ゴミ|廃棄|推力|重量|重さ|荷物|プラスチック|二酸化炭素|食品|資材|ペイロード|貨物)"
    ),
    "ko": re.compile(r"(?:\s?이상)?(?:의)?\s?(?:쓰레기|폐기물|추력|무게|화물|플라스틱|식품|탄소)"),
}


class _Figure(NamedTuple):
    """A number with what it measures, before qualifiers are read."""

    kind: str
    value: Decimal
    unit: str
    start: int  # with a currency before it
    end: int
    symbol: bool = False


def find(document: str, spans: Sequence[tuple[int, int]], language: str) -> tuple[Fact, ...]:
    """Every figure of our kinds inside `spans`, each once, in the order of the text."""
    facts: list[Fact] = []
    for start, end in spans:
        at = start
        while at < end:  # line by line: no figure reaches over a line's end
            stop = document.find("\n", at, end)
            stop = end if stop < 0 else stop
            facts += _in_line(document, (at, stop), language)
            at = stop + 1
    return tuple(sorted(distinct(facts), key=lambda f: f.start))


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """Each figure once: where it is first qualified, the more careful statement ("up to £11bn"), or else first."""
    kept: dict[tuple[str, float, str], Fact] = {}
    for fact in facts:
        key = (fact.kind, fact.value, fact.unit)
        if key not in kept or (fact.qualifier and not kept[key].qualifier):
            kept[key] = fact
    return list(kept.values())


def _in_line(text: str, span: tuple[int, int], language: str) -> list[Fact]:
    figures: list[tuple[Numeral, _Figure | None]] = []
    sum_: _Figure | None = None  # the last sum of money, likewise
    whole: _Figure | None = None  # the last count, of which a later number may be a part
    for number in numerals.find(text, *span, language):
        figure = _measured(text, number, span, language)
        if sum_ is not None and (figure is None or figure.kind in _NOUNS):
            more = elliptical.sum_end(text, number, sum_.end, span[1], language)
            if more is not None:
                figure = sum_._replace(value=number.value, start=number.start, end=more, symbol=False)
        if figure is None and figures:
            figure = _second_of_range(text, figures[-1], number)
        if figure is None and whole is not None:
            figure = _share(text, number, span, language, whole)
            more = elliptical.count_end(text, number, whole.end, span[1], language) if figure is None else None
            if more is not None:
                figure = whole._replace(value=number.value, start=number.start, end=more)
        if figure is None and sum_ is not None and number.scaled:  # "12 millions de livres, dont 2 millions de …"
            figure = _share(text, number, span, language, sum_) or _bare_sum(text, number, sum_)
        if figure is not None and figure.kind in _COUNTS:
            whole = figure
        elif figure is not None and figure.kind == "money":
            sum_ = figure
        figures.append((number, figure))
    facts: list[Fact] = []
    for first, last in no_promise.compared(text, span) if any(figure for _, figure in figures) else ():
        figures = [pair for pair in figures if not first <= pair[0].start < last]
    for index, (number, figure) in enumerate(figures):
        if figure is None:
            continue
        previous = figures[index - 1] if index else None
        begin = None if previous is None else _range_start(text, previous, (number, figure), span, language)
        if no_promise.is_none(text, figure.kind, figure.start if begin is None else begin, figure.end, span):
            continue
        if begin is None:
            facts.extend(_fact(text, figure, span, language, ""))
            continue
        figure = _hired(text, number, figure, begin, span, language)
        while facts and facts[-1].end > begin:  # the lower end, told on its own
            facts.pop()
        facts.extend(_fact(text, figure._replace(start=begin), span, language, "up to"))
    return facts


def _hired(text: str, number: Numeral, figure: _Figure, begin: int, span: tuple[int, int], language: str) -> _Figure:
    """The range of people with the kind that the words before its lower end give it: "hire 60 to 80 engineers"."""
    if figure.kind not in ("people", "jobs") or language in _CJK:
        return figure
    head = counted.find(text, (number.start, number.end), span, language, begin)
    return figure if head is None else figure._replace(kind=head.kind, unit=_UNITS[head.kind])


def _fact(text: str, figure: _Figure, span: tuple[int, int], language: str, qualifier: str) -> list[Fact]:
    """The finished fact, or nothing where the figure is outside of what is news."""
    smallest, largest = SMALLEST.get(figure.kind, 0), LARGEST.get(figure.kind)
    if figure.value < smallest or (largest is not None and figure.value > largest) or figure.value <= 0:
        return []
    start, end = figure.start, figure.end
    found, start, end = qualifiers.read(text, start, end, span, language)
    quote = text[start:end]
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    return [
        Fact(
            kind=figure.kind,
            value=float(figure.value),
            unit=figure.unit,
            quote=quote,
            start=start,
            end=start + len(quote),
            qualifier=qualifier or found,
        )
    ]


def _measured(text: str, number: Numeral, span: tuple[int, int], language: str) -> _Figure | None:
    """What the number measures, by the marks and words around it."""
    one = number.spelled and number.value < _FEWEST and not number.scaled  # every other 一 of a Chinese text
    money = None if one else _money(text, number, span, language)
    if money is not None:
        return money
    if _closed(text, number, language):
        return None
    if number.letter and number.letter not in "kKmM":
        return None
    for kind, pattern, factors in _UNITS_BEHIND if _unit_may_follow(text, number.end) else ():
        unit = pattern.match(text, number.end, span[1])
        if unit is not None and not (unit[1] == "瓦" and number.spelled):  # 百萬瓦 alone is the name of a unit
            value = number.value * Decimal(factors[unit[1][0].lower()])
            return _Figure(kind, value, _UNITS[kind], number.start, unit.end())
    if number.article or one:
        return None
    return _count(text, number, span, language)


def _unit_may_follow(text: str, at: int) -> bool:
    """Whether what stands behind a number begins as a unit of power or computing does."""
    char = text[at : at + 1]
    return (text[at + 1 : at + 2] if char in _GAPS else char) in _UNIT_LETTERS


# What follows a number that nothing after it measures: every unit, noun and "or more" begins with a letter, a space, a
# hyphen, a plus or a currency's mark.
_CLOSING = frozenset(",.;:)]!?%”’»\"'")


def _closed(text: str, number: Numeral, language: str) -> bool:
    """Whether a mark right behind the number parts it from whatever follows."""
    return language not in _CJK and text[number.end : number.end + 1] in _CLOSING


def _count(text: str, number: Numeral, span: tuple[int, int], language: str) -> _Figure | None:
    value = number.value
    if value != value.to_integral_value():
        if number.thousands is None:
            return None
        value = number.thousands
    if language in _CJK:
        noun = counted_cjk.find(text, number.end, number.start, span, language)
        if noun is None:
            return None
        kind, end = noun
        if kind == "people":
            end = counted_cjk.noun_end(text, end, span[1], language)
    else:
        head = counted.find(text, (number.start, number.end), span, language, number.start)
        if head is None:
            return None
        kind, end = head.kind, head.end
    if _year(text, number, value):
        return None
    return _Figure(kind, value, _UNITS[kind], number.start, end)


def _year(text: str, number: Numeral, value: Decimal) -> bool:
    """Whether "2026" in "in 2026 companies will" is a year."""
    if number.grouped or number.scaled or number.spelled or not 1900 <= value <= 2099:
        return False
    return _YEAR_LEFT.search(text[max(0, number.start - 12) : number.start]) is not None


def _money(text: str, number: Numeral, span: tuple[int, int], language: str) -> _Figure | None:
    start, end = number.start, number.end
    mark = None
    close = start - (2 if start > span[0] + 1 and text[start - 1] in " \u00a0\u202f-" else 1)
    if close >= span[0] and currencies.may_precede(text[close], language):
        mark = currencies.before(language).search(text, max(span[0], start - 10), start)
    name = None if _closed(text, number, language) else currencies.after(language).match(text, end, span[1])
    if mark is None and (name is None or _weight(text, number, name, span, language)):
        return None
    traditional = language == "zh" and _traditional(
        text[start:end], text[max(span[0], start - 200) : min(span[1], end + 200)]
    )
    if mark is not None:
        iso = currencies.code(mark[1], language, traditional=traditional)
        start = mark.start()
        if name is not None and (language == "zh" or name[1] == mark[1]):  # 新台幣 30 億元
            end = name.end()
    else:
        assert name is not None
        iso, end = currencies.code(name[1], language, traditional=traditional), name.end()
        # Common words that are also currencies: "companies won", "a real", "the rand".
        if name[1].lower() in ("won", "real", "reales", "rand", "sterling", "元", "원") and not (
            number.scaled or value_at_least(number)
        ):
            return None
    if number.value < 10_000:
        words = WORDS.get(language)
        if (
            words
            and matcher(words.rate).match(text, end, span[1])
            and not matcher(words.years).match(text, end, span[1])
        ):
            return None
    return _Figure("money", number.value, iso, start, end, mark is not None)


def value_at_least(number: Numeral) -> bool:
    """Whether a number without a scale word is large enough to be a sum."""
    return number.value >= 1000


def _traditional(number: str, line: str) -> bool:
    """Whether a Chinese number, or else the line around it, is in traditional characters."""
    for sample in (number, line):
        if set("億萬這個來國與業為於會") & set(sample):
            return True
        if set("亿万这个来国与业为于会") & set(sample):
            return False
    return False


def _weight(text: str, number: Numeral, name: re.Match[str], span: tuple[int, int], language: str) -> bool:
    """Whether pounds are a weight here (or, in French, books)."""
    if name[1].lower() not in currencies.WEIGHTS.get(language, frozenset()):
        return False
    if language in _CJK:
        return _WEIGHT_CJK[language].match(text, name.end(), span[1]) is not None
    words = WORDS[language]
    if language == "en" and not number.scaled and text[number.end] == "-":  # "a 4,000-pound robot"
        return True
    if matcher(words.weight_after).match(text, name.end(), span[1]):
        return True
    left, right = counted.sentence(text, number.start, *span)
    return bool(matcher(f"(?i:{words.weight_near})").search(text, left, right)) and not matcher(
        f"(?i:{words.money_near})"
    ).search(text, left, right)


_SENTENCE_END = re.compile(r"[.!?](?= )|[。！？]")
_PART_CJK = re.compile(r"(?:うち|이 ?중|그 ?중|其中)[^、。，]{0,24}\Z")
_MEASURE_CJK = re.compile(r"\s?(?:個|基|枚|台|名|人|社|개|장|대|명|곳|颗|顆|块|塊|张|張|片|家|位)?")
_WORD_AFTER = re.compile(r"[ \u00a0]([^\W\d_]+)")


def _share(text: str, number: Numeral, span: tuple[int, int], language: str, whole: _Figure) -> _Figure | None:
    """ "300,000 GPUs, 60,000 of them in the UK": a part of the count before it in the same sentence."""
    if number.value > whole.value or number.value != number.value.to_integral_value():
        return None
    if number.start - whole.end > 120:
        return None
    between = text[whole.end : number.start]
    if _SENTENCE_END.search(between):
        return None
    if language in _CJK:
        part = _PART_CJK.search(between)
        measure = _MEASURE_CJK.match(text, number.end, span[1])
        return (
            None
            if part is None or measure is None
            else whole._replace(value=number.value, start=number.start, end=measure.end())
        )
    words = WORDS.get(language, WORDS["en"])
    after = matcher(words.part_after).match(text, number.end, span[1])
    before = matcher(rf"\b(?:{words.part_before})\Z").search(between)
    if after is None and before is None:
        return None
    if after is None and whole.kind != "money":  # "including 60,000 in the UK": a preposition, and no other noun
        follow = _WORD_AFTER.match(text, number.end, span[1])
        if follow is not None and follow[1].lower() not in counted.lexicon(language).stops:
            return None
    return whole._replace(value=number.value, start=number.start, end=after.end() if after else number.end)


def _bare_sum(text: str, number: Numeral, whole: _Figure) -> _Figure | None:
    """ "cost £23 million; the council put in 5 million.": a scaled number that counts nothing, behind a sum."""
    between = text[whole.end : number.start]
    if (
        len(between) > 120
        or re.search(r"[.!?] |[。！？]", between)
        or text[number.end : number.end + 1] not in ("", ".", ";", ",", ")")
    ):
        return None
    return whole._replace(value=number.value, start=number.start, end=number.end, symbol=False)


def _second_of_range(text: str, lower: tuple[Numeral, _Figure | None], number: Numeral) -> _Figure | None:
    """The 2 billion of "£1–2 billion", whose mark stands before the 1."""
    own = lower[1]
    if own is None or not own.symbol or lower[0].scaled or not _DASH.fullmatch(text[lower[0].end : number.start]):
        return None
    return own._replace(value=number.value, start=number.start, end=number.end, symbol=False)


def _range_start(
    text: str,
    lower: tuple[Numeral, _Figure | None],
    upper: tuple[Numeral, _Figure],
    span: tuple[int, int],
    language: str,
) -> int | None:
    """Where a range begins that ends in `upper`, or None where the two numbers are none."""
    number, figure = upper
    first, own = lower
    if first.value > figure.value or (own is not None and own.kind != figure.kind):
        return None
    begin = own.start if own is not None else first.start
    gap = text[own.end if own is not None and own.end <= figure.start else first.end : min(figure.start, number.start)]
    words = WORDS.get(language)
    if _DASH.fullmatch(gap) or gap.strip() in ("から", "에서", "至", "到"):
        return begin
    if words is None:
        return begin if language in _CJK and gap.strip() in ("至", "到", "から") else None
    between = matcher(rf"(?:{words.between})\Z").search(text, max(span[0], begin - 12), begin)
    halved = own is not None and own.symbol and not first.scaled and number.scaled  # "£2 to £3 billion"
    if gap.strip() in words.to.split() and (own is None or between or halved):
        return between.start() if between else begin
    return between.start() if between and gap.strip() == words.and_ else None
