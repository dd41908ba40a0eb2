"""`/`: the stories, newest first, by day."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from presswatch.models import Level, Story
from presswatch.web.filters import ChosenOf
from presswatch.web.site import SiteOf

router = APIRouter()
_A_PAGE = 30  # stories: about what one sitting reads


@router.get("/")
def stories(site: SiteOf, chosen: ChosenOf, after: str = "") -> HTMLResponse:
    """The stories that the filter takes, from after the story `after` on."""
    found = site.store.stories.list(chosen.stories(limit=_A_PAGE + 1, after=after or None))
    shown, more = found[:_A_PAGE], len(found) > _A_PAGE
    days = [(day, list(of_day)) for day, of_day in groupby(shown, key=lambda story: _day(site, story))]
    return site.page(
        "stories.html",
        days=[(day, [item for story in of_day if (item := site.item(story))]) for day, of_day in days],
        chosen=chosen,
        levels=tuple(Level),
        sources=site.services.sources,
        topics=site.services.topics,
        next=shown[-1].id if more else "",
    )


def _day(site: SiteOf, story: Story) -> str:
    newest = max(v.article.published_at or v.article.first_seen_at for v in story.versions)
    return newest.astimezone(site.zone).date().isoformat()
