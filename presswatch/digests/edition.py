"""What stands in one edition of a digest, before it has a form. Does no input or output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from presswatch.figures import Figure

_ONE_LINE = 220  # characters that a sentence may have to stand as a headline
_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def joined(sentences: Sequence[str], language: str) -> str:
    """Sentences as running text."""
    return ("" if language in ("ja", "zh") else " ").join(sentences)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where the script has them."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 0.6 else cut).rstrip(" ,;:-\u2013") + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What ids are called in front of people; what is missing is shown by its id."""

    sources: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=lambda: _LANGUAGES)

    def source(self, source: str) -> str:
        return self.sources.get(source, source)

    def topic(self, topic: str) -> str:
        return self.topics.get(topic, topic.replace("-", " "))

    def language(self, code: str) -> str:
        return self.languages.get(code, "language unknown" if code == "und" else code)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherVersion:
    """Another article that tells the same story."""

    label: str  # "French, NVIDIA Blog France"
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the second reader says of the article shown: under the article's own sentences, never instead of them."""

    sentences: tuple[str, ...]
    language: str
    dissent: str  # where it takes the article for something else than the verdict does; a sentence in English
    quote: str  # the article's words that it takes it by
    quote_language: str

    label = "A language model’s reading, not the source’s words"

    @property
    def said(self) -> str:
        return joined(self.sentences, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story, as the digest tells it. Every text is plain; `url` is empty where it must not be linked."""

    story: str
    headline: str  # empty where the news stands inside a wider announcement
    wider: str  # the wider announcement's title; empty otherwise
    language: str  # of headline and sentences
    language_name: str  # named only where it is not the digest's
    url: str
    source: str
    when: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    who: tuple[str, ...]
    where: tuple[str, ...]
    topics: tuple[str, ...]
    versions: tuple[OtherVersion, ...]
    notes: tuple[str, ...]  # what has changed since it was told, or is to be known about it
    reading: Reading | None = None

    @property
    def title(self) -> str:
        """What stands for the story where there is room for one line."""
        return self.headline or (clip(self.sentences[0], _ONE_LINE) if self.sentences else self.wider)

    @property
    def said(self) -> str:
        """The sentences as running text; Chinese and Japanese set none apart by a space."""
        return joined(self.sentences, self.language)

    @property
    def more(self) -> str:
        """What the sentences say beyond the title: a list that shows both need not say the title twice."""
        begun = self.title.removesuffix("…")
        if not self.said.startswith(begun):
            return self.said
        rest = self.said[len(begun) :].strip()
        return f"… {rest}" if rest and begun != self.title else rest

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One topic: how many stories, and how long its bar is, in percent of the longest."""

    label: str
    count: int
    width: int  # 1 to 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What the last days brought, within what a digest tells of."""

    days: int
    stories: int
    bars: tuple[Bar, ...]
    ledger: str = ""  # the address of the ledger; empty where the pages have no address of their own

    @property
    def heading(self) -> str:
        return f"The last {self.days} days: {self.stories} stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition: everything that its forms show."""

    name: str
    title: str
    edition: str  # its due time in UTC
    since: datetime
    until: datetime
    built_at: datetime
    period: str  # "15 to 22 September 2025"
    told_until: str  # "Mon 14 Sep 2026, 07:00 BST", when the last edition was built
    language: str
    subject: str
    new: tuple[Item, ...]  # the news itself first, then news inside wider announcements
    updated: tuple[Item, ...]
    ill: tuple[str, ...]  # a sentence for each source that is not well
    undelivered: tuple[str, ...]  # a sentence for each delivery that was given up
    why: tuple[str, ...]  # why the reader gets this, and how to change it
    states: Mapping[str, str]  # story → what of it has been told now, for `told` next time
    month: Month | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        return self.new + self.updated

    @property
    def count(self) -> str:
        """ "3 new stories, 1 updated", or "Nothing new"."""
        new, updated = len(self.new), len(self.updated)
        parts = []
        if new:
            parts.append(f"{new} new {'story' if new == 1 else 'stories'}")
        if updated:
            parts.append(f"{updated} updated" + ("" if new else " story" if updated == 1 else " stories"))
        return ", ".join(parts) or "Nothing new"
