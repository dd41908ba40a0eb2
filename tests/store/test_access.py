"""Sessions and tokens in the store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch import keys
from presswatch.errors import StoreError, UsageError
from presswatch.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"
HOUR = timedelta(hours=1)


def test_a_session_is_known_until_it_is_over(store: Store) -> None:
    secret, session = keys.new_session(HASH, NOW, HOUR)
    store.access.begin(session, now=NOW)
    assert store.access.session(keys.fingerprint(secret), now=NOW + HOUR - timedelta(seconds=1)) == session
    assert store.access.session(keys.fingerprint(secret), now=NOW + HOUR) is None
    assert store.access.session(secret, now=NOW) is None


def test_signing_out_ends_one_session_and_not_the_others(store: Store) -> None:
    sessions = [keys.new_session(HASH, NOW, HOUR)[1] for _ in range(3)]
    for session in sessions:
        store.access.begin(session, now=NOW)
    store.access.end(sessions[0].key)
    assert [store.access.session(s.key, now=NOW) is not None for s in sessions] == [False, True, True]
    assert store.access.end_all() == 2
    assert store.access.session(sessions[1].key, now=NOW) is None


def test_sessions_that_are_over_are_forgotten_at_the_next_sign_in(store: Store) -> None:
    store.access.begin(keys.new_session(HASH, NOW, HOUR)[1], now=NOW)
    store.access.begin(keys.new_session(HASH, NOW + 2 * HOUR, HOUR)[1], now=NOW + 2 * HOUR)
    assert store.access.end_all() == 1


def test_a_token_is_known_until_it_is_revoked(store: Store) -> None:
    secret, token = keys.new_token("laptop", "read", NOW)
    kept = store.access.add_token(token)
    assert store.access.token(keys.fingerprint(secret)) == kept
    gone = store.access.revoke("laptop", now=NOW + HOUR)
    assert gone.revoked_at == NOW + HOUR
    assert store.access.token(keys.fingerprint(secret)) is None
    assert [t.name for t in store.access.tokens()] == ["laptop"]
    with pytest.raises(StoreError, match="no valid token named 'laptop'"):
        store.access.revoke("laptop", now=NOW)


def test_a_name_is_free_again_when_its_token_was_revoked(store: Store) -> None:
    store.access.add_token(keys.new_token("laptop", "read", NOW)[1])
    with pytest.raises(StoreError, match="already"):
        store.access.add_token(keys.new_token("laptop", "admin", NOW)[1])
    store.access.revoke("laptop", now=NOW)
    assert store.access.add_token(keys.new_token("laptop", "admin", NOW)[1]).scope == "admin"


@pytest.mark.parametrize(("name", "scope"), [("laptop", "write"), ("", "read"), ("a\nb", "read"), ("x" * 61, "read")])
def test_what_is_no_token_is_refused(name: str, scope: str) -> None:
    with pytest.raises(UsageError):
        keys.new_token(name, scope, NOW)


def test_neither_a_session_nor_a_token_lies_in_the_store(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 's.sqlite3'}") as store:
        secret, session = keys.new_session(HASH, NOW, HOUR)
        token, kept = keys.new_token("laptop", "read", NOW)
        store.access.begin(session, now=NOW)
        store.access.add_token(kept)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert kept.key.encode() in written
    assert secret.encode() not in written
    assert token.encode() not in written
    assert HASH.encode() not in written
