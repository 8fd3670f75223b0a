"""Who a Slack user is: their profile joined with the company's directory, cached for an hour."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.directory import Directory, Member
from core.ids import PersonId
from integrations.slack.client import Slack, SlackRefused, asking

LIFETIME = timedelta(hours=1)
LIFETIME_OF_NOBODY = timedelta(minutes=1)
"""Somebody who is nobody of ours may be entered in the directory any minute."""


class Members(Protocol):
    """Repository of the members we have looked up."""

    def get(self, team_id: str, user_id: str) -> tuple[Member, datetime] | None:
        """The member and when they were fetched."""

    def put(self, member: Member, now: datetime) -> None: ...

    def by_person(self, person: PersonId) -> Member | None: ...

    def forget(self, team_id: str, user_id: str) -> None: ...


class SlackPeople:
    """Keeps the promises of core.ports.ChatPeople for the one workspace of the directory."""

    def __init__(
        self,
        slack: Slack,
        directory: Callable[[], Directory],
        members: Members,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._directory = directory
        self._members = members
        self._now = now

    def member(self, team_id: str, user_id: str) -> Member:
        """See the port. Guests, strangers, bots, deactivated users and other workspaces are not welcome."""
        directory = self._directory()
        if team_id != directory.team_id:
            return _nobody(team_id, user_id)
        held = self._members.get(team_id, user_id)
        if held and self._now() - held[1] < (LIFETIME if held[0].person else LIFETIME_OF_NOBODY):
            return _today(held[0], directory)
        member = self._looked_up(user_id, directory)
        self._members.put(member, self._now())
        return member

    def member_of(self, person: PersonId) -> Member | None:
        """See the port."""
        directory = self._directory()
        known = directory.people.get(person)
        if known is None or not known.active:
            return None
        held = self._members.by_person(person)
        user_id = known.slack or (held.user_id if held else self._user_with(known.email))
        if user_id is None:
            return None
        member = self.member(directory.team_id, user_id)
        return member if member.welcome and member.person == person else None

    def forget(self, team_id: str, user_id: str) -> None:
        """Their profile has changed: ask again next time."""
        self._members.forget(team_id, user_id)

    def _looked_up(self, user_id: str, directory: Directory) -> Member:
        try:
            with asking():
                user: Mapping[str, Any] = self._slack.api.users_info(user=user_id, include_locale=True)["user"]
        except SlackRefused as refused:
            if refused.error in {"user_not_found", "user_not_visible"}:
                return _nobody(directory.team_id, user_id)
            raise
        profile = user.get("profile") or {}
        welcome = user.get("team_id") == directory.team_id and not any(user.get(mark) for mark in UNWELCOME)
        person = directory.find(slack=user_id, email=profile.get("email")) if welcome else None
        return Member(
            team_id=directory.team_id,
            user_id=user_id,
            person=person.id if person else None,
            name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or user_id),
            locale=str(user.get("locale") or "en-US"),
            time_zone=str(user.get("tz") or "UTC"),
            welcome=welcome,
        )

    def _user_with(self, email: str) -> str | None:
        try:
            with asking():
                return str(self._slack.api.users_lookupByEmail(email=email)["user"]["id"])
        except SlackRefused as refused:
            if refused.error == "users_not_found":
                return None
            raise


UNWELCOME = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
"""Marks of a profile that is nobody of ours."""


def _nobody(team_id: str, user_id: str) -> Member:
    return Member(team_id, user_id, None, user_id, "en-US", "UTC", welcome=False)


def _today(member: Member, directory: Directory) -> Member:
    """A leaver loses every right at once, whatever the cache says."""
    person = directory.people.get(member.person) if member.person else None
    return member if person and person.active else replace(member, person=None)
