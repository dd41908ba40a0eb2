"""One target under atheris, guided by our own code's coverage: `python -m tests.fuzz.guided NAME [OPTIONS]`.

The options are libFuzzer's.
"""

import sys

import atheris

# Only our own code: the libraries' would drown it, and cost minutes to instrument.
with atheris.instrument_imports(include=["crawler", "pipelines", "presswatch"]):
    from tests.fuzz.targets import tried


def main() -> None:
    """Run until libFuzzer's own limits end it."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, lambda data: tried(name, bytes(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
