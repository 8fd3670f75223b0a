"""Of a backup file no byte can be changed, moved, added or missing without being noticed."""

import io
import json
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.backup.entries import Entry, EntryReader, EntryWriter
from integrations.backup.seal import BackupUnusable, Opening, Sealing
from integrations.storage.keys import Key, Keyring

OLD, NEW, OTHER = Key("2025", b"o" * 32), Key("2026", b"n" * 32), Key("2026", b"x" * 32)
KEYS = Keyring([NEW, OLD])
PIECE = 1024 * 1024


def sealed(*entries, keyring=KEYS):
    file = io.BytesIO()
    writer = EntryWriter(Sealing(file, keyring, {"taken_at": "2026-11-24"}))
    for entry in entries:
        writer.add(entry)
    return file, writer.close()


def opened(content, keyring=KEYS):
    reader = EntryReader(Opening(io.BytesIO(content), keyring))
    return list(reader), reader.digest


# Three pieces, the middle one nothing but the inside of one original.
ENTRIES = [
    Entry("rows", {"table": "claims", "columns": {"id": "plain"}}, b'["c1"]\n["c2"]'),
    Entry("original", {"key": "a" * 64}, random.Random(1).randbytes(2 * PIECE)),
    Entry("original", {"key": "b" * 64}, b""),
]
FILE, DIGEST = sealed(*ENTRIES)
CONTENT = FILE.getvalue()
SMALL = sealed(*ENTRIES[::2])[0].getvalue()


def test_what_was_written_is_read():
    assert opened(CONTENT) == (ENTRIES, DIGEST)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.builds(Entry, st.sampled_from(["rows", "original"]), st.just({}), st.binary(max_size=5000))))
def test_whatever_is_written_is_read(entries):
    file, digest = sealed(*entries)
    assert opened(file.getvalue()) == (entries, digest)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])
def test_pieces_that_are_just_full(size):
    file, content = io.BytesIO(), random.Random(size).randbytes(size)
    sealing = Sealing(file, KEYS, {})
    sealing.write(content)
    sealing.close()
    file.seek(0)
    opening = Opening(file, KEYS)
    assert opening.read(size + 1) == content
    assert opening.read(1) == b""


def test_every_flipped_byte_of_a_small_backup_is_noticed():
    for place in range(len(SMALL)):
        with pytest.raises(BackupUnusable):
            opened(flipped(SMALL, place, 1 << place % 8))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(place, by):
    with pytest.raises(BackupUnusable):
        opened(flipped(CONTENT, place, by))


def flipped(content, place, by):
    changed = bytearray(content)
    changed[place] ^= by
    return bytes(changed)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.integers(0, len(CONTENT) - 1), st.integers(0, 2).map(lambda n: FIRST + n * (PIECE + 16))))
def test_a_missing_end_is_noticed(size):
    with pytest.raises(BackupUnusable):
        opened(CONTENT[:size])


FIRST = CONTENT.index(b"\n") + 1


def test_pieces_cannot_be_exchanged_left_out_or_added():
    line, rest = CONTENT[:FIRST], CONTENT[FIRST:]
    pieces = [rest[at : at + PIECE + 16] for at in range(0, len(rest), PIECE + 16)]
    assert len(pieces) == 3
    for wrong in (
        [pieces[1], pieces[0], pieces[2]],
        [pieces[0], pieces[2]],
        [*pieces, pieces[2]],
        [*pieces, b"x"],
    ):
        with pytest.raises(BackupUnusable):
            opened(line + b"".join(wrong))
    other = sealed(*ENTRIES)[0].getvalue()
    with pytest.raises(BackupUnusable):
        opened(line + other[FIRST:])


def test_the_same_content_never_looks_the_same():
    assert sealed(*ENTRIES)[0].getvalue()[FIRST:] != CONTENT[FIRST:]


def test_nothing_of_the_content_can_be_read():
    assert b"claims" not in CONTENT[FIRST:]
    assert OLD.secret.hex().encode() not in CONTENT
    assert set(json.loads(CONTENT[:FIRST])) == {"piaobot_backup", "keys", "salt", "said"}


@pytest.mark.parametrize("keyring", [Keyring([OTHER, OLD]), Keyring([OLD]), Keyring([NEW]), Keyring([OLD, NEW])])
def test_other_keys_are_named(keyring):
    with pytest.raises(BackupUnusable) as caught:
        opened(CONTENT, keyring)
    assert "was sealed with the keys" in caught.value.message.text
    assert caught.value.message.values == {"wanted": (NEW.print, OLD.print), "held": keyring.key_prints}


def test_a_newer_key_in_front_does_no_harm():
    assert opened(CONTENT, Keyring([Key("2027", b"z" * 32), NEW, OLD])) == (ENTRIES, DIGEST)


def test_a_newer_format_is_named():
    newer = CONTENT.replace(b'"piaobot_backup": 1', b'"piaobot_backup": 2', 1)
    with pytest.raises(BackupUnusable) as caught:
        opened(newer)
    assert "newer version" in caught.value.message.text


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"PK\x03\x04", b"{}\n", b'{"piaobot_backup": 1}\n', b"[1]\n", b"x" * 9000]
)
def test_what_is_no_backup_is_named(content):
    with pytest.raises(BackupUnusable) as caught:
        opened(content)
    assert "not a backup" in caught.value.message.text


def test_memory_stays_small(tmp_path):
    entry = Entry("original", {}, bytes(2 * PIECE))
    tracemalloc.start()
    try:
        with (tmp_path / "big").open("wb") as file:
            writer = EntryWriter(Sealing(file, KEYS, {}))
            for _ in range(60):
                writer.add(entry)
            writer.close()
        with (tmp_path / "big").open("rb") as file:
            assert sum(1 for _ in EntryReader(Opening(file, KEYS))) == 60
        assert tracemalloc.get_traced_memory()[1] < 20 * PIECE
    finally:
        tracemalloc.stop()
