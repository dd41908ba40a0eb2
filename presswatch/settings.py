"""How the service runs: `config/presswatch.toml` and the environment, read once and checked.

Secrets come from the environment only. Only the command line reads the
environment; everything below it is handed a `Settings`.
"""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from presswatch.configfile import Duration, Schema, Size, read, validate
from presswatch.errors import ConfigError
from presswatch.second_reader.settings import SecondReaderSettings, from_environment

_PACKAGE = Path(__file__).parent


def bundled_config() -> Path:
    """The defaults: inside an installed package, or `config/` of the checkout."""
    installed = _PACKAGE / "bundled_config"
    return installed if installed.is_dir() else _PACKAGE.parent / "config"


class CrawlSettings(Schema):
    """Politeness and limits, for every source."""

    deadline: Duration = timedelta(minutes=20)
    timeout: Duration = timedelta(seconds=60)
    max_body: Size = 10_000_000
    max_redirects: int = Field(default=5, ge=0, le=20)
    recheck_for: Duration = timedelta(days=14)
    recheck_every: Duration = timedelta(days=1)


class ProcessSettings(Schema):
    """The steps after the crawl."""

    deadline: Duration = timedelta(minutes=30)
    batch: int = Field(default=200, ge=1)
    story_window: Duration = timedelta(days=14)


class ArchiveSettings(Schema):
    """The WARC files of raw responses."""

    address: str = ""  # a folder that several machines share, or an address such as s3://bucket/presswatch
    max_file: Size = 500_000_000
    keep: Duration = timedelta(days=3650)


class PagesSettings(Schema):
    """What the store remembers of each page beyond its address, which stays known for ever."""

    keep: Duration = timedelta(days=3650)


class AlertSettings(Schema):
    """When a source counts as ill, and which recipients are the operator."""

    failures: int = Field(default=3, ge=1)
    to: tuple[str, ...] = ()  # as in digests.yaml; ${NAME} is filled in by `Services`

    @field_validator("to", mode="before")
    @classmethod
    def one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class MonitoringSettings(Schema):
    """How others see that the service lives."""

    port: int = Field(default=0, ge=0, le=65535)  # 0: no /healthz and no /metrics
    host: str = "127.0.0.1"
    ping: str = Field(default="", repr=False)  # asked after each good cycle; its path is a secret
    ping_private: bool = False  # the address may be one of the operator's own network


class WebhookSettings(Schema):
    """Where webhooks may lead."""

    private: bool = False  # they may be on the operator's own network


class WebSettings(Schema):
    """The pages: where they are served, under which names, and who may see them."""

    enabled: bool = True
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=0, le=65535)  # 0: any free one
    hosts: tuple[str, ...] = ()  # further names that a browser may ask for, as a proxy passes them on
    proxy: tuple[str, ...] = ()  # addresses of proxies whose headers are believed
    proxy_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")  # with it the proxy says who has signed in
    session: Duration = timedelta(days=7)
    address: str = ""  # at which readers find the pages: digests link to the ledger there

    @field_validator("hosts", "proxy", mode="before")
    @classmethod
    def one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("hosts")
    @classmethod
    def plain_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", name):
                raise ValueError(f'{name!r} is not a host name; write it like "news.example.org", without a port')
        return value

    @field_validator("proxy")
    @classmethod
    def networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            try:
                ip_network(address)
            except ValueError:
                raise ValueError(f'{address!r} is not an address; write it like "127.0.0.1" or "10.0.0.0/8"') from None
        return value

    @field_validator("address")
    @classmethod
    def a_site(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[!-~]*)?", value):
            raise ValueError(f'{value!r} is not the address of a site; write it like "https://news.example.org"')
        return value

    @field_validator("session")
    @classmethod
    def long_enough(cls, value: timedelta) -> timedelta:
        if not timedelta(minutes=5) <= value <= timedelta(days=90):
            raise ValueError("a session lasts from 5m to 90d")
        return value


class ScheduleSettings(Schema):
    """How often the service looks whether something is due, and what does it then."""

    crawl: Duration = timedelta(seconds=30)
    process: Duration = timedelta(seconds=30)
    digest: Duration = timedelta(seconds=30)
    deliver: Duration = timedelta(seconds=30)
    prune: Duration = timedelta(hours=24)
    alert: Duration = timedelta(minutes=1)
    forked: bool = True  # a process keeps the libraries loaded from which what does the work is forked

    @field_validator("crawl", "process", "digest", "deliver", "prune", "alert")
    @classmethod
    def at_least_a_second(cls, value: timedelta) -> timedelta:
        if value < timedelta(seconds=1):
            raise ValueError("a tick shorter than a second would only burn the processor; use 1s or more")
        return value


