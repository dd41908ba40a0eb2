"""Who may come in: signing in and out, sessions and their cookies, and guessing. Item 6 of the attack list."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2.low_level import Type, hash_secret
from fastapi.testclient import TestClient

from presswatch import keys
from presswatch.services import Services
from presswatch.web.app import create_app
from tests.web.browsing import HASH, HOST, PASSWORD, browser, form_key, public, sign_in, submit


def test_signing_in_opens_the_pages_and_leads_to_where_one_wanted(reached: Services) -> None:
    client = browser(reached)
    ahead = client.get("/?topic=quantum").headers["location"]
    assert ahead == "/sign-in?next=/%3Ftopic%3Dquantum"
    key = form_key(client.get(ahead).text)
    fields = {"form_key": key, "password": PASSWORD, "next": "/?topic=quantum"}
    answer = client.post("/sign-in", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?topic=quantum")
    assert client.get("/").status_code == 200
    assert client.get("/sign-in").headers["location"] == "/"


def test_a_wrong_password_opens_nothing(reached: Services) -> None:
    client = browser(reached)
    for wrong in ("", "wrong", PASSWORD.upper(), PASSWORD + " ", PASSWORD + "\0", "x" * 100_000, HASH):
        answer = sign_in(client, wrong)
        assert answer.status_code in (403, 429), wrong[:50]
        assert not any(name.startswith("presswatch_session") for name in client.cookies)
    assert client.get("/").status_code == 303


def test_signing_out_makes_the_cookie_worthless_and_not_only_forgotten(reached: Services) -> None:
    client = browser(reached)
    sign_in(client)
    stolen = client.cookies["presswatch_session"]
    assert submit(client, "/", "/sign-out").headers["location"] == "/sign-in"
    thief = browser(reached)
    thief.cookies.set("presswatch_session", stolen)
    assert thief.get("/").status_code == 303


def test_a_session_ends_by_itself(reached: Services) -> None:
    now = [datetime.now(UTC)]
    client = TestClient(create_app(reached, clock=lambda: now[0]), base_url=f"http://{HOST}", follow_redirects=False)
    sign_in(client)
    now[0] += timedelta(days=7) - timedelta(minutes=1)
    assert client.get("/").status_code == 200
    now[0] += timedelta(minutes=1)
    assert client.get("/").status_code == 303


def test_another_password_ends_every_session(reached: Services, tmp_path: Path) -> None:
    client = browser(reached)
    sign_in(client)
    cookie = client.cookies["presswatch_session"]
    other = "$argon2id$v=19$m=8,t=1,p=1$b3RoZXJzYWx0$aVw+uxzwdEqVo4tlI8TS7Q"
    with public(tmp_path, PRESSWATCH_PASSWORD_HASH=other) as changed:
        later = browser(changed)
        later.cookies.set("presswatch_session", cookie)
        assert later.get("/").status_code == 303


def test_a_session_that_was_planted_is_not_taken_up(reached: Services) -> None:
    client = browser(reached)
    client.cookies.set("presswatch_session", "planted-by-somebody-else")
    sign_in(client)
    assert "planted" not in "".join(cookie.value or "" for cookie in client.cookies.jar if cookie.domain != "")
    thief = browser(reached)
    thief.cookies.set("presswatch_session", "planted-by-somebody-else")
    assert thief.get("/").status_code == 303


def test_cookies_are_out_of_reach(tmp_path: Path) -> None:
    with public(tmp_path, 'proxy = ["10.0.0.1"]') as found:
        plain, behind = browser(found), browser(found, client=("10.0.0.1", 5))
        behind.headers["x-forwarded-proto"] = "https"
        for client, secure in ((plain, False), (behind, True)):
            page = client.get("/sign-in")
            fields = {"form_key": form_key(page.text), "password": PASSWORD}
            # The test's own client goes by http, so that it keeps no Secure cookie by itself.
            held = {"cookie": page.headers["set-cookie"].partition(";")[0]}
            answer = client.post("/sign-in", data=fields, headers=held)
            assert answer.status_code == 303
            cookies = [*page.headers.get_list("set-cookie"), *answer.headers.get_list("set-cookie")]
            assert len(cookies) == 3
            for cookie in cookies:
                assert "; HttpOnly" in cookie
                assert "; SameSite=" in cookie
                assert "; Path=/" in cookie
                assert "Domain" not in cookie
                assert ("; Secure" in cookie) is secure
                assert cookie.startswith("__Host-") is secure


def test_a_stranger_cannot_say_that_it_came_by_https_or_who_it_is(tmp_path: Path) -> None:
    with public(tmp_path, 'proxy = ["10.0.0.1"]\nproxy_header = "X-Forwarded-User"') as found:
        told = {"x-forwarded-user": "the-owner", "x-forwarded-proto": "https"}
        proxy, stranger = browser(found, client=("10.0.0.1", 5)), browser(found, client=("10.0.0.2", 5))
        assert proxy.get("/", headers=told).status_code == 200
        answer = stranger.get("/", headers=told)
        assert answer.status_code == 303
        assert "Secure" not in stranger.get("/sign-in", headers=told).headers["set-cookie"]
        assert proxy.get("/", headers={"x-forwarded-user": " "}).status_code == 303
        # Twice the header: one may be the stranger's, passed on.
        twice = [("x-forwarded-user", "a-stranger"), ("x-forwarded-user", "the-owner")]
        assert proxy.get("/", headers=twice).status_code == 303


# Guessing


def test_guessing_is_slowed_down(reached: Services) -> None:
    client = browser(reached, client=("203.0.113.7", 5))
    statuses = [sign_in(client, f"guess number {n}").status_code for n in range(8)]
    assert statuses == [403] * 5 + [429] * 3
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 429  # also the right one, or the pause would tell
    assert int(answer.headers["retry-after"]) >= 1
    assert sign_in(browser(reached, client=("198.51.100.1", 5))).status_code == 303  # others are not held up


def test_the_owner_gets_in_while_others_guess_from_everywhere(reached: Services) -> None:
    owner = browser(reached, client=("203.0.113.9", 5))
    app = owner.app
    sign_in(owner)
    submit(owner, "/", "/sign-out")
    for n in range(60):
        sign_in(TestClient(app, base_url=f"http://{HOST}", client=(f"198.51.100.{n}", 5)), "a guess")
    stranger = TestClient(app, base_url=f"http://{HOST}", client=("192.0.2.77", 5), follow_redirects=False)
    assert sign_in(stranger).status_code == 429
    assert sign_in(owner).status_code == 303


def test_a_mark_of_ones_own_making_is_worth_nothing(reached: Services) -> None:
    client = browser(reached)
    for n in range(7):
        client.cookies.set("presswatch_device", f"nonce{n}.{keys.device_mark('another hash', f'nonce{n}')}")
        last = sign_in(client, "a guess")
    assert last.status_code == 429


def test_a_wrong_password_takes_as_long_as_the_right_one() -> None:
    """Both are hashed whole: by processor time, the best of many, they are as good as the same."""
    # A tenth of what a real one takes, and well above what a clock can tell.
    hashed = hash_secret(PASSWORD.encode(), b"saltsalt", 3, 8192, 1, 32, Type.ID).decode()

    def cost(password: str) -> float:
        best = 9.9
        for _ in range(5):
            started = time.process_time()
            keys.is_password(password, hashed)
            best = min(best, time.process_time() - started)
        return best

    right = cost(PASSWORD)
    for wrong in ("", "x", PASSWORD[:-1] + "x", "x" * 200):
        assert 0.5 < cost(wrong) / right < 2
