"""A delivery that is given up stays visible: in the list, in the next edition's footer, and for a second try."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from presswatch import jobs, settings
from presswatch.models import Delivery
from presswatch.services import Services
from tests.digests.conftest import Inbox

DIGESTS = """digests:
  - name: daily
    at: "0 7 * * *"
    when_empty: say so
    to: ["mailto:full@b.example", "mailto:ann@b.example"]
"""


def test_from_refusal_to_second_try(
    tmp_path: Path, store_url: str, mail_server: Callable[..., tuple[settings.MailServer, Inbox]]
) -> None:
    server, inbox = mail_server("none")
    inbox.refuse["full@b.example"] = ["550 no such mailbox"]
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "digests.yaml").write_text(DIGESTS)
    environ = {
        "PRESSWATCH_DATABASE_URL": store_url,
        "PRESSWATCH_SMTP_HOST": server.host,
        "PRESSWATCH_SMTP_PORT": str(server.port),
        "PRESSWATCH_SMTP_SECURITY": "none",
        "PRESSWATCH_MAIL_FROM": "watch@example.org",
    }
    now = datetime.now(UTC)

    def cli(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "presswatch", "--config", str(folder), "--data", str(tmp_path), *words]
        return subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False)

    with Services(settings.load(folder, tmp_path, environ)) as services:
        plan = services.digest_plan("daily")
        jobs.build_edition(services, plan, now - timedelta(hours=2))
        report = jobs.deliver(services, now - timedelta(hours=2))
        assert (report.sent, report.given_up) == (1, 1)  # one bad recipient holds up nobody

        rows: list[dict[str, Any]] = json.loads(cli("deliveries", "--json").stdout)
        (row,) = [row for row in rows if row["state"] == "given up"]
        assert "550" in row["error"]
        edition = jobs.build_edition(services, plan, now - timedelta(hours=1))
        assert edition is not None
        assert "An edition for f…@b.example was given up:" in " ".join(edition.text.split())

        assert cli("deliveries", "--retry", "999").returncode == 1
        assert cli("deliveries", "--retry", str(row["id"])).returncode == 0
        assert cli("deliver").returncode == 0
        again: list[Delivery] = [e.delivery for e in services.store.digests.deliveries(since=now - timedelta(days=1))]
        assert {delivery.state for delivery in again} == {"sent"}
        told = [to for to, _ in inbox.mails]
        assert sorted(told) == ["ann@b.example"] * 2 + ["full@b.example"] * 2
        refused = cli("deliveries", "--retry", str(row["id"]))
        assert refused.returncode == 1
        assert "is not sent twice" in refused.stderr
