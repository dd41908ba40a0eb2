"""Passwords, sessions and tokens as secrets: made, hashed, compared. Reads no file, network or database."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from presswatch.errors import UsageError
from presswatch.store.records import Session, Token

SCOPES = ("read", "admin")  # admin may also change
SHORTEST_PASSWORD = 12  # characters: it is the only factor, and its hash may one day be stolen with a backup
_PREFIX = "presswatch_"  # so that a token is known for one where it turns up
_LONGEST = 200  # characters of anything that somebody offers as a secret; Argon2 would take a megabyte too


def hash_password(password: str) -> str:
    """What PRESSWATCH_PASSWORD_HASH is to be; raises `UsageError` for a password that is too short."""
    from argon2 import PasswordHasher

    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"The password has fewer than {SHORTEST_PASSWORD} characters. Choose a longer one.")
    if len(password) > _LONGEST:
        raise UsageError(f"The password has more than {_LONGEST} characters. Choose a shorter one.")
    return PasswordHasher().hash(password)


def is_password(password: str, hashed: str) -> bool:
    """Whether it is the password; takes as long for a wrong one as for the right one."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return PasswordHasher().verify(hashed, password[:_LONGEST])
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False


def fingerprint(secret: str) -> str:
    """What stands for a secret in the store. For what we made ourselves, 256 random bits, one fast round is enough."""
    return hashlib.sha256(f"presswatch {secret}".encode("utf-8", "replace")).hexdigest()


def new_session(password_hash: str, now: datetime, length: timedelta) -> tuple[str, Session]:
    """What the browser keeps, and what the store keeps of it."""
    secret = secrets.token_urlsafe(32)
    password = fingerprint(password_hash)
    return secret, Session(key=fingerprint(secret), password=password, began_at=now, expires_at=now + length)


def new_token(name: str, scope: str, now: datetime) -> tuple[str, Token]:
    """What its owner keeps, shown once, and what the store keeps of it; raises `UsageError` for an unknown scope."""
    if scope not in SCOPES:
        raise UsageError(f"A token's scope is {' or '.join(SCOPES)}, not {scope!r}.")
    if not re.fullmatch(r"[\w .@-]{1,60}", name):
        raise UsageError("A token's name has 1 to 60 letters, digits, blanks, dots and hyphens.")
    secret = f"{_PREFIX}{secrets.token_urlsafe(32)}"
    return secret, Token(name=name, scope=scope, key=fingerprint(secret), made_at=now)


def form_key(cookie: str) -> str:
    """What a form must bring along, which only a page of ours knows: made from the cookie, which no page can read."""
    return hmac.new(cookie.encode("utf-8", "replace"), b"presswatch form", hashlib.sha256).hexdigest()


def device_mark(password_hash: str, nonce: str) -> str:
    """What a browser that signed in once shows at its next sign-in; another password makes it worthless."""
    return hmac.new(password_hash.encode(), f"presswatch device {nonce}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
