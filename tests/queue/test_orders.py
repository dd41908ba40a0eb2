"""What is handed out: a visit a source, a lock the hosts that it shares, batches of pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch import jobs, settings
from presswatch.models import Source
from presswatch.queue import orders
from presswatch.queue.orders import locks_of
from presswatch.services import Services
from presswatch.store import Store

from ..store.samples import draft_page

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)


def source(name: str, *feeds: str, homepage: str = "") -> Source:
    return Source(id=name, name=name, feeds=feeds, homepage=homepage or None)


@pytest.mark.parametrize(
    ("sources", "groups"),
    [
        ([source("a", "https://a.example/f"), source("b", "https://b.example/f")], [["a"], ["b"]]),
        ([source("a", "https://a.example/f"), source("b", "https://www.a.example/g")], [["a", "b"]]),
        # Two that share nothing with each other, joined by a third.
        (
            [
                source("a", "https://a.example/f"),
                source("b", "https://b.example/f"),
                source("c", "https://a.example/g", "https://b.example/g"),
                source("d", "https://d.example/f"),
            ],
            [["a", "b", "c"], ["d"]],
        ),
        # And in an order in which the joins come late.
        (
            [
                source("a", "https://1.example/", "https://2.example/"),
                source("b", "https://3.example/", "https://4.example/"),
                source("c", "https://4.example/", "https://5.example/"),
                source("d", "https://2.example/", "https://5.example/"),
            ],
            [["a", "b", "c", "d"]],
        ),
    ],
)
def test_sources_with_a_host_in_common_have_one_lock(sources: list[Source], groups: list[list[str]]) -> None:
    locks = locks_of(sources)
    found: dict[str, list[str]] = {}
    for name, lock in locks.items():
        found.setdefault(lock, []).append(name)
    assert sorted(sorted(group) for group in found.values()) == groups


def services(folder: Path, store: Store, batch: int) -> Services:
    (folder / "presswatch.toml").write_text(f'watch = "uk-ai"\n[process]\nbatch = {batch}\n')
    made = Services(settings.load(folder, folder / "data", {}))
    made.__dict__["store"] = store
    return made


def test_pages_go_out_in_batches_and_only_once(shared: Store, tmp_path: Path) -> None:
    pages = [shared.pages.add(draft_page(f"https://a.example/{n}")) for n in range(5)]
    edited = shared.pages.add(draft_page("https://a.example/0", "edited", fetched_at=T0 + timedelta(hours=1)))
    process = jobs.JOBS["process"]
    due = orders.due(services(tmp_path, shared, 2), process, T0, {})
    # The edit waits until what it edits has been judged.
    assert [order.parts for order in due] == [tuple(map(str, part)) for part in (pages[:2], pages[2:4], pages[4:])]
    assert str(edited) not in [part for order in due for part in order.parts]
    taken = {due[0].key: due[0].parts, due[2].key: due[2].parts}
    (left,) = orders.due(services(tmp_path, shared, 2), process, T0, taken)
    assert left == due[1]


def test_every_source_that_is_due_is_one_order(shared: Store, tmp_path: Path) -> None:
    made = services(tmp_path, shared, 2)
    due = orders.due(made, jobs.JOBS["crawl"], T0, {})
    assert [order.parts for order in due] == [(s.id,) for s in made.enabled]
    first = due[0]
    assert first.key == f"crawl {first.parts[0]}"
    assert first not in orders.due(made, jobs.JOBS["crawl"], T0, {first.key: first.parts})
