"""What the command line shows of crawls, articles and verdicts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from presswatch import exports
from presswatch.console import day, minute, new_table, out, print_json, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presswatch.jobs import CrawlFigures, ProcessReport
    from presswatch.models import (
        Article,
        Opinion,
        Outcome,
        Reason,
        Story,
        Verdict,
        Version,
    )
    from presswatch.services import Services
    from presswatch.store.records import Hit


LEVEL_STYLE = {"focus": "bold green", "part": "green", "mention": "yellow", "none": "dim"}


def show_crawl(crawled: CrawlFigures, done: ProcessReport, services: Services, *, as_json: bool) -> None:
    if as_json:
        print_json({"sources": crawled.sources, "processed": _process_row(done)})
        return
    console = out()
    table = new_table("source", "asked", "unchanged", "new", "fetched", "")
    for name, row in crawled.sources.items():
        good = row.get("ok", True)
        figures = [str(row.get(key, 0)) for key in ("asked", "not_modified", "new", "fetched")]
        table.add_row(words(name), *figures, words(row.get("message", ""), "" if good else "red"))
    console.print(table)
    _say_processed(console, done)


def _process_row(done: ProcessReport) -> dict[str, Any]:
    return {
        "pages": done.pages,
        "found": [{"url": o.article.url, "level": o.verdict.level, "title": o.article.title} for o in done.found],
        "failed": [{"url": url, "message": message} for url, message in done.failed],
        "flipped": [{"url": f.url, "before": f.before, "now": f.now, "title": f.title} for f in done.flipped],
    }


def show_process(done: ProcessReport, *, dry_run: bool = False, as_json: bool) -> None:
    if as_json:
        print_json(_process_row(done) | {"stored": not dry_run})
        return
    console = out()
    if dry_run:
        _say_flips(console, done)
        return
    _say_processed(console, done)
    for flip in done.flipped:
        console.print(words(f"  {flip.before} → {flip.now}  {flip.url}"))


def _say_flips(console: Console, done: ProcessReport) -> None:
    """What judging again would change: how many verdicts of which kind, then each with its headline."""
    counted = "1 page" if done.pages == 1 else f"{done.pages} pages"
    told = sum(flip.now.relevant and not flip.before.relevant for flip in done.flipped)
    dropped = sum(flip.before.relevant and not flip.now.relevant for flip in done.flipped)
    console.print(
        f"Judged {counted} and stored nothing: {len(done.flipped)} verdicts would flip,"
        f" {told} to be told and {dropped} to be told no more."
    )
    kinds = Counter((flip.before, flip.now) for flip in done.flipped)
    for before, now in sorted(kinds, key=lambda kind: (-kinds[kind], kind)):
        console.print()
        console.print(Text(f"{before} → {now}: {kinds[before, now]}", LEVEL_STYLE[now]))
        for flip in done.flipped:
            if (flip.before, flip.now) == (before, now):
                console.print(words(f"  {flip.title}", "bold"))
                console.print(words(f"  {flip.url}", "cyan"))
    for url, message in done.failed:
        console.print(words(f"  failed  {url}: {message}", "red"))
    if done.flipped:
        console.print("\nWhy: presswatch show ADDRESS argues today's verdict, presswatch explain ADDRESS the new one.")
        console.print("To store the new ones: presswatch reprocess")


def _say_processed(console: Console, done: ProcessReport) -> None:
    counted = "1 page" if done.pages == 1 else f"{done.pages} pages"
    console.print(f"\nJudged {counted}: {len(done.found)} about the watch's subject.")
    for outcome in done.found:
        console.print(_headline(outcome.article, outcome.verdict))
    for url, message in done.failed:
        console.print(words(f"  failed  {url}: {message}", "red"))


def _headline(article: Article, verdict: Verdict) -> Text:
    level = Text(f"  {verdict.level:8}", LEVEL_STYLE[verdict.level])
    return level + words(f"{day(article.published_at)}  {article.language}  {article.title}")


def show_articles(rows: Sequence[Version], *, as_json: bool) -> None:
    if as_json:
        print_json([exports.row(version) for version in rows])
        return
    if not rows:
        out().print("Nothing yet. Fetch something with: presswatch crawl")
        return
    table = new_table("date", "level", "lang", "source", "headline", "topics")
    for version in rows:
        level = version.verdict.level
        topics = ", ".join(tag.name for tag in version.tags if tag.kind == "topic")
        table.add_row(
            day(version.article.published_at),
            Text(level, LEVEL_STYLE[level]),
            version.article.language,
            words(version.article.source),
            words(version.article.title),
            words(topics),
        )
    out().print(table)


def show_article(version: Version, story: Story | None, *, as_json: bool) -> None:
    if as_json:
        print_json(exports.row(version))
        return
    console, article = out(), version.article
    console.print(words(article.title, "bold"))
    console.print(words(article.url, "cyan"))
    dated = (
        f"{minute(article.published_at)} UTC (from the {article.published_from})" if article.published_at else "undated"
    )
    console.print(
        words(f"{article.source} · {article.language} · {dated} · first seen {minute(article.first_seen_at)} UTC")
    )
    if article.note:
        console.print(words(article.note, "yellow"))
    if version.removed_at:
        console.print(words(f"Taken down by its site; noticed {minute(version.removed_at)} UTC.", "yellow"))
    show_verdict(console, version.verdict, article.document)
    _show_findings_of(console, version)
    if version.opinion:
        _show_opinion(console, version.opinion, version.verdict)
    for change in version.changes:
        console.print(words(f"{change.kind} {minute(change.at)} UTC: {change.before[:120]!r} → {change.after[:120]!r}"))
    if story and len(story.versions) > 1:
        console.print(Text("\nThe same story", "bold"))
        for other in story.versions:
            if other.article.url != article.url:
                console.print(words(f"  {other.article.language}  {other.article.url}  {other.article.title}"))
    console.print()
    console.print(words(article.text))


def _show_findings_of(console: Console, found: Version | Outcome) -> None:
    """Topics, names, figures and summary, as far as there are any."""
    for kind in ("topic", "organisation", "person", "place", "product"):
        names = list(dict.fromkeys(tag.name for tag in found.tags if tag.kind == kind))
        if names:
            console.print(Text(f"{kind:13}", "bold") + words(", ".join(names)))
    for fact in found.facts:
        amount = f"{fact.qualifier} {fact.value:,.12g} {fact.unit}".strip()
        console.print(Text(f"{fact.kind:13}", "bold") + words(f"{amount}  “{fact.quote}”"))
    for sentence in found.summary:
        console.print(Text("              ") + words(sentence, "italic"))


def _show_opinion(console: Console, opinion: Opinion, verdict: Verdict) -> None:
    """The second reader's word, marked as its own."""
    agrees = opinion.level == verdict.level
    beside = "as the rules say" if agrees else f"where the rules say {verdict.level}; their verdict stands"
    console.print(Text("\nThe second reader, a language model", "bold") + words(f" ({opinion.model})"))
    console.print(Text(f"  {opinion.level}", LEVEL_STYLE[opinion.level]) + Text(f"  {beside}"))
    if opinion.why:
        console.print(words(f"      “{opinion.why}”"))
    for sentence in opinion.summary:
        console.print(Text("              ") + words(sentence, "italic"))


