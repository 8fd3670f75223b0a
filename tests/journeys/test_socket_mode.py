"""A site that nothing outside can reach: everything comes through a websocket that the bot opened."""

import json
import sqlite3
import subprocess
import sys
import time

import httpx
import pytest

from sandbox.person import Person
from tests.journeys.people import LILEI, drops, paper, reference_in
from tests.journeys.site import ROOT, free_port, running, signed
from tests.journeys.socket_mode import APP_TOKEN, SocketMode
from tests.journeys.test_bad_input import drops_photo

TOKEN = "xoxb-tests"
SOON_SECONDS = 30


class Stored:
    """Told of each acknowledgement: whether the event's row was there by then."""

    def __init__(self, database):
        self.database = database
        self.of = {}

    def __call__(self, payload):
        if "event_id" in payload:
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
                found = connection.execute("select count(*) from inbox where key = ?", [payload["event_id"]]).fetchone()
            subtype = payload["event"].get("subtype", payload["event"]["type"])
            self.of.setdefault(subtype, []).append(found[0])


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    """The bot without a signing secret, the workspace, and Socket Mode between them."""
    folder, chat, link, bot = tmp_path_factory.mktemp("socket"), free_port(), free_port(), free_port()
    stored = Stored(folder / "data" / "piaobot.db")
    mode = SocketMode(f"http://127.0.0.1:{chat}", stored)
    clean = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder)}
    ours = {
        **clean,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"http://127.0.0.1:{link}/api/",
        "PIAOBOT_PORT": str(bot),
        "PIAOBOT_DATA_DIR": str(folder / "data"),
        "PIAOBOT_SCAN_SECONDS": "0.3",
    }
    theirs = {**clean, "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": "of-the-sandbox-alone"}
    workspace = [
        "sandbox",
        "--port",
        str(chat),
        "--bot-url",
        f"http://127.0.0.1:{link}",
        "--retry-delays",
        "0.2,0.5,1,2",
    ]
    address = f"http://127.0.0.1:{bot}"
    with (
        running(workspace, theirs, f"{mode.chat}/", folder / "sandbox.log"),
        mode.running(link),
        running(["bot", "server"], ours, f"{address}/healthz", folder / "bot.log"),
    ):
        until(lambda: mode.links)
        yield mode, stored, address, ours


def until(happens):
    deadline = time.monotonic() + SOON_SECONDS
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_invoice_goes_in_and_is_submitted_and_every_event_is_stored_before_its_acknowledgement(behind):
    mode, stored, *_ = behind
    invoice = paper()
    with Person(mode.chat, LILEI, within=60) as lilei:
        card = drops(lilei, invoice)
        card.click("提交")
        assert reference_in(card.wait_for("CL-"))
    assert {"events_api", "interactive"} <= set(mode.acknowledged)
    assert stored.of["file_share"] == [1]


def test_a_form_is_opened_and_answered(behind):
    """What is wrong in a form travels in the acknowledgement."""
    mode, *_ = behind
    with Person(mode.chat, LILEI, within=60) as lilei:
        draft = drops_photo(lilei)
        draft.click("编辑")
        form = lilei.wait_for_modal()
        assert "475.80" in form.fill(total="很多钱").submit(expect_errors=True)["total"]
        form.fill(total="128.50").submit()
        draft.wait_for("128.50")


@pytest.mark.parametrize("ending", [SocketMode.say_refresh, SocketMode.drop], ids=["announced", "cut"])
def test_after_its_end_the_connection_is_opened_anew(behind, ending):
    mode, *_ = behind
    before = mode.opened
    ending(mode)
    until(lambda: mode.opened > before and mode.links)
    with Person(mode.chat, LILEI, within=60) as lilei:
        drops(lilei, paper())


def test_without_a_signing_secret_nothing_is_taken_by_http(behind):
    """Nothing could prove where it comes from: not even a request signed with an empty secret gets in."""
    _, _, address, _ = behind
    body = json.dumps({"type": "url_verification", "challenge": "let-me-in"})
    headers = signed(body, "application/json", secret="")
    answer = httpx.post(f"{address}/slack/events", content=body, headers=headers, trust_env=False)
    assert answer.status_code == 404


def test_readiness_and_doctor_know_of_the_connection(behind):
    _, _, address, ours = behind
    assert httpx.get(f"{address}/readyz", trust_env=False).json()["socket mode"] == "ok"
    doctor = [sys.executable, "-m", "bot", "doctor", "--json", "app_token", "signing_secret", "program"]
    done = subprocess.run(doctor, cwd=ROOT, env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert [json.loads(line)["mark"] for line in done.stdout.splitlines()] == ["good"] * 3
    wrong = subprocess.run(
        doctor,
        cwd=ROOT,
        env={**ours, "SLACK_APP_TOKEN": "xapp-1-old"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = {row["check"]: row for row in map(json.loads, wrong.stdout.splitlines())}
    assert told["app_token"]["mark"] == "broken"
    assert "invalid_auth" in told["app_token"]["said"]
    assert "connections:write" in told["app_token"]["mend"]


def test_a_wrong_app_token_keeps_nothing_else_from_starting(behind, tmp_path):
    """`running` waits for an answer of the bot's, and for its end when it is asked to stop."""
    *_, ours = behind
    port = free_port()
    settings = {
        **ours,
        "SLACK_APP_TOKEN": "xapp-1-old",
        "PIAOBOT_PORT": str(port),
        "PIAOBOT_DATA_DIR": str(tmp_path / "data"),
    }
    with running(["bot", "server"], settings, f"http://127.0.0.1:{port}/healthz", tmp_path / "bot.log"):
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False)
        assert answer.status_code == 503
        assert answer.json()["socket mode"] == "not connected"
    log = (tmp_path / "bot.log").read_text()
    assert "invalid_auth" in log
    assert "xapp-1-old" not in log
