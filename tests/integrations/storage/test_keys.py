"""The keyring: the newest key encrypts, all decrypt, and nobody else can read the file it lies in."""

import base64
import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.storage.files import FileStorage
from integrations.storage.keys import Key, Keyring, KeysUnusable, NotDecrypted, load_keyring

OLD, NEW = Key("2025", b"o" * 32), Key("2026", b"n" * 32)


def encoded(*keys):
    return ",".join(f"{key.id}:{base64.b64encode(key.secret).decode()}" for key in keys)


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_was_encrypted_comes_back(plain, context):
    keyring = Keyring([NEW])
    assert keyring.decrypt(keyring.encrypt(plain, context), context) == plain


def test_the_same_bytes_are_never_encrypted_alike():
    keyring = Keyring([NEW])
    assert keyring.encrypt(b"12345678", b"x") != keyring.encrypt(b"12345678", b"x")


def test_every_changed_byte_is_noticed():
    keyring = Keyring([NEW])
    sealed = keyring.encrypt(b"100.00", b"invoices.total:1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(NotDecrypted):
            keyring.decrypt(bytes(changed), b"invoices.total:1")
    for length in range(len(sealed)):
        with pytest.raises(NotDecrypted):
            keyring.decrypt(sealed[:length], b"invoices.total:1")


def test_a_value_moved_to_another_row_does_not_decrypt():
    keyring = Keyring([NEW])
    with pytest.raises(NotDecrypted):
        keyring.decrypt(keyring.encrypt(b"100.00", b"row 1"), b"row 2")


def test_a_new_key_in_front_encrypts_and_the_old_still_decrypts():
    before, after = Keyring([OLD]), Keyring([NEW, OLD])
    sealed = before.encrypt(b"kept", b"x")
    assert after.decrypt(sealed, b"x") == b"kept"
    assert after.needs_rotation(sealed)
    again = after.encrypt(b"kept", b"x")
    assert not after.needs_rotation(again)
    assert before.fingerprint(b"kept", b"x") == after.fingerprint(b"kept", b"x")
    with pytest.raises(NotDecrypted, match="2026"):
        before.decrypt(again, b"x")


def test_a_fingerprint_depends_on_key_context_and_content():
    seen = {
        Keyring([key]).fingerprint(content, context)
        for key in (OLD, NEW)
        for context in (b"a", b"b")
        for content in (b"1", b"2")
    }
    assert len(seen) == 8


def test_keys_from_the_environment_need_no_file(tmp_path):
    keyring = load_keyring(tmp_path, encoded(NEW, OLD))
    assert keyring.key_ids == ("2026", "2025")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "value",
    ["2026", "2026:", "2026:short", "2026:!!!!", ":" + base64.b64encode(b"n" * 32).decode(), encoded(NEW, NEW), ","],
)
def test_malformed_keys_are_refused_without_repeating_them(tmp_path, value):
    with pytest.raises(KeysUnusable) as caught:
        load_keyring(tmp_path, value)
    assert caught.value.code == "E-KEYS"
    assert "!!!!" not in caught.value.message.text


def test_a_secret_is_not_in_a_repr():
    assert "nnnn" not in repr(NEW)


def test_the_first_start_makes_a_key_that_only_the_owner_reads(tmp_path):
    first = load_keyring(tmp_path / "data", None)
    path = tmp_path / "data" / "keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert load_keyring(tmp_path / "data", None).decrypt(first.encrypt(b"x", b""), b"") == b"x"
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_first_starts_at_the_same_time_agree_on_one_key(tmp_path):
    rings, barrier = [], threading.Barrier(8)

    def start():
        barrier.wait()
        rings.append(load_keyring(tmp_path, None))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rings) == 8
    assert len({ring.key_ids for ring in rings}) == 1


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_others_can_read_is_refused_in_words(tmp_path, mode):
    load_keyring(tmp_path, None)
    path = tmp_path / "keys.json"
    path.chmod(mode)
    with pytest.raises(KeysUnusable) as caught:
        load_keyring(tmp_path, None)
    assert "chmod 600" in caught.value.message.text
    assert caught.value.message.values["path"] == str(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"keys": []}', '{"keys": [{"id": "a"}]}', '{"keys": [{"id": 1, "key": 2}]}']
)
def test_a_broken_file_is_refused_and_left_alone(tmp_path, text):
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeysUnusable):
        load_keyring(tmp_path, None)
    assert path.read_text() == text


def test_a_lost_file_is_not_replaced_when_there_is_something_to_open(tmp_path):
    keyring = load_keyring(tmp_path, None)
    FileStorage(tmp_path / "originals", keyring).put(b"an invoice")
    (tmp_path / "keys.json").unlink()
    with pytest.raises(KeysUnusable) as caught:
        load_keyring(tmp_path, None)
    assert "backup" in caught.value.message.text
    assert not (tmp_path / "keys.json").exists()


def test_the_file_lists_the_newest_key_first(tmp_path):
    load_keyring(tmp_path, None)
    path = tmp_path / "keys.json"
    held = json.loads(path.read_text())
    held["keys"].insert(0, {"id": "next", "key": base64.b64encode(b"n" * 32).decode()})
    path.write_text(json.dumps(held))
    assert load_keyring(tmp_path, None).key_ids[0] == "next"
