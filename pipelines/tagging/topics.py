"""What the news is about: topics, each with the sentence that earned it. Does no input or output.

Only the spans that hold the news count. A word in the headline says more than
one in the body, and a topic that is small beside the article's main one was only
touched on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.evidence import ACTORS, Evidence, Sentence
from pipelines.knowledge import Knowledge
from pipelines.passages import HEADLINE, ITEM
from pipelines.vocabulary import Hit, fold
from presswatch.models import Level, Tag, TagKind, Verdict
from presswatch.watches import TopicRules

_MOST_IN_ONE = 3  # topics that one sentence can be about
_LIST = 3  # this many passages of a single sentence in a row are a list, whatever marks them
_GREAT = 30  # so many times the least value, and a figure speaks of its topic without a word of it
_MOST_OF_ONE = 2  # a phrase said a third time adds nothing


@dataclass(slots=True)
class _Tally:
    points: float = 0.0
    seen: dict[str, int] = field(default_factory=dict)
    best: float = 0.0
    main: bool = False  # whether the headline speaks of it
    bound: bool = False  # whether a sentence commits to a figure of it
    sentence: tuple[int, int] = (0, 0)


def find(found: Evidence, verdict: Verdict, knowledge: Knowledge, language: str) -> tuple[Tag, ...]:
    """The topics of the news, the strongest first; none where the verdict tells nothing."""
    rules, document = knowledge.topics, found.document
    parts = _parts(found, verdict, rules)
    tallies = _count(document, parts, knowledge, language)
    top = max((tally.points for tally in tallies.values()), default=0.0)
    # A passage inside wider news is short: there a word in passing is rare, and the share would hide what it says once.
    share = rules.share * min(1.0, rules.long / max(1, len(parts)))  # a long article is about many things
    needed = max(rules.enough, share * top) if verdict.level is Level.FOCUS else rules.enough
    chosen = sorted(
        (
            (tally.points, topic)
            for topic, tally in tallies.items()
            if tally.best and tally.points >= (rules.enough if tally.bound else needed)
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    chosen = _without_means(chosen, tallies, rules)
    most = rules.at_most + len(parts) // rules.further_each if len(parts) <= rules.long else len(chosen)
    least = chosen[most - 1][0] if len(chosen) > most else 0.0  # of those that are as strong none is left out
    return tuple(
        Tag(
            kind=TagKind.TOPIC,
            name=topic,
            quote=document[slice(*tallies[topic].sentence)],
            start=tallies[topic].sentence[0],
            end=tallies[topic].sentence[1],
        )
        for points, topic in chosen
        if points >= least
    )


def _without_means(
    chosen: Sequence[tuple[float, str]], tallies: Mapping[str, _Tally], rules: TopicRules
) -> list[tuple[float, str]]:
    """The topics without those that only serve another: the power of a data centre is no news of energy."""
    points = {topic: earned for earned, topic in chosen}
    means = {
        topic.id
        for topic in rules.topics
        if topic.yields
        and topic.id in points
        and not tallies[topic.id].main
        and any(points.get(other, 0.0) >= points[topic.id] for other in topic.yields)
    }
    return [pair for pair in chosen if pair[1] not in means]


def _count(
    document: str, parts: Sequence[tuple[Sentence, float]], knowledge: Knowledge, language: str
) -> dict[str, _Tally]:
    """What each topic earns in the sentences `parts`."""
    rules, lexicon = knowledge.topics, knowledge.topic_lexicon(language)
    figures = [(topic.id, kind, least) for topic in rules.topics for kind, least in topic.facts.items()]
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for sentence, factor in parts:
        acting = _acting(sentence, knowledge.name_topics)
        hits = lexicon.scan(sentence.text, fold(sentence.text), sentence.start)
        earned = _earned(document, hits, acting, rules, tallies)
        for topic, name in acting:
            if name not in tallies[topic].seen:
                tallies[topic].seen[name] = 1
                earned[topic] = earned.get(topic, 0.0) + rules.weak
        bound = _figures(sentence, hits, figures, earned, rules) if sentence.facts else ()
        strong = sum(points >= rules.strong for points in earned.values())
        # A sentence that runs through many topics is an enumeration and about none of them in particular.
        damping = _MOST_IN_ONE / strong if strong > _MOST_IN_ONE and len(parts) > _LIST else 1.0
        spoken = rules.spoken if sentence.quoted else 1.0
        for topic, points in earned.items():
            tally = tallies[topic]
            points = min(points, rules.sentence) * factor * damping * spoken
            tally.points = min(rules.most, tally.points + points)
            tally.main = tally.main or factor >= rules.headline
            tally.bound = tally.bound or topic in bound
            if points > tally.best and factor != rules.around:
                tally.best, tally.sentence = points, (sentence.start, sentence.end)
    return tallies


def _figures(
    sentence: Sentence,
    hits: Sequence[Hit],
    figures: Sequence[tuple[str, str, float]],
    earned: dict[str, float],
    rules: TopicRules,
) -> set[str]:
    """Add what a sentence's figures earn to `earned`; the topics that it commits somebody to are returned.

    A figure with a word of its topic, where something is done and not only said, is a commitment.
    """
    words = dict(earned)
    beside = {hit.category.partition(" ")[2] for hit in hits if hit.category.startswith("beside ")}
    done = not sentence.quoted and bool(sentence.found("announce") or sentence.found("commit"))
    largest: dict[str, float] = {}
    for fact in sentence.facts:
        if sentence.belongs(fact.start, fact.end):
            largest[fact.kind] = max(fact.value, largest.get(fact.kind, 0.0))
    bound = set()
    for topic, kind, least in figures:
        most = largest.get(kind, 0.0)
        worded = topic in words or topic in beside
        great = kind not in rules.beside_word or (kind == "money" and most >= least * _GREAT)
        if most >= least and (worded or great):
            earned[topic] = earned.get(topic, 0.0) + rules.figure
            if worded and done:
                bound.add(topic)
    return bound


def _earned(
    document: str,
    hits: Sequence[Hit],
    acting: Mapping[tuple[str, str], tuple[int, int]],
    rules: TopicRules,
    tallies: Mapping[str, _Tally],
) -> dict[str, float]:
    """The points of one sentence's hits by topic; a phrase said before in the article earns less.

    A weak word inside the name of an organisation says no more than the name.
    """
    found = [(*hit.category.partition(" ")[::2], hit.start, hit.end) for hit in hits]
    never = [(topic, start, end) for kind, topic, start, end in found if kind == "never"]
    earned: dict[str, float] = defaultdict(float)
    for kind, topic, start, end in found:
        if kind in ("never", "beside") or any(topic == t and s < end and start < e for t, s, e in never):
            continue
        if kind == "weak" and any(topic == t and s <= start and end <= e for (t, _), (s, e) in acting.items()):
            continue
        seen = tallies[topic].seen
        word = document[start:end].lower()
        seen[word] = times = seen.get(word, 0) + 1
        if times <= _MOST_OF_ONE:
            earned[topic] += (rules.strong if kind == "strong" else rules.weak) * (rules.again if times > 1 else 1.0)
    return earned


def _acting(sentence: Sentence, topics: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], tuple[int, int]]:
    """The topics that the names of a sentence's organisations speak of (a hospital's of health), with their places."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for name in (*sentence.ours, *sentence.others):
        if name.kind in ACTORS:
            for word in name.name.split():
                for topic in topics.get(word.strip(",'’"), ()):
                    found.setdefault((topic, name.name), (name.start, name.end))
    return found


