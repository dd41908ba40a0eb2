"""What of a story was told, and what has come since. Does no input or output.

With each edition the store keeps, for every story told, its *state*: which
articles told it, which of their changes were known, and which figures. A story
comes again, under "Updated", only for what a reader would want to hear twice: a
correction, a new headline, a figure that was not there, an article taken down.
Another translation is not an update, nor is the same article judged again by
newer rules: figures count as new only where an article or an edit brought them.

States are keyed by address, so that a story that is split, merged or given
another id is still known by its articles.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from presswatch import figures
from presswatch.models import Change, ChangeKind, Fact, Story, Version
from presswatch.store.records import Told

# Beyond this many words an edit is no slip of the pen, and comparing would be slow.
_LONG = 400
# Two spellings of one word ("recieve", "receive") are at least this alike; two different words seldom are.
_TYPO = 0.8
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the readers of one digest have been told, over all its editions."""

    stories: frozenset[str]
    changes: Mapping[str, frozenset[str]]  # an article's address → its changes that were known
    facts: Mapping[str, frozenset[str]]  # an article's address → every figure told of its story


def state(story: Story) -> str:
    """What is told when this story is told now."""
    versions = _relevant(story)
    return json.dumps(
        {
            "articles": {v.article.url: sorted(_change_key(c) for c in v.changes) for v in versions},
            "figures": sorted({figures.key(fact) for v in versions for fact in v.facts}),
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def memory(told: Mapping[str, Told]) -> Memory:
    """What the store remembers of a digest, by story; a state that cannot be read still counts as told."""
    changes: dict[str, frozenset[str]] = {}
    facts: dict[str, frozenset[str]] = {}
    for row in told.values():
        try:
            known = json.loads(row.state)
            articles = {str(url): frozenset(map(str, keys)) for url, keys in known["articles"].items()}
            stated = frozenset(map(str, known["figures"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        for url, keys in articles.items():
            changes[url] = changes.get(url, frozenset()) | keys
            facts[url] = facts.get(url, frozenset()) | stated
    return Memory(stories=frozenset(row.story for row in told.values()), changes=changes, facts=facts)


def was_told(story: Story, told: Memory) -> bool:
    """Whether any article of the story was told, under whatever story it then stood."""
    return story.id in told.stories or any(_addresses(v) & told.changes.keys() for v in _relevant(story))


def news(story: Story, told: Memory, sources: Mapping[str, str]) -> tuple[str, ...]:
    """What has come since the story was told, a sentence each; nothing where it needs no second telling."""
    known = {url: keys for v in _relevant(story) for url, keys in told.changes.items() if url in _addresses(v)}
    if not known:
        return ()  # its state is lost: better silent than told twice
    stated = set().union(*(told.facts[url] for url in known))
    notes: list[str] = []
    for version in _relevant(story):
        heard = [known[url] for url in _addresses(version) if url in known]
        fresh = [c for c in version.changes if not any(_change_key(c) in keys for keys in heard)] if heard else []
        where = sources.get(version.article.source, version.article.source)
        sentences = [sentence for change in fresh if (sentence := _sentence(change, version, where))]
        if not heard or any(change.kind is ChangeKind.EDITED for change in fresh):
            added = _added(version, stated, other_language=not heard and _is_translation(version, story, known))
            stated.update(figures.key(fact) for fact, _ in added)
            shown = [(fact, lang) for fact, lang in added if not any(fact.quote in text for text in sentences)]
            if shown:
                notes.append(f"{where} adds: {', '.join(figure.text for figure in figures.figures(shown))}.")
        notes.extend(sentences)
    return tuple(dict.fromkeys(notes))


def _relevant(story: Story) -> tuple[Version, ...]:
    return tuple(version for version in story.versions if version.verdict.relevant)


def _addresses(version: Version) -> frozenset[str]:
    """The article's address, and those it had before it moved."""
    return frozenset({version.article.url, *(c.before for c in version.changes if c.kind is ChangeKind.MOVED)})


def _change_key(change: Change) -> str:
    return f"{change.kind}@{change.at:%Y%m%dT%H%M%S}"


def _is_translation(version: Version, story: Story, known: Mapping[str, object]) -> bool:
    languages = {v.article.language for v in _relevant(story) if _addresses(v) & known.keys()}
    return version.article.language not in languages


def _added(version: Version, stated: Iterable[str], *, other_language: bool) -> list[tuple[Fact, str]]:
    """The version's figures that were not told; a translation's sums in another currency are conversions."""
    stated = frozenset(stated)
    currencies = {key.rpartition(":")[2] for key in stated if key.startswith("money:")}
    return [
        (fact, version.article.language)
        for fact in version.facts
        if figures.key(fact) not in stated
        and not (other_language and currencies and fact.kind == "money" and fact.unit not in currencies)
    ]


def _sentence(change: Change, version: Version, where: str) -> str:
    """The change as a reader is told of it; empty where it is not worth a second telling."""
    if change.kind is ChangeKind.RETITLED and _words(change.before) != _words(change.after):
        return f"New headline. {where} first had: “{_short(change.before)}”"
    if change.kind is ChangeKind.REMOVED:
        return f"{where} has taken the article down."
    if change.kind is ChangeKind.EDITED and _touches_news(change, version) and _substantive(change):
        return _correction(change, where)
    return ""


def _touches_news(change: Change, version: Version) -> bool:
    """Whether the edit is about the news itself; inside a wider announcement most edits are not."""
    document = version.article.document
    passages = [document[start:end] for start, end in version.verdict.passages]
    if not passages or version.verdict.level != "part":
        return True
    lines = [line.strip() for line in change.after.splitlines() if line.strip()]
    return any(line in passage or passage.strip() in line for line in lines for passage in passages)


def _substantive(change: Change) -> bool:
    """More than spelling, spaces and punctuation."""
    before, after = _words(change.before), _words(change.after)
    if len(before) > _LONG or len(after) > _LONG:
        return before != after
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if tag != "replace" or j - i != m - k:
            return True
        if any(not _same_word(a, b) for a, b in zip(before[i:j], after[k:m], strict=True)):
            return True
    return False


def _same_word(a: str, b: str) -> bool:
    if a[0] != b[0] or any(letter.isdigit() for letter in a + b):  # "million" is not "billion" misspelt
        return a == b
    return SequenceMatcher(None, a[:40], b[:40], autojunk=False).ratio() >= _TYPO


def _correction(change: Change, where: str) -> str:
    before, after = " ".join(change.before.split()), " ".join(change.after.split())
    if before and after:
        return f"{where} changed the text. Before: “{_short(before)}” Now: “{_short(after)}”"
    if after:
        return f"{where} added: “{_short(after)}”"
    return f"{where} took out: “{_short(before)}”"


def _words(text: str) -> list[str]:
    """Words; scripts without spaces go character by character, so that one changed place name shows."""
    return re.findall(rf"[{_CJK}]|[^\W{_CJK}]+", text.casefold())


def _short(text: str, limit: int = 220) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
