"""What a capital shows to be a candidate for a name, before anything around it is asked. Does no input or output.

In most languages a run of words with a capital inside a sentence is a name;
German writes every noun so, and there two in a row, or a mark inside, tell a
name from a noun.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipelines.tagging.beside import LONGEST_GAP, near
from pipelines.tagging.latin import TOKEN as _TOKEN
from pipelines.tagging.latin import UPPER as _UPPER
from pipelines.tagging.latin import WORD as _WORD
from pipelines.tagging.scene import Scene
from pipelines.tagging.triggers import words

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
    "Anderer Einige Solche Jeder Jede Jedes Kein Keine Ihr Ihre Ihren Ihrem Sein Seine Seinen"
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
    "Zulieferer Mobilfunker Netzbetreiber Tochter Tochterfirma Tochtergesellschaft Muttergesellschaft Mutterkonzern "
    "entreprise société startup start-up azienda ditta empresa firma"
)
# "Drohnenhersteller Skerry Robotics": German joins what a firm makes to the word for it.
SORT_ENDINGS = (
    "hersteller", "betreiber", "anbieter", "entwickler", "zulieferer", "versicherer", "spezialist", "dienstleister",
    "konzern", "unternehmen", "firma", "ausrüster", "bauer", "händler", "züchter", "werft", "brauerei", "reederei",
    "verlag",
)  # fmt: skip
APPOSED = (", ", " (")
MIXED = re.compile(r"[a-zß-ÿ&][A-Z]|\d|&")
# Kinds of AI, which are written like its companies.
_KINDS_OF_AI = frozenset(
    f"{kind} AI"
    for kind in words(
        "Physical Generative Agentic Sovereign Responsible Trustworthy Embodied Conversational Multimodal Spatial Edge "
        "Applied Frontier Industrial Enterprise Ethical Explainable Safe Vision Quantum Clinical Medical Legal"
    )
)
_COMMON = _KINDS_OF_AI | LEADING | NO_ORGANISATION | _GERMAN_TIME


def names(scene: Scene, number: int, companies: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
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
            plain = german and is_plain_noun(document, first, last, name)
            if not plain or _may_be_called(document, first, last, companies):
                known.append((first, last, name))
    return known


def is_plain_noun(document: str, start: int, end: int, word: str) -> bool:
    """Whether a German capital is an ordinary noun's, or a name that nothing would show to be one.

    One word without a mark inside it is taken for a name only beside the publisher or the word "company".
    """
    return " " not in word and not MIXED.search(word) and "NVIDIA" not in document[max(0, start - 16) : end + 16]


QUOTES = ' \u00a0“”«»"'


def _may_be_called(document: str, start: int, end: int, companies: Sequence[tuple[int, int]]) -> bool:
    """Whether a word for a company says what stands there: right before it, or behind a comma or a bracket."""
    if document[end : end + 2] in APPOSED and any(end <= first < end + LONGEST_GAP for first, _ in companies):
        return True
    return any(last <= start and not document[last:start].strip(QUOTES) for _, last in near(companies, start, end))


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


def word_before(document: str, floor: int, at: int) -> str:
    """The word before the space before `at`, in small letters; "" where there is none."""
    last = at - 1
    if last <= floor or document[last] not in " \u00a0":
        return ""
    first = last
    while first > floor and (document[first - 1].isalnum() or document[first - 1] == "_"):
        first -= 1
    return document[first:last].lower()


def is_sort(word: str) -> bool:
    """Whether a word with a capital says what kind of thing is named behind it."""
    return word in SORTS or (word.endswith(SORT_ENDINGS) and word[:1].isupper() and len(word) > _SHORTEST_SORT)


_SHORTEST_SORT = 9  # characters: "Neubauer" is a surname
_POSSESSIVES = ("'s", "’s", "'", "’")


def bare(name: str) -> str:
    """A name without the ending of a possessive."""
    if name.endswith(_POSSESSIVES):
        return name[:-2] if name[-1] == "s" else name[:-1]
    return name


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
