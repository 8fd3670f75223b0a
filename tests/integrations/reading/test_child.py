"""What a reading child may not do."""

import json
import os
import shutil
import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from core.document import Reading
from core.invoice import Box, Candidate, Field, FieldName, FieldState, Finding, Kind, ReadInvoice, Severity, Source
from core.messages import Message
from integrations.reading.limits import ReadingLimits
from integrations.reading.pool import ReaderPool
from sandbox.papers.invention import invent
from sandbox.papers.photos import photograph
from sandbox.papers.render import to_pdf, to_picture
from tests.integrations.reading.readers import file_that
from tests.integrations.reading.test_pool import OBEY, ask

EVERYTHING = "tests.integrations.reading.test_child:read_everything"


def read_everything(content, media, limits=None):
    """A reading with every kind of value in it."""
    total = Field(
        value="475.80",
        state=FieldState.READ,
        candidates=(Candidate("475.80", Source.RAPIDOCR, 0.98, Box(0.1, 0.2, 0.3, 0.4)),),
        reason=Message("Only one reader saw {name}.", name=Message("the total")),
    )
    invoice = ReadInvoice(
        page=2,
        kind=Kind.DIGITAL_ORDINARY,
        fields={FieldName.TOTAL: total},
        findings=(Finding("Q3", Severity.WARN, Message("{a} differs", a="x"), {"qr": "1"}),),
        place=Box(0.0, 0.0, 1.0, 0.5),
    )
    return Reading((invoice, invoice), {1: b"\xff\xd8\xff first", 2: b"", 7: bytes(range(256)) * 5000})


@pytest.fixture(scope="module")
def pool():
    with ReaderPool(1, ReadingLimits(seconds=30.0), reader=OBEY) as started:
        yield started


def test_a_reading_arrives_as_it_was_made():
    with ReaderPool(1, reader=EVERYTHING) as pool:
        assert pool.read(file_that("anything"), "x.png") == read_everything(b"", "")


def test_no_network(pool):
    if not pool.hello().network_closed:
        pytest.skip("this system allows no network namespace: native code could connect")
    with socket.create_server(("127.0.0.1", 0)) as server:
        outcomes = json.loads(ask(pool, "connect", str(server.getsockname()[1])))
    assert outcomes == ["[Errno 101] Network is unreachable"] * 2 + ["Network is unreachable"]


def test_where_no_network_namespace_is_allowed_pythons_sockets_are_refused_and_hello_says_so():
    program = (
        "from integrations.reading.pool import ReaderPool\n"
        "from tests.integrations.reading.readers import file_that\n"
        f"with ReaderPool(1, reader={OBEY!r}) as pool:\n"
        "    hello = pool.hello()\n"
        "    print(hello.network_closed, hello.own_users, hello.own_processes)\n"
        "    print(pool.read(file_that('connect', '1'), '').previews[1].decode())\n"
    )
    # A user namespace of its own may forbid further namespaces to itself without touching the machine.
    forbid = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"'
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-Ur", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system allows no user namespace")
    ran = subprocess.run(
        [unshare, "-Ur", "sh", "-c", forbid, "sh", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    said, outcomes = ran.stdout.splitlines()
    assert said == "False False False"
    assert json.loads(outcomes)[:2] == ["no network while reading files"] * 2


def test_secrets_of_the_environment_stay_out(monkeypatch):
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "hush")
    monkeypatch.setenv("PIAOBOT_ENCRYPTION_KEYS", "hush")
    with ReaderPool(1, reader=OBEY) as pool:
        seen = json.loads(ask(pool, "look_around"))
        assert "hush" not in str(seen)
        assert set(seen["environment"]) <= {
            "PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "PIAOBOT_OCR_THREADS", "PIAOBOT_DETECTION_SIDE",
            "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "PYTHONPATH",
            "PYTHONDONTWRITEBYTECODE", "OMP_THREAD_LIMIT",
        }  # fmt: skip
        if pool.hello().own_users:
            assert ask(pool, "spy", str(os.getpid())) == "PermissionError"


def test_each_file_finds_an_empty_folder_and_nothing_of_it_is_importable(pool):
    first, second = json.loads(ask(pool, "look_around")), json.loads(ask(pool, "look_around"))
    assert first["folder"] == second["folder"] == first["environment"]["TMPDIR"]
    assert first["before"] == second["before"] == []
    assert Path(first["left"]).parent == Path(first["folder"])
    assert not Path(first["left"]).exists()
    assert first["modules_from"] == []


def test_privileges_and_priority_are_given_up(pool):
    seen = json.loads(ask(pool, "look_around"))
    assert seen["no_new_privileges"] == "1"
    assert seen["oom"] == "1000"
    assert seen["core"] == 0
    assert seen["nice"] == min(os.nice(0) + 10, 19)


def test_file_size_and_open_files_are_limited(pool):
    assert ask(pool, "write_much") == "File too large"
    assert ask(pool, "open_much") == "Too many open files"


def test_the_real_reader_works_within_the_limits():
    """Text of a PDF, then a photo: OCR, its models and Tesseract live with what is taken from them."""
    paper = invent("within limits", total=Decimal("475.80"))
    photo = photograph(to_picture(paper), seed=3)
    with ReaderPool(1) as pool:
        for content in (to_pdf(paper), photo):
            reading = pool.read(content, "invoice")
            (invoice,) = reading.invoices
            assert invoice.kind is Kind.DIGITAL_ORDINARY
            assert invoice.value(FieldName.TOTAL) == "475.80"
            assert reading.previews[1].startswith(b"\xff\xd8\xff")
