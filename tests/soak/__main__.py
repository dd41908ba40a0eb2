"""`make soak`: ten thousand polling cycles of the service, and what it held after each.

python -m tests.soak --cycles 400 --folder /tmp/soak
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak import verdict
from tests.soak.soaking import Soak


def main() -> int:
    """Soak, say what was measured, and return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--cycles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where everything is kept; a temporary one otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(folder=options.folder or Path(folder), cycles=options.cycles, seed=options.seed)
        soak.run(lambda words: print(words, flush=True))
        print(verdict.report(soak))
        wrong = verdict.wrong(soak)
        print("\n".join(wrong) or "nothing wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
