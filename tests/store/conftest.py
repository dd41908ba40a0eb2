"""Fixtures that put samples into a store."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from presswatch.models import Outcome
from presswatch.store import Store
from tests.store.samples import T0, draft_page, make_outcome

AddPage = Callable[..., int]
SaveArticle = Callable[..., Outcome]


@pytest.fixture
def add_page(store: Store) -> AddPage:
    """Stores a page and returns its number."""

    def add(url: str, body: str = "first", **more: Any) -> int:
        page_id = store.pages.add(draft_page(url, body, **more))
        assert page_id is not None
        return page_id

    return add


@pytest.fixture
def save_article(store: Store, add_page: AddPage) -> SaveArticle:
    """Stores a page and the outcome of its steps; whatever is given goes into the outcome."""

    def save(url: str, *, now: datetime = T0, body: str | None = None, **more: Any) -> Outcome:
        text = body if body is not None else f"{more.get('title')} {more.get('text')}"
        outcome = make_outcome(add_page(url, text, fetched_at=now), url, **more)
        store.articles.save(outcome, now=now)
        return outcome

    return save
