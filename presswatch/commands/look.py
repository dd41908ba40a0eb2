"""Commands that look at what was found: list, show, search, explain, export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from presswatch.commands.context import AsJson, Since, moment, services_of
from presswatch.errors import UsageError


def list_articles(
    context: typer.Context,
    since: Since = None,
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be given again.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="focus, part, mention or none. [focus and part]")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """List articles, newest first; those that are told unless --level says otherwise.

    Example: presswatch list --since 30d --topic quantum
    """
    from presswatch import queries
    from presswatch.console import articles as show

    with services_of(context) as services:
        rows = queries.articles(services, since=moment(since), topics=topic or [], levels=level or [], limit=limit)
        show.show_articles(rows, as_json=as_json)


def show(context: typer.Context, article: str, as_json: AsJson = False) -> None:
    """Show one article: its verdict and reasons, tags, figures, versions, changes and text.

    ARTICLE is its address, or the end of it.

    Example: presswatch show isambard-ai
    """
    from presswatch import queries
    from presswatch.console import articles as show

    with services_of(context) as services:
        version, story = queries.article(services, article)
        show.show_article(version, story, as_json=as_json)


def search(
    context: typer.Context, words: list[str], limit: Annotated[int, typer.Option(min=1)] = 20, as_json: AsJson = False
) -> None:
    """Find articles by their words, in any language.

    Example: presswatch search quantum Oxford
    """
    from presswatch.console import articles as show

    with services_of(context) as services:
        hits = services.store.search.find(" ".join(words), limit=limit)
        show.show_hits(hits, as_json=as_json)


def explain(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="URL|FILE|-", help="A web page, a saved one, or a text whose first line is the headline."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Print the verdict on a page, every reason for and against, and what is missing to the next level.

    Nothing is stored.

    Example: presswatch explain https://nvidianews.nvidia.com/news/some-release
    """
    from presswatch import queries
    from presswatch.console import articles as show

    with services_of(context) as services:
        outcome = queries.explain(services, what, datetime.now(UTC))
        show.show_explanation(outcome, queries.missing(services, outcome), as_json=as_json)


def export(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write every article, told or not, one a line.

    Example: presswatch export --format csv -o articles.csv
    """
    from presswatch import exports

    if form not in exports.FORMATS:
        raise UsageError(f"--format may be {' or '.join(exports.FORMATS)}, not {form!r}.")
    with services_of(context) as services:
        exports.write(services.store, form, output)
