"""A process of its own that begins a job and is killed in it: `python -m tests.integrations.jobs.crashing URL ID`."""

import sys
import threading

from integrations.jobs.engine import JobEngine


def begin(arguments):
    print("begun", arguments["id"], flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    jobs = JobEngine(sys.argv[1], sys.argv[2], {"read": begin})
    jobs.start()
    threading.Event().wait()
