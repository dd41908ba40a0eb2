"""The verdict: is this article news of the watch's subject, how much of it, and why. Does no input or output.

Evidence of single sentences (evidence.py) is gathered into items of news: a
sentence about the country with those that continue it. The level follows from
where such news stands: in the headline or opening, in most of the body, in one
passage, or nowhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines import arguments, standing
from pipelines.evidence import ACTORS, GEOGRAPHY, Evidence, Named, Sentence
from pipelines.knowledge import Knowledge
from pipelines.passages import HEADING, HEADLINE, ITEM, LEAD
from pipelines.tagging.facts import distinct
from presswatch.models import Fact, Level, Verdict
from presswatch.watches import Watch

# A year that makes a sentence history.
_PAST = re.compile(r"(?<!\d)1[5-9]\d\d(?!\d|[.,]\d)")
_ATTENDANCE = frozenset(("people", "companies"))  # figures of a gathering that are no news of their own
_OURS, _OTHERS, _NEUTRAL = "ours", "others", "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A sentence about the country and those that continue it, weighed as one item of news."""

    sentences: tuple[Sentence, ...]
    names: tuple[Named, ...]
    ground: float
    deed: float
    specific: float
    subject: float
    against: float
    company_only: bool
    commits: bool  # to a figure that counts for a company

    @property
    def points(self) -> float:
        return self.ground + self.deed + self.specific + self.subject - self.against

    @property
    def span(self) -> tuple[int, int]:
        return self.sentences[0].start, self.sentences[-1].end

    def is_news(self, watch: Watch) -> bool:
        """Whether ground, deed, specifics and subject are all there, and enough of them together."""
        limits = watch.thresholds
        return (
            self.ground >= limits.ground
            and self.deed > 0
            and self.subject > 0
            and self.specific >= limits.specific
            and (self.commits or not self.company_only)
            and self.points >= limits.news
        )


def judge(found: Evidence, knowledge: Knowledge) -> Verdict:
    """What the watch says of an article, with its reasons and the spans that hold the news."""
    watch = knowledge.watch
    about_subject = found.subject >= watch.thresholds.subject and found.subject > found.off_subject
    groups = gather(found, watch, about_subject=about_subject) if about_subject else ()
    news = [group for group in groups if group.is_news(watch)]
    level = _level(found, groups, news, watch, about_subject=about_subject)
    return Verdict(
        watch=watch.name,
        level=level,
        score=_score(level, found, groups, watch),
        reasons=arguments.argue(found, groups, news, level, watch),
        passages=_spans(found, groups, news, level, watch),
    )


# ---------------------------------------------------------------------------------------------- items of news


def gather(found: Evidence, watch: Watch, *, about_subject: bool) -> tuple[Group, ...]:
    """The sentences about the country, each with those of its passage that continue it."""
    groups: list[Group] = []
    current: list[Sentence] = []
    previous = -1
    for sentence in found.sentences:
        if found.passages[sentence.passage].kind in (HEADLINE, HEADING):
            continue
        side = _side(sentence, watch)
        continues = current and sentence.passage == previous
        lent = sentence.grounded_by >= 0 and side == _NEUTRAL
        if continues and side != _OTHERS:
            current.append(sentence)
        else:
            if current:
                groups.append(_weigh(current, found, watch, about_subject=about_subject))
            current = [sentence] if side == _OURS or lent else []
        previous = sentence.passage
    if current:
        groups.append(_weigh(current, found, watch, about_subject=about_subject))
    return tuple(groups)


def _side(sentence: Sentence, watch: Watch) -> str:
    """Whether a sentence is about the country, somewhere else, or neither; asked often, answered once."""
    sentence.side = sentence.side or _side_of(sentence, watch)
    return sentence.side


def _side_of(sentence: Sentence, watch: Watch) -> str:
    if sentence.ground >= watch.thresholds.ground * 0.5 and _has_ground(sentence, watch):
        return _OURS
    return _OTHERS if sentence.foreign else _NEUTRAL


