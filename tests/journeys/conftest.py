"""One site per database for the journeys of a file: each journey brings invoices of its own."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.databases import migrated_sqlite, postgres_server
from tests.journeys.site import site as open_site
from tests.journeys.windows import Windows, chromium

__all__ = ["migrated_sqlite", "postgres_server"]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def site(request, tmp_path_factory):
    """The bot migrates its own database at start, as on a customer's machine."""
    folder = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = f"journeys_{uuid.uuid4().hex}"
        with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = server.format(name)
    with open_site(address, folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def windows(browser: Browser, site: Any) -> Iterator[Windows]:
    windows = Windows(browser, site.chat)
    yield windows
    windows.close()
    assert windows.wrong == []
