"""What is kept comes back, and the disk alone tells nothing about it."""

import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.storage.files import FileStorage
from integrations.storage.keys import Key, Keyring, NotDecrypted

OLD, NEW = Key("2025", b"o" * 32), Key("2026", b"n" * 32)
INVOICE = b"%PDF-1.7 invoice 26112000000000000001 " * 500


@pytest.fixture
def storage(tmp_path):
    return FileStorage(tmp_path / "files", Keyring([NEW]))


def on_disk(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.binary(max_size=2000))
def test_what_was_put_comes_back(storage, content):
    assert storage.get(storage.put(content)) == content


def test_the_same_bytes_are_kept_once(storage, tmp_path):
    assert storage.put(INVOICE) == storage.put(INVOICE) != storage.put(INVOICE + b" ")
    assert len(on_disk(tmp_path)) == 2


def test_the_disk_shows_neither_content_nor_its_public_hash(storage, tmp_path):
    storage.put(INVOICE)
    (path,) = on_disk(tmp_path)
    assert b"invoice" not in path.read_bytes()
    assert hashlib.sha256(INVOICE).hexdigest() not in str(path)


def test_only_the_owner_may_look(storage, tmp_path):
    before = os.umask(0)
    try:
        storage.put(INVOICE)
    finally:
        os.umask(before)
    (path,) = on_disk(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "key", ["", "0" * 64, "../keys.json", "../../etc/passwd", "A" * 64, "0" * 64 + "\n", "/etc/passwd"]
)
def test_there_is_no_such_key(storage, key):
    with pytest.raises(KeyError):
        storage.get(key)


def test_a_changed_or_swapped_file_is_noticed_and_mended_by_the_original(storage):
    first, second = storage.put(INVOICE), storage.put(b"another")
    path = storage._path(first)
    for spoilt in (storage._path(second).read_bytes(), path.read_bytes()[:-1], b"", os.urandom(100)):
        path.write_bytes(spoilt)
        with pytest.raises(NotDecrypted):
            storage.get(first)
        assert storage.put(INVOICE) == first
        assert storage.get(first) == INVOICE


def test_a_new_key_keeps_names_and_encrypts_anew(tmp_path):
    key = FileStorage(tmp_path, Keyring([OLD])).put(INVOICE)
    rotated = FileStorage(tmp_path, Keyring([NEW, OLD]))
    assert rotated.put(INVOICE) == key
    assert rotated.encrypt_anew() == 1
    assert rotated.encrypt_anew() == 0
    # The old key is no longer needed to open it.
    assert FileStorage(tmp_path, Keyring([NEW])).get(key) == INVOICE


def test_many_threads_may_put_the_same_file(storage, tmp_path):
    keys, barrier = [], threading.Barrier(8)

    def put():
        barrier.wait()
        keys.append(storage.put(INVOICE))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(on_disk(tmp_path)) == 1
    assert storage.get(keys[0]) == INVOICE


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    """A child process whose files may hold 10 kB at most stands for the full disk."""
    program = (
        "import pathlib\n"
        "from integrations.storage.files import FileStorage\n"
        "from integrations.storage.keys import Key, Keyring\n"
        f"storage = FileStorage(pathlib.Path({str(tmp_path)!r}), Keyring([Key('2026', b'n' * 32)]))\n"
        "storage.put(b'fits')\n"
        "storage.put(b'x' * 20_000)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "File too large" in ran.stderr
    assert len(on_disk(tmp_path)) == 1


def test_a_kill_while_writing_leaves_whole_files_alone(tmp_path):
    program = (
        "import pathlib, os\n"
        "from integrations.storage.files import FileStorage\n"
        "from integrations.storage.keys import Key, Keyring\n"
        f"storage = FileStorage(pathlib.Path({str(tmp_path)!r}), Keyring([Key('2026', b'n' * 32)]))\n"
        "while True:\n"
        "    print(storage.put(os.urandom(200_000)), flush=True)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    first = [writer.stdout.readline().strip() for _ in range(20)]
    writer.send_signal(signal.SIGKILL)
    announced = first + writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    storage = FileStorage(tmp_path, Keyring([NEW]))
    for path in on_disk(tmp_path):
        if not path.name.startswith("."):
            assert len(storage.get(path.name)) == 200_000
    # What was announced was kept; the last line may be cut.
    for key in announced[:-1]:
        assert len(storage.get(key)) == 200_000
