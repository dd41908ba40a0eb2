"""Items 4 and 5 of the attack list on everything that is served: markup, addresses that run, formulas and templates in
every field, on every page, feed and list, walked from the application's own table of routes."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from fastapi.testclient import TestClient
from lxml import etree, html

from presswatch.models import Fact, Reason, Tag, TagKind
from presswatch.services import Services
from presswatch.trying import Judged
from presswatch.web import trials
from presswatch.web.pages.sources import DryRun, Named
from tests.security.test_web import addresses
from tests.store.samples import T0, draft_page, make_draft, make_outcome, record_visit
from tests.web.browsing import browser, services

MARK = "hOsTiLe"
STRINGS = [
    f"<script>alert('{MARK}')</script>",
    f"\"'><img src=x onerror=alert('{MARK}')>",
    f"</textarea></title></style></script><script>{MARK}</script>",
    f"<svg/onload={MARK}>",
    f"<svg><style><img src=x onerror={MARK}></style></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={MARK}></style></mglyph></table></mtext></math>",
    f"javascript:alert('{MARK}')",
    f"data:text/html,<script>{MARK}</script>",
    f'=HYPERLINK("https://evil.example/{MARK}")',
    f"{{{{ 7191 * 7 }}}} {{% raw %}} ${{7191*7}} #{{7191*7}} <%= 7191*7 %> {MARK}",
    f"]]>--><!-- {MARK} <![CDATA[ &lt;script&gt; &#60;script&#62;",
    f"\x00\x08\x1b[31m\u202e\u2028{MARK}\ud800\ufeff\x7f",
    f"\r\nX-Injected: yes\r\n\r\n{MARK}",
]


@pytest.fixture(scope="module", params=range(len(STRINGS)))
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Every answer of an application whose store holds a hostile string wherever a stranger can put one."""
    bad = STRINGS[request.param]
    with services(tmp_path_factory.mktemp("hostile")) as found:
        fill(found, bad)
        client = browser(found, host="127.0.0.1")
        yield {address: client.get(address) for address in asked(found, client, bad)}


def asked(found: Services, client: TestClient, bad: str) -> list[str]:
    paths = [path for path in addresses(found, "GET") if path != "/healthz"]
    paths.append(f"/sources/tried/{tried(client, bad)}")
    paths.append(f"/try/{tried(client, bad, judged=True)}")
    word = "".join(letter for letter in bad if letter not in "\x00\ud800")
    names = ("q", "next", "visited", "topic", "place")
    together = "&".join(f"{name}={escaped(word)}" for name in names)
    paths += [f"{path}?{together}" for path in paths]
    # Where one of them is refused, the others are not looked at: alone, too, where lists are chosen from.
    lists = ("/", "/ledger", "/search", "/names", "/sources", "/stories.atom", "/api/v1/stories", "/sign-in")
    paths += [f"{path}?{name}={escaped(word)}" for path in lists for name in names]
    paths += [f"/search?q={MARK}", f"/{escaped(word.replace('/', ''))}", f"/stories/{escaped(word.replace('/', ''))}"]
    return paths


def escaped(text: str) -> str:
    return quote(text, safe="")


def tried(client: TestClient, bad: str, *, judged: bool = False) -> str:
    """A trial that came to what a stranger's page said."""
    named = Named(url=bad, title=bad, date=T0, ways=(bad, bad), known=False, owner=bad)
    looked = DryRun(ok=False, state=bad, said=(bad, bad), named=(named, replace(named, known=True, date=None)))
    reasons = [{"kind": "against" if n else "place", "weight": 1.0, "quote": bad, "text": bad} for n in range(2)]
    verdict = {"level": bad, "score": 0.5, "reasons": reasons, "missing": [bad], "language": bad, "title": bad}
    result: Any = Judged(today=verdict, edited=verdict) if judged else looked
    trial = trials.Trial(id=f"t{judged}", what=bad, begun_at=T0, done=True, result=result, asked=(bad, bad))
    client.app.state.trials._trials[trial.id] = trial  # type: ignore[attr-defined]
    return trial.id


