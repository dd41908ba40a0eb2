"""Canonical addresses: the identity of an article. Does no input or output.

Feed guids drift, titles are edited, slashes and tracking parameters come and
go; the canonical address stays. Two addresses that any server would answer with
the same article have one canonical form.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from presswatch.errors import PresswatchError

# Parameters that say where a reader came from, never what the page is.
_TRACKING = re.compile(
    r"^(utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|ncid|nvid|nv_\w+|cmpid|icid|igshid|ref|ref_src|s_cid|linkid|spm|_ga|_gl|_hs\w+)$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Everything that may stand unescaped in a path (RFC 3986 pchar and "/").
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"


class BadAddress(PresswatchError):
    """Text that is not an http or https address."""


def _host(parts: SplitResult, url: str) -> str:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(f"{url!r} is not an address: {error}") from error
    if not host or re.search(r"[\s\\<>\"^`{|}]", host):
        raise BadAddress(f"{url!r} names no host")
    if ":" not in host:  # an IPv6 address stays as it is
        host = host.rstrip(".")
        try:
            host = host.encode("idna").decode("ascii") if not host.isascii() else host.lower()
        except UnicodeError as error:
            raise BadAddress(f"{url!r} has a host name that cannot be looked up") from error
        # Asked after the look-alikes of dots and blanks have become them.
        if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", host):
            raise BadAddress(f"{url!r} has a host name that cannot be looked up")
    else:
        host = f"[{host}]"
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def resolve(url: str, base: str = "") -> str:
    """The absolute form of `url` as it is to be fetched, without its fragment.

    Raises `BadAddress` for anything but http and https, for addresses with user
    information, control characters or backslashes (which parsers read differently).
    """
    text = url.strip()
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise BadAddress(f"{text[:200]!r} holds characters that no address may hold")
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
    except ValueError as error:
        raise BadAddress(f"{text[:200]!r} is not an address: {error}") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise BadAddress(f"{joined[:200]!r} is not an http or https address")
    if "@" in parts.netloc:
        raise BadAddress(f"{joined[:200]!r} carries a user name, which is refused")
    path = quote(parts.path or "/", safe=_PATH_SAFE)
    return urlunsplit((parts.scheme, _host(parts, joined), path, quote(parts.query, safe=_PATH_SAFE + "?"), ""))


def canonical(url: str, base: str = "") -> str:
    """The identity of the page at `url`.

    Lower-case host, no default port, fragment, tracking parameters or empty
    query; parameters sorted; percent-escapes in one spelling; no trailing slash
    but for the root. The scheme is kept: a site that serves both redirects.
    """
    parts = urlsplit(resolve(url, base))
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    path = re.sub(r"%[0-9a-fA-F]{2}", lambda m: m[0].upper(), re.sub(r"/{2,}", "/", parts.path))
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/") or "/", urlencode(query), ""))


@lru_cache(maxsize=4096)  # asked for the same few addresses again and again
def host(url: str) -> str:
    """The host and port that an address asks, as a key for politeness; raises `BadAddress`."""
    return urlsplit(resolve(url)).netloc


def slug(url: str) -> str:
    """The last part of an address's path, lower-case: joins translations that keep the English slug."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2].lower()
