from dataclasses import replace
from datetime import timedelta

import pytest

from core.approval import TaskStatus
from core.decision import DecisionState
from core.directory import Directory, Person, Role
from core.errors import Refused
from core.messages import Message
from core.policy import Policy
from core.use_cases.see_claims import SeeClaims, may_see
from integrations.database.transaction import SqlTransactions
from integrations.storage.files import FileStorage
from tests.integrations.database.samples import (
    NOON,
    a_claim,
    a_decision,
    a_document,
    a_finding,
    a_task,
    an_invoice,
    pending,
)


def a_person(id_, *roles, active=True):
    return Person(
        id=id_,
        name=id_.title(),
        email=f"{id_}@example.com",
        entity="e",
        roles=frozenset({Role.EMPLOYEE, *roles}),
        active=active,
    )


CLAIM = pending(a_claim(beneficiary="sun"), a_task("t1", "chen"), a_task("t2", "liu", TaskStatus.CANCELLED))


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (a_person("wang"), True),  # submitter
        (a_person("sun"), True),  # beneficiary
        (a_person("chen"), True),  # has a task
        (a_person("liu"), True),  # had a task
        (a_person("zhou"), True),  # decided in an earlier round
        (a_person("li"), False),
        (a_person("rev", Role.REVIEWER), True),
        (a_person("acc", Role.ACCOUNTANT), True),
        (a_person("cash", Role.CASHIER), True),
        (a_person("aud", Role.AUDITOR), True),
        (a_person("adm", Role.ADMIN), False),
        (a_person("wang", active=False), False),
        (a_person("chen", active=False), False),
        (a_person("rev", Role.REVIEWER, active=False), False),
    ],
)
def test_who_sees_a_claim(person, sees):
    assert may_see(person, CLAIM, {"zhou"}) is sees


@pytest.fixture
def people():
    everybody = [a_person(name) for name in ("wang", "chen", "liu", "li")] + [a_person("rev", Role.REVIEWER)]
    return {person.id: person for person in everybody}


@pytest.fixture
def transactions(engine):
    return SqlTransactions(engine, lambda *_: None)


@pytest.fixture
def see(transactions, people, tmp_path, keyring):
    storage = FileStorage(tmp_path / "files", keyring)
    page = storage.put(b"the page")
    with transactions.write() as tx:
        tx.documents.add(a_document(previews={1: page}))
        tx.invoices.add(an_invoice())
        tx.findings.replace("i1", [a_finding()])
        tx.claims.add(pending(a_claim(), a_task("t1", "chen"), a_task("t2", "liu")))
    policy = Policy("1", (), {"unclear": Message("The purpose is missing or unclear")})
    return SeeClaims(transactions, lambda: Directory("T1", people.values(), []), policy, storage, lambda: NOON)


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return (caught.value.code, caught.value.message)


def test_no_such_claim_and_not_for_your_eyes_sound_the_same(see, people):
    absent = refusal(lambda: see.page("c404", "rev"))
    assert refusal(lambda: see.page("c1", "li")) == absent
    assert refusal(lambda: see.page("c1", "nobody")) == absent
    assert refusal(lambda: see.picture("c1", "i1", "li")) == absent
    assert refusal(lambda: see.picture("c1", "another", "chen")) == absent


def test_a_leaver_sees_nothing_at_once(see, people):
    assert see.page("c1", "chen").task is not None
    people["chen"] = replace(people["chen"], active=False)
    assert refusal(lambda: see.page("c1", "chen"))[0] == "E-NO-CLAIM"
    assert refusal(lambda: see.lists("chen"))[0] == "E-NO-CLAIM"


def test_an_approver_sees_all_of_it(see):
    page = see.page("c1", "chen")
    assert [invoice.id for invoice in page.invoices] == ["i1"]
    assert page.findings == {"i1": (a_finding(),)}
    assert page.pictured == {"i1"}
    assert page.task.id == "t1"
    assert page.names["wang"] == "Wang"
    assert see.picture("c1", "i1", "chen") == b"the page"


@pytest.mark.parametrize("viewer", ["wang", "rev"])
def test_who_only_looks_has_nothing_to_decide(see, viewer):
    assert see.page("c1", viewer).task is None


def test_once_somebody_decided_nobody_else_is_asked(see, transactions):
    with transactions.write() as tx:
        tx.decisions.add(a_decision(), "c1:1:manager")

    assert see.page("c1", "liu").task is None
    assert see.lists("liu").waiting == []
    assert see.page("c1", "chen").undoable.id == "x1"
    assert see.page("c1", "liu").undoable is None


def test_nothing_is_undone_after_its_time(see, transactions):
    with transactions.write() as tx:
        tx.decisions.add(a_decision(), "c1:1:manager")

    assert replace(see, now=lambda: NOON + timedelta(minutes=1)).page("c1", "chen").undoable is None


def test_after_undo_it_waits_again(see, transactions):
    with transactions.write() as tx:
        tx.decisions.add(a_decision(), "c1:1:manager")
        tx.decisions.save(a_decision(state=DecisionState.UNDONE))

    assert see.page("c1", "chen").task.id == "t1"
    assert [claim.id for claim in see.lists("liu").waiting] == ["c1"]


def test_everybody_finds_their_own_lists(see):
    assert [claim.id for claim in see.lists("chen").waiting] == ["c1"]
    assert (see.lists("chen").mine, see.lists("chen").all_open) == ([], None)
    assert (see.lists("wang").waiting, [claim.id for claim in see.lists("wang").mine]) == ([], ["c1"])
    assert [claim.id for claim in see.lists("rev").all_open] == ["c1"]
