"""`/`: the stories, newest first, by day."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from presswatch.web.filters import LISTED, ChosenOf
from presswatch.web.site import SiteOf

router = APIRouter()
_A_PAGE = 30  # stories: about what one sitting reads
_SUGGESTED = 60  # names offered while one types; more would weigh more than the stories


@router.get("/")
def stories(site: SiteOf, chosen: ChosenOf, after: str = "") -> HTMLResponse:
    """The stories that the filter takes, from the place `after` on."""
    briefs = site.store.briefs
    page = briefs.list(chosen.stories(limit=_A_PAGE, after=after or None))
    days = groupby(page.briefs, key=lambda brief: brief.date.astimezone(site.zone).date())
    return site.page(
        "stories.html",
        days=[(day, [site.in_brief(brief) for brief in of_day]) for day, of_day in days],
        chosen=chosen,
        levels=LISTED,
        sources=site.services.sources,
        topics=site.services.topics,
        languages=briefs.names("language"),
        organisations=briefs.names("organisation", limit=_SUGGESTED),
        places=briefs.names("place", limit=_SUGGESTED),
        older=chosen.onward("/", page.cursor) if page.cursor else "",
    )
