"""A PostgreSQL store with the queue's tables."""

from collections.abc import Iterator

import pytest

from presswatch.queue import schema
from presswatch.store import Store

from ..conftest import _emptied


@pytest.fixture(scope="session")
def migrated_shared(migrated_postgres: str) -> str:
    with Store.open(migrated_postgres) as store:
        schema.bring_up_to_date(store)
    return migrated_postgres


@pytest.fixture
def shared_url(migrated_shared: str) -> Iterator[str]:
    """The address of an empty store that machines may share."""
    yield _emptied(migrated_shared)
    with Store.open(migrated_shared) as store, store.upgrading() as (_, note):
        note("queue", schema._newest())


@pytest.fixture
def shared(shared_url: str) -> Iterator[Store]:
    with Store.open(shared_url) as store:
        yield store
