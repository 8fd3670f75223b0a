"""Jobs commit with their rows, run once, and survive the process that began them."""

import asyncio
import queue
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.contextvars import bound_contextvars, get_contextvars

from core.ports import Job
from integrations.jobs.engine import JobEngine, JobsUnusable, prepare

ROOT = Path(__file__).parents[3]
PATIENCE = 30


@pytest.fixture
def engines(database_url):
    """Makes engines, and stops them at the end."""
    made = []

    def make(executor_id="one", queues=None, **handlers):
        made.append(JobEngine(database_url, executor_id, handlers, queues))
        return made[-1]

    yield make
    for engine in reversed(made):
        engine.stop(wait_seconds=PATIENCE)


@pytest.fixture
def done():
    """What the job handlers have been given, in order."""
    return queue.Queue()


def put(engine, jobs, *more):
    with engine.begin() as connection:
        for job in more:
            jobs.enqueue(connection, job)


def read(key, **changes):
    return Job("read", key, {"id": key}, **changes)


class TestEnqueueing:
    def test_a_job_runs_after_commit_with_its_arguments(self, engine, engines, done):
        jobs = engines(read=done.put)
        put(engine, jobs, Job("read", "1", {"document": "d1", "page": "2"}))
        jobs.start()
        assert done.get(timeout=PATIENCE) == {"document": "d1", "page": "2"}

    def test_a_running_engine_takes_jobs_of_every_queue(self, engine, engines, done):
        jobs = engines(read=done.put)
        jobs.start()
        put(engine, jobs, read("1"), read("2", queue="reading"), read("3", queue="opening"))
        assert sorted(done.get(timeout=PATIENCE)["id"] for _ in range(3)) == ["1", "2", "3"]

    def test_the_same_name_and_key_are_enqueued_once_ever(self, engine, engines, done):
        jobs = engines(read=done.put, show=done.put)
        put(engine, jobs, read("1"), read("1"))
        jobs.start()
        assert done.get(timeout=PATIENCE) == {"id": "1"}
        put(engine, jobs, read("1"), Job("show", "1", {"id": "other name"}), read("2"))
        assert sorted(done.get(timeout=PATIENCE)["id"] for _ in range(2)) == ["2", "other name"]
        assert done.empty()

    def test_a_rollback_drops_the_job_and_frees_its_key(self, engine, engines, done):
        jobs = engines(read=done.put)
        with engine.connect() as connection, connection.begin() as transaction:
            jobs.enqueue(connection, read("1"))
            transaction.rollback()
        jobs.start()
        put(engine, jobs, read("2"))
        assert done.get(timeout=PATIENCE) == {"id": "2"}
        put(engine, jobs, read("1"))
        assert done.get(timeout=PATIENCE) == {"id": "1"}

    def test_a_job_enqueued_by_a_job_runs(self, engine, engines, done):
        def read_first(arguments):
            put(engine, jobs, Job("show", arguments["id"], arguments))

        jobs = engines(read=read_first, show=done.put)
        jobs.start()
        put(engine, jobs, read("1"))
        assert done.get(timeout=PATIENCE) == {"id": "1"}

    @pytest.mark.parametrize("job", [Job("unknown", "1", {}), read("1", queue="unknown")])
    def test_a_job_nobody_does_is_refused(self, engine, engines, job):
        jobs = engines(read=print)
        with pytest.raises(ValueError, match="unknown"), engine.begin() as connection:
            jobs.enqueue(connection, job)

    def test_arguments_are_kept_as_plain_json(self, engine, engines):
        jobs = engines(read=print)
        put(engine, jobs, read("1"))
        schema = "dbos." if engine.dialect.name == "postgresql" else ""
        with engine.connect() as connection:
            kept = connection.scalar(text(f"SELECT inputs FROM {schema}workflow_input"))
        assert '"id": "1"' in kept or '"id":"1"' in kept

    def test_a_queue_runs_no_more_at_once_than_it_has_slots(self, engine, engines, done):
        running = threading.Semaphore(2)

        def work(arguments):
            together = running.acquire(blocking=False)
            threading.Event().wait(0.05)
            running.release()
            done.put(together)

        jobs = engines(read=work, queues={"io": 2})
        put(engine, jobs, *[read(str(n)) for n in range(8)])
        jobs.start()
        assert all(done.get(timeout=PATIENCE) for _ in range(8))

    def test_starting_inside_an_event_loop_works(self, engine, engines, done):
        async def serve():
            jobs.start()

        jobs = engines(read=done.put)
        put(engine, jobs, read("1"))
        asyncio.run(serve())
        assert done.get(timeout=PATIENCE) == {"id": "1"}


