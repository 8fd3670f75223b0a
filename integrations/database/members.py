"""Repository of people as the chat knows them."""

from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from core.directory import Member
from core.ids import PersonId
from integrations.database.engine import for_reading
from integrations.database.rows import insert
from integrations.database.tables import MemberRow


class SqlMembers:
    """Members and when they were looked up. Each call is a transaction of its own: never call it inside another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    def get(self, team_id: str, user_id: str) -> tuple[Member, datetime] | None:
        """The member and when they were put."""
        with Session(self._reading) as session:
            row = session.get(MemberRow, (team_id, user_id))
            return None if row is None else (_member(row), row.fetched_at)

    def by_person(self, person: PersonId) -> Member | None:
        """The member last put who is this person and welcome."""
        mine = select(MemberRow).where(MemberRow.person_id == person, MemberRow.welcome)
        with Session(self._reading) as session:
            row = session.scalars(mine.order_by(MemberRow.fetched_at.desc())).first()
            return None if row is None else _member(row)

    def put(self, member: Member, now: datetime) -> None:
        """Insert or replace."""
        values = {
            "person_id": member.person,
            "name": member.name,
            "locale": member.locale,
            "time_zone": member.time_zone,
            "welcome": member.welcome,
            "fetched_at": now,
        }
        with Session(self._engine) as session, session.begin():
            new = insert(session, MemberRow).values(team_id=member.team_id, user_id=member.user_id, **values)
            session.execute(new.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=values))

    def forget(self, team_id: str, user_id: str) -> None:
        """Look them up again next time."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(MemberRow).where(MemberRow.team_id == team_id, MemberRow.user_id == user_id))


def _member(row: MemberRow) -> Member:
    return Member(
        team_id=row.team_id,
        user_id=row.user_id,
        person=row.person_id,
        name=row.name,
        locale=row.locale,
        time_zone=row.time_zone,
        welcome=row.welcome,
    )
