"""Organisations that no list holds, by what a name does in its sentence. Does no input or output.

In most languages a capital inside a sentence makes a name; where it stands tells
whether it is an organisation: beside a place ("at Trelawne Castings in Redruth"),
joined to one that is known ("NVIDIA and Humberline"), before a word for what it
is ("Tidewell, a start-up"), or as the one who acts. German writes every noun with
a capital, and Chinese, Japanese and Korean have none: each has rules of its own.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pipelines.tagging import capitals, references, roles_east
from pipelines.tagging.beside import ACRONYM, CALLED, LONGEST_GAP, joined, near, near_organisation
from pipelines.tagging.capitals import (
    APPOSED,
    LEADING,
    MIXED,
    NO_ORGANISATION,
    QUOTES,
    SORT_ENDINGS,
    bare,
    is_german_name,
    is_sort,
    word_before,
)
from pipelines.tagging.latin import UPPER as _UPPER
from pipelines.tagging.latin import WORD as _WORD
from pipelines.tagging.scene import Item, Scene, is_place
from pipelines.tagging.triggers import words

_FIRST = re.compile(r"([\w’'-]+)[ \u00a0]+")
_ARTICLE = r"(?:(?:the|an?|la|le|les|l['’]|une?|el|los|las|il|lo|gli|o|os|as|um|uma|der|die|das)[ \u00a0])?"
# Between a place and the name behind it: "In Hull, Tidewell", "Telford's Harrow & Pike".
_AFTER_PLACE = re.compile(rf"^(?:['’]s[ \u00a0]|,[ \u00a0]{_ARTICLE})$", re.IGNORECASE)
_AFTER_PLACE_GERMAN = re.compile(r"^[ \u00a0][a-zß-ÿ]{2,}[ \u00a0]$")
# Between a name and the place behind it: "Brackish Labs of Bristol", "Kestrelode aus Glasgow".
_BEFORE_PLACE = re.compile(
    r"^\*{0,2}[ \u00a0,(]{1,2}(?:(?:in|of|from|near|à|au|de|en|aus|bei|di|da|do|a|em|nach)[ \u00a0]|d['’]|)"
    r"(?:the[ \u00a0]|la[ \u00a0])?$"
)
_BY = words("by with from for par avec chez pour von bei mit por con dalla com pela pelo presso")
_NO_NOUN = re.compile(r"[,.;)]|[ \u00a0](?:and|et|und|y|e|in|to|on)\b|$")
# "Ysgol y Peiriant, the School of the Machine, opened": what a name is called besides, then what it does.
_APPOSITION = re.compile(r"^,[ \u00a0](?:the|an?)[ \u00a0][^,.;:\n]{4,70},[ \u00a0]")
_CLAUSE = re.compile(r"^,[ \u00a0](?:which|whose|who|where|dont|qui|dessen|deren|cuya|cuyo|cui|cuja|cujo|que)\b")
# What follows one who acts. English: an auxiliary, an adverb or a past tense, for "models" may be a noun or a verb.
_ACTS = re.compile(
    r"^[ \u00a0](?:has|have|had|is|was|will|would|can|could|may|must|plans|says|said|wants|expects|aims|hopes|now|also"
    r"|already|uses|runs|makes|builds|sells|gives|takes|puts|keeps|owns|spends|pays|needs|moves|feeds|sits|employs"
    r"|[a-z]{3,}ed)\b"
    r"|^[ \u00a0][a-z]{3,}s[ \u00a0](?:its|the|an?|by|with|up|out|on|to|from|into|every|each|all|more|over|\d|£)(?!\w)"
)
# One word with a capital may be a disease or a method: fewer verbs are only an organisation's.
_ACTS_ALONE = re.compile(r"^[ \u00a0](?:will|plans|said|says|wants|expects|aims|hopes|employs|sells|owns)\b")
_ROMANCE = frozenset(("fr", "es", "it", "pt"))
_ACTS_ROMANCE = re.compile(
    r"^[ \u00a0](?!(?:de|du|des|d|à|au|aux|en|et|ou|pour|par|sur|dans|avec|qui|que|del|y|o|a|con|por|para|di|da|do|dos"
    r"|das|e|ed|in|per|su|nel|nella|em|na|no|com|como|come|comme|est|ist)\b)(?:n[’']|s[’']|se[ ]|si[ ]|a[ ])?"
    r"[a-zà-ÿ]{2,}(?:e|t|a|á|ó|ò|ont|en|an|ent|ano|ono|am|em|ou|iu|eu)\b"
)
_ARTICLE_BEFORE = re.compile(r"(?:^|[ \u00a0])(?:[Ll]a|[Ii]l|[Oo]|[Aa]|[Ee]l|[Ll]['’])[ \u00a0]?$")
_AREAS = words(
    "Gewerbegebiet Gewerbepark Industriegebiet Industriepark Technologiepark Wissenschaftspark Flughafen Bahnhof "
    "Stadtteil Ortsteil Vorort Landkreis Grafschaft Tal Halbinsel Insel "
    "Peninsula Península Péninsule Penisola Île Isla Ilha Isola Mar Mer Mare Lago Lac Lake Loch Lough Río Rio Monte "
    "Mont Mount Golfo Golfe Bahía Baía Baie Valle Vallée Costa Côte Estuario Estuário Condado Comté Contea Provincia "
    "Província Province Región Região Regione Région"
)
# Common nouns that some languages write with a capital.
_GENERIC = frozenset(
    word.casefold()
    for word in words(
        "Gobierno Ministerio Estado Universidad Centro Instituto Laboratorio Museo Banco Ayuntamiento Parlamento "
        "Governo Ministério Ministero Università Universidade Istituto Laboratório Museu Parlamento Stato Regione "
        "Gouvernement Ministère État Université Institut Laboratoire Musée Parlement Government Ministry Parliament "
        "Museum Library Company Office Trust Fund Team Lab Labs Network Platform Service Services Media Research "
        "Science Technology Bay"
    )
)
# "Conselho de Pesquisa do Ambiente Natural", "Holoscan for Media": the name began before.
_HEAD_BEFORE = re.compile(
    rf"[{_UPPER}][{_WORD}-]*[ \u00a0]"
    r"(?:de|da|do|dos|das|del|della|dell['’]|di|du|des|d['’]|of|for|of the|for the|und|für)"
    r"(?:[ \u00a0](?:la|l['’]))?[ \u00a0]?$"
)
_PARTED = re.compile(r",|[.!?] ")
_JOINTS = words("de da do dos das del della di du des of for the und für la")
# "the model PRAGMA", "a tool called Hermes": things with a name.
_THINGS = words(
    "model models system platform tool assistant app software robot chip supercomputer machine project programme "
    "program called named dubbed modèle système plateforme outil logiciel projet appelé appelée baptisé baptisée "
    "nommé nommée modell werkzeug projekt namens modelo sistema plataforma herramienta proyecto llamado llamada "
    "modello piattaforma strumento progetto chiamato chiamata ferramenta projeto chamado chamada"
)
# "Lumen, un modèle de fondation": what is named is said behind.
_APPOSED_THING = re.compile(
    r",[ \u00a0](?:an?|the|une?|le|la|eine?|ein|un|una|el|um|uma|o|il)[ \u00a0](?:[\w-]+[ \u00a0]){0,2}?"
    r"(?:models?|modèles?|Modell|modelo|modello|system|système|System|sistema|platform|plateforme|Plattform|plataforma"
    r"|piattaforma|tool|outil|Werkzeug|herramienta|strumento|ferramenta|supercomputer|supercalculateur|Supercomputer"
    r"|superordenador|supercomputador|dataset|assistant|Assistent|asistente|assistente|robot)\b"
)
# "sisters who farm above Llanbrynmair": what stands behind is somewhere.
_BEYOND = words("above outside near around across beyond beneath oberhalb unweit außerhalb nahe lejos cerca")


class Found(NamedTuple):
    """A name that acts as an organisation does."""

    start: int
    end: int
    uk: bool
    weight: float
    note: str


def find(scene: Scene, triggers: Sequence[tuple[int, int, str]]) -> Iterator[Found]:
    """The names of paragraphs that speak of the country; `triggers` are the words beside which names stand."""
    companies = [(start, end) for start, end, kind in triggers if kind == "company"]
    if not scene.home():
        return
    elsewhere = not scene.mostly_home()
    people = [i.target.name for i in scene.items if i.target.kind in ("person", "official") and not i.dropped]
    taken = {name.rpartition(" ")[2] for name in people}
    taken |= {scene.document[i.start : i.end] for i in scene.items if i.uk and i.target.kind == "place"}
    for number, span in enumerate(scene.spans):
        title = scene.headline(span[0])
        if (elsewhere and not title and not scene.home(span=number)) or not scene.may_tell(number):
            continue
        here = [company for company in companies if span[0] <= company[0] < span[1]]
        for first, last in _candidates(scene, number, here, taken):
            if says := _reads(scene, first, last, span, here):
                yield Found(first, last, *says)
                if (longer := references.whole(scene, first, last)) and not _is_first_name(scene, first, last, people):
                    yield Found(longer[0], longer[1], *says)
        if here and not scene.east and not title:
            yield from _called_next(scene, number, here)


def _candidates(
    scene: Scene, number: int, companies: Sequence[tuple[int, int]], taken: Collection[str]
) -> Iterator[tuple[int, int]]:
    """What may be an organisation's name in a paragraph; `taken` are the surnames and towns of the text."""
    floor = scene.spans[number][0]
    every_word = scene.language == "en" and scene.headline(floor)  # has a capital
    for first, last, name in capitals.names(scene, number, companies):
        if name in taken:
            continue
        first, last = _own_part(scene, first, last)
        name = scene.document[first:last]
        if last - first < 3 or name in taken or _is_rest_of_product(scene, first):
            continue
        if not _may_be(scene, first, last, floor):
            continue
        if not every_word or (joined(scene, first, last) and _inside(scene, name)):
            yield first, last


