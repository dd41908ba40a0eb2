"""The pages as strangers reach them, and as only this machine does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from presswatch.services import Services
from tests.store.samples import T0, draft_page, make_draft, make_outcome
from tests.web.browsing import public, services


@pytest.fixture
def reached(tmp_path: Path) -> Iterator[Services]:
    """What strangers can reach."""
    with public(tmp_path) as found:
        yield found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Services]:
    """What only this machine can reach, with a story and an edition in it."""
    with services(tmp_path / "own") as found:
        page_id = found.store.pages.add(draft_page("https://a.example/1"))
        assert page_id
        found.store.articles.save(make_outcome(page_id, "https://a.example/1"), now=T0)
        found.store.digests.save(make_draft(stories=("s1",)), ["mailto:jo@e.example"], now=T0)
        yield found
