"""The HTML of an edition: nothing gets through, nothing is fetched, and it fits into one mail."""

import re
from dataclasses import replace

import jinja2
import lxml.html
import pytest

from presswatch.digests.build import build
from presswatch.digests.edition import Edition, Labels, OtherVersion, Reading
from presswatch.digests.mail import message
from presswatch.digests.render import environment, render
from presswatch.figures import Figure
from presswatch.models import ChangeKind, Delivery, Level, Opinion, SourceHealth, Story, TagKind
from tests.digests.stories import SINCE, UNTIL, change, digest, fact, money, plan, story, tag, told, version

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "</title></style><script>alert(1)</script>",
    "{{ 1113 * 3 }}{% raw %}",
    "<math><mtext></table><mglyph><style><!--</style><img title=--&gt;&lt;img src=1 onerror=alert(1)&gt;>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "' onmouseover='alert(1)",
]


def edition(*stories: Story, **given: object) -> Edition:
    times = {"edition": "2026-09-21T06:00Z", "since": SINCE, "until": UNTIL, "now": UNTIL}
    return build(plan(), stories, **{"told": {}} | times | given)  # type: ignore[arg-type]


def hostile(attack: str) -> Edition:
    """An edition with the attack in every field that comes from outside."""
    figures = (replace(money(2e9), quote=attack, qualifier=attack), fact(attack, 3, attack, attack))
    tags = tuple(tag(kind, attack) for kind in TagKind)
    opinion = Opinion(level=Level.NONE, why=attack, summary=(attack, attack), language="en", model=attack)
    common = {"title": attack, "source": attack, "tags": tags, "facts": figures, "author": attack, "opinion": opinion}
    focus = version("https://e.example/a", text=attack, summary=(attack, attack), **common)
    other = version(f"javascript:alert('{attack}')", language=attack, **common)
    part = version(
        "https://e.example/p", language=attack, level=Level.PART, note=attack, via="feed", summary=(attack,), **common
    )
    old = version("https://e.example/o", **common)
    new = replace(
        old, changes=(change(ChangeKind.RETITLED, attack, "B"), change(ChangeKind.EDITED, "", f"{attack} £3 billion"))
    )
    return edition(
        story(focus, other, id="1"),
        story(part, id="2"),
        story(new, id="3"),
        told=told(story(old, id="3")),
        health=[SourceHealth(source=attack, state="down", message=attack)],
        failed=[Delivery(id=1, digest_id=1, recipient=f"mailto:{attack}@e.example", state="given up", error=attack)],
        labels=Labels(sources={"s": attack}),
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_markup_gets_through(attack: str) -> None:
    built = hostile(attack)
    assert len(built.new) == 2
    assert len(built.updated) == 1
    assert all(item.reading for item in built.items)
    assert_harmless(render(built).html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_template_lets_nothing_through_by_itself(attack: str) -> None:
    """Even where texts were not made plain before."""
    built = hostile(attack)
    items = [
        replace(
            item,
            headline=attack if item.headline else "",
            wider=attack if item.wider else "",
            source=attack,
            when=attack,
            language_name=attack,
            sentences=(attack,),
            notes=(attack,),
            who=(attack,),
            where=(attack,),
            topics=(attack,),
            figures=(Figure(text=attack, quote=attack, language="en"),),
            reading=Reading(
                sentences=(attack,), language="en", dissent=attack, quote=attack, quote_language=item.language
            ),
            versions=(OtherVersion(label=attack, url=""), OtherVersion(label=attack, url="http://e/")),
        )
        for item in built.items
    ]
    whole = replace(
        built,
        title=attack,
        subject=attack,
        period=attack,
        told_until=attack,
        new=tuple(items[:2]),
        updated=tuple(items[2:]),
        ill=(attack,),
        undelivered=(attack,),
        why=(attack,),
    )
    rendered = render(whole)
    assert_harmless(rendered.html)
    brief = render(whole, limit=rendered.size - 1).html
    assert 'class="brief-line"' in brief
    assert_harmless(brief)
    assert_harmless(render(replace(whole, new=(), updated=())).html)


def assert_harmless(page: str) -> None:
    document = lxml.html.fromstring(page)
    known = {"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "p", "span", "a"}
    assert {e.tag for e in document.iter() if isinstance(e.tag, str)} <= known | {"h1", "h2", "h3", "br"}
    for element in document.iter():
        if isinstance(element.tag, str):
            assert not [name for name in element.attrib if name.startswith("on")]
    assert all(re.match(r"https?://", url) for url in document.xpath("//@href"))
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in document.xpath("//@lang"))
    assert not document.xpath("//@src | //@background")
    assert page.lower().count("<style") == 1
    assert "3339" not in page
    assert {c.text for c in document.xpath("//comment()")} == {c.text for c in plain_comments()}


def plain_comments() -> list[lxml.html.HtmlComment]:
    return lxml.html.fromstring(render(edition(story())).html).xpath("//comment()")  # type: ignore[no-any-return]


def test_escaping_is_on_whatever_a_template_is_called() -> None:
    for name in ("a.html", "a.txt", "a.md", "a"):
        jinja = environment().overlay(loader=jinja2.DictLoader({name: "{{ x }}"}))
        assert jinja.get_template(name).render(x="<b>") == "&lt;b&gt;"


def test_a_misspelt_name_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = render(edition(story())).html
    for sign in ("<img", "<script", "<link", "<iframe", "@import", "url(", "src=", "background="):
        assert sign not in page


def test_it_is_made_for_telephones_and_for_the_dark() -> None:
    page = render(edition(story())).html
    document = lxml.html.fromstring(page)
    assert document.xpath("//meta[@name='viewport']")
    assert document.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert "prefers-color-scheme: dark" in page
    assert "max-width: 520px" in page
    assert all(table.get("role") == "presentation" for table in document.xpath("//table"))
    assert "font" in document.xpath("//h2")[0].get("style"), "styles stand on the elements"


def test_every_class_has_a_style_and_every_style_a_class() -> None:
    """A colour that was forgotten in the dark is a line nobody can read."""
    template = environment().loader.get_source(environment(), "digest.html")[0]  # type: ignore[union-attr]
    sheets = [environment().loader.get_source(environment(), f"{name}.css")[0] for name in ("digest", "reading")]  # type: ignore[union-attr]
    used = {name for group in re.findall(r'class="([^"{]+)"', template) for name in group.split()}
    used |= {"passage", "said", "story", "brief", "ruled"}  # chosen by an expression
    styled = set(re.findall(r"\.([a-z][a-z-]*)(?=[ ,.{])", "".join(sheets)))
    assert used == styled
    for light, dark in (sheet.split("@media (prefers-color-scheme: dark)") for sheet in sheets):
        coloured = {
            selector.strip()
            for rule in re.findall(r"([^{}]+)\{[^{}]*(?<!-)color: #", light)
            for selector in rule.rpartition("\n")[2].split(",")
        }
        missing = {s for s in coloured - {"body.page"} if not re.search(rf"{re.escape(s)}\b[^}}]*\{{", dark)}
        assert not missing


def test_headline_language_and_links() -> None:
    english = version()
    french = version("https://fr.example/a", language="fr", source="fr", title="Une usine", summary=("Une usine.",))
    document = lxml.html.fromstring(render(edition(story(english, id="1"), story(french, id="2"))).html)
    headlines = document.xpath("//h2")
    assert [(h.get("lang"), h.text_content().strip()) for h in headlines] == [
        ("en", "Firm Builds AI Factory in Newport"),
        ("fr", "Une usine"),
    ]
    assert document.xpath("//h2/a/@href") == ["https://newsroom.example/news/a", "https://fr.example/a"]


@pytest.mark.parametrize(("count", "language"), [(12, "en"), (60, "en"), (60, "ja"), (400, "en"), (3000, "ja")])
def test_a_mail_stays_under_100_kb(count: int, language: str) -> None:
    words = {"en": "The firm will build a factory for £2 billion in Newport. ", "ja": "同社は英国に工場を建設する。"}
    stories = [
        story(
            version(
                f"https://e.example/news/{n}-a-rather-long-address-as-newsrooms-have-them",
                language=language,
                title=f"{n} " + words[language] * 2,
                summary=(words[language] * 4, words[language] * 3),
                facts=(money(2e9 + n * 1e8), fact("power", 50, "MW", "50 megawatts")),
                tags=tuple(tag(TagKind.ORGANISATION, f"Firm {m}") for m in range(8)),
            ),
            id=f"s{n}",
        )
        for n in range(count)
    ]
    built = edition(*stories)
    rendered = render(built)
    sent = message(digest(html=rendered.html, text=rendered.text), "a@example.org", "b@example.org", "id")
    assert len(sent.as_bytes()) < 100_000
    shown = len(lxml.html.fromstring(rendered.html).xpath("//h2 | //p[@class='brief-line']"))
    if shown < count:
        assert f"{count - shown} more would make this mail too long" in rendered.html
        assert f"{count - shown} more would make this mail too long" in " ".join(rendered.text.split())
    if count == 60:
        assert shown == count, "where headlines fit, none is left out"
    if count == 12:
        assert 'class="brief-line"' not in rendered.html


def test_an_empty_edition_says_so() -> None:
    rendered = render(edition())
    assert "Nothing new was published" in rendered.html
    assert "Nothing new was published" in rendered.text
