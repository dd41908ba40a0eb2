"""A PostgreSQL server of one's own, in a folder, run by a user that is not root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Where initdb and pg_ctl are; None where there are none."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = newest[-1] if newest else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def server(folder: Path, address: str, network: str, inside: Sequence[str]) -> Iterator[str]:
    """The address of a fresh database; `inside` is the beginning of a command line that runs on its host."""
    found = binaries()
    assert found
    user = next(name for name in ("postgres", "nobody") if _there_is(name))
    folder.mkdir(parents=True)
    shutil.chown(folder, user)
    for parent in folder.parents:  # pytest's folders are for root alone
        if str(parent).startswith("/tmp/") or "pytest" in parent.name:
            parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "data"

    def run(*command: str) -> None:
        as_user = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
        with (folder / "log").open("ab") as log:
            environ = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
            subprocess.run([*inside, *as_user, *command], check=True, stdout=log, stderr=log, env=environ, cwd=folder)

    run(str(found / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {network} trust\n")
    # Waiting for the disk proves nothing here: nobody cuts this host's power.
    options = f"-F -p 5432 -h {address} -k {folder} -c max_connections=200"
    run(
        str(found / "pg_ctl"),
        "-D",
        str(data),
        "-o",
        options,
        "-l",
        str(folder / "server.log"),
        "-w",
        "-t",
        "60",
        "start",
    )
    try:
        yield f"postgresql://postgres@{address}:5432/postgres"
    finally:
        run(str(found / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "-t", "30", "stop")


def _there_is(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