def _has_ground(sentence: Sentence, watch: Watch) -> bool:
    """A sentence opens an item of news with a name that stands for itself, or the country's money beside one."""
    missing = watch.thresholds.ground - sentence.ground
    if missing <= 0:
        return True
    return missing <= watch.weights.currency and any(f.unit == watch.country.currency for f in sentence.facts)


def _weigh(members: Sequence[Sentence], found: Evidence, watch: Watch, *, about_subject: bool) -> Group:
    weights = watch.weights
    names = [name for sentence in members for name in sentence.ours]
    lender = members[0].grounded_by
    if lender >= 0:
        names = [n for s in found.sentences if s.passage == lender for n in s.ours] + names
    facts = distinct(fact for s in members for fact in s.facts if s.belongs(fact.start, fact.end))
    ground = standing.total(names, weights.further)
    if any(fact.unit == watch.country.currency for fact in facts):
        ground += weights.currency
    located = any(
        n.weight >= 0.5 and n.standing == "" and n.kind not in ("organisation", "person", "product", "event")
        for n in names
    )
    return Group(
        sentences=tuple(members),
        names=tuple(names),
        ground=min(ground, 2.0),
        deed=_deed_of(members, facts, watch, located=located),
        specific=min(_specific(members, names, facts, watch), 2.5),
        subject=_subject(members, watch, about_subject=about_subject),
        against=sum(len(s.found("off_subject")) for s in members) * weights.off_subject,
        company_only=not located,
        commits=any(
            fact.kind in watch.company_figures
            for s in members
            if s.found("commit") and not s.quoted
            for fact in s.facts
        ),
    )


def _deed_of(members: Sequence[Sentence], facts: Sequence[Fact], watch: Watch, *, located: bool) -> float:
    """The strongest deed of the sentences.

    No list holds every verb: a sentence that counts something in the country, and
    nothing elsewhere, does something there, by whichever word.
    """
    best = max((_deed(sentence, watch) for sentence in members), default=0.0)
    if best or not located or any(s.foreign or s.found("event") for s in members):
        return best
    plain = [s for s in members if not s.quoted and not s.found("background") and not _PAST.search(s.text)]
    counted = any(s.has_number or any(fact in s.facts for fact in facts) or _dated(s) for s in plain)
    return watch.weights.intent if counted else 0.0


def _dated(sentence: Sentence) -> bool:
    """Whether an institution of the country has a date for what it does."""
    return bool(sentence.found("date")) and any(n.kind == "institution" and not n.standing for n in sentence.ours)


def _deed(sentence: Sentence, watch: Watch) -> float:
    """What is done in one sentence; a quotation does nothing, and background only where a figure makes it news."""
    if sentence.quoted or (not sentence.facts and (sentence.found("background") or _PAST.search(sentence.text))):
        return 0.0
    best = 0.0
    for category, weight in (("announce", watch.weights.deed), ("announce_weak", watch.weights.intent)):
        if any(sentence.belongs(hit.start, hit.end) for hit in sentence.found(category)):
            best = max(best, weight)
    return best


def _specific(members: Sequence[Sentence], names: Sequence[Named], facts: Sequence[Fact], watch: Watch) -> float:
    """What the news says beyond a name."""
    weights = watch.weights
    gathering = any(s.found("event") for s in members) and all(fact.kind in _ATTENDANCE for fact in facts)
    points = 0.0 if gathering else weights.fact * min(len(facts), 2)
    places = {n.name for n in names if n.kind == "place" and n.standing == ""}
    actors = {n.name for n in names if n.kind in ACTORS and n.standing != "listed"}
    if not gathering:
        points += weights.number * any(s.has_number for s in members)
        points += weights.date * any(s.belongs(h.start, h.end) for s in members for h in s.found("date"))
        seated = any(n.kind == "institution" and n.standing == "" for n in names)  # an institution is a place itself
        points += weights.site * (len(places) >= 2 or bool(places and actors) or seated)
    partners = actors | {n.name for s in members for n in s.others if n.kind == "organisation" and n.name != "NVIDIA"}
    points += weights.partner * (len(partners) >= 2)
    return points + weights.purpose * any(s.belongs(h.start, h.end) for s in members for h in s.found("purpose"))


