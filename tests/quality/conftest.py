"""`make quality` ends with tables that a person wants to read."""

import pytest

_TABLES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def record_table(pytestconfig: pytest.Config) -> list[str]:
    """Tables to print at the end of the run, beside what passed and failed; workers of xdist keep theirs."""
    return pytestconfig.stash.setdefault(_TABLES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for table in config.stash.get(_TABLES, []):
        terminalreporter.write_line("")
        terminalreporter.write_line(table)
