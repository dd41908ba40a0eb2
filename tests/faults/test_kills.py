"""`kill -9` at any instant, in any process, loses nothing and tells nothing twice.

make faults         300 kills
PRESSWATCH_FAULTS_KILLS=60 PRESSWATCH_FAULTS_SEED=7 pytest -s tests/faults/test_kills.py
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch.children import Children, ChildResult
from presswatch.store import Store
from tests.faults.ends import Kill
from tests.faults.killing import RECIPIENTS, Episode, told
from tests.faults.mailbox import Inbox, mail_server
from tests.store.samples import make_draft

_KILLS = int(os.environ.get("PRESSWATCH_FAULTS_KILLS", "20"))
_SEED = int(os.environ.get("PRESSWATCH_FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
_IN_AN_EPISODE = 20 if _KILLS > 20 else 10  # few are shared out to two processors


@pytest.fixture(scope="module")
def kills() -> Iterator[list[Kill]]:
    """Every kill of this run, told together in the end."""
    struck: list[Kill] = []
    yield struck
    print(f"\nseeds {_SEED} and up, in all: {told(struck)}", flush=True)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finding the children needs Linux's /proc")
@pytest.mark.parametrize("number", range((_KILLS + _IN_AN_EPISODE - 1) // _IN_AN_EPISODE))
def test_killed_at_random_instants(tmp_path: Path, number: int, kills: list[Kill]) -> None:
    count = min(_IN_AN_EPISODE, _KILLS - number * _IN_AN_EPISODE)
    episode = Episode(folder=tmp_path, seed=_SEED + number, kills=count)
    print(f"\nseed {episode.seed} (set PRESSWATCH_FAULTS_SEED={episode.seed} to see it again)", flush=True)
    episode.run()
    kills += episode.struck
    print(episode, flush=True)
    assert not episode.wrong, f"{episode}\n" + "\n".join(episode.wrong)


def mail_settings(port: int) -> dict[str, str]:
    server = {"PRESSWATCH_SMTP_HOST": "127.0.0.1", "PRESSWATCH_SMTP_PORT": str(port)}
    return {**server, "PRESSWATCH_SMTP_SECURITY": "none", "PRESSWATCH_MAIL_FROM": "presswatch@sender.example"}


def wait_for_a_mail(inbox: Inbox) -> bool:
    end = time.monotonic() + 300  # a bound, on however slow a machine
    while not inbox.mails and time.monotonic() < end:
        time.sleep(0.01)
    return bool(inbox.mails)


def test_sigterm_lets_the_mail_in_hand_get_its_receipt(tmp_path: Path) -> None:
    """Whoever stops the service for an upgrade makes no reader get a mail twice."""
    inbox = Inbox(slow=1.0)
    readers = [f"mailto:{recipient}" for recipient in RECIPIENTS]
    with mail_server(inbox) as port, Store.open(f"sqlite:///{tmp_path / 'presswatch.sqlite3'}") as store:
        store.digests.save(make_draft(), readers, now=datetime.now(UTC))
        mail = mail_settings(port)
        command = [sys.executable, "-m", "presswatch", "--data", str(tmp_path), "job", "deliver"]
        child = subprocess.Popen(command, env={**os.environ, **mail})
        assert wait_for_a_mail(inbox)
        child.terminate()
        assert child.wait(300) == 0
        assert len(inbox.mails) == 1
        assert subprocess.run(command, env={**os.environ, **mail}, check=False).returncode == 0
        assert sorted(mail.recipient for mail in inbox.mails) == sorted(RECIPIENTS)


def test_the_service_waits_for_a_mail_server_that_takes_its_time(tmp_path: Path) -> None:
    """Many look through a mail for spam before they say that they took it."""
    inbox, children = Inbox(slow=8.0), Children()
    with mail_server(inbox) as port, Store.open(f"sqlite:///{tmp_path / 'presswatch.sqlite3'}") as store:
        store.digests.save(make_draft(), [f"mailto:{RECIPIENTS[0]}"], now=datetime.now(UTC))
        with pytest.MonkeyPatch.context() as patch:
            for name, value in mail_settings(port).items():
                patch.setenv(name, value)
            command, ended = ["-m", "presswatch", "--data", str(tmp_path), "job", "deliver"], list[ChildResult]()
            run = threading.Thread(target=lambda: ended.append(children.run(command, deadline=timedelta(hours=1))))
            run.start()
            assert wait_for_a_mail(inbox)
            children.stop()
            run.join()
        assert [child.status for child in ended] == [0]
        assert store.digests.due_deliveries(datetime.now(UTC) + timedelta(hours=1)) == ()
