"""How a long job tells whoever watches it what is done."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Whoever watches a long job: told what is done, and of how much where that is known."""

    def __call__(self, what: str, done: int, total: int | None = None) -> None: ...


def silent(what: str, done: int, total: int | None = None) -> None:
    """Nobody watches."""
