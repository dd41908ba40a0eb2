"""The pages under attack: item 6 of the list (gate, forms, names, redirects), and 9 (what error pages tell).

The routes are walked from the application's own table, so that one that is
added later cannot be forgotten.
"""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.routing import Mount

from presswatch import keys
from presswatch.services import Services
from presswatch.store.briefs import Briefs
from presswatch.web.app import create_app
from tests.store.samples import T0, draft_page, make_outcome
from tests.web.browsing import HASH, HOST, browser, public, services, sign_in, token

PUBLIC = {"/sign-in", "/healthz"}
VALUES = {"form": "atom", "suffix": "atom", "kind": "organisation", "name": "Nscale", "story": "s1", "story_id": "s1"}


def addresses(found: Services, method: str) -> list[str]:
    """The address of every route that answers this method, with something in its blanks."""
    filled = []
    for route in iter_route_contexts(create_app(found).routes):
        if isinstance(route.original_route, Mount):
            assert route.path == "/static"  # the only thing that is no route
        elif method in (route.methods or ()):
            filled.append(re.sub(r"{(\w+)(?::\w+)?}", lambda blank: VALUES.get(blank[1], "1"), route.path or ""))
    return filled


def everything(found: Services) -> list[Any]:
    """Every row of the store."""
    file = found.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return [(name, connection.execute(f"SELECT * FROM {name}").fetchall()) for (name,) in tables]


def files(found: Services) -> dict[str, int]:
    """Every file beside the store, but for compiled place names, which whoever needs them first makes."""
    folder = found.settings.data_dir
    beside = (p for p in folder.rglob("*") if p.is_file() and "sqlite3" not in p.name)
    return {str(p): p.stat().st_size for p in beside if found.settings.cache_dir not in p.parents}


# Who may come in


def test_without_a_session_there_is_nothing_but_sign_in_static_files_and_health(reached: Services) -> None:
    walked = addresses(reached, "GET")
    assert {"/", "/sign-in", "/healthz"} <= set(walked)
    client = browser(reached)
    for address in [*walked, "/no-such-page", "/stories.atom", "/api/v1/no-such-thing"]:
        answer = client.get(address)
        if address in PUBLIC:
            assert answer.status_code in (200, 503), address
        elif answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in"), address
        else:
            assert answer.status_code == 401, address
            assert "www-authenticate" in answer.headers, address
    assert client.get("/static/style.css").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "NONSENSE"])
def test_no_other_method_gets_around_the_gate(reached: Services, method: str) -> None:
    client = browser(reached)
    for address in addresses(reached, "GET"):
        assert client.request(method, address).status_code in (303, 401, 403, 405), address


@pytest.mark.parametrize(
    "address",
    ["/static/../", "/static/%2e%2e/", "/static/..%2f", "//", "/sign-in/..", "/sign-in/../", "/SIGN-IN/", "/healthz/",
     "/healthz/../", "/sign-in%2f..", "/%2e/", "/static/%2e%2e/%2e%2e/app.py", "/static/..\\app.py"],
)  # fmt: skip
def test_no_spelling_of_an_address_gets_around_the_gate(reached: Services, address: str) -> None:
    publish(reached, "https://a.example/secret", title="For subscribers only")
    for answer in (browser(reached).get(address), raw(reached, address)):
        assert answer.status_code in (303, 307, 401, 404, 405), address
        assert "For subscribers only" not in answer.text
        assert "create_app" not in answer.text


def raw(found: Services, path: str) -> Any:
    """Asked without the client's tidying-up of addresses."""
    client = browser(found)
    return client.get("/", extensions={"target": path.encode()})


def publish(found: Services, url: str, **more: Any) -> None:
    page_id = found.store.pages.add(draft_page(url, str(more)))
    assert page_id
    found.store.articles.save(make_outcome(page_id, url, **more), now=T0)


# Forms


def test_no_get_changes_anything(own: Services) -> None:
    client = browser(own, host="127.0.0.1")
    client.get("/healthz")
    before, folder = everything(own), files(own)
    assert any(rows for name, rows in before if name == "articles")
    for address in addresses(own, "GET"):
        for query in ("", "?q=nvidia&id=1&retry=1&visit=1&confirm=yes&form_key=x&next=/&action=delete"):
            assert client.get(address + query).status_code < 500 or address == "/healthz", address
    # Nor where a form is asked for with GET.
    for address in addresses(own, "POST"):
        client.get(address + "?form_key=x")
    assert everything(own) == before
    assert files(own) == folder


