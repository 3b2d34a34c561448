import pytest

from tipintake.directory.gazetteer import Gazetteer
from tipintake.region.pack import Pack


@pytest.fixture(scope="session")
def gazetteer(pack: Pack) -> Gazetteer:
    return pack.gazetteer()