def _called_next(scene: Scene, number: int, companies: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """What one sentence names and the next calls "the start-up", of the country where that one says so."""
    for spot, word in references.named_before(scene, capitals.names(scene, number, companies), companies):
        start, end = _own_part(scene, *spot)
        name = scene.document[start:end]
        noun = scene.language == "de" and not (" " in name and capitals.is_german_name(scene, start, end))
        if not noun and (" " in name or _inside(scene, name)):
            yield Found(start, end, tie(scene, *word) is not None, 0.4, "called a company in the next sentence")


def _is_first_name(scene: Scene, start: int, end: int, people: Sequence[str]) -> bool:
    return any(person.startswith(scene.document[start:end] + " ") for person in people)


def _may_be(scene: Scene, start: int, end: int, floor: int) -> bool:
    """Whether what stands there can be an organisation's name, by its own words and the ones right before."""
    document = scene.document
    name = document[start:end]
    parts = name.split()
    if parts[-1] in NO_ORGANISATION or parts[0] in _AREAS or name.startswith("NVIDIA") or name.casefold() in _GENERIC:
        return False
    quoted = start > floor and document[start - 1] in '“«„"'
    before = word_before(document, floor, start - quoted)
    if before in _THINGS or before in _BEYOND:
        return False
    if _APPOSED_THING.match(document, end):
        return False
    # A name begins before only where one of a few small words, or one that loses its vowel, joins the two.
    joined = before in _JOINTS or document[start - 1 : start] not in (" ", "\u00a0")
    if joined and _HEAD_BEFORE.search(document, max(floor, start - 30), start):
        return False
    return scene.free(start, end, ("place",) if " & " in name else ())  # "Tarrant & Hythe" is no town


def _is_rest_of_product(scene: Scene, start: int) -> bool:
    """Whether a known product stands right before: "NeMo Guardrails"."""
    return any(i.target.kind == "product" and i.end == start - 1 for i in scene.between(start - 2, start))


def _own_part(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """The name without a possessive, and without the known names that stand right before or behind it."""
    for item in scene.between(start, end):
        if item.start <= start < item.end:
            start = item.end + 1
        elif item.end >= end > item.start and scene.document[item.start - 3 : item.start] != " & ":
            end = item.start
    text = scene.document[start:end].rstrip(" \u00a0&")
    while (word := _FIRST.match(text)) and (word[1] in LEADING or is_sort(word[1])) and len(text) > word.end():
        start, text = start + word.end(), text[word.end() :]
    return start, start + len(bare(text))


def _reads(
    scene: Scene, start: int, end: int, span: tuple[int, int], companies: Sequence[tuple[int, int]]
) -> tuple[bool, float, str] | None:
    """Whether it is of the country, how sure that is, and how it was recognised; None where it is no organisation."""
    if beside := _beside_place(scene, start, end):
        return bool(beside.uk), 0.8, f"named beside {beside.target.name}"
    note = roles_east.reads(scene, start, end, companies) if scene.east else _spaced(scene, start, end, span, companies)
    if not note:
        return None
    company = tie(scene, start, end)
    if note == CALLED and company is not None and not is_place(company):
        return False, 0.3, note  # a body named in one sentence with it may be where somebody studied
    return company is not None, 0.3, note


def tie(scene: Scene, start: int, end: int) -> Item | None:
    """What of the country the sentence, or else the paragraph, speaks of; None where it names somewhere else."""
    first, last = scene.sentence(start, end)
    here = [i for i in scene.since(first, last) if i.telling and i.target.kind not in ("person", "official")]
    if any(not i.uk and (is_place(i) or i.target.kind == "demonym") for i in here):
        return None
    ours = [i for i in here if i.uk and _says_where(i)]
    if ours:
        return ours[0]
    number = scene.span_of(start)
    abroad = [i for i in scene.abroad(number) if is_place(i)]
    home = scene.home(span=number) or (scene.home() if scene.mostly_home() else [])
    where = next((i for i in home if _says_where(i)), None)
    return None if abroad else where


def _says_where(item: Item) -> bool:
    """Whether a name of the country says where others beside it are: a firm has partners everywhere."""
    return item.target.kind != "organisation" or (item.target.place != "" and item.target.place in item.target.name)


def _beside_place(scene: Scene, start: int, end: int) -> Item | None:
    """The place right before or behind a name, where the two belong together."""
    document = scene.document
    name = document[start:end]
    ahead, behind = scene.between(start - 14, start), scene.since(end, end + 12)
    if not ahead and not behind:
        return None
    before = next((i for i in reversed(ahead) if is_place(i) and i.uk is not None), None)
    after = next((i for i in behind if is_place(i) and i.uk is not None), None)
    if before is None and after is None:
        return None
    if scene.language == "de" and not ((" " in name or MIXED.search(name)) and is_german_name(scene, start, end)):
        return None
    if before is not None:
        gap = document[before.end : start]
        if scene.east:
            return before if roles_east.follows(scene, before, start, end) else None
        german = scene.language == "de" and _AFTER_PLACE_GERMAN.match(gap)
        if (german or _AFTER_PLACE.match(gap)) and not ACRONYM.match(name):
            return before
    if scene.east:
        return None
    if after is not None and _BEFORE_PLACE.match(document[end : after.start]) and not ACRONYM.match(name):
        bracketed = document[end : after.start].endswith("(")  # "Clyde Aperture (Glasgow, Scotland)", as lists have it
        opens = document[start - 2 : start] in (". ", "") or start == scene.spans[scene.span_of(start)][0]
        return None if opens and not bracketed and " " not in name and not _inside(scene, name) else after
    return None


def _inside(scene: Scene, name: str) -> bool:
    """Whether the name stands somewhere inside a sentence, where only names have a capital."""
    document = scene.document
    return any(at > 1 and (document[at - 2].islower() or document[at - 2] == ",") for at in scene.occurrences(name))


def _spaced(scene: Scene, start: int, end: int, span: tuple[int, int], companies: Sequence[tuple[int, int]]) -> str:
    document, language = scene.document, scene.language
    name = document[start:end]
    before, after = document[max(span[0], start - 40) : start], document[end : min(span[1], end + 110)]
    if joined(scene, start, end):
        return "named together with the publisher"
    # One German word is told from a noun only by a mark inside it, or by the word "company" beside it.
    noun = language == "de" and " " not in name and not MIXED.search(name)
    if ACRONYM.match(name):
        return ""
    nearby = near(companies, start, end)
    if noun and not nearby:
        return ""
    if language == "de" and not is_german_name(scene, start, end):
        return ""
    if language == "de" and word_before(document, span[0], start).endswith(SORT_ENDINGS):
        return CALLED
    if " & " in name:
        return "two names joined by &"
    if (besides := _APPOSITION.match(after)) and _ACTS.match(after[besides.end() - 1 :]):
        return "one that acts in the text"
    opens = not before.strip() or before.rstrip()[-1:] in '.!?:“"«„'
    short = references.whole(scene, start, end) is not None
    alone = opens and " " not in name and not short and not _inside(scene, name)
    for first, last in nearby:
        gap = document[end:first] if first >= end else document[last:start]
        apposed = first >= end and gap.startswith(APPOSED) and len(gap) < LONGEST_GAP and not _PARTED.search(gap, 2)
        if apposed or (last <= start and gap.strip(QUOTES) == "" and not alone):
            return CALLED
    if alone or noun:
        return ""
    if near_organisation(scene, start, end):
        return "named together with an organisation"
    if _CLAUSE.match(after) or (_stands_by(document, span[0], start) and _NO_NOUN.match(after)):
        return "one that others work with"
    if language in _ROMANCE:
        acts = _ACTS_ROMANCE.match(after) and (opens or _ARTICLE_BEFORE.search(before) or before.rstrip().endswith(","))
    else:
        acts = language == "en" and (_ACTS if " " in name or short else _ACTS_ALONE).match(after)
    return "one that acts in the text" if acts else ""


def _stands_by(document: str, floor: int, at: int) -> bool:
    """Whether what stands at `at` follows "by", "with" and the like."""
    return (at > floor and document[at - 1] == "、") or word_before(document, floor, at) in _BY
