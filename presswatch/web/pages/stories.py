"""`/`: the stories, newest first, by day."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from presswatch.web.filters import LISTED, ChosenOf
from presswatch.web.site import SiteOf

router = APIRouter()
_A_PAGE = 30  # stories: about what one sitting reads


@router.get("/")
def stories(site: SiteOf, chosen: ChosenOf, after: str = "") -> HTMLResponse:
    """The stories that the filter takes, from the place `after` on."""
    page = site.store.briefs.list(chosen.stories(limit=_A_PAGE, after=after or None))
    days = groupby(page.briefs, key=lambda brief: brief.date.astimezone(site.zone).date())
    return site.page(
        "stories.html",
        days=[(day, [site.in_brief(brief) for brief in of_day]) for day, of_day in days],
        chosen=chosen,
        levels=LISTED,
        sources=site.services.sources,
        topics=site.services.topics,
        languages=site.names("language"),
        organisations=site.names("organisation"),
        places=site.names("place"),
        older=chosen.onward("/", page.cursor) if page.cursor else "",
    )
