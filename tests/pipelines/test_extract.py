"""Extraction, over every recorded page in tests/data/pages and over pages that are broken on purpose."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import extract
from pipelines.markup import _fit, decode
from pipelines.sites import PageClass
from presswatch.errors import ExtractionError
from presswatch.models import Candidate, Page

PAGES = Path(__file__).parent.parent / "data" / "pages"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LONG = (
    "Grimsby has put a computer on its quay, and the people who mend nets there have begun to ask it about the tides."
)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def recorded(folder: Path) -> Page:
    about: dict[str, Any] = json.loads((folder / "page.json").read_text("utf-8"))
    candidate = about.get("candidate")
    if candidate:
        candidate = Candidate(
            url=about["url"],
            source="test",
            **{k: moment(v) if k.endswith("_at") else v for k, v in candidate.items()},
        )
    return Page(
        id=1,
        url=about["url"],
        source="test",
        fetched_at=datetime.fromisoformat(about["fetched_at"]),
        status=200,
        final_url=about["url"],
        content_type="text/html; charset=utf-8",
        body=(folder / "page.html").read_bytes(),
        via=about.get("via", "page"),
        note=about.get("note"),
        candidate=candidate,
    )


def page(body: str | bytes, **about: Any) -> Page:
    return Page(
        **{
            "id": 1,
            "url": "https://example.org/news/quay",
            "source": "test",
            "fetched_at": NOW,
            "status": 200,
            "final_url": "https://example.org/news/quay",
            "content_type": "text/html",
            "body": body.encode() if isinstance(body, str) else body,
            **about,
        }
    )


def lines(html: str) -> list[str]:
    """The text's lines of an article with `html` as its content."""
    whole = (
        f'<html><body><h1 class="entry-title">The Headline</h1><div class="entry-content">{html}</div></body></html>'
    )
    return extract(page(whole)).text.split("\n")


