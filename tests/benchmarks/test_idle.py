"""What a service takes while it watches: all of its processes count, and what they ask is counted by the server."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from benchmarks.first_result import processor_time
from benchmarks.idle import memory, own_time, sources
from benchmarks.polling import asked, feed_server

_PARENT = """
import subprocess, sys
hold = "held = bytearray(b'x' * 60_000_000); print('held', flush=True); input()"
child = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.5: pass"])
print("ready", flush=True)
input()
child.communicate(b"\\n")
"""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux's /proc")
def test_all_processes_of_a_service_count_also_those_that_ended() -> None:
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        assert service.stdout.readline() == "ready\n"
        rss, pss, parent, processes = memory(service.pid)
        spent, alone = processor_time(service.pid), own_time(service.pid)
        service.communicate("\n")
    assert processes == 2
    assert rss >= pss > 60 > parent
    assert spent > 0.5 > alone


def test_the_server_counts_what_it_is_asked_and_answers_when_it_should() -> None:
    with feed_server(2, 0.3) as (feeds, server):
        began = time.monotonic()
        for feed in feeds:
            with urlopen(feed) as answer:
                assert b"<rss" in answer.read()
        assert time.monotonic() - began >= 0.6
        assert asked(server) == 2


def test_there_are_sources_as_delivered() -> None:
    assert sources() > 5
