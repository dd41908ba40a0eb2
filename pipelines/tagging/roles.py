"""Organisations that no list holds, by what a name does in its sentence. Does no input or output.

In most languages a capital inside a sentence makes a name; where it stands tells
whether it is an organisation: beside a place ("at Trelawne Castings in Redruth"),
joined to one that is known ("NVIDIA and Humberline"), before a word for what it
is ("Tidewell, a start-up"), or as the one who acts. German writes every noun with
a capital, and Chinese, Japanese and Korean have none: each has rules of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipelines.tagging import roles_east
from pipelines.tagging.beside import ACRONYM, CALLED, LONGEST_GAP, joined, near, near_organisation
from pipelines.tagging.latin import TOKEN, UPPER, WORD
from pipelines.tagging.scene import Item, Scene, is_place
from pipelines.tagging.triggers import words

_UPPER, _WORD, _TOKEN = UPPER, WORD, TOKEN
NAME = rf"{_TOKEN}(?:(?:[ \u00a0]&)?[ \u00a0]{_TOKEN}){{0,4}}"
_CANDIDATE = re.compile(rf"(?<![{_WORD}&/.-]){NAME}(?![{_WORD}-])")
# Where a candidate can begin, for a search that runs from capital to capital: a capital or digit that no word goes on
# with, or the second letter of "iRobot".
_START = re.compile(rf"[{_UPPER}0-9](?:(?<![{_WORD}&/.-].)|(?<=(?<![{_WORD}&/.-])[a-z][A-Z]))")
# Of these in German, where every noun has a capital: what more may follow than the small letters of one word.
_MORE = rf"(?:\.[a-z]{{2,3}}\b)?[ \u00a0](?:&[ \u00a0])?(?:[{_UPPER}0-9]|[a-z][A-Z])"
_START_GERMAN = re.compile(
    rf"[{_UPPER}0-9](?:(?<![{_WORD}&/.-].)(?=[a-zß-öø-ÿ’'+-]*+(?:[{_WORD}]|{_MORE}))"
    rf"|(?<=(?<![{_WORD}&/.-])[a-z][A-Z]))"
)
_LONGEST_NOUN = 40  # characters
_FIRST = re.compile(r"([\w’'-]+)[ \u00a0]+")
_ARTICLE = r"(?:(?:the|an?|la|le|les|l['’]|une?|el|los|las|il|lo|gli|o|os|as|um|uma|der|die|das)[ \u00a0])?"
# Between a place and the name behind it: "In Hull, Tidewell", "Telford's Harrow & Pike".
_AFTER_PLACE = re.compile(rf"^(?:['’]s[ \u00a0]|,[ \u00a0]{_ARTICLE})$", re.IGNORECASE)
_AFTER_PLACE_GERMAN = re.compile(r"^[ \u00a0][a-zß-ÿ]{2,}[ \u00a0]$")
# Between a name and the place behind it: "Brackish Labs of Bristol", "Kestrelode aus Glasgow".
_BEFORE_PLACE = re.compile(
    r"^[ \u00a0,(]{1,2}(?:(?:in|of|from|near|à|au|de|en|aus|bei|di|da|do|a|em|nach)[ \u00a0]|d['’]|)"
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
# In German, what stands before a common noun and never before a name.
_GERMAN_NOUN = re.compile(
    r"(?:\b(?:der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|im|am|zum|zur|vom|beim|ins|kein|keine|mehr|viele"
    r"|zwei|drei|vier|fünf|sechs|acht|zehn|sein|seine|ihr|ihre)|\d|[a-zäöüß]{2,}(?:e|en|er|es|em))[ \u00a0]$",
    re.IGNORECASE,
)
_GERMAN_TIME = words(
    "Ende Anfang Mitte Januar Februar März April Mai Juni Juli August September Oktober November Dezember Frühjahr "
    "Frühling Sommer Herbst Winter Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"
)
_GERMAN_ENDING = tuple(
    words(
        "ung ungen heit keit schaft schaften tät täten ion ionen nis nisse chen ling tum ment mente chip chips daten "
        "zentrum zentren system systeme modell modelle rechner roboter kräfte leute forschende studierende"
    )
)
# Words with a capital that begin a sentence and no name.
LEADING = words(
    "Una Uma Uno Um "
    "The A An In At On For With From And But Its Our Their This That These To By As Of While When Le La Les L’ À Un "
    "Une Der Die Das Ein Eine El Los Las Il Lo I Gli O Os As Dr Both Today Last Next Since After Before Under Among "
    "Two Three Four Five Companies Researchers Scientists Start-up Startup Start-ups Spin-off In En Em Im Am Eine "
    "Einen Einem Einer Vom Zum Zur Bei Mit Aus Auf Nach Seit Für Und Doch Auch Nel Nella Negli Dal Dalla Per Con Por "
    "Para Pour Par Avec Chez Sur Dans Dès Depuis Au Aux Du Des No Na Nos Nas Do Da "
    "Erster Erste Erstes Ersten Neuer Neue Neues Neuen Weitere Weiterer Weiteres Viele Alle Mehrere Beide Andere "
    "Anderer Einige Solche Jeder Jede Jedes Kein Keine"
)
# Last words of what is no organisation, though written with capitals.
NO_ORGANISATION = words(
    "Plan Programme Program Summit Week Day Days Award Awards Prize Act Bill Strategy Project Conference Forum Expo "
    "Show Festival Street Road Lane Avenue Bridge River Estuary Station Park Square House Hall Campus Building "
    "Tower Harbour Zone Line Coast Sea Bay Isle Island Valley Valley's Minister Secretary State Chancellor King "
    "Queen Prince Princess Christmas Easter English Welsh Gaelic Scots French German Spanish Italian Portuguese "
    "Japanese Korean Chinese Latin Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March "
    "April May June July August September October November December Internet Web Wi-Fi Linux Windows Python Earth "
    "Moon Mars Sun GPUs GPU CPU CPUs Europe America Asia Africa Atlantic Pacific Arctic Antarctic "
    "Mediterranean Baltic North South East West Northern Southern "
    "Industry Revolution War World Age Day Manica Manche Mancha"
)
# What kind of thing is named, before its name: no part of it, and where it is an area, no organisation either.
SORTS = words(
    "Berufsschule Berufsfachschule Fachhochschule Pensionskasse Versicherer Betreiber Anbieter Hersteller Entwickler "
    "Zulieferer Mobilfunker Netzbetreiber entreprise société startup start-up azienda ditta empresa firma"
)
# "Drohnenhersteller Skerry Robotics": German joins what a firm makes to the word for it.
_SORT_ENDINGS = (
    "hersteller", "betreiber", "anbieter", "entwickler", "zulieferer", "versicherer", "spezialist", "dienstleister",
    "konzern", "unternehmen", "firma", "ausrüster", "bauer", "händler", "züchter", "werft", "brauerei", "reederei",
    "verlag",
)  # fmt: skip
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
_APPOSED = (", ", " (")
_PARTED = re.compile(r",|[.!?] ")
_JOINTS = words("de da do dos das del della di du des of for the und für la")
_MIXED = re.compile(r"[a-zß-ÿ&][A-Z]|\d|&")
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
# Kinds of AI, which are written like its companies.
_KINDS_OF_AI = frozenset(
    f"{kind} AI"
    for kind in words(
        "Physical Generative Agentic Sovereign Responsible Trustworthy Embodied Conversational Multimodal Spatial Edge "
        "Applied Frontier Industrial Enterprise Ethical Explainable Safe Vision Quantum Clinical Medical Legal"
    )
)
_COMMON = _KINDS_OF_AI | LEADING | NO_ORGANISATION | _GERMAN_TIME


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
    towns = {
        scene.document[i.start : i.end] for i in scene.items if i.uk and not i.dropped and i.target.kind == "place"
    }
    people = [i.target.name for i in scene.items if i.target.kind in ("person", "official") and not i.dropped]
    surnames = {name.rpartition(" ")[2] for name in people}
    for number, span in enumerate(scene.spans):
        home = scene.home(span=number)
        title = scene.headline(span[0])
        if not home and not title and (elsewhere or not scene.home()):
            continue
        here = [company for company in companies if span[0] <= company[0] < span[1]]
        for first, last, name in _capitals(scene, number, here):
            if name in towns:
                continue
            first, last = _own_part(scene, first, last)
            if scene.document[first:last] in surnames or _is_rest_of_product(scene, first):
                continue
            if last - first < 3 or not _may_be(scene, first, last, span[0]):
                continue
            if title and scene.language == "en":
                name = scene.document[first:last]
                if not (joined(scene, first, last) and _inside(scene, name)):
                    continue
            if says := _reads(scene, first, last, span, here):
                yield Found(first, last, *says)


def _capitals(scene: Scene, number: int, companies: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """What might be a name in a paragraph, by its letters alone: looked for once, however often it is asked for."""
    known = scene.capitals.get(number)
    if known is None:
        german, document = scene.language == "de", scene.document
        known = scene.capitals[number] = []
        starts = _german_starts(document, *scene.spans[number], companies) if german else None
        for first, last in candidates(document, *scene.spans[number], starts):
            name = document[first:last]
            if last - first < 3 or name in _COMMON:
                continue
            plain = german and _is_plain_noun(document, first, last, name)
            if not plain or _may_be_called(document, first, last, companies):
                known.append((first, last, name))
    return known


def _is_plain_noun(document: str, start: int, end: int, word: str) -> bool:
    """Whether a German capital is an ordinary noun's, or a name that nothing would show to be one.

    One word without a mark inside it is taken for a name only beside the publisher or the word "company".
    """
    return " " not in word and not _MIXED.search(word) and "NVIDIA" not in document[max(0, start - 16) : end + 16]


_QUOTES = ' \u00a0“”«»"'


def _may_be_called(document: str, start: int, end: int, companies: Sequence[tuple[int, int]]) -> bool:
    """Whether a word for a company says what stands there: right before it, or behind a comma or a bracket."""
    if document[end : end + 2] in _APPOSED and any(end <= first < end + LONGEST_GAP for first, _ in companies):
        return True
    return any(last <= start and not document[last:start].strip(_QUOTES) for _, last in near(companies, start, end))


def _german_starts(document: str, start: int, end: int, companies: Sequence[tuple[int, int]]) -> list[int]:
    """Where names may begin that are no plain nouns: anywhere beside the publisher or the word "company"."""
    starts = {match.start() for match in _START_GERMAN.finditer(document, start, end)}
    beside = [(at - LONGEST_GAP - _LONGEST_NOUN, last + 4) for at, last in companies]
    at = document.find("NVIDIA", max(0, start - 22), end + 16)
    while at >= 0:
        beside.append((at - 16 - _LONGEST_NOUN, at + 23))
        at = document.find("NVIDIA", at + 6, end + 16)
    for first, last in beside:
        if first < end and last > start:
            starts.update(m.start() for m in _START.finditer(document, max(first, start), min(last, end)))
    return sorted(starts)


def candidates(document: str, start: int, end: int, starts: Iterable[int] | None = None) -> Iterator[tuple[int, int]]:
    """Every run of words with a capital: what `_CANDIDATE.finditer` finds, without a look at each character.

    `starts` are the places where one may begin, if not all are asked for.
    """
    for first in (m.start() for m in _START.finditer(document, start, end)) if starts is None else starts:
        if first < start:  # inside the name before
            continue
        if first > start and "a" <= document[first - 1] <= "z":
            first -= 1
        if match := _CANDIDATE.match(document, first, end):
            start = match.end()
            yield first, start


def _may_be(scene: Scene, start: int, end: int, floor: int) -> bool:
    """Whether what stands there can be an organisation's name, by its own words and the ones right before."""
    document = scene.document
    name = document[start:end]
    parts = name.split()
    if parts[-1] in NO_ORGANISATION or parts[0] in _AREAS or name.startswith("NVIDIA") or name.casefold() in _GENERIC:
        return False
    quoted = start > floor and document[start - 1] in '“«„"'
    before = _word_before(document, floor, start - quoted)
    if before in _THINGS or before in _BEYOND:
        return False
    if _APPOSED_THING.match(document, end):
        return False
    # A name begins before only where one of a few small words, or one that loses its vowel, joins the two.
    joined = before in _JOINTS or document[start - 1 : start] not in (" ", "\u00a0")
    return not (joined and _HEAD_BEFORE.search(document, max(floor, start - 30), start)) and scene.free(start, end)