def _parts(found: Evidence, verdict: Verdict, rules: TopicRules) -> list[tuple[Sentence, float]]:
    """The sentences of the news with how much a word in them counts."""
    told: dict[int, list[Sentence]] = {}  # by passage
    inside = iter(verdict.passages)
    span = next(inside, None)
    for sentence in found.sentences:
        while span and span[1] <= sentence.start:
            span = next(inside, None)
        if span and span[0] <= sentence.start and sentence.end <= span[1]:
            told.setdefault(sentence.passage, []).append(sentence)
    if not told:
        return []
    parts = []
    first = found.sentences[0]
    headline = found.passages[first.passage].kind == HEADLINE
    if headline and first.passage not in told:
        parts.append((first, rules.around))
    opening = 1 if first.passage in told else -1
    numbers = list(told)
    listed = _listed([len(told[number]) for number in numbers])
    for place, number in enumerate(numbers):
        kind = found.passages[number].kind
        factor = rules.lead if place == opening or kind == ITEM or place in listed else 1.0
        if kind == HEADLINE:
            factor = rules.headline
        parts += [(sentence, factor) for sentence in told[number]]
    return parts


def _listed(sizes: Sequence[int]) -> set[int]:
    """The numbers of the passages that stand in a row of single sentences, and so each tell something of their own."""
    listed: set[int] = set()
    run: list[int] = []
    for number, size in enumerate((*sizes, 0)):
        if size == 1 and number:
            run.append(number)
            continue
        if len(run) >= _LIST:
            listed.update(run)
        run = []
    return listed