class SettingsFile(Schema):
    """What `presswatch.toml` may hold."""

    watch: str = Field(default="uk-ai", pattern=r"^[a-z0-9][a-z0-9-]*$")
    contact: str = ""
    crawl: CrawlSettings = CrawlSettings()
    process: ProcessSettings = ProcessSettings()
    archive: ArchiveSettings = ArchiveSettings()
    pages: PagesSettings = PagesSettings()
    alerts: AlertSettings = AlertSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    webhooks: WebhookSettings = WebhookSettings()
    web: WebSettings = WebSettings()
    schedule: ScheduleSettings = ScheduleSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. `host` is empty where no mail server was given."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is settled before the service starts."""

    config_dirs: tuple[Path, ...]  # the operator's, then the bundled defaults
    data_dir: Path
    database_url: str = field(repr=False)  # SQLAlchemy's form; may hold a password
    watch: str
    contact: str
    mail: MailServer
    second_reader: SecondReaderSettings
    environ: Mapping[str, str] = field(repr=False)  # for ${NAME} in recipients
    crawl: CrawlSettings
    process: ProcessSettings
    archive: ArchiveSettings
    pages: PagesSettings
    alerts: AlertSettings
    monitoring: MonitoringSettings
    webhooks: WebhookSettings
    web: WebSettings
    password_hash: str = field(repr=False)  # of the pages; empty where none is set
    schedule: ScheduleSettings

    def file(self, name: str) -> Path:
        """The operator's copy of a config file, else the bundled one."""
        return find_config(self.config_dirs, name)

    def serving(self, *, host: str | None = None, port: int | None = None, pages: bool = True) -> "Settings":
        """The same, with the pages somewhere else, or left out."""
        chosen = {"host": host, "port": port, "enabled": self.web.enabled and pages}
        given = {name: value for name, value in chosen.items() if value is not None}
        return replace(self, web=self.web.model_copy(update=given))

    @property
    def archive_dir(self) -> Path:
        """The archive's folder; where it is at an address, the one that it would have without."""
        elsewhere = self.archive.address
        return Path(elsewhere) if elsewhere and "://" not in elsewhere else self.data_dir / "archive"

    @property
    def machine(self) -> str:
        """How this service is known to the others on its store: by PRESSWATCH_MACHINE, or by host and data folder."""
        return self.environ.get("PRESSWATCH_MACHINE") or f"{socket.gethostname()}:{self.data_dir}"

    @property
    def cache_dir(self) -> Path:
        """What can be made anew: PRESSWATCH_CACHE, which several data folders may share, or a folder in this one."""
        return Path(self.environ.get("PRESSWATCH_CACHE") or self.data_dir / "cache")

    @property
    def user_agent(self) -> str:
        """The project's name and, where the operator gave one, an address to complain to."""
        from presswatch import __version__

        return f"presswatch/{__version__}" + (f" (+{self.contact})" if self.contact else " (news monitor)")


def find_config(config_dirs: tuple[Path, ...], name: str) -> Path:
    """The first folder's `name`; raises `ConfigError` where none holds it."""
    for folder in config_dirs:
        if (folder / name).exists():
            return folder / name
    looked = " and ".join(str(folder) for folder in config_dirs)
    raise ConfigError(
        f"{name}: there is no such file in {looked}. Copy the one that comes with presswatch and edit it."
    )


