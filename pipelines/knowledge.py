"""What the steps know, compiled once: the watch, its words by language, the names and the topics.

Does no input or output.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.vocabulary import Lexicon, compile_lexicons
from presswatch.watches import LANGUAGES, Country, TopicRules, Watch

if TYPE_CHECKING:
    from pipelines.tagging.names import NameIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything the steps are told; the same knowledge gives the same outcome."""

    watch: Watch
    names: "NameIndex"
    topics: TopicRules
    words: Mapping[str, Lexicon]  # by language: the watch's vocabulary
    topic_words: Mapping[str, Lexicon]  # by language: the topics', as "strong <topic>", "weak <topic>" and so on
    name_topics: Mapping[str, tuple[str, ...]]  # a word of an organisation's name → the topics that it speaks of
    weights: Mapping[str, float]  # the watch's, by the name of what is weighed

    def lexicon(self, language: str) -> Lexicon:
        """The words of the watch in a language; English where it has none of that language."""
        return self.words.get(language, self.words["und"])

    def topic_lexicon(self, language: str) -> Lexicon:
        """The words of the topics, likewise."""
        return self.topic_words.get(language, self.topic_words["und"])


def compile_knowledge(watch: Watch, names: "NameIndex", topics: TopicRules) -> Knowledge:
    """Compile the watch's words and the topics; `names` is the index of the same country."""
    lists: dict[str, Mapping[str, tuple[str, ...]]] = dict(watch.vocabulary)
    lists |= _country_words(watch.country)
    lists["subject"] = _subject_words(watch, topics)
    lists["institution"] = {"any": watch.institutions}
    of_topics: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for topic in topics.topics:
        of_topics[f"strong {topic.id}"] = topic.strong
        of_topics[f"weak {topic.id}"] = topic.weak
        of_topics[f"never {topic.id}"] = topic.never
        of_topics[f"beside {topic.id}"] = topic.beside
    return Knowledge(
        watch=watch,
        names=names,
        topics=topics,
        words=compile_lexicons(lists, LANGUAGES),
        topic_words=compile_lexicons(of_topics, LANGUAGES),
        name_topics=_name_topics(topics),
        weights=watch.weights.model_dump(),
    )


def _subject_words(watch: Watch, topics: TopicRules) -> dict[str, tuple[str, ...]]:
    """The watch's words for its subject, with those of the topics that are parts of it."""
    words = dict(watch.vocabulary.get("subject", {}))
    for topic in topics.topics:
        if topic.id in watch.subject_topics:
            for language, phrases in topic.strong.items():
                words[language] = tuple(dict.fromkeys((*words.get(language, ()), *phrases)))
    return words


def _name_topics(topics: TopicRules) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for topic in topics.topics:
        for word in topic.names:
            found[word] = (*found.get(word, ()), topic.id)
    return found


def _country_words(country: Country) -> dict[str, Mapping[str, tuple[str, ...]]]:
    return {
        "country": country.names,
        "demonym": country.demonyms,
        "not_country": {"any": country.not_in},
        "the_government": country.government_words,
    }
