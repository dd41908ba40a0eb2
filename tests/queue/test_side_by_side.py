"""Several processes that judge at the same time make of the pages what one would make of them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.knowledge import Knowledge
from presswatch import jobs, settings
from presswatch.errors import StoreError
from presswatch.jobs import judging
from presswatch.models import Candidate, Outcome
from presswatch.services import Services
from presswatch.store import Store
from presswatch.store.articles import Articles
from presswatch.store.records import PageDraft, content_hash

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
_PAIRS = 12


def draft(site: str, language: str, number: int) -> PageDraft:
    """One of two versions of a story: they have the same slug, by which grouping knows them."""
    url = f"https://{site}.example/blog/story-number-{number}-of-many/"
    text = f"<p>A text of its own, number {number}, on {site}.</p>"
    candidate = Candidate(
        url=url, source=site, via="feed", title=f"Headline {number} {site}", content_html=text, language=language,
        published_at=T0 + timedelta(minutes=number),
    )  # fmt: skip
    return PageDraft(
        url=url, source=site, fetched_at=T0 + timedelta(hours=1), status=200, final_url=url, content_type="text/html",
        content_hash=content_hash(text), via="feed", candidate=candidate, source_language=language,
    )  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Services(settings.load(None, tmp_path_factory.mktemp("known"), {})).knowledge


@pytest.mark.parametrize(("together", "storable"), [(1, 1), (5, 5), (50, 50), (50, 1)])
def test_two_batches_at_once_find_the_same_stories(
    shared: Store,
    shared_url: str,
    tmp_path: Path,
    known: Knowledge,
    together: int,
    storable: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`together` articles are saved at once, of which the store takes as many as are `storable`."""
    save_after = Articles.save_after

    def at_most(articles: Articles, last: int, *outcomes: Outcome, now: datetime) -> object:
        if len(outcomes) > storable:
            raise StoreError("The store says no.")
        return save_after(articles, last, *outcomes, now=now)

    monkeypatch.setattr(judging, "_TOGETHER", together)
    if storable < together:
        monkeypatch.setattr(Articles, "save_after", at_most)
    batches: list[list[int]] = [[], []]
    for number in range(_PAIRS):
        for batch, (site, language) in zip(batches, (("one", "en"), ("other", "fr")), strict=True):
            page = shared.pages.add(draft(site, language, number))
            assert page is not None
            batch.append(page)

    environ = {"PRESSWATCH_DATABASE_URL": shared_url}

    def judge(batch: list[int]) -> int:
        with Services(settings.load(None, tmp_path, environ)) as services:
            services.__dict__["knowledge"] = known
            return jobs.process(services, T0 + timedelta(hours=2), batch=batch).pages

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(judge, batches)) == [_PAIRS, _PAIRS]
    stories = Counter(version.story for version in shared.articles.export())
    assert sorted(stories.values()) == [2] * _PAIRS
    assert shared.pages.counts()["waiting"] == 0


def test_a_page_that_kills_its_judge_comes_last_in_its_batch(
    shared: Store, shared_url: str, tmp_path: Path, known: Knowledge
) -> None:
    pages = [shared.pages.add(draft("one", "en", number)) for number in range(3)]
    first = draft("one", "en", 0).url
    (tmp_path / f"judging-{pages[0]}").write_text(first)
    (tmp_path / "judging-99999").write_text("https://one.example/of-another-batch")
    with Services(settings.load(None, tmp_path, {"PRESSWATCH_DATABASE_URL": shared_url})) as services:
        services.__dict__["knowledge"] = known
        order: list[int] = []
        jobs.process(
            services,
            T0 + timedelta(hours=2),
            batch=[page for page in pages if page],
            progress=lambda *_: order.append(1),
        )
        assert len(order) == 3
        saved = [version.article.url for version in shared.articles.export()]
    assert saved[-1] == first
    assert not (tmp_path / f"judging-{pages[0]}").exists()
    assert (tmp_path / "judging-99999").exists()
