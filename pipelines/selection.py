"""Which of the names and figures that an article holds belong to its news. Does no input or output.

Partners from elsewhere count where the news names them; the publisher of every
article does not, and a figure counts only where it is said of the country.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from pipelines.evidence import Evidence, Named, Sentence
from pipelines.knowledge import Knowledge
from pipelines.passages import HEADING, LEAD, PARAGRAPH
from pipelines.tagging.facts import distinct
from pipelines.tagging.people import FOR_THE_PUBLISHER
from pipelines.tagging.triggers import OF_THE_STATE, THE_FIRM
from presswatch.models import Fact, Level, Tag, TagKind, Verdict

PUBLISHER = "NVIDIA"
_TAG_KINDS: Mapping[str, TagKind] = {
    "organisation": TagKind.ORGANISATION,
    "institution": TagKind.ORGANISATION,
    "government": TagKind.ORGANISATION,
    "person": TagKind.PERSON,
    "official": TagKind.PERSON,
    "place": TagKind.PLACE,
    "country": TagKind.PLACE,
    "product": TagKind.PRODUCT,
    "system": TagKind.PRODUCT,
}
# What stands before a university that is the place of the news ("at the University of Leeds"), in nine languages.
_AT = re.compile(r"(?:\b(?:at the|at|à l[’']|an der|en la|all[’']|presso l[’']|na|no|dell[’'])\s*)$", re.IGNORECASE)
_AT_AFTER = re.compile(r"(?:で|에서)")


def select(found: Evidence, verdict: Verdict, knowledge: Knowledge) -> tuple[tuple[Tag, ...], tuple[Fact, ...]]:
    """The tags (without topics) and the facts of the news; both empty where the verdict tells nothing."""
    if not verdict.relevant:
        return (), ()
    told = [sentence for sentence in found.sentences if _inside(sentence, verdict)]
    names = _names(told)
    if verdict.level is Level.FOCUS:  # whoever speaks in the article speaks about its news
        names += [n for n in _names(found.sentences) if _TAG_KINDS.get(n.kind) is TagKind.PERSON]
    else:
        names += [*_speakers(found, told), *_actors(found, told)]
    document = found.document
    tags: dict[tuple[TagKind, str], Tag] = {}
    for name in names:
        kind = _TAG_KINDS.get(name.kind)
        if kind is None or _left_out(name, kind):
            continue
        tags.setdefault(
            (kind, name.name),
            Tag(kind=kind, name=name.name, quote=document[name.start : name.end], start=name.start, end=name.end),
        )
    others = (_government(document, told, knowledge), _towns_of_universities(document, told))
    for tag in (*others[0], *others[1], *_country(document, told, knowledge)):
        tags.setdefault((tag.kind, tag.name), tag)
    kept = [fact for sentence in told for fact in sentence.facts if sentence.belongs(fact.start, fact.end)]
    return tuple(sorted(tags.values(), key=lambda tag: (tag.start, tag.end))), tuple(_without_hired(distinct(kept)))


def _speakers(found: Evidence, told: Iterable[Sentence]) -> list[Named]:
    """Who speaks in an item's own paragraph or the one right behind it, in the same section.

    An item of a list has no paragraph of its own behind it.
    """
    passages = {sentence.passage for sentence in told if found.passages[sentence.passage].kind in (PARAGRAPH, LEAD)}
    paragraphs: dict[int, list[Sentence]] = {number: [] for n in passages for number in (n, n + 1)}
    for sentence in found.sentences:
        if sentence.passage in paragraphs:
            paragraphs[sentence.passage].append(sentence)
    speakers: list[Named] = []
    for number, spoken in paragraphs.items():
        if not spoken or found.passages[number].kind not in (PARAGRAPH, LEAD):
            continue
        if number not in passages and found.passages[number].section != found.passages[number - 1].section:
            continue
        if any(s.quoted for s in spoken) and not any(s.foreign for s in spoken):
            people = (n for n in _names(spoken) if _TAG_KINDS.get(n.kind) is TagKind.PERSON)
            speakers += [person for person in people if person.note != FOR_THE_PUBLISHER]
    return speakers


# "In March it collected the keys to a hall in Telford": the one who acts stands in the sentence before.
_FIRM_EAST = r"^(?:同社|同行|同館|同大|이 회사|회사[는가]|该公司|該公司)"
_REFERS = re.compile(rf"^(?:[^,.;:]{{0,20}}[, ])?(?:it|sie|er|elle|il|{THE_FIRM})\s|{_FIRM_EAST}", re.IGNORECASE)
# "The company" may have been named some paragraphs before, and mostly has where the language leaves out pronouns.
_THE_FIRM = re.compile(rf"^(?:[^,.;:]{{0,20}}[, ])?(?:{THE_FIRM})\s|{_FIRM_EAST}", re.IGNORECASE)
_BACK = 3  # paragraphs


def _actors(found: Evidence, told: Sequence[Sentence]) -> list[Named]:
    """The organisations that an item of news refers to as "it" or "the company", where they were named before it."""
    inside = {id(sentence) for sentence in told}
    actors: list[Named] = []
    for number, (before, sentence) in enumerate(pairwise(found.sentences), 1):
        if id(sentence) not in inside or id(before) in inside:
            continue
        beside = before.passage == sentence.passage and _REFERS.match(sentence.text)
        named = _organisations(before) if beside else []
        if not named and _THE_FIRM.match(sentence.text):
            named = _named_last(found, number)
        actors += named
    return actors


def _organisations(sentence: Sentence) -> list[Named]:
    return [n for n in _names([sentence]) if _TAG_KINDS.get(n.kind) is TagKind.ORGANISATION]


def _named_last(found: Evidence, number: int) -> list[Named]:
    """The one organisation of the last sentence before sentence `number` that names any, in its section and near it."""
    here = found.sentences[number].passage
    section = found.passages[here].section
    for before in reversed(found.sentences[:number]):
        passage = found.passages[before.passage]
        if here - before.passage > _BACK or passage.section != section or passage.kind == HEADING:
            break
        named = [n for n in _organisations(before) if n.name.upper() != PUBLISHER]
        if named:
            return named if len({n.name for n in named}) == 1 else []
    return []


def _inside(sentence: Sentence, verdict: Verdict) -> bool:
    for start, end in verdict.passages:  # a plain loop: `any` costs four times as much here  # noqa: SIM110
        if start <= sentence.start and sentence.end <= end:
            return True
    return False


def _names(told: Iterable[Sentence]) -> list[Named]:
    return sorted(name for sentence in told for name in (*sentence.ours, *sentence.others))


def _left_out(name: Named, kind: TagKind) -> bool:
    if kind is TagKind.PLACE or name.kind == "government":
        return not name.ours
    return name.name.upper() == PUBLISHER


def _country(document: str, told: Iterable[Sentence], knowledge: Knowledge) -> list[Tag]:
    """The country where East Asian texts set its name before that of a body: 英国环境署, 英国歳入関税庁."""
    country = knowledge.watch.country
    spellings = tuple(word for language in _EAST for word in country.names.get(language, ()))
    for sentence in told:
        for name in sentence.ours:
            if name.kind in ("government", "institution", "organisation"):
                for spelling in spellings:
                    end = name.start + len(spelling)
                    if end < name.end and document.startswith(spelling, name.start):
                        return [Tag(kind=TagKind.PLACE, name=country.name, quote=spelling, start=name.start, end=end)]
    return []


_EAST = ("ja", "ko", "zh")


def _government(document: str, told: Iterable[Sentence], knowledge: Knowledge) -> list[Tag]:
    """ "The government" of the country's own news, where no other country stands in the sentence."""
    for sentence in told:
        if sentence.foreign or sentence.quoted:
            continue
        for hit in sentence.found("the_government"):
            governments = (n for n in (*sentence.ours, *sentence.others) if n.kind == "government")
            if any(n.start < hit.end and hit.start < n.end for n in governments):
                continue
            if document.startswith(OF_THE_STATE, hit.end):
                continue
            return [
                Tag(
                    kind=TagKind.ORGANISATION,
                    name=knowledge.watch.country.government,
                    quote=document[hit.start : hit.end],
                    start=hit.start,
                    end=hit.end,
                )
            ]
    return []


def _towns_of_universities(document: str, told: Iterable[Sentence]) -> list[Tag]:
    """The town of a university that acts or where the news happens; not of one that is only named beside."""
    towns = []
    for sentence in told:
        for name in sentence.ours:
            town = name.name.removeprefix("University of ").removesuffix(" University")
            if name.kind != "institution" or town == name.name or town != name.place or name.standing == "listed":
                continue
            before = document[sentence.start : name.start]
            acts = before.strip().lower() in ("", "the", "die", "la", "l’", "l'", "a", "o")
            if acts or _AT.search(before) or _AT_AFTER.match(document, name.end):
                quote = document[name.start : name.end]
                towns.append(Tag(kind=TagKind.PLACE, name=town, quote=quote, start=name.start, end=name.end))
    return towns


def _without_hired(facts: Sequence[Fact]) -> list[Fact]:
    """The figures without people whom another sentence of the news hires: those are jobs."""
    hired = {fact.value for fact in facts if fact.kind == "jobs"}
    return [fact for fact in facts if fact.kind != "people" or fact.value not in hired]
