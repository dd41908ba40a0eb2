"""Uses an installed presswatch as a stranger would, far from any checkout: `make wheel` runs it. No test framework."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from importlib import metadata
from pathlib import Path

PROGRAM = str(Path(sysconfig.get_path("scripts")) / "presswatch")


def run(*words: str, cwd: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PRESSWATCH"))}
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False, cwd=cwd, env=environ)
    if done.returncode:
        sys.exit(f"presswatch {' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def main() -> None:
    import presswatch

    here = Path(presswatch.__file__).parent
    assert here.parent == Path(sysconfig.get_path("purelib")), f"this is no installed presswatch: {here}"
    assert (here / "bundled_config" / "sources.yaml").is_file(), "the wheel holds no configuration"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        assert metadata.version("presswatch") in run("--version", cwd=work)
        assert "nvidia-newsroom" in run("sources", "--json", cwd=work)
        told = run("demo", cwd=work)
        assert "Humber" in told, told[-2000:]
        assert list((work / "demo-data").rglob("demo-*.html")), "the demo sent no digest"
        assert "Humber" in run(
            "--data", str(next((work / "demo-data").rglob("presswatch.sqlite3")).parent), "search", "Humber", cwd=work
        )
    sys.stdout.write("1 passed, 0 failed\n")


if __name__ == "__main__":
    main()
