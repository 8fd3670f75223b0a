"""Repository of people as the chat knows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.directory import Member
from core.ids import PersonId
from integrations.database.engine import for_reading
from integrations.database.rows import insert
from integrations.database.tables import MemberRow


@dataclass(frozen=True)
class KnownMember:
    """A member as of `fetched_at`; `dm_channel` is the direct-message channel, once it was opened."""

    member: Member
    fetched_at: datetime
    dm_channel: str | None = None


class SqlMembers:
    """Members, each call a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    def get(self, team_id: str, user_id: str) -> KnownMember | None:
        with Session(self._reading) as session:
            row = session.get(MemberRow, (team_id, user_id))
            return None if row is None else _known(row)

    def by_person(self, person: PersonId) -> KnownMember | None:
        """The member last looked up who is this person and welcome."""
        mine = select(MemberRow).where(MemberRow.person_id == person, MemberRow.welcome)
        with Session(self._reading) as session:
            row = session.scalars(mine.order_by(MemberRow.fetched_at.desc())).first()
            return None if row is None else _known(row)

    def put(self, known: KnownMember) -> None:
        """Insert or replace; a channel that is known is kept when the new one is None."""
        member = known.member
        values: dict[str, Any] = {
            "person_id": member.person,
            "name": member.name,
            "locale": member.locale,
            "time_zone": member.time_zone,
            "welcome": member.welcome,
            "dm_channel": known.dm_channel,
            "fetched_at": known.fetched_at,
        }
        with Session(self._engine) as session, session.begin():
            new = insert(session, MemberRow).values(team_id=member.team_id, user_id=member.user_id, **values)
            values["dm_channel"] = func.coalesce(new.excluded.dm_channel, MemberRow.dm_channel)
            session.execute(new.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=values))


def _known(row: MemberRow) -> KnownMember:
    member = Member(
        team_id=row.team_id,
        user_id=row.user_id,
        person=row.person_id,
        name=row.name,
        locale=row.locale,
        time_zone=row.time_zone,
        welcome=row.welcome,
    )
    return KnownMember(member, row.fetched_at, row.dm_channel)
