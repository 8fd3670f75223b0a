"""Files arrive: a job hands over the stored message event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import Refused
from core.messages import Message
from core.ports import Screens
from core.use_cases.meet import Meet
from core.use_cases.receive_files import IncomingFile, ReceiveFiles
from core.views import NoticeView
from handlers.callers import Callers
from handlers.metrics import TURNED_AWAY

HELLO = Message(
    "Send me an invoice as photo, PDF, OFD, XML or ZIP and I will read it, check it and show you a draft. "
    "To correct a draft, press Edit or reply under it, for example: total 128.50."
)


@dataclass(frozen=True)
class Upload:
    """Files in a direct message or an intake channel, and text that is neither a file nor a reply."""

    receive: ReceiveFiles
    meet: Meet
    callers: Callers
    screens: Screens
    intake_channels: frozenset[str]

    def on_files(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """message.file_share. Files in other channels are not for us."""
        channel, direct = event["channel"], event.get("channel_type") == "im"
        if event.get("bot_id") or not (direct or channel in self.intake_channels):
            return
        member = self.callers.member(event.get("user_team") or event.get("team") or team_id, event["user"])
        try:
            caller = self.callers.known(member)
        except Refused as problem:
            TURNED_AWAY.labels(problem.code).inc()
            self.screens.show(member, NoticeView(problem.message), key=f"refused:{event_id}", tried=sent_at(event))
            return
        files = [
            IncomingFile(file["id"], file.get("name") or file["id"], int(file.get("size") or 0))
            for file in event["files"]
        ]
        self.receive(caller.person, f"{channel}/{event['ts']}", files)
        if not direct:
            self.screens.count_in_channel(
                channel, event["ts"], files=len(files), locale=member.locale, key=f"count:{event_id}"
            )

    def on_text(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """A direct message of words alone: say what to do, the first time with the offer to practise."""
        if event.get("bot_id") or event.get("channel_type") != "im":
            return
        member = self.callers.member(event.get("user_team") or event.get("team") or team_id, event["user"])
        try:
            if self.meet(self.callers.known(member).person):
                return
            said = HELLO
        except Refused as problem:
            said = problem.message
        self.screens.show(member, NoticeView(said), key=f"hello:{event_id}", tried=sent_at(event))


def sent_at(event: Mapping[str, Any]) -> datetime:
    """When a message was sent, by Slack's clock."""
    return datetime.fromtimestamp(float(event["ts"]), UTC)
