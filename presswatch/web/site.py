"""What every page needs: the services, the time, the labels, and the templates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import jinja2
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from presswatch import choosing, figures
from presswatch.briefs import Brief
from presswatch.digests import telling
from presswatch.digests.edition import Item, Labels
from presswatch.models import Story, Version
from presswatch.store.list_records import NameCount
from presswatch.store.records import SourceHistory
from presswatch.web import drawing, wording
from presswatch.web import visitor as visitors
from presswatch.web.snapshots import Snapshot

if TYPE_CHECKING:
    from presswatch.regions import Regions
    from presswatch.services import Services
    from presswatch.store import Store

_Value = TypeVar("_Value")
_FOLDER = Path(__file__).parent
_LANGUAGE = "en"  # of the pages' own words
_KEPT = 500  # stories that are kept as lists tell them, 4 kB each: most visitors look at the newest
_SUGGESTED = 60  # names offered while one types; more would weigh more than the stories


class Site:
    """One presswatch as its pages see it. Safe to use from several threads."""

    def __init__(self, services: Services, clock: Callable[[], datetime]) -> None:
        self.services, self.clock = services, clock
        self.store: Store = services.store
        self._snapshots: dict[str, Snapshot[Any]] = {}
        self.zone = ZoneInfo(services.digests[0].timezone if services.digests else "UTC")
        self.labels = Labels(sources={source.id: source.name for source in services.sources})
        self.in_brief: Callable[[Brief], Item] = lru_cache(_KEPT)(self._in_brief)

    def item(self, story: Story) -> Item | None:
        """A story as it is told; None where no version of it carries news."""
        versions = choosing.relevant(story)
        if not versions:
            return None
        return self.item_of(story, min(versions, key=lambda version: choosing.suitability(version, _LANGUAGE)))

    def item_of(self, story: Story, best: Version) -> Item:
        """A story as it is told by one of its versions."""
        return telling.item(story, best, language=_LANGUAGE, labels=self.labels, zone=self.zone)

    def _in_brief(self, brief: Brief) -> Item:
        """A story as lists tell it."""
        return telling.in_brief(brief, language=_LANGUAGE, labels=self.labels, zone=self.zone)

    def snapshot(self, name: str, make: Callable[[], _Value]) -> _Value:
        """What `make` gives, at most a minute old; made once for all who ask."""
        found = self._snapshots.get(name)
        if found is None:
            found = self._snapshots.setdefault(name, Snapshot(make))
        value: _Value = found.get()
        return value

    def names(self, kind: str) -> tuple[NameCount, ...]:
        """The names of a kind that a filter offers, the most frequent first, at most a minute old."""
        return self.snapshot(f"names, {kind}", lambda: self.store.briefs.names(kind, limit=_SUGGESTED))

    def histories(self) -> tuple[SourceHistory, ...]:
        """What is remembered of every source; what its articles tell, which takes its time, a minute old at most."""
        sources, now = self.store.sources, self.clock()
        articles = self.snapshot("articles of sources", lambda: sources.articles(now=self.clock()))
        return sources.histories(self.services.sources, now=now, articles=articles)

    @cached_property
    def regions(self) -> Regions:
        """Where the places of the watch's country lie."""
        from presswatch import gazetteer, watches
        from presswatch.regions import load_regions

        settings = self.services.settings
        country = watches.load_watch(settings.file(f"watches/{settings.watch}.yaml"), settings.file).country
        towns = gazetteer.load_gazetteer(settings.cache_dir, country.code).towns
        return load_regions(settings.file("regions.yaml"), country.code, country.name, towns)

    def page(self, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
        """A page of this template."""
        text = self._templates.get_template(template).render(**shown)
        return HTMLResponse(text.encode("utf-8", "replace"), status_code=status)  # half a character costs no page

    @cached_property
    def _templates(self) -> jinja2.Environment:
        # Escaping is on for every template, and a misspelt name is an error.
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(static=_static, bar=drawing.bar, labels=self.labels, visitor=visitors.current)
        environment.filters.update(
            day=lambda moment: wording.day(moment, self.zone),
            shortday=lambda moment: wording.short_day(moment, self.zone),
            minute=lambda moment: wording.minute(moment, self.zone),
            moment=wording.machine,
            plain=telling.plain,
            link=telling.link,
            count=wording.count,
            worded=figures.worded,
            date=wording.date,
        )
        return environment


def _static(name: str) -> str:
    """The address of a file of ours, changed with its content, so that a browser may keep it for good."""
    content = (_FOLDER / "static" / name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:10]}"


# Here and in what else the routes depend on: FastAPI takes a thread for each dependency that is no coroutine, and its
# turn of the interpreter with it, which cost more than some pages.
async def _of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


SiteOf = Annotated[Site, Depends(_of)]
