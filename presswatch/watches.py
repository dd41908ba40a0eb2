"""What a watch looks for and the topics it sorts by: `config/watches/*.yaml` and `config/topics.yaml` as records.

A watch names its country and subject, its words by language, and every weight and
threshold of the verdict. Words that all watches share stand in a file they include.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from presswatch.configfile import Document, Schema, read, unique, validate
from presswatch.errors import ConfigError

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh")
ANY = "any"  # stands for every language

Language = Literal["any", "en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh"]
Category = Literal[
    "subject", "subject_weak", "off_subject", "announce", "announce_weak", "commit", "date", "count", "purpose",
    "home", "party", "report", "reported", "studied", "event", "elsewhere", "rank", "background", "discount",
]  # fmt: skip
FactKind = Literal["money", "gpus", "jobs", "people", "companies", "power", "compute"]
Phrases = dict[Language, tuple[str, ...]]
Fraction = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=20)]


class Weights(Schema):
    """How much each piece of evidence counts; the watch's file says what each means."""

    country: Fraction
    place: Fraction
    government: Fraction
    official: Fraction
    programme: Fraction
    system: Fraction
    institution: Fraction
    organisation: Fraction
    demonym: Fraction
    currency: Fraction
    event: Fraction
    person: Fraction
    product: Fraction
    home: Fraction
    listed: Fraction
    further: Fraction
    deed: Points
    intent: Points
    fact: Points
    number: Points
    date: Points
    site: Points
    partner: Points
    purpose: Points
    subject: Points
    subject_weak: Points
    off_subject: Points


class Thresholds(Schema):
    """Where evidence turns into a level."""

    subject: Points
    ground: Points
    specific: Points
    news: Points
    share: Fraction
    mention: Points


class _Country(Schema):
    code: str = Field(pattern=r"^[A-Z]{2}$")
    name: str
    government: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    names: Phrases
    demonyms: Phrases = {}
    not_in: tuple[str, ...] = ()
    government_words: Phrases = {}


def _checked_phrases(value: Mapping[Language, Iterable[str]]) -> None:
    for phrases in value.values():
        for phrase in phrases:
            if not phrase.strip("* "):
                raise ValueError(f"{phrase!r} would match every word; write at least one letter")
            if phrase.startswith("*") and "*" in phrase[1:]:
                raise ValueError(f"{phrase!r} may have no other star after the one at its beginning")


class _VocabularyFile(Schema):
    vocabulary: dict[Category, Phrases] = {}

    @field_validator("vocabulary")
    @classmethod
    def usable(cls, value: dict[Category, Phrases]) -> dict[Category, Phrases]:
        for by_language in value.values():
            _checked_phrases(by_language)
        return value


class _WatchFile(_VocabularyFile):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    include: tuple[str, ...] = ()
    country: _Country
    weights: Weights
    thresholds: Thresholds
    company_figures: tuple[FactKind, ...]
    institutions: tuple[str, ...] = ()
    subject_topics: tuple[str, ...] = ()


class _TopicBlock(Schema):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    strong: Phrases = {}
    weak: Phrases = {}
    never: Phrases = {}
    beside: Phrases = {}  # words that say the topic only beside one of its figures ("train 38 people")
    names: tuple[str, ...] = ()  # words of English names: an organisation with one of them says a little of the topic
    facts: dict[FactKind, float] = {}  # kinds of figure that earn it, each from this value on
    yields: tuple[str, ...] = ()  # topics beside which it is only what they need

    @field_validator("strong", "weak", "never", "beside")
    @classmethod
    def usable(cls, value: Phrases) -> Phrases:
        _checked_phrases(value)
        return value


