"""The whole way over the labelled newsroom, scored by its own scorer, against floors that only rise."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from presswatch import exports, jobs, settings
from presswatch.services import Services
from tests import labelled

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text("utf-8"))

pytestmark = [labelled.needs_labelled, pytest.mark.xdist_group("labelled")]


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("labelled")
    with labelled.serve() as world:
        config = labelled.write_config(world, folder / "config")
        with Services(settings.load(config, folder / "data", {})) as services:
            crawled = jobs.crawl(services, services.enabled, mode="backfill", since=datetime(2024, 1, 1, tzinfo=UTC))
            assert not crawled.failed
            assert not jobs.process(services, datetime.now(UTC)).failed
            exports.write(services.store, "jsonl", folder / "export.jsonl")
        assert not any(world.disallowed.values())
        assert max(world.peak.values()) == 1
    rows = [json.loads(line) for line in (folder / "export.jsonl").read_text("utf-8").splitlines()]
    articles = [json.loads(line) for line in (labelled.FOLDER / "articles.jsonl").read_text("utf-8").splitlines()]
    result, misses = labelled.module("score").score(rows, articles)
    print(*(f"{name:22} {value}" for name, value in result.items()), *misses, sep="\n")
    flat: dict[str, Any] = {}
    for name, value in result.items():
        flat |= (
            {f"{name}.{part}": figure for part, figure in value.items()} if isinstance(value, dict) else {name: value}
        )
    return flat


@pytest.mark.parametrize(("name", "floor"), FLOORS["labelled"].items())
def test_no_figure_is_under_its_floor(scores: dict[str, Any], name: str, floor: float) -> None:
    assert scores[name] >= floor


def test_no_page_brings_foreign_text(scores: dict[str, Any]) -> None:
    assert scores["pages_with_foreign_text"] == 0