def load(config_dir: Path | None, data_dir: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read `presswatch.toml` and the environment.

    Raises `ConfigError` where the file, a variable or a folder cannot be used.
    """
    config_dir = config_dir or (Path(environ["PRESSWATCH_CONFIG"]) if environ.get("PRESSWATCH_CONFIG") else None)
    data_dir = data_dir or Path(environ.get("PRESSWATCH_DATA") or "data")
    if config_dir and not config_dir.is_dir():
        raise ConfigError(f"{config_dir}: there is no such folder. Give --config a folder with config files in it.")
    data_dir = data_dir.absolute()
    if data_dir.exists() and not data_dir.is_dir():
        raise ConfigError(f"{data_dir}: this is a file. Give --data a folder, which is made where it is missing.")
    bundled = bundled_config()
    config_dirs = tuple(dict.fromkeys(d.absolute() for d in (config_dir, bundled) if d))
    chosen = validate(SettingsFile, read(find_config(config_dirs, "presswatch.toml")))
    contact = environ.get("PRESSWATCH_CONTACT") or chosen.contact
    if not contact.isprintable() or not contact.isascii():
        raise ConfigError("PRESSWATCH_CONTACT must be plain ASCII, such as mailto:you@example.org or a web address.")
    return Settings(
        config_dirs=config_dirs,
        data_dir=data_dir,
        database_url=_database_url(environ.get("PRESSWATCH_DATABASE_URL", ""), data_dir),
        watch=chosen.watch,
        contact=contact,
        mail=_mail(environ),
        second_reader=from_environment(environ),
        environ=environ,
        crawl=chosen.crawl,
        process=chosen.process,
        archive=_archive(chosen.archive, environ),
        pages=chosen.pages,
        alerts=chosen.alerts,
        monitoring=_monitoring(chosen.monitoring, environ),
        webhooks=chosen.webhooks,
        web=_web(chosen.web, environ),
        password_hash=_password_hash(environ),
        schedule=chosen.schedule,
    )


def _monitoring(chosen: MonitoringSettings, environ: Mapping[str, str]) -> MonitoringSettings:
    """The environment's PRESSWATCH_PING_URL goes before the file's address."""
    ping = environ.get("PRESSWATCH_PING_URL") or chosen.ping
    if ping and not re.fullmatch(r"https?://[!-~]+", ping):
        raise ConfigError(
            "PRESSWATCH_PING_URL, or [monitoring] ping, must be a web address such as https://hc-ping.com/your-uuid."
        )
    return chosen.model_copy(update={"ping": ping})


def _archive(chosen: ArchiveSettings, environ: Mapping[str, str]) -> ArchiveSettings:
    """The environment's PRESSWATCH_ARCHIVE goes before the file's address; a folder is named from the root."""
    address = (environ.get("PRESSWATCH_ARCHIVE") or chosen.address).removeprefix("file://")
    if address and "://" not in address and not Path(address).is_absolute():
        raise ConfigError(
            f"PRESSWATCH_ARCHIVE, or [archive] address, is {address!r}; write a whole path, or an address such as"
            " s3://bucket/presswatch."
        )
    if "@" in address.partition("://")[2].partition("/")[0]:  # the address is shown and stored: it may hold no secret
        raise ConfigError(
            "PRESSWATCH_ARCHIVE, or [archive] address, holds a user name or password. Leave it out, and give it in the"
            " variables that its kind of storage reads, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    return chosen.model_copy(update={"address": address})


def _web(chosen: WebSettings, environ: Mapping[str, str]) -> WebSettings:
    """The environment's PRESSWATCH_WEB_HOST goes before the file's: in a container only it knows what is published."""
    host = environ.get("PRESSWATCH_WEB_HOST") or chosen.host
    return chosen.model_copy(update={"host": host})


def _password_hash(environ: Mapping[str, str]) -> str:
    given = environ.get("PRESSWATCH_PASSWORD_HASH", "").strip()
    if given and not re.fullmatch(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+", given):
        raise ConfigError(
            "PRESSWATCH_PASSWORD_HASH is not what `presswatch password` prints. Make it anew, and keep the single"
            " quotes around it: without them a shell or docker compose swallows the parts that begin with $."
        )
    return given


def _database_url(given: str, data_dir: Path) -> str:
    if not given:
        return f"sqlite:///{data_dir / 'presswatch.sqlite3'}"
    scheme, separator, rest = given.partition("://")
    if not separator or scheme not in ("sqlite", "postgres", "postgresql", "postgresql+psycopg"):
        raise ConfigError(
            "PRESSWATCH_DATABASE_URL must start with sqlite:/// or postgresql://, for instance"
            " postgresql://presswatch:secret@db/presswatch. Leave it empty for SQLite in the data folder."
        )
    return given if scheme == "sqlite" else f"postgresql+psycopg://{rest}"


def _mail(environ: Mapping[str, str]) -> MailServer:
    security = environ.get("PRESSWATCH_SMTP_SECURITY", "starttls").lower() or "starttls"
    if security not in ("starttls", "tls", "none"):
        raise ConfigError(f"PRESSWATCH_SMTP_SECURITY is {security!r}; it may be starttls, tls or none.")
    default_port = {"starttls": "587", "tls": "465", "none": "25"}[security]
    port = environ.get("PRESSWATCH_SMTP_PORT") or default_port
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"PRESSWATCH_SMTP_PORT is {port!r}; it must be a number from 1 to 65535.")
    host, sender = environ.get("PRESSWATCH_SMTP_HOST", ""), environ.get("PRESSWATCH_MAIL_FROM", "")
    user = environ.get("PRESSWATCH_SMTP_USER", "")
    if host and not sender:
        sender = user if "@" in user else ""
        if not sender:
            raise ConfigError("PRESSWATCH_SMTP_HOST is set but PRESSWATCH_MAIL_FROM is not; say whom the mail is from.")
    return MailServer(
        host=host,
        port=int(port),
        user=user,
        password=environ.get("PRESSWATCH_SMTP_PASSWORD", ""),
        security=security,  # type: ignore[arg-type]  # checked above
        sender=sender,
    )
