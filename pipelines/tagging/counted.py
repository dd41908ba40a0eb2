"""What a number counts, in the languages written with spaces: GPUs, jobs, people or companies. Does no input or output.

The noun decides. In English and German it may stand some words after the number
("200 highly skilled engineering roles"), and the first plural ends the search,
so that "200 requests to developers" counts no developers. In French, Spanish,
Italian and Portuguese it stands right after the number or after an adjective of
a short list. Then the sentence decides: people who are hired are jobs, people
who came to a show are no fact.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.tagging import agents
from pipelines.tagging.figure_record import Words
from pipelines.tagging.figure_words import COMPLEMENTS, NO_CHIPS, NOT_HIRED, WORDS

_WORD = re.compile(r"[^\W_]{1,60}+(?>(?:[-'’.&][^\W_]{1,60}+){0,6})(?:\.(?=[ ,]))?")
_GAP = re.compile(r"[ \u00a0\u202f\u2009]|-")
# NVIDIA's products that are one GPU each when they are counted: "10,000 H100s".
_PRODUCT = re.compile(r"(?:G?[ABHRVL]\d{2,3}s?|GB\d{3}s?|L40S|MI\d{3}X?s?|Blackwells|Hoppers|Rubins)\Z")
_NAME = re.compile(r"(?:[A-Z]|\d)")
_NO_GPU_AFTER = re.compile(
    r"[ -](?:hours?|days?|years?|minutes?|generations?|nodes?|racks?|servers?|models?|types?|instances?|families"
    r"|(?:per|each|pro|par|por|je) [^\W\d_]{3,}"
    r"|heures?|horas?|ore\b|Stunden|nœuds|serveurs|nodos|servidores|nodi|server\b|Knoten|Server)"
)
_COMMA = re.compile(r", (?=[a-z][\w-]* )")  # "120 new, well-paid jobs"
_ABBREVIATION = re.compile(r"(?:[A-Z]\.)+")
_NOT_ONE_GPU = re.compile(
    r"[ -](?:systems?|racks?|nodes?|servers?|clusters?|NVL\d+|based|powered|class|platforms?|Syst|Rack|systèmes|sistem)"
)
_GPU_NAME = re.compile(r"[ \u00a0\u202f]((?:[A-Z][\w-]*|\d[\w-]*[A-Z]\w*))(?![\w'’])")
_EDGE = re.compile(r"[.!?…][\"”’»)]*[ \u00a0]+(?=[A-ZÀ-Ý0-9\"“«¿¡„])|[。！？\n]")
# "2,000 training jobs" run on a computer, "blog posts" are read.
_NO_JOBS = frozenset({"blog", "forum", "social", "guard", "check", "trading", "batch", "compute", "inference", "gpu"})
_NO_JOBS |= {"simulation", "training", "rendering", "print", "cron", "leading", "top"}
# English plurals that describe another noun: "life sciences start-ups", "sales staff".
_PLURAL_MODIFIERS = frozenset(
    "sales operations systems communications sports sciences arts games services humanities customs savings".split()
)
_NEAR = 500  # characters; keeps a page that is one endless line from costing the square of its length
_RANKED = frozenset("fortune ftse top global forbes s&p dax nikkei ibex cac kospi nasdaq inc. deloitte".split())


class Counted(NamedTuple):
    """A counted noun: its kind, where its phrase ends, and its head in lower case."""

    kind: str
    end: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    """One language's tables, looked up by word."""

    words: Words
    heads: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    tails: tuple[str, ...]
    adjectives: frozenset[str]
    stops: frozenset[str]
    of: re.Pattern[str]
    plus: re.Pattern[str]
    hiring: re.Pattern[str]
    hiring_after: re.Pattern[str]
    hiring_around: re.Pattern[str]
    jobs_for: re.Pattern[str]
    training: re.Pattern[str]
    founders: re.Pattern[str]
    attending: re.Pattern[str]
    population: re.Pattern[str]
    joined: re.Pattern[str]  # "and data scientists"
    complements: dict[str, tuple[tuple[re.Pattern[str], str], ...]]  # by noun


