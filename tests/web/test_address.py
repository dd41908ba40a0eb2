"""A digest leads to the pages where they have an address, and nowhere where they have none."""

from datetime import timedelta
from pathlib import Path

import pytest

from presswatch import jobs, settings
from presswatch.services import Services
from tests.store.samples import T0, draft_page, make_outcome


@pytest.mark.parametrize(
    ("web", "link"), [('address = "https://watch.example/"', "https://watch.example/ledger"), ("", None)]
)
def test_the_month_links_to_the_ledger(tmp_path: Path, web: str, link: str | None) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "presswatch.toml").write_text(f"[web]\n{web}\n")
    with Services(settings.load(config, tmp_path / "data", {})) as services:
        for number in range(3):
            url = f"https://a.example/{number}"
            page = services.store.pages.add(draft_page(url, url))
            assert page is not None
            services.store.articles.save(make_outcome(page, url, story=f"s{number}"), now=T0)
        plan = services.digests[0]
        draft = jobs.preview(services, plan, T0 + timedelta(hours=1))
    assert "The last 30 days: 3 stories" in draft.html
    if link:
        assert link in draft.html
        assert link in draft.text
    else:
        assert "/ledger" not in draft.html
