"""What feeds, sitemaps, listings and REST answers name, and what is said of those that are none."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from crawler import feeds
from crawler.discovery import Empty, Found, Unreadable, feed, listing, numbered, sitemap, wordpress
from presswatch.models import Candidate, Listing, Source

BASE = "https://news.example/blog/feed"
SOURCE = Source(id="one", name="One", language="en")


def rss(items: str, head: str = "", prolog: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    names = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    return f'{prolog}<rss version="2.0" {names}><channel><title>News</title>{head}{items}</channel></rss>'.encode()


def item(inner: str) -> bytes:
    return rss(f"<item><link>https://news.example/a</link>{inner}</item>")


def only(found: Found) -> Candidate:
    (candidate,) = found.candidates
    return candidate


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>N</title><entry>
<title type="html">A &lt;b&gt;B&lt;/b&gt;</title>
<link rel="enclosure" href="https://news.example/a.mp3"/><link rel="alternate" href="/a"/><id>tag:x,1</id>
<published>2026-01-02T03:04:05+01:00</published><updated>2026-01-03T00:00:00Z</updated>
<author><name>Ann</name></author><content type="html">&lt;p&gt;All of it&lt;/p&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>N</title></channel>
<item rdf:about="https://news.example/a"><title>A B</title><link>https://news.example/a</link><dc:date>2026-01-02T02:04:05Z</dc:date></item></rdf:RDF>"""
RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>N</title></channel><item><title>A B</title><link>https://news.example/a</link></item></rdf:RDF>"""
RSS_091 = """<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>N</title>
<item><title>A B</title><link>https://news.example/a</link></item></channel></rss>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "language": "fr-FR",
    "items": [
        {"id": "1", "url": "/a", "title": "A <b>B</b>", "content_html": "<p>All of it</p>", "tags": ["x"],
         "date_published": "2026-01-02T03:04:05+01:00", "authors": [{"name": "Ann"}]}
    ],
}  # fmt: skip
FORMATS = {
    "RSS 2.0": rss("<item><title>A B</title><link>/a</link></item>"),
    "RSS 0.90": RSS_090.encode(),
    "RSS 0.91 with its document type": RSS_091.encode(),
    "RSS 1.0 (RDF)": RDF.encode(),
    "Atom": ATOM.encode(),
    "JSON Feed": json.dumps(JSON_FEED).encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_its_article(name: str) -> None:
    found = only(feed(FORMATS[name], BASE, SOURCE))
    assert (found.url, found.title, found.via, found.source) == ("https://news.example/a", "A B", "feed", "one")


@pytest.mark.parametrize("name", ["Atom", "JSON Feed"])
def test_what_a_rich_feed_says_of_an_article(name: str) -> None:
    found = only(feed(FORMATS[name], BASE, SOURCE))
    assert found.published_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert (found.author, found.language, found.content_html) == ("Ann", "fr", "<p>All of it</p>")


LINKS = {
    "relative": ("<link>/b</link>", "https://news.example/b"),
    "relative to the folder": ("<link>b</link>", "https://news.example/blog/b"),
    "with blanks around it": ("<link>\n https://news.example/b \n</link>", "https://news.example/b"),
    "only a guid that is one": ('<guid isPermaLink="true">https://news.example/b</guid>', "https://news.example/b"),
    "behind a counting service": (
        "<link>https://count.example/~r/1</link><feedburner:origLink>https://news.example/b</feedburner:origLink>",
        "https://news.example/b",
    ),
    "letters beyond ASCII": ("<link>https://news.example/été</link>", "https://news.example/%C3%A9t%C3%A9"),
}


@pytest.mark.parametrize("name", LINKS)
def test_links(name: str) -> None:
    written, meant = LINKS[name]
    assert only(feed(rss(f"<item><title>B</title>{written}</item>"), BASE, SOURCE)).url == meant


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "file:///etc/passwd", "ftp://x/y", "https://a:b@news.example/", "mailto:a@b"]
)
def test_an_item_without_a_usable_address_is_left_out_and_counted(link: str) -> None:
    good = "<item><title>A</title><link>https://news.example/a</link></item>"
    found = feed(rss(f"<item><title>B</title><link>{link}</link></item>{good}"), BASE, SOURCE)
    assert [c.url for c in found.candidates] == ["https://news.example/a"]
    assert found.skipped == 1


def test_ten_items_that_share_one_guid_are_ten_articles() -> None:
    items = "".join(f"<item><guid>same</guid><link>https://news.example/{n}</link></item>" for n in range(10))
    assert len(feed(rss(items), BASE, SOURCE).candidates) == 10


TITLES = {
    "plain": ("A &amp; B", "A & B"),
    "twice escaped": ("A &amp;amp; B", "A & B"),
    "markup": ("&lt;em&gt;A&lt;/em&gt; and B", "A and B"),
    "in a CDATA section": ("<![CDATA[A <i>B</i>]]>", "A B"),
    "a comparison": ("A &lt; 5 nm &gt; B", "A < 5 nm > B"),
    "line breaks": ("A\n   B", "A B"),
    "a header that someone tries to smuggle in": ("A&#13;&#10;Bcc: x@y", "A Bcc: x@y"),
    "Korean": ("영국 AI", "영국 AI"),
}


@pytest.mark.parametrize("name", TITLES)
def test_titles(name: str) -> None:
    written, meant = TITLES[name]
    assert only(feed(item(f"<title>{written}</title>"), BASE, SOURCE)).title == meant


DATES = {
    "RFC 822": ("Tue, 16 Sep 2025 20:30:00 GMT", datetime(2025, 9, 16, 20, 30, tzinfo=UTC)),
    "with an offset": ("Tue, 16 Sep 2025 20:30:00 +0100", datetime(2025, 9, 16, 19, 30, tzinfo=UTC)),
    "ISO 8601": ("2025-09-16T20:30:00Z", datetime(2025, 9, 16, 20, 30, tzinfo=UTC)),
    "without a zone": ("2025-09-16 20:30:00", datetime(2025, 9, 16, 20, 30, tzinfo=UTC)),
    "a day alone": ("2025-09-16", datetime(2025, 9, 16, tzinfo=UTC)),
    "as Americans write": ("September 16, 2025", datetime(2025, 9, 16, tzinfo=UTC)),
    "as the British write": ("16 September 2025", datetime(2025, 9, 16, tzinfo=UTC)),
    "as Germans write": ("16.09.2025", datetime(2025, 9, 16, tzinfo=UTC)),
    "as Japanese write": ("2025年9月16日", datetime(2025, 9, 16, tzinfo=UTC)),
    "the wrong weekday": ("Mon, 16 Sep 2025 20:30:00 GMT", datetime(2025, 9, 16, 20, 30, tzinfo=UTC)),
    "a clock that was never set": ("Thu, 01 Jan 1970 00:00:00 GMT", None),
    "no day that exists": ("Tue, 31 Feb 2025 20:30:00 GMT", None),
    "words": ("yesterday evening", None),
    "nothing": ("", None),
    "a year too many": ("99999-01-01", None),
    "very long": ("1" * 5000, None),
}


@pytest.mark.parametrize("name", DATES)
def test_dates(name: str) -> None:
    written, meant = DATES[name]
    assert only(feed(item(f"<title>A</title><pubDate>{written}</pubDate>"), BASE, SOURCE)).published_at == meant


def test_a_missing_date_stays_missing() -> None:
    found = only(feed(item("<title>A</title>"), BASE, SOURCE))
    assert (found.published_at, found.modified_at) == (None, None)


def test_the_newsrooms_own_date_of_change() -> None:
    written = "<title>A</title><modDate>Tue, 16 Sep 2025 20:30:00 GMT</modDate>"
    assert only(feed(item(written), BASE, SOURCE)).modified_at == datetime(2025, 9, 16, 20, 30, tzinfo=UTC)


TEXT = "Künstliche Intelligenz für Großbritannien – 英国"
CHARSETS = {
    "UTF-8 with a byte order mark": b"\xef\xbb\xbf" + item(f"<title>{TEXT}</title>"),
    "UTF-8 that claims to be Latin-1": item(f"<title>{TEXT}</title>").replace(b'"utf-8"', b'"iso-8859-1"'),
    "UTF-8 that claims to be ASCII": item(f"<title>{TEXT}</title>").replace(b'"utf-8"', b'"us-ascii"'),
    "UTF-8 that claims to be UTF-16": item(f"<title>{TEXT}</title>").replace(b'"utf-8"', b'"utf-16"'),
    "UTF-8 that claims a charset that does not exist": item(f"<title>{TEXT}</title>").replace(b'"utf-8"', b'"klingon"'),
    "UTF-8 that claims nothing": item(f"<title>{TEXT}</title>").replace(b' encoding="utf-8"', b""),
    "UTF-16": b"\xff\xfe" + item(f"<title>{TEXT}</title>").decode().replace("utf-8", "utf-16").encode("utf-16-le"),
    "blank lines before the declaration": b"\n\n  " + item(f"<title>{TEXT}</title>"),
    "NUL bytes": item(f"<title>{TEXT}</title>").replace(b"<title>K", b"<title>\0K\0"),
}


@pytest.mark.parametrize("name", CHARSETS)
def test_charsets(name: str) -> None:
    assert only(feed(CHARSETS[name], BASE, SOURCE)).title == TEXT


def test_latin_1_is_read_as_such() -> None:
    body = item("<title>für</title>").decode().replace("utf-8", "iso-8859-1").encode("latin-1")
    assert only(feed(body, BASE, SOURCE)).title == "für"


def test_shift_jis_is_read_as_such() -> None:
    body = item("<title>英国</title>").decode().replace("utf-8", "shift_jis").encode("shift_jis")
    assert only(feed(body, BASE, SOURCE)).title == "英国"


BOMB = '<!DOCTYPE x [<!ENTITY a "AAAAAAAAAA">' + "".join(
    f'<!ENTITY {chr(n + 1)} "{f"&{chr(n)};" * 10}">' for n in range(ord("a"), ord("k"))
)
ATTACKS = {
    "billion laughs": rss("<item><title>&k;</title><link>https://news.example/a</link></item>", prolog=f"{BOMB}]>"),
    "external entity": rss(
        "<item><title>&x;</title><link>https://news.example/a</link></item>",
        prolog='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ),
    "ten thousand deep": rss("<a>" * 10_000 + "</a>" * 10_000 + "<item><link>https://news.example/a</link></item>"),
    "a hundred thousand attributes": rss(
        "<item " + " ".join(f"a{n}='1'" for n in range(100_000)) + "><link>https://news.example/a</link></item>"
    ),
    "an item that never ends": rss("<item><link>https://news.example/a</link>" + "<b>x" * 20_000),
    "JSON a hundred thousand deep": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_end_soon_and_bring_nothing_in(name: str) -> None:
    start = datetime.now(UTC)
    try:
        found = feed(ATTACKS[name], BASE, SOURCE)
    except Unreadable:
        found = Found()
    assert (datetime.now(UTC) - start).total_seconds() < 3
    for candidate in found.candidates:
        assert len(candidate.title or "") < 1000
        assert "root:" not in (candidate.title or "")


@pytest.mark.parametrize("name", ["billion laughs", "external entity"])
def test_the_parser_itself_expands_nothing_should_the_refusal_before_it_ever_go(name: str) -> None:
    data = feeds.of_xml(ATTACKS[name])
    titles = [entry.title or "" for entry in data.entries] if data else []
    assert not any("root:" in title or "AAAA" in title for title in titles)


NO_FEEDS = {
    "a page": (b"<!DOCTYPE html><html><body>Welcome</body></html>", '"<!DOCTYPE html><html><body>Welcome</body>"'),
    "nothing": (b"", "nothing: it is empty"),
    "noise": (bytes(range(256)), "bytes that are no text"),
    "JSON of another kind": (b'{"error": "no"}', '"{"error": "no"}"'),
    "half of JSON": (b'{"version": "https://jso', '"{"version": "https://jso"'),
    "a sitemap": (b"<urlset><url/></urlset>", '"<urlset><url/></urlset>"'),
}


@pytest.mark.parametrize("name", NO_FEEDS)
def test_what_is_no_feed_is_said_to_be_none(name: str) -> None:
    body, opening = NO_FEEDS[name]
    with pytest.raises(Unreadable) as failure:
        feed(body, BASE, SOURCE)
    assert str(failure.value).startswith(f"{BASE} is not a feed: it starts with {opening[:20]}")


def test_a_feed_without_items_is_a_failure() -> None:
    with pytest.raises(Empty, match=f"the feed {BASE} holds no items"):
        feed(rss(""), BASE, SOURCE)


def test_a_feed_that_is_cut_off_gives_what_it_has() -> None:
    whole = rss("".join(f"<item><title>{n}</title><link>https://news.example/{n}</link></item>" for n in range(5)))
    found = feed(whole[: len(whole) * 3 // 4], BASE, SOURCE)
    assert len(found.candidates) >= 2
    assert found.note is not None
    assert found.note.startswith("the feed is not well-formed")


ONWARD = {
    "a WordPress says so": ("<generator>https://wordpress.org/?v=6</generator>", SOURCE, "https://news.example/blog/feed?paged=2"),
    "the source has REST": ("", Source(id="o", name="o", wordpress="https://news.example/j"), "https://news.example/blog/feed?paged=2"),
    "any other": ("", SOURCE, None),
}  # fmt: skip


@pytest.mark.parametrize("name", ONWARD)
def test_the_next_page_of_a_feed(name: str) -> None:
    head, source, onward = ONWARD[name]
    found = feed(rss("<item><link>https://news.example/a</link></item>", head), BASE, source)
    assert [o.url for o in found.onward] == ([onward] if onward else [])


def test_numbered_pages_count_on() -> None:
    assert numbered("https://x.example/?paged=9&cat=2", "paged") == "https://x.example/?paged=10&cat=2"
    assert numbered("https://x.example/?page=last", "page") == "https://x.example/?page=2"


URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://i/" xmlns:news="http://n/">'


def test_a_sitemap_names_its_pages() -> None:
    body = f"""{URLSET}<url><image:image><image:loc>https://cdn.example/i.png</image:loc></image:image>
      <loc> https://news.example/a </loc><lastmod>2026-01-02</lastmod></url><url><loc>/b</loc></url><url/></urlset>"""
    found = sitemap(body.encode(), "https://news.example/sitemap.xml", SOURCE)
    assert [(c.url, c.modified_at, c.via) for c in found.candidates] == [
        ("https://news.example/a", datetime(2026, 1, 2, tzinfo=UTC), "sitemap"),
        ("https://news.example/b", None, "sitemap"),
    ]


