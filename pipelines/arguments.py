"""The verdict's reasons, as a person would argue it: plain sentences with the words they rest on.

Does no input or output.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipelines.evidence import Evidence, Named
from pipelines.passages import HEADLINE, LEAD
from pipelines.tagging.facts import distinct
from presswatch.models import Level, Reason
from presswatch.watches import Watch

if TYPE_CHECKING:
    from pipelines.relevance import Group

_MOST = 16  # reasons of one verdict; a reader stops before
_KINDS = {
    "country": "place", "place": "place", "demonym": "demonym", "organisation": "organisation",
    "institution": "organisation", "government": "organisation", "official": "official", "person": "official",
    "programme": "programme", "system": "programme", "event": "programme", "product": "programme",
}  # fmt: skip
_KIND_WORDS = {
    "organisation": "an organisation of", "institution": "an institution of", "government": "a public body of",
    "official": "an official of", "person": "a person from", "programme": "a programme of", "system": "a system in",
    "event": "an event in", "place": "in",
}  # fmt: skip


def argue(
    found: Evidence,
    groups: Sequence["Group"],
    news: Sequence["Group"],
    level: Level,
    watch: Watch,
) -> tuple[Reason, ...]:
    """The evidence for the level, the strongest first, then what spoke against."""
    document = found.document
    reasons: list[Reason] = []
    if found.subject < watch.thresholds.subject or found.subject <= found.off_subject:
        reasons += _off_subject(document, found)
    where, what = _headline(document, found, watch), []
    for group in sorted(news or groups, key=lambda g: -g.points)[:3]:
        where += _named(document, group, found, watch)
        what += [*_deed(document, group, watch), *_figures(document, group, watch), *_subject(document, group, watch)]
    # A person says first where or who, then what is done; the rest backs them up.
    reasons += [*where[:1], *what[:1], *where[1:4], *what[1:], *where[4:]]
    if not reasons or level in (Level.MENTION, Level.NONE):
        reasons += _weak(document, found, watch)
    reasons += _missing(document, groups, level, watch)
    reasons += _elsewhere(document, found, watch)
    if not reasons:
        text = f"Against: nothing in the article is of {_with_article(watch.country.name)}."
        reasons.append(_reason(document, "against", -1.0, *_headline_span(found), text))
    return tuple(_distinct(reasons)[:_MOST])


def _reason(document: str, kind: str, weight: float, start: int, end: int, text: str) -> Reason:
    return Reason(kind=kind, weight=round(weight, 2), quote=document[start:end], start=start, end=end, text=text)


def _headline(document: str, found: Evidence, watch: Watch) -> list[Reason]:
    reasons = []
    for sentence in found.sentences:
        if found.passages[sentence.passage].kind == HEADLINE:
            for name in sentence.ours:
                if name.standing == "" and name.weight:
                    text = f"The headline names {_describe(name, watch)}."
                    reasons.append(
                        _reason(document, _KINDS.get(name.kind, "place"), name.weight, name.start, name.end, text)
                    )
    return reasons[:2]


def _describe(name: Named, watch: Watch) -> str:
    country = _with_article(watch.country.name)
    if name.kind == "country":
        return country
    if name.kind == "demonym":
        return f"{country} by its adjective"
    return f"{name.name}, {_KIND_WORDS.get(name.kind, 'of')} {country}{_because(name, watch)}"


def _because(name: Named, watch: Watch) -> str:
    """How a name was recognised, where that says more than the name itself."""
    note = name.note.removeprefix("a known name").strip(" ,;")
    note = note.removeprefix(f"in {watch.country.name}").removeprefix("the country by its name").strip(" ,;")
    note = note[1:-1] if note.startswith("(") and note.endswith(")") else note
    return f" ({note})" if note else ""


def _with_article(name: str) -> str:
    return f"the {name}" if name.startswith(("United", "Netherlands", "Czech", "Philippines")) else name


def _named(document: str, group: "Group", found: Evidence, watch: Watch) -> list[Reason]:
    """Where and who, the strongest first."""
    where = "The opening" if found.passages[group.sentences[0].passage].kind == LEAD else "A passage"
    reasons = []
    names: dict[str, Named] = {}
    for name in sorted(group.names, key=lambda n: -n.weight):
        names.setdefault(name.name, name)
    for name in list(names.values())[:3]:
        if name.weight <= 0 or name.standing == "listed":
            continue
        text = f"{where} {'is about' if group.is_news(watch) else 'names'} {_describe(name, watch)}."
        if name.standing == "address":
            text = f"{where} names {name.name} as the place where a company sits."
        reasons.append(_reason(document, _KINDS.get(name.kind, "place"), name.weight, name.start, name.end, text))
    return reasons


def _subject(document: str, group: "Group", watch: Watch) -> list[Reason]:
    for sentence in group.sentences:
        if hits := sentence.found("subject"):
            words = list(dict.fromkeys(document[slice(*_whole(document, hit.start, hit.end))] for hit in hits))[:3]
            said = ", ".join(f"“{word}”" for word in words)
            start, end = _whole(document, hits[0].start, hits[0].end)
            text = f"The same passage speaks of the subject: {said}."
            return [_reason(document, "subject", watch.weights.subject, start, end, text)]
    return []


def _deed(document: str, group: "Group", watch: Watch) -> list[Reason]:
    """What is done, in the first sentence that does something: its first verb that is no purpose ("to train")."""
    weights = {"announce": watch.weights.deed, "announce_weak": watch.weights.intent}
    for sentence in group.sentences:
        if sentence.quoted:
            continue
        hits = [h for category in weights for h in sentence.found(category) if sentence.belongs(h.start, h.end)]
        if hits:
            hit = min(hits, key=lambda h: (document[max(0, h.start - 3) : h.start] == "to ", h.start))
            hit = max((h for h in hits if h.start == hit.start), key=lambda h: h.end)
            start, end = _whole(document, hit.start, hit.end)
            figure = next((fact.quote for fact in sentence.facts if sentence.belongs(fact.start, fact.end)), "")
            beside = f", with “{figure}” beside it" if figure else ""
            text = f"It says what is done: “{document[start:end]}”{beside}."
            return [_reason(document, "announcement", weights[hit.category], start, end, text)]
    return []


def _whole(document: str, start: int, end: int) -> tuple[int, int]:
    """The whole words of which a phrase matched a part; scripts without spaces have no such ends."""
    while end < len(document) and _is_letter(document[end]) and _is_letter(document[end - 1]):
        end += 1
    while start and _is_letter(document[start - 1]) and _is_letter(document[start]):
        start -= 1
    return start, end


def _is_letter(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x1100


def _figures(document: str, group: "Group", watch: Watch) -> list[Reason]:
    reasons = []
    for fact in distinct(f for s in group.sentences for f in s.facts if s.belongs(f.start, f.end)):
        if fact.unit == watch.country.currency:
            text = f"“{fact.quote}” is in the country's currency."
            reasons.append(_reason(document, "currency", watch.weights.currency, fact.start, fact.end, text))
        else:
            text = f"It commits to a figure: “{fact.quote}”."
            reasons.append(_reason(document, "announcement", watch.weights.fact, fact.start, fact.end, text))
    return reasons[:3]


def _weak(document: str, found: Evidence, watch: Watch) -> list[Reason]:
    """The names that are there, and why each of them makes no news; what is said of one again is said once."""
    country = _with_article(watch.country.name)
    reasons: dict[str, Reason] = {}
    for sentence in found.sentences:
        for name in sentence.ours:
            called = f"The word for {country}" if name.kind in ("country", "demonym") else name.name
            text = {
                "listed": f"{called} is one of several names that share a statement, others of them from elsewhere.",
                "dateline": f"{called} only stands in the dateline.",
                "address": f"{called} only tells where a company sits.",
            }.get(name.standing, f"{_capital(_describe(name, watch))}, is named, but nothing of its own is announced.")
            if name.kind in ("country", "demonym") and not name.standing:
                text = f"{_capital(_describe(name, watch))} is named, but nothing of its own is announced."
            kind = "against" if name.standing else _KINDS.get(name.kind, "place")
            reasons.setdefault(text, _reason(document, kind, name.weight, name.start, name.end, text))
    return list(reasons.values())[:6]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _off_subject(document: str, found: Evidence) -> list[Reason]:
    for sentence in found.sentences:
        if hit := next(iter(sentence.found("off_subject")), None):
            start, end = _whole(document, hit.start, hit.end)
            text = f"Against: the article is about something else than the subject: “{document[start:end]}”."
            return [_reason(document, "against", -1.0, start, end, text)]
    if not found.sentences:
        return [_reason(document, "against", -1.0, 0, 0, "Against: there is no text to judge.")]
    first = found.sentences[0]
    return [
        _reason(document, "against", -1.0, first.start, first.end, "Against: the article hardly speaks of the subject.")
    ]


def _missing(document: str, groups: Iterable["Group"], level: Level, watch: Watch) -> list[Reason]:
    """What the best passage lacks to be news, where none is."""
    best = max(groups, key=lambda group: group.points, default=None)
    if level is not Level.MENTION or best is None:
        return []
    lacking = []
    if not best.deed:
        lacking.append("a word for what is done")
    if best.company_only:
        lacking.append("a place or public body of the country, or a figure that a company commits to")
    elif best.specific < watch.thresholds.specific:
        lacking.append("a sum, number, site, date, partner or purpose")
    if not lacking:
        return []
    start, end = best.span
    text = f"Missing for news of its own: {' and '.join(lacking)}."
    return [_reason(document, "against", best.points - watch.thresholds.news, start, end, text)]


def _elsewhere(document: str, found: Evidence, watch: Watch) -> list[Reason]:
    """Names that look like the country's and are not, with what shows it."""
    reasons = []
    for sentence in found.sentences:
        for name in sentence.others:
            if (
                name.kind == "place"
                and name.note
                and not name.note.startswith(("a place in", "a known name", "the country"))
            ):
                text = f"Against: {name.name} here is not in {_with_article(watch.country.name)} ({name.note})."
                reasons.append(_reason(document, "against", -0.5, name.start, name.end, text))
    return reasons[:4]


def _headline_span(found: Evidence) -> tuple[int, int]:
    first = next((passage for passage in found.passages if passage.kind == HEADLINE), None)
    return (first.start, first.end) if first else (0, 0)


def _distinct(reasons: Iterable[Reason]) -> list[Reason]:
    kept: dict[tuple[int, int, str], Reason] = {}
    for reason in reasons:
        kept.setdefault((reason.start, reason.end, reason.kind), reason)
    return list(kept.values())
