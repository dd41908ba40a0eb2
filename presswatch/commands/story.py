"""`presswatch story`: look at a story's versions, and mend by hand what the grouping got wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from presswatch.commands.context import AsJson, services_of

story = typer.Typer(
    help="Show a story's versions; join stories that are one piece of news, or part what is not.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Addresses, or the ends of them.")]


@story.command()
def show(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="STORY|ARTICLE", help="A story's id, or an article's address.")],
    as_json: AsJson = False,
) -> None:
    """Show every version of a story, and what was joined or parted by hand.

    Example: presswatch story show isambard-ai
    """
    from presswatch import queries
    from presswatch.console import stories as console_stories

    with services_of(context) as services:
        found = queries.story(services, what)
        console_stories.show_story(found, services.store.by_hand.pairs(), as_json=as_json)


@story.command()
def merge(context: typer.Context, articles: Articles, as_json: AsJson = False) -> None:
    """Make one story of the stories of two or more articles; later runs keep them together.

    Example: presswatch story merge isambard-ai-opens isambard-ai-ouvre
    """
    _mend(context, "merge", articles, as_json)


@story.command()
def split(context: typer.Context, articles: Articles, as_json: AsJson = False) -> None:
    """Take articles out of their story, as a story of their own; later runs keep them out.

    Example: presswatch story split isambard-ai-ouvre
    """
    _mend(context, "split", articles, as_json)


def _mend(context: typer.Context, how: str, articles: list[str], as_json: bool) -> None:
    from presswatch import by_hand, queries
    from presswatch.console import stories as console_stories

    with services_of(context) as services:
        urls = [queries.article(services, name)[0].article.url for name in articles]
        mend = by_hand.merge if how == "merge" else by_hand.split
        mended = mend(services, urls, datetime.now(UTC))
        console_stories.show_mended(mended, services.store.by_hand.pairs(), as_json=as_json)