@lru_cache(maxsize=8)
def lexicon(language: str) -> _Lexicon:
    """The tables of one language, compiled; English for a language that has none."""
    words = WORDS.get(language, WORDS["en"])
    heads: dict[str, str] = {}
    endings: list[tuple[str, str]] = []
    for kind, listed in (
        ("gpus", words.gpus), ("chips", words.chips), ("jobs", words.jobs), ("companies", words.companies),
        ("people", words.people), ("members", words.members), ("learners", words.learners), ("", words.no_heads),
    ):  # fmt: skip
        for word in listed.lower().split():
            if word.startswith("-"):
                endings.append((word[1:], kind))
            else:
                heads[word] = kind
    return _Lexicon(
        words=words,
        heads=heads,
        endings=tuple(sorted(endings, key=lambda e: -len(e[0]))),
        tails=tuple(e for e, _ in endings),
        adjectives=frozenset(words.adjectives.split()),
        stops=frozenset(words.stops.split()),
        of=re.compile(words.of),
        plus=re.compile(words.more_than_after),
        hiring=re.compile(rf"(?:{words.hiring_near})(?:[^\W\d_]+\s){{0,2}}\Z"),
        hiring_after=re.compile(words.hiring_after),
        hiring_around=re.compile(words.hiring_around),
        jobs_for=re.compile(words.jobs_for),
        training=re.compile(words.training_near),
        founders=re.compile(words.founders_near),
        attending=re.compile(words.attending_near),
        population=re.compile(words.population_before),
        joined=re.compile(rf" {words.and_} ((?:[\w-]+ ){{0,2}}?)([\w-]+)"),
        complements={
            noun: tuple((re.compile(pattern), kind) for pattern, kind in rows)
            for noun, rows in COMPLEMENTS.get(language, {}).items()
        },
    )


def sentence(text: str, at: int, start: int, end: int) -> tuple[int, int]:
    """The sentence around `at`, within `start` and `end`; no farther than `_NEAR` where it does not end."""
    start, end = max(start, at - _NEAR), min(end, at + _NEAR)
    left = start
    for edge in _EDGE.finditer(text, start, end):
        if edge.end() > at:
            return left, edge.start() + 1
        left = edge.end()
    return left, end


@lru_cache(maxsize=8192)
def _kind(word: str, language: str) -> str | None:
    """The kind of a noun by list or ending; None for a word that is neither."""
    tables = lexicon(language)
    if language == "de" and not any(part[:1].isupper() for part in word.split("-")):
        return None
    low = word.lower()
    known = tables.heads.get(low)
    if known is not None:
        return known or None
    if not low.endswith(tables.tails):
        return None
    return next(kind for ending, kind in tables.endings if low.endswith(ending))


def find(text: str, number: tuple[int, int], span: tuple[int, int], language: str, floor: int) -> Counted | None:
    """What the number at `number` counts. `span` is the paragraph, `floor` where the figure's own words begin."""
    tables = lexicon(language)
    noun = _noun(text, number[1], span[1], language, tables) or _trained(text, number, span, language, tables)
    if noun is None:
        return None
    counted, modifiers = noun
    before = text[max(span[0], number[0] - 24) : number[0]].split()
    if (
        before
        and not text[number[0] - 1].isdigit()
        and _belongs_to_name(before[-1], text[number[0] : number[1]], counted.kind)
    ):
        return None
    return _decided(text, counted, modifiers, span, floor, language, tables)


def _trained(
    text: str, number: tuple[int, int], span: tuple[int, int], language: str, tables: _Lexicon
) -> tuple[Counted, list[str]] | None:
    """Persons that no list holds, in a sentence that teaches or hires."""
    pattern = agents.pattern(language)
    match = pattern.match(text, number[1], span[1]) if pattern else None
    if match is None or _kind(match[1], language) is not None or agents.MACHINES.search(match[1]):
        return None
    left, right = sentence(text, number[0], *span)
    if not agents.TAUGHT.search(text, max(left, number[0] - 60), min(right, match.end() + 40)):
        return None
    end = _phrase_end(text, match.end(1), span[1], "people", language, tables)
    return Counted(kind="people", end=end, head=match[1].lower()), []


