"""Recipients' addresses: which are mail, and how they may be shown and kept. Does no input or output.

An address has three forms. As it is written in `digests.yaml` it may name
variables of the environment, `${NAME}`. Filled in, it may hold a secret, and
lives only while something is sent. In its kept form it stands in the store: as
written, where that tells no secret, and else as its scheme and a fingerprint,
by which it is found in `digests.yaml` again.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from presswatch.errors import ConfigError

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_ONLY_VARIABLE = re.compile(r"\$\{\w+\}")
_SCHEME = re.compile(r"[A-Za-z][\w.+-]*:")
_NO_SECRET = ("file", "stdout")
# 50,000 rounds take 15 ms, once a chat address and delivery; they keep a weak password from being guessed by its
# fingerprint. Migration 0005 makes the same fingerprints: change neither without the other.
_ROUNDS, _SALT = 50_000, b"presswatch recipient"


_WEBHOOK = re.compile(r"webhook\+(https?)://(?:(whsec_[A-Za-z0-9+/_=-]*)@)?([!-~]+)")
_SHORTEST = 24  # bytes of a webhook's key: what the specification asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a webhook is, and the key that signs for it. No part but the host is to be shown."""

    host: str
    port: int
    secure: bool
    target: str = field(repr=False)  # path and query
    key: bytes = field(repr=False)


def is_mail(recipient: str) -> bool:
    """Whether our own mail channel serves it; `mailto://…` with two slashes is Apprise's."""
    return recipient.startswith("mailto:") and not recipient.startswith("mailto://")


def is_webhook(recipient: str) -> bool:
    """Whether our own signed webhook serves it."""
    return recipient.startswith("webhook+")


def webhook(recipient: str) -> Webhook:
    """A webhook's address in its parts; raises `ConfigError`, which tells nothing of it."""
    match = _WEBHOOK.fullmatch(recipient)
    if not match:
        raise ConfigError('a webhook is written "webhook+https://${SECRET}@host.example/path", in plain ASCII.')
    scheme, secret, rest = match.groups()
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if secret is None or "@" in parts.netloc:
        raise ConfigError(
            "a webhook's secret stands before its host and starts with whsec_:"
            ' "webhook+https://${SECRET}@host.example/path". docs/operate.md says how to make one.'
        )
    if not host or parts.fragment:
        raise ConfigError('a webhook has a host and no "#": "webhook+https://${SECRET}@host.example/path".')
    path = parts.path or "/"
    return Webhook(
        host=host,
        port=port or (443 if scheme == "https" else 80),
        secure=scheme == "https",
        target=f"{path}?{parts.query}" if parts.query else path,
        key=_key(secret.removeprefix("whsec_")),
    )


def _key(text: str) -> bytes:
    """The key that a secret spells in base64, in either of its two alphabets."""
    plain = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        key = b""
    if len(key) < _SHORTEST:
        raise ConfigError(
            f"a webhook's secret is whsec_ and at least {_SHORTEST} random bytes in base64."
            " docs/operate.md says how to make one."
        )
    return key


def shown(recipient: str) -> str:
    """A recipient, in any form, as others may read it: never a whole mail address, never a chat service's secret."""
    if _ONLY_VARIABLE.fullmatch(recipient):
        return recipient
    scheme, _, rest = recipient.partition(":")
    if is_mail(recipient):
        local, at, domain = rest.partition("?")[0].rpartition("@")
        return f"{local[:1]}…@{domain}" if at or not _VARIABLE.search(rest) else recipient
    return f"{scheme}:{rest}" if scheme in _NO_SECRET else f"{scheme}://…"


def filled(written: str, environ: Mapping[str, str]) -> str:
    """The address itself; raises `ConfigError` for a variable that is not set, and for what is no address."""

    def value(match: re.Match[str]) -> str:
        if not environ.get(match[1]):
            raise ConfigError(f"the environment variable {match[1]} is not set; set it (for instance in .env).")
        return environ[match[1]]

    address = _VARIABLE.sub(value, written)
    if not _SCHEME.match(address):
        # Never the filled form, which may hold a secret.
        raise ConfigError(
            f'{written!r} is not a recipient; write "mailto:you@example.org", "file:digests" or "stdout:".'
        )
    if is_webhook(address):
        webhook(address)
    return address


def kept(recipient: str) -> str:
    """The form for the store, which tells no secret: the same for the same text, and of a kept form itself."""
    scheme = recipient.partition(":")[0]
    if is_mail(recipient) or scheme in _NO_SECRET or _ONLY_VARIABLE.fullmatch(recipient) or is_fingerprint(recipient):
        return recipient
    fingerprint = hashlib.pbkdf2_hmac("sha256", recipient.encode(), _SALT, _ROUNDS, 8).hex()
    return f"{scheme if _SCHEME.match(recipient) else ''}://…#{fingerprint}"


def is_fingerprint(recipient: str) -> bool:
    """Whether a kept form cannot be filled in, and has to be found among the addresses that are written somewhere."""
    return re.fullmatch(r"[\w.+-]*://…#[0-9a-f]{16}", recipient) is not None


def by_kept_form(written: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """The addresses themselves by their kept forms; raises `ConfigError` as `filled` does.

    Each stands under two: as it is written, and as it is when filled in, which is
    how a store of an earlier version knew it.
    """
    found: dict[str, str] = {}
    for one in dict.fromkeys(written):
        address = filled(one, environ)
        found |= {kept(form): address for form in (address, one)}
    return found
