"""The operator's pages: sources, digests, and trying a rule."""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from fastapi.testclient import TestClient

from presswatch import trying
from presswatch.children import Children, ChildResult
from presswatch.demo import newsroom as sample
from presswatch.errors import ConfigError, PresswatchError, UsageError
from presswatch.jobs import crawling
from presswatch.services import Services
from presswatch.web.trials import Trials
from tests.store.samples import T0, draft_page, make_draft, record_visit
from tests.web.browsing import browser, services, submit

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Services]:
    with services(tmp_path) as found:
        found.settings = replace(
            found.settings, alerts=found.settings.alerts.model_copy(update={"to": ("mailto:jo@e.example",)})
        )
        yield found


@pytest.fixture
def client(own: Services) -> TestClient:
    return browser(own, host="127.0.0.1")


def visit(own: Services, source: str, at: datetime, *, ok: bool = True, message: str = "", new: int = 0) -> None:
    state = "ok" if ok else "down"
    values = {"ok": ok, "state": state, "message": message, "found": 1, "new": new, "way": "feed"}
    record_visit(own.store, source, now=at, next_due_at=at + timedelta(days=1), **values)  # type: ignore[arg-type]


def wait_for(condition: Callable[[], object], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    return bool(condition())


def test_a_source_says_how_it_does(own: Services, client: TestClient) -> None:
    now = datetime.now(UTC)
    visit(own, "nvidia-newsroom", now - timedelta(days=2), new=3)
    visit(own, "nvidia-newsroom", now - timedelta(hours=1), ok=False, message="The site did not answer.")
    for number, days in enumerate(
        (0, 1, 29, 31)
    ):  # what others named of it counts too, what it named of others does not
        draft = replace(draft_page(f"https://a.example/{number}"), source="nvidia-newsroom")
        own.store.pages.add(replace(draft, fetched_at=now - timedelta(days=days)))
    page = client.get("/sources").text
    assert "The site did not answer." in page
    assert "3 new in 30 days" in page
    assert page.count('<rect class="well"') == 1
    assert page.count('<rect class="bad"') == 1
    assert "1 day well, 1 day failed, 28 days without a visit" in page


def test_the_month_is_counted_by_day_on_each_engine(store: Any) -> None:
    values = {"state": "ok", "message": "", "found": 1, "way": "feed", "next_due_at": T0}
    for hours, ok, new in ((0, True, 2), (1, False, 0), (24, True, 1)):
        at = T0 - timedelta(hours=hours)
        record_visit(store, "a", now=at, ok=ok, new=new, **values)
    record_visit(store, "a", now=T0 - timedelta(days=40), ok=True, new=9, **values)
    (days,) = store.sources.days(since=T0 - timedelta(days=30)).values()
    assert [(d.day.isoformat(), d.visits, d.failed, d.new) for d in days] == [
        ("2025-09-15", 1, 0, 1),
        ("2025-09-16", 2, 1, 2),
    ]


def test_a_visit_now_makes_the_source_due(own: Services, client: TestClient) -> None:
    visit(own, "nvidia-newsroom", datetime.now(UTC))
    due = lambda: own.store.sources.due(own.enabled, now=datetime.now(UTC))  # noqa: E731
    assert "nvidia-newsroom" not in due()
    answer = submit(client, "/sources", "/sources/nvidia-newsroom/visit")
    assert answer.headers["location"] == "/sources?visited=nvidia-newsroom"
    assert "nvidia-newsroom" in due()
    assert "NVIDIA Newsroom is visited" in client.get(answer.headers["location"]).text
    assert submit(client, "/sources", "/sources/no-such/visit").status_code == 404
    assert "evil" not in client.get("/sources?visited=<b>evil").text


def test_a_dry_run_is_done_aside_and_told_when_it_is_done(
    own: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go: list[bool] = []
    asked: list[Any] = []

    def look(_: object, arguments: list[str], deadline: timedelta) -> dict[str, Any]:
        asked.append((arguments, deadline))
        assert wait_for(lambda: go)
        row = {"ok": True, "state": "ok", "message": "feed https://x.example/feed: 3 articles; rest: <b>7</b>"}
        return {"sources": {"nvidia-newsroom": row}}

    monkeypatch.setattr(crawling, "_look", look)
    started = time.monotonic()
    address = submit(client, "/sources", "/sources/nvidia-newsroom/try").headers["location"]
    page = client.get(address).text
    assert time.monotonic() - started < 30
    assert 'http-equiv="refresh"' in page
    go.append(True)
    assert wait_for(lambda: "It can be read." in client.get(address).text)
    page = client.get(address).text
    assert "3 articles</li>" in page
    assert "&lt;b&gt;7" in page
    assert "refresh" not in page
    assert asked[0][0] == ["--source", "nvidia-newsroom"]
    assert asked[0][1] <= timedelta(minutes=5)
    assert client.get("/sources/tried/nothing").status_code == 404


def test_a_dry_run_lists_what_would_be_found(tmp_path: Path) -> None:
    with sample.start() as newsroom:
        sample.write_config(newsroom, tmp_path / "config")
        with services(tmp_path) as found:
            known = newsroom.url("humber-en")
            assert found.store.pages.add(draft_page(known)) is not None
            client = browser(found, host="127.0.0.1")
            address = submit(client, "/sources", "/sources/sample-newsroom/try").headers["location"]
            assert wait_for(lambda: "refresh" not in client.get(address).text)
            page = lxml.html.document_fromstring(client.get(address).text)
    said = " ".join(page.text_content().split())
    assert "It can be read. A visit now would fetch 15 articles." in said
    assert "16 articles are named" in said
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")]
    assert len(rows) == 16
    assert "GFN Thursday: Mind the Fog" in rows[0][0]  # the newest that it names
    assert rows[0][3].startswith("new")
    (old,) = (row for row in rows if known in row[0])
    assert old == rows[-1]  # what is known comes last
    assert "NVIDIA and Humberline to Build AI Factory" in old[0]
    assert old[1:] == ["13 Oct 2026, 08:00", "feed, sitemap, listing", "known"]
    (other,) = (row for row in rows if "fogbound" in row[0])
    assert other[3] == "newbelongs to NVIDIA Blog (sample)"  # two lines
    assert not (tmp_path / "data" / "archive").exists()  # nothing of it was kept


def test_what_is_tried_may_not_take_the_machines_memory(own: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "MEMORY", 120_000_000)
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(PresswatchError, match=r"It could not be judged: it needs more than 120 MB of memory\."):
        trying.judge(own, "NVIDIA builds in Leeds\n" + "An AI factory in Leeds. " * 100)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before  # it is the child's, not ours


def test_only_two_things_are_tried_at_a_time() -> None:
    trials, go = Trials(), []
    begun = [trials.begin("x", lambda: wait_for(lambda: go), NOW) for _ in range(2)]
    with pytest.raises(UsageError, match="Two things"):
        trials.begin("x", lambda: None, NOW)
    go.append(True)
    assert wait_for(lambda: all(trial.done for trial in begun))
    for _ in range(40):
        last = trials.begin("x", lambda: 1 / 0, NOW)
        assert wait_for(lambda one=last: one.done)  # type: ignore[misc]
    assert last.error == "This failed; the log says why."
    assert trials.get(begun[0].id) is None


def edition(own: Services, **more: Any) -> int:
    html = "<html><style>p{color:red}</style><p onclick=x>One</p><script>alert(1)</script></html>"
    draft = make_draft(html=html, **more)
    return own.store.digests.save(draft, ["json://me:planted-secret@e.example/x"], now=T0).id


def test_an_edition_is_shown_as_it_was_sent_and_inert(own: Services, client: TestClient) -> None:
    number = edition(own)
    assert "One story" in client.get("/digests").text
    page = client.get(f"/digests/{number}").text
    assert f'<iframe class="mail" sandbox src="/digests/{number}/frame"' in page
    assert "alert(1)" not in page
    frame = client.get(f"/digests/{number}/frame")
    policy = frame.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert policy.split("; ").count("sandbox") == 1  # and nothing that it allows
    assert "script-src" not in policy
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"
    for text in (page, frame.text, client.get("/digests").text):
        assert "planted-secret" not in text


def test_a_delivery_that_was_given_up_is_tried_again(own: Services, client: TestClient) -> None:
    number = edition(own)
    (entry,) = own.store.digests.deliveries_of(number)
    own.store.digests.record_failure(entry.delivery.id, now=T0, error="It was <b>refused</b>.", next_attempt_at=None)
    page = client.get(f"/digests/{number}").text
    assert "It was &lt;b&gt;refused&lt;/b&gt;." in page
    answer = submit(client, f"/digests/{number}", f"/deliveries/{entry.delivery.id}/retry")
    assert answer.headers["location"] == f"/digests/{number}"
    assert own.store.digests.deliveries_of(number)[0].delivery.state == "due"
    own.store.digests.record_sent(entry.delivery.id, now=T0, receipt="taken")
    assert "Try again" not in client.get(f"/digests/{number}").text
    assert submit(client, "/sources", f"/deliveries/{entry.delivery.id}/retry").status_code == 404


def test_a_test_message_goes_to_the_operator_through_the_outbox(own: Services, client: TestClient) -> None:
    assert "j…@e.example" in client.get("/digests").text
    assert submit(client, "/digests", "/digests/test").headers["location"] == "/digests?said=test"
    (due,) = own.store.digests.due_deliveries(datetime.now(UTC))
    assert due.recipient == "mailto:jo@e.example"
    assert own.store.digests.editions() == ()  # it is no edition of a digest


def test_without_an_operator_there_is_nobody_to_test_with(tmp_path: Path) -> None:
    with services(tmp_path) as found:
        client = browser(found, host="127.0.0.1")
        answer = submit(client, "/digests", "/digests/test")
        assert answer.status_code == 400
        assert "[alerts] to" in answer.text


def test_a_preview_stores_nothing(own: Services, client: TestClient) -> None:
    name = own.digests[0].name
    page = client.get(f"/digests/next/{name}")
    assert page.status_code == 200
    assert "nothing is stored" in page.text
    assert client.get(f"/digests/next/{name}/frame").status_code == 200
    assert own.store.digests.editions() == ()
    assert client.get("/digests/next/no-such").status_code == 404


@pytest.mark.parametrize("address", ["/digests/0", "/digests/99999999999999999999", "/digests/9", "/digests/-1/frame"])
def test_an_edition_that_is_none(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


# Trying a rule


def judged(client: TestClient, what: str, rules: str = "") -> str:
    address = submit(client, "/try", "/try", what=what, rules=rules).headers["location"]
    assert wait_for(lambda: "being judged" not in client.get(address).text, 180)
    return client.get(address).text


def test_a_text_is_judged_by_todays_rules_and_by_an_edited_copy(own: Services, client: TestClient) -> None:
    before = trying.rules(own)
    strict = before.replace("\n  news: ", "\n  news: 20 # ").replace("\n  mention: ", "\n  mention: 20 # ")
    assert strict != before
    text = "NVIDIA opens <b>AI</b> laboratory in Leeds\r\nIt will open in Leeds, in the UK, with £2 billion."
    page = judged(client, text, strict.replace("\n", "\r\n"))
    assert "Today’s rules: focus" in page
    assert "Your copy: none" in page or "Your copy: mention" in page
    assert "The headline names Leeds" in page
    assert trying.rules(own) == before
    assert "Your copy" not in judged(client, text, before.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}, "
            f"*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(8)), "multiply"),
        ("!!python/object/apply:os.system ['touch /tmp/x']", "not valid YAML"),
        ("[" * 100, "nested too deeply"),
        ("name: x\nname: y", "stands twice"),
        ("name: x", "required and missing"),
        ("include: ['../../../../etc/passwd']", "only files of the config folder"),
        ("include: [/etc/passwd]", "only files of the config folder"),
        ("include: [watches/uk-ai.yaml]", "only files of the config folder"),
        ("\x00", "YAML"),
    ],
)  # fmt: skip
def test_a_hostile_copy_of_the_rules_is_refused_in_a_sentence(own: Services, rules: str, said: str) -> None:
    """Item 8 of the attack list: what is read in from a form, before any child sees it."""
    with pytest.raises(ConfigError) as refused:
        trying.judge(own, "A text", rules)
    assert said in str(refused.value)
    assert str(refused.value).startswith(("your copy", "key"))
    assert "presswatch-" not in str(refused.value)  # nor where the copy lay
    assert "root:" not in str(refused.value)


def test_a_verdict_that_takes_too_long_is_ended(own: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    deadlines: list[timedelta] = []

    def overrun(_: Children, __: Any, *, deadline: timedelta, **___: Any) -> ChildResult:
        deadlines.append(deadline)
        return ChildResult(status=-15, overran=True, last_words="")

    monkeypatch.setattr(Children, "run", overrun)
    with pytest.raises(Exception, match="took longer than 3 minutes"):
        trying.judge(own, "A text")
    assert deadlines == [timedelta(minutes=3)]


def test_an_address_of_ones_own_network_is_not_asked(own: Services, client: TestClient) -> None:
    page = judged(client, "http://127.0.0.1:1/x")
    assert "not a public address" in page or "not public" in page


def test_nothing_is_nothing(own: Services) -> None:
    with pytest.raises(UsageError, match="nothing to judge"):
        trying.judge(own, " \r\n ")