@pytest.mark.parametrize("host", ["127.0.0.1", HOST])
def test_every_post_without_its_key_is_refused(tmp_path: Path, host: str) -> None:
    with services(tmp_path) if host != HOST else public(tmp_path) as found:
        client = browser(found, host=host)
        if host == HOST:
            sign_in(client)
        walked = addresses(found, "POST")
        assert "/sign-out" in walked
        before = everything(found)
        for address in [*walked, "/", "/no-such-page"]:
            for fields in ({}, {"form_key": ""}, {"form_key": "0" * 64}, {"form_key": keys.form_key("")}):
                answer = client.post(address, data=fields)
                assert answer.status_code in (401, 403, 415), (address, fields)
        assert everything(found) == before


def test_a_page_elsewhere_cannot_post_here_even_with_a_key(own: Services) -> None:
    client = browser(own, host="127.0.0.1:8080")
    key = _any_key(client)
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},  # another program's page on this machine
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:8080.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        answer = client.post("/sign-out", data={"form_key": key}, headers=headers)
        assert answer.status_code == 403, headers
        assert "another site" in answer.text
    own_page = {"origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"}
    assert client.post("/sign-out", data={"form_key": key}, headers=own_page).status_code == 303


def _any_key(client: TestClient) -> str:
    """A key that fits the cookie, as a page with a form would give it."""
    client.cookies.set("presswatch_form", "a-cookie")
    return keys.form_key("a-cookie")


def test_a_key_fits_one_browser_only(own: Services) -> None:
    mine, other = browser(own, host="127.0.0.1"), browser(own, host="127.0.0.1")
    key = _any_key(mine)
    assert mine.post("/sign-out", data={"form_key": key}).status_code == 303
    other.cookies.set("presswatch_form", "another-cookie")
    assert other.post("/sign-out", data={"form_key": key}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", "form_key={key}"),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n{key}\r\n--x--',
        ),
        ("application/json", '{{"form_key": "{key}"}}'),
        ("", "form_key={key}"),
    ],
)
def test_a_form_of_another_kind_is_refused(own: Services, kind: str, body: str) -> None:
    client = browser(own, host="127.0.0.1")
    content = body.format(key=_any_key(client))
    assert client.post("/sign-out", content=content, headers={"content-type": kind}).status_code == 415


@pytest.mark.parametrize("body", [b"a=1&" * 60, b"form_key=\xff", b"form_key=%ff&" + b"b=%00"])
def test_a_form_that_cannot_be_read_is_refused(own: Services, body: bytes) -> None:
    client = browser(own, host="127.0.0.1")
    _any_key(client)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-out", content=body, headers=kind).status_code in (400, 403)


def test_a_form_without_end_is_refused(own: Services) -> None:
    client = browser(own, host="127.0.0.1")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-out", content=b"a" * 600_000, headers=kind).status_code == 413
    parts = iter([b"a" * 100_000] * 7)
    assert client.post("/sign-out", content=parts, headers=kind).status_code == 413
    assert client.post("/sign-out", content=b"", headers={**kind, "content-length": "-1"}).status_code == 413


# Names


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "169.254.169.254", "2130706433", "0x7f000001",
     "evil.example:8080", "localhost@evil.example", "", "a b", "localhost:80:80", "[::2]", "127.0.0.2",
     "news.example.org"],
)  # fmt: skip
def test_a_forged_or_rebound_name_is_not_answered(own: Services, host: str) -> None:
    client = browser(own, host="127.0.0.1")
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "story" not in answer.text
    assert "evil" not in answer.text


def test_two_names_are_none(own: Services) -> None:
    answer = browser(own, host="127.0.0.1").get("/", headers=[("host", "127.0.0.1"), ("host", "evil.example")])
    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:8080", "[::1]:8080", "localhost."])
def test_this_machines_own_names_are_answered(own: Services, host: str) -> None:
    assert browser(own, host="127.0.0.1").get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-forwarded-proto", "x-real-ip"])
def test_a_proxy_that_nobody_told_us_of_shows_nothing(own: Services, header: str) -> None:
    answer = browser(own, host="127.0.0.1").get("/", headers={header: "203.0.113.7"})
    assert answer.status_code == 403
    assert "PRESSWATCH_PASSWORD_HASH" in answer.text


@pytest.mark.parametrize(
    "next_",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)",
     "/\t/evil.example", "/\n/evil.example", "///evil.example", "data:text/html,x", " //evil.example",
     "/ /evil.example",
     "evil.example", "", "/\u2044evil", "/%0d%0aset-cookie:a=b\r\nset-cookie: a=b"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(reached: Services, next_: str) -> None:
    client = browser(reached)
    page = client.get(f"/sign-in?next={quote(next_)}")
    assert "evil" not in page.text
    assert 'name="next" value="/"' in page.text
    answer = sign_in(client, next=next_)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get(f"/sign-in?next={quote(next_)}").headers["location"] == "/"


