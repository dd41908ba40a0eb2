"""`make pythons`: the suite on every Python that the project takes and this machine has. `make wheel`: the wheel.

`make s3`: an archive at an address of S3's, against a server on loopback.
"""

import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["tests"]

PYTHONS = ["3.11", "3.12", "3.13"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The whole suite, or what is given behind --."""
    session.install("--require-hashes", "-r", "requirements.lock")
    session.install("--require-hashes", "-r", "requirements-dev.lock")
    session.install("--no-deps", "--no-build-isolation", "-e", ".")
    session.run("pytest", *(session.posargs or ("-n", "auto", "--dist", "loadgroup")))


@nox.session(python=False)
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it alone into a bare environment, and use it outside of the checkout."""
    work = Path(session.create_tmp()).absolute()
    session.run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(work), ".")
    (built,) = sorted(work.glob("presswatch-*.whl"))[-1:]
    session.run(sys.executable, "-m", "venv", "--clear", str(work / "bare"))
    python = str(work / "bare" / "bin" / "python")
    session.run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements.lock", external=True)
    session.run(python, "-m", "pip", "install", "-q", "--no-deps", str(built), external=True)
    script = Path("tests/wheel/use_it.py").absolute()
    elsewhere = work / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    with session.chdir(elsewhere):
        session.run(python, "-I", str(script), external=True)


@nox.session(python=False)
def s3(session: nox.Session) -> None:
    """The shared archive's tests with s3fs and moto's server, in an environment of their own."""
    bare = Path(session.create_tmp()).absolute() / "bare"
    session.run(sys.executable, "-m", "venv", "--clear", str(bare))
    python = str(bare / "bin" / "python")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        session.run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock, external=True)
    session.run(python, "-m", "pip", "install", "-q", "s3fs", "moto[server]", external=True)
    session.run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ".", external=True)
    session.run(python, "-m", "pytest", "-q", "-n0", "tests/presswatch/test_shared_archive.py", external=True)
