"""What `presswatch story` shows: a story's versions, and what was said of them by hand. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from presswatch import exports
from presswatch.by_hand import said_of
from presswatch.console import day, out, print_json, words
from presswatch.console.articles import LEVEL_STYLE

if TYPE_CHECKING:
    from rich.console import Console

    from presswatch.by_hand import Mended
    from presswatch.models import Story
    from presswatch.store.records import Pairs


def show_story(story: Story, pairs: Pairs, *, as_json: bool) -> None:
    if as_json:
        print_json(_row(story, pairs))
    else:
        _say(out(), story, pairs)


def show_mended(mended: Mended, pairs: Pairs, *, as_json: bool) -> None:
    if as_json:
        print_json({"story": _row(mended.story, pairs), "left": mended.left and _row(mended.left, pairs)})
        return
    console = out()
    _say(console, mended.story, pairs)
    if mended.left:
        console.print("\nWhat they left:\n")
        _say(console, mended.left, pairs)
    undo = "merge" if mended.left else "split"
    console.print(f"\nLater runs keep it so. To take it back: presswatch story {undo}")


def _row(story: Story, pairs: Pairs) -> dict[str, Any]:
    return {
        "story": story.id,
        "first_seen_at": exports.moment(story.first_seen_at),
        "changed_at": exports.moment(story.changed_at),
        "articles": [
            {
                "url": version.article.url,
                "source": version.article.source,
                "language": version.article.language,
                "level": version.verdict.level,
                "title": version.article.title,
                "published_at": exports.moment(version.article.published_at),
            }
            for version in story.versions
        ],
        "by_hand": [
            {"article": own, "other": other, "together": together} for own, other, together in said_of(pairs, story)
        ],
    }


def _say(console: Console, story: Story, pairs: Pairs) -> None:
    count = "1 article" if len(story.versions) == 1 else f"{len(story.versions)} articles"
    console.print(Text(f"Story {story.id}", "bold") + Text(f"  {count}"))
    for version in story.versions:
        article, level = version.article, version.verdict.level
        line = Text(f"  {level:8}", LEVEL_STYLE[level])
        console.print(line + words(f"{day(article.published_at)}  {article.language}  {article.title}"))
        console.print(Text("          ") + words(article.url, "cyan"))
    for own, other, together in said_of(pairs, story):
        how = "by hand together with" if together else "kept apart by hand from"
        console.print(words(f"  {own} is {how} {other}", "yellow"), soft_wrap=True)  # addresses stay whole
