"""What presswatch remembers: sources, pages, articles, stories, digests; in SQLite or PostgreSQL.

`Store.open` is the way in. Records go in and come out; rows never leave. The
records of `presswatch.store.records` need no database library, so `Store` is
looked up on first use: pure code can import them without paying for SQLAlchemy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presswatch.store.opened import Store

__all__ = ["Store"]


def __getattr__(name: str) -> Any:
    if name == "Store":
        from presswatch.store.opened import Store

        return Store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
