"""What a page declares of its article."""

from datetime import UTC, datetime

import pytest

from pipelines import metadata
from pipelines.markup import parse

NOW = datetime(2026, 5, 1, tzinfo=UTC)
URL = "https://blogs.nvidia.com/blog/quay"


def read(head: str = "", body: str = "<p>x</p>", lang: str = "en") -> metadata.Metadata:
    return metadata.read(parse(f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'), URL, NOW)


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("text", "title", "author", "published"),
    [
        ('{"@type":"NewsArticle","headline":"Quay","author":{"name":"Ann"},"datePublished":"2026-04-01"}',
         "Quay", "Ann", "04-01"),
        ('[{"@type":"Organization","name":"X"},{"@type":["BlogPosting"],"headline":"Quay"}]', "Quay", None, None),
        ('{"@graph":[{"@type":"WebPage","headline":"No"},{"@type":"Article","headline":"Quay"}]}', "Quay", None, None),
        ('{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"Quay"}}', "Quay", None, None),
        ('{"@type":"Article","headline":"Other","url":"https://x.org/other"},', None, None, None),
        ('{"@type":"Article","headline":"Line\nbreak &amp; Quay"}', "Line break & Quay", None, None),
        ('{"@type":"Article","headline":"Quay","author":["Ann",{"name":"Bo"},{"name":"NVIDIA"}]}',
         "Quay", "Ann, Bo", None),
        ('{"@type":"Article","headline":["no","text"],"author":7,"datePublished":2026}', None, None, None),
        ("not json", None, None, None),
        ("[" * 50_000, None, None, None),
        ("null", None, None, None),
        ('{"@type":"Article","author":{"name":{"deep":1}},"headline":"Quay"}', "Quay", None, None),
    ],
)  # fmt: skip
def test_json_ld(text: str, title: str | None, author: str | None, published: str | None) -> None:
    found = read(ld(text))
    assert next(iter(found.titles), None) == title
    assert found.author == author
    assert [f"{c.at:%m-%d}" for c in found.claims if c.at and c.origin == "json-ld"] == (
        [published] if published else []
    )


def test_of_several_articles_the_one_with_this_address_is_read() -> None:
    teaser = '{"@type":"Article","headline":"Teaser","url":"/blog/other","datePublished":"2020-01-01"}'
    own = '{"@type":"Article","headline":"Quay","mainEntityOfPage":"https://blogs.nvidia.com/blog/quay/#main"}'
    two = f"[{teaser},{own}]"
    assert read(ld(two)).titles == ("Quay",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Doe", "Jane Doe"),
        ("By Jane Doe", "Jane Doe"),
        ("von Jana Doe", "Jana Doe"),
        ("press@nvidia.com (Jane Doe)", "Jane Doe"),
        ("press@nvidia.com", None),
        ("NVIDIA", None),
        ("nvidia newsroom", None),
        ("NVIDIA Japan", "NVIDIA Japan"),
        ("エヌビディア", None),
        ("admin", None),
        ("https://blogs.nvidia.com/author/x", None),
        ("O&#8217;Brien &amp; Doe", "O’Brien & Doe"),
        ("Byron Lee", "Byron Lee"),
        ("", None),
        (None, None),
    ],
)
def test_authors(text: str | None, expected: str | None) -> None:
    assert metadata.person(text) == expected


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Quay | NVIDIA Blog", "", "Quay"),
        ("Quay | NVIDIA Newsroom", "", "Quay"),
        ("Quay - Le Blog NVIDIA", "", "Quay"),
        ("Quay – Harbour Times", "Harbour Times", "Quay"),
        ("Quay – Harbour Times", "", "Quay – Harbour Times"),
        ("NVIDIA Corporation - Quay", "", "Quay"),
        ("Tides, Ships - and NVIDIA", "", "Tides, Ships - and NVIDIA"),
        ("NVIDIA Blog", "NVIDIA Blog", "NVIDIA Blog"),
    ],
)
def test_the_sites_name_is_not_the_headline(title: str, site: str, expected: str) -> None:
    assert metadata.without_site(title, site) == expected


def test_other_addresses_are_canonical_and_no_home_pages() -> None:
    links = [
        ("canonical", "", "https://nvidianews.nvidia.com/news/quay?utm_source=x"),
        ("alternate", "fr", "https://blogs.nvidia.fr/le-quai/"),
        ("alternate", "de", "https://blogs.nvidia.de/"),
        ("alternate", "pt-br", "https://www.nvidia.com/pt-br/"),
        ("alternate", "en", "/blog/quay/"),
        ("alternate", "xx", "javascript:alert(1)"),
        ("alternate", "", "/feed/"),
        ("stylesheet", "", "/x.css"),
    ]
    head = "".join(
        f'<link rel="{rel}" {f"hreflang={lang!r}" if lang else ""} href="{href}">' for rel, lang, href in links
    )
    assert read(head).alternates == ("https://nvidianews.nvidia.com/news/quay", "https://blogs.nvidia.fr/le-quai")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Q</h1><time datetime='2026-04-02T10:00Z'>x</time>", "2026-04-02"),
        (
            "<h1>Q</h1><time class='updated' datetime='2026-04-09'>x</time><time datetime='2026-04-02'>x</time>",
            "2026-04-02",
        ),
        ("<h1>Q</h1><div class='post-date'>2. April 2026</div>", "2026-04-02"),
        ("<h1>Q</h1><b itemprop='datePublished' content='2026-04-02'>Thursday</b>", "2026-04-02"),
        ("<aside><time datetime='2026-04-02'>x</time></aside>", None),
        ("<div class='related-posts'><span class='date'>April 2, 2026</span></div>", None),
        ("<p>On April 2, 2026, the quay opened.</p>", None),
        ("<div class='event-date'>April 2, 2026</div>", None),
    ],
)
def test_only_a_pages_own_date_element_is_a_date(body: str, expected: str | None) -> None:
    found = [c.at for c in read(body=body).claims if c.at and c.origin == "page"]
    assert (found[0].date().isoformat() if found else None) == expected


def test_a_headline_in_the_sites_header_comes_last() -> None:
    body = "<header><h1>NVIDIA</h1><nav>x</nav></header><div class='related'><h1>No</h1></div><h1>Quay</h1>"
    assert read(body=body).headings == ("Quay", "NVIDIA")
