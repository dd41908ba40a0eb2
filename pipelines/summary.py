"""One to three sentences of the source's own that tell the news: who, what, how much, where.

Nothing is written, only chosen. Does no input or output.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines import sentences
from pipelines.evidence import Evidence, Sentence
from pipelines.passages import HEADING, HEADLINE
from presswatch.models import Fact, Reason, Verdict

_MOST = 3
_SHORTEST = {"ja": 16, "zh": 12, "ko": 20}
_LONGEST = 420
# What is put up is the news; how many people and firms there are is as often the setting.
_WORTH = {"money": 1.75, "gpus": 1.25, "power": 1.25, "compute": 1.25, "people": 0.6, "companies": 0.6}
# A sentence that opens so leans on the one before it.
_LEANING = re.compile(
    r"^(?:it|they|this|that|these|those|he|she|its|their|his|her|but|and|so|also|there|here|such|one of them"
    r"|il|elle|ils|elles|ce|cela|cette|ces|celui|celle|mais|et|on|son|sa|leur"
    r"|er|sie|es|dies|diese[rsnm]?|das|aber|und|dort|dabei|damit|davon|ihr|sein"
    r"|esto|este|esta|estos|estas|ello|ella|pero|y|así|su|sus"
    r"|questo|questa|questi|queste|ciò|ma|e|così|esso|essa"
    r"|isto|isso|este|esta|esse|essa|ele|ela|mas|e|seu|sua)\b"
    r"|^(?:これ|それ|その|この|また|しかし|さらに|同社|이는|이를|그는|그녀는|또한|그러나|하지만|이번|這|这|该|該|此|其|它|他|她|但)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Choice:
    start: int
    end: int
    points: float


def choose(found: Evidence, verdict: Verdict, facts: Sequence[Fact], language: str) -> tuple[str, ...]:
    """The sentences in the order of the text; empty where the verdict tells nothing."""
    if not verdict.relevant:
        return ()
    choices = _choices(found, verdict, facts, language)
    best = sorted(choices, key=lambda choice: (-choice.points, choice.start))
    chosen = [choice for choice in best[:_MOST] if choice.points >= best[0].points * 0.5]
    return tuple(found.document[c.start : c.end] for c in sorted(chosen, key=lambda c: c.start))


def _choices(found: Evidence, verdict: Verdict, facts: Sequence[Fact], language: str) -> list[_Choice]:
    document = found.document
    choices: list[_Choice] = []
    fallback: list[_Choice] = []
    grounds = [reason for reason in verdict.reasons if reason.weight > 0]
    order, last = -1, -1
    for sentence in found.sentences:
        passage = found.passages[sentence.passage]
        if passage.kind in (HEADLINE, HEADING) or not _told(sentence, verdict):
            continue
        opens = sentence.passage != last
        order, last = order + opens, sentence.passage
        at = sentence.start
        if sentence.start == passage.start:
            at += sentences.dateline(sentence.text)
        points = _points(sentence, grounds, facts) + max(0.0, 1.5 - 0.5 * order) + (0.5 if opens else 0.0)
        stands = _stands_alone(document[at : sentence.end], sentence.quoted, language)
        (choices if stands else fallback).append(_Choice(at, sentence.end, points))
    # A passage of nothing but quotations and pronouns is still better told than not at all.
    return choices or sorted(fallback, key=lambda choice: -choice.points)[:1]


def _told(sentence: Sentence, verdict: Verdict) -> bool:
    for start, end in verdict.passages:  # a plain loop: `any` costs four times as much here  # noqa: SIM110
        if start <= sentence.start and sentence.end <= end:
            return True
    return False


def _stands_alone(text: str, quoted: bool, language: str) -> bool:
    shortest = _SHORTEST.get(language, 40)
    if quoted or not shortest <= len(text) <= _LONGEST or text.endswith(("?", "？", ":", "：")):
        return False
    return text[0] not in '“«„「『"' and not _LEANING.match(text)


def _points(sentence: Sentence, grounds: Sequence[Reason], facts: Sequence[Fact]) -> float:
    """Figures, names of the country that the verdict argued with, and deeds make a sentence worth telling."""
    start, end = sentence.start, sentence.end
    points = min(2.5, sum(_WORTH.get(fact.kind, 1.0) for fact in facts if start <= fact.start and fact.end <= end))
    points += min(2.0, 0.5 * len({r.quote for r in grounds if start <= r.start and r.end <= end}))
    points += 1.0 * bool(sentence.found("announce")) + 0.5 * bool(sentence.found("subject"))
    points += 0.75 * any(name.kind in ("country", "demonym") for name in sentence.ours)
    return points - 1.0 * bool(sentence.found("off_subject") or sentence.found("background"))
