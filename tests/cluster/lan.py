"""Three hosts in network namespaces, on a bridge in a fourth. Linux, root and iproute2 only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

# Documentation and test networks are not "private" in every table; this one is, and no machine of ours is in it.
NET = "10.77.0"
HOSTS = {"a": f"{NET}.1", "b": f"{NET}.2", "c": f"{NET}.3"}
NEWSROOM = f"{NET}.11"  # of its first site, on host c; the ten others follow
_SITES = 11


def why_not() -> str:
    """Why there can be no such hosts here; empty where there can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "network namespaces take root"
    if shutil.which("ip") is None:
        return "network namespaces take iproute2 (apt-get install iproute2)"
    probe = f"presswatch-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"this system makes no network namespaces: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", probe], check=True)
    return ""


class Lan:
    """The hosts, by the names "a", "b" and "c"."""

    def __init__(self, name: str) -> None:
        self._name = name

    def inside(self, host: str, *command: str) -> list[str]:
        """A command line that runs `command` on that host."""
        return ["ip", "netns", "exec", self.space(host), *command]

    def space(self, host: str) -> str:
        return f"{self._name}-{host}"

    def cut(self, host: str) -> None:
        """Pull the host's plug."""
        self._ip(host, "link", "set", "eth0", "down")

    def join(self, host: str) -> None:
        self._ip(host, "link", "set", "eth0", "up")

    def lose(self, host: str, other: str) -> None:
        """Whatever `other` answers to `host` goes nowhere, and neither is told; everything else goes on."""
        self._ip(other, "route", "add", "blackhole", f"{HOSTS[host]}/32")

    def find(self, host: str, other: str) -> None:
        self._ip(other, "route", "del", "blackhole", f"{HOSTS[host]}/32")

    def _ip(self, host: str, *words: str) -> None:
        _run("ip", "-n", self.space(host), *words)

    def build(self) -> None:
        bridge = self.space("lan")
        _run("ip", "netns", "add", bridge)
        _run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge")
        _run("ip", "-n", bridge, "link", "set", "br0", "up")
        for host, address in HOSTS.items():
            space = self.space(host)
            _run("ip", "netns", "add", space)
            _run("ip", "link", "add", "eth0", "netns", space, "type", "veth", "peer", f"to-{host}", "netns", bridge)
            _run("ip", "-n", bridge, "link", "set", f"to-{host}", "master", "br0", "up")
            _run("ip", "-n", space, "address", "add", f"{address}/24", "dev", "eth0")
            _run("ip", "-n", space, "link", "set", "lo", "up")
            _run("ip", "-n", space, "link", "set", "eth0", "up")
        first = int(NEWSROOM.rpartition(".")[2])
        for number in range(first, first + _SITES):
            self._ip("c", "address", "add", f"{NET}.{number}/24", "dev", "eth0")

    def remove(self) -> None:
        for name in (*HOSTS, "lan"):
            subprocess.run(["ip", "netns", "del", self.space(name)], capture_output=True, check=False)


@contextmanager
def lan(name: str) -> Iterator[Lan]:
    made = Lan(name)
    try:
        made.build()
        yield made
    finally:
        made.remove()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
