"""Files people sent in Slack, fetched with care: the token goes to Slack's own host and nowhere else."""

from collections.abc import Mapping
from typing import Any

from core.errors import Unreadable
from core.messages import Message
from core.ports import ChatUnavailable
from integrations.http import Answer, NoAnswer, NotAllowed, TooLarge
from integrations.slack.client import Slack, SlackRefused, asking

_GONE = frozenset({"file_not_found", "file_deleted"})
_NO_SCOPE = frozenset({"missing_scope", "no_permission", "access_denied"})
_MEGABYTE = 1024 * 1024


class SlackFiles:
    """Keeps the promises of core.ports.ChatFiles. `most`: bytes of the largest file taken."""

    def __init__(self, slack: Slack, *, most: int = 20 * _MEGABYTE) -> None:
        self._slack = slack
        self._most = most

    def download(self, chat_file: str) -> tuple[str, bytes]:
        """(name, content). Raises Unreadable and ChatUnavailable."""
        file = self._info(chat_file)
        name = str(file.get("name") or file.get("title") or chat_file)
        if file.get("mode") in {"tombstone", "hidden_by_limit"}:
            raise _deleted()
        if file.get("is_external") or file.get("mode") == "external":
            raise Unreadable(
                Message(
                    "This is only a link to a file kept elsewhere; nothing was fetched. Please send the file itself."
                ),
                code="E-FILE-ELSEWHERE",
            )
        if int(file.get("size") or 0) > self._most:
            raise self._too_large()
        answer = self._fetch(str(file.get("url_private_download") or file.get("url_private") or ""))
        if answer.status in {401, 403} or (answer.content_type == "text/html" and file.get("mimetype") != "text/html"):
            raise _signed_out()
        if answer.status == 404:
            raise _deleted()
        if answer.status != 200:
            raise ChatUnavailable(f"the file's host answered {answer.status}", retry_after=answer.retry_after or 5.0)
        return name, answer.content

    def _info(self, chat_file: str) -> Mapping[str, Any]:
        try:
            with asking():
                file: Mapping[str, Any] = self._slack.api.files_info(file=chat_file)["file"]
        except SlackRefused as refused:
            if refused.error in _GONE:
                raise _deleted() from None
            if refused.error in _NO_SCOPE:
                raise _signed_out() from None
            raise Unreadable(
                Message("Slack would not give me this file. Please send it again."),
                code="E-FILE-REFUSED",
                detail=refused.error,
            ) from None
        if file.get("file_access") == "access_denied":
            raise _signed_out()
        return file

    def _fetch(self, url: str) -> Answer:
        try:
            return self._slack.door.get(url, headers={"Authorization": f"Bearer {self._slack.token}"}, most=self._most)
        except TooLarge:
            raise self._too_large() from None
        except NotAllowed as strange:
            raise Unreadable(
                Message("This file is not kept at Slack, so I did not fetch it. Please send the file itself."),
                code="E-FILE-ELSEWHERE",
                detail=str(strange),
            ) from None
        except NoAnswer as broken:
            raise ChatUnavailable(str(broken)) from None

    def _too_large(self) -> Unreadable:
        return Unreadable(
            Message(
                "This file is larger than {most} MB, so I did not fetch it. Please send a smaller one, for example one file per invoice.",
                most=self._most // _MEGABYTE,
            ),
            code="E-TOO-LARGE",
        )


def _deleted() -> Unreadable:
    return Unreadable(
        Message("This file was deleted before I could read it. Please send it again."), code="E-FILE-DELETED"
    )


def _signed_out() -> Unreadable:
    return Unreadable(
        Message(
            "Slack sent a sign-in page in place of the file. An administrator must grant me files:read; "
            "then please send it again."
        ),
        code="E-HTML",
    )
