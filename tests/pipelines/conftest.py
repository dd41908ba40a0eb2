"""What the shipped lists and the gazetteer find in a text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.tagging.names import Mention, NameIndex, build, find
from presswatch.gazetteer import Gazetteer, load_gazetteer
from presswatch.names import load_names
from tests.pipelines.marked import lines

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "names"


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return load_gazetteer(tmp_path_factory.mktemp("gazetteer"))


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> NameIndex:
    return build(load_names(SHIPPED), gazetteer)


@pytest.fixture
def mentions(index: NameIndex) -> Callable[[str, str], tuple[Mention, ...]]:
    def run(text: str, language: str) -> tuple[Mention, ...]:
        document = f"News\n{text}"
        return find(document, lines(document), language, index)

    return run


@pytest.fixture
def home(mentions: Callable[[str, str], tuple[Mention, ...]]) -> Callable[[str, str], set[str]]:
    """The country's own names in a text."""
    return lambda text, language: {m.name for m in mentions(text, language) if m.uk and m.kind != "product"}