def _belongs_to_name(word: str, digits: str, kind: str) -> bool:
    """Fortune 500 companies, RTX 6000 GPUs: the number is part of a name."""
    if word.lower() in _RANKED:
        return True
    return (
        kind == "gpus"
        and digits.isdigit()
        and bool(re.fullmatch(r"(?:[A-Z]{3,}|RTX|Jetson|GeForce|Quadro|Station)", word))
    )


def _noun(text: str, at: int, end: int, language: str, tables: _Lexicon) -> tuple[Counted, list[str]] | None:
    """The first counted noun after a number, and the words between."""
    after = at
    plus = tables.plus.match(text, at, end)
    if plus is not None:
        after = plus.end()
    gap = _GAP.match(text, after, end)
    if gap is None:
        return None
    after = gap.end()
    hyphen = gap[0] == "-"
    lead = tables.of.match(text, after, end)
    if lead is not None:
        after = lead.end()
    modifiers: list[str] = []
    product, named = 0, False
    for _ in range(8):  # "320 RTX PRO 6000 Blackwell Server Edition GPUs"
        word = _WORD.match(text, after, end)
        if word is None:
            break
        token = word[0]
        if token[-1] == "." and not _ABBREVIATION.match(token):
            token = token.rstrip(".")
        kind = _kind(token, language)
        stop = word.start() + len(token)
        if hyphen and kind is None and language == "en" and token.split("-")[0] in ("strong", "person"):
            return Counted(kind="people", end=stop, head="persons"), modifiers
        if kind is not None and not (language == "en" and _modifies(text, stop, end, token, tables)):
            counted = Counted(kind=kind, end=_phrase_end(text, stop, end, kind, language, tables), head=token.lower())
            return counted, modifiers
        # "Bis 2031 sollen 1.200 Menschen": the second number counts them, but "RTX PRO 6000" is a name.
        counts = not named and _DIGITS.fullmatch(token) is not None
        named = token[0].isupper()
        if (named and _PRODUCT.match(token)) or (product and token in ("Ultra", "Super")):
            product = stop
        elif counts or not (_NAME.match(token) if product else _passes(token, modifiers, language, tables)):
            break
        modifiers.append(token.lower())
        following = _GAP.match(text, stop, end)
        if following is None and language == "en" and token.islower() and not product:
            following = _COMMA.match(text, stop, end)
        if following is None or stop != word.end():
            break
        after = following.end()
    if product and "." not in text[at : at + 1]:
        return (
            None
            if _NOT_ONE_GPU.match(text, product, end)
            else (Counted(kind="gpus", end=product, head="gpus"), modifiers)
        )
    return None


def _modifies(text: str, stop: int, end: int, token: str, tables: _Lexicon) -> bool:
    """Whether an English singular noun only describes the next one: "300 student projects", "96 GPU nodes"."""
    if token.lower() in ("gpu", "superchip"):
        return False
    return token.lower() in ("staff", "workforce", "faculty") and _plural_next(text, stop, end, tables)


_NEXT_WORD = re.compile(r" ([a-z-]+)")


def _plural_next(text: str, stop: int, end: int, tables: _Lexicon) -> bool:
    following = _NEXT_WORD.match(text, stop, end)
    return following is not None and following[1].endswith("s") and following[1] not in tables.stops


_DIGITS = re.compile(r"\d[\d.,]*")


def _passes(token: str, modifiers: list[str], language: str, tables: _Lexicon) -> bool:
    """Whether the noun may still follow after this word."""
    low = token.lower()
    if language == "de":
        return low not in tables.stops or low == tables.words.and_
    if low in tables.stops or (low == tables.words.and_ and not modifiers):
        return False
    if language == "en":
        if low == "and":
            return True
        plural = (
            low.endswith("s") and not low.endswith(("ss", "us", "is", "'s", "’s")) and token.islower() and len(low) > 3
        )
        return not plural or low in _PLURAL_MODIFIERS or low.endswith("ics")
    return low in tables.adjectives or bool(_NAME.match(token))