def _word_before(document: str, floor: int, at: int) -> str:
    """The word before the space before `at`, in small letters; "" where there is none."""
    last = at - 1
    if last <= floor or document[last] not in " \u00a0":
        return ""
    first = last
    while first > floor and (document[first - 1].isalnum() or document[first - 1] == "_"):
        first -= 1
    return document[first:last].lower()


def _is_rest_of_product(scene: Scene, start: int) -> bool:
    """Whether a known product stands right before: "NeMo Guardrails"."""
    return any(i.target.kind == "product" and i.end == start - 1 for i in scene.between(start - 2, start))


def _own_part(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """The name without a possessive, and without the known names that stand right before or behind it."""
    for item in scene.between(start, end):
        if item.start <= start < item.end:
            start = item.end + 1
        elif item.end >= end > item.start:
            end = item.start
    text = scene.document[start:end].rstrip(" \u00a0&")
    while (word := _FIRST.match(text)) and (word[1] in LEADING or is_sort(word[1])) and len(text) > word.end():
        start, text = start + word.end(), text[word.end() :]
    return start, start + len(bare(text))


def is_sort(word: str) -> bool:
    """Whether a word with a capital says what kind of thing is named behind it."""
    return word in SORTS or (word.endswith(_SORT_ENDINGS) and word[:1].isupper() and len(word) > _SHORTEST_SORT)


_SHORTEST_SORT = 9  # characters: "Neubauer" is a surname
_POSSESSIVES = ("'s", "’s", "'", "’")


def bare(name: str) -> str:
    """A name without the ending of a possessive."""
    if name.endswith(_POSSESSIVES):
        return name[:-2] if name[-1] == "s" else name[:-1]
    return name


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
    ours = [i for i in here if i.uk]
    if ours:
        return ours[0]
    number = scene.span_of(start)
    abroad = [i for i in scene.abroad(number) if is_place(i)]
    home = scene.home(span=number) or (scene.home() if scene.mostly_home() else [])
    return home[0] if home and not abroad else None


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
    if scene.language == "de" and not ((" " in name or _MIXED.search(name)) and is_german_name(scene, start, end)):
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
        at_start = document[start - 2 : start] in (". ", "") or start == scene.spans[scene.span_of(start)][0]
        return None if at_start and " " not in name and not _inside(scene, name) else after
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
    noun = language == "de" and " " not in name and not _MIXED.search(name)
    if ACRONYM.match(name):
        return ""
    nearby = near(companies, start, end)
    if noun and not nearby:
        return ""
    if language == "de" and not is_german_name(scene, start, end):
        return ""
    if language == "de" and _word_before(document, span[0], start).endswith(_SORT_ENDINGS):
        return CALLED
    if " & " in name:
        return "two names joined by &"
    if (besides := _APPOSITION.match(after)) and _ACTS.match(after[besides.end() - 1 :]):
        return "one that acts in the text"
    opens = not before.strip() or before.rstrip()[-1:] in '.!?:“"«„'
    alone = opens and " " not in name and not _inside(scene, name)
    for first, last in nearby:
        gap = document[end:first] if first >= end else document[last:start]
        apposed = first >= end and gap.startswith(_APPOSED) and len(gap) < LONGEST_GAP and not _PARTED.search(gap, 2)
        if apposed or (last <= start and gap.strip(_QUOTES) == "" and not alone):
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
        acts = language == "en" and (_ACTS if " " in name else _ACTS_ALONE).match(after)
    return "one that acts in the text" if acts else ""


def _stands_by(document: str, floor: int, at: int) -> bool:
    """Whether what stands at `at` follows "by", "with" and the like."""
    return (at > floor and document[at - 1] == "、") or _word_before(document, floor, at) in _BY


def is_german_name(scene: Scene, start: int, end: int) -> bool:
    """Whether a German capital is a name's: two of them in a row, a mark inside, or never a noun's company."""
    name = scene.document[start:end]
    first = name.split()[0]
    if first in _GERMAN_TIME or (" " in name and first.endswith(_GERMAN_ENDING)):
        return False
    if " " in name or "&" in name or any(c.isupper() for c in name[1:]):
        return True
    if name.endswith(_GERMAN_ENDING):
        return False
    return bool(scene.occurrences(name)) and not any(
        _after_noun_word(scene.document, at) for at in scene.occurrences(name)
    )


def _after_noun_word(document: str, at: int) -> bool:
    """Whether the word before `at` is one that stands before common nouns; no such word has a space in it."""
    word = document.rfind(" ", max(0, at - 20), at - 1)
    return _GERMAN_NOUN.search(document, max(0, word, at - 20), at) is not None
