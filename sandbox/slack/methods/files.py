"""files.*: what is known of a file, and upload version 2."""

from __future__ import annotations

import time
from typing import Any

from sandbox.slack.happenings import Happenings
from sandbox.slack.methods.calling import Arguments, Method, Refused, channel_of_bot, checked_blocks
from sandbox.slack.workspace import File, Json, Message


def info(slack: Happenings, args: Arguments) -> Json:
    """One file."""
    return {"file": slack.file_as_slack(_file(slack, args.required("file"))), "comments": []}


def get_upload_url(slack: Happenings, args: Arguments) -> Json:
    """First step of an upload: where to send the bytes."""
    name, length = args.required("filename"), args.number("length", 0)
    if length <= 0:
        raise Refused("invalid_arguments", "[ERROR] length must be above 0")
    if length > slack.settings.largest_file:
        raise Refused("file_too_large")
    workspace = slack.workspace
    file = File(workspace.new_id("F"), name, workspace.bot, None, title=name, created=int(time.time()))
    file.expected_length, file.alt_text = length, args.text("alt_txt")
    workspace.files[file.id] = file
    return {"upload_url": f"{slack.settings.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(slack: Happenings, args: Arguments) -> Json:
    """Last step: give the files their titles and share them, if a channel is named."""
    wanted = args.json("files")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) and "id" in one for one in wanted):
        raise Refused("invalid_arguments", "[ERROR] files must be a list of {id, title}")
    if args.text("initial_comment") and args.json("blocks"):
        raise Refused("invalid_arguments", "[ERROR] initial_comment and blocks exclude each other")
    files = [_uploaded(slack, one) for one in wanted]
    channels = [c for c in (args.text("channel_id") or args.text("channels")).split(",") if c]
    blocks = checked_blocks(slack, args.json("blocks"))
    for channel_id in channels:
        if not channel_id.startswith(("C", "D", "G")):
            raise Refused("channel_not_found", "[ERROR] channel_id takes an id, not a name")
        channel = channel_of_bot(slack, channel_id)
        thread = args.text("thread_ts") or None
        if thread and channel.message(thread) is None:
            raise Refused("invalid_arguments", "[ERROR] no such thread_ts")
        stamp, text = slack.workspace.new_ts(), args.text("initial_comment")
        ids = [file.id for file in files]
        message = Message(stamp, channel.id, slack.workspace.bot, text, blocks, thread, ids, subtype="file_share")
        slack.post(channel, message)
    for file in files:
        file.expected_length = None
    # Slack completes asynchronously: only id and title are sure to be there, the rest is in files.info.
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def delete(slack: Happenings, args: Arguments) -> Json:
    """Delete one of the bot's own files."""
    file = _file(slack, args.required("file"))
    if file.owner != slack.workspace.bot:
        raise Refused("cant_delete_file")
    slack.delete_file(file)
    return {}


def _file(slack: Happenings, file_id: str) -> File:
    file = slack.workspace.files.get(file_id)
    if file is None or file.content is None or not slack.workspace.may_see_file(file, slack.workspace.bot):
        raise Refused("file_deleted" if file and file.deleted else "file_not_found")
    return file


def _uploaded(slack: Happenings, wanted: dict[str, Any]) -> File:
    file = slack.workspace.files.get(str(wanted["id"]))
    if file is None or file.content is None or file.owner != slack.workspace.bot:
        raise Refused("file_not_found")
    file.title = str(wanted.get("title") or file.title)
    return file


METHODS: dict[str, Method] = {
    "files.info": info,
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.delete": delete,
}