def _phrase_end(text: str, stop: int, end: int, kind: str, language: str, tables: _Lexicon) -> int:
    """Where the noun's phrase ends: "GPU Blackwell Ultra", "clinicians and data scientists"."""
    if kind in ("gpus", "chips") and language in ("fr", "es", "it", "pt"):
        while (name := _GPU_NAME.match(text, stop, end)) is not None:
            stop = name.end()
        return stop
    if kind in ("gpus", "chips"):
        return stop
    joined = tables.joined.match(text, stop, end)
    if (
        joined is not None
        and _kind(joined[2], language) == kind
        and not any(w in tables.stops for w in joined[1].split())
    ):
        return joined.end()
    return stop


def _decided(
    text: str,
    counted: Counted,
    modifiers: list[str],
    span: tuple[int, int],
    floor: int,
    language: str,
    tables: _Lexicon,
) -> Counted | None:
    """The kind that the noun has in its sentence, or None where it is none of ours."""
    kind, head = counted.kind, counted.head
    for pattern, other in tables.complements.get(head, ()):
        if (complement := pattern.match(text, counted.end, span[1])) is not None:
            if not other:
                return None
            kind, counted = other, Counted(kind=other, end=complement.end(), head=head)
            break
    if kind == "gpus":
        return None if _NO_GPU_AFTER.match(text, counted.end, span[1]) else counted
    if kind == "chips":
        return None if NO_CHIPS & {*modifiers, *re.split("-", head)} or _cpu(modifiers) else _as(counted, "gpus")
    if (
        kind == "jobs"
        and head == "posti"
        and not text.startswith(" di lavoro", counted.end)
        and _COURSE.search(text, max(span[0], floor - 60), floor)
    ):
        return _as(counted, "people")
    if kind == "jobs":
        return None if _NO_JOBS & set(modifiers) else _as(counted, "jobs")
    if kind == "companies":
        return _as(counted, "companies")
    left, right = sentence(text, floor, *span)
    around = text[left:right]
    if kind == "members":
        if {"team", "staff", "faculty"} & set(modifiers):
            return _as(counted, "people")
        return _as(counted, "companies") if tables.founders.search(around) else None
    if kind == "learners" and not tables.training.search(around):
        opened = head == "vagas" and (_OPENED.search(text, max(left, floor - 30), floor) or _PAID.search(around))
        return _as(counted, "jobs") if opened else None
    return _people(text, counted, floor, (left, right), tables)


# "un corso di laurea con cinquanta posti": seats, not jobs; "serão abertas 90 vagas": jobs, where nothing is taught.
_COURSE = re.compile(r"\b(?:cors[oi] di|laurea|dottorato)\b[^.;:,]{0,40}[ \u00a0]con[ \u00a0]\Z")
_PAID = re.compile(r"\b(?:salários?|remuneração|contrata\w+|emprego)\b")
_OPENED = re.compile(r"\b(?:abert\w+|abri\w+|cri\w+|gera\w+)[ \u00a0](?:[a-zà-ú]+[ \u00a0]){0,2}\Z")


def _cpu(modifiers: list[str]) -> bool:
    """NVIDIA's Grace and Vera are CPUs where no GPU stands beside them."""
    return bool(modifiers) and modifiers[-1] in ("grace", "vera")


def _people(text: str, counted: Counted, floor: int, around: tuple[int, int], tables: _Lexicon) -> Counted | None:
    left, right = around
    before = text[max(left, floor - 90) : floor]
    if tables.population.search(before):
        return None
    if tables.jobs_for.search(before):
        return _as(counted, "jobs")
    if counted.head not in NOT_HIRED and (
        tables.hiring.search(before)
        or tables.hiring_after.match(text, counted.end, right)
        or tables.hiring_around.search(text, left, right)
    ):
        return _as(counted, "jobs")
    if tables.attending.search(text, left, right) and (
        counted.kind == "learners" or not tables.training.search(text, left, right)
    ):
        return None
    return _as(counted, "people")


def _as(counted: Counted, kind: str) -> Counted:
    return Counted(kind=kind, end=counted.end, head=counted.head)
