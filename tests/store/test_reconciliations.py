"""What is remembered of the weekly looks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from presswatch.store import Store
from presswatch.store.records import Reconciliation

T0 = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_last_one_of_each_source_is_kept(store: Store) -> None:
    assert store.reconciliations.of(["one"]) == {}
    first = Reconciliation(source="one", done_at=None, next_at=T0, compared=0, late=0, message="no sitemap")
    store.reconciliations.save(first)
    assert store.reconciliations.of(["one", "two"]) == {"one": first}
    second = Reconciliation(source="one", done_at=T0, next_at=T0 + timedelta(days=7), compared=9, late=2)
    store.reconciliations.save(second)
    assert store.reconciliations.all() == {"one": second}


def test_thousands_are_passed_over_and_passed_over_again(store: Store) -> None:
    urls = [f"https://news.example/{n}" for n in range(2500)]
    for _ in range(2):
        store.reconciliations.pass_over(urls, source="one", now=T0)
    assert store.reconciliations.passed_over([*urls, "https://news.example/new"]) == set(urls)
    assert store.reconciliations.passed_over([]) == set()


def test_when_pages_were_first_fetched(store: Store, add_page: Callable[..., object]) -> None:
    add_page("https://news.example/a", body="one", fetched_at=T0)
    add_page("https://news.example/a", body="two", fetched_at=T0 + timedelta(days=1))
    found = store.reconciliations.fetched(["https://news.example/a", "https://news.example/b"])
    assert found == {"https://news.example/a": T0}
