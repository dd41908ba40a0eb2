"""What a job does when something around the pages is wrong."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presswatch import jobs, settings
from presswatch.errors import ConfigError
from presswatch.models import Candidate
from presswatch.services import Services
from presswatch.store.records import PageDraft, content_hash

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
URL = "https://blogs.nvidia.com/blog/a"


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
        candidate = Candidate(url=URL, source="blog", via="feed", title="A headline", content_html="<p>A text.</p>")
        draft = PageDraft(
            url=URL,
            source="blog",
            fetched_at=T0,
            status=200,
            final_url=URL,
            content_type="text/html",
            content_hash=content_hash("A text."),
            via="feed",
            candidate=candidate,
        )
        services.store.pages.add(draft)
        with pytest.raises(ConfigError, match=r"uk-ai\.yaml"):
            job(services)
        assert services.store.pages.counts() == {"pages": 1, "waiting": 1, "failed": 0}
