"""Who decides a claim: facts and policy in, a plan with its reasons out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.claim import Plan, Step, StepRule
from core.directory import Directory, Person, Role
from core.errors import Refused
from core.ids import PersonId
from core.messages import Message
from core.money import Money
from core.policy import Policy

MANAGER, DIRECTOR, REVIEW = "manager", "director", "review"


@dataclass(frozen=True)
class RouteFacts:
    """What a route depends on. `travellers` are passengers, guests and attendees of ours."""

    submitter: PersonId
    beneficiary: PersonId
    payee: PersonId
    total: Money
    entity: str
    category: str | None = None
    cost_centre: str | None = None
    travellers: frozenset[PersonId] = field(default_factory=frozenset)
    has_entered_fields: bool = False
    warnings: int = 0

    @property
    def concerned(self) -> frozenset[PersonId]:
        """Nobody decides where they are one of these."""
        return frozenset({self.submitter, self.beneficiary, self.payee}) | self.travellers


def choose_route(facts: RouteFacts, policy: Policy, directory: Directory) -> Plan:
    """The manager, above policy's sum a second manager, and always finance review.

    The route starts at the beneficiary's manager; a vacancy, or a manager who is concerned, goes to the next one up.
    The same person approves once: who reviews for finance is no manager step's approver, unless nobody else may review.
    Raises Refused when nobody may review for finance.
    """
    reviewers = [person for person in directory.holders(Role.REVIEWER) if person.id not in facts.concerned]
    if not reviewers:
        raise Refused(
            Message(
                "Nobody may do the finance review of this claim. An administrator has to name another reviewer in "
                "the directory; your draft is kept."
            ),
            code="E-NO-REVIEWER",
        )
    above = directory.managers_of(facts.beneficiary)
    managers = [person for person in above if person.id not in facts.concerned]
    steps: list[Step] = []
    if managers:
        steps.append(_manager(managers[0], above[0], directory.person(facts.beneficiary)))
        if facts.total.amount > policy.second_approval_above and len(managers) > 1:
            steps.append(_director(managers[1], policy))
    taken = {person for step in steps for person in step.approvers}
    steps.append(_review(reviewers, taken))
    return Plan(tuple(steps))


def _manager(manager: Person, nearest: Person, beneficiary: Person) -> Step:
    direct = manager.id == nearest.id == beneficiary.manager
    return Step(
        id=MANAGER,
        name=Message("Manager"),
        approvers=(manager.id,),
        rule=StepRule.ANY,
        reason=Message("{name} is the manager", name=manager.name)
        if direct
        else Message("the nearest manager cannot decide here, so it goes to {name}", name=manager.name),
    )


def _director(director: Person, policy: Policy) -> Step:
    return Step(
        id=DIRECTOR,
        name=Message("Second approval"),
        approvers=(director.id,),
        rule=StepRule.ANY,
        reason=Message("above {limit} a second manager approves", limit=Money(policy.second_approval_above)),
    )


def _review(reviewers: Iterable[Person], taken: set[PersonId]) -> Step:
    everybody = [person.id for person in reviewers]
    free = [person for person in everybody if person not in taken]
    return Step(
        id=REVIEW,
        name=Message("Finance review"),
        approvers=tuple(free or everybody),
        rule=StepRule.ANY,
        reason=Message("every claim ends at finance"),
    )
