"""What is watched and who is told: `config/sources.yaml` and `config/digests.yaml` as checked records."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, field_validator, model_validator

from presswatch import recipients, urls
from presswatch.configfile import Duration, Schema, read, unique, validate
from presswatch.errors import ConfigError
from presswatch.models import DigestPlan, Level, Listing, Source
from presswatch.patterns import endless


def _address(value: str) -> str:
    try:
        return urls.resolve(value)
    except urls.BadAddress as error:
        raise ValueError(str(error)) from None


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from None
    if problem := endless(value):
        raise ValueError(f"{value!r} is refused: {problem}")
    return value


def _selector(value: str) -> str:
    import cssselect

    try:
        cssselect.parse(value)
    except cssselect.SelectorError as error:
        raise ValueError(f"{value!r} is not a CSS selector: {error}") from None
    return value


def is_private_address(url: str) -> bool:
    """Whether an address names its host by a loopback or private IP address, or as localhost."""
    name = urlsplit(url).hostname or ""
    if name == "localhost":
        return True
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        return False


Address = Annotated[str, AfterValidator(_address)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]


class ListingBlock(Schema):
    url: Address
    links: Selector | None = None
    next: Selector | None = None
    spider: str | None = Field(default=None, pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")  # one of the operator's own

    @model_validator(mode="after")
    def read_by_one(self) -> "ListingBlock":
        if (self.links is None) == (self.spider is None):
            raise ValueError('a listing is read by "links", a selector, or by "spider", a class of your own; give one')
        if self.spider and self.next:
            raise ValueError('"next" belongs to "links"; a spider follows by itself')
        return self


class SourceBlock(Schema):
    """One block of `sources.yaml`; only `id` and one way in are required."""

    id: Identifier
    name: str = ""
    language: LanguageCode | None = None
    homepage: Address | None = None
    every: Duration = timedelta(minutes=15)
    delay: Duration = timedelta(seconds=2)
    feeds: tuple[Address, ...] = ()
    wordpress: Address | None = None
    sitemaps: tuple[Address, ...] = ()
    listings: tuple[ListingBlock, ...] = ()
    articles: Pattern | None = None
    enabled: bool = True
    allow_private: bool = False

    @field_validator("every")
    @classmethod
    def not_too_often(cls, value: timedelta) -> timedelta:
        if value < timedelta(seconds=1):
            raise ValueError("a source can be visited once a second at most; news sites deserve 5m or more")
        return value

    @model_validator(mode="after")
    def whole(self) -> "SourceBlock":
        addresses = self.addresses()
        if not addresses:
            raise ValueError("there is no way in; give at least one of feeds, wordpress, sitemaps and listings")
        if not self.delay and not all(is_private_address(url) for url in addresses):
            raise ValueError("a delay of 0s is allowed for a private address only; other people's sites get 1s or more")
        return self

    def addresses(self) -> tuple[str, ...]:
        rest = (self.wordpress,) if self.wordpress else ()
        return (*self.feeds, *rest, *self.sitemaps, *(listing.url for listing in self.listings))

    def record(self) -> Source:
        return Source(
            id=self.id,
            name=self.name or self.id,
            language=self.language,
            homepage=self.homepage,
            every=self.every,
            delay=self.delay,
            feeds=self.feeds,
            wordpress=self.wordpress,
            sitemaps=self.sitemaps,
            listings=tuple(
                Listing(url=block.url, links=block.links or "", next=block.next, spider=block.spider)
                for block in self.listings
            ),
            articles=self.articles,
            enabled=self.enabled,
            allow_private=self.allow_private,
        )


class SourcesFile(Schema):
    sources: tuple[SourceBlock, ...] = Field(min_length=1)


_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _days(part: str) -> str:
    """ "1-5" as "mon,tue,wed,thu,fri"; names and "*" stay."""
    match = re.fullmatch(r"([0-7])(?:-([0-7]))?(?:/(\d+))?", part)
    if not match:
        return part
    first = int(match[1])
    last = int(match[2]) if match[2] else (7 if match[3] else first)
    return ",".join(_DAYS[day] for day in range(first, last + 1, int(match[3] or 1))) or part


def _named_days(cron: str) -> str:
    """The expression with its weekdays by name: cron counts from Sunday, APScheduler from Monday."""
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f'{cron!r} is not a cron time; write five fields, such as "0 7 * * mon-fri"')
    fields[4] = ",".join(_days(part) for part in fields[4].split(","))
    from apscheduler.triggers.cron import CronTrigger

    try:
        CronTrigger.from_crontab(" ".join(fields), timezone="UTC")
    except ValueError as error:
        raise ValueError(f"{cron!r} is not a cron time: {error}") from None
    return " ".join(fields)


_PROMPTLY = "promptly"


class DigestBlock(Schema):
    """One block of `digests.yaml`."""

    name: Identifier
    title: str = "AI in the United Kingdom"
    at: tuple[str, ...] = Field(min_length=1)
    timezone: str = "UTC"
    language: LanguageCode = "en"
    levels: tuple[Level, ...] = (Level.FOCUS, Level.PART)
    topics: tuple[str, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    look_back: Duration = timedelta(days=7)
    when_empty: Literal["skip", "say so"] = "skip"
    to: tuple[str, ...] = Field(min_length=1)

    @field_validator("at", "to", "levels", "topics", "languages", mode="before")
    @classmethod
    def one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("at")
    @classmethod
    def cron_times(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if _PROMPTLY in value:
            if len(value) > 1:
                raise ValueError(f'"{_PROMPTLY}" stands alone: there is no other time beside it')
            return value
        return tuple(_named_days(cron) for cron in value)

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'{value!r} is not a time zone; write it like "Europe/London"') from None
        return value


class DigestsFile(Schema):
    digests: tuple[DigestBlock, ...] = ()


def load_sources(path: Path) -> tuple[Source, ...]:
    """Every source of the catalogue, the disabled ones too; raises `ConfigError`."""
    document = read(path)
    blocks = validate(SourcesFile, document).sources
    unique(document, blocks, "id", "sources")
    return tuple(block.record() for block in blocks)


def load_digests(
    path: Path, environ: Mapping[str, str], topics: frozenset[str] | None = None
) -> tuple[DigestPlan, ...]:
    """Every digest, its recipients as they are written, with ${NAME}.

    Raises `ConfigError`, also for a variable that is not set in `environ` and, where
    `topics` is given, for a topic that `topics.yaml` does not hold.
    """
    document = read(path)
    blocks = validate(DigestsFile, document).digests
    unique(document, blocks, "name", "digests")
    plans = []
    for number, block in enumerate(blocks):
        for topic in block.topics:
            if topics is not None and topic not in topics:
                known = ", ".join(sorted(topics))
                raise document.error(
                    f"{topic!r} is not a topic of topics.yaml; it has {known}.", ("digests", number, "topics")
                )
        try:
            for recipient in block.to:
                recipients.filled(recipient, environ)
        except ConfigError as error:
            raise document.error(str(error), ("digests", number, "to")) from None
        plans.append(
            DigestPlan(
                name=block.name,
                title=block.title,
                cron=() if _PROMPTLY in block.at else block.at,
                prompt=_PROMPTLY in block.at,
                timezone=block.timezone,
                language=block.language,
                levels=block.levels,
                topics=block.topics,
                languages=block.languages,
                look_back=block.look_back,
                when_empty=block.when_empty,
                recipients=block.to,
            )
        )
    return tuple(plans)
