import pytest
from hypothesis import settings

from tests.core.office import Office
from tests.databases import *  # noqa: F403, fixtures

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")


@pytest.fixture
def office(engine):
    return Office(engine)
