"""Looking without keeping: what `presswatch check` and `presswatch explain URL` do."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presswatch import checks, jobs, queries, settings
from presswatch.demo import newsroom as sample
from presswatch.errors import CrawlError
from presswatch.services import Services


def test_every_way_is_tried_and_what_is_ill_is_named(tmp_path: Path) -> None:
    with sample.start() as served:
        config = tmp_path / "config"
        sample.write_config(served, config)
        served.fault("fr", "403")
        served.fault("de", "empty")
        served.fault("es", "garbage")
        with Services(settings.load(config, tmp_path / "data", {})) as services:
            findings = {f.what: f for f in checks.run(services, [], offline=False, now=datetime.now(UTC))}
            assert services.store.pages.counts()["pages"] == 0  # nothing was kept
        assert not any(served.stats.disallowed.values())
    assert {name for name, finding in findings.items() if not finding.good} == {"sample-fr", "sample-de", "sample-es"}
    assert "403" in findings["sample-fr"].message
    assert "turns us away" in findings["sample-fr"].advice
    assert "holds no items" in findings["sample-de"].message
    assert "is not a feed" in findings["sample-es"].message
    for way in ("feed", "sitemap", "listing"):
        assert way in findings["sample-newsroom"].message
    assert "articles" in findings["sample-newsroom"].message


def test_named_sources_alone(tmp_path: Path) -> None:
    with sample.start() as served:
        sample.write_config(served, tmp_path)
        with Services(settings.load(tmp_path, tmp_path / "data", {})) as services:
            (finding,) = checks.run(services, ["sample-it"], offline=False, now=datetime.now(UTC))
        assert {name.split()[0] for name in served.stats.requests} == {"it"}
    assert (finding.what, finding.good) == ("sample-it", True)


def test_a_page_is_explained_without_being_kept(tmp_path: Path) -> None:
    with sample.start() as served:
        sample.write_config(served, tmp_path)
        article = next(a for a in served.articles() if a.site == "blog" and a.label.level == "focus")
        with Services(settings.load(tmp_path, tmp_path / "data", {})) as services:
            outcome = queries.explain(services, served.url(article.id), datetime.now(UTC))
            assert services.store.pages.counts()["pages"] == 0
    assert outcome.article.title == article.title
    assert outcome.verdict.relevant
    assert outcome.article.published_from == "json-ld"


def test_a_strangers_address_must_be_public(tmp_path: Path) -> None:
    with sample.start() as served:
        address = served.base("blog")
        with Services(settings.load(None, tmp_path / "data", {})) as services, pytest.raises(CrawlError) as failure:
            jobs.fetch(services, address)
        assert not served.stats.requests
    assert "not a public address" in str(failure.value)


def test_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    with sample.start() as served:
        sample.write_config(served, tmp_path)
        words = ["--config", str(tmp_path), "--data", str(tmp_path / "data"), "explain"]
        command = [sys.executable, "-m", "presswatch", *words, f"{served.base('blog')}/blog/not-there/"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "404" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("404") == 1
