"""The API's routes. Lists come a portion at a time; `next_cursor` leads on, and new rows on top move nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from presswatch.models import Level
from presswatch.monitoring import health
from presswatch.store.list_records import LedgerFilter, StoryFilter
from presswatch.store.records import ArticleFilter
from presswatch.web.api import schemas
from presswatch.web.site import SiteOf
from presswatch.web.visitor import AdminOf

# PostgreSQL takes no NUL in a text, and nobody means one.
_TEXT = r"^[^\x00]*$"
Word = Annotated[str, Query(max_length=200, pattern=_TEXT)]
Words = Annotated[list[Annotated[str, Query(max_length=200, pattern=_TEXT)]], Query(max_length=20)]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=3000, pattern=r"^[A-Za-z0-9_-]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]
Named = Annotated[str, Path(max_length=200, pattern=_TEXT)]


async def _common(
    topic: Words = [],  # noqa: B006  # FastAPI copies its defaults
    language: Words = [],  # noqa: B006
    source: Words = [],  # noqa: B006
    level: Annotated[list[Level], Query(max_length=4)] = [],  # noqa: B006
    since: date | None = None,
    until: Annotated[date | None, Query(description="A day, included.")] = None,
) -> dict[str, Any]:
    """What stories and articles are filtered by alike, as the store takes it."""
    return {
        "topics": tuple(topic),
        "languages": tuple(language),
        "sources": tuple(source),
        "levels": tuple(level),
        "since": _start(since),
        "until": _end(until),
    }


CommonOf = Annotated[dict[str, Any], Depends(_common)]


class _Validated(APIRoute):
    """Gives each answer a validator, and answers 304 to whoever has it already; refuses what a route does not know."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = set(_asked(self.dependant))

        async def validated(request: Request) -> Response:
            if set(request.query_params) - known:
                # A typing error must not show everything where something was asked for.
                raise HTTPException(400, f"There is {', '.join(sorted(known)) or 'nothing'} to ask for, and no more.")
            answer = await handle(request)
            if request.method != "GET" or answer.status_code != 200:
                return answer
            tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
            given = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
            if tag in given or given == ["*"]:
                return Response(status_code=304, headers={"etag": tag, "cache-control": "private, no-cache"})
            answer.headers["etag"] = tag
            answer.headers["cache-control"] = "private, no-cache"
            return answer

        return validated


def _asked(dependant: Dependant) -> Iterator[str]:
    """What a route, and all that it depends on, takes from the query."""
    yield from (one.alias for one in dependant.query_params)
    for other in dependant.dependencies:
        yield from _asked(other)


_PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": schemas.Problem, "description": "What was asked cannot be answered; the sentence says why."},
    "5XX": {"model": schemas.Problem, "description": "This program failed; its log says more."},
}
router = APIRouter(prefix="/api/v1", route_class=_Validated, responses=_PROBLEM)


@router.get("/stories", tags=["stories"])
def stories(
    site: SiteOf,
    common: CommonOf,
    organisation: Words = [],  # noqa: B006
    person: Words = [],  # noqa: B006
    place: Words = [],  # noqa: B006
    limit: Limit = 50,
    cursor: Cursor = "",
) -> schemas.StoryList:
    """Stories, the newest first; of several values of one filter, one is enough."""
    page = site.store.briefs.list(
        StoryFilter(
            **common,
            organisations=tuple(organisation),
            people=tuple(person),
            places=tuple(place),
            limit=limit,
            after=_unpacked(cursor),
        )
    )
    return schemas.StoryList(items=[schemas.brief(one) for one in page.briefs], next_cursor=_packed(page.cursor))


@router.get("/stories/{story}", tags=["stories"])
def story(site: SiteOf, story: Named) -> schemas.StoryOut:
    """One story with all its versions; one that was joined to another is that one."""
    found = site.store.stories.get(story)
    if found is None:
        raise HTTPException(404, "There is no such story.")
    return schemas.story(found)


