"""What is missing to the next level, as one would tell the author of a rule. Does no input or output.

Each remedy is tried on the evidence before it is named: what is promised to lift
a verdict would lift it, under the numbers of the watch as they stand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from pipelines import relevance
from pipelines.evidence import Evidence
from pipelines.relevance import Group
from presswatch.models import Level, Verdict
from presswatch.watches import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remedy:
    """Something that a passage could say in addition, and what that would do to it."""

    words: Callable[[Group, Watch], str]
    apply: Callable[[Group, Watch], Group]


def missing(found: Evidence, verdict: Verdict, watch: Watch) -> tuple[str, ...]:
    """Plain sentences on what would lift this verdict to the next level; none where there is no higher one."""
    if verdict.level is Level.FOCUS:
        return ()
    about_subject = found.subject >= watch.thresholds.subject and found.subject > found.off_subject
    if verdict.level is Level.NONE:
        return _to_mention(found, watch, about_subject=about_subject)
    groups = relevance.gather(found, watch, about_subject=about_subject)
    if verdict.level is Level.MENTION:
        return (_to_part(found, groups, watch),)
    return _to_focus(found, groups, watch)


def _country(watch: Watch) -> str:
    name = watch.country.name
    return f"the {name}" if name.startswith(("United", "Netherlands", "Czech", "Philippines")) else name


# --- none → mention ---------------------------------------------------------------------------------------------------


def _to_mention(found: Evidence, watch: Watch, *, about_subject: bool) -> tuple[str, ...]:
    needed = []
    if not about_subject:
        if found.subject < watch.thresholds.subject:
            points = f"{found.subject:g} of the {watch.thresholds.subject:g} points"
            needed.append(
                f"More words of the subject, {watch.title!r}, would be needed: the article has {points} of them."
            )
        else:
            needed.append(
                f"The article speaks more of something else ({found.off_subject:g} points) than of the subject"
                f" ({found.subject:g}): more of the subject, or less of that, would be needed."
            )
    if relevance.total_ground(found) < watch.thresholds.mention:
        needed.append(f"A place, public body, organisation or person of {_country(watch)} would be needed.")
    if not needed:
        return ()
    return (*needed, "That would make this a mention." if len(needed) == 1 else "Both would make this a mention.")


# --- mention → part ---------------------------------------------------------------------------------------------------


def _specifics(group: Group, watch: Watch) -> str:
    lacking = max(watch.thresholds.specific - group.specific, watch.thresholds.news - group.points)
    small = min(watch.weights.site, watch.weights.date, watch.weights.partner)
    if group.deed and lacking <= small:
        return "a sum, a count, a site, a date or a named partner"
    return "a sum or another count"


def _counted(group: Group, watch: Watch) -> Group:
    """A sum or count in the country is a deed, too, by whichever verb."""
    does = not group.company_only and not any(s.foreign or s.found("event") for s in group.sentences)
    deed = max(group.deed, watch.weights.intent) if does else group.deed
    return replace(group, specific=group.specific + watch.weights.fact, deed=deed)


_REMEDIES = (
    _Remedy(
        words=_specifics,
        apply=_counted,
    ),
    _Remedy(
        words=lambda _, __: "a word for what is done there (opens, invests, deploys)",
        apply=lambda group, watch: replace(group, deed=max(group.deed, watch.weights.deed)),
    ),
    _Remedy(
        words=lambda _, watch: (
            f"a place or public body of {_country(watch)}, or a sum or count that the company commits to"
        ),
        apply=lambda group, _: replace(group, company_only=False),
    ),
    _Remedy(
        words=lambda _, watch: f"a name of {_country(watch)} that is not one of a list",
        apply=lambda group, watch: replace(group, ground=group.ground + watch.weights.place),
    ),
    _Remedy(
        words=lambda _, __: "a word of the subject",
        apply=lambda group, watch: replace(group, subject=max(group.subject, watch.weights.subject)),
    ),
)


def _to_part(found: Evidence, groups: Sequence[Group], watch: Watch) -> str:
    tried = ((remedies, group) for group in groups if (remedies := _fewest(group, watch)) is not None)
    best = min(tried, key=lambda pair: (len(pair[0]), -pair[1].points), default=None)
    if best is None:
        return (
            f"{_capital(_country(watch))} is nowhere the ground of a sentence: one of its own, on what is done there"
            " and how much, when, where or with whom, would make this part."
        )
    remedies, group = best
    others = {remedy: [other for other in remedies if other is not remedy] for remedy in remedies}
    wanted = " and ".join(remedy.words(_mended(group, others[remedy], watch), watch) for remedy in remedies)
    return f"{_capital(wanted)} in {_where(found, group)} would make this part."


def _fewest(group: Group, watch: Watch) -> tuple[_Remedy, ...] | None:
    """The fewest remedies that make a passage news; None where all together do not."""
    for number in range(1, len(_REMEDIES) + 1):
        for remedies in combinations(_REMEDIES, number):
            if _mended(group, remedies, watch).is_news(watch):
                return remedies
    return None


def _mended(group: Group, remedies: Iterable[_Remedy], watch: Watch) -> Group:
    for remedy in remedies:
        group = remedy.apply(group, watch)
    return group


def _where(found: Evidence, group: Group) -> str:
    kind = "sentence" if len(group.sentences) == 1 else "passage"
    name = max(group.names, key=lambda name: name.weight, default=None)
    if name is None:
        start, end = group.span
        return f"the {kind} “{found.document[start : min(end, start + 60)].rstrip()}…”"
    return f"the {kind} about {found.document[name.start : name.end]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- part → focus -----------------------------------------------------------------------------------------------------


def _to_focus(found: Evidence, groups: Sequence[Group], watch: Watch) -> tuple[str, ...]:
    country, needed = _country(watch), []
    if relevance.headline_ground(found, watch):
        needed.append(
            f"The headline names {country} beside others, and most of the text is about those: a text more about"
            f" {country} would make this focus."
        )
    else:
        needed.append(f"A headline about {country}, or its news in the opening paragraph, would make this focus.")
    part, least = relevance.share(found, groups, watch), watch.thresholds.share
    if part < least:
        needed.append(f"So would more of it: {part:.0%} of the sentences are about {country}, {least:.0%} are needed.")
    else:
        needed.append(f"Most of the text is about {country}, but all of it under one heading of several.")
    return tuple(needed)
