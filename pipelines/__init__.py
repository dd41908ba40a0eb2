"""The steps: what a page means, for one watch. Records in, records out; does no input or output.

`process` is all of it, in order. Everything it knows comes as arguments, so a
verdict can be made again from the archive, and tested from bytes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipelines import changes, evidence, fingerprint, grouping, passages, relevance, selection, summary
from pipelines.evidence import Evidence
from pipelines.extract import extract
from pipelines.knowledge import Knowledge
from pipelines.passages import Passage
from pipelines.recent import Recent
from pipelines.tagging import names, topics
from presswatch.models import Article, Outcome, Page


def process(page: Page, knowledge: Knowledge, recent: Recent) -> Outcome:
    """Everything there is to find out about one page, beside the `recent` articles, which it could share a story with.

    Raises `ExtractionError` where the page holds no article.
    """
    return place(judge(page, knowledge), recent)


def judge(
    page: Page, knowledge: Knowledge, *, earlier: Article | None = None, first_seen_at: datetime | None = None
) -> Outcome:
    """What a page tells by itself, its story left open: every step but the last. Pages can be judged side by side.

    `earlier` is what was known at this address before the page came; `first_seen_at`
    is when that was, where the same page is judged again and nothing changed on its site.
    Raises `ExtractionError` where the page holds no article.
    """
    article = extract(page)
    if first_seen_at := earlier.first_seen_at if earlier else first_seen_at:
        article = replace(article, first_seen_at=first_seen_at)
    document, parts = article.document, passages.split(article)
    spans = [(part.start, part.end) for part in parts if part.kind != passages.BOILERPLATE]

    found = read(article, parts, knowledge)
    verdict = relevance.judge(found, knowledge)
    told_names, told_facts = selection.select(found, verdict, knowledge)
    tags = (*topics.find(found, verdict, knowledge, article.language), *told_names)

    text = "\n".join(document[start:end] for start, end in spans[1:])
    country = (knowledge.watch.country.name,)
    print_ = fingerprint.fingerprint(article, tags, told_facts, text=text, leave_out=country)
    return Outcome(
        page_id=page.id,
        article=article,
        verdict=verdict,
        tags=tags,
        facts=told_facts,
        summary=summary.choose(found, verdict, told_facts, article.language),
        fingerprint=print_,
        story="",
        changes=changes.compare(earlier, article, page.fetched_at) if earlier else (),
    )


def place(
    outcome: Outcome,
    recent: Recent,
    *,
    together: Sequence[tuple[str, str]] = (),
    apart: Sequence[tuple[str, str]] = (),
) -> Outcome:
    """The outcome with the story that it belongs to among `recent`: the last step, and all that depends on others.

    Where others were saved meanwhile, it is taken again.
    """
    found = grouping.assign(outcome.known(), recent, turn=outcome.page_id, together=together, apart=apart)
    moves = tuple((url, story) for url, story in found.moved if recent[url].story not in found.merged)
    return replace(outcome, story=found.story, merges=found.merged, moves=moves)


def read(article: Article, parts: Sequence[Passage], knowledge: Knowledge) -> Evidence:
    """What an article's passages say for and against the watch's subject: what its verdict rests on."""
    spans = [(part.start, part.end) for part in parts if part.kind != passages.BOILERPLATE]
    mentions = names.find(article.document, spans, article.language, knowledge.names)
    return evidence.read(article, parts, mentions, knowledge)