FOLDERS = sorted(folder for folder in PAGES.iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_recorded_page_gives_what_stands_beside_it(folder: Path) -> None:
    expected = json.loads((folder / "output.json").read_text("utf-8"))
    article = extract(recorded(folder))
    got = {
        "language": article.language,
        "title": article.title,
        "author": article.author,
        "published_at": article.published_at and article.published_at.isoformat(),
        "published_from": article.published_from,
        "modified_at": article.modified_at and article.modified_at.isoformat(),
        "alternates": list(article.alternates),
        "text": article.text.split("\n"),
    }
    assert got == expected


@pytest.mark.parametrize("folder", [f for f in FOLDERS if f.name != "feed-text"], ids=lambda folder: folder.name)
def test_a_recorded_page_gives_the_same_text_without_its_page_class(folder: Path) -> None:
    expected = json.loads((folder / "output.json").read_text("utf-8"))
    article = extract(recorded(folder), classes=())
    assert (article.title, article.text.split("\n")) == (expected["title"], expected["text"])


def test_what_came_by_another_way_says_so() -> None:
    article = extract(recorded(PAGES / "feed-text"))
    assert (article.via, article.note) == ("feed", "The page could not be had: it answered 403.")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Short.</p>", ["Short."]),
        (f"<p>{LONG}</p><p>{LONG}</p>", [LONG, LONG]),
        ("<ul><li>One only</li></ul>", ["- One only"]),
        ("<p>• One</p><p>• Two</p>", ["- One", "- Two"]),
        ("<ol><li><p>A</p><p>B</p></li><li>C<ul><li>D</li></ul>E</li></ol>", ["- A", "- B", "- C", "- D", "- E"]),
        ("<div>Bare</div>loose <span>tail</span><p>x<b>y</b>z</p>", ["Bare", "loose tail", "xyz"]),
        ("One<br>line<br><br>Two<br/> <br/>Three", ["One line", "Two", "Three"]),
        ("<h2>A</h2><h5>B</h5><p>c</p><h3></h3><h4>Last</h4>", ["## A", "## B", "c", "## Last"]),
        ("<p><a href='/x'>All of it is a link</a></p><p>end</p>", ["All of it is a link", "end"]),
        ("<ul><li><a href='/a'>Nscale</a></li><li><a href='/b'>Oxa</a></li></ul>", ["- Nscale", "- Oxa"]),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", ["- Term", "- Meaning"]),
        ("<table><tr><th>City</th><td>5</td></tr></table><p>x</p>", ["City | 5", "x"]),
        ("<table><tr><td><p>Laid</p><p>out</p><h2>by</h2></td></tr></table>", ["Laid", "out", "## by"]),
        ("<blockquote><p>One</p><cite>Two</cite></blockquote>", ["One", "Two"]),
        ("<p>a&nbsp;b\u202fc\u200bd&shy;e</p>", ["a b cde"]),
        ("<p>&amp;amp; stays</p><p>1 &lt; 2</p>", ["&amp; stays", "1 < 2"]),
        ("<p>in<script>x()</script>side</p><style>p{}</style><form>no</form><button>no</button>", ["inside"]),
        ("<p>a</p><p hidden>no</p><p style='display: none'>no</p><p aria-hidden='true'>no</p>", ["a"]),
        ("<p>a</p><div class='relatedPosts'>no</div><aside class='newsletter-signup'>no</aside>", ["a"]),
        ("<p>a</p><div class='tag-newsletter has-related'>shareholders stay</div>", ["a", "shareholders stay"]),
        ("<h1>The Headline</h1><p>a</p>", ["a"]),
        ("<p>a</p><h3>Read next</h3><p><a href='/y'>Leeds Builds the Largest Computer</a></p>", ["a"]),
        ("<p>英国のロンドン。</p><p>短い。</p>", ["英国のロンドン。", "短い。"]),
    ],
)
def test_blocks(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


@pytest.mark.parametrize(
    ("body", "content_type", "hint"),
    [
        ("Malmö, größer".encode(), "text/html", None),
        ("Malmö, größer".encode(), "text/html; charset=iso-8859-1", None),
        ("Malmö, größer".encode("latin-1"), "text/html; charset=iso-8859-1", None),
        ("Malmö, größer".encode("latin-1"), "text/html; charset=utf-8", None),
        ("Malmö, größer".encode("latin-1"), "text/html; charset=no-such-thing", None),
        (b"\xef\xbb\xbf" + "Malmö, größer".encode(), "text/html", None),
        (b"\xff\xfe" + "Malmö, größer".encode("utf-16-le"), "text/html", None),
        ("Mal\0mö, gr\0ößer".encode(), "text/html", None),
    ],
)
def test_decoding_loses_no_character(body: bytes, content_type: str, hint: str | None) -> None:
    assert decode(body, content_type, hint) == "Malmö, größer"


@pytest.mark.parametrize(
    ("text", "encoding", "content_type", "hint"),
    [
        ("英国の計算機", "shift_jis", "text/html; charset=Shift_JIS", None),
        ("英国の計算機", "shift_jis", "text/html", "ja"),
        ("英国の計算機", "iso2022_jp", "text/html; charset=iso-2022-jp", None),
        ("영국의 계산기", "cp949", "text/html", "ko-KR"),
        ("英國的計算機", "big5", "text/html; charset=big5", None),
        ("“Quay” – tide", "cp1252", "text/html; charset=ISO-8859-1", None),
    ],
)
def test_decoding_of_eastern_pages(text: str, encoding: str, content_type: str, hint: str | None) -> None:
    assert decode(text.encode(encoding), content_type, hint) == text


def test_a_damaged_byte_costs_one_character() -> None:
    assert decode("größer, größer, grö".encode()[:-1]) == "größer, größer, gr\ufffd"


MENU = "<nav><a href='/uk'>United Kingdom</a></nav><select><option>United Kingdom</option></select>"
BOX = "<aside class='related'><h3>More</h3><p>Leeds will build the country's largest computer.</p></aside>"
FURNITURE = {
    "a country menu": ("<body", f"<div class='x'>{MENU}</div>"),
    "a related-post box": ("</body", BOX),
    "a footer": ("</body", "<footer><p>Offices: London, Leeds and many more in the United Kingdom.</p></footer>"),
    "a cookie bar": ("</body", "<div id='cookie-bar'><p>We in the United Kingdom like cookies, as may you.</p></div>"),
}


@pytest.mark.parametrize("name", FURNITURE)
@pytest.mark.parametrize("folder", [f for f in FOLDERS if f.name != "feed-text"], ids=lambda folder: folder.name)
def test_furniture_changes_nothing(folder: Path, name: str) -> None:
    as_recorded = recorded(folder)
    place, more = FURNITURE[name]
    html = as_recorded.body.decode()
    at = html.index(place)
    at = html.index(">", at) + 1 if place == "<body" else at
    changed = replace(as_recorded, body=(html[:at] + more + html[at:]).encode())
    assert extract(changed) == extract(as_recorded)


PIECES = st.sampled_from(
    [
        *"<p> </p> <div> </div> <li> <ul> </ul> <br> <h2> </h2> <table> <tr> <td> </table> <a> </a> <b>".split(),
        *"<script> </script> <!-- --> &nbsp; &#0; &lt; London 英国 Grimsby <svg> <template> <article> <aside>".split(),
        "<div class='entry-content'>",
        "<h1 class='entry-title'>Quay</h1>",
        "<meta itemprop='datePublished' content='x'>",
        "<time datetime='9'>",
        "<script type='application/ld+json'>{",
        "\x00",
        "\ud800",
        "\u200b",
        LONG,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_soup_gives_an_article_or_a_sentence(pieces: list[str], encoding: str) -> None:
    try:
        article = extract(page(" ".join(pieces).encode(encoding, "replace")))
    except ExtractionError:
        return
    assert article.title
    assert all(line == line.strip() and line for line in article.text.split("\n"))


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"body": b""}, "empty"),
        ({"body": b"   "}, "empty"),
        ({"body": b"<html><body><main><h1>404</h1></main></body></html>"}, "no article text"),
        (
            {"body": b"<html><body><footer><p>Offices: London. " + b"Privacy. " * 20 + b"</p></footer></body></html>"},
            "no art",
        ),
        ({"body": b"\0\0\0\0"}, "empty"),
        ({"body": bytes(range(256)) * 40}, "holds no"),
        ({"body": b"%PDF-1.7", "content_type": "application/pdf"}, "application/pdf"),
        ({"body": b"<h1>Gone</h1>", "status": 410}, "410"),
        ({"body": b"", "via": "feed", "candidate": Candidate(url="https://x.org/", source="t", via="feed")}, "empty"),
    ],
)
def test_a_page_without_an_article_is_refused_in_a_sentence(about: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExtractionError, match=sentence) as raised:
        extract(page(**about))
    assert "https://example.org/news/quay" in str(raised.value)


