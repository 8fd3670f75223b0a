"""Who is who: people of the company, and how the chat knows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.ids import PersonId


class Role(StrEnum):
    """Posts. Everybody is an employee; approvers are managers of somebody or named by a route."""

    EMPLOYEE = "employee"
    REVIEWER = "reviewer"
    ACCOUNTANT = "accountant"
    CASHIER = "cashier"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Entity:
    """One of our own legal entities, the lawful buyers of our invoices."""

    id: str
    name: str
    tax_id: str


@dataclass(frozen=True)
class Person:
    """Somebody of the company. `slack` is their user id where it is known; else they are found by e-mail."""

    id: PersonId
    name: str
    email: str
    entity: str
    manager: PersonId | None = None
    roles: frozenset[Role] = frozenset({Role.EMPLOYEE})
    cost_centre: str | None = None
    slack: str | None = None
    active: bool = True


@dataclass(frozen=True)
class Member:
    """Somebody as the chat knows them, with the person of ours they are (None: nobody of ours).

    `welcome` is False for guests, strangers of other workspaces, bots and deactivated users.
    """

    team_id: str
    user_id: str
    person: PersonId | None
    name: str
    locale: str
    time_zone: str
    welcome: bool = True


class Directory:
    """The people and entities of one company at one time. Pure; loaded at the edge."""

    def __init__(self, team_id: str, people: Iterable[Person], entities: Iterable[Entity]) -> None:
        self.team_id = team_id
        self.people: Mapping[PersonId, Person] = {person.id: person for person in people}
        self.entities: Mapping[str, Entity] = {entity.id: entity for entity in entities}
        self._by_slack = {person.slack: person for person in self.people.values() if person.slack}
        self._by_email = {person.email.casefold(): person for person in self.people.values()}

    def person(self, person_id: PersonId) -> Person:
        """Raises KeyError when there is no such person."""
        return self.people[person_id]

    def names(self) -> Mapping[PersonId, str]:
        """Everybody's name, of those who have left too."""
        return {person.id: person.name for person in self.people.values()}

    def find(self, *, slack: str | None = None, email: str | None = None) -> Person | None:
        """The active person with this user id, else with this e-mail; None when nobody is."""
        found = self._by_slack.get(slack or "") or self._by_email.get((email or "").casefold())
        return found if found and found.active else None

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody active who holds a role, in the order of the file."""
        return tuple(person for person in self.people.values() if person.active and role in person.roles)

    def managers_of(self, person_id: PersonId) -> tuple[Person, ...]:
        """The active managers upwards, nearest first; a loop in the file ends the chain."""
        chain: list[Person] = []
        seen = {person_id}
        above = self.people[person_id].manager
        while above is not None and above not in seen and above in self.people:
            seen.add(above)
            if self.people[above].active:
                chain.append(self.people[above])
            above = self.people[above].manager
        return tuple(chain)
