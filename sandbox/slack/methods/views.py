"""views.*: modals and the Home tab."""

from __future__ import annotations

import time
from typing import Any

from sandbox.slack import blocks as block_kit
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import state_values
from sandbox.slack.methods.calling import Arguments, Method, Refused, person_named, unreadable_files
from sandbox.slack.workspace import MODAL_DEPTH, Json, Trigger, View


def open_view(slack: Happenings, args: Arguments) -> Json:
    """Open a modal with a fresh trigger_id."""
    payload = checked_view(slack, args.json("view"), "modal")
    trigger = _use_trigger(slack, args)
    view = slack.new_view(trigger.user, payload)
    slack.workspace.modals[trigger.user] = [view]
    slack.show_modals(trigger.user)
    return {"view": view_as_slack(slack, view)}


def push(slack: Happenings, args: Arguments) -> Json:
    """Put a modal upon the one the trigger came from."""
    payload = checked_view(slack, args.json("view"), "modal")
    trigger = _use_trigger(slack, args)
    stack = slack.workspace.modals.get(trigger.user, [])
    if not stack:
        raise Refused("not_found", "[ERROR] no modal is open to push upon")
    return {"view": view_as_slack(slack, push_upon(slack, stack, payload))}


def push_upon(slack: Happenings, stack: list[View], payload: Json) -> View:
    """One more modal on a stack. Refused when three stand there already."""
    if len(stack) >= MODAL_DEPTH:
        raise Refused("push_limit_reached")
    view = slack.new_view(stack[-1].user, payload, stack[-1])
    stack.append(view)
    slack.show_modals(view.user)
    return view


def update(slack: Happenings, args: Arguments) -> Json:
    """Replace an open modal, by view_id or external_id; `hash` guards against a race."""
    workspace = slack.workspace
    if args.text("view_id"):
        view = workspace.view(args.text("view_id"))
    elif args.text("external_id"):
        view = workspace.view_by_external_id(args.text("external_id"))
    else:
        raise Refused("invalid_arguments", "[ERROR] either view_id or external_id is required")
    if view is None:
        raise Refused("not_found")
    payload = checked_view(slack, args.json("view"), view.payload["type"], besides=view)
    if args.text("hash") and args.text("hash") != view.hash:
        raise Refused("hash_conflict")
    slack.replace_view(view, payload)
    return {"view": view_as_slack(slack, view)}


def publish(slack: Happenings, args: Arguments) -> Json:
    """Show a Home tab to one person."""
    person = person_named(slack, args.required("user_id"))
    known = slack.workspace.homes.get(person.id)
    payload = checked_view(slack, args.json("view"), "home", besides=known)
    if known and args.text("hash") and args.text("hash") != known.hash:
        raise Refused("hash_conflict")
    if known:
        slack.replace_view(known, payload)
    else:
        slack.workspace.homes[person.id] = slack.new_view(person.id, payload)
        slack.show_home(slack.workspace.homes[person.id])
    return {"view": view_as_slack(slack, slack.workspace.homes[person.id])}


def checked_view(slack: Happenings, view: Any, kind: str, besides: View | None = None) -> Json:
    """A view fit to be shown. Refused with the reasons; `besides`: the view it replaces."""
    if view is None:
        raise Refused("invalid_arguments", "[ERROR] missing required field: view")
    if block_kit.view_too_large(view):
        raise Refused("view_too_large")
    faults = block_kit.faults_of_view(view)
    if not faults and view["type"] != kind:
        faults = [f"[ERROR] must be of type {kind} [json-pointer:/view/type]"]
    faults = faults or unreadable_files(slack, view["blocks"], "/view/blocks")
    if faults:
        raise Refused("invalid_arguments", *faults)
    twin = slack.workspace.view_by_external_id(view["external_id"]) if view.get("external_id") else None
    if twin is not None and twin is not besides:
        raise Refused("duplicate_external_id")
    return dict(view)


def view_as_slack(slack: Happenings, view: View) -> Json:
    """The view object of answers and interactions, with what the person typed."""
    nothing: Json = {"callback_id": "", "private_metadata": "", "external_id": "", "submit": None, "close": None}
    return {
        **nothing,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.payload,
        "id": view.id,
        "team_id": slack.workspace.team["id"],
        "app_id": slack.workspace.app["id"],
        "app_installed_team_id": slack.workspace.team["id"],
        "bot_id": slack.workspace.app["bot_id"],
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": state_values(view.payload["blocks"], view.typed, slack.workspace.offered)},
    }


def _use_trigger(slack: Happenings, args: Arguments) -> Trigger:
    trigger = slack.workspace.triggers.get(args.required("trigger_id"))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if time.monotonic() > trigger.expires:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
