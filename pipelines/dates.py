"""Dates as pages write them, and which of several to believe. Does no input or output.

Every time is aware and in UTC. A date without a time is midnight UTC, a time
without a zone is taken as UTC. A date found in running text is never asked for:
htmldate's guesses from text are wrong in one of eleven.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# No newsroom had a web page before; dates like 1970-01-01 or 0001-01-01 are a program's empty value.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# Clocks and time zones differ; anything further ahead is a slip of the pen or an event's date.
AHEAD = timedelta(days=2)

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio janeiro jan janv ene gen janner",
            "february februar fevrier febrero febbraio fevereiro feb fevr fev febr",
            "march marz mars marzo marco mar mrz",
            "april avril abril aprile apr avr abr",
            "may mai mayo maggio maio mag",
            "june juni juin junio giugno junho jun giu",
            "july juli juillet julio luglio julho jul juil lug",
            "august aout agosto aug ago",
            "september septembre septiembre setiembre settembre setembro sep sept set sett",
            "october oktober octobre octubre ottobre outubro oct okt ott out",
            "november novembre noviembre novembro nov",
            "december dezember decembre diciembre dicembre dezembro dec dez dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(
    r"(?<![\d-])(\d{4}-\d{2}-\d{2})"
    r"(?:[T ](\d{2}:\d{2})(:\d{2})?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?![\d:]))?"
)
_RFC = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{2,4} \d{2}:\d{2}")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[年년./-]\s?(\d{1,2})\s?[月월./-]\s?(\d{1,2})(?!\d)")
_ERA = re.compile(r"(令和|民國|民国)\s?(\d{1,3}|元)年\s?(\d{1,2})月\s?(\d{1,2})日")
_ERA_START = {"令和": 2018, "民國": 1911, "民国": 1911}
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|[.oa°])?\s?(?:de |of |di )?\s?([a-z]{3,10})"
    r"\.?,?\s(?:de |del |of )?((?:19|20)\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"(?<![a-z])([a-z]{3,10})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s((?:19|20)\d{2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d{2})(?!\d|\.\d)")
_DATE_LAST = re.compile(r"[\d日일]\W*(?:[（(]\w{1,3}[)）])?$")
_ADDRESS = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one place says of an article's date: `origin` is a value of `Article.published_from`."""

    origin: str
    at: datetime | None


def utc(moment: datetime) -> datetime | None:
    """`moment` in UTC; a naive one is taken as UTC. None where the result is no date at all."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    found = _ISO.search(text)
    if not found:
        return None
    day, minute, second, zone = found.groups()
    zone = {"UTC": "Z", "GMT": "Z"}.get(zone or "", zone or "")
    try:
        return utc(datetime.fromisoformat(f"{day}T{minute}{second or ''}{zone}" if minute else day))
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    if not _RFC.search(text):
        return None
    try:
        return utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _words(text: str) -> datetime | None:
    """A date with its month in words, in any of the European languages."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    for found in _DAY_MONTH.finditer(plain):
        if month := _MONTHS.get(found[2]):
            return _day(int(found[3]), month, int(found[1]))
    for found in _MONTH_DAY.finditer(plain):
        if month := _MONTHS.get(found[1]):
            return _day(int(found[3]), month, int(found[2]))
    return None


def _numbers(text: str, language: str | None) -> datetime | None:
    """A date in figures; 04/05/2025 is read by the language's habit, and not at all where that is unknown."""
    if found := _ERA.search(text):
        year = _ERA_START[found[1]] + (1 if found[2] == "元" else int(found[2]))
        return _day(year, int(found[3]), int(found[4]))
    if found := _YEAR_FIRST.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if not (found := _NUMERIC.search(text)):
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    tag = (language or "").lower().replace("_", "-")
    if second > 12 or (first <= 12 and found[2] != "." and tag in ("en", "en-us")):
        return _day(year, first, second)
    if first > 12 or found[2] == "." or tag:
        return _day(year, second, first)
    return None


def parse(text: str, language: str | None = None) -> datetime | None:
    """The date that a short text states, or None. `language` (a tag such as "en-GB") settles 04/05/2025.

    For what a page marks as a date: an attribute, a field, a date element's
    text. Text before and after the date ("Posted on …, by …") is passed over.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[:200]).split())
    return _iso(plain) or _rfc(plain) or _words(plain) or _numbers(plain, language)


def is_only_a_date(text: str) -> bool:
    """Whether a line holds a date and next to nothing else, as the line under a headline does."""
    return len(text) <= 48 and bool(_DATE_LAST.search(text)) and parse(text, "en") is not None


def from_address(url: str) -> datetime | None:
    """The day in an address such as `/2025/09/22/slug`."""
    found = _ADDRESS.search(url)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def plausible(moment: datetime | None, fetched_at: datetime) -> bool:
    """Whether an article fetched at `fetched_at` can have this date."""
    return moment is not None and EARLIEST <= moment <= fetched_at + AHEAD


def choose(claims: Iterable[Claim], fetched_at: datetime) -> tuple[datetime | None, str | None]:
    """The first plausible claim and its origin; the order of `claims` is the order of trust."""
    for claim in claims:
        moment = utc(claim.at) if claim.at else None
        if plausible(moment, fetched_at):
            return moment, claim.origin
    return None, None
