"""A spider of the operator's own as a source: the example of docs/add-a-source.md, and what may be wrong with one."""

import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import own_spider
from crawler.asking import Answer
from crawler.discovery import Empty, Found, Unreadable
from presswatch import catalogue
from presswatch.demo import newsroom
from presswatch.errors import ConfigError
from presswatch.models import Source
from presswatch.store import Store

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"
SOURCE = Source(id="own", name="Own", language="en")
PAGE = b"<ul><li><a href='/news/a'>A</a></li><li><a href='/news/b'>B</a></li></ul><a class=next href='?page=2'>more</a>"


def answer(body: bytes = PAGE) -> Answer:
    url = "https://a.example/press"
    return Answer(
        url=url, final_url=url, moved=False, status=200, headers={"content-type": "text/html"}, raw_headers=(),
        request_headers=(), body=body, fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(tmp_path)
    number = len(sys.modules)

    def run(parse: str, body: bytes = PAGE) -> Found:
        name = f"own_{number}_{abs(hash(parse))}"
        code = "import scrapy\nclass S(scrapy.Spider):\n    name = 's'\n" + textwrap.indent(
            textwrap.dedent(parse), "    "
        )
        (tmp_path / f"{name}.py").write_text(code)
        return own_spider.read(answer(body), "https://a.example/press", SOURCE, f"{name}:S")

    return run


def test_what_it_yields_becomes_candidates_and_the_next_page(read: Any) -> None:
    found = read(
        """
        def parse(self, response):
            for link in response.css("li a"):
                title, at = link.css("::text").get(), "2026-03-01T09:00:00Z"
                yield {"url": link.attrib["href"], "title": title, "published_at": at}
            yield response.follow("?page=2")
            yield response.follow("?page=3")
        """
    )
    assert [(c.url, c.title, c.source, c.via) for c in found.candidates] == [
        ("https://a.example/news/a", "A", "own", "listing"),
        ("https://a.example/news/b", "B", "own", "listing"),
    ]
    assert found.candidates[0].published_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert [onward.url for onward in found.onward] == ["https://a.example/press?page=2"]


@pytest.mark.parametrize(
    ("parse", "told"),
    [
        ("def parse(self, response):\n    raise ZeroDivisionError('oops')\n", "ZeroDivisionError: oops"),
        ("def parse(self, response):\n    yield {'title': 'no address'}\n", 'without a "url"'),
        ("def parse(self, response):\n    yield {'url': '/a', 'published_at': 'soon'}\n", "'soon' for a time"),
        ("def parse(self, response):\n    yield {'url': '/a', 'published_at': '2026-03-01T09:00:00'}\n", "time zone"),
        ("async def parse(self, response):\n    yield {'url': '/a'}\n", "asynchronous"),
    ],
)
def test_what_is_wrong_with_it_is_said(read: Any, parse: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        read(parse)


def test_a_page_in_which_it_finds_nothing_is_an_error(read: Any) -> None:
    with pytest.raises(Empty, match="found no article"):
        read("def parse(self, response):\n    return None\n")


@pytest.mark.parametrize("name", ["no_such_module:S", "json:loads", "press_page:Nothing"])
def test_a_spider_that_is_none_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    with pytest.raises(ConfigError, match=name.partition(":")[0]):
        own_spider.load(name)


@pytest.mark.parametrize(
    "block",
    [
        "url: https://a.example/, spider: 'x'",
        "url: https://a.example/",
    ],
)
def test_a_block_says_who_reads_it(tmp_path: Path, block: str) -> None:
    (tmp_path / "sources.yaml").write_text(f"sources:\n  - id: a\n    listings: [{{{block}}}]\n")
    with pytest.raises(ConfigError, match="spider"):
        catalogue.load_sources(tmp_path / "sources.yaml")


def test_the_example_of_the_docs_is_a_source(tmp_path: Path) -> None:
    with newsroom.start() as served:
        base = served.base("newsroom")
        config = tmp_path / "config"
        newsroom.write_config(served, config)
        (config / "sources.yaml").write_text(
            "sources:\n  - id: own\n    delay: 0s\n    allow_private: true\n    listings:\n"
            f"      - {{url: '{base}/news', spider: 'press_page:PressPageSpider'}}\n    articles: '^/news/[^/]+$'\n"
        )
        command = [sys.executable, "-m", "crawler.run", "--config", str(config), "--data", str(tmp_path / "data")]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(EXAMPLES), os.environ.get("PYTHONPATH", "")))}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
        assert done.returncode == 0, done.stderr
        shown = {served.url(a.id) for a in served.articles() if a.site == "newsroom"}
    with Store.open(f"sqlite:///{tmp_path / 'data' / 'presswatch.sqlite3'}") as store:
        pages = store.pages.unprocessed(limit=99)
        assert {page.url for page in pages} <= shown
        # A first visit takes the newest weeks, by the dates that the spider read.
        assert pages
        assert all(page.candidate and page.candidate.title and page.candidate.published_at for page in pages)
