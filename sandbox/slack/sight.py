"""What is on a person's screen; whatever is not there cannot be used."""

from __future__ import annotations

from sandbox.slack.happenings import Happenings, view_as_seen
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.workspace import Channel, File, Json, Message, Person, View


class Sight:
    """What each person sees."""

    def __init__(self, slack: Happenings) -> None:
        self.slack = slack

    def person(self, person_id: str) -> Person:
        """Somebody one can act as. Raises NotOnScreen."""
        person = self.slack.workspace.people.get(person_id)
        if person is None or person.is_bot:
            raise NotOnScreen(f"nobody called {person_id!r}")
        return person

    def channel(self, person: Person, channel_id: str | None) -> Channel:
        """A conversation in their sidebar; the DM with the bot when none is named. Raises NotOnScreen."""
        if not channel_id:
            return self.slack.workspace.dm_of(person.id)
        channel = self.slack.workspace.channels.get(channel_id)
        if channel is None or person.id not in channel.members:
            raise NotOnScreen(f"{person.id} is not in {channel_id!r}")
        return channel

    def message(self, person: Person, channel_id: str | None, ts: str) -> tuple[Channel, Message]:
        """A message they can see. Raises NotOnScreen."""
        channel = self.channel(person, channel_id)
        message = channel.message(ts)
        if message is None or message.only_for not in {None, person.id}:
            raise NotOnScreen(f"no message {ts} in {channel.id}")
        return channel, message

    def file(self, person: Person, file_id: str) -> File:
        """A file they may see. Raises NotOnScreen."""
        file = self.slack.workspace.files.get(file_id)
        if file is None or file.content is None or not self.slack.workspace.may_see_file(file, person.id):
            raise NotOnScreen(f"no file {file_id!r}")
        return file

    def view(self, person: Person, view_id: str) -> View:
        """The modal on top of their screen, or their Home. Raises NotOnScreen."""
        top = self.slack.workspace.modals.get(person.id, [])[-1:]
        home = self.slack.workspace.homes.get(person.id)
        for view in [*top, *([home] if home else [])]:
            if view.id == view_id:
                return view
        raise NotOnScreen(f"view {view_id!r} is not on the screen of {person.id}")

    def screen(self, person: Person) -> Json:
        """Everything this person sees."""
        workspace = self.slack.workspace
        home = workspace.homes.get(person.id)
        return {
            "person": person.as_slack(include_locale=True),
            "conversations": [
                {
                    "id": channel.id,
                    "name": channel.name,
                    "kind": channel.kind,
                    "topic": channel.topic,
                    "members": channel.members,
                    "messages": [
                        self.slack.message_as_seen(m, person.id) for m in workspace.visible_messages(channel, person.id)
                    ],
                }
                for channel in workspace.visible_channels(person.id)
            ],
            "modals": [view_as_seen(view) for view in workspace.modals.get(person.id, [])],
            "home": view_as_seen(home) if home else None,
            "notices": workspace.notices.get(person.id, []),
        }