@router.get("/articles", tags=["articles"])
def articles(
    site: SiteOf,
    common: CommonOf,
    url: Annotated[str, Query(max_length=2000, pattern=_TEXT, description="One article, by its address.")] = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> schemas.ArticleList:
    """Articles, told or not, the newest first."""
    if url:
        one = site.store.articles.get(url)
        return schemas.ArticleList(items=[schemas.article(one)] if one else [], next_cursor=None)
    found = site.store.articles.list(ArticleFilter(**common, limit=limit + 1, after=_unpacked(cursor)))
    more = found[limit - 1].article.url if len(found) > limit else None
    return schemas.ArticleList(items=[schemas.article(v) for v in found[:limit]], next_cursor=_packed(more))


@router.get("/facts", tags=["facts"])
def facts(
    site: SiteOf,
    kind: Words = [],  # noqa: B006
    unit: Word = "",
    year: Annotated[int | None, Query(ge=1990, le=2200)] = None,
    organisation: Word = "",
    place: Word = "",
    topic: Word = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> schemas.FactList:
    """Figures that stories commit somebody to, the newest first; sums add those that are `counted`."""
    wanted = LedgerFilter(kinds=tuple(kind), unit=unit, year=year, organisation=organisation, place=place, topic=topic)
    page = site.store.commitments.list(replace(wanted, limit=limit, after=_unpacked(cursor)))
    return schemas.FactList(items=[schemas.fact(row) for row in page.rows], next_cursor=_packed(page.cursor))


@router.get("/sources", tags=["sources"])
def sources(site: SiteOf) -> schemas.SourceList:
    """Every source and how it does."""
    found = site.services.sources
    pairs = zip(found, health.of_all(found, site.histories()), strict=True)
    return schemas.SourceList(items=[schemas.source(source.name, one) for source, one in pairs])


@router.post("/sources/{source}/visit", tags=["sources"])
def visit(site: SiteOf, source: Named, _: AdminOf) -> schemas.Done:
    """Visit a source at the service's next look, within half a minute. Takes a token with admin scope."""
    if source not in {one.id for one in site.services.enabled}:
        raise HTTPException(404, "There is no such source, or it is switched off.")
    site.store.sources.visit_now(source, now=site.clock())
    return schemas.Done(message=f"{source} is visited at the service's next look.")


@router.get("/digests", tags=["digests"])
def digests(site: SiteOf, digest: Word = "", limit: Limit = 50, cursor: Cursor = "") -> schemas.EditionList:
    """Editions of the digests, the newest first, of all or of one."""
    before = _unpacked(cursor) or ""
    found = site.store.digests.editions(
        name=digest, before=int(before) if before.isdecimal() and len(before) < 19 else None, limit=limit + 1
    )
    more = str(found[limit - 1].id) if len(found) > limit else None
    return schemas.EditionList(items=[schemas.edition_brief(e) for e in found[:limit]], next_cursor=_packed(more))


@router.get("/digests/{number}", tags=["digests"])
def edition(site: SiteOf, number: Number) -> schemas.EditionOut:
    """One edition as it was sent, and what became of its deliveries."""
    found = site.store.digests.get(number)
    if found is None:
        raise HTTPException(404, "There is no such edition.")
    return schemas.edition(found, site.store.digests.deliveries_of(number))


@router.post("/deliveries/{number}/retry", tags=["digests"])
def retry(site: SiteOf, number: Number, _: AdminOf) -> schemas.Done:
    """Try a delivery again that was given up. Takes a token with admin scope."""
    entry = site.store.digests.delivery(number)
    if entry is None:
        raise HTTPException(404, "There is no such delivery.")
    if entry.delivery.state == "sent":
        raise HTTPException(409, "This delivery was sent; it is not sent twice.")
    site.store.digests.retry(number, now=site.clock())
    return schemas.Done(message="It is sent at the service's next look.")


@router.get("/search", tags=["search"])
def search(
    site: SiteOf,
    q: Annotated[str, Query(max_length=200, pattern=_TEXT, description='Words, "a phrase", prefix*, -without.')],
    limit: Limit = 20,
) -> schemas.HitList:
    """Articles that hold all the words, the best first."""
    return schemas.HitList(items=[schemas.hit(found) for found in site.store.search.find(q, limit=limit)])


def _start(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def _end(day: date | None) -> datetime | None:
    if day == date.max:
        return None
    return _start(day + timedelta(days=1)) if day else None


def _packed(place: str | None) -> str | None:
    """A cursor as addresses carry it; nobody is to take it apart."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=") if place is not None else None


def _unpacked(cursor: str) -> str | None:
    if not cursor:
        return None
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise HTTPException(404, "This is not a cursor that an answer gave.") from None
    if "\x00" in found:
        raise HTTPException(404, "This is not a cursor that an answer gave.")
    return found