def _subject(members: Sequence[Sentence], watch: Watch, *, about_subject: bool) -> float:
    if any(s.found("subject") for s in members):
        return watch.weights.subject
    weak = watch.weights.subject_weak * sum(len(s.found("subject_weak")) for s in members)
    return min(watch.weights.subject, weak + (0.5 * watch.weights.subject if about_subject else 0.0))


# ------------------------------------------------------------------------------------------------------ level


def _level(
    found: Evidence, groups: Sequence[Group], news: Sequence[Group], watch: Watch, *, about_subject: bool
) -> Level:
    if not about_subject or total_ground(found) < watch.thresholds.mention:
        return Level.NONE
    if is_focus(found, groups, news, watch):
        return Level.FOCUS
    return Level.PART if news else Level.MENTION


def total_ground(found: Evidence) -> float:
    """All names of the country, however they stand; a single passing one is enough for a mention."""
    return sum(
        max(name.weight, 0.3 if name.standing in ("listed", "cited", "dateline") else 0.0)
        for sentence in found.sentences
        for name in sentence.ours
    )


def is_focus(found: Evidence, groups: Sequence[Group], news: Sequence[Group], watch: Watch) -> bool:
    """Whether the headline or the opening is the country's news, or most of the body is."""
    headline = headline_ground(found, watch)
    part = share(found, groups, watch)
    if headline and (news or _body_is_news(found, groups, watch)):
        return not _elsewhere_is_the_news(found, part)
    if any(found.passages[g.sentences[0].passage].kind == LEAD for g in news):
        return not _elsewhere_is_the_news(found, part)
    if _is_the_story_of_one(found, groups, watch):
        return True
    return bool(news) and part >= watch.thresholds.share and not _one_section_of_several(found, news)


def _body_is_news(found: Evidence, groups: Sequence[Group], watch: Watch) -> bool:
    """Whether what a headline about the country stands over is, taken together, one item of news.

    Its figures and partners may stand in sentences that do not name the country again.
    """
    body = [s for s in found.sentences if found.passages[s.passage].kind not in (HEADLINE, HEADING)]
    told = [s for s in body if _side(s, watch) != _OTHERS]
    whole = _weigh(told, found, watch, about_subject=True) if told else None
    return (
        whole is not None
        and not whole.company_only
        and whole.is_news(watch)
        and len(told) >= len(body) * watch.thresholds.share
    )


def _elsewhere_is_the_news(found: Evidence, part: float) -> bool:
    """A headline that names other countries too, over a body that is mostly about them."""
    others = [s for s in found.sentences if s.passage == 0 and s.foreign]
    return bool(others) and part < 0.25


def headline_ground(found: Evidence, watch: Watch) -> float:
    """How much the headline is about the country; 0 where it only lists it."""
    first = [s for s in found.sentences if found.passages[s.passage].kind == HEADLINE]
    best = max((s.ground for s in first), default=0.0)
    return best if best >= watch.thresholds.ground else 0.0


def share(found: Evidence, groups: Sequence[Group], watch: Watch) -> float:
    """The part of the body's sentences that are about the country, or stand between such without going elsewhere."""
    grouped = {id(sentence) for group in groups for sentence in group.sentences}
    body = [s for s in found.sentences if found.passages[s.passage].kind not in (HEADLINE, HEADING)]
    if not body:
        return 0.0
    ours = 0
    waiting = 0  # neutral sentences since the last one about the country
    open_run = False
    for sentence in body:
        if id(sentence) in grouped:
            ours += 1 + (waiting if open_run else 0)
            waiting, open_run = 0, True
        elif _side(sentence, watch) == _NEUTRAL:
            waiting += 1
        else:
            waiting, open_run = 0, False
    if open_run and ours > 1 and not any(_side(s, watch) == _OTHERS for s in body):
        ours += waiting
    return ours / len(body)


_TOLD_IN = 2  # paragraphs that name the country, its places or bodies
_OPENING = 2  # paragraphs that introduce whom a story is about


