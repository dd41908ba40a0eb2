"""What counts as a change of an article, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.changes import compare
from presswatch.models import Article, Change, ChangeKind

AT = datetime(2026, 5, 2, tzinfo=UTC)
BEFORE = Article(
    url="https://x.org/news/quay",
    source="s",
    language="en",
    title="Tidewater’s “Quay” Computer",
    text="It has 96 GPUs.\n- One item\n## Heading\n“We dig,” said Ann Otterby.\nIt opens in May.",
    first_seen_at=datetime(2026, 5, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        replace(BEFORE, first_seen_at=AT, published_at=AT, modified_at=AT + timedelta(days=1), note="x"),
        replace(BEFORE, title='Tidewater\'s "Quay"  Computer'),
        replace(BEFORE, title="Tidewater's «\u202fQuay\u202f» Computer"),
        replace(BEFORE, text=BEFORE.text.replace("“", '"').replace("”", '"').replace("It has", "It\u00a0has")),
        replace(BEFORE, text="\n".join(BEFORE.text.split("\n")[::-1])),
        replace(BEFORE, text=BEFORE.text.replace("- One item", "One item")),
        replace(BEFORE, text=BEFORE.text.replace("Otterby.\n", "Otterby. ")),
        replace(BEFORE, text=f"{BEFORE.text}\nLast updated: May 2, 2026"),
        replace(BEFORE, text=f"May 2, 2026\n3 min read\n{BEFORE.text}"),
        replace(BEFORE, via="feed", text=BEFORE.text.rpartition("\n")[0]),
    ],
)
def test_no_change(after: Article) -> None:
    assert compare(BEFORE, after, AT) == ()


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("96 GPUs", "128 GPUs", "It has 96 GPUs.", "It has 128 GPUs."),
        ("\nIt opens in May.", "", "It opens in May.", ""),
        ("in May.", "in May.\nCorrection: it has 128 GPUs.", "", "Correction: it has 128 GPUs."),
        ("in May.", "in May.\nIt has 96 GPUs.", "", "It has 96 GPUs."),
        ("It opens in May.", "It opens in June, 2026.", "It opens in May.", "It opens in June, 2026."),
    ],
)
def test_an_edit_says_what_went_and_what_came(old: str, new: str, gone: str, come: str) -> None:
    after = replace(BEFORE, text=BEFORE.text.replace(old, new))
    assert compare(BEFORE, after, AT) == (
        Change(url=BEFORE.url, kind=ChangeKind.EDITED, at=AT, before=gone, after=come),
    )


def test_a_page_that_moved_with_another_headline_and_text_changed_three_times() -> None:
    after = replace(BEFORE, url="https://x.org/news/quay-2", title="Updated: Quay", text="New.")
    found = compare(BEFORE, after, AT)
    assert [c.kind for c in found] == [ChangeKind.MOVED, ChangeKind.RETITLED, ChangeKind.EDITED]
    assert {c.url for c in found} == {after.url}
    assert (found[0].before, found[1].after) == (BEFORE.url, "Updated: Quay")


def test_a_text_by_another_way_with_other_words_is_an_edit() -> None:
    after = replace(BEFORE, via="feed", text=BEFORE.text.replace("96", "128"))
    assert [c.kind for c in compare(BEFORE, after, AT)] == [ChangeKind.EDITED]
