"""Whether there is a second reader, and where: the environment's PRESSWATCH_LLM_ variables, checked.

Does no input or output. Whether an address may be connected to is found out when it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from presswatch.configfile import parse_duration
from presswatch.errors import ConfigError
from presswatch.urls import BadAddress, resolve

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReaderSettings:
    """Which endpoint is asked, and how much of its time is waited for. An empty `url` switches it off."""

    url: str = ""
    key: str = field(default="", repr=False)
    model: str = ""
    deadline: timedelta = timedelta(seconds=20)  # for one article
    # For all articles of one run together; a tenth of the half hour that judging may take by default.
    budget: timedelta = timedelta(minutes=3)
    max_answer: int = 256_000  # bytes; an answer of three sentences is under 10,000

    @property
    def enabled(self) -> bool:
        return bool(self.url)


def from_environment(environ: Mapping[str, str]) -> SecondReaderSettings:
    """PRESSWATCH_LLM_URL, _KEY, _MODEL and _DEADLINE; raises `ConfigError` for one that cannot be used."""
    url, key, model = (environ.get(f"PRESSWATCH_LLM_{name}", "").strip() for name in ("URL", "KEY", "MODEL"))
    if not url:
        return SecondReaderSettings()
    where = endpoint(url)
    if not model:
        raise ConfigError("PRESSWATCH_LLM_URL is set but PRESSWATCH_LLM_MODEL is not; name the model to ask.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(
            "PRESSWATCH_LLM_KEY must be one word of plain ASCII; look for a line break or a quotation mark."
        )
    if key and not where.secure and not where.own:
        raise ConfigError(
            f"PRESSWATCH_LLM_URL would send the key to {where.host} without encryption; use https,"
            " or leave PRESSWATCH_LLM_KEY empty."
        )
    try:
        deadline = parse_duration(environ.get("PRESSWATCH_LLM_DEADLINE") or "20s")
    except ValueError as error:
        raise ConfigError(f"PRESSWATCH_LLM_DEADLINE: {error}.") from error
    if not timedelta(seconds=1) <= deadline <= timedelta(minutes=5):
        raise ConfigError("PRESSWATCH_LLM_DEADLINE must be between 1s and 5m.")
    return SecondReaderSettings(
        url=url, key=key, model=model, deadline=deadline, budget=max(9 * deadline, timedelta(minutes=3))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where questions are asked: the base address with `/chat/completions` behind it."""

    secure: bool
    host: str
    port: int
    netloc: str
    target: str  # path and query

    @property
    def own(self) -> bool:
        """Whether the host says itself that it is the operator's: an address, a bare name, a name of a local zone."""
        try:
            ip_address(self.host)
        except ValueError:
            return "." not in self.host or self.host.endswith(_LOCAL_SUFFIXES)
        return True


def endpoint(url: str, name: str = "PRESSWATCH_LLM_URL") -> Endpoint:
    """The endpoint below a base address such as `http://127.0.0.1:11434/v1`; raises `ConfigError` that tells `name`."""
    try:
        parts = urlsplit(resolve(url))
    except BadAddress:  # its words show the address, which may hold a password
        raise ConfigError(
            f"{name} must be a plain http or https address without a user name, such as http://127.0.0.1:11434/v1."
            " Leave it empty to have no second reader."
        ) from None
    path = parts.path.rstrip("/")
    path = path if path.endswith("/chat/completions") else f"{path}/chat/completions"
    secure = parts.scheme == "https"
    return Endpoint(
        secure=secure,
        host=parts.hostname or "",
        port=parts.port or (443 if secure else 80),
        netloc=parts.netloc,
        target=f"{path}?{parts.query}" if parts.query else path,
    )
