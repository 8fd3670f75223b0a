"""Who pressed it: a person of ours, or nobody who may do anything here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.directory import Member
from core.errors import Refused
from core.ids import PersonId
from core.messages import Message
from core.ports import ChatPeople

NOT_WELCOME = Message(
    "Invoices can only be sent and decided by people of this company, not by guests or people of other workspaces. "
    "Nothing was kept."
)
NOT_LISTED = Message(
    "I do not know you yet, so nothing was kept. Ask an administrator to add your e-mail address to the directory, "
    "then send it again."
)


@dataclass(frozen=True)
class Caller:
    """The chat's member and the person of ours they are."""

    member: Member
    person: PersonId


@dataclass(frozen=True)
class Callers:
    """Looks callers up, freshly enough, at each press."""

    people: ChatPeople

    def member(self, team_id: str, user_id: str) -> Member:
        return self.people.member(team_id, user_id)

    def pressing(self, body: Mapping[str, Any]) -> Member:
        """Who pressed, filled in or typed a command, welcome or not."""
        if "command" in body:
            return self.member(body["team_id"], body["user_id"])
        user = body["user"]
        return self.member(user.get("team_id") or body["team"]["id"], user["id"])

    def of(self, body: Mapping[str, Any]) -> Caller:
        """Who pressed, filled in or typed a command. Raises Refused for strangers."""
        return self.known(self.pressing(body))

    def known(self, member: Member) -> Caller:
        """Raises Refused with the sentence for a guest, a stranger, or somebody in no directory."""
        if not member.welcome:
            raise Refused(NOT_WELCOME, code="E-NOT-WELCOME")
        if member.person is None:
            raise Refused(NOT_LISTED, code="E-NOT-LISTED")
        return Caller(member, member.person)