def _is_the_story_of_one(found: Evidence, groups: Sequence[Group], watch: Watch) -> bool:
    """Whether the article follows one firm or body of the country that its opening introduces.

    Such a story names the country where it says who that is, and rarely after; what was spent, hired or
    installed stands in sentences of its own. It is of the country where the opening is, little of it plays
    elsewhere, and it commits to a figure that counts for a company.
    """
    body = [s for s in found.sentences if found.passages[s.passage].kind not in (HEADLINE, HEADING)]
    first = list(dict.fromkeys(s.passage for s in body))[:_OPENING]
    opening = [s for s in body if s.passage in first and found.passages[s.passage].section == 0]
    seats = {
        n.name for s in opening for n in s.ours if n.kind in ("place", "institution") and n.standing in ("", "address")
    }
    ours = sum(bool(s.ours) for s in body)
    theirs = sum(s.foreign and not s.ours for s in found.sentences)
    told = {s.passage for s in body if s.ours}
    if not seats or ours <= 2 * theirs or len(told) < _TOLD_IN or any(found.passages[n].kind == ITEM for n in first):
        return False
    return any(
        fact.kind in watch.company_figures and (fact.kind != "money" or fact.unit == watch.country.currency)
        for s in body
        if not s.quoted and not s.foreign and not s.found("elsewhere") and not s.found("event")
        for fact in s.facts
    )


def _one_section_of_several(found: Evidence, news: Sequence[Group]) -> bool:
    sections = {found.passages[g.sentences[0].passage].section for g in news}
    headings = sum(passage.kind == HEADING for passage in found.passages)
    return len(sections) == 1 and 0 not in sections and headings >= 3


# ---------------------------------------------------------------------------------------- passages and score


def _spans(
    found: Evidence, groups: Sequence[Group], news: Sequence[Group], level: Level, watch: Watch
) -> tuple[tuple[int, int], ...]:
    """The spans that hold the news: nearly all of a focus, the passages themselves of a part."""
    if level is Level.FOCUS:
        return _focus_spans(found, groups, watch)
    if level is not Level.PART:
        return ()
    chosen = list(news)
    told = {(found.passages[g.sentences[0].passage].section, g.sentences[0].passage) for g in news}
    for group in groups:
        passage = group.sentences[0].passage
        section = found.passages[passage].section
        beside = {(section, passage - 1), (section, passage), (section, passage + 1)} & told
        if (
            beside
            and group not in chosen
            and found.passages[passage].kind != ITEM
            and group.ground >= watch.thresholds.ground
        ):
            chosen.append(group)
            told.add((section, passage))
    spans = {group.span for group in chosen}
    lenders = {group.sentences[0].grounded_by for group in chosen} - {-1}
    spans |= {(found.passages[lender].start, found.passages[lender].end) for lender in lenders}
    return tuple(sorted(spans))


def _focus_spans(found: Evidence, groups: Sequence[Group], watch: Watch) -> tuple[tuple[int, int], ...]:
    grouped = {sentence.passage for group in groups for sentence in group.sentences}
    elsewhere = {s.passage for s in found.sentences if _side(s, watch) == _OTHERS} - grouped
    return tuple(
        (passage.start, passage.end)
        for number, passage in enumerate(found.passages)
        if passage.is_news and (number not in elsewhere or passage.kind == HEADLINE)
    )


_BANDS = {Level.NONE: (0.0, 0.15), Level.MENTION: (0.15, 0.45), Level.PART: (0.5, 0.8), Level.FOCUS: (0.8, 1.0)}


def _score(level: Level, found: Evidence, groups: Sequence[Group], watch: Watch) -> float:
    """Between 0 and 1: the level gives the range, the strength of the evidence the place in it."""
    low, high = _BANDS[level]
    strength = sum(max(group.points, 0.0) for group in groups) + headline_ground(found, watch) + total_ground(found) / 4
    return round(low + (high - low) * strength / (strength + watch.thresholds.news), 3)


__all__ = ["GEOGRAPHY", "Group", "gather", "judge"]
