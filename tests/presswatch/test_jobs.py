"""What a job does when something around the pages is wrong."""

import errno
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

import pipelines
from presswatch import jobs, settings
from presswatch.errors import ConfigError, MachineError, StoreError
from presswatch.models import Candidate, ChangeKind, Outcome, Page
from presswatch.services import Services
from presswatch.store.articles import Articles
from presswatch.store.records import PageDraft, content_hash

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
URL = "https://blogs.nvidia.com/blog/a"
CANDIDATE = Candidate(url=URL, source="blog", via="feed", title="A headline", content_html="<p>A text.</p>")
DRAFT = PageDraft(
    url=URL,
    source="blog",
    fetched_at=T0,
    status=200,
    final_url=URL,
    content_type="text/html",
    content_hash=content_hash("A text."),
    via="feed",
    candidate=CANDIDATE,
)


def process(services: Services) -> jobs.ProcessReport:
    return jobs.process(services, T0)


def rehearse(services: Services) -> jobs.ProcessReport:
    return jobs.reprocess(services, None, T0, dry_run=True)


@pytest.mark.parametrize("job", [process, rehearse])
def test_a_mistake_in_the_configuration_is_no_pages_fault(
    tmp_path: Path, job: Callable[[Services], jobs.ProcessReport]
) -> None:
    config = tmp_path / "config"
    (config / "watches").mkdir(parents=True)
    (config / "watches" / "uk-ai.yaml").write_text("name: uk-ai\nthresholds: all of them\n")
    with Services(settings.load(config, tmp_path / "data", {})) as services:
        services.store.pages.add(DRAFT)
        with pytest.raises(ConfigError, match=r"uk-ai\.yaml"):
            job(services)
        assert services.store.pages.counts() == {"pages": 1, "waiting": 1, "failed": 0}


LACKS = [
    MemoryError(),
    ImportError("libblas.so: failed to map segment from shared object"),
    OSError(errno.EMFILE, "Too many open files"),
]


@pytest.mark.parametrize("lack", LACKS, ids=lambda error: type(error).__name__)
def test_what_the_machine_lacks_is_no_pages_fault(
    tmp_path: Path, lack: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Services(settings.load(None, tmp_path / "data", {})) as services:
        services.__dict__["knowledge"] = None  # not asked for
        services.store.pages.add(DRAFT)
        monkeypatch.setattr(pipelines, "judge", Mock(side_effect=lack))
        with pytest.raises(MachineError):
            process(services)
        assert services.store.pages.counts() == {"pages": 1, "waiting": 1, "failed": 0}


def test_a_readers_own_complaint_costs_one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines, "judge", Mock(side_effect=OSError("Error reading file '': failed to load")))
    with Services(settings.load(None, tmp_path / "data", {})) as services:
        services.__dict__["knowledge"] = None  # not asked for
        services.store.pages.add(DRAFT)
        ((url, why),) = process(services).failed
        assert url == URL
        assert "failed to load" in why


@pytest.mark.parametrize(("archive", "pages"), [("30d", "3650d"), ("3650d", "30d")])
def test_a_page_goes_with_the_file_that_it_points_into_and_its_address_stays(
    tmp_path: Path, archive: str, pages: str
) -> None:
    (tmp_path / "presswatch.toml").write_text(f'[archive]\nkeep = "{archive}"\n[pages]\nkeep = "{pages}"\n')
    with Services(settings.load(tmp_path, tmp_path / "data", {})) as services:
        assert services.store.pages.newest(URL) is None
        record = services.archive.write(URL, status=200, body=b"A text.", fetched_at=T0)
        services.archive.close()
        hash_, where = content_hash("A text."), {"warc_file": record.file, "warc_offset": record.offset}
        draft = PageDraft(url=URL, source="blog", fetched_at=T0, status=200, final_url=URL, content_type="text/html",
                          content_hash=hash_, **where)  # fmt: skip
        page = services.store.pages.add(draft)
        assert page is not None
        services.store.pages.mark_failed(page, "No text.", now=T0)
        jobs.prune(services, T0 + timedelta(days=29))
        assert services.store.pages.newest(URL).warc_file == record.file  # type: ignore[union-attr]
        jobs.prune(services, T0 + timedelta(days=32))
        assert services.store.pages.newest(URL).warc_file is None  # type: ignore[union-attr]
        assert (services.archive.size() == 0) == (archive == "30d")
        assert services.store.pages.known([URL], now=T0) == {URL}


