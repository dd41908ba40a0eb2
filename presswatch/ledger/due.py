"""The date that a sentence sets for what it promises, in ten languages. Does no input or output.

Only what names a year counts, after a word that makes it a term: "by the end of
2026", "bis Ende 2026", "2026年末までに". A span ("over the next five years") is no
date, and a date that had passed when the sentence was published is no promise. A
term stands for the last day it allows: "by 2030" is 31 December 2030, "by early
2027" the last day of March.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio janeiro janner",
            "february februar fevrier febrero febbraio fevereiro",
            "march marz mars marzo marco",
            "april avril abril aprile",
            "may mai mayo maggio maio",
            "june juni juin junio giugno junho",
            "july juli juillet julio luglio julho",
            "august aout agosto",
            "september septembre septiembre settembre setembro",
            "october oktober octobre octubre ottobre outubro",
            "november novembre noviembre novembro",
            "december dezember decembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>20[2-9]\d)(?!\w|[.,]\d)"
# What may stand between the term's word and the year; the last month that each allows.
_PARTS = {
    3: r"early|start of|beginning of|debut|anfang|inicios de|principios de|comienzos de|inizio|inicio de|comeco de",
    6: r"middle of|mid|mi|mitte|mediados de|meta|meados de",
    9: r"autumn(?: of)?|fall of",
    12: r"late|end of|the end of|close of|year-end|end|la fin de|fin de|fin|ende|finales de|final de|fines de"
    r"|la fine del|fine del|fine|il fine del|o final de|ao final de|fim de|o fim de|ao fim de|final do|fim do",
}
_WHEN = "|".join(f"(?P<part{month}>{words})" for month, words in _PARTS.items())
_QUARTER = (
    r"q(?P<q1>[1-4])|(?P<q2>first|second|third|fourth) quarter of|(?P<q3>[1-4])\.? quartal"
    r"|(?P<half>first|second) half of"
)
_TERM = (
    r"by|before|no later than|not later than|until|due in|online in|open in|opens in|complete in|completed in"
    r"|d'ici a|d'ici|avant|a l'horizon|jusqu'a|en|pour"
    r"|bis zum|bis|vor|im jahr|noch im jahr"
    r"|para|antes de|hasta|de aqui a"
    r"|entro|prima del|nel|ate"
)
_EUROPEAN = re.compile(
    rf"(?<![\w'])(?:{_TERM})\s+(?:the\s+|le\s+|la\s+|el\s+|il\s+|o\s+|a\s+|l'|ao\s+)?"
    rf"(?:(?:{_WHEN}|{_QUARTER})[\s-]+(?:de |des jahres |del |do |d')?)?"
    rf"(?:(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:de |of )?)?(?P<month>{_MONTH})\s+"
    rf"(?:(?P<day2>\d{{1,2}}),?\s+)?(?:de |del |of )?)?{_YEAR}"
)
_FUTURE_IN = re.compile(  # "in 2027" promises only where the verb looks ahead
    rf"(?<!\w)(?:will|to|set|expected|planned|due|scheduled|aims?|plans?)\b[^.;]{{0,160}}?\bin\s+"
    rf"(?:(?:{_WHEN})[\s-]+)?(?:(?P<month>{_MONTH})\s+)?{_YEAR}"
)
_ASIAN = re.compile(
    r"(?P<year>20[2-9]\d)\s?[年년](?:度)?\s?(?:(?P<month>1[0-2]|[1-9])\s?[月월]|(?P<early>初|초|年初)|(?P<mid>半ば|中頃|年中|중반)|"
    r"(?P<late>末|底|年底|年末|말))?\s?(?:(?P<day>\d{1,2})\s?[日일])?\s?(?:末|底|말)?(?:までに|まで|까지|之前|以前|前)"
)
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last day that a term allows, and the words that set it."""

    on: date
    words: str


def find(sentence: str, published: date) -> Due | None:
    """The first term of the sentence that lies after `published`, or None."""
    folded = _fold(sentence)
    matches = sorted(
        (match for pattern in (_EUROPEAN, _FUTURE_IN, _ASIAN) for match in pattern.finditer(folded)),
        key=lambda match: match.end(),
    )
    for match in matches:
        on = _last_day(match.groupdict())
        if on is not None and on > published:
            return Due(on=on, words=_words(sentence[match.start() : match.end()], match.re is _FUTURE_IN))
    return None


def _fold(text: str) -> str:
    """Lower case without accents, letter for letter, so that places hold."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    if letter in "’ʼ":
        return "'"
    if letter in "\u2010\u2011\u2013":
        return "-"
    base = letter if "\u1100" <= letter <= "\ud7af" else unicodedata.normalize("NFKD", letter)[:1]
    return (base.lower() or letter)[:1]


def _words(text: str, from_verb: bool) -> str:
    """The words that name the date, without the verb before them: "in 2027" of "will open in 2027"."""
    verb = re.match(r".*\b(?=in\s)", text, re.IGNORECASE | re.DOTALL) if from_verb or " in " in text else None
    return " ".join(text[verb.end() if verb else 0 :].split())


def _last_day(found: dict[str, str | None]) -> date | None:
    year = int(found["year"] or 0)
    month = _month(found)
    day = int(found.get("day") or found.get("day2") or 0)
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None


def _month(found: dict[str, str | None]) -> int:
    if name := found.get("month"):
        return int(name) if name.isdigit() else _MONTHS[name]
    for month in _PARTS:
        if found.get(f"part{month}"):
            return month
    if quarter := found.get("q1") or found.get("q3"):
        return 3 * int(quarter)
    if quarter := found.get("q2"):
        return 3 * _ORDINAL[quarter]
    if half := found.get("half"):
        return 6 * _ORDINAL[half]
    if found.get("early"):
        return 3
    return 6 if found.get("mid") else 12