@pytest.mark.parametrize(
    "middle",
    [
        "<div>" * 5_000 + "deep" + "</div>" * 5_000,
        "<ul><li>" * 3_000 + "deep",
        "<b><i>" * 3_000 + "deep",
        "<table><tr><td>" * 1_000 + "deep",
        "<p>" * 20_000,
        "<![CDATA[ x ]]><!-- <!-- --><?php x ?></p></div></li>&#0;&#x110000;&bogus;",
        "<svg><p>x</svg><math><mi>y</math><select><p>z",
    ],
    ids=["divs", "lists", "inline", "tables", "paragraphs", "rubbish", "foreign"],
)
@pytest.mark.parametrize("mark", ["entry-content", "x"])
def test_hostile_markup_neither_breaks_nor_hides_the_first_paragraph(middle: str, mark: str) -> None:
    html = f'<html><body><h1>The Quay</h1><div class="{mark}"><p>{LONG}</p><p>{LONG[::-1]}</p>{middle}'
    assert LONG in extract(page(html)).text.split("\n")


@pytest.mark.parametrize("cut", range(100, 1500, 97))
def test_a_page_cut_off_anywhere_keeps_what_came(cut: int) -> None:
    html = f'<html><body><h1 class="entry-title">The Quay</h1><div class="entry-content">{f"<p>{LONG}</p>" * 20}'
    text = extract(page(html[:cut])).text
    assert LONG.startswith(text.split("\n")[0])


@pytest.mark.parametrize(
    ("head", "h1", "feed", "expected"),
    [
        ("<title>Quay | NVIDIA Blog</title>", "Quay and Tide", None, "Quay and Tide"),
        ("<title>Quay and Tide Meet | NVIDIA Newsroom</title>", "", None, "Quay and Tide Meet"),
        ("<title>Quay and Tide Meet – Le Blog NVIDIA</title>", "", None, "Quay and Tide Meet"),
        ("<title>AI | Tides | Ships</title>", "", None, "AI | Tides | Ships"),
        ("<meta property='og:title' content='Quay &amp;amp; Tide'>", "", None, "Quay & Tide"),
        ("", "", "Quay &#8217;n&#8217; Tide", "Quay ’n’ Tide"),
        ("<meta property='og:title' content='A Computer on the Quay'>", "Newsroom", None, "A Computer on the Quay"),
        ("<meta property='og:title' content='A Computer on the Quay'>", "Updated: A Computer on the Quay", None,
         "Updated: A Computer on the Quay"),
    ],
)  # fmt: skip
def test_headlines(head: str, h1: str, feed: str | None, expected: str) -> None:
    html = (
        f"<html><head>{head}</head><body>{f'<h1>{h1}</h1>' if h1 else ''}<div class='post-content'>{LONG}</div></body>"
    )
    candidate = Candidate(url="https://example.org/news/quay", source="t", via="feed", title=feed)
    assert extract(page(html, candidate=candidate)).title == expected