def test_a_job_carries_the_trace_of_what_enqueued_it(engine, engines, done):
    jobs = engines(read=lambda arguments: done.put((arguments, get_contextvars()["trace"])))
    with bound_contextvars(trace="4f1c"):
        put(engine, jobs, read("1"))
    jobs.start()
    arguments, trace = done.get(timeout=PATIENCE)
    assert trace == "4f1c"
    assert "trace" not in arguments


def test_what_waits_is_counted_by_queue(engine, engines):
    jobs = engines(read=lambda _: None)
    put(engine, jobs, read("1"))
    (waits,) = [each for each in jobs.waiting().values() if each[0]]
    assert waits[0] == 1
    assert waits[1] >= 0


class TestFailing:
    def test_a_failure_is_listed_without_its_text_and_can_be_retried(self, engine, engines, done, caplog):
        attempts = []

        def work(arguments):
            attempts.append(arguments)
            if len(attempts) == 1:
                done.put("failed")
                raise RuntimeError("王芳's invoice")
            done.put("succeeded")

        jobs = engines(read=work)
        jobs.start()
        put(engine, jobs, read("1"))
        assert done.get(timeout=PATIENCE) == "failed"
        while not jobs.failed():
            threading.Event().wait(0.05)
        (failed,) = jobs.failed()
        assert failed.id == "read:1"
        assert failed.problem.startswith("RuntimeError at test_engine.py:")
        assert "read:1" in caplog.text
        assert "王芳" not in caplog.text
        jobs.retry("read:1")
        assert done.get(timeout=PATIENCE) == "succeeded"
        while jobs.failed():
            threading.Event().wait(0.05)
        with pytest.raises(KeyError):
            jobs.retry("read:1")

    def test_what_is_not_there_cannot_be_retried(self, engines):
        with pytest.raises(KeyError):
            engines(read=print).retry("read:9")


class TestCrashing:
    @pytest.fixture
    def killed(self, engine, engines, database_url):
        """A process that began job read:1 as executor "two", and was killed."""
        put(engine, engines(read=print), read("1"))
        command = [sys.executable, "-m", "tests.integrations.jobs.crashing", database_url, "two"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "begun 1\n"
            yield process
            process.kill()

    def test_it_runs_again_when_the_process_comes_back(self, killed, engines, done):
        killed.kill()
        killed.wait()
        engines("two", read=done.put).start()
        assert done.get(timeout=PATIENCE) == {"id": "1"}

    def test_another_process_rescues_it_when_it_is_gone_and_not_before(self, killed, engines, done):
        jobs = engines("three", read=done.put)
        jobs.start()
        assert jobs.rescue() == []
        killed.kill()
        killed.wait()
        while not (rescued := jobs.rescue()):
            threading.Event().wait(0.05)
        assert rescued == ["read:1"]
        assert done.get(timeout=PATIENCE) == {"id": "1"}

    def test_two_processes_cannot_have_the_same_id(self, killed, engines):
        with pytest.raises(JobsUnusable) as refused:
            engines("two", read=print).start()
        assert refused.value.message.values == {"id": "two"}


def test_jobs_that_succeeded_long_ago_are_forgotten(engine, engines, done):
    def work(arguments):
        done.put(arguments)
        if arguments["id"] == "bad":
            raise RuntimeError

    jobs = engines(read=work)
    jobs.start()
    put(engine, jobs, read("1"), read("bad"))
    while len(ended := jobs._client.list_workflows(status=["SUCCESS", "ERROR"])) < 2:
        threading.Event().wait(0.05)
    at = datetime.fromtimestamp(max(job.completed_at for job in ended) / 1000, UTC)
    assert jobs.forget(at - timedelta(minutes=1)) == 0
    assert jobs.forget(at + timedelta(minutes=1)) == 1
    assert [job.workflow_id for job in jobs._client.list_workflows()] == ["read:bad"]


def test_preparing_again_changes_nothing(database_url, engine, engines):
    jobs = engines(read=print)
    put(engine, jobs, read("1"))
    prepare(database_url)
    assert [job.workflow_id for job in jobs._client.list_workflows()] == ["read:1"]
