"""Measure the judge on the labelled corpora, and raise the floors of tests/quality/floors.json to it.

    python tools/raise_floors.py [--lower-too] [--floors FILE] [CORPUS ...]

A floor never falls by itself: where a figure is under its floor, nothing is
written, unless --lower-too says that it is meant. Exit status 0: written; 1: refused.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.quality import corpora, floors, scores


def main(arguments: list[str] | None = None) -> int:
    """What the command does with these arguments; returns its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "corpora", nargs="*", metavar="CORPUS", help=f"{', '.join(corpora.FILES)}; all if none is named"
    )
    parser.add_argument("--lower-too", action="store_true", help="also lower the floors that a figure is under")
    parser.add_argument("--floors", type=Path, default=floors.FILE, metavar="FILE", help="another file of floors")
    options = parser.parse_args(arguments)
    if unknown := set(options.corpora) - corpora.FILES.keys():
        parser.error(f"there is no corpus {', '.join(sorted(unknown))}; there are {', '.join(corpora.FILES)}")
    content: Mapping[str, Any] = floors.load(options.floors)
    refused: list[str] = []
    for name in options.corpora or corpora.FILES:
        if not corpora.FILES[name].exists():
            print(f"{name}: skipped, its file is not beside this checkout")
            continue
        scored = corpora.score(name)
        result = floors.raised(content, name, corpora.digest(name), scored.figures, lower_too=options.lower_too)
        print(scores.tables(name, scored.judged, result.content["floors"][name], scored.figures), end="\n\n")
        refused += result.lowered
        content = result.content
    if refused and not options.lower_too:
        print("Nothing was written, because these floors would have to fall:", *refused, sep="\n  ")
        print("Mend the judge; or, where the fall is meant, run it again with --lower-too.")
        return 1
    floors.save(content, options.floors)
    print(f"Written: {options.floors}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
