"""One reading of each name throughout a text. Does no input or output.

Where a sentence says what an organisation is called in full, or where it sits,
that holds for every place where the text names it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipelines.tagging.capitals import LEADING
from pipelines.tagging.index import Target
from pipelines.tagging.latin import TOKEN, WORD
from pipelines.tagging.people import NO_PERSON
from pipelines.tagging.scene import Item, Scene
from pipelines.tagging.triggers import THE_FIRM, words

# "Guth nan Eilean", "Ysgol y Peiriant": small words of Gaelic and Welsh names that are none of the text's language.
_CELTIC_ANY = re.compile(rf"(?:[ \u00a0](?:nan|nam|na|an|yr|y|ar)[ \u00a0]{TOKEN})+(?![{WORD}-])")
_CELTIC = {
    language: re.compile(rf"(?:[ \u00a0](?:{small})[ \u00a0]{TOKEN})+(?![{WORD}-])")
    for language, small in (
        ("en", "nan|nam|na|yr|y|ar"), ("fr", "nan|nam|na|yr|y|ar"), ("de", "nan|nam|na|yr|y|ar"),
        ("es", "nan|nam|na|yr|ar"), ("it", "nan|nam|na|yr|y|ar"), ("pt", "nan|nam|yr|y|ar"),
    )
}  # fmt: skip
_LEGAL = re.compile(r"[ \u00a0](?:Ltd|Limited|plc|PLC|LLP|CIC)\.?$")
_SUFFIX = re.compile(r"[ \u00a0](?:plc|Ltd|Limited|LLP|Inc|Corp|Holdings|Group)\b\.?")
GENERIC = words("AI GPU GPUs API CEO CTO PhD EU US UK R&D IT HPC IoT ML LLM LLMs Data Center Centre Group "
                     "Today University Institute Laboratory Council Trust Research Cloud Systems")  # fmt: skip


def read_as(scene: Scene, start: int, end: int, name: str, uk: bool, note: str, weight: float = 0.5) -> Item:
    """The words from `start` to `end`, read as an organisation called `name`; `note` says how it was recognised."""
    target = Target(
        name=_LEGAL.sub("", " ".join(name.split())),
        kind="organisation",
        country=scene.index.country if uk else "",
        listed=False,
        weight=weight,
    )
    return Item(start, end, target, scene.span_of(start), uk=uk, weight=weight, note=note)


def join_small_words(scene: Scene, items: dict[tuple[int, int], Item]) -> None:
    """`Guth` of `Guth nan Eilean` is no name."""
    joined = _CELTIC.get(scene.language, _CELTIC_ANY)
    for (start, end), item in list(items.items()):
        further = joined.match(scene.document, end)
        if further and item.target.kind == "organisation" and scene.free(end, further.end(), ("place",)):
            name = f"{item.target.name}{further[0]}"
            del items[start, end]
            item.end, item.target = further.end(), replace(item.target, name=" ".join(name.split()))
            items[start, item.end] = item


# "The company was spun out of …", "L'entreprise, basée à …": it is said of the one that the article is about.
_THE_FIRM = re.compile(rf"(?:{THE_FIRM})\b[^.;:“”\"]{{0,40}}$", re.IGNORECASE)


def refer(scene: Scene, found: Sequence[tuple[int, int, str]], items: dict[tuple[int, int], Item]) -> None:
    """Give the one firm of the headline the seat that a later sentence tells of "the company"."""
    title = scene.spans[0][1] if scene.spans else 0
    first = min((i for i in items.values() if i.target.kind == "organisation" and i.start > title),
                key=lambda i: i.start, default=None)  # fmt: skip
    if scene.east or first is None or first.target.name not in scene.document[:title]:
        return
    for start, end, kind in found:
        if kind != "seated" or start < first.end:
            continue
        seat = next((i for i in scene.since(end, end + 11) if i.telling), None)
        if seat and seat.uk and _THE_FIRM.fullmatch(scene.document, scene.sentence(start, end)[0], start):
            for item in items.values():
                if item.target.name == first.target.name and not item.uk:
                    item.uk, item.weight, item.note = True, 1.0, f"tied to {seat.target.name}"
                    item.target = replace(item.target, country=scene.index.country)
            return


def agree(items: Iterable[Item]) -> None:
    """Where one sentence says where an organisation sits, all others speak of the same one."""
    seats: dict[str, set[bool]] = {}
    members: dict[str, list[Item]] = {}
    for item in items:
        if item.target.kind == "organisation":
            members.setdefault(item.target.name, []).append(item)
            if item.note.startswith(_SEAT_NOTES):
                seats.setdefault(item.target.name, set()).add(bool(item.uk))
    for name, sides in seats.items():
        if len(sides) == 1 and (home := next(iter(sides))) is False:
            for item in members[name]:
                if item.uk:
                    item.uk, item.target = home, replace(item.target, country="")


_SEAT_NOTES = ("tied to ", "a company tied to ", "based in ")


def complete(scene: Scene, items: dict[tuple[int, int], Item]) -> None:
    """`Quernmore` is short for the one `Quernmore Robotics` of the text, and both are of one country."""
    longer: dict[str, set[str]] = {}
    found: dict[str, list[Item]] = {}
    for item in items.values():
        if item.target.kind == "organisation":
            found.setdefault(item.target.name, []).append(item)
            if (head := item.target.name.partition(" ")[0]) != item.target.name:
                longer.setdefault(head, set()).add(item.target.name)
    for short, wholes in longer.items():
        if len(wholes) > 1 or (short not in found and not _stands_for(scene, short)):
            continue
        (whole,) = wholes
        members = [*found[whole], *found.get(short, [])]
        best = max(members, key=lambda i: (bool(i.uk), i.weight))
        target = replace(best.target, name=whole)
        for item in members:
            item.target, item.uk, item.weight, item.note = target, best.uk, best.weight, best.note
        if short not in found and best.uk:
            for at in _occurrences(scene, short):
                if scene.free(at, at + len(short)) and all(at >= i.end or at + len(short) <= i.start for i in members):
                    items[at, at + len(short)] = Item(
                        at, at + len(short), target, scene.span_of(at), uk=True, weight=best.weight, note=best.note
                    )


_NO_HEAD = GENERIC | NO_PERSON | LEADING


def _stands_for(scene: Scene, short: str) -> bool:
    """Whether the first word of a name is one of its own, which no other name of the text or word begins with."""
    return len(short) > 3 and short not in _NO_HEAD and short.lower() not in scene.document


def _occurrences(scene: Scene, name: str) -> Iterator[int]:
    """Where a name stands as words of its own, inside the paragraphs that are read."""
    at = scene.document.find(name)
    while at >= 0:
        first, last = scene.spans[scene.span_of(at)]
        edges = scene.document[at - 1 : at] + scene.document[at + len(name) : at + len(name) + 1]
        following = scene.document[at + len(name) + 1 : at + len(name) + 2]
        if first <= at < last and not any(c.isalnum() and c < "\u2e80" for c in edges) and not following.isupper():
            yield at
        at = scene.document.find(name, at + 1)


def lengthen(scene: Scene) -> None:
    """`Nscale Ltd` is Nscale."""
    for item in scene.items:
        if item.target.kind == "organisation" and (match := _SUFFIX.match(scene.document, item.end)):
            following = scene.following(item)
            if following is None or following.start >= match.end():
                item.end = match.end()


def again(scene: Scene, items: Sequence[Item]) -> Iterator[Item]:
    """The other places where a found name stands."""
    for item in {i.target.name: i for i in items if i.target.kind == "organisation" and i.uk}.values():
        name = item.target.name
        if scene.document[item.start : item.end] != name:
            continue
        at = scene.document.find(name)
        while at >= 0:
            first, last = scene.spans[scene.span_of(at)]
            edges = scene.document[at - 1 : at] + scene.document[at + len(name) : at + len(name) + 1]
            alone = not any(c.isalnum() and c < "\u2e80" for c in edges)
            if first <= at < last and alone:
                yield read_as(scene, at, at + len(name), name, True, item.note, item.weight)
            at = scene.document.find(name, at + 1)


def apart(items: Sequence[Item]) -> list[Item]:
    """The strongest and longest of those that touch."""
    kept: list[Item] = []
    names = {(i.start, i.target.name): i.end for i in items}
    # "Quernmore Robotics" beats its own first word however that was recognised.
    shorter = {id(i) for i in items if names[i.start, i.target.name] > i.end}
    for item in sorted(items, key=lambda i: (id(i) in shorter, -i.weight, i.start - i.end)):
        if not touch(item, kept):
            kept.append(item)
    return kept


def touch(item: Item, others: Iterable[Item]) -> bool:
    """Whether an item shares a character with any of the others."""
    for other in others:  # a plain loop: `any` costs four times as much here  # noqa: SIM110
        if item.start < other.end and other.start < item.end:
            return True
    return False
