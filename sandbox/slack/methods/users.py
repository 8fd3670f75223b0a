"""auth.*, users.*, team, do-not-disturb: who is who."""

from __future__ import annotations

import time

from sandbox.slack.happenings import Happenings
from sandbox.slack.methods.calling import Arguments, Method, Refused, page_of, person_named
from sandbox.slack.workspace import Json


def auth_test(slack: Happenings, _: Arguments) -> Json:
    """Whose token this is."""
    app, team = slack.workspace.app, slack.workspace.team
    whose = {"user": app["name"], "user_id": app["user_id"], "bot_id": app["bot_id"], "is_enterprise_install": False}
    return {"url": f"{slack.settings.base_url}/", "team": team["name"], "team_id": team["id"], **whose}


def api_test(_: Happenings, args: Arguments) -> Json:
    """Echo; `error` asks for a refusal."""
    if args.text("error"):
        raise Refused(args.text("error"), args=args.raw)
    return {"args": args.raw}


def info(slack: Happenings, args: Arguments) -> Json:
    """One person."""
    person = person_named(slack, args.required("user"))
    return {"user": person.as_slack(include_locale=args.flag("include_locale"))}


def list_users(slack: Happenings, args: Arguments) -> Json:
    """Everybody of the workspace, and the strangers it shares a channel with."""
    page, more = page_of(list(slack.workspace.people.values()), args)
    found = [person.as_slack(include_locale=args.flag("include_locale")) for person in page]
    return {"members": found, "cache_ts": int(time.time()), "response_metadata": more["response_metadata"]}


def lookup_by_email(slack: Happenings, args: Arguments) -> Json:
    """A person by e-mail; strangers and leavers are not found."""
    wanted = args.required("email").lower()
    for person in slack.workspace.people.values():
        if person.email.lower() == wanted and not person.is_stranger and not person.deleted:
            return {"user": person.as_slack()}
    raise Refused("users_not_found")


def dnd_info(slack: Happenings, args: Arguments) -> Json:
    """Somebody's do-not-disturb schedule."""
    person = person_named(slack, args.text("user", slack.workspace.bot))
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, **person.dnd}


def team_info(slack: Happenings, _: Arguments) -> Json:
    """The workspace."""
    return {"team": slack.workspace.team}


def usergroups_list(_slack: Happenings, _: Arguments) -> Json:
    """The sandbox has no user groups."""
    return {"usergroups": []}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "api.test": api_test,
    "users.info": info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "dnd.info": dnd_info,
    "team.info": team_info,
    "usergroups.list": usergroups_list,
}
