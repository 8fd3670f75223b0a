"""A file that misbehaves costs itself and nobody else."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import Unreadable
from integrations.reading.limits import ReadingLimits
from integrations.reading.pool import ReaderPool, ReaderPoolClosed
from integrations.reading.process import ReaderNotStarted
from tests.integrations.reading.readers import file_that

OBEY = "tests.integrations.reading.readers:obey"
SHORT = ReadingLimits(seconds=1.0)
# Half a gigabyte, so that eating it is quick.
SMALL = ReadingLimits(memory_bytes=512 * 1024**2, seconds=30.0)


@pytest.fixture(scope="module")
def pool():
    with ReaderPool(1, ReadingLimits(seconds=30.0), reader=OBEY) as started:
        yield started


def ask(pool, does, argument=""):
    return pool.read(file_that(does, argument), "invoice.png").previews[1].decode()


def refusal(pool, does, argument=""):
    with pytest.raises(Unreadable) as caught:
        ask(pool, does, argument)
    return caught.value


def gone(pid):
    """Wait until no process has this number; a zombie counts as there."""
    give_up = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.01)
    return True


def test_a_child_is_kept_warm(pool):
    assert ask(pool, "say", "你好") == "你好"
    assert ask(pool, "pid") == ask(pool, "pid")


def test_a_refusal_comes_back_as_it_was_raised_and_the_child_stays(pool):
    before = ask(pool, "pid")
    refused = refusal(pool, "refuse", "E-BLURRED")
    assert (refused.code, str(refused)) == ("E-BLURRED", "sharpness 3")
    assert refused.message.text == "Too blurred at {share} %."
    assert refused.message.values == {"share": 80}
    assert ask(pool, "pid") == before


@pytest.mark.parametrize("size", [0, 1, 70_000, 15_000_000])
def test_large_files_go_through(pool, size):
    assert ask(pool, "say", "x" * size) == "x" * size


@pytest.mark.parametrize(
    ("does", "detail"),
    [
        ("segfault", "exit 139"),
        ("abort", "exit 13"),
        ("kill_itself", "exit 137"),
        ("exit", "exit 3"),
        ("leave", "exit 1"),
        ("raise", "ValueError at readers.py:"),
        ("recurse", "RecursionError at readers.py:"),
    ],
)
def test_a_crash_fails_its_file_and_the_next_is_read(pool, does, detail):
    before = ask(pool, "pid")
    refused = refusal(pool, does, "3")
    assert refused.code == "E-READER-CRASHED"
    assert detail in str(refused)
    assert ask(pool, "pid") != before
    assert gone(before)


def test_an_exceptions_text_stays_in_the_child(pool):
    assert "¥100" not in str(refusal(pool, "raise", "¥100"))


@pytest.mark.parametrize("does", ["hang", "hang_deaf"])
def test_a_hang_ends_at_the_deadline(does):
    with ReaderPool(1, SHORT, reader=OBEY) as pool:
        before = ask(pool, "pid")
        refused = refusal(pool, does)
        assert refused.code == "E-TIMEOUT"
        assert refused.message.values == {"seconds": 1}
        assert gone(before)
        assert ask(pool, "say", "next") == "next"


def test_what_a_file_started_ends_with_it_even_out_of_its_group(tmp_path):
    told = tmp_path / "runaway"
    with ReaderPool(1, SHORT, reader=OBEY) as pool:
        if not pool.hello().own_processes:
            pytest.skip("this system allows no process namespace: a runaway in its own session would stay")
        assert refusal(pool, "leave_a_runaway", str(told)).code == "E-TIMEOUT"
        assert gone(told.read_text())


def test_two_hundred_forks_end_with_their_file():
    with ReaderPool(1, SHORT, reader=OBEY) as pool:
        session = str(pool._idle[0]._process.pid)
        assert refusal(pool, "fork", "200").code in ("E-TIMEOUT", "E-READER-CRASHED")
    give_up = time.monotonic() + 10
    while subprocess.run(["pgrep", "-s", session], check=False, capture_output=True).stdout:
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.mark.parametrize("does", ["eat", "eat_native"])
def test_memory_is_limited(does):
    with ReaderPool(1, SMALL, reader=OBEY) as pool:
        assert refusal(pool, does).code == "E-READER-CRASHED"
        assert ask(pool, "say", "next") == "next"


def test_a_child_that_grew_is_replaced_after_its_file():
    with ReaderPool(1, SMALL, reader=OBEY, retire_at_bytes=250 * 1024**2) as pool:
        small = ask(pool, "grow", "10")
        large = ask(pool, "grow", "300")
        assert large == small
        assert ask(pool, "pid") != large
        assert gone(large)


def test_what_libraries_print_does_not_reach_the_channel(pool):
    before = ask(pool, "pid")
    assert ask(pool, "print", "20") == "intact"
    assert ask(pool, "pid") == before


@pytest.mark.parametrize(
    ("does", "argument"),
    [
        ("answer_nonsense", "ffffffffffffffff"),
        ("answer_nonsense", "00000002000000007b5d"),
        ("answer_nonsense", "0000000200000000fffe"),
        ("flood_the_channel", ""),
        ("answer_falsely", "[]"),
        ("answer_falsely", "{}"),
        ("answer_falsely", "null"),
        ("answer_falsely", '{"invoices": [{"kind": "no such"}]}'),
        ("answer_falsely", '{"previews": {"1": 999}}'),
        (
            "answer_falsely",
            '{"refusal": {"message": {"text": "x", "values": {"a": {"b": 1}}}, "code": "", "detail": ""}}',
        ),
        ("answer_falsely", "[" * 100_000),
    ],
)
def test_nonsense_on_the_channel_is_a_crash(pool, does, argument):
    assert refusal(pool, does, argument).code == "E-READER-CRASHED"
    assert ask(pool, "say", "next") == "next"


def test_a_file_refused_at_sight_needs_no_child():
    with ReaderPool(1, reader="no.such:module") as pool, pytest.raises(Unreadable) as caught:
        pool.read(b"hello", "invoice.png")
    assert caught.value.code == "E-TYPE"


def test_twenty_files_at_once_each_get_their_own_answer():
    files = [("segfault", "") if number % 5 == 1 else ("say", f"file {number}") for number in range(20)]
    files[7] = ("hang", "")
    with ReaderPool(2, ReadingLimits(seconds=3.0), reader=OBEY) as pool, ThreadPoolExecutor(20) as threads:

        def outcome(file):
            try:
                return ask(pool, *file)
            except Unreadable as refused:
                return refused.code

        outcomes = list(threads.map(outcome, files))
    expected = {"segfault": "E-READER-CRASHED", "hang": "E-TIMEOUT"}
    assert outcomes == [expected.get(does, argument) for does, argument in files]


def test_a_child_that_died_while_idle_costs_no_file(pool):
    os.kill(int(ask(pool, "pid")), signal.SIGKILL)
    give_up = time.monotonic() + 10
    while pool._idle[-1].alive and time.monotonic() < give_up:
        time.sleep(0.01)
    assert ask(pool, "say", "next") == "next"


def test_a_warm_child_is_asked_before_one_that_still_starts():
    with ReaderPool(2, reader=OBEY) as pool:
        first, second = pool._idle
        first.wait_until_warm(30)
        second.wait_until_warm(30)
        refusal(pool, "segfault")
        (left,) = {first, second} & set(pool._idle)
        assert ask(pool, "say", "at once") == "at once"
        assert pool._idle[-1] is left


def test_children_outlive_the_thread_that_started_them():
    pools = []
    starter = threading.Thread(target=lambda: pools.append(ReaderPool(1, reader=OBEY)))
    starter.start()
    starter.join()
    with pools[0] as pool:
        before = ask(pool, "pid")
        assert ask(pool, "pid") == before


@pytest.mark.parametrize("reader", ["no.such.module:read", "tests.integrations.reading.readers:no_such"])
def test_a_reader_that_does_not_start_is_not_the_files_fault(reader):
    with ReaderPool(1, reader=reader) as pool:
        with pytest.raises(ReaderNotStarted, match="no"):
            ask(pool, "say", "x")
        with pytest.raises(ReaderNotStarted, match="Error"):
            pool.hello()


def test_close_ends_all_and_a_file_being_read_is_not_called_unreadable(tmp_path):
    told = tmp_path / "runaway"
    pool = ReaderPool(2, ReadingLimits(seconds=60), reader=OBEY)
    idle = ask(pool, "pid")
    folders = [process._folder for process in pool._idle]
    guards = [process._process.pid for process in pool._idle]
    with ThreadPoolExecutor(2) as threads:
        reading = threads.submit(ask, pool, "leave_a_runaway", str(told))
        give_up = time.monotonic() + 20
        while not (told.exists() and told.read_text()) and time.monotonic() < give_up:
            time.sleep(0.01)
        pool.close()
        with pytest.raises(ReaderPoolClosed):
            reading.result(timeout=10)
    assert gone(idle)
    assert gone(told.read_text())
    assert not any(Path(folder).exists() for folder in folders)
    with pytest.raises(ReaderPoolClosed):
        ask(pool, "say", "late")
    pool.close()
    assert not any(Path(f"/proc/{guard}").exists() for guard in guards)


def test_children_die_with_a_parent_that_is_killed(tmp_path):
    told = tmp_path / "runaway"
    program = (
        "import sys, threading\n"
        "from integrations.reading.pool import ReaderPool\n"
        "from tests.integrations.reading.readers import file_that\n"
        f"pool = ReaderPool(2, reader={OBEY!r})\n"
        f"hang = threading.Thread(target=pool.read, args=(file_that('leave_a_runaway', {str(told)!r}), ''), daemon=True)\n"
        "hang.start()\n"
        "print(pool.read(file_that('pid'), '').previews[1].decode(), *(p._folder for p in pool._busy + pool._idle), flush=True)\n"
        "hang.join()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    idle, *folders = parent.stdout.readline().split()
    give_up = time.monotonic() + 20
    while not (told.exists() and told.read_text()) and time.monotonic() < give_up:
        time.sleep(0.01)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(idle)
    assert gone(told.read_text())
    assert len(folders) == 2
    for folder in folders:
        give_up = time.monotonic() + 10
        while Path(folder).exists() and time.monotonic() < give_up:
            time.sleep(0.01)
        assert not Path(folder).exists()
