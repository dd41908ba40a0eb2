"""Watches and topics are read with their words joined, and mistakes are shown where they stand."""

from pathlib import Path

import pytest

from presswatch import watches
from presswatch.errors import ConfigError

ROOT = Path(__file__).parents[2]
UK = ROOT / "config" / "watches" / "uk-ai.yaml"
TOPICS = ROOT / "config" / "topics.yaml"


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the bundled watch with one thing changed, beside the words it includes."""
    text = UK.read_text("utf-8")
    assert old in text
    (tmp_path / "vocabulary.yaml").write_text((ROOT / "config" / "vocabulary.yaml").read_text("utf-8"), "utf-8")
    path = tmp_path / "watches" / "uk-ai.yaml"
    path.parent.mkdir()
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_the_bundled_watch() -> None:
    watch = watches.load_watch(UK)
    assert (watch.name, watch.country.code, watch.country.currency) == ("uk-ai", "GB", "GBP")
    assert "英国" in watch.country.names["ja"]
    assert "AI" in watch.vocabulary["subject"]["any"]  # included
    assert "uk time" in watch.vocabulary["discount"]["en"]  # its own


@pytest.mark.parametrize("category", ["subject", "announce", "announce_weak", "date", "purpose", "home", "event"])
def test_every_language_has_words(category: str) -> None:
    words = watches.load_watch(UK).vocabulary[category]
    assert set(watches.LANGUAGES) <= set(words)
    assert all(words[language] for language in watches.LANGUAGES)


def test_every_language_has_words_for_every_topic() -> None:
    for topic in watches.load_topics(TOPICS):
        assert set(watches.LANGUAGES) <= set(topic.strong), topic.id


def test_own_words_are_added_to_the_included(tmp_path: Path) -> None:
    path = _changed(tmp_path, "  discount:\n", "  subject:\n    en: [thinking sand]\n  discount:\n")
    words = watches.load_watch(path).vocabulary["subject"]["en"]
    assert "thinking sand" in words
    assert "supercomput*" in words


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  news: 2.6", "  news: three", 'key "thresholds.news"'),
        ("  news: 2.6", "  newz: 2.6", "thresholds.news"),
        ("  country: 1.0", "  country: 7", "country"),
        ("code: GB ", "code: uk ", "country.code"),
        ("include: [vocabulary.yaml]", "include: [words.yaml]", "words.yaml does not exist"),
        ("  discount:\n", "  discounts:\n", "vocabulary"),
        ("    en: [uk time,", '    en: ["*",', "would match every word"),
        ("  share: 0.5 ", "", "thresholds.share"),
    ],
)
def test_mistakes_name_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = _changed(tmp_path, old, new)
    with pytest.raises(ConfigError) as failure:
        watches.load_watch(path)
    assert str(path) in str(failure.value)
    assert said in str(failure.value)


def test_find_decides_where_included_files_stand(tmp_path: Path) -> None:
    lone = tmp_path / "lone.yaml"
    lone.write_text(UK.read_text("utf-8"), "utf-8")
    found = watches.load_watch(lone, {"vocabulary.yaml": ROOT / "config" / "vocabulary.yaml"}.__getitem__)
    assert found.vocabulary == watches.load_watch(UK).vocabulary


def test_two_topics_of_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text("topics:\n  - {id: a, title: A}\n  - {id: a, title: B}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"line 3.*already the id"):
        watches.load_topics(path)