def test_a_news_sitemap_gives_title_and_date() -> None:
    news = "<news:news><news:publication><news:name>N</news:name></news:publication>"
    body = f"""{URLSET}<url><loc>https://news.example/a</loc>{news}
      <news:publication_date>2026-01-02T03:04:05Z</news:publication_date><news:title>A &amp; B</news:title>
      </news:news></url></urlset>"""
    found = only(sitemap(body.encode(), BASE, SOURCE))
    assert (found.title, found.published_at) == ("A & B", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_an_index_names_its_children_with_their_dates() -> None:
    body = b"<sitemapindex><sitemap><loc>/1.xml.gz</loc><lastmod>2026-01-02</lastmod></sitemap></sitemapindex>"
    (child,) = sitemap(body, "https://news.example/sitemap.xml", SOURCE).onward
    assert (child.url, child.modified_at) == ("https://news.example/1.xml.gz", datetime(2026, 1, 2, tzinfo=UTC))


def test_gzip_is_known_by_its_first_bytes() -> None:
    body = gzip.compress(f"{URLSET}<url><loc>https://news.example/a</loc></url></urlset>".encode())
    assert only(sitemap(body, BASE, SOURCE)).url == "https://news.example/a"


def test_a_plain_list_of_addresses_is_a_sitemap() -> None:
    found = sitemap(b"https://news.example/a\nhttps://news.example/b\n", BASE, SOURCE)
    assert [c.url for c in found.candidates] == ["https://news.example/a", "https://news.example/b"]


SITEMAP = (
    f'<?xml version="1.0" encoding="utf-8"?>{URLSET}<url><loc>https://news.example/a</loc></url></urlset>'.encode()
)
ODD_SITEMAPS = {
    "NUL bytes": SITEMAP.replace(b"<url>", b"\0<url>\0"),
    "a charset that it is not in": SITEMAP.replace(b'"utf-8"', b'"utf-16"'),
    "a charset that does not exist": SITEMAP.replace(b'"utf-8"', b'"klingon"'),
    "a byte order mark": b"\xef\xbb\xbf" + SITEMAP,
    "blank lines before it": b"\n\n " + SITEMAP,
}


@pytest.mark.parametrize("name", ODD_SITEMAPS)
def test_a_sitemap_is_read_whatever_it_claims(name: str) -> None:
    assert only(sitemap(ODD_SITEMAPS[name], BASE, SOURCE)).url == "https://news.example/a"


NO_SITEMAPS = {
    "a page": (b"<!DOCTYPE html><html></html>", "declares a document type"),
    "a feed": (b"<rss><channel/></rss>", "is not a sitemap"),
    "text": (b"Not found", "is not a sitemap"),
    "nothing": (b"", "is not a sitemap"),
    "an empty one": (b"<urlset></urlset>", "names no pages"),
    "an entity": (b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset/>', "declares a document type"),
    "ten thousand deep": (b"<urlset>" + b"<a>" * 10_000, "is not a sitemap"),
    "half a gzip": (gzip.compress(b"<urlset/>" * 1000)[:30], "cannot be unpacked"),
    "a bomb": (gzip.compress(b" " * 50_000_000), "unpacks to more than 16 MB"),
}


@pytest.mark.parametrize("name", NO_SITEMAPS)
def test_what_is_no_sitemap_is_said_to_be_none(name: str) -> None:
    body, reason = NO_SITEMAPS[name]
    with pytest.raises(Unreadable, match=reason):
        sitemap(body, BASE, SOURCE)


RULES = Listing(url="https://news.example/news", links="h3 a", next="a.next")


def test_a_listing_names_its_articles_once_and_its_next_page() -> None:
    body = """<h3><a href="/a">A <b>B</b></a></h3><h3><a href="https://blog.example/c">C</a></h3>
      <h3><a href="/a">again</a></h3>
      <h3><a href="#top">no</a></h3><a href="/menu">menu</a><a class="next" href="?page=2">next</a>"""
    found = listing(body, RULES.url, SOURCE, RULES)
    assert [(c.url, c.title) for c in found.candidates] == [
        ("https://news.example/a", "A B"),
        ("https://blog.example/c", "C"),
    ]
    assert [o.url for o in found.onward] == ["https://news.example/news?page=2"]


def test_a_listing_whose_selector_stands_around_the_links() -> None:
    body = '<base href="https://news.example/x/"><div class="card"><p>Title</p><a href="a">read</a></div>'
    found = listing(body, RULES.url, SOURCE, Listing(url=RULES.url, links="div.card"))
    assert [c.url for c in found.candidates] == ["https://news.example/x/a"]


@pytest.mark.parametrize("body", ["", "<html></html>", "<h3>no link</h3>", "plain text"])
def test_a_listing_that_matches_nothing_is_a_failure(body: str) -> None:
    with pytest.raises(Empty, match=r"the listing's selector 'h3 a' matched nothing at https://news\.example/news"):
        listing(body, RULES.url, SOURCE, RULES)


POST = {
    "link": "https://news.example/a",
    "title": {"rendered": "A &#8211; B"},
    "date_gmt": "2026-01-02T03:04:05",
    "modified_gmt": "2026-01-03T00:00:00",
    "content": {"rendered": "<p>All of it</p>"},
}


def test_a_post_of_wordpress() -> None:
    found = only(wordpress(json.dumps([POST]).encode(), "https://news.example/posts?page=2", SOURCE, pages=9))
    assert (found.url, found.title, found.via, found.content_html) == (
        "https://news.example/a",
        "A – B",
        "rest",
        "<p>All of it</p>",
    )
    assert found.published_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 1, 3, tzinfo=UTC)


PAGES = {
    "more to come": ("https://x.example/p", 3, ["https://x.example/p?page=2"]),
    "the last": ("https://x.example/p?page=3", 3, []),
    "an unknown number": ("https://x.example/p?page=3", None, ["https://x.example/p?page=4"]),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_wordpress(name: str) -> None:
    url, pages, onward = PAGES[name]
    assert [o.url for o in wordpress(json.dumps([POST]).encode(), url, SOURCE, pages=pages).onward] == onward


def test_past_the_last_page_is_the_end_and_no_error() -> None:
    assert wordpress(b'{"code":"rest_post_invalid_page_number"}', BASE, SOURCE) == Found()


NO_POSTS = {
    "a page": (b"<html>", 'is not a list of posts: it starts with "<html>"'),
    "a refusal": (b'{"code":"rest_no_route","message":"No <b>route</b>"}', "is not a list of posts: No route"),
    "a number": (b"7", "is not a list of posts"),
}


@pytest.mark.parametrize("name", NO_POSTS)
def test_what_is_no_list_of_posts_is_said_to_be_none(name: str) -> None:
    body, reason = NO_POSTS[name]
    with pytest.raises(Unreadable) as failure:
        wordpress(body, BASE, SOURCE)
    assert reason in str(failure.value)


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {"rendered": 7}, {"rendered": None}])
def test_a_post_with_fields_of_the_wrong_kind_is_still_one(wrong: object) -> None:
    post = dict.fromkeys(POST, wrong) | {"link": POST["link"]}
    assert only(wordpress(json.dumps([post]).encode(), BASE, SOURCE)).url == "https://news.example/a"
