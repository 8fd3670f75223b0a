import pytest

from tests.core.office import Office
from tests.databases import *  # noqa: F403, fixtures


@pytest.fixture
def office(engine):
    return Office(engine)
