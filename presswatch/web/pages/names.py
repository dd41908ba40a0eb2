"""`/names`: people, organisations and places: how often, since when, and with whom."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from presswatch.store.briefs import COMPANY_OF
from presswatch.web.site import Site, SiteOf

router = APIRouter()
_SHOWN = 40  # names of a kind; the rest is found by its stories
_TOWNS = 6  # places named under each region
_COMPANY = 25
_PLACES = 5000  # that are counted by region
KINDS = {"organisation": "Organisations", "person": "People", "place": "Places"}


@router.get("/names")
def names(site: SiteOf, kind: str = "", name: str = "") -> HTMLResponse:
    """The names that the stories carry most often; with a name, who appears in its stories."""
    if kind and kind not in KINDS:
        raise HTTPException(400, f"The kind may be {', '.join(KINDS)}.")
    if kind and name:
        return _one(site, kind, name)
    briefs = site.store.briefs
    groups = site.snapshot("regions", lambda: _by_region(site))
    return site.page(
        "names.html",
        kinds={kind: (title, briefs.names(kind, limit=_SHOWN)) for kind, title in KINDS.items() if kind != "place"},
        regions=[
            (region, sum(stories for _, stories in some), some[:_TOWNS], len(some) - _TOWNS)
            for region, some in groups.items()
        ],
        top=max((sum(stories for _, stories in some) for some in groups.values()), default=1),
    )


def _by_region(site: Site) -> Mapping[str, list[tuple[str, int]]]:
    """The places and their stories, by where they lie."""
    found = site.store.briefs.names("place", limit=_PLACES)
    return site.regions.counted([(place.name, place.stories) for place in found])


def _one(site: SiteOf, kind: str, name: str) -> HTMLResponse:
    briefs = site.store.briefs
    found = briefs.name(kind, name)
    if found is None:
        raise HTTPException(404, "No story names this. Names are written as the page of names has them.")
    company = briefs.company(kind, name, most=_COMPANY)
    return site.page(
        "name.html",
        found=found,
        kind=KINDS[kind],
        looked_at=min(found.stories, COMPANY_OF),
        company=[
            (title, [other for other in company if other.kind == of])
            for of, title in (*KINDS.items(), ("topic", "Topics"))
        ],
    )
