"""`piaobot doctor`, run as an administrator runs it, on set-ups that are broken in one way each, and on one that is not."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.doctor import CHECKS
from bot.settings import Settings
from bot.wiring import ensure_database
from core.errors import Refused
from integrations.jobs.engine import _hold
from integrations.storage.files import FileStorage
from integrations.storage.keys import Key, Keyring, load_keyring
from sandbox.person import Control
from tests.databases import database_url, migrated_sqlite, postgres_server
from tests.journeys.site import free_port, running
from tests.journeys.site import site as open_site

__all__ = ["database_url", "migrated_sqlite", "postgres_server"]

ROOT = Path(__file__).parents[2]
TOKEN, SECRET = "xoxb-1-the-token-of-the-tests", "0123456789abcdef0123456789abcdef"
PASSWORD = "hunter2-of-the-tests"
EVERY = [check.name for check in CHECKS]
QUICK = [name for name in EVERY if name != "reader"]
"""Starting a reader takes seconds; one test does it where all is well, one where it cannot."""


def environment(**settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIAOBOT_", "SLACK_", "LC_"))}
    return {**clean, "LANG": "en_GB.UTF-8", **settings}


class SetUp:
    """Settings of one set-up, all good until a test breaks one."""

    def __init__(self, folder: Path, chat: str) -> None:
        self.folder = folder
        self.control = Control(chat)
        self.data = folder / "data"
        self.settings = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{chat}/api/",
            "PIAOBOT_DATA_DIR": str(self.data),
            "PIAOBOT_PORT": str(free_port()),
            "PIAOBOT_INTAKE_CHANNELS": "C0INTAKE",
            "PIAOBOT_LEAST_FREE_GB": "0.01",
        }

    def configure(self, file: str, old: str, new: str) -> None:
        """Change one of the company's files."""
        config = self.folder / "config"
        if not config.exists():
            shutil.copytree(ROOT / "config", config)
        text = (config / file).read_text(encoding="utf-8")
        assert old in text
        (config / file).write_text(text.replace(old, new), encoding="utf-8")
        self.settings["PIAOBOT_CONFIG_DIR"] = str(config)

    def doctor(self, *words: str, **more: str) -> Result:
        """The command in this process: starting Python anew takes longer than all the checks."""
        clean = {name: None for name in os.environ if name.startswith(("PIAOBOT_", "SLACK_", "LC_"))}
        done = CliRunner().invoke(app, ["doctor", *words], env={**clean, **environment(**self.settings), **more})
        for secret in (self.settings.get("SLACK_BOT_TOKEN"), self.settings.get("SLACK_SIGNING_SECRET"), PASSWORD):
            assert not secret or secret not in done.stdout + done.stderr
        return done


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    """The workspace: Slack over HTTP."""
    folder, port = tmp_path_factory.mktemp("chat"), free_port()
    settings = environment(SLACK_BOT_TOKEN=TOKEN, SLACK_SIGNING_SECRET=SECRET)
    address = f"http://127.0.0.1:{port}"
    command = ["sandbox", "--port", str(port), "--bot-url", "http://127.0.0.1:1"]
    with running(command, settings, f"{address}/", folder / "sandbox.log"):
        yield address


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A data folder as the first start leaves it."""
    data = tmp_path_factory.mktemp("first") / "data"
    ensure_database(Settings(data_dir=data, database_url=""))
    load_keyring(data, None)
    return data


@pytest.fixture
def setup(tmp_path, chat, migrated):
    made = SetUp(tmp_path, chat)
    shutil.copytree(migrated, made.data)
    yield made
    made.control.clear_faults()
    made.control.close()


def wrong_token(setup):
    setup.settings["SLACK_BOT_TOKEN"] = "xoxb-1-of-yesterday"


def token_of_another_kind(setup):
    setup.settings["SLACK_BOT_TOKEN"] = "xoxp-1-of-a-person"


def no_signing_secret(setup):
    del setup.settings["SLACK_SIGNING_SECRET"]


def bot_token_as_app_token(setup):
    setup.settings["SLACK_APP_TOKEN"] = TOKEN


def missing_scope(setup):
    setup.control.fault("scope_missing", scope="files:read", times=None)


def clock_ten_minutes_slow(setup):
    setup.control.fault("clock_off", seconds=600, times=None)


def token_of_another_workspace(setup):
    setup.configure("people.yaml", "team: T0MORNSTAR", "team: T0NIGHTSTAR")


def reviewers_with_other_addresses(setup):
    setup.configure("people.yaml", "zhaomin@morningstar.example", "zhao.min@morningstar.example")


def not_in_the_intake_channel(setup):
    setup.settings["PIAOBOT_INTAKE_CHANNELS"] = "C0INTAKE,C0GENERAL"


def slack_out_of_reach(setup):
    setup.settings["SLACK_API_URL"] = "http://127.0.0.1:1/api/"


def public_address_without_tls(setup):
    setup.settings["PIAOBOT_PUBLIC_URL"] = "http://bot.example.com"


def data_folder_that_cannot_be_made(setup):
    (setup.folder / "file").write_text("in the way")
    setup.settings["PIAOBOT_DATA_DIR"] = str(setup.folder / "file" / "data")


def too_little_room(setup):
    setup.settings["PIAOBOT_LEAST_FREE_GB"] = "1000000"


def keys_that_others_can_read(setup):
    (setup.data / "keys.json").chmod(0o644)


def keys_lost(setup):
    FileStorage(setup.data / "originals", load_keyring(setup.data, None)).put(b"an original")
    (setup.data / "keys.json").unlink()


def keys_of_another_machine(setup):
    FileStorage(setup.data / "originals", Keyring([Key("theirs", bytes(range(32)))])).put(b"an original")


def database_out_of_reach(setup):
    setup.settings["PIAOBOT_DATABASE_URL"] = f"postgresql://piaobot:{PASSWORD}@127.0.0.1:1/piaobot"


def database_that_is_none(setup):
    (setup.data / "piaobot.db").write_bytes(b"a letter to grandmother" * 100)


def database_not_migrated(setup):
    (setup.data / "piaobot.db").write_bytes(b"")


def database_of_a_newer_version(setup):
    with sqlite3.connect(setup.data / "piaobot.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")


def policy_with_an_error(setup):
    setup.configure("policy.yaml", "note_age_days: 90", "note_age_days: ninety")


def unknown_time_zone(setup):
    setup.settings["PIAOBOT_TIME_ZONE"] = "Asia/Atlantis"


def tesseract_without_chinese(setup):
    (setup.folder / "tessdata").mkdir()
    english = next(Path("/usr/share").glob("tesseract-ocr/*/tessdata/eng.traineddata"))
    shutil.copy(english, setup.folder / "tessdata")
    setup.settings["TESSDATA_PREFIX"] = str(setup.folder / "tessdata")


BROKEN = [
    # what is broken, the check that finds it, what it says, how it is mended
    (wrong_token, "bot_token", "invalid_auth", "Reinstall to Workspace"),
    (token_of_another_kind, "bot_token", "“xoxb”", "Bot User OAuth Token"),
    (no_signing_secret, "signing_secret", "SLACK_SIGNING_SECRET is not set", "Basic Information"),
    (bot_token_as_app_token, "app_token", "“xapp”", "connections:write"),
    (missing_scope, "scopes", "files:read (invoices cannot be fetched)", "Bot Token Scopes"),
    (clock_ten_minutes_slow, "clock", "10 min slow", "timedatectl set-ntp true"),
    (token_of_another_workspace, "team", "T0NIGHTSTAR", "team: T0MORNSTAR"),
    (reviewers_with_other_addresses, "people", "zhaomin", "e-mail address of their Slack profile"),
    (not_in_the_intake_channel, "channels", "C0GENERAL (not_in_channel)", "/invite"),
    (slack_out_of_reach, "bot_token", "Connection refused", "https connections to slack.com"),
    (public_address_without_tls, "public_url", "https://", "certificate"),
    (data_folder_that_cannot_be_made, "data_folder", "cannot be written to", "PIAOBOT_DATA_DIR"),
    (too_little_room, "disk", "GB are free", "at least 1e+06 GB"),
    (keys_that_others_can_read, "keys", "keys.json", "chmod 600"),
    (keys_lost, "keys", "keys.json is missing", "backup"),
    (keys_of_another_machine, "keys", "do not open", "backup"),
    (database_out_of_reach, "database", "Connection refused", "PIAOBOT_DATABASE_URL"),
    (database_that_is_none, "database", "file is not a database", "PIAOBOT_DATABASE_URL"),
    (database_not_migrated, "migrations", "not yet those of this version", "script/piaobot migrate"),
    (database_of_a_newer_version, "migrations", "newer version", "restore the backup"),
    (policy_with_an_error, "configuration", "policy.yaml, line 19, column 16", "correct what is named at that line"),
    (unknown_time_zone, "language", "Asia/Atlantis", "Asia/Shanghai"),
    (tesseract_without_chinese, "tesseract", "chi_sim", "apt-get install tesseract-ocr-chi-sim"),
]


@pytest.mark.parametrize(("breaks", "check", "said", "mend"), BROKEN, ids=lambda each: getattr(each, "__name__", ""))
def test_what_is_broken_is_named_with_its_mend_and_nothing_else_is(setup, breaks, check, said, mend):
    breaks(setup)
    done = setup.doctor("--json", *QUICK)
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert {name for name, row in rows.items() if row["mark"] == "broken"} == {check}
    assert said in rows[check]["said"]
    assert mend in rows[check]["mend"]
    assert list(rows) == QUICK, "one that fails stops no other"
    assert done.exit_code == 1


def test_a_reader_that_cannot_start_is_named_with_its_mend(setup):
    """A service whose memory is limited to less than a reader needs."""
    done = subprocess.run(
        ["prlimit", "--data=1000000000", sys.executable, "-m", "bot", "doctor", "--json", "reader"],
        cwd=ROOT,
        env=environment(**setup.settings),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    row = json.loads(done.stdout)
    assert row["mark"] == "broken"
    assert "does not start" in row["said"]
    assert "LimitDATA" in row["mend"]
    assert done.returncode == 1


def test_a_set_up_that_works_passes_while_it_runs(tmp_path):
    """What Slack does not tell is left to look at, never passed."""
    with open_site("", tmp_path, SLACK_SIGNING_SECRET=SECRET, PIAOBOT_LEAST_FREE_GB="0.01") as site:
        lilei = site.person("U0LILEI")
        lilei.say("你好")
        lilei.wait_for("发票")
        done = subprocess.run(
            [sys.executable, "-m", "bot", "doctor", "--json"],
            cwd=ROOT,
            env={**site.environment, "LANG": "en_GB.UTF-8"},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert list(rows) == EVERY
    assert [row for row in rows.values() if row["mark"] == "broken"] == []
    assert done.returncode == 0
    to_look_at = {name for name, row in rows.items() if row["mark"] == "look"}
    # A machine may lack fonts or namespaces without being broken.
    assert to_look_at - {"fonts", "confinement"} == {"events", "commands", "public_url", "executor"}
    assert "Events arrive" in rows["events"]["said"]
    assert "Slack does not tell" in rows["commands"]["said"]
    assert all(row["mend"] for row in rows.values() if row["mark"] == "look")


@pytest.mark.parametrize(
    ("language", "line", "end"),
    [
        ("zh_CN.UTF-8", "✗ 权限范围：缺少这些权限：files:read（发票取不下来）。", "要修：1 项（✗）"),
        (
            "en_GB.UTF-8",
            "✗ Scopes: These scopes are missing: files:read (invoices cannot be fetched).",
            "To mend: 1 (✗)",
        ),
    ],
)
def test_it_speaks_the_language_of_the_terminal(setup, language, line, end):
    missing_scope(setup)
    done = setup.doctor("scopes", "disk", LC_ALL=language)
    first, mend, *_ = done.stdout.splitlines()
    assert first == line
    assert mend.startswith("    → ")
    assert "Reinstall to Workspace" in mend
    assert end in done.stdout


def test_an_answer_that_never_comes_holds_up_nobody(setup):
    """Slack's address takes connections and says nothing; what does not need it is there at once."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        setup.settings["SLACK_API_URL"] = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        done = setup.doctor("--json", *QUICK)
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert {name for name, row in rows.items() if row["mark"] == "broken"} == {"bot_token"}
    assert "timed out" in rows["bot_token"]["said"]
    assert "… Bot token" in done.stderr, "what takes long is named while it runs"


