"""A browser's view of a store with a few articles in it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from presswatch import settings
from presswatch.models import Outcome
from presswatch.services import Services
from presswatch.web.app import create_app
from tests.store.samples import T0, draft_page, make_outcome

Publish = Callable[..., Outcome]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with Services(settings.load(None, tmp_path / "data", {})) as found:
        yield found


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """Asks as a browser on this machine does; errors come as pages, as they would there."""
    with TestClient(create_app(services), base_url="http://127.0.0.1", raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def publish(services: Services) -> Publish:
    """Stores an article; whatever is given goes into its outcome."""

    def save(url: str, *, now: datetime = T0, **more: Any) -> Outcome:
        page_id = services.store.pages.add(draft_page(url, f"{more.get('title')} {more.get('text')}", fetched_at=now))
        assert page_id is not None
        outcome = make_outcome(page_id, url, **more)
        services.store.articles.save(outcome, now=now)
        return outcome

    return save
