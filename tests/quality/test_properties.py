"""What must not change a verdict, and what must: tried on every article of the project, in ten languages."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html import escape
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pipelines
from pipelines import passages
from pipelines.recent import Recent
from presswatch.demo import articles as sample
from presswatch.demo.articles import SampleArticle
from presswatch.models import Level, Outcome
from tests.quality import corpora

pytestmark = pytest.mark.xdist_group("corpus sample")  # the knowledge is compiled once

SAMPLE = {article.id: article for article in sample.load()}
ARTICLES = SAMPLE | {a.id: a for name in ("strangers", "fresh") for a in sample.load(corpora.FILES[name])}
ABROAD: dict[str, str] = yaml.safe_load((Path(__file__).parent.parent / "data" / "abroad.yaml").read_text("utf-8"))

# An article costs some milliseconds; the seeds of random.Random make each failure repeatable.
quick = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
any_article = st.sampled_from(sorted(ARTICLES))
seeds = st.integers(0, 2**32 - 1)

NOTICES = (
    "About NVIDIA\nNVIDIA (NASDAQ: NVDA) is the world leader in accelerated computing, with offices in London,"
    " Cambridge and Bristol in the United Kingdom.",
    "Certain statements in this press release, such as on the AI factory in Leeds, are forward-looking statements that"
    " are subject to risks and uncertainties. Actual results may differ materially.",
    "© 2026 NVIDIA Corporation. All rights reserved. NVIDIA and the NVIDIA logo are trademarks of NVIDIA Corporation in"
    " the U.K. and other countries.",
)
RELATED = (
    "UK Government Invests £2 Billion in AI Supercomputer at Edinburgh",
    "NVIDIA Opens AI Laboratory With the University of Manchester",
    "Nscale and Microsoft Deploy 23,000 GPUs in Loughton",
    "Londres : le Royaume-Uni ouvre un centre d’IA de 500 millions de livres",
    "英国政府、AIに20億ポンドを投資",
)
COUNTRIES = ("France", "Germany", "Ireland", "Japan", "Spain", "United Kingdom", "United States", "Wales")
BOXES = {
    "a country menu": '<select class="country-menu">'
    + "".join(f"<option>{land}</option>" for land in COUNTRIES)
    + "</select>",
    "a menu of country pages": "<nav><ul>"
    + "".join(f'<li><a href="/{land}/">{land}</a></li>' for land in COUNTRIES)
    + "</ul></nav>",
    "a footer": '<footer class="global-footer"><p>NVIDIA Ltd, 100 Brook Drive, Reading, United Kingdom.</p>'
    "<p>Offices: Santa Clara, London, Munich, Tokyo. Copyright © 2026</p></footer>",
    "related posts": '<aside class="related-posts"><h3>Related Posts</h3><ul>'
    + "".join(f'<li><a href="/blog/{n}/">{title}</a></li>' for n, title in enumerate(RELATED))
    + "</ul></aside>",
    "cards of related posts": '<div class="related-articles"><h2>More News</h2>'
    + "".join(
        f'<div class="card"><h3><a href="/blog/{n}/">{title}</a></h3><p>{title}, said the Prime Minister.</p></div>'
        for n, title in enumerate(RELATED)
    )
    + "</div>",
}


def blocks(body: Sequence[str]) -> list[str]:
    """Each block of an article as HTML; the items of a list are one block."""
    out: list[str] = []
    for text in body:
        if text.startswith("- "):
            item = f"<li>{escape(text[2:])}</li>"
            if out and out[-1].endswith("</ul>"):
                out[-1] = out[-1].removesuffix("</ul>") + item + "</ul>"
            else:
                out.append(f"<ul>{item}</ul>")
        elif text.startswith("## "):
            out.append(f"<h2>{escape(text[3:])}</h2>")
        else:
            out.append(f"<p>{escape(text)}</p>")
    return out


def whole(article: SampleArticle, main: str, *, title: str | None = None, above: str = "", below: str = "") -> str:
    headline = escape(title or article.title)
    return (
        f'<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8"><title>{headline}</title></head>'
        f'<body>{above}<main><article><h1>{headline}</h1><div class="entry-content">{main}</div></article></main>'
        f"{below}</body></html>"
    )


def judge(article: SampleArticle, html: str) -> Outcome:
    page = corpora.page(
        f"https://blogs.example/{article.slug}",
        html.encode(),
        number=1,
        language=article.language,
        at=article.published_at + timedelta(hours=1),
    )
    return pipelines.process(page, corpora.knowledge(), Recent())


@cache
def plain(name: str) -> Outcome:
    """An article in the simplest page that it can stand in."""
    article = ARTICLES[name]
    return judge(article, whole(article, "\n".join(blocks(article.body))))


def told(outcome: Outcome) -> tuple[Level, float, list[str]]:
    """What a verdict says, without positions."""
    document = outcome.article.document
    return (
        outcome.verdict.level,
        outcome.verdict.score,
        [document[start:end] for start, end in outcome.verdict.passages],
    )


@pytest.mark.parametrize("name", sorted(SAMPLE))
def test_the_simple_page_and_the_served_one_get_one_verdict(name: str) -> None:
    assert told(judge(ARTICLES[name], corpora.sample_html()[name])) == told(plain(name))


@quick
@given(any_article, seeds)
def test_white_space_changes_nothing(name: str, seed: int) -> None:
    rng = random.Random(seed)
    wide = ["  ", "\n", "\t", " \n      ", "\r\n"]

    def spaced(block: str) -> str:
        tags, text = re.match(r"((?:<\w+>)*)(.*)", block).groups()  # type: ignore[union-attr]
        return str(tags) + re.sub(" ", lambda _: rng.choice([" ", *wide]), f"{rng.choice(['', *wide])}{text}")

    parts = [spaced(block) for block in blocks(ARTICLES[name].body)]
    html = rng.choice(["", *wide]).join(parts)
    assert told(judge(ARTICLES[name], whole(ARTICLES[name], html))) == told(plain(name))


@quick
@given(
    any_article, st.permutations(NOTICES), st.integers(1, 3), st.sampled_from([str, str.upper, str.lower, str.title])
)
def test_boilerplate_in_any_case_changes_nothing(name: str, notices: list[str], number: int, case: type) -> None:
    article = ARTICLES[name]
    extra = [case(line) for notice in notices[:number] for line in notice.split("\n")]
    found = judge(article, whole(article, "\n".join(blocks([*article.body, *extra]))))
    assert told(found) == told(plain(name))


@quick
@given(any_article, seeds)
def test_wrappers_in_the_page_change_nothing(name: str, seed: int) -> None:
    rng = random.Random(seed)

    def wrapped(html: str) -> str:
        for _ in range(rng.randrange(3)):
            tag = rng.choice(["div", "section", 'div class="wp-block-group"', 'section id="s"'])
            html = f"<{tag}>{html}</{tag.partition(' ')[0]}>"
        return html

    parts = [wrapped(block) for block in blocks(ARTICLES[name].body)]
    for _ in range(rng.randrange(3)):  # several neighbours in one
        start = rng.randrange(len(parts))
        end = rng.randint(start + 1, len(parts))
        parts[start:end] = [wrapped("\n".join(parts[start:end]))]
    found = judge(ARTICLES[name], whole(ARTICLES[name], wrapped("\n".join(parts))))
    assert told(found) == told(plain(name))


@quick
@given(any_article, st.permutations(sorted(BOXES)), st.integers(1, 4), seeds)
def test_menus_footers_and_related_posts_change_nothing(name: str, kinds: list[str], number: int, seed: int) -> None:
    rng = random.Random(seed)
    sides = {"above": "", "below": ""}
    for kind in kinds[:number]:
        sides[rng.choice(["above", "below"]) if "menu" in kind else "below"] += BOXES[kind]
    found = judge(ARTICLES[name], whole(ARTICLES[name], "\n".join(blocks(ARTICLES[name].body)), **sides))
    assert found.article.text == plain(name).article.text
    assert told(found) == told(plain(name))


@quick
@given(any_article, st.sampled_from([kind for kind in sorted(BOXES) if kind != "a footer"]))
def test_a_box_at_the_end_of_the_article_itself_changes_nothing(name: str, kind: str) -> None:
    html = "\n".join([*blocks(ARTICLES[name].body), BOXES[kind]])
    assert told(judge(ARTICLES[name], whole(ARTICLES[name], html))) == told(plain(name))


@quick
@given(any_article, seeds)
def test_the_order_of_unrelated_paragraphs_changes_no_level(name: str, seed: int) -> None:
    """Paragraphs that neither name the country nor stand in the news, changed about within their section."""
    places = _unrelated(name)
    order = random.Random(seed).sample(places, len(places))
    body = list(ARTICLES[name].body)
    for place, other in zip(places, order, strict=True):
        body[place] = ARTICLES[name].body[other]
    found = judge(ARTICLES[name], whole(ARTICLES[name], "\n".join(blocks(body))))
    assert found.verdict.level == plain(name).verdict.level


@cache
def _unrelated(name: str) -> list[int]:
    """The numbers of the blocks that have nothing to do with the verdict."""
    outcome, body = plain(name), ARTICLES[name].body
    parts = passages.split(outcome.article)
    found = pipelines.read(outcome.article, parts, corpora.knowledge())
    busy = {sentence.passage for sentence in found.sentences if sentence.ours}
    free = {
        part.text
        for number, part in enumerate(parts)
        if part.kind == passages.PARAGRAPH
        and number not in busy
        and not any(start < part.end and part.start < end for start, end in outcome.verdict.passages)
    }
    return [n for n, text in enumerate(body) if text in free]


def test_there_is_enough_to_change_about() -> None:
    assert sum(len(_unrelated(name)) > 1 for name in ARTICLES) >= 8


def abroad(text: str) -> str:
    for british, french in ABROAD.items():
        text = text.replace(british, french)
    return text


FOCUS = sorted(name for name, article in SAMPLE.items() if article.label.level == "focus")
OTHER_FOCUS = sorted(n for n, a in ARTICLES.items() if a.label.level == "focus" and n not in SAMPLE)

# What takes the place of a name that the judge takes for British, by its kind and the text's script.
_LATIN = {
    "country": "France", "place": "Nantes", "demonym": "French", "government": "Élysée", "organisation": "Zorbis SA",
    "institution": "Nantes Métropole", "official": "Jean Dupont", "person": "Jean Dupont", "programme": "France 2030",
    "system": "Jean Zay", "event": "VivaTech",
}  # fmt: skip
_FRENCH = {
    "ja": _LATIN | {"country": "フランス", "place": "ナント", "demonym": "フランスの", "government": "フランス政府"},
    "ko": _LATIN | {"country": "프랑스", "place": "낭트", "demonym": "프랑스의", "government": "프랑스 정부"},
    "zh": _LATIN | {"country": "法国", "place": "南特", "demonym": "法国的", "government": "法国政府"},
}
_POUNDS = r"\b(?:GBP|[Pp]ounds|[Pp]fund|libras(?: esterlinas)?|livres(?: sterling)?|sterline)\b"
_MONEY = (
    (r"£\s?([\d.,]+)", r"€\1"),
    (_POUNDS, "euros"),
    ("ポンド", "ユーロ"),
    ("파운드", "유로"),
    ("英[鎊镑]", "欧元"),
)


def moved(article: SampleArticle) -> SampleArticle:
    """The article with all that the judge takes for British made French, until it finds no more."""
    for _ in range(5):
        outcome = judge(article, whole(article, "\n".join(blocks(article.body))))
        found = pipelines.read(outcome.article, passages.split(outcome.article), corpora.knowledge())
        document = outcome.article.document
        kinds = {document[n.start : n.end]: n.kind for s in found.sentences for n in s.ours}
        table = _FRENCH.get(article.language, _LATIN)
        pairs = [(surface, table.get(kind, "Zorbis SA")) for surface, kind in kinds.items()]
        pairs.sort(key=lambda pair: -len(pair[0]))

        def french(text: str, pairs: Sequence[tuple[str, str]] = pairs) -> str:
            for surface, other in pairs:
                text = text.replace(surface, other)
            for pattern, other in _MONEY:
                text = re.sub(pattern, other, text)
            return text

        article = replace(article, title=french(article.title), body=tuple(map(french, article.body)))
        if not pairs:
            break
    return article


@pytest.mark.parametrize("name", OTHER_FOCUS)
def test_what_is_british_to_the_judge_carries_its_verdict(name: str) -> None:
    article = moved(ARTICLES[name])
    found = judge(article, whole(article, "\n".join(blocks(article.body))))
    assert found.verdict.level == Level.NONE, [(r.text, r.quote) for r in found.verdict.reasons]


@pytest.mark.parametrize("name", FOCUS)
def test_with_every_british_name_made_french_nothing_is_left(name: str) -> None:
    article = ARTICLES[name]
    html = whole(article, "\n".join(blocks([abroad(text) for text in article.body])), title=abroad(article.title))
    found = judge(article, html)
    assert found.verdict.level == Level.NONE, [(r.text, r.quote) for r in found.verdict.reasons]


@pytest.mark.parametrize("name", FOCUS)
def test_the_table_of_french_names_leaves_no_british_one(name: str) -> None:
    article = ARTICLES[name]
    text = abroad("\n".join((article.title, *article.body)))
    assert [british for british in ABROAD if british in text] == []
    assert not re.search(r"U\.?K\b|Brit|England|Scot|Wales|Reino Unido|Regno Unito|Royaume-Uni|英国|영국", text)


# Cities that have namesakes abroad and are nobody's second thought. "Durham" alone may well be in North Carolina.
CITIES = ("Manchester", "Birmingham", "Bristol", "Cardiff", "Cambridge", "Oxford", "Plymouth")
_NATIONS = ("England", "Scotland", "Wales")


def _town(article: SampleArticle) -> str:
    """A town of one word that the article's news names and its text spells so, "" where there is none."""
    text = "\n".join((article.title, *article.body))
    towns = [place for place in article.label.places if place.isalpha() and place not in _NATIONS]
    return next((town for town in towns if re.search(rf"\b{town}\b", text)), "")


IN_TOWNS = sorted(
    name
    for name, article in ARTICLES.items()
    if article.language not in ("ja", "ko", "zh") and article.label.level in ("focus", "part") and _town(article)
)


@pytest.mark.parametrize("name", IN_TOWNS)
def test_news_is_news_in_another_city(name: str) -> None:
    article = ARTICLES[name]
    town = _town(article)
    for city in CITIES:
        there = replace(
            article,
            title=article.title.replace(town, city),
            body=tuple(text.replace(town, city) for text in article.body),
        )
        found = judge(there, whole(there, "\n".join(blocks(there.body))))
        assert found.verdict.relevant, (city, [(r.text, r.quote) for r in found.verdict.reasons])