# What answers carry


def test_every_answer_is_under_the_policy(reached: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(reached)
    answers = [client.get("/sign-in"), client.get("/"), client.get("/static/style.css"), client.get("/healthz")]
    answers += [client.post("/sign-in"), client.get("/", headers={"host": "evil.example"})]
    sign_in(client)
    answers += [client.get(address) for address in addresses(reached, "GET")]
    answers += [client.get("/no-such-page"), client.request("DELETE", "/")]
    monkeypatch.setattr(Briefs, "list", lambda *_, **__: 1 / 0)
    answers.append(client.get("/"))
    assert answers[-1].status_code == 500
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy or "frame-ancestors 'self'" in policy
        assert "unsafe-inline" not in policy or "sandbox" in policy
        assert "unsafe-eval" not in policy
        assert "*" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["x-frame-options"] in ("DENY", "SAMEORIGIN")
        assert "server" not in answer.headers


def test_no_page_has_anything_inline_or_from_elsewhere(own: Services) -> None:
    client = browser(own, host="127.0.0.1")
    for address in addresses(own, "GET"):
        answer = client.get(address)
        if answer.headers.get("content-type", "").startswith("text/html") and "sandbox" not in answer.headers.get(
            "content-security-policy", ""
        ):
            page = answer.text.lower()
            assert " style=" not in page, address
            assert "<style" not in page, address
            assert " onclick=" not in page, address
            assert "<script>" not in page, address
            for attribute in ('src="', 'action="', 'rel="stylesheet" href="'):
                for value in page.split(attribute)[1:]:
                    assert value.startswith("/"), (address, value[:80])


def test_what_was_shown_to_somebody_signed_in_is_not_kept(reached: Services) -> None:
    client = browser(reached)
    sign_in(client)
    assert "no-store" in client.get("/").headers["cache-control"]
    style = client.get("/static/style.css?0123456789")
    assert "immutable" in style.headers["cache-control"]


def test_an_error_page_tells_nothing_of_the_inside(reached: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from presswatch import __version__

    client = browser(reached)
    sign_in(client)
    secret = "planted-secret"

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"{secret} in {reached.settings.data_dir}")

    monkeypatch.setattr(Briefs, "list", fail)
    answers = [client.get("/"), client.get("/no-such-page"), client.get("/?since=x"), client.post("/")]
    answers += [client.get("/", headers={"host": "evil.example"}), client.get("/static/no-such-file")]
    answers += [client.get("/api/v1/no-such-thing")]
    for answer in answers:
        assert answer.status_code >= 400
        for told in (secret, str(reached.settings.data_dir), __version__, "Traceback", "RuntimeError", ".py", HASH):
            assert told not in answer.text, answer.request.url
            assert told not in str(answer.headers), answer.request.url


def test_health_is_one_word(reached: Services) -> None:
    answer = browser(reached).get("/healthz", headers={"host": "10.0.0.5"})
    assert answer.json() == {"well": False}
    assert answer.status_code == 503


def test_head_is_get_without_its_body(own: Services) -> None:
    client = browser(own, host="127.0.0.1")
    answer = client.head("/")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-length"] == client.get("/").headers["content-length"]


# Tokens


@pytest.mark.parametrize("scope", ["read", "admin"])
def test_a_token_reads_and_no_form_takes_it(reached: Services, scope: str) -> None:
    client, shown = browser(reached), token(reached, scope)
    assert client.get("/", headers=shown).status_code == 200
    key = _any_key(client)
    assert client.post("/sign-out", data={"form_key": key}, headers=shown).status_code == 403


def test_a_feed_reader_shows_its_token_as_a_password(reached: Services) -> None:
    client = browser(reached)
    secret = token(reached)["authorization"].removeprefix("Bearer ")
    assert client.get("/", auth=("anybody", secret)).status_code == 200
    assert client.get("/", auth=(secret, "anybody")).status_code == 401


@pytest.mark.parametrize("shown", ["Bearer x", "Bearer", "Basic !!!", "Basic eDp5", "Digest x", "", "Bearer \xe4"])
def test_what_is_no_token_is_refused(reached: Services, shown: str) -> None:
    answer = browser(reached).get("/", headers={"authorization": shown.encode("latin-1")})
    assert answer.status_code == 401


def test_a_revoked_token_is_refused_at_once_also_for_this_machine(tmp_path: Path) -> None:
    with services(tmp_path) as found:
        client, shown = browser(found, host="127.0.0.1"), token(found)
        assert client.get("/", headers=shown).status_code == 200
        found.store.access.revoke("a read token", now=datetime.now(UTC))
        assert client.get("/", headers=shown).status_code == 401
