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

    The route starts at the beneficiary's manager; a vacancy, or a manager who may not decide, goes to the next one up
    and is said. Nobody stands in two steps: a reviewer who is also a manager decides as manager when another
    reviewer is left, else they decide at finance review and the manager's step goes to the next one up.
    Raises Refused when nobody may review for finance.
    """
    beneficiary = directory.people.get(facts.beneficiary)
    if beneficiary is None or not beneficiary.active:
        raise Refused(
            Message(
                "You are not in the directory, so nobody can be asked to approve. An administrator has to add you to "
                "config/people.yaml; your draft is kept."
            ),
            code="E-NOT-IN-DIRECTORY",
        )
    reviewers = [person.id for person in directory.holders(Role.REVIEWER) if _may_decide(person, facts)]
    if not reviewers:
        raise Refused(
            Message(
                "Nobody may do the finance review of this claim. An administrator has to give the role reviewer to "
                "somebody else in config/people.yaml; your draft is kept."
            ),
            code="E-NO-REVIEWER",
        )
    above = facts.total.currency != "CNY" or facts.total.amount > policy.second_approval_above
    wanted = 2 if above else 1
    managers: list[Person] = []
    for person in directory.managers_of(beneficiary.id):
        if len(managers) == wanted:
            break
        if _may_decide(person, facts) and reviewers != [person.id]:
            managers.append(person)
            reviewers = [reviewer for reviewer in reviewers if reviewer != person.id]
    steps = [_manager(managers[0], beneficiary, directory)] if managers else []
    steps += [_director(each, policy, facts.total.currency) for each in managers[1:]]
    return Plan((*steps, _review(reviewers, alone=not managers)))


def _may_decide(person: Person, facts: RouteFacts) -> bool:
    """Administrators and auditors decide no claim, nobody decides where they are concerned."""
    return person.id not in facts.concerned and person.roles.isdisjoint({Role.ADMIN, Role.AUDITOR})


def _manager(manager: Person, beneficiary: Person, directory: Directory) -> Step:
    nearest = directory.people.get(beneficiary.manager or manager.id, manager)
    return Step(
        id=MANAGER,
        name=Message("Manager"),
        approvers=(manager.id,),
        rule=StepRule.ANY,
        reason=Message("{name} is the manager", name=manager.name)
        if nearest is manager
        else Message("{nearest} cannot decide here, so it goes to {name}", nearest=nearest.name, name=manager.name),
    )


def _director(director: Person, policy: Policy, currency: str) -> Step:
    limit = Money(policy.second_approval_above)
    return Step(
        id=DIRECTOR,
        name=Message("Second approval"),
        approvers=(director.id,),
        rule=StepRule.ANY,
        reason=Message("above {limit} a second manager approves", limit=limit)
        if currency == limit.currency
        else Message(
            "{currency} cannot be compared with {limit}, so a second manager approves", currency=currency, limit=limit
        ),
    )


def _review(reviewers: Iterable[PersonId], *, alone: bool) -> Step:
    return Step(
        id=REVIEW,
        name=Message("Finance review"),
        approvers=tuple(reviewers),
        rule=StepRule.ANY,
        reason=Message("no manager can decide here, so finance decides alone")
        if alone
        else Message("every claim ends at finance"),
    )
