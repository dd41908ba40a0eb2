"""What the targets are given: texts put together from what their formats are made of, and then damaged."""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

_WORDS = st.text(max_size=30)
_ADDRESSES = st.sampled_from(
    [
        "https://news.example/a",
        "/news/b?x=1&y",
        "//other.example/",
        "http://a\\@b/",
        "http://user@b/",
        "javascript:alert(1)",
        "http://[::1",
        "http://b:99999/",
        "../../x",
        "tag:news.example,2026:1",
        "https://nеws.example/é",
        "http://‥/",
        "http://a.example/%zz%e2\u202e",
    ]
)
_DATES = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S ") + "+0100"),
    st.sampled_from(
        [
            "Tue, 31 Feb 2025 25:61:00 GMT",
            "Sept. 16, 2025",
            "16 septembre 2025",
            "16.09.2025",
            "2025年9月16日",
            "2025년 9월 16일",
            "9/16/25",
            "1758054600",
            "0000-00-00T00:00:00Z",
            "2025-09-16T20:30:00+99:99",
            "Tue, 16 Sep 2025 20:30:00 -9999",
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+14:00",
        ]
    ),
    st.from_regex(r"\A\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,5}( \d\d:\d\d)?\Z"),
)
_LEAF = st.one_of(_WORDS, _ADDRESSES, _DATES)


def _tags(names: Sequence[str], attributes: Sequence[str]) -> st.SearchStrategy[str]:
    """Elements in elements, some never closed, of these names."""
    given = st.lists(st.tuples(st.sampled_from(attributes), _LEAF), max_size=2)
    shown = given.map(lambda pairs: "".join(f' {name}="{value}"' for name, value in pairs))

    def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(
            lambda name, attrs, parts, closed: f"<{name}{attrs}>{''.join(parts)}" + (f"</{name}>" if closed else ""),
            st.sampled_from(names),
            shown,
            st.lists(inner, max_size=4),
            st.integers(0, 9).map(bool),
        )

    odd = st.sampled_from(
        ["<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&nbsp;", "&#0;", "&#xD800;", "&x;", "<?xml?>", "<", "\0"]
    )
    return st.recursive(st.one_of(_LEAF, odd), element, max_leaves=25)


