"""Attacks on the way in, and on every place where a stranger's words come out again."""

import csv
import gzip
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.discovery import Unreadable, feed, listing, sitemap
from crawler.settings import configured
from pipelines.extract import extract
from presswatch import exports
from presswatch.catalogue import load_sources
from presswatch.errors import ConfigError
from presswatch.logs import JsonFormatter, PlainFormatter
from presswatch.models import Article, Level, Listing, Page, Source, Verdict, Version
from presswatch.settings import load
from presswatch.urls import BadAddress, canonical, resolve

# --- addresses -------------------------------------------------------------------------------------------------------

REFUSED = [
    "http://a\\@b.example/",
    "http://user@b.example/",
    "http://user:word@b.example/",
    "http://b.example/\r\nHost: c.example",
    "http://b.example/a\nb",
    "http://b.example/a\tb",
    "http://b.example/\x00",
    "http://b .example/",
    "http://b.example\x7f/",
    "http:///path",
    "http://",
    "http://[::1",
    "http://b.example:99999/",
    "http://b.example:port/",
    "http://‥.example/",
    "http://´news.example/",  # which becomes a blank and an accent
    "http://a..example/",
    "http://a%20b.example/",
    "file:///etc/passwd",
    "ftp://b.example/",
    "gopher://b.example/",
    "data:text/html,x",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "view-source:http://b.example/",
    "jar:http://b.example!/",
    "//",
    "",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_readers_understand_differently_is_none(address: str) -> None:
    with pytest.raises(BadAddress):
        resolve(address)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://NEWS.example./a", "http://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://nеws.example/a", "https://xn--nws-rdd.example/a"),
        ("https://ⓝews.example/a", "https://news.example/a"),
        ("http://news.example/a#<script>", "http://news.example/a"),
        ("http://news.example/a?<b>", "http://news.example/a?%3Cb%3E="),
    ],
)
def test_an_address_has_one_spelling(given: str, meant: str) -> None:
    assert canonical(given) == meant


def test_a_redirect_cannot_be_relative_to_another_scheme() -> None:
    for location in (
        "http://[::1",
        "//[",
        "//user@evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:x",
        "file:/etc/passwd",
    ):
        with pytest.raises(BadAddress):
            resolve(location, "https://news.example/a")


# --- feeds and sitemaps ----------------------------------------------------------------------------------------------

SOURCE = Source(id="s", name="S", feeds=("https://news.example/feed",))
ITEM = "<item><title>A</title><link>https://news.example/a</link></item>"
FEED = f"<rss version='2.0'><channel>{ITEM}</channel></rss>".encode()


def test_a_packed_feed_without_a_header_is_unpacked() -> None:
    assert [c.url for c in feed(gzip.compress(FEED), "https://news.example/feed", SOURCE).candidates] == [
        "https://news.example/a"
    ]


@pytest.mark.parametrize("read", [feed, sitemap])
def test_a_bomb_is_refused_before_it_is_whole(read: object) -> None:
    bomb = gzip.compress(b"<rss>" + b" " * 40_000_000, 9)
    assert len(bomb) < 50_000
    with pytest.raises(Unreadable, match="unpacks to more than 16 MB"):
        read(bomb, "https://news.example/feed", SOURCE)  # type: ignore[operator]


@pytest.mark.parametrize("cut", [3, 12, 40, -4])
def test_a_packed_feed_that_is_cut_off_is_said_to_be(cut: int) -> None:
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        feed(gzip.compress(FEED)[:cut], "https://news.example/feed", SOURCE)


def test_a_sitemap_with_names_that_no_namespace_has_is_refused_in_a_sentence() -> None:
    """Found by fuzzing: lxml's QName raised a ValueError of its own, which stopped the whole crawl."""
    with pytest.raises(Unreadable, match="is not a sitemap"):
        sitemap(b"<urlset><:></urlset>", "https://news.example/sitemap.xml", SOURCE)


def test_a_listing_with_attributes_that_have_no_real_name_is_read() -> None:
    """Found by fuzzing: a control character in the name of one attribute of one link lost the whole listing."""
    body = '<a b\x01c href="/news/a">A</a><a href="/news/b"\x01>B</a>'
    found = listing(body, "https://news.example/", SOURCE, Listing(url="https://news.example/", links="a"))
    assert [c.url for c in found.candidates] == ["https://news.example/news/a", "https://news.example/news/b"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&#xD83D;&#xDE80;", "🚀"),
        ("&#55357;&#56960;", "🚀"),
        ("&#xD83D;", "\ufffd"),
        ("&#xDE80;&#xD83D;", "\ufffd\ufffd"),
        ("&#55000;", chr(55000)),  # a Korean syllable
        ("&#57999;", chr(57999)),
        ("&#55000;&#xD83D;&#xDE80;&#57344;", chr(55000) + "🚀" + chr(57344)),
    ],
)
def test_half_a_character_costs_no_feed(written: str, meant: str) -> None:
    """Found by fuzzing: emoji as Java writes them made the feed unreadable, for ever."""
    found = feed(FEED.replace(b"A<", f"A {written}<".encode()), "https://news.example/feed", SOURCE)
    assert found.candidates[0].title == f"A {meant}"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "&#11;", "&#x1f;", "&#65534;", "&#0"])
def test_a_character_that_no_tree_holds_costs_no_article(character: str) -> None:
    """Found by fuzzing: one of them behind a script, and the whole article was set aside as a defect."""
    paragraph = "<p>A firm opens an AI laboratory in the north of the country this year. It will have many people.</p>"
    body = f"<html><h1>A firm opens a laboratory</h1><script></script>{character}{paragraph * 3}</html>".encode()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    page = Page(id=1, url="https://news.example/a", source="s", fetched_at=now, status=200, final_url="",
                content_type="text/html", body=body)  # fmt: skip
    assert "opens an AI laboratory" in extract(page).text


