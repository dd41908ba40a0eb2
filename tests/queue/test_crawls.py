"""Two crawls at the same time, on two machines as far as they know, ask a host one thing at a time between them."""

import os
import subprocess
import sys
from pathlib import Path

from presswatch.demo import newsroom
from presswatch.demo.articles import BUNDLED, load
from presswatch.demo.serving import bind
from presswatch.store import Store


def test_no_host_gets_two_requests_at_a_time(shared: Store, shared_url: str, tmp_path: Path) -> None:
    with newsroom.Newsroom(load(BUNDLED), bind(0), None, slow=0.1) as served:
        newsroom.write_config(served, tmp_path / "config")
        environ = {**os.environ, "PRESSWATCH_DATABASE_URL": shared_url, "PRESSWATCH_ARCHIVE": str(tmp_path / "archive")}
        crawls = [
            subprocess.Popen(
                [sys.executable, "-m", "crawler.run", "--config", str(tmp_path / "config"),
                 "--data", str(tmp_path / name), "--source", "sample-newsroom"],
                env=environ | {"PRESSWATCH_MACHINE": name}, stdout=subprocess.PIPE,
            )
            for name in ("one", "other")
        ]  # fmt: skip
        for crawl in crawls:
            crawl.communicate(timeout=300)
            assert crawl.returncode == 0
        stats = served.stats
    assert sum(path.startswith("newsroom ") for path in stats.requests) > 3
    assert max(stats.requests[path] for path in stats.requests if "releases.xml" in path) == 2  # both were there
    assert set(stats.peak_concurrency.values()) == {1}
    urls = [page.url for page in shared.pages.unprocessed(limit=99)]
    assert urls
    assert len(urls) == len(set(urls))
