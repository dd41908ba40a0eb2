"""The steps: what a page means, for one watch. Records in, records out; does no input or output.

`process` is all of it, in order. Everything it knows comes as arguments, so a
verdict can be made again from the archive, and tested from bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines import changes, evidence, fingerprint, grouping, passages, relevance, selection, summary
from pipelines.extract import extract
from pipelines.knowledge import Knowledge
from pipelines.tagging import facts, names, topics
from presswatch.models import Article, Known, Outcome, Page

# Articles this far apart can share a story through others between them, never further.
_REACH = 3 * grouping.WINDOW


def process(
    page: Page,
    knowledge: Knowledge,
    recent: Mapping[str, Known],
    *,
    earlier: Article | None = None,
    again: bool = False,
) -> Outcome:
    """Everything there is to find out about one page.

    `recent` are the articles that it could share a story with, by address;
    `earlier` is what was known at this address. `again` says that the same page
    is judged anew: then nothing changed on its site, whatever reads differently.
    Raises `ExtractionError` where the page holds no article.
    """
    article = extract(page)
    if earlier:
        article = replace(article, first_seen_at=earlier.first_seen_at)
    document, parts = article.document, passages.split(article)
    spans = [(part.start, part.end) for part in parts if part.kind != passages.BOILERPLATE]

    mentions = names.find(document, spans, article.language, knowledge.names)
    figures = facts.find(document, spans, article.language)
    found = evidence.read(article, parts, mentions, figures, knowledge)
    verdict = relevance.judge(found, knowledge)
    told_names, told_facts = selection.select(found, verdict, knowledge)
    tags = (*topics.find(found, verdict, knowledge), *told_names)

    text = "\n".join(document[start:end] for start, end in spans[1:])
    country = (knowledge.watch.country.name,)
    print_ = fingerprint.fingerprint(article, tags, told_facts, text=text, leave_out=country)
    place = grouping.assign(article, print_, verdict.relevant, _near(article, recent.values()))
    return Outcome(
        page_id=page.id,
        article=article,
        verdict=verdict,
        tags=tags,
        facts=told_facts,
        summary=summary.choose(found, verdict, told_facts, article.language),
        fingerprint=print_,
        story=place.story,
        merges=place.merged,
        moves=tuple((url, story) for url, story in place.moved if recent[url].story not in place.merged),
        changes=changes.compare(earlier, article, page.fetched_at) if earlier and not again else (),
    )


def _near(article: Article, recent: Iterable[Known]) -> Sequence[Known]:
    """Those of `recent` that were published at about the same time, or that it names as its other versions."""
    moment = article.published_at or article.first_seen_at
    return [
        known
        for known in recent
        if known.url in article.alternates or abs((known.published_at or known.first_seen_at) - moment) <= _REACH
    ]
