"""Figures as an analyst writes them: "£2 billion", "up to 120,000 GPUs", "1.2 GW". Does no input or output."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log10
from typing import Protocol

from presswatch.models import Fact

_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥", "KRW": "₩", "INR": "₹", "ILS": "₪"}
_NOUNS = {
    "gpus": ("GPU", "GPUs"),
    "jobs": ("job", "jobs"),
    "people": ("person", "people"),
    "companies": ("company", "companies"),
}
_ORDER = ("money", "gpus", "power", "compute", "jobs", "people", "companies")
_STEPS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_QUALIFIERS = frozenset(
    {
        *("up to", "more than", "over", "at least", "nearly", "almost", "about", "around", "approximately", "roughly"),
        *("less than", "fewer than", "a further", "another", "an additional"),
    }
)
# What a unit is worth in pounds, to the order of magnitude: enough to say which story weighs more, and
# not worth correcting when rates move. Money of any other currency counts as a tenth of a pound.
_WORTH = {
    "GBP": 1.0,
    "USD": 0.8,
    "EUR": 0.9,
    "CHF": 0.9,
    "JPY": 0.005,
    "CNY": 0.1,
    "KRW": 0.0006,
    "TWD": 0.025,
    "INR": 0.01,
    "gpu": 3e4,
    "MW": 1e7,
    "exaflops": 1e7,
    "job": 5e4,
    "person": 1e3,
    "company": 1e4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure in words, with the source's own where they say more."""

    text: str  # "up to 120,000 GPUs"
    quote: str  # as the source has it; empty where it says no more than `text`
    language: str  # of the quote


def key(fact: Fact) -> str:
    """The same for one figure in several versions, however each rounds or writes it."""
    return f"{fact.kind}:{fact.value:.3g}:{fact.unit}"


def weight(facts: Iterable[Fact]) -> int:
    """The order of magnitude of the greatest figure, 0 where there is none: what puts a story first."""
    worth = max((fact.value * _WORTH.get(fact.unit, 0.1) for fact in facts), default=0.0)
    return int(log10(worth)) if worth >= 1 else 0


def figures(facts: Iterable[tuple[Fact, str]]) -> tuple[Figure, ...]:
    """Each figure once, money first and the greater before the less; takes each fact with its text's language."""
    once: dict[str, tuple[Fact, str]] = {}
    for fact, language in facts:
        earlier = once.get(key(fact))
        if earlier is None or (fact.qualifier and not earlier[0].qualifier and language == earlier[1]):
            once[key(fact)] = fact, language
    ordered = sorted(once.values(), key=lambda pair: _rank(pair[0]))
    return tuple(_figure(fact, language) for fact, language in ordered)


class Amount(Protocol):
    """What can be worded: a fact, or a commitment made of one."""

    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def qualifier(self) -> str: ...


def worded(fact: Amount) -> str:
    """The figure with its unit and qualifier, in English."""
    if fact.kind == "money":
        amount = _money(fact.value, fact.unit)
    elif fact.kind == "power":
        amount = f"{_number(fact.value / 1000)} GW" if fact.value >= 1000 else f"{_number(fact.value)} MW"
    elif fact.kind == "compute":
        amount = f"{_number(fact.value)} exaflops" if fact.value >= 1 else f"{_number(fact.value * 1000)} petaflops"
    else:
        one, many = _NOUNS.get(fact.kind, (fact.unit, fact.unit))
        amount = f"{_large(fact.value)} {one if fact.value == 1 else many}"
    qualifier = fact.qualifier.strip().lower()
    return f"{qualifier} {amount}" if qualifier in _QUALIFIERS else amount


def _figure(fact: Fact, language: str) -> Figure:
    text = worded(fact)
    quote = " ".join(fact.quote.split())
    same = _bare(quote) in _bare(text) or (_bare(text) in _bare(quote) and len(quote) - len(text) < 4)
    return Figure(text=text, quote="" if same else quote, language=language)


def _rank(fact: Fact) -> tuple[int, float]:
    kind = _ORDER.index(fact.kind) if fact.kind in _ORDER else len(_ORDER)
    return kind, -fact.value * _WORTH.get(fact.unit, 0.1)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter in "£$€¥₩₹.,")


def _money(value: float, currency: str) -> str:
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{_large(value)}" if symbol else f"{currency} {_large(value)}"


def _large(value: float) -> str:
    for step, name in _STEPS:
        # 999,999,999 would round to "1,000 million".
        if value >= step * 0.999995:
            return f"{_number(value / step)} {name}"
    return _number(value)


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
