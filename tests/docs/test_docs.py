"""What the docs name exists, and what exists is named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

_PATH = re.compile(r"`((?:config|crawler|pipelines|presswatch|tests|tools|docs|benchmarks)/[\w./-]*)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_links_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    missing = [name for name in _PATH.findall(text) if not (ROOT / name).exists()]
    missing += [name for name in _LINK.findall(text) if not (page.parent / name).exists()]
    assert not missing


def test_the_architecture_names_what_an_article_passes() -> None:
    """Every module that has a word in the journey stands in the page; helpers of one module may stay unnamed."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for folder in ("crawler", "pipelines", "presswatch/digests", "presswatch/store"):
        assert len(re.findall(rf"`{folder}/", text)) >= 3


def test_every_command_is_in_the_readme() -> None:
    from presswatch.cli import app

    readme = (ROOT / "README.md").read_text("utf-8")
    names = [command.name or command.callback.__name__ for command in app.registered_commands if not command.hidden]  # type: ignore[union-attr]
    for name in names:
        assert f"`{name.replace('_', '-')}" in readme or f"make {name}" in readme, name


def test_every_command_shows_an_example() -> None:
    from presswatch.cli import app

    for command in app.registered_commands:
        if not command.hidden:
            assert command.callback
            assert "Example: presswatch" in (command.callback.__doc__ or ""), command.callback.__name__
