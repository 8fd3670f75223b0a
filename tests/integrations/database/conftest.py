import pytest

from integrations.database.transaction import SqlTransactions
from integrations.jobs.engine import JobEngine
from tests.databases import *  # noqa: F403, fixtures


@pytest.fixture
def jobs(database_url):
    names = ("show", "read_document")
    engine = JobEngine(database_url, "test", dict.fromkeys(names, print))
    yield engine
    engine.stop()


@pytest.fixture
def transactions(engine, jobs):
    return SqlTransactions(engine, jobs.enqueue)


@pytest.fixture
def enqueued(jobs):
    """The ids of jobs that wait in the engine's own tables."""
    return lambda: sorted(job.workflow_id for job in jobs._client.list_workflows(status="ENQUEUED"))
