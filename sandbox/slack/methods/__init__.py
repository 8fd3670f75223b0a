"""The Web API methods the bot may call, one module per family."""

from __future__ import annotations

from sandbox.slack.methods import chat, conversations, files, users, views
from sandbox.slack.methods.calling import Method

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}
