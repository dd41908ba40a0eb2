"""One story: its versions, its evidence where it stands, what changed, and the page as it was archived."""

import re
from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest
from fastapi.testclient import TestClient

from presswatch.models import Change, ChangeKind, Level, Reason, Tag, TagKind, Version
from presswatch.services import Services
from presswatch.store.records import Revision
from presswatch.web import evidence
from presswatch.web.differences import differences, words
from tests.store.samples import T0, draft_page, make_outcome
from tests.web.conftest import Publish

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def version(text: str, *reasons: tuple[str, str, float], title: str = "Headline") -> Version:
    outcome = make_outcome(1, "https://a.example/x", title=title, text=text)
    document = outcome.article.document
    found = [
        Reason(kind="place", weight=w, quote=q, start=document.index(q), end=document.index(q) + len(q), text=why)
        for q, why, w in reasons
    ]
    verdict = replace(outcome.verdict, reasons=tuple(found), passages=((0, len(title)),))
    return Version(article=outcome.article, verdict=verdict, tags=(), facts=(), summary=())


def test_everything_of_a_story_is_on_its_page(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/en", story="s1", title="In English", text="A text about Harwell.\n## More\n- one")
    publish("https://a.example/fr", story="s1", title="En français", language="fr")
    page = client.get("/stories/s1").text
    for shown in ("In English", "En français", "French", "£2 billion", "Harwell is in the country.", "2 versions"):
        assert shown in page, shown
    assert "?version=1#text" in page
    assert 'lang="fr"' in client.get("/stories/s1?version=1").text
    assert client.get("/stories/s1?version=2").status_code == 404
    assert client.get("/stories/s1?version=x").status_code == 400
    assert client.get("/stories/nothing").status_code == 404


def test_a_joined_story_leads_to_the_one_it_is_now(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/1", story="s1")
    publish("https://a.example/2", story="s2")
    publish("https://a.example/3", story="s1", merges=("s2",))
    answer = client.get("/stories/s2", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/stories/s1")


def test_hostile_words_are_words_everywhere(client: TestClient, services: Services) -> None:
    store, url = services.store, "https://a.example/x"
    for number, text in enumerate(("Before it.", f"{HOSTILE} after it.")):
        page = store.pages.add(draft_page(url, text, fetched_at=T0 + number * timedelta(days=1)))
        assert page is not None
        change = Change(url=url, kind=ChangeKind.EDITED, at=T0, before="a", after=HOSTILE)
        outcome = make_outcome(page, url, story="s1", title=HOSTILE, text=text, changes=(change,) * number)
        reason = Reason(kind="place", weight=1, quote="x", start=0, end=8, text=HOSTILE)
        tags = tuple(Tag(kind=kind, name=HOSTILE, quote="x", start=0, end=1) for kind in TagKind)
        facts = tuple(replace(fact, qualifier=HOSTILE) for fact in outcome.facts)
        verdict = replace(outcome.verdict, reasons=(reason,))
        outcome = replace(outcome, verdict=verdict, tags=tags, facts=facts, summary=(HOSTILE,))
        store.articles.save(outcome, now=T0)
    (row,) = store.commitments.of("s1")
    assert row.commitment.who == (HOSTILE,)
    quoted = {"kind": "organisation", "name": HOSTILE}
    for path, query in (
        ("/", {}),
        ("/", {"organisation": HOSTILE}),
        ("/stories/s1", {}),
        ("/ledger", {}),
        ("/ledger", {"place": HOSTILE, "unit": HOSTILE}),
        ("/names", {}),
        ("/names", quoted),
        ("/search", {"q": f"after {HOSTILE}"}),
        ("/search", {"q": "it"}),
        ("/charts", {}),
        ("/stories/<script>alert(1)</script>", {}),
    ):
        answer = client.get(path, params=query)
        assert "<script>alert" not in answer.text, path
        assert "<img" not in answer.text, path
        parsed = lxml.html.document_fromstring(answer.text)
        attributes = [name for element in parsed.iter() if isinstance(element.tag, str) for name in element.attrib]
        assert not [name for name in attributes if name.startswith("on")], path


def test_the_archived_original_is_its_text_alone(client: TestClient, services: Services) -> None:
    html = (
        "<html><head><title>T</title><style>p{}</style><meta http-equiv=refresh content='0;url=//evil'></head><body "
        "onload=alert(1)><script>alert(1)</script><p style='x' id=main onclick=alert(1)>Words <a href='javascript:x'>of"
        "</a> <b>it</b></p><img src=//evil/x.png><iframe src=//evil></iframe><form action=//evil><input></form>"
        "<svg><script>1</script></svg><math><mtext></mtext></math><link rel=stylesheet href=//evil></body></html>"
    )
    written = services.archive.write("https://a.example/x", status=200, fetched_at=T0, body=html.encode())
    services.archive.close()
    draft = draft_page("https://a.example/x", "b", warc_file=written.file, warc_offset=written.offset)
    page = services.store.pages.add(draft)
    answer = client.get(f"/originals/{page}")
    assert answer.status_code == 200
    archived = lxml.html.document_fromstring(answer.text).find_class("archived")[0]
    assert "Words of it" in archived.text_content()
    assert {element.tag for element in archived.iterdescendants()} == {"p", "b"}
    assert all(not element.attrib for element in archived.iterdescendants())
    for gone in ("evil", "alert", "javascript:"):
        assert gone not in answer.text
    assert client.get("/originals/99").status_code == 404
    assert client.get("/originals/99999999999999999999999").status_code == 404


def test_a_page_that_the_archive_lost_says_so(client: TestClient, services: Services) -> None:
    page = services.store.pages.add(draft_page("https://a.example/x"))
    assert "no longer holds" in client.get(f"/originals/{page}").text


def test_marks_stand_where_the_evidence_does() -> None:
    found = evidence.blocks(
        version("It is in Leeds, England.\n## A heading\n- An item", ("Leeds", "A", 1), ("Leeds, England", "B", 1))
    )
    assert [block.kind for block in found] == ["title", "paragraph", "heading", "item"]
    assert [part.text for part in found[1].parts] == ["It is in ", "Leeds, England", "."]
    assert found[1].parts[1].why == "A B"
    assert [block.news for block in found] == [True, False, False, False]
    assert "".join(part.text for part in found[2].parts) == "A heading"
    assert evidence.blocks(version("x", ("x", "no", -1)))[1].parts[0].against


def test_marks_that_lie_outside_the_text_break_nothing() -> None:
    found = version("short", ("short", "A", 1))
    reasons = (
        replace(found.verdict.reasons[0], start=9999, end=10_000),
        replace(found.verdict.reasons[0], start=3, end=99_999),
        replace(found.verdict.reasons[0], start=5, end=5),
        replace(found.verdict.reasons[0], start=-4, end=2),
    )
    odd = replace(found, verdict=replace(found.verdict, reasons=reasons))
    text = "\n".join("".join(part.text for part in block.parts) for block in evidence.blocks(odd))
    assert text == "Headline\nshort"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("It has £2 billion now.", "It has £3 billion now.", "It has [-£2 -]{+£3 +}billion now."),
        ("Same  words", "Same words", "Same words"),
        ("20億ポンド", "30億ポンド", "[-20-]{+30+}億ポンド"),
        ("", "New", "{+New+}"),
    ],
)
def test_a_difference_word_by_word(before: str, after: str, shown: str) -> None:
    marks = {"same": "{}", "gone": "[-{}-]", "come": "{{+{}+}}"}
    assert "".join(marks[piece.fate].format(piece.text) for piece in words(before, after)) == shown


def test_only_what_changed_is_shown() -> None:
    def wording(number: int, text: str) -> Revision:
        return Revision(number=number, at=T0, title="T", text=text, page_id=number)

    (second, first) = differences(
        (wording(1, "a\nb"), wording(2, "a\nc"), wording(3, "a\nc\nd"), wording(4, "a\nc\nd"))
    )
    assert (second.number, first.number) == (3, 2)
    assert [[piece.text for piece in block] for block in second.blocks] == [["d"]]


def test_reasons_can_be_reached_by_keyboard(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/en", story="s1")
    page = lxml.html.document_fromstring(client.get("/stories/s1").text)
    marked = page.find_class("evidence")
    assert marked
    for element in marked:
        assert element.get("tabindex") == "0"
        described = page.get_element_by_id(element.get("aria-describedby"))
        assert described.text_content() == "Harwell is in the country."
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))


def test_a_story_of_mentions_has_a_page(client: TestClient, publish: Publish) -> None:
    publish("https://a.example/x", story="s1", level=Level.MENTION, facts=())
    assert re.search(r"<h1[^>]*>A headline", client.get("/stories/s1").text)