# --- Scrapy's own defaults -------------------------------------------------------------------------------------------


def test_scrapys_defaults_are_not_ours() -> None:
    ours = configured()
    assert ours["ROBOTSTXT_OBEY"] is ours["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    off = (
        "TELNETCONSOLE_ENABLED",
        "REMOTE_CONTROL_ENABLED",
        "COOKIES_ENABLED",
        "REDIRECT_ENABLED",
        "HTTPPROXY_ENABLED",
    )
    assert not any(ours[name] for name in off)
    assert ours["DOWNLOAD_MAXSIZE"] <= 10_000_000
    assert {scheme for scheme, handler in ours["DOWNLOAD_HANDLERS"].items() if handler} == {"http", "https"}
    from scrapy.settings import default_settings

    schemes = set(default_settings.DOWNLOAD_HANDLERS_BASE)
    assert schemes <= set(ours["DOWNLOAD_HANDLERS"]), "a new scheme of Scrapy's is on"


# --- configuration ---------------------------------------------------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)
CONFIGS = {
    "a tag that runs a command": ("sources: !!python/object/apply:os.system [id]\n", "tag"),
    "a tag that makes an object": ("sources: !!python/name:os.environ\n", "tag"),
    "aliases of aliases": (f"{BOMB}sources: *j\n", "aliases multiply"),
    "a list that contains itself": ("sources: &a [*a]\n", "aliases multiply"),
    "lists in lists": ("sources: " + "[" * 300_000, "nested too deeply"),
    "lists in lists by dashes": ("- " * 5_000, "nested too deeply"),
    "a list for a key": ("? [a]\n: b\n", "key must be one word"),
    "a map for a key": ("? {a: b}\n: c\n", "key must be one word"),
    "NUL": ("sources: a\x00b\n", "not valid YAML"),
    "a date that cannot be": ("sources: 2025-99-99\n", "cannot be read"),
    "a number of five thousand digits": ("sources: " + "9" * 5_000, "cannot be read"),
    "a time of four hundred digits": (
        "sources: [{id: x, feeds: ['http://a.example/'], every: '" + "9" * 400 + "s'}]",
        "longer than any time",
    ),
    "a pattern without end": (
        "sources: [{id: x, feeds: ['http://a.example/'], articles: '^([a-z]+-?)+$'}]",
        "repeats a repetition",
    ),
    "a folder up": ("sources: [{id: ../x, feeds: ['http://a.example/']}]", "id"),
    "an address with a password": ("sources: [{id: x, feeds: ['http://me:pw@a.example/']}]", "user name"),
    "a file for an address": ("sources: [{id: x, feeds: ['file:///etc/passwd']}]", "not an http"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_hostile_config_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    text, told = CONFIGS[name]
    (tmp_path / "sources.yaml").write_text(text)
    with pytest.raises(ConfigError, match=told) as caught:
        load_sources(tmp_path / "sources.yaml")
    assert len(str(caught.value)) < 1000


def test_a_hostile_toml_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for text in ("a = " + "[" * 50_000, 'deadline = "' + "9" * 400 + 'h"', "[crawl]\nmax_body = 1" + "0" * 5000):
        (tmp_path / "presswatch.toml").write_text(text)
        with pytest.raises(ConfigError):
            load(tmp_path, tmp_path / "data", {})


# --- log lines, tables, spreadsheets ---------------------------------------------------------------------------------

HEADLINE = "News\r\n2026-11-22 12:00:00 presswatch: all is well\x1b[2J\u2028\u202eend\x85"


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("presswatch", logging.INFO, "", 0, "To be told: %s", (message,), None)


def test_a_headline_cannot_forge_a_log_line() -> None:
    for form in (PlainFormatter(), JsonFormatter()):
        line = form.format(record(HEADLINE))
        assert len(line.splitlines()) == 1, form
        assert "\x1b" not in line
        assert "\u202e" not in line
    assert json.loads(JsonFormatter().format(record(HEADLINE)))["message"] == f"To be told: {HEADLINE}"


class Rows:
    """A store that exports one article of a stranger's making."""

    def __init__(self, title: str) -> None:
        article = Article(
            url="https://news.example/a",
            source="s",
            language="en",
            title=title,
            text=title,
            author=title,
            published_at=datetime(2026, 1, 1, tzinfo=UTC),
            first_seen_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        verdict = Verdict(watch="uk-ai", level=Level.FOCUS, score=0.9)
        self.version = Version(article=article, verdict=verdict, tags=(), facts=(), summary=(title,))

    @property
    def articles(self) -> "Rows":
        return self

    def export(self) -> Iterator[Version]:
        yield self.version


@pytest.mark.parametrize(
    "title",
    [
        '=HYPERLINK("https://evil.example","x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1+1",
        "\n=1",
        "＝1+1",
    ],
)
def test_no_cell_of_a_spreadsheet_is_a_formula(tmp_path: Path, title: str) -> None:
    path = tmp_path / "out.csv"
    exports.write(Rows(title), "csv", path)  # type: ignore[arg-type]
    (row,) = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
    for name in ("title", "author", "text", "summary"):
        assert not row[name].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")), name
        assert title in row[name]


def test_a_terminal_gets_no_control_characters() -> None:
    program = (
        f"from presswatch import console\nconsole.out().print(console.words({HEADLINE + '[bold red]markup[/]'!r}))\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[bold red]" in said
