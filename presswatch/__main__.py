"""`presswatch`, and `python -m presswatch`: the command line with plain error messages and exit statuses."""

import os
import sys


def main() -> int:
    """Run the command line. 0: done; 1: something failed; 2: wrong use."""
    from presswatch.children import die_with_parent

    die_with_parent()
    import typer

    from presswatch.cli import app
    from presswatch.errors import PresswatchError

    try:
        result = app(standalone_mode=False)
    except PresswatchError as error:
        sys.stderr.write(f"presswatch: {error}\n")
        return error.exit_status
    except typer.Abort:
        sys.stderr.write("presswatch: interrupted.\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (| head): nothing to say, and nothing more to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if type(error).__module__.startswith("click") or hasattr(error, "exit_code"):
            error.show()  # type: ignore[attr-defined]
            return int(error.exit_code)  # type: ignore[attr-defined]
        raise
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())