class _TopicsFile(Schema):
    strong: Points = 2.0
    weak: Points = 0.75
    headline: Points = 2.0
    lead: Points = 1.5
    around: Fraction = 0.75
    again: Fraction = 0.5
    spoken: Fraction = 0.5
    most: Points = 7.0
    sentence: Points = 3.0
    figure: Points = 2.0
    beside_word: tuple[FactKind, ...] = ()
    enough: Points = 2.0
    share: Fraction = 0.5
    long: int = Field(default=20, ge=1)
    at_most: int = Field(default=3, ge=1, le=20)
    further_each: int = Field(default=10, ge=1)
    topics: tuple[_TopicBlock, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The country that a watch is about, as each language calls it."""

    code: str
    name: str
    government: str
    currency: str
    names: Mapping[str, tuple[str, ...]]
    demonyms: Mapping[str, tuple[str, ...]]
    not_in: tuple[str, ...]
    government_words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One watch, its included words already joined to its own."""

    name: str
    title: str
    country: Country
    weights: Weights
    thresholds: Thresholds
    company_figures: tuple[str, ...]  # kinds of fact
    institutions: tuple[str, ...]
    subject_topics: tuple[str, ...]  # topics whose strong words are words of the subject, too
    vocabulary: Mapping[str, Mapping[str, tuple[str, ...]]]  # category → language or "any" → phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: a strong phrase earns it alone in a passage, weak ones together; `never` hold one and mean another."""

    id: str
    title: str
    strong: Mapping[str, tuple[str, ...]]
    weak: Mapping[str, tuple[str, ...]]
    never: Mapping[str, tuple[str, ...]]
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    yields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRules:
    """All topics and the numbers that decide between them; `topics.yaml` says what each means."""

    topics: tuple[Topic, ...]
    strong: float
    weak: float
    headline: float
    lead: float
    around: float
    again: float
    spoken: float
    most: float
    sentence: float
    figure: float
    beside_word: tuple[str, ...]
    enough: float
    share: float
    long: int
    at_most: int
    further_each: int


def load_watch(path: Path, find: Callable[[str], Path] | None = None) -> Watch:
    """The watch in `path`, with the files it includes.

    `find` turns an included file's name into its path (an operator's copy or the
    bundled one); without it they stand in the folder above the watch's own.
    Raises `ConfigError` with file, line and key.
    """
    document = read(path)
    block = validate(_WatchFile, document)
    included = [_included(document, number, name, find) for number, name in enumerate(block.include)]
    return Watch(
        name=block.name,
        title=block.title,
        country=Country(**block.country.model_dump()),
        weights=block.weights,
        thresholds=block.thresholds,
        company_figures=block.company_figures,
        institutions=block.institutions,
        subject_topics=block.subject_topics,
        vocabulary=_joined([*included, block.vocabulary]),
    )


def _included(
    document: Document, number: int, name: str, find: Callable[[str], Path] | None
) -> Mapping[Category, Phrases]:
    try:
        path = find(name) if find else document.path.parent.parent / name
    except ConfigError as error:
        raise document.error(str(error), ("include", number)) from None
    if not path.is_file():
        raise document.error(f"the included file {path} does not exist.", ("include", number))
    return validate(_VocabularyFile, read(path)).vocabulary


def _joined(parts: Iterable[Mapping[Category, Phrases]]) -> dict[str, dict[str, tuple[str, ...]]]:
    joined: dict[str, dict[str, tuple[str, ...]]] = {}
    for part in parts:
        for category, by_language in part.items():
            into = joined.setdefault(category, {})
            for language, phrases in by_language.items():
                into[language] = tuple(dict.fromkeys((*into.get(language, ()), *phrases)))
    return joined


def load_topic_rules(path: Path) -> TopicRules:
    """The topics of `topics.yaml` with the numbers that decide between them; raises `ConfigError`."""
    document = read(path)
    block = validate(_TopicsFile, document)
    unique(document, block.topics, "id", "topics")
    return TopicRules(
        topics=tuple(
            Topic(
                id=topic.id,
                title=topic.title,
                strong=_by_language(topic.strong),
                weak=_by_language(topic.weak),
                never=_by_language(topic.never),
                beside=_by_language(topic.beside),
                names=topic.names,
                facts={str(kind): value for kind, value in topic.facts.items()},
                yields=topic.yields,
            )
            for topic in block.topics
        ),
        strong=block.strong,
        weak=block.weak,
        headline=block.headline,
        lead=block.lead,
        around=block.around,
        again=block.again,
        spoken=block.spoken,
        most=block.most,
        sentence=block.sentence,
        figure=block.figure,
        beside_word=tuple(map(str, block.beside_word)),
        enough=block.enough,
        share=block.share,
        long=block.long,
        at_most=block.at_most,
        further_each=block.further_each,
    )


def _by_language(phrases: Phrases) -> dict[str, tuple[str, ...]]:
    return {str(language): words for language, words in phrases.items()}


def load_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of `topics.yaml`, in its order; raises `ConfigError`."""
    return load_topic_rules(path).topics