@pytest.mark.parametrize(
    ("feed", "head", "shown", "url", "expected"),
    [
        ("2026-04-01", "2026-04-02", "April 3, 2026", "/2026/04/04/q", ("2026-04-01", "feed")),
        (None, "2026-04-02", "April 3, 2026", "/2026/04/04/q", ("2026-04-02", "meta")),
        (None, None, "April 3, 2026", "/2026/04/04/q", ("2026-04-03", "page")),
        (None, None, None, "/2026/04/04/q", ("2026-04-04", "address")),
        (None, None, None, "/q", (None, None)),
        ("2026-05-09", "1970-01-01", "0001-01-01", "/2026/04/04/q", ("2026-04-04", "address")),
        ("2026-05-03", "2026-04-02", None, "/q", ("2026-05-03", "feed")),
    ],
)
def test_dates_in_the_order_of_trust(
    feed: str | None, head: str | None, shown: str | None, url: str, expected: tuple[str | None, str | None]
) -> None:
    meta = f"<meta property='article:published_time' content='{head}'>" if head else ""
    date = f"<span class='post-date'>{shown}</span>" if shown else ""
    html = (
        f"<html><head>{meta}</head><body><h1>Q</h1>{date}<div class='post-content'>On January 2, 2020: {LONG}</div>"
        "<aside><time datetime='2026-04-30'>x</time></aside><footer><p class='date'>1 May 2026</p></footer></body>"
    )
    published = datetime.fromisoformat(feed).replace(tzinfo=UTC) if feed else None
    candidate = Candidate(url=f"https://example.org{url}", source="t", via="feed", published_at=published)
    article = extract(page(html, url=f"https://example.org{url}", candidate=candidate))
    day = article.published_at and article.published_at.date().isoformat()
    assert (day, article.published_from) == expected


def test_a_news_sitemaps_date_counts_and_gives_way_to_the_page() -> None:
    known = Candidate(
        url="https://example.org/q", source="t", via="sitemap", published_at=datetime(2026, 4, 5, tzinfo=UTC)
    )
    html = f"<html><head>%s</head><body><h1>Q</h1><div class='post-content'>{LONG}</div></body>"
    assert extract(page(html % "", candidate=known)).published_from == "sitemap"
    head = "<meta property='article:published_time' content='2026-04-02'>"
    assert extract(page(html % head, candidate=known)).published_from == "meta"


def test_a_page_class_is_used_while_it_holds_only() -> None:
    old = PageClass(name="old", text="x", headline="y", until=datetime(2026, 4, 30, tzinfo=UTC).date())
    html = f"<html><body><h1 class='y'>Q</h1><div class='x'>Tiny</div><div class='post-content'>{LONG}</div></body>"
    then = page(html, fetched_at=datetime(2026, 4, 30, 23, tzinfo=UTC))
    assert extract(then, classes=(old,)).text == "Tiny"
    assert extract(replace(then, fetched_at=NOW), classes=(old,)).text == LONG


# The same characters as the search in the bytes takes away, written for text.
UNFIT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0{0,9}(?:[0-8]|1[1-24-9]|2[0-9]|3[01]|6553[45])|[xX]0{0,9}(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[eEfF]))"
    r"(?:;|(?![0-9a-fA-F]))"
)
PIECES = ["&#", "&#x", "&#0", "&#31;", "&#65535", "&#xFFFF;", "&#xffe", *"x0169;fFeEa \n\t\x00\x0b\x1f\ufffeé日😀"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_no_tree_can_hold_becomes_a_space(text: str) -> None:
    assert _fit(text).decode() == UNFIT.sub(" ", text)