def _document(
    before: Sequence[str], names: Sequence[str], attributes: Sequence[str], after: str
) -> st.SearchStrategy[str]:
    return st.builds(lambda head, body: head + body + after, st.sampled_from(before), _tags(names, attributes))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _LEAF),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["link", "title", "rendered", "content", "date_gmt", "items", "url", "authors", "name", "id", "version"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


_FIGURE = st.lists(
    st.one_of(
        st.sampled_from(
            "£ $ € ₩ ¥ 億 万 兆 조 억 천 billion Mrd. milliards mil millones bn GW MW GPUs %"
            " per cent Prozent hundert deux cent million from to between und à 20 1,5 1.000.000 1’000 ½ ² 10^9 １２３"
            " 〇 一二三 2026 in about over - – ~ / . , 年 月 people jobs Milliarden pounds"
            " sterling dollars d'euros 원 ドル 파운드".split()
        ),
        st.integers().map(str),
        st.floats().map(str),
        _WORDS,
    ),
    max_size=25,
).map(lambda parts: " ".join(parts)) | st.text(alphabet="0123456789,. '’£$%万億천bnMk-–^²½", max_size=60)

_KEYS = """sources: |digests: |- id: |- name: |feeds: |every: |delay: |articles: |at: |to: |timezone: |listings: |
- url: |links: |&a |*a|<<: |? |!!python/name:os.x |levels: |- |watch = |[crawl]
""".split("|")
_VALUES = """[] {} [x,*a] 5 1e999 15m 9999999999999999999999999999999999d * ${X} (a+)+ [ a::b( Europe/London ../etc
2025-99-99 0o9 > ' " mailto:a@b.example""".split()
_CRONS = ["0 7 * * *", "* * * * 99", "1-9/0 * * * *", "|"]
_YAML_LINE = st.builds(
    lambda depth, key, value: f"{'  ' * depth}{key}{value}",
    st.integers(0, 3),
    st.sampled_from(_KEYS),
    st.one_of(_LEAF, st.sampled_from([*_VALUES, *_CRONS])),
)
_YAML = st.lists(_YAML_LINE, max_size=14).map(lambda lines: "\n".join(lines))

_FEED_NAMES = """item entry title link guid id pubDate updated published dc:date author name category content:encoded
content a b""".split()
_HTML_NAMES = """div p h1 h2 ul li a article section table tr td script style svg time span br title head meta main
pre""".split()
_ATTRIBUTES = "href rel type class xml:base xml:lang isPermaLink term datetime content property onclick".split()
_RSS = [
    "<rss version='2.0'><channel>",
    "<?xml version='1.0' encoding='utf-16'?><rss><channel>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "\ufeff<rdf:RDF>",
    "<!DOCTYPE rss [<!ENTITY x 'y'>]><rss>",
    "",
]
_META = '<html lang="en"><head><meta property="og:title" content="A"><script type="application/ld+json">'

_SAID = st.lists(
    st.sampled_from(
        "A firm invests £2 billion in Leeds . It will hire 300 engineers by 2027 The mayor of was there £3 2028 http://x"
        " = 200 <b> ** \u202e York".split(" ")
    )
    | _WORDS,
    max_size=15,
).map(" ".join)
_OPINION = st.fixed_dictionaries(
    {"level": st.sampled_from(["focus", "part", "mention", "none", "all", 3])},
    optional={"why": _SAID | _JSON, "summary": st.lists(_SAID, max_size=4) | _JSON, "more": _JSON},
)
_COMPLETION = st.builds(
    lambda said, wrap: json.dumps({"choices": [{"message": {"content": wrap.replace("…", json.dumps(said))}}]}),
    _OPINION,
    st.sampled_from(["…", "…", "<think>So {}</think>…", "```json\n…\n```", "<think>…", "```…```", "… …"]),
)

_WARC = st.builds(
    lambda kind, length, type_, head, body: (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/a\r\nContent-Length: {length}\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: {type_}\r\n{head}\r\n\r\n{body}\r\n\r\n"
    ),
    st.sampled_from(["response", "request", "warcinfo", "revisit", ""]),
    st.integers(-1, 300) | st.sampled_from(["", "9" * 30, "x"]),
    st.sampled_from(["application/http; msgtype=response", "text/plain", ""]),
    st.lists(st.builds(lambda key, value: f"{key}: {value}", _WORDS, _LEAF), max_size=3).map("\r\n".join),
    st.builds(
        lambda status, headers, rest: f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n{rest}",
        st.sampled_from(["200 OK", "200", "999999999999 X", "", "abc"]),
        st.sampled_from(["Content-Type: text/html", "X: y\r\n z", ":", "X", ""]),
        _WORDS,
    ),
)

_RULES_KEYS = """name: |title: |include: |country: |  names: |weights: |thresholds: |  focus: |vocabulary: |  ai: |
    en: |topics: |  - id: |    title: |    strong: |    en: |strong: |groups: |  - title: |    kind: |    names: |
      - name: |        aliases: |        place: |        country: |      - |enough: |never: """.replace(
    "|\n", "|"
).split("|")
_PHRASES = [
    "[AI, 'a* b', '!x', '^', '(', '']",
    "'~word'",
    "=Exact",
    "[a, [b]]",
    "organisation",
    "0.5",
    "-1",
    "true",
    "no",
]
_RULES = st.lists(
    st.builds(
        lambda depth, key, value: f"{'  ' * depth}{key}{value}",
        st.integers(0, 2),
        st.sampled_from(_RULES_KEYS),
        st.one_of(_LEAF, st.sampled_from([*_VALUES, *_PHRASES, ""])),
    ),
    max_size=16,
).map("\n".join)

TEXTS: dict[str, st.SearchStrategy[str]] = {
    "feeds": st.one_of(
        _document(_RSS, _FEED_NAMES, _ATTRIBUTES, "</channel></rss>"),
        _JSON.map(lambda items: '{"version":"https://jsonfeed.org/version/1","items":' + json.dumps(items) + "}"),
    ),
    "sitemaps": st.one_of(
        _document(
            ["<urlset>", "<sitemapindex>", "<urlset xmlns='x'>"],
            "url sitemap loc lastmod news:title".split(),
            ["a"],
            "</urlset>",
        ),
        st.lists(_ADDRESSES).map(lambda lines: "\n".join(["https://news.example/", *lines])),
    ),
    "listings": _document(["<html>", "<base href='//x/'>", ""], _HTML_NAMES, _ATTRIBUTES, ""),
    "posts": st.one_of(_JSON, st.lists(_JSON, max_size=3)).map(json.dumps),
    "dates": st.one_of(_DATES, st.builds(lambda one, other: f"{one} {other}", _DATES, _WORDS)),
    "figures": _FIGURE,
    "addresses": st.one_of(_ADDRESSES, _WORDS, st.builds(lambda one, other: one + other, _ADDRESSES, _WORDS)),
    "config": _YAML,
    "durations": st.one_of(_WORDS, st.from_regex(r"\A[\d.]{1,20}\s?(s|m|h|d|w|kB|MB|GB|)\Z"), st.just("9" * 400 + "d")),
    "extraction": st.one_of(
        _document(
            ["<html>", "<!DOCTYPE html><html><body>", ""],
            _HTML_NAMES,
            _ATTRIBUTES,
            "<p>" + "A long sentence of news. " * 9,
        ),
        _JSON.map(
            lambda data: f"{_META}{json.dumps(data)}</script></head><body><h1>A</h1><p>{'News of the day. ' * 12}"
        ),
    ),
    "sentences": st.one_of(_FIGURE, st.text(alphabet='A. "“”!?。「」」 \n)(Mr.Dr1\u3000é', max_size=200)),
    "robots": st.lists(
        st.builds(
            lambda key, value: f"{key}: {value}",
            st.sampled_from(["User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap", "Request-rate", ""]),
            st.one_of(_WORDS, _ADDRESSES, st.sampled_from(["*", "/*$", "1e999", "nan", "-5", "1/0", "*" * 50 + "$"])),
        ),
        max_size=9,
    ).map(lambda lines: "\n".join(lines)),
    "waits": st.one_of(
        st.integers().map(str), _DATES, _WORDS, st.sampled_from(["120", "-1", "1e9", "٣", "²", "9" * 5000, "Fri"])
    ),
    "answers": st.one_of(_COMPLETION, _JSON.map(json.dumps)),
    "records": st.lists(_WARC, max_size=3).map("".join),
    "backups": _JSON.map(json.dumps),
    "rules": _RULES,
}


def _backup(data: bytes) -> bytes:
    """A zip with a backup's members, whose manifest is a stranger's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name in ("manifest.json", "archive.json", "presswatch.sqlite3"):
            bundle.writestr(name, data)
        bundle.comment = b"presswatch backup " + hashlib.sha256(data).hexdigest().encode()
    return packed.getvalue()


# What is packed before it is damaged.
_PACKED: dict[str, Callable[[bytes], bytes]] = {"records": gzip.compress, "backups": _backup}


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """A text of a target's format as bytes: mostly whole, else cut off, mixed with noise, or in another charset."""
    data = draw(TEXTS[name]).encode(
        draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "cp1252", "shift_jis"])), "replace"
    )
    if name in _PACKED and draw(st.booleans()):
        data = _PACKED[name](data)
    match draw(st.integers(0, 7)):
        case 0:
            return data[: draw(st.integers(0, len(data)))]
        case 1:
            at = draw(st.integers(0, len(data)))
            return data[:at] + draw(st.binary(max_size=12)) + data[at:]
        case 2:
            return data * draw(st.integers(2, 40))
        case _:
            return data
