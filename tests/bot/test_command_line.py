"""The command line, run as a person runs it."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.ports import AuditEntry
from integrations.database.engine import create_engine
from integrations.database.schema import upgrade
from integrations.database.transaction import SqlTransactions
from integrations.storage.keys import Key, Keyring
from sandbox.papers import invent, not_an_invoice, to_pdf, truncated_pdf

ROOT = Path(__file__).parents[2]


def piaobot(*words, **settings):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIAOBOT_", "SLACK_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=ROOT,
        env={**clean, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_read_prints_one_json_object_per_invoice(tmp_path):
    paper = invent(7)
    original, view = tmp_path / "a.pdf", tmp_path / "b.png"
    original.write_bytes(to_pdf(paper))
    view.write_bytes(not_an_invoice())
    done = piaobot("read", original, view, "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    labels = paper.labels()
    assert set(first) == {"file", "part", "page", "kind", "fields", "findings", "questions", "lines", "details"}
    assert (first["part"], first["details"]) == (None, {})
    assert {line["name"] for line in first["lines"]} == {item.name for item in paper.items}
    assert (first["file"], first["page"], first["kind"]) == (str(original), 1, labels["kind"])
    for name in (
        "number",
        "date",
        "total",
        "tax",
        "amount_ex_tax",
        "buyer_name",
        "buyer_tax_id",
        "seller_name",
        "seller_tax_id",
    ):
        assert first["fields"][name]["value"] == labels[name]
        assert first["fields"][name]["state"] == "verified"
    assert set(first["fields"]["total"]) == {"value", "state", "sources", "confidence", "box"}
    assert all(0 <= edge <= 1 for edge in first["fields"]["total"]["box"])
    assert first["questions"] == []
    assert second["kind"] == "not_invoice"
    assert done.returncode == 0


def test_read_ends_with_1_when_a_file_gave_nothing(tmp_path):
    broken = tmp_path / "cut.pdf"
    broken.write_bytes(truncated_pdf())
    done = piaobot("read", broken, tmp_path / "missing.pdf", "--json")
    codes = [json.loads(line)["error"]["code"] for line in done.stdout.splitlines()]
    assert codes == ["E-PDF-BROKEN", "E-FILE"]
    assert done.returncode == 1


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "价税合计"), ("en_GB.UTF-8", "Total")])
def test_read_without_json_is_a_table_in_the_terminals_language(tmp_path, locale, word):
    paper = tmp_path / "a.pdf"
    paper.write_bytes(to_pdf(invent(8)))
    done = piaobot("read", paper, LC_ALL=locale)
    assert word in done.stdout


def test_audit_verify_names_the_entry_that_was_changed(tmp_path):
    url = f"sqlite:///{tmp_path / 'piaobot.db'}"
    upgrade(url)
    engine = create_engine(url, Keyring([Key("test", bytes(range(32)))]))
    for number in range(3):
        with SqlTransactions(engine, lambda *_: None).write() as tx:
            tx.audit(AuditEntry(datetime.now(UTC), "lilei", "submitted", f"claim:{number}", {}))
    engine.dispose()
    assert piaobot("audit", "verify", PIAOBOT_DATABASE_URL=url).returncode == 0
    database = sqlite3.connect(tmp_path / "piaobot.db")
    database.execute("update audit_entries set actor = 'lilej' where seq = 2")
    database.commit()
    database.close()
    done = piaobot("audit", "verify", PIAOBOT_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stdout.startswith("2:")


def test_server_says_which_key_is_missing():
    done = piaobot("server", SLACK_BOT_TOKEN="xoxb-1")
    assert "SLACK_SIGNING_SECRET" in done.stderr
    assert done.returncode != 0


KEYS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_process_of_its_own_needs_the_tables_first(tmp_path, role):
    done = piaobot(role, PIAOBOT_DATA_DIR=str(tmp_path), **KEYS)
    assert "script/piaobot migrate" in done.stderr
    assert done.returncode != 0


def test_an_unwritable_data_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = piaobot("server", PIAOBOT_DATA_DIR=str(tmp_path / "file" / "data"), LANG="en", LC_ALL="en_GB.UTF-8", **KEYS)
    assert "PIAOBOT_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
