"""What each sentence of an article says for and against the watch's subject. Does no input or output.

Names, figures and words are put into the sentences that hold them; what each
name is worth there, `standing` says.
"""

import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pipelines import sentences, standing
from pipelines.knowledge import Knowledge
from pipelines.passages import BOILERPLATE, HEADING, HEADLINE, Passage
from pipelines.statement import ACTORS, GEOGRAPHY, Figures, Named, Sentence
from pipelines.vocabulary import Hit, fold
from presswatch.models import Article

if TYPE_CHECKING:
    from pipelines.tagging.names import Mention

__all__ = ("ACTORS", "GEOGRAPHY", "Evidence", "Named", "Sentence", "read")

_OPENING = '“«„「『"'
_MARKS = re.compile('[“”«»„「『"]')
_QUOTES = re.compile(r"[“«„「『\"][^“”«»„「」『』\"]{2,2000}[”»“」』\"]")


def _is_quoted(text: str) -> bool:
    if not _MARKS.search(text):
        return False
    inside = sum(match.end() - match.start() for match in _QUOTES.finditer(text))
    if text[:1] in _OPENING and not inside:  # a quotation that goes on in the next sentence
        return True
    return inside > len(text) * 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The article's sentences in order, and how much it is about the subject at all."""

    document: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    subject: float
    off_subject: float


def read(
    article: Article,
    passages: Sequence[Passage],
    mentions: Iterable["Mention"],
    knowledge: Knowledge,
) -> Evidence:
    """Gather the evidence of every passage that is news."""
    document = article.document
    hits = knowledge.lexicon(article.language).scan(document, fold(document))
    found = _cut(document, passages, article.language)
    for sentence, hit in _placed(found, hits):
        category = hit.category
        if category in sentence.hits:
            sentence.hits[category].append(hit)
        else:
            sentence.hits[category] = [hit]
    for sentence, named in _placed(found, _names(document, mentions, hits, knowledge)):
        (sentence.ours if named.ours else sentence.others).append(named)
    for sentence in found:
        _drop_named(sentence)
        standing.weigh(document, sentence, article.language, passages[sentence.passage], knowledge)
        if sentence.others:
            sentence.foreign = any(n.kind in GEOGRAPHY and not n.standing for n in sentence.others)
    standing.lend(found, passages, knowledge)
    subject, off_subject = _subject(found, passages, document, knowledge)
    return Evidence(
        document=document,
        sentences=tuple(found),
        passages=tuple(passages),
        subject=subject,
        off_subject=off_subject,
    )


# What a word inside a name does not say: "Orrin Power" powers nothing, "Launch Kirkcaldy" launches nothing.
_DONE = ("announce", "announce_weak", "commit")


def _drop_named(sentence: Sentence) -> None:
    """Forget the deeds that are only words of names."""
    if not (sentence.ours or sentence.others):
        return
    for category in _DONE:
        if hits := sentence.hits.get(category):
            names = [n for n in (*sentence.ours, *sentence.others) if n.kind not in GEOGRAPHY]
            kept = [h for h in hits if not any(n.start <= h.start and h.end <= n.end for n in names)]
            sentence.hits[category] = kept


_Found = TypeVar("_Found", Hit, Named)


def _placed(found: Sequence[Sentence], things: Iterable[_Found]) -> Iterator[tuple[Sentence, _Found]]:
    """Each thing with the sentence that holds all of it; both come in the order of the text."""
    if not found:
        return
    number, last = 0, len(found) - 1
    sentence = found[0]
    following = found[1].start if last else sys.maxsize
    for thing in things:
        start = thing.start
        while following <= start:
            number += 1
            sentence = found[number]
            following = found[number + 1].start if number < last else sys.maxsize
        if sentence.start <= start and thing.end <= sentence.end:
            yield sentence, thing


def _cut(document: str, passages: Sequence[Passage], language: str) -> list[Sentence]:
    found = []
    for number, passage in enumerate(passages):
        if passage.kind == BOILERPLATE:
            continue
        text, offset = passage.text, passage.start
        whole = passage.kind in (HEADLINE, HEADING)
        spans = ((0, len(text)),) if whole else sentences.split(text, language)
        marks = _MARKS.search(text) is not None
        figures = Figures(document, offset, passage.end, language)
        for start, end in spans:
            piece = text[start:end]
            quoted = marks and _is_quoted(piece)
            found.append(Sentence(offset + start, offset + end, number, piece, figures, quoted=quoted))
    return found


def _touches(first: int, last: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether any of the spans shares a character with [first, last)."""
    for start, end in spans:  # a plain loop: `any` costs four times as much here  # noqa: SIM110
        if start < last and first < end:
            return True
    return False


def _names(document: str, mentions: Iterable["Mention"], hits: Sequence[Hit], knowledge: Knowledge) -> list[Named]:
    """The mentions, and the watch's own words for its country where the mentions miss them; without discounted ones."""
    by_category = defaultdict[str, list[Hit]](list)
    for hit in hits:
        by_category[hit.category].append(hit)
    void = [(hit.start, hit.end) for name in ("discount", "not_country") for hit in by_category[name]]
    dates = {(hit.start, hit.end) for hit in by_category["date"]}  # "March" is a month before it is a town
    starts = [hit.start for hit in by_category["institution"]]
    weights = knowledge.weights
    named = []
    for mention in mentions:
        if mention.uk and void and _touches(mention.start, mention.end, void):
            continue
        if mention.kind == "place" and (mention.start, mention.end) in dates:
            continue
        if mention.kind == "currency":  # sums are facts; the bare word may be a weight
            continue
        kind = mention.kind
        if kind == "organisation" and (
            bisect_left(starts, mention.end) > bisect_left(starts, mention.start)
            or any(word in mention.name for word in knowledge.watch.institutions)
        ):
            kind = "institution"
        weight = weights.get(kind, 0.0) * min(mention.weight or 1.0, 1.0)
        named.append(
            Named(mention.start, mention.end, kind, mention.name, mention.uk, weight, "", mention.note, mention.place)
        )
    taken = [(name.start, name.end) for name in named] + void
    for hit in (*by_category["country"], *by_category["demonym"]):
        if _touches(hit.start, hit.end, taken):
            continue
        name = knowledge.watch.country.name if hit.category == "country" else document[hit.start : hit.end]
        named.append(Named(hit.start, hit.end, hit.category, name, True, weights[hit.category], "", ""))
    named.sort()
    return named


def _subject(
    found: Sequence[Sentence], passages: Sequence[Passage], document: str, knowledge: Knowledge
) -> tuple[float, float]:
    """Points for and against the article being about the watch's subject; one phrase counts three times at most."""
    weights = knowledge.watch.weights
    counts: dict[tuple[str, str], float] = {}
    for sentence in found:
        factor = 2.0 if passages[sentence.passage].kind == HEADLINE else 1.0
        for category in ("subject", "subject_weak", "off_subject"):
            for hit in sentence.hits.get(category, ()):
                key = (category, document[hit.start : hit.end].lower())
                counts[key] = min(3.0, counts.get(key, 0.0) + factor)
    sums = {"subject": 0.0, "subject_weak": 0.0, "off_subject": 0.0}
    for (category, _), count in counts.items():
        sums[category] += count
    subject = sums["subject"] * weights.subject + min(sums["subject_weak"], 6.0) * weights.subject_weak
    return subject, sums["off_subject"] * weights.off_subject
