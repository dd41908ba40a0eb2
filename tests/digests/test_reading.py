"""What a second reader's word does to an edition: it adds a marked block, and changes nothing else."""

import re

import lxml.html
import pytest

from presswatch.digests.build import build
from presswatch.digests.edition import Edition
from presswatch.digests.plain import chat
from presswatch.digests.render import Rendered, render
from presswatch.models import Level, Opinion, Version
from tests.digests.stories import SINCE, UNTIL, digest, money, plan, story, version

LABEL = "A language model’s reading, not the source’s words"


def opinion(level: Level = Level.FOCUS, *summary: str, why: str = "", language: str = "en") -> Opinion:
    return Opinion(level=level, why=why, summary=summary, language=language, model="small")


def edition(*versions: Version, language: str = "en") -> Edition:
    stories = [story(v, id=f"s{n}") for n, v in enumerate(versions)]
    times = {"edition": "2026-09-21T06:00Z", "since": SINCE, "until": UNTIL, "now": UNTIL}
    return build(plan(language=language), stories, {}, **times)  # type: ignore[arg-type]


def three(*opinions: Opinion | None) -> Edition:
    """A story of its own, one inside a wider announcement, and one in French; the first has the figures."""
    text = "A tour of Europe.\nIn Hull, NVIDIA trains 300 engineers."
    return edition(
        version("https://e.example/a", facts=(money(2e9),), opinion=opinions[0]),
        version("https://e.example/b", level=Level.PART, title="Europe", text=text, opinion=opinions[1]),
        version("https://e.example/c", language="fr", title="Une usine", summary=("Une usine.",), opinion=opinions[2]),
    )


def blocks(rendered: Rendered) -> list[str]:
    return [
        " ".join(p.text_content().split()) for p in lxml.html.fromstring(rendered.html).xpath("//p[@class='reading']")
    ]


def test_it_stands_under_the_sources_sentences_and_says_whose_it_is() -> None:
    rendered = render(three(opinion(Level.FOCUS, "A firm builds in Newport.", "It costs £2 billion."), None, None))
    assert blocks(rendered) == [f"{LABEL}A firm builds in Newport. It costs £2 billion."]
    page, text = rendered.html, rendered.text
    for part in (page, text):
        source, label = part.index("A firm will build an AI factory in Newport."), part.index(LABEL)
        assert source < label < part.index("£2,000,000,000" if "£2,000,000,000" in part else "£2 billion", label)
    assert f"   | {LABEL}:\n   | A firm builds in Newport. It costs £2 billion.\n" in text


def test_without_it_an_edition_is_the_same_to_the_byte() -> None:
    without = render(three(None, None, None))
    assert "reading" not in without.html
    assert LABEL not in without.text
    silent = three(opinion(), opinion(Level.PART), opinion(Level.FOCUS, "Une usine.", language="fr"))
    assert render(silent) == without  # the same level, and no sentence in the digest's language: nothing to add


def test_all_that_it_adds_is_its_block() -> None:
    without = three(None, None, None)
    said = three(
        opinion(Level.NONE, why="A firm will build"),
        opinion(Level.FOCUS, "NVIDIA trains 300 engineers in Hull."),
        opinion(Level.FOCUS, "A factory."),
    )
    assert (said.subject, said.states) == (without.subject, without.states)
    assert [item.story for item in said.items] == [item.story for item in without.items]
    page = re.sub(r'<p class="reading".*?</p>\n', "", render(said).html, flags=re.DOTALL)
    page = re.sub(
        r"@media \(prefers-color-scheme: dark\) \{\s*\.reading \{.*?\}\s*\.reading-label \{.*?\}\s*\}\s*", "", page
    )
    assert squeezed(page) == squeezed(render(without).html)
    text = re.sub(r"\n(?:   \|.*\n)+", "", render(said).text)
    assert text == render(without).text
    assert chat(digest(text=render(said).text)) == chat(digest(text=render(without).text))


def squeezed(page: str) -> str:
    return re.sub(r"\s+", " ", page).replace("> <", "><")


@pytest.mark.parametrize(
    ("level", "why", "said"),
    [
        (Level.FOCUS, "A firm will build", None),
        (Level.PART, "", "It takes this for news inside a wider announcement."),
        (Level.MENTION, "A firm will build", "It takes this for a mention in passing: “A firm will build”"),
        (Level.NONE, "", "It takes this for news about something else."),
    ],
)
def test_where_it_takes_the_article_otherwise_that_is_said_and_the_item_stays(
    level: Level, why: str, said: str | None
) -> None:
    built = three(opinion(level, why=why), None, None)
    assert len(built.items) == 3
    assert blocks(render(built)) == ([f"{LABEL}{said}"] if said else [])


def test_its_sentences_are_shown_in_the_digests_language_only() -> None:
    given = version(opinion=opinion(Level.FOCUS, "Une entreprise construit.", language="fr"))
    assert blocks(render(edition(given))) == []
    assert blocks(render(edition(given, language="fr"))) == [f"{LABEL}Une entreprise construit."]


def test_what_it_says_is_plain_text_whatever_it_is() -> None:
    hostile = "<script>alert(1)</script> Visit\u202e <a href='https://evil.example'>us</a>\x00 {{ 7 * 7 }}"
    rendered = render(edition(version(opinion=opinion(Level.NONE, hostile, why="<b>1</b>\n\n2. https://evil.example"))))
    document = lxml.html.fromstring(rendered.html)
    assert not document.xpath("//script | //b")
    assert not [url for url in document.xpath("//@href") if "evil" in url]
    assert "{{ 7 * 7 }}" in rendered.html
    for part in (rendered.html, rendered.text):
        assert "\u202e" not in part
        assert "\x00" not in part
    assert "evil" not in chat(digest(text=rendered.text))