def test_a_page_that_the_judge_dies_on_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die_or_complain(page: Page, *_: object, **__: object) -> None:
        raise MemoryError if page.url == URL else ValueError("judged")

    monkeypatch.setattr(pipelines, "judge", die_or_complain)
    with Services(settings.load(None, tmp_path / "data", {})) as services:
        services.__dict__["knowledge"] = None  # not asked for
        for url in (URL, URL + "b", URL + "c"):
            services.store.pages.add(replace(DRAFT, url=url))
        for judged in (0, 2):
            with pytest.raises(MachineError):
                process(services)
            assert services.store.pages.counts() == {"pages": 3, "waiting": 3 - judged, "failed": judged}
        monkeypatch.setattr(pipelines, "judge", Mock(side_effect=ValueError("judged")))
        assert len(process(services).failed) == 1
        assert not (tmp_path / "data" / "judging").exists()


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Services]:
    """Five short articles that wait, and a reader to whom all texts say nothing."""
    with Services(settings.load(None, tmp_path / "data", {})) as services:
        for letter in "abcde":
            url, text = URL + letter, f"<p>A text of its own: {letter}.</p>"
            candidate = replace(CANDIDATE, url=url, content_html=text, title=f"The headline of {letter}")
            services.store.pages.add(
                replace(DRAFT, url=url, final_url=url, content_hash=content_hash(text), candidate=candidate)
            )
        yield services


def saved(services: Services) -> list[str]:
    return sorted(version.article.url.removeprefix(URL) for version in services.store.articles.export())


def test_one_that_cannot_be_saved_takes_none_before_it_along(
    waiting: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Articles.save

    def complain(articles: Articles, *outcomes: Outcome, now: datetime) -> None:
        if any(outcome.article.url == URL + "c" for outcome in outcomes):
            raise StoreError("The store says no.")
        save(articles, *outcomes, now=now)

    monkeypatch.setattr(Articles, "save", complain)
    with pytest.raises(StoreError, match="says no"):
        process(waiting)
    assert saved(waiting) == ["a", "b"]
    monkeypatch.undo()
    assert process(waiting).pages == 3
    assert saved(waiting) == list("abcde")


def test_what_was_judged_before_the_machine_failed_is_saved(waiting: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = pipelines.judge

    def fail(page: Page, *known: Any, **about: Any) -> Outcome:
        if page.url == URL + "d":
            raise OSError(errno.ENFILE, "Too many open files in the system")
        return judge(page, *known, **about)

    monkeypatch.setattr(pipelines, "judge", fail)
    with pytest.raises(MachineError, match="Too many open files"):
        process(waiting)
    assert saved(waiting) == list("abc")


def test_an_edit_that_waits_behind_its_article_is_compared_with_it(waiting: Services) -> None:
    text = "<p>A text of its own, edited: a.</p>"
    candidate = replace(CANDIDATE, url=URL + "a", content_html=text, title="The headline of a")
    waiting.store.pages.add(
        replace(DRAFT, url=URL + "a", final_url=URL + "a", content_hash=content_hash(text), candidate=candidate)
    )
    assert process(waiting).pages == 6
    version = waiting.store.articles.get(URL + "a")
    assert version is not None
    assert [change.kind for change in version.changes] == [ChangeKind.EDITED]
    assert len(waiting.store.articles.revisions(URL + "a")) == 2