def show_verdict(console: Console, verdict: Verdict, document: str) -> None:
    """The level and the reasons as a person would argue them, each with its words in their sentence."""
    console.print()
    console.print(Text(f"{verdict.level}", LEVEL_STYLE[verdict.level]) + Text(f"  score {verdict.score:.2f}"))
    against = [reason for reason in verdict.reasons if reason.weight < 0 or reason.kind == "against"]
    for reason in verdict.reasons:
        if reason not in against:
            _show_reason(console, reason, document, "+", "green")
    if against:
        console.print(Text("against", "bold"))
    for reason in against:
        _show_reason(console, reason, document, "−", "red")


def _show_reason(console: Console, reason: Reason, document: str, mark: str, style: str) -> None:
    console.print(Text(f"  {mark} ", style) + words(reason.text.removeprefix("Against: ")))
    if reason.quote:
        console.print(_in_context(document, reason.start, reason.end))


def _in_context(document: str, start: int, end: int, around: int = 60) -> Text:
    left, right = max(0, start - around), min(len(document), end + around)
    before = ("…" if left else "") + document[left:start].replace("\n", " ¶ ")
    after = document[end:right].replace("\n", " ¶ ") + ("…" if right < len(document) else "")
    return Text("      ") + words(before, "dim") + words(document[start:end], "bold") + words(after, "dim")


def show_hits(hits: Sequence[Hit], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"url": h.url, "title": h.title, "language": h.language, "level": h.level, "excerpt": h.excerpt}
                | {"published_at": exports.moment(h.published_at), "story": h.story}
                for h in hits
            ]
        )
        return
    console = out()
    if not hits:
        console.print("Nothing found.")
    for hit in hits:
        level = Text(f"{hit.level:8}", LEVEL_STYLE[hit.level])
        console.print(level + words(f"{day(hit.published_at)}  {hit.language}  {hit.title}", "bold"))
        excerpt = words(hit.excerpt.replace("\n", " "))
        for start, end in hit.marks:
            excerpt.stylize("bold yellow", start, end)
        console.print(Text("        ") + excerpt)
        console.print(Text("        ") + words(hit.url, "cyan"))


def show_explanation(outcome: Outcome, missing: Sequence[str], *, as_json: bool) -> None:
    article = outcome.article
    if as_json:
        from presswatch.models import Version

        version = Version(
            article=article,
            verdict=outcome.verdict,
            tags=outcome.tags,
            facts=outcome.facts,
            summary=outcome.summary,
        )
        print_json(exports.row(version) | {"missing": list(missing)})
        return
    console = out()
    console.print(words(article.title, "bold"))
    dated = f"{day(article.published_at)} (from the {article.published_from})" if article.published_at else "undated"
    console.print(words(f"{article.language} · {dated} · {len(article.text.split())} words"))
    show_verdict(console, outcome.verdict, article.document)
    if missing:
        console.print(Text("missing to the next level", "bold"))
    for sentence in missing:
        console.print(Text("  · ", "yellow") + words(sentence))
    _show_findings_of(console, outcome)
