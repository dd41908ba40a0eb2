"""`kill -9` at any instant, in any process, loses nothing and tells nothing twice.

make faults         300 kills
PRESSWATCH_FAULTS_KILLS=60 PRESSWATCH_FAULTS_SEED=7 pytest -s tests/faults/test_kills.py
"""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presswatch.store import Store
from tests.faults.killing import RECIPIENTS, Episode, Inbox, mail_server
from tests.store.samples import make_draft

_KILLS = int(os.environ.get("PRESSWATCH_FAULTS_KILLS", "20"))
_SEED = int(os.environ.get("PRESSWATCH_FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
_IN_AN_EPISODE = 20


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finding the children needs Linux's /proc")
@pytest.mark.parametrize("number", range((_KILLS + _IN_AN_EPISODE - 1) // _IN_AN_EPISODE))
def test_killed_at_random_instants(tmp_path: Path, number: int) -> None:
    kills = min(_IN_AN_EPISODE, _KILLS - number * _IN_AN_EPISODE)
    episode = Episode(folder=tmp_path, seed=_SEED + number, kills=kills)
    print(f"\nseed {episode.seed} (set PRESSWATCH_FAULTS_SEED={episode.seed} to see it again)", flush=True)
    episode.run()
    print(episode, flush=True)
    assert not episode.wrong, f"{episode}\n" + "\n".join(episode.wrong)


def test_sigterm_lets_the_mail_in_hand_get_its_receipt(tmp_path: Path) -> None:
    """Whoever stops the service for an upgrade makes no reader get a mail twice."""
    inbox = Inbox(slow=1.0)
    readers = [f"mailto:{recipient}" for recipient in RECIPIENTS]
    with mail_server(inbox) as port, Store.open(f"sqlite:///{tmp_path / 'presswatch.sqlite3'}") as store:
        store.digests.save(make_draft(), readers, now=datetime.now(UTC))
        mail = {"PRESSWATCH_SMTP_HOST": "127.0.0.1", "PRESSWATCH_SMTP_PORT": str(port)}
        mail |= {"PRESSWATCH_SMTP_SECURITY": "none", "PRESSWATCH_MAIL_FROM": "presswatch@sender.example"}
        command = [sys.executable, "-m", "presswatch", "--data", str(tmp_path), "job", "deliver"]
        child = subprocess.Popen(command, env={**os.environ, **mail})
        end = time.monotonic() + 60
        while not inbox.mails and time.monotonic() < end:
            time.sleep(0.01)
        child.terminate()
        assert child.wait(20) == 0
        assert len(inbox.mails) == 1
        assert subprocess.run(command, env={**os.environ, **mail}, check=False).returncode == 0
        assert sorted(mail.recipient for mail in inbox.mails) == sorted(RECIPIENTS)
