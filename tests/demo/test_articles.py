"""The sample's labels are whole: what they quote stands in the article, and what they claim to cover is covered."""

import re
from collections import Counter

import pytest

from presswatch.demo.articles import SampleArticle, load
from presswatch.demo.pages import SITES
from presswatch.models import Level

TOPICS = {
    *("investment", "infrastructure", "supercomputing", "quantum", "robotics", "autonomous-vehicles", "research"),
    *("models", "healthcare", "climate-energy", "skills", "startups", "policy", "public-services", "finance"),
    *("telecoms", "security", "manufacturing", "media", "corporate"),
}
UNITS = {
    "gpus": "gpu",
    "jobs": "job",
    "people": "person",
    "companies": "company",
    "power": "MW",
    "compute": "exaflops",
}
# Letters that only an article in that language would hold in such numbers.
SCRIPTS = {"ja": r"[\u3040-\u30ff]", "ko": r"[\uac00-\ud7a3]", "zh": r"[\u4e00-\u9fff]"}
ARTICLES = load()
RELEVANT = [article for article in ARTICLES if Level(article.label.level).relevant]


def named(article: SampleArticle) -> str:
    return article.id


def test_articles_are_many_varied_and_newest_first() -> None:
    levels = Counter(article.label.level for article in ARTICLES)
    assert len(ARTICLES) >= 30
    assert levels["focus"] >= 12
    assert levels["part"] >= 8
    assert levels["mention"] >= 7
    assert levels["none"] >= 7
    assert len({article.language for article in ARTICLES}) >= 8
    assert {article.site for article in ARTICLES} == {site.id for site in SITES}
    assert list(ARTICLES) == sorted(ARTICLES, key=lambda a: (a.published_at, a.id), reverse=True)


def test_ids_and_addresses_are_unique() -> None:
    assert max(Counter(article.id for article in ARTICLES).values()) == 1
    assert max(Counter((article.site, article.slug) for article in ARTICLES).values()) == 1


@pytest.mark.parametrize("article", ARTICLES, ids=named)
def test_an_article_reads_like_one(article: SampleArticle) -> None:
    assert 4 <= len(article.body) <= 12
    assert all(text == text.strip() and text for text in (article.title, *article.body))
    assert not article.body[-1].startswith("## ")
    if article.language in SCRIPTS:
        assert len(re.findall(SCRIPTS[article.language], "".join(article.body))) > 50
    site = next(site for site in SITES if site.id == article.site)
    assert site.locale[:2] == article.language


@pytest.mark.parametrize("article", ARTICLES, ids=named)
def test_its_label_can_be_scored(article: SampleArticle) -> None:
    label, text = article.label, article.title + "\n" + "\n".join(article.body)
    assert set(label.topics) <= TOPICS
    assert label.level in {level.value for level in Level}
    assert "NVIDIA" not in label.organisations
    for fact in label.facts:
        assert fact.quote in text
        assert fact.value > 0
        assert fact.unit == UNITS.get(fact.kind, "GBP")
    if not Level(label.level).relevant:
        assert not any((label.topics, label.organisations, label.people, label.places, label.facts))


@pytest.mark.parametrize("article", RELEVANT, ids=named)
def test_the_news_says_who_where_and_what(article: SampleArticle) -> None:
    label = article.label
    assert label.topics
    assert label.organisations
    assert label.places
    assert label.facts


@pytest.mark.parametrize("article", [a for a in RELEVANT if a.language == "en"], ids=named)
def test_english_labels_name_what_the_text_names(article: SampleArticle) -> None:
    text = article.title + "\n" + "\n".join(article.body).replace("U.K.", "United Kingdom")
    for name in (*article.label.organisations, *article.label.people, *article.label.places):
        assert name in text


def test_stories_are_told_in_several_languages() -> None:
    told: dict[str, set[tuple[str, str]]] = {}
    for article in RELEVANT:
        told.setdefault(article.label.story, set()).add((article.site, article.language))
    sizes = sorted(len({language for _, language in versions}) for versions in told.values())
    assert sizes[-3:] == [2, 3, 5]
    assert all(len({site for site, _ in versions}) == len(versions) for versions in told.values())


def test_versions_of_a_story_commit_to_the_same_figures() -> None:
    figures: dict[str, set[tuple[str, float]]] = {}
    for article in RELEVANT:
        own = {(fact.kind, fact.value) for fact in article.label.facts}
        assert figures.setdefault(article.label.story, own) == own


def test_different_news_by_the_same_partners_in_the_same_week_is_there() -> None:
    one = next(a for a in ARTICLES if a.id == "humber-en")
    other = next(a for a in ARTICLES if a.id == "humber-academy")
    assert set(one.label.organisations) & set(other.label.organisations) >= {"Humberline", "University of Hull"}
    assert abs((one.published_at - other.published_at).days) < 7
    assert one.label.story != other.label.story


def test_alternates_are_versions_of_the_same_story() -> None:
    by_id = {article.id: article for article in ARTICLES}
    linked = [article for article in ARTICLES if article.alternates]
    assert linked
    for article in linked:
        for other in article.alternates:
            assert by_id[other].label.story == article.label.story
            assert article.id in by_id[other].alternates


@pytest.mark.parametrize(
    ("trap", "words"),
    [
        ("lincoln-lab", "MIT Lincoln Laboratory"),
        ("lincoln-lab", "thesis in Cambridge"),
        ("wool", "New South Wales"),
        ("wool", "210,000 pounds of wool"),
        ("rings", "Reading a tree"),
        ("gfn", "London, 1888"),
        ("gfn", "£300,000"),
        ("ontario", "LONDON, Ontario"),
        ("galway", "the United Kingdom"),
        ("livres-fr", "trois millions de livres"),
        ("earnings", "the U.K."),
    ],
)
def test_traps_are_set_and_labelled_as_no_news(trap: str, words: str) -> None:
    article = next(a for a in ARTICLES if a.id == trap)
    assert words in "\n".join(article.body)
    assert article.label.level in ("none", "mention")
