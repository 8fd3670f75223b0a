"""deploy/slack-manifest*.yaml against Slack's own types, and against what the code calls and answers."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator
from slack_sdk import WebClient

from integrations.slack.access import COMMANDS, EVENTS, METHODS, SCOPES
from sandbox.slack import scopes as sandbox_scopes

ROOT = Path(__file__).parent.parent
HTTP, SOCKET = (ROOT / "deploy" / name for name in ("slack-manifest.yaml", "slack-manifest-socket-mode.yaml"))
SCHEMA = ROOT / "sandbox" / "slack" / "schemas" / "AppManifest.schema.json"
ADDRESS = "https://bot.example.com/slack/events"
OUR_CODE = [path for top in ("bot", "handlers", "integrations") for path in (ROOT / top).rglob("*.py")]
HANDLERS = sorted((ROOT / "handlers").glob("*.py"))


def manifest(path: Path = HTTP) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [HTTP, SOCKET], ids=lambda path: path.stem)
def test_slack_would_take_it(path):
    held = manifest(path)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(held)] == []
    # The type lets any other name stand at the top, and says lengths in its descriptions only.
    assert set(held) <= {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert len(held["display_information"]["name"]) <= 35
    assert len(held["display_information"]["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", held["display_information"]["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", held["features"]["bot_user"]["display_name"])
    for command in held["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000


def test_the_schema_refuses_what_is_misspelt():
    held = manifest()
    held["settings"]["event_subscriptions"]["bot_events"].append("message.dm")
    held["features"]["app_home"]["home_tab"] = True
    schema = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert len(list(schema.iter_errors(held))) == 2


def test_the_two_differ_in_who_calls_whom_alone():
    http, socket = manifest(HTTP), manifest(SOCKET)
    assert http["features"]["slash_commands"][0].pop("url") == ADDRESS
    assert http["settings"]["event_subscriptions"].pop("request_url") == ADDRESS
    assert http["settings"]["interactivity"].pop("request_url") == ADDRESS
    assert http["settings"].pop("socket_mode_enabled") is False
    assert socket["settings"].pop("socket_mode_enabled") is True
    assert http == socket


def names_called() -> set[str]:
    """Every attribute that is used anywhere in our code."""
    return {
        node.attr
        for path in OUR_CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }


def methods_of(name: str) -> Iterator[str]:
    """The Web API methods behind one method of slack_sdk's client; uploads are made of several."""
    source = inspect.getsource(getattr(WebClient, name))
    yield from re.findall(r"""api_call\(\s*["']([\w.]+)["']""", source)
    for inner in re.findall(r"self\.((?:files|chat|views)_\w+)\(", source):
        yield from methods_of(inner)


def methods_called() -> set[str]:
    ours = {name for name in names_called() if "_" in name and inspect.isfunction(getattr(WebClient, name, None))}
    return {method for name in ours if not name.startswith("_") for method in methods_of(name)}


APP_TOKENS = {"apps.connections.open"}
"""Called with the app-level token, whose one scope is connections:write."""


def test_every_method_called_has_its_scope():
    called = methods_called() - APP_TOKENS
    assert {"chat.postMessage", "files.completeUploadExternal", "users.info", "auth.test"} <= called
    assert called - set(METHODS) == set(), "add its scope to integrations/slack/access.py"
    granted = set(manifest()["oauth_config"]["scopes"]["bot"])
    assert {method: METHODS[method] for method in called if METHODS[method] not in {"", *granted}} == {}


def test_no_scope_is_asked_for_without_need():
    asked = manifest()["oauth_config"]["scopes"]["bot"]
    needed = {METHODS[method] for method in methods_called() - APP_TOKENS} | set(EVENTS.values()) | {"commands"}
    assert set(asked) == needed - {""}
    assert set(asked) == set(SCOPES), "doctor looks for these"
    assert set(asked) == set(sandbox_scopes.GRANTED), "the sandbox grants these"


def types_handled() -> set[str]:
    """The event types in the table of handlers/events.py."""
    tree = ast.parse((ROOT / "handlers" / "events.py").read_text(encoding="utf-8"))
    cases = [node.pattern for node in ast.walk(tree) if isinstance(node, ast.match_case)]
    return {
        case.patterns[0].value.value
        for case in cases
        if isinstance(case, ast.MatchSequence) and isinstance(case.patterns[0], ast.MatchValue)
    }


def test_every_event_handled_is_subscribed_and_the_other_way_round():
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert set(subscribed) == set(EVENTS)
    assert {event for event in subscribed if event.startswith("message.")} == {
        "message.im",
        "message.channels",
        "message.groups",
    }
    assert types_handled() <= {event.partition(".")[0] for event in subscribed}


def listened_to(kind: str) -> set[str]:
    """What handlers register as app.command("…") or app.shortcut("…")."""
    return {
        node.args[0].value
        for path in HANDLERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == kind
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_command_and_shortcut_answered_is_there():
    features = manifest()["features"]
    commands = {command["command"] for command in features["slash_commands"]}
    assert commands == set(COMMANDS)
    assert listened_to("command") <= commands
    assert listened_to("shortcut") <= {shortcut["callback_id"] for shortcut in features.get("shortcuts", [])}
