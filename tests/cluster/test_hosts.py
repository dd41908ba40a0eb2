"""Three hosts, for real: in network namespaces, with a database, a newsroom and a mail server between them.

make hosts          20 evenings with random times, a minute of being cut off each
PRESSWATCH_HOSTS=1 PRESSWATCH_HOSTS_SEED=7 pytest -s tests/cluster      one of them again
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.lan import lan, why_not
from tests.cluster.postgres import binaries

_RUNS = int(os.environ.get("PRESSWATCH_HOSTS", "0"))
_SEED = int(os.environ.get("PRESSWATCH_HOSTS_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
_CUT = os.environ.get("PRESSWATCH_HOSTS_CUT", "60")


@pytest.mark.skipif(not _RUNS, reason="an evening of three hosts takes minutes: make hosts")
@pytest.mark.parametrize("number", range(_RUNS or 1))
def test_three_hosts(tmp_path: Path, number: int) -> None:
    if reason := why_not() or ("" if binaries() else "there is no PostgreSQL server here to start"):
        pytest.skip(reason)
    seed = _SEED + number
    print(f"\nseed {seed} (set PRESSWATCH_HOSTS_SEED={seed} to see it again)", flush=True)
    with lan(f"pw{os.getpid()}n{number}") as hosts:
        command = hosts.inside("a", sys.executable, "-m", "tests.cluster.scenario", str(tmp_path))
        done = subprocess.run(
            [*command, hosts.space("")[:-1], str(seed), _CUT], capture_output=True, text=True, check=False, timeout=1800
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps({key: value for key, value in found.items() if key != "wrong"}), flush=True)
    assert found["wrong"] == [], f"{found}"
