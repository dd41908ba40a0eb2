"""What is remembered of a way in, and what is concluded from it."""

from datetime import UTC, datetime

import pytest

from crawler.memory import Seen, fingerprint, mark
from presswatch.models import Candidate


def said(title: str = "A", **more: object) -> Candidate:
    return Candidate(url="https://x.example/a", source="one", via="feed", title=title, **more)  # type: ignore[arg-type]


def test_what_is_stored_comes_back() -> None:
    seen = Seen(fingerprint="f", items={"https://x.example/a": "m1", "https://x.example/b c": "m2"})
    assert Seen.read(str(seen)) == seen


@pytest.mark.parametrize("text", ["", "0123abcd", "v0 x\na b", "\n\n"])
def test_anything_else_that_is_stored_counts_as_nothing(text: str) -> None:
    assert Seen.read(text) == Seen()


def test_a_feed_that_was_only_built_anew_has_the_same_fingerprint() -> None:
    old = b"<channel><lastBuildDate>Mon</lastBuildDate><item>A<slash:comments>1</slash:comments></item></channel>"
    new = b"<channel><lastBuildDate>Tue</lastBuildDate><item>A<slash:comments>2</slash:comments></item></channel>"
    assert fingerprint(old) == fingerprint(new) != fingerprint(new.replace(b"A", b"B"))


CHANGES = {
    "nothing": (said(), False),
    "the title": (said("B"), True),
    "the text": (said(content_html="<p>more</p>"), True),
    "the date of change": (said(modified_at=datetime(2026, 1, 1, tzinfo=UTC)), True),
    "the categories": (said(categories=("x",)), False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_counts_as_an_edit(what: str) -> None:
    now, changed = CHANGES[what]
    assert Seen(items={"a": mark(said())}).changed("a", now) is changed


def test_an_article_that_a_way_names_for_the_first_time_was_not_edited() -> None:
    assert not Seen().changed("a", said())


VANISHED = {
    "nothing": ("abc", "abc", ""),
    "the oldest, for a new one": ("abc", "nab", ""),
    "two of the oldest, for two new ones": ("abcd", "mnab", ""),
    "one in the middle": ("abc", "ac", "b"),
    "one in the middle, beside a new one": ("abc", "nac", "b"),
    "the newest": ("abc", "bc", "a"),
    "the oldest, for nothing": ("abc", "ab", "c"),
    "all of them, for others": ("abc", "mno", ""),
    "all that there was, for nothing": ("ab", "", "ab"),
}


@pytest.mark.parametrize("what", VANISHED)
def test_what_went_missing(what: str) -> None:
    before, now, suspicious = VANISHED[what]
    assert Seen(items=dict.fromkeys(before, "m")).vanished(list(now)) == tuple(suspicious)