def fill(found: Services, bad: str) -> None:
    text = f"{bad}\n## {bad}\n- {bad}\nA text about Harwell."
    end = len(bad)
    outcome = make_outcome(1, "https://a.example/1", title=bad, text=text, language="en")
    changed = {
        "article": {"author": bad, "note": bad, "alternates": (bad,)},
        "verdict": {"reasons": (Reason(kind="place", weight=1.0, quote=bad, start=0, end=end, text=bad),),
                    "passages": ((0, end),)},
    }  # fmt: skip
    tags = tuple(Tag(kind=kind, name=bad, quote=bad, start=0, end=end) for kind in TagKind)
    facts = tuple(
        Fact(kind=kind, value=2e9, unit=unit, quote=bad, start=0, end=end, qualifier=bad)
        for kind, unit in (("money", "GBP"), ("gpus", "gpu"))
    )
    outcome = replace(
        outcome,
        article=replace(outcome.article, **changed["article"]),  # type: ignore[arg-type]
        verdict=replace(outcome.verdict, **changed["verdict"]),  # type: ignore[arg-type]
        tags=tags,
        facts=facts,
        summary=(bad, bad),
    )
    for number in range(2):
        url = f"https://a.example/{number}"
        page_id = found.store.pages.add(draft_page(url, note=bad, content_type=bad, final_url=f"{url}?{MARK}"))
        assert page_id
        article = replace(outcome.article, url=url)
        found.store.articles.save(replace(outcome, page_id=page_id, article=article), now=T0)
    draft = make_draft(title=bad, subject=bad, html=bad, text=bad, stories=("s1",))
    number = found.store.digests.save(draft, ["mailto:jo@e.example", f"{'x'}://{MARK}"], now=T0).id
    for entry in found.store.digests.deliveries_of(number):
        found.store.digests.record_failure(entry.delivery.id, now=T0, error=bad, next_attempt_at=None)
    for source in ("nvidia-newsroom", "nvidia-blog"):
        record_visit(
            found.store, source, now=T0, ok=False, state="down", message=bad, found=0, new=0, way="feed", next_due_at=T0
        )


def kind(answer: Any) -> str:
    return str(answer.headers.get("content-type", "")).partition(";")[0]


def test_pages_hold_it_as_text(walked: dict[str, Any]) -> None:
    seen = 0
    for address, answer in walked.items():
        if kind(answer) != "text/html" or "sandbox" in answer.headers["content-security-policy"]:
            continue
        seen += MARK in answer.text
        page = html.document_fromstring(answer.text)
        for element in page.iter(etree.Element):
            assert element.tag not in ("img", "math", "object", "embed", "base", "style"), address
            assert element.tag != "script" or str(element.get("src")).startswith("/static/"), address
            assert element.tag != "script" or not element.text, address
            for name, value in element.attrib.items():
                assert not name.startswith("on"), (address, name)
                if name in ("href", "src", "action", "formaction", "xlink:href"):
                    scheme = urlsplit(value.strip()).scheme.lower()
                    assert scheme in ("", "http", "https"), (address, value)
                    assert not value.startswith("//"), (address, value)
        assert str(7191 * 7) not in answer.text, address
        assert "X-Injected" not in answer.headers
        assert answer.status_code < 500, address
    assert seen >= 5  # it was really shown


def test_the_mail_in_its_frame_is_inert(walked: dict[str, Any]) -> None:
    frames = [a for path, a in walked.items() if path.endswith("/frame") and a.status_code == 200]
    assert frames
    for answer in frames:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "sandbox;" in answer.headers["content-security-policy"]
        assert "allow" not in answer.headers["content-security-policy"]


def test_what_is_for_programs_is_well_formed_and_of_its_kind(walked: dict[str, Any]) -> None:
    kinds = set()
    for address, answer in walked.items():
        found = kind(answer)
        kinds.add(found)
        assert answer.headers["x-content-type-options"] == "nosniff"
        if found.endswith("json"):
            json.loads(answer.content)
        elif found.endswith("xml"):
            etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
            assert b"<script" not in answer.content.lower(), address
        elif found == "text/csv":
            for row in csv.reader(io.StringIO(answer.text)):
                for cell in row:
                    assert cell.lstrip()[:1] not in ("=", "+", "@", "\t") or cell.lstrip().lstrip("+").isdecimal(), (
                        address
                    )
    assert "application/json" in kinds


@pytest.mark.parametrize("bad", STRINGS[:6])
def test_the_check_would_notice(bad: str) -> None:
    """It can fail: this is what a page without escaping would be."""
    page = html.document_fromstring(f"<p>{bad}</p>")
    found = {part for element in page.iter(etree.Element) for part in (element.tag, *element.attrib)}
    assert found & {"img", "math", "script", "style", "onload"}


def test_a_hostile_path_is_one_that_is_asked(tmp_path: Path) -> None:
    with services(tmp_path) as found:
        assert {"/", "/sources", "/digests", "/try"} <= set(addresses(found, "GET"))