def test_either_database_is_looked_at(setup, database_url):
    setup.settings["PIAOBOT_DATABASE_URL"] = database_url
    done = setup.doctor("--json", "database", "migrations", "executor", "events")
    marks = {row["check"]: row["mark"] for row in map(json.loads, done.stdout.splitlines())}
    assert marks == {"database": "good", "migrations": "good", "executor": "good", "events": "look"}
    with _hold(database_url, "piaobot-1") as held:
        assert held
        row = json.loads(setup.doctor("--json", "executor").stdout)
    assert row["mark"] == "look"
    assert "PIAOBOT_EXECUTOR_ID" in row["mend"]


def test_another_program_on_the_port_is_named(setup):
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>a wiki</h1>")

        def log_message(self, *_):
            """Nothing."""

    with HTTPServer(("127.0.0.1", int(setup.settings["PIAOBOT_PORT"])), Stranger) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        done = setup.doctor("--json", "program")
        server.shutdown()
    assert "Another program answers" in done.stdout
    assert done.exit_code == 1


def test_nothing_is_made_by_looking(setup):
    shutil.rmtree(setup.data)
    assert setup.doctor("--json", *QUICK).exit_code == 0
    assert not setup.data.exists()


def test_a_setting_that_cannot_be_read_is_named_without_its_value(setup):
    done = setup.doctor(PIAOBOT_PORT=PASSWORD)
    assert isinstance(done.exception, Refused)
    assert done.exception.message.values == {"names": ("PIAOBOT_PORT",)}


def test_a_check_that_does_not_exist_is_refused(setup):
    assert setup.doctor("scales").exit_code == 2
