"""What each sentence of an article says for and against the watch's subject. Does no input or output.

A name of the country counts fully where something is said about it alone. It
counts little where it is one of several names that share a predicate, where it
tells only where a company sits, or where it stands in a dateline.
"""

import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pipelines import enumerations, sentences
from pipelines.knowledge import Knowledge
from pipelines.passages import BOILERPLATE, HEADING, HEADLINE, ITEM, Passage
from pipelines.vocabulary import Hit, fold
from presswatch.models import Article, Fact

if TYPE_CHECKING:
    from pipelines.tagging.names import Mention

GEOGRAPHY = frozenset(("country", "place", "demonym"))
ACTORS = frozenset(("organisation", "government", "institution", "programme", "system"))
# A number that counts something: no share, date, hour, model number or single digit without a "million".
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,$€¥-])"
    r"(?:\d[\d.,\u202f\u00a0 ]*\d|\d(?=\s*(?:m[iì]l|billion|hundred|thousand|[百千万億亿萬천만억])))"
    r"(?![A-Za-z0-9_-])"
    r"(?!\s*(?:%|％|per ?cent|prozent|pour cent|por ?cien|por cento|per cento|퍼센트"
    r"|[年月日時點点년월일시]|[ap]\.?m\b|uhr|h\b))",
    re.IGNORECASE,
)
# "May 19", "19. Mai", "19 de mayo": a number beside a month counts nothing.
_MONTH = (
    r"(?:jan|feb|febr|mar|märz|mär|mars|apr|avr|abr|may|mai|maio|mayo|mag|jun|juin|giu|jul|juil|lug|aug|août|ago|sep"
    r"|sept|set|oct|okt|ott|out|nov|dec|dez|dic|déc)[a-zäéû]{0,7}\.?"
)
_BEHIND_MONTH = re.compile(rf"\b{_MONTH}[ \u00a0]$", re.IGNORECASE)
_BEFORE_MONTH = re.compile(rf"\.?[ \u00a0](?:de[ \u00a0]|of[ \u00a0])?{_MONTH}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_CLAUSE = 60  # characters that the end of a clause is worth: "300,000 worldwide, 60,000 of them in our halls"
_CLAUSE_ENDS = (", ", "; ", " – ", " — ", "，", "；", "、")
_FRONTED = 12  # characters from a sentence's beginning to what its first comma sets before the rest
_BESIDE = 80  # characters, before or (counted double) behind a figure
_RANKED = 40  # characters before the word for the world: a rank, a noun and what describes it
_OPENING = '“«„「『"'
_MARKS = re.compile('[“”«»„「『"]')
_QUOTES = re.compile(r"[“«„「『\"][^“”«»„「」『』\"]{2,2000}[”»“」』\"]")


class Named(NamedTuple):
    """A name in the text, weighed where it stands."""

    start: int
    end: int
    kind: str  # as `Mention.kind`, and "institution" for organisations that are none of business
    name: str
    ours: bool  # of the watch's country
    weight: float
    standing: str  # "", "listed", "address", "dateline"
    note: str
    place: str = ""  # where an organisation sits, as far as it is known


@dataclass(slots=True)
class Sentence:
    """One sentence with all that was found in it."""

    start: int
    end: int
    passage: int  # number of its passage
    text: str
    ours: list[Named] = field(default_factory=list)
    others: list[Named] = field(default_factory=list)
    hits: dict[str, list[Hit]] = field(default_factory=dict)  # by category
    topics: list[Hit] = field(default_factory=list)  # words of topics, "strong <topic>" and the like
    facts: list[Fact] = field(default_factory=list)
    ground: float = 0.0  # how much its names say that it is about the country
    grounded_by: int = -1  # the passage (a heading, a line before a list) that lends it its country
    quoted: bool = False  # whether it is somebody's words rather than the article's
    foreign: bool = False  # whether it names somewhere else
    side: str = ""  # what `relevance` makes of it, once it was asked
    _number: bool | None = None

    def found(self, category: str) -> Sequence[Hit]:
        return self.hits.get(category, ())

    @property
    def has_number(self) -> bool:
        """Whether it states a number that is neither a year nor part of a fact, in figures or in words."""
        if self._number is None:
            self._number = bool(self.found("count")) or self._states_number()
        return self._number

    def _states_number(self) -> bool:
        for match in _NUMBER.finditer(self.text):
            digits = match[0].rstrip(" .,\u202f\u00a0")
            start = self.start + match.start()
            if len(digits) <= 2 and self._is_day(match.start(), match.start() + len(digits)):
                continue
            if not _YEAR.match(digits) and not any(fact.start <= start < fact.end for fact in self.facts):
                return True
        return False

    def _is_day(self, start: int, end: int) -> bool:
        """Whether a month stands beside the number at these characters of the text."""
        before = _BEHIND_MONTH.search(self.text, max(0, start - 12), start)
        return before is not None or _BEFORE_MONTH.match(self.text, end) is not None

    def belongs(self, start: int, end: int = 0) -> bool:
        """Whether what stands from `start` to `end` is said of the country, where the sentence names others too."""
        end = max(start, end)
        if not (self.others or "elsewhere" in self.hits):
            return True
        rivals = [(n.start, n.end) for n in self.others if n.kind in GEOGRAPHY and n.standing != "address"]
        rivals += [(hit.start, hit.end) for hit in self.found("elsewhere")]
        if not rivals:
            return True
        if not self.ours:  # "more than 20,000 start-ups worldwide": said right beside it, and of nothing here
            apart = [hit for hit in self.found("elsewhere") if not self._ranks(hit)]
            return all(start - hit.end > _BESIDE or (hit.start - end) * 2 > _BESIDE for hit in apart)
        # Of the country's names the places tell where; who acts may stand anywhere in the sentence.
        near_names = [n for n in self.ours if n.kind in GEOGRAPHY and n.standing != "dateline"] or self.ours
        near = min(self._distance(start, end, n.start, n.end) for n in near_names)
        return near <= min(self._distance(start, end, *rival) for rival in rivals)

    def _distance(self, first: int, last: int, start: int, end: int) -> int:
        """How far what stands from `first` to `last` is from a name from `start` to `end`; another clause is far."""
        # What follows a name is rather said of it than what stands before it.
        if first >= end:
            opens = start - self.start <= _FRONTED  # "In Lyon, …": the comma ends no clause
            return first - end + _CLAUSE * max(0, self._clauses(end, first) - opens)
        return (start - last) * 2 + _CLAUSE * self._clauses(last, start) if last <= start else 0

    def _clauses(self, start: int, end: int) -> int:
        """How many clauses end between two places."""
        between = self.text[start - self.start : end - self.start]
        return sum(between.count(mark) for mark in _CLAUSE_ENDS)

    def _ranks(self, hit: Hit) -> bool:
        """Whether the world is only what something is ranked in: "the third largest market in the world"."""
        return any(hit.start - _RANKED <= rank.start and rank.end <= hit.start + 1 for rank in self.found("rank"))


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


def scan(article: Article, knowledge: Knowledge) -> list[Hit]:
    """Every word of the watch and its topics in an article."""
    document = article.document
    return knowledge.lexicon(article.language).scan(document, fold(document))


def speaks_of_country(mentions: Iterable["Mention"], hits: Iterable[Hit]) -> bool:
    """Whether anything in an article is of the watch's country; where nothing is, its figures tell nothing."""
    return any(mention.uk for mention in mentions) or any(hit.category in ("country", "demonym") for hit in hits)


def read(
    article: Article,
    passages: Sequence[Passage],
    mentions: Iterable["Mention"],
    facts: Iterable[Fact],
    knowledge: Knowledge,
    hits: Sequence[Hit] | None = None,
) -> Evidence:
    """Gather the evidence of every passage that is news; `hits` are those of `scan`, where they are known already."""
    document = article.document
    if hits is None:
        hits = scan(article, knowledge)
    found = _cut(document, passages, article.language)
    for sentence, fact in _placed(found, sorted(facts, key=lambda fact: fact.start)):
        sentence.facts.append(fact)
    for sentence, hit in _placed(found, hits):
        category = hit.category
        if " " in category:
            sentence.topics.append(hit)
        elif category in sentence.hits:
            sentence.hits[category].append(hit)
        else:
            sentence.hits[category] = [hit]
    for sentence, named in _placed(found, _names(document, mentions, hits, knowledge)):
        (sentence.ours if named.ours else sentence.others).append(named)
    for sentence in found:
        _drop_named(sentence)
        _weigh(document, sentence, article.language, passages[sentence.passage], knowledge)
        if sentence.others:
            sentence.foreign = any(n.kind in GEOGRAPHY and not n.standing for n in sentence.others)
    _lend(found, passages, knowledge)
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


_Found = TypeVar("_Found", Fact, Hit, Named)


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
        for start, end in spans:
            piece = text[start:end]
            quoted = marks and _is_quoted(piece)
            found.append(Sentence(offset + start, offset + end, number, piece, quoted=quoted))
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


def _weigh(document: str, sentence: Sentence, language: str, passage: Passage, knowledge: Knowledge) -> None:
    """Decide for each of the country's names in a sentence what it is worth there, and sum them up."""
    if not (sentence.ours or sentence.others):
        return
    text = sentence.text
    weights = knowledge.watch.weights
    dateline = 0
    if sentence.start == passage.start:
        dateline = sentence.start + sentences.dateline(text)
    if not sentence.ours:
        sentence.others = [n._replace(standing="dateline") if n.end <= dateline else n for n in sentence.others]
        return
    lists = enumerations.find(text, language) if sentence.others or len(sentence.ours) > 2 else ()
    sentence.others = [
        n._replace(standing="dateline")
        if n.end <= dateline
        # "led by the Boston-based fund …": where a partner sits is not where the news is.
        else n._replace(standing="address")
        if n.kind in GEOGRAPHY and _is_address(n, sentence)
        else n
        for n in sentence.others
    ]
    weighed = []
    for name in sentence.ours:
        if name.end <= dateline:
            name = name._replace(weight=0.0, standing="dateline")
        elif enumerations.mixed(name, sentence.ours, sentence.others, lists, sentence.start, document):
            name = name._replace(weight=name.weight * weights.listed, standing="listed")
        elif name.kind in GEOGRAPHY and name.kind != "country" and _is_address(name, sentence):
            name = name._replace(weight=name.weight * weights.home, standing="address")
        weighed.append(name)
    sentence.ours = weighed
    sentence.ground = total(weighed, weights.further)


def total(names: Iterable[Named], further: float) -> float:
    """The strongest name, and a share of each other one of another name."""
    best: dict[str, float] = {}
    for name in names:
        best[name.name] = max(best.get(name.name, 0.0), name.weight)
    ranked = sorted(best.values(), reverse=True)
    return ranked[0] + further * sum(ranked[1:]) if ranked else 0.0


# "published by Lowfield Acoustics, of Forfar, …": the town between commas only tells whose firm it was.
_BY = re.compile(r"\b(?:by|from|par|por|pela|pelo|von|vom|dalla|dal|da)[ \u00a0](?:[^\W\d_A-Z][\w’'-]*[ \u00a0]){0,4}$")
_OF_TOWN = re.compile(r"^,[ \u00a0](?:(?:of|from|in|à|de|aus|in|en|di|da|do|em)[ \u00a0]|d['’])$")
_CLOSED = re.compile(r"[,.;)]")


def _is_address(name: Named, sentence: Sentence) -> bool:
    """ "the Leeds company", "Leeds-based", "mit Sitz in Leeds": the place says only where a company sits."""
    if any(0 <= hit.start - name.end <= 2 or 0 <= name.start - hit.end <= 2 for hit in sentence.found("home")):
        return True
    if sentence.found("party") and _is_partys(name, sentence):
        return True
    begin = sentence.start
    return any(
        firm.kind == "organisation"
        and 0 < name.start - firm.end <= 8
        and _OF_TOWN.match(sentence.text[firm.end - begin : name.start - begin])
        and _CLOSED.match(sentence.text, name.end - begin)
        and _BY.search(sentence.text[: firm.start - begin])
        for firm in sentence.ours
    )


# "a supplier in Leeds", "un client de Leeds", "リーズの顧客": what joins one who is dealt with to the town it sits in.
_SITS = re.compile(
    r"^[ \u00a0](?:(?:in|of|from|near|at|à|au|de|en|aus|bei|di|da|do|em|a)[ \u00a0]|d['’])(?:the[ \u00a0])?$"
)
_SITS_AHEAD = re.compile(r"^(?:[ \u00a0]|の|的|의[ ]?|-based[ \u00a0])(?:[^\W\d_A-Z][\w’'-]*[ \u00a0])?$")
_ACTS_BY = 20  # characters from the sentence's beginning: who stands there is the one that acts


def _is_partys(name: Named, sentence: Sentence) -> bool:
    """Whether a place tells only where somebody sits whom the one that acts deals with."""
    begin, text = sentence.start, sentence.text
    reach = _ACTS_BY if text.isascii() or " " in text[:_ACTS_BY] else _ACTS_BY // 2
    for hit in sentence.found("party"):
        if min(hit.start, name.start) - begin <= reach:
            continue
        if hit.end <= name.start and _SITS.match(text[hit.end - begin : name.start - begin]):
            return True
        if name.end <= hit.start and _SITS_AHEAD.match(text[name.end - begin : hit.start - begin]):
            return True
    return False


def _lend(found: Sequence[Sentence], passages: Sequence[Passage], knowledge: Knowledge) -> None:
    """A heading, or a line that ends with a colon, that names the country lends it to what stands below."""
    enough = knowledge.watch.thresholds.ground
    lenders: dict[int, int] = {}  # section → passage of its heading
    before_list = -1
    for sentence in found:
        passage = passages[sentence.passage]
        if passage.kind == HEADING:
            if sentence.ground >= enough and not sentence.foreign:
                lenders[passage.section] = sentence.passage
            before_list = -1
        elif passage.kind == ITEM:
            lender = before_list if before_list >= 0 else lenders.get(passage.section, -1)
            sentence.grounded_by = lender
        elif passage.kind != HEADLINE:
            sentence.grounded_by = lenders.get(passage.section, -1)
            colon = passage.text.endswith((":", "：")) and sentence.end == passage.end
            before_list = sentence.passage if colon and sentence.ground >= enough and not sentence.foreign else -1


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
