"""The operator is told once when trouble begins, daily while it lasts, once when it is over; whatever crashes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch import jobs, settings
from presswatch.digests import plain
from presswatch.models import Digest, Source
from presswatch.monitoring import alerting, alerts, status
from presswatch.monitoring.conditions import ALERT, Condition, Found
from presswatch.services import Services
from presswatch.store import Store
from presswatch.store.records import DeliveryEntry, DigestDraft, Incident
from tests.store.samples import record_visit

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONDITION = Condition(
    subject="source:a",
    state="blocked",
    name="Site A (a)",
    message="https://a.example/feed refuses us (403). <b>No</b>.",
    advice="Set a contact address.",
    began_at=NOW - HOUR,
)
INCIDENT = Incident(
    subject="source:a", state="blocked", name="Site A (a)", message="m", began_at=NOW - HOUR, told_at=NOW - HOUR
)

CASES: list[tuple[str, Found, list[Incident], tuple[int, int, int, int]]] = [
    # begun, still lasting, over, incidents that change
    ("nothing wrong", Found(conditions=()), [], (0, 0, 0, 0)),
    ("it begins", Found(conditions=(CONDITION,)), [], (1, 0, 0, 1)),
    ("it lasts, told an hour ago", Found(conditions=(CONDITION,)), [INCIDENT], (0, 0, 0, 0)),
    ("a day later", Found(conditions=(CONDITION,)), [replace(INCIDENT, told_at=NOW - DAY)], (0, 1, 0, 1)),
    ("the clock was set back", Found(conditions=(CONDITION,)), [replace(INCIDENT, told_at=NOW + HOUR)], (0, 1, 0, 1)),
    ("it is over", Found(conditions=()), [INCIDENT], (0, 0, 1, 1)),
    ("over and told of", Found(conditions=()), [replace(INCIDENT, closed_at=NOW)], (0, 0, 0, 0)),
    ("it begins anew", Found(conditions=(CONDITION,)), [replace(INCIDENT, closed_at=NOW)], (1, 0, 0, 1)),
    ("a wider trouble covers it", Found(conditions=(), held=frozenset({"source:a"})), [INCIDENT], (0, 0, 0, 0)),
    ("its source was taken out", Found(conditions=()), [replace(INCIDENT, subject="source:gone")], (0, 0, 0, 1)),
    (
        "told once, and not daily",
        Found(conditions=(replace(CONDITION, subject="delivery:3", lasting=False),)),
        [replace(INCIDENT, subject="delivery:3", told_at=NOW - 2 * DAY)],
        (0, 0, 0, 0),
    ),
    ("nor when it is over", Found(conditions=()), [replace(INCIDENT, subject="delivery:3")], (0, 0, 0, 1)),
]


@pytest.mark.parametrize(("found", "incidents", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_told(found: Found, incidents: list[Incident], expected: tuple[int, int, int, int]) -> None:
    decision = alerts.decide(found, incidents, NOW, known={"a"})
    assert tuple(map(len, (decision.begun, decision.lasting, decision.over, decision.incidents))) == expected


def test_the_message_names_everything_once_and_escapes_what_others_wrote() -> None:
    other = replace(INCIDENT, subject="source:b", name="Site B (b)")
    decision = alerts.decide(Found(conditions=(CONDITION,)), [other], NOW, known={"a", "b"})
    draft = alerts.compose(decision, NOW)
    assert draft.subject == "presswatch: Site A (a): blocked, and 1 more"
    assert draft.text.count("Set a contact address.") == 1
    assert "2. Site B (b): well again. It was blocked from 2 March 2026, 11:00 UTC to" in draft.text
    assert "<b>" not in draft.html
    assert "&lt;b&gt;" in draft.html
    digest = Digest(
        id=1, name=ALERT, title="", edition="", built_at=NOW, since=NOW, until=NOW, subject="", html="",
        text=draft.text, stories=(), updated=(),
    )  # fmt: skip
    assert "refuses us (403)" in plain.chat(digest)
    assert "well again" in plain.chat(digest)


# --- the whole job, on each engine ---

Make = Callable[..., Services]


@pytest.fixture
def make(tmp_path: Path, store_url: str) -> Make:
    """Services with four sources, whose operator gets files."""

    def services(to: str = 'to = ["file:${WHERE}"]') -> Services:
        folder = tmp_path / "config"
        folder.mkdir(exist_ok=True)
        blocks = "".join(
            f'  - id: {n}\n    name: Site {n.upper()}\n    feeds: ["https://{n}.example/feed"]\n' for n in "abcd"
        )
        (folder / "sources.yaml").write_text(f"sources:\n{blocks}")
        (folder / "digests.yaml").write_text("digests: []\n")
        (folder / "presswatch.toml").write_text(f"[alerts]\nfailures = 3\n{to}\n")
        environ = {"PRESSWATCH_DATABASE_URL": store_url, "WHERE": "alerts"}
        return Services(settings.load(folder, tmp_path / "data", environ))

    return services


def visit(store: Store, names: str, now: datetime, *, ok: bool = False, state: str = "down") -> None:
    for name in names:
        record_visit(
            store, name, now=now, ok=ok, state="ok" if ok else state, message="" if ok else f"{name} does not answer",
            found=0, new=0, way="feed", next_due_at=now + 6 * HOUR,
        )  # fmt: skip


def told(services: Services, now: datetime) -> list[str]:
    """What a tick at this time tells: the subjects of the alerts it makes."""
    before = {row.edition for row in outbox(services)}
    if alerting.due(services, now):
        assert alerting.run(services, now)
    assert not alerting.due(services, now), "what was told is due no more"
    return [row.subject for row in outbox(services) if row.edition not in before]


def outbox(services: Services) -> list[DeliveryEntry]:
    return list(services.store.digests.deliveries(since=NOW - DAY))


def test_a_source_that_fails_is_told_of_at_the_third_failure_daily_and_when_it_is_back(make: Make) -> None:
    with make() as services:
        visit(services.store, "abcd", NOW, ok=True)
        assert told(services, NOW) == []
        for hour in (1, 2):
            visit(services.store, "a", NOW + hour * HOUR, state="blocked")
            visit(services.store, "bcd", NOW + hour * HOUR, ok=True)
            assert told(services, NOW + hour * HOUR) == []
        visit(services.store, "a", NOW + 3 * HOUR, state="blocked")
        assert told(services, NOW + 3 * HOUR) == ["presswatch: Site A (a): blocked"]
        assert told(services, NOW + 4 * HOUR) == []
        assert told(services, NOW + 27 * HOUR) == ["presswatch: Site A (a): still blocked"]
        assert told(services, NOW + 28 * HOUR) == []
        visit(services.store, "a", NOW + 29 * HOUR, ok=True)
        assert told(services, NOW + 29 * HOUR) == ["presswatch: Site A (a): well again"]
        assert told(services, NOW + 60 * HOUR) == []


def test_without_a_network_one_alert_is_sent_and_none_for_those_that_come_back_later(make: Make) -> None:
    with make() as services:
        store = services.store
        visit(store, "abcd", NOW, ok=True)
        for hour in (1, 2, 3):
            visit(store, "abcd", NOW + hour * HOUR)
        assert told(services, NOW + 3 * HOUR) == ["presswatch: the network: down"]
        assert told(services, NOW + 4 * HOUR) == []
        visit(store, "a", NOW + 5 * HOUR, ok=True)
        assert told(services, NOW + 5 * HOUR) == ["presswatch: the network: well again"]
        # The others were to wait six hours; what kept them is over.
        assert set(store.sources.due(services.enabled, now=NOW + 5 * HOUR)) == {"b", "c", "d"}
        assert told(services, NOW + 5.5 * HOUR) == []
        visit(store, "bc", NOW + 6 * HOUR, ok=True)
        visit(store, "d", NOW + 6 * HOUR)  # ill by itself
        assert told(services, NOW + 6 * HOUR) == ["presswatch: Site D (d): down"]


def test_an_alert_is_delivered_once_and_its_recipient_filled_in(make: Make, tmp_path: Path) -> None:
    with make() as services:
        for hour in (1, 2, 3):
            visit(services.store, "a", NOW + hour * HOUR)
            visit(services.store, "bcd", NOW + hour * HOUR, ok=True)
        told(services, NOW + 3 * HOUR)
        (row,) = outbox(services)
        assert row.delivery.recipient == "file:${WHERE}"
        assert jobs.deliver(services, NOW + 3 * HOUR).sent == 1
        assert jobs.deliver(services, NOW + 4 * HOUR).sent == 0
        (text,) = (tmp_path / "data" / "alerts").glob("*.txt")
        assert "a does not answer. It failed 3 times in a row." in text.read_text("utf-8")


def test_a_crash_between_alert_and_memory_leaves_neither(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with make() as services:
        for hour in (1, 2, 3):
            visit(services.store, "a", NOW + hour * HOUR)
            visit(services.store, "bcd", NOW + hour * HOUR, ok=True)

        def crash(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(type(services.store.sources._database), "upsert", crash)
            with pytest.raises(KeyboardInterrupt):
                alerting.run(services, NOW + 3 * HOUR)
        assert outbox(services) == []
        assert services.store.alerts.incidents() == ()
        assert told(services, NOW + 4 * HOUR) == ["presswatch: Site A (a): down"]


def test_an_alert_of_the_same_second_changes_nothing(store: Store) -> None:
    draft = DigestDraft(name=ALERT, title="", edition="e", since=NOW, until=NOW, subject="", html="", text="")
    settle = store.alerts.settle
    assert settle([INCIDENT], now=NOW, draft=draft, recipients=["file:x"], forget_before=NOW - DAY)
    assert not settle(
        [replace(INCIDENT, state="down")], now=NOW, draft=draft, recipients=["file:x"], forget_before=NOW - DAY
    )
    assert store.alerts.incidents() == (INCIDENT,)
    closed = replace(INCIDENT, closed_at=NOW - DAY)
    assert settle([closed], now=NOW, forget_before=NOW)
    assert store.alerts.incidents() == ()


def test_without_an_operator_the_log_tells(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    with make(to="") as services:
        for hour in (1, 2, 3):
            visit(services.store, "a", NOW + hour * HOUR)
            visit(services.store, "bcd", NOW + hour * HOUR, ok=True)
        assert told(services, NOW + 3 * HOUR) == []
        (record,) = caplog.records
        assert "Site A (a): down" in record.getMessage()
        assert record.__dict__["source"] == "a"
        assert [incident.subject for incident in services.store.alerts.incidents()] == ["source:a"]


def test_a_delivery_that_is_given_up_is_told_of_once_and_again_when_a_retry_fails(make: Make) -> None:
    with make() as services:
        digests = services.store.digests
        draft = DigestDraft(
            name="daily", title="", edition="2026-03-02T07:00Z", since=NOW, until=NOW, subject="s", html="h", text="t"
        )
        digests.save(draft, ["mailto:reader@b.example"], now=NOW)
        (row,) = outbox(services)
        number = row.delivery.id
        for hour in (0, 50):
            digests.record_failure(number, now=NOW + hour * HOUR, error="no such mailbox", next_attempt_at=None)
            (subject,) = told(services, NOW + hour * HOUR)
            assert subject == f"presswatch: delivery {number}: given up"
            assert told(services, NOW + hour * HOUR + 25 * HOUR) == []
            digests.retry(number, now=NOW + hour * HOUR + 26 * HOUR)
            assert told(services, NOW + hour * HOUR + 26 * HOUR) == []
        text = services.store.digests.last_edition(ALERT)
        assert text is not None
        assert "reader@b.example" not in text.text
        assert f"--retry {number}" in text.text


def test_a_job_that_fails_again_and_again_is_told_of(make: Make) -> None:
    with make() as services:
        services.settings.data_dir.mkdir(parents=True)
        job = {"ok": False, "failures": 3, "message": "The disk is full.", "failing_since": NOW.isoformat()}
        status.renew(services.settings.data_dir, NOW, {"process": job}, NOW)
        assert told(services, NOW) == ["presswatch: the process job: failing"]
        status.renew(services.settings.data_dir, NOW, {"process": {"ok": True}}, NOW + HOUR)
        assert told(services, NOW + HOUR) == ["presswatch: the process job: well again"]


def test_a_source_that_answers_without_articles_has_changed(make: Make) -> None:
    from tests.store.samples import draft_page

    with make() as services:
        visit(services.store, "abcd", NOW, ok=True)
        for number in range(3):
            page = services.store.pages.add(draft_page(f"https://a.example/{number}", source="a", fetched_at=NOW))
            assert page is not None
            assert told(services, NOW + HOUR) == []
            services.store.pages.mark_failed(page, "It holds no text.", now=NOW)
        assert told(services, NOW + HOUR) == ["presswatch: Site A (a): changed"]
        health = services.health(NOW + HOUR, (Source(id="a", name="A"),))
        assert "None of its newest 3 pages gave an article. The last: It holds no text." in health[0].message


def test_a_trial_reaches_everybody_who_can_be_reached_and_is_recorded_nowhere(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    to = '"file:alerts", "mailto:me@e.example", "${NOBODY}"'
    (config / "presswatch.toml").write_text(f"[alerts]\nto = [{to}]\n", "utf-8")
    mail = {"PRESSWATCH_SMTP_HOST": "127.0.0.1", "PRESSWATCH_SMTP_PORT": "1", "PRESSWATCH_MAIL_FROM": "p@e.example"}
    with Services(settings.load(config, tmp_path / "data", mail)) as services:
        folder, letter, nobody = jobs.try_alerts(services, NOW)
        assert services.store.digests.deliveries(since=NOW - DAY) == ()
    assert (folder.good, folder.recipient) == (True, "file:alerts")
    assert "This is a trial." in Path(folder.message).with_suffix(".txt").read_text("utf-8")
    assert (letter.good, letter.recipient) == (False, "m…@e.example")
    assert "127.0.0.1" in letter.message
    assert (nobody.good, "NOBODY is not set" in nobody.message) == (False, True)
