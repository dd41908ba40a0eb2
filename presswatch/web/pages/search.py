"""`/search?q=`: articles by their words."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from presswatch.store.records import Hit
from presswatch.web.filters import ChosenOf
from presswatch.web.site import SiteOf

router = APIRouter()
_A_PAGE = 30
_LONGEST = 200  # characters of a question


@router.get("/search")
def search(site: SiteOf, chosen: ChosenOf, q: str = "") -> HTMLResponse:
    """The articles that hold the words, and pass the filter."""
    asked = " ".join(q[:_LONGEST].split())
    hits = site.store.search.find(asked, limit=_A_PAGE, wanted=chosen.stories(limit=_A_PAGE)) if asked else ()
    return site.page(
        "search.html",
        asked=asked,
        chosen=chosen,
        hits=[(hit, _parts(hit)) for hit in hits],
        full=len(hits) == _A_PAGE,
        languages=site.names("language"),
        sources=site.services.sources,
    )


def _parts(hit: Hit) -> list[tuple[str, bool]]:
    """The excerpt in pieces, and which of them were looked for."""
    parts, place = [], 0
    for start, end in hit.marks:
        parts += [(hit.excerpt[place:start], False), (hit.excerpt[start:end], True)]
        place = end
    return [*parts, (hit.excerpt[place:], False)]
