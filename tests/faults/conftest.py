"""What a test of faults needs once: the steps' knowledge, which takes a while to compile."""

import pytest

from presswatch import settings
from presswatch.services import Services
from tests.faults.machine import Compiled


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    with Services(settings.load(None, tmp_path_factory.mktemp("compiled"), {})) as services:
        return Compiled(knowledge=services.knowledge, cache=services.settings.cache_dir)
