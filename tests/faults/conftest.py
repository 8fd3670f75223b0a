"""Short by default; `--faults` (script/test --faults) asks for as much as a release has to stand."""

import pytest

from tests.databases import *  # noqa: F403, fixtures


def pytest_addoption(parser):
    parser.addoption("--faults", action="store_true", help="many more kills, invoices and interleavings")


@pytest.fixture
def thorough(pytestconfig):
    """Whether `--faults` was given; never for runs that did not begin in this folder."""
    return pytestconfig.getoption("--faults", default=False)
