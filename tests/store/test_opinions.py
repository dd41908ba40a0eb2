"""The second reader's opinions in the store: one an article, gone with the text that it is about."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, select, text

from presswatch.models import Level, Opinion
from presswatch.store import Store, opened
from presswatch.store.database import Database
from tests.store.conftest import AddPage, SaveArticle
from tests.store.samples import T0, make_outcome

URL = "https://a.example/x"
LATER = T0 + timedelta(hours=1)
OPINION = Opinion(
    level=Level.MENTION, why="about Harwell", summary=("A text.", "文章。"), language="en", model="small:latest"
)


def test_an_opinion_comes_back_whole_wherever_its_article_is_read(store: Store, save_article: SaveArticle) -> None:
    article = save_article(URL).article
    assert store.opinions.get(URL) is None
    assert store.opinions.save(article, OPINION, now=LATER)
    assert store.opinions.get(URL) == OPINION
    version, story = store.articles.get(URL), store.stories.of(URL)
    assert version is not None
    assert story is not None
    assert version.opinion == OPINION
    assert version.verdict.level is Level.FOCUS
    assert [v.opinion for v in (*story.versions, *store.articles.export())] == [OPINION, OPINION]


def test_a_new_opinion_takes_the_place_of_the_old_one(store: Store, save_article: SaveArticle) -> None:
    article = save_article(URL).article
    other = replace(OPINION, level=Level.FOCUS, why="", summary=())
    for opinion in (OPINION, other):
        store.opinions.save(article, opinion, now=LATER)
    assert store.opinions.get(URL) == other


def test_no_digest_hears_of_an_opinion(store: Store, save_article: SaveArticle) -> None:
    article = save_article(URL).article
    store.opinions.save(article, OPINION, now=LATER)
    assert store.stories.changed(LATER, LATER + timedelta(days=1)) == ()


@pytest.mark.parametrize("changed", [{"text": "Another text."}, {"title": "Another headline"}])
def test_an_opinion_goes_with_the_text_that_it_is_about(
    store: Store, save_article: SaveArticle, changed: dict[str, str]
) -> None:
    article = save_article(URL).article
    store.opinions.save(article, OPINION, now=LATER)
    save_article(URL, body="second", now=LATER, **changed)
    assert store.opinions.get(URL) is None
    # What was said meanwhile of the earlier text is too late.
    assert not store.opinions.save(article, OPINION, now=LATER)
    assert store.opinions.get(URL) is None


def test_an_opinion_stays_while_the_text_does(store: Store, save_article: SaveArticle, add_page: AddPage) -> None:
    first = save_article(URL)
    store.opinions.save(first.article, OPINION, now=LATER)
    store.articles.save(replace(first, verdict=replace(first.verdict, level=Level.NONE)), now=LATER)
    store.articles.save(make_outcome(add_page(URL, "another menu"), URL), now=LATER)
    assert store.opinions.get(URL) == OPINION


def test_an_opinion_follows_its_article_to_another_address(store: Store, save_article: SaveArticle) -> None:
    article = save_article(URL).article
    store.pages.moved(URL, "https://a.example/y", now=LATER)
    assert store.opinions.save(article, OPINION, now=LATER)
    assert store.opinions.get("https://a.example/y") == store.opinions.get(URL) == OPINION


def test_an_article_that_is_not_there_has_no_opinion(store: Store) -> None:
    assert not store.opinions.save(make_outcome(1, URL).article, OPINION, now=T0)
    assert store.opinions.get(URL) is None


def test_text_that_no_engine_takes_is_the_same_text(store: Store, save_article: SaveArticle) -> None:
    article = save_article(URL, text="a\x00b\ud800").article
    assert store.opinions.save(article, replace(OPINION, why="a\x00b"), now=T0)
    assert store.opinions.get(URL) == replace(OPINION, why="a\ufffdb")


def test_a_store_of_before_is_brought_up_to_date_with_what_it_holds(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(opened._MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        earlier = MetaData()
        earlier.reflect(connection)
        assert "opinions" not in earlier.tables
        article = make_outcome(1, URL).article
        for name, row in _rows(article.title, article.text).items():
            connection.execute(earlier.tables[name].insert().values(**row))
    database.close()
    with Store.open(database_url) as store:
        version = store.articles.get(URL)
        assert version is not None
        assert (version.article.document, version.opinion) == (article.document, None)
        assert store.opinions.save(version.article, OPINION, now=LATER)
        assert store.opinions.get(URL) == OPINION
    database = Database(database_url)
    with database.write() as connection:  # and with the article goes what was said of it
        connection.execute(text("DELETE FROM revisions"))
        connection.execute(text("DELETE FROM articles"))
        assert connection.scalar(select(text("count(*)")).select_from(text("opinions"))) == 0
    database.close()


def _rows(title: str, body: str) -> dict[str, dict[str, object]]:
    """One article as the schema before had it."""
    page = {"id": 1, "url": URL, "revision": 1, "source": "a", "fetched_at": T0, "status": 200, "final_url": URL}
    page |= {"content_type": "text/html", "content_hash": "x", "via": "page"}
    article = {"id": 1, "url": URL, "source": "a", "language": "en", "title": title, "text": body, "via": "page"}
    article |= {"first_seen_at": T0, "dated_at": T0, "saved_at": T0, "checked_at": T0, "check_status": 200, "page": 1}
    article |= {"alternates": "[]", "revisions": 1, "story": "s1", "watch": "uk-ai", "level": "focus", "score": 0.5}
    article |= {"reasons": "[]", "passages": "[]", "summary": "[]", "simhash": 1, "slug": "x", "traits": "[]"}
    return {
        "stories": {"id": "s1", "first_seen_at": T0, "changed_at": T0},
        "pages": page,
        "articles": article,
    }
