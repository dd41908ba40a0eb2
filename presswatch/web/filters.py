"""Which stories a page or a feed shows, as its address says it. Does no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request

from presswatch.models import Level
from presswatch.store.list_records import StoryFilter

LISTED = (Level.FOCUS, Level.PART, Level.MENTION)  # what lists know; the rest can be searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filter as people set it; empty fields take everything."""

    topic: str = ""
    organisation: str = ""
    person: str = ""
    place: str = ""
    language: str = ""
    level: str = ""
    source: str = ""
    since: date | None = None  # a day, included
    until: date | None = None  # a day, included

    def address(self, path: str = "/", **changes: str | date | None) -> str:
        """The address of `path` under this filter, with some of it changed; an empty value takes a part away."""
        query = replace(self, **changes).query()  # type: ignore[arg-type]
        return f"{path}?{query}" if query else path

    def query(self) -> str:
        """The filter as the query of an address, always in the same order."""
        return urlencode({name: str(value) for name, value in self.parts().items()})

    def without(self, name: str) -> Chosen:
        """The filter with one part taken away."""
        return replace(self, **{name: getattr(Chosen(), name)})

    def onward(self, path: str, cursor: str) -> str:
        """The address of the part of a list that begins at `cursor`."""
        return f"{self.address(path)}{'&' if self.parts() else '?'}{urlencode({'after': cursor})}"

    def parts(self) -> Mapping[str, str | date]:
        """What is set, by name."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def stories(self, *, limit: int, after: str | None = None) -> StoryFilter:
        """The filter as the store takes it."""
        return StoryFilter(
            since=_start(self.since) if self.since else None,
            until=_start(self.until) + timedelta(days=1) if self.until else None,
            topics=(self.topic,) if self.topic else (),
            organisations=(self.organisation,) if self.organisation else (),
            people=(self.person,) if self.person else (),
            places=(self.place,) if self.place else (),
            levels=(Level(self.level),) if self.level else (),
            languages=(self.language,) if self.language else (),
            sources=(self.source,) if self.source else (),
            limit=limit,
            after=after,
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


async def _chosen(request: Request) -> Chosen:
    """Read a filter from an address; what it does not know is refused in words, so that no typo shows everything."""
    given = request.query_params
    words = {f.name: given.get(f.name, "").strip() for f in fields(Chosen)}
    if words["level"] and words["level"] not in LISTED:
        raise HTTPException(400, "The level may be focus, part or mention.")
    try:
        days = {name: _day(words.pop(name)) for name in ("since", "until")}
    except ValueError:
        raise HTTPException(400, "A day is written 2026-01-31.") from None
    return Chosen(**words, **days)  # type: ignore[arg-type]  # strings and days by name


ChosenOf = Annotated[Chosen, Depends(_chosen)]
