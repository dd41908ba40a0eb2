"""`/stories/ID`: one story with all that is known of it, and `/originals/N`: a page as it was archived."""

from __future__ import annotations

from urllib.parse import quote

import nh3
from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from presswatch import choosing
from presswatch.errors import ArchiveError
from presswatch.models import Story, TagKind, Version
from presswatch.store.records import PageRow
from presswatch.web import evidence
from presswatch.web.differences import differences
from presswatch.web.site import Site, SiteOf

router = APIRouter()
_LONGEST_PAGE = 3_000_000  # characters of an archived page that are cleaned for showing
# What text is made of. Nothing here loads, runs, links or frames anything.
_TAGS = set(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong b i sub sup br hr dl dt dd table thead tbody tr th td"
    " caption figcaption article section main header footer div span time".split()
)
_GONE_WITH_CONTENT = set("title script style template noscript svg math iframe object select form nav".split())


@router.get("/stories/{story_id}")
def story(site: SiteOf, story_id: str, version: int = 0) -> Response:
    """One story; `version` chooses whose text is shown, in the order of the list of versions."""
    found = site.store.stories.get(story_id)
    if found is None:
        raise HTTPException(404, "There is no such story. It may have been parted, or its address was cut off.")
    if found.id != story_id:  # it was joined to another one
        return RedirectResponse(f"/stories/{quote(found.id, safe='')}", status_code=301)
    versions = _in_order(found)
    if not 0 <= version < len(versions):
        raise HTTPException(404, "This story has no such version.")
    chosen = versions[version]
    revisions = site.store.articles.revisions(chosen.article.url)
    return site.page(
        "story.html",
        story=found,
        item=site.item(found) or site.item_of(found, versions[0]),
        versions=versions,
        chosen=chosen,
        chosen_number=version,
        blocks=evidence.blocks(chosen),
        commitments=site.store.commitments.of(found.id),
        names={kind: choosing.names(versions, kind) for kind in TagKind},
        differences=differences(revisions),
        original=revisions[-1].page_id if revisions else None,
    )


def _in_order(found: Story) -> list[Version]:
    """The versions that carry the news, the best first; all of them where none does."""
    return sorted(choosing.relevant(found) or found.versions, key=lambda v: choosing.suitability(v, "en"))


@router.get("/originals/{page_id}")
def original(site: SiteOf, page_id: int) -> HTMLResponse:
    """The text of a page as it was archived: no script, style, picture, link or form of it is left."""
    row = site.store.pages.get(page_id) if page_id < 1 << 62 else None
    if row is None:
        raise HTTPException(404, "No such page was archived.")
    return site.page("original.html", row=row, text=_inert(site, row))


def _inert(site: Site, row: PageRow) -> Markup | None:
    """The page's text as harmless HTML; None where the archive holds it no longer."""
    if row.warc_file is None or row.warc_offset is None:
        return None
    try:
        body = site.services.archive.read(row.warc_file, row.warc_offset).body
    except ArchiveError:
        return None
    return Markup(  # noqa: S704  # cleaned in the same breath
        nh3.clean(
            _decoded(body, row.content_type)[:_LONGEST_PAGE],
            tags=_TAGS,
            clean_content_tags=_GONE_WITH_CONTENT,
            attributes={},
            strip_comments=True,
        )
    )


def _decoded(body: bytes, content_type: str) -> str:
    from w3lib.encoding import html_to_unicode

    return html_to_unicode(content_type, body)[1]
