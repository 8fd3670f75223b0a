"""Several people press on one claim at once: approve, reject, send back, undo, withdraw, again and too late. One outcome.

Real threads, a real database, and a clock that runs: the undo window ends while people still press.
"""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from core.approval import TaskStatus, Verdict
from core.claim import ClaimState
from core.decision import DecisionState
from core.errors import Expected, Refused
from core.invoice import InvoiceState
from core.use_cases.build_views import BuildViews
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.record_decision import RecordDecision
from integrations.database.audit import verify
from tests.core.office import DIRECTORY, POLICY, Office, a_reading

WINDOW = timedelta(milliseconds=40)
PRESSES = 4
DECIDERS = ("chen", "zhao", "qian")
SUBMITTER = "wang"
ENDED = {ClaimState.APPROVED, ClaimState.REJECTED, ClaimState.RETURNED, ClaimState.WITHDRAWN}
TASK_AFTER = {
    Verdict.APPROVE: TaskStatus.APPROVED,
    Verdict.RETURN: TaskStatus.RETURNED,
    Verdict.REJECT: TaskStatus.REJECTED,
}
STATE_AFTER = {Verdict.RETURN: ClaimState.RETURNED, Verdict.REJECT: ClaimState.REJECTED}


class BusyOffice(Office):
    """Its clock runs; its undo window is short."""

    def __init__(self, engine):
        super().__init__(engine)
        self.record = RecordDecision(self.transactions, DIRECTORY, WINDOW, self.record.new_id, self.clock)
        check = CheckInvoice(DIRECTORY, POLICY, self.clock)
        self.views = BuildViews(self.transactions, check, DIRECTORY, POLICY, None, None, self.oa)

    def clock(self):
        return datetime.now(UTC)


@pytest.fixture
def office(engine):
    return BusyOffice(engine)


def test_one_outcome_per_claim(office, engine, thorough):
    happened = Counter()
    for seed in range(500 if thorough else 40):
        dice = random.Random(seed)
        claim_id = office.pending(f"i{seed}", reading=a_reading(number=f"2643{seed:016}"))
        first_task = office.claim(claim_id).open_tasks()[0]
        while office.claim(claim_id).state is ClaimState.PENDING:
            happened += everybody_presses(office, claim_id, first_task, dice)
            check_one_outcome(office, claim_id, seed)
        check_the_invoice(office, claim_id, f"i{seed}")
        happened[office.claim(claim_id).state] += 1
        assert office.claim(claim_id).state in ENDED, seed
    assert verify(engine) is None
    # Otherwise nothing was interleaved: everything that can happen did.
    assert {"recorded", "refused", "undone", "withdrew", "not withdrawn", *ENDED} <= set(happened), happened


def everybody_presses(office, claim_id, first_task, dice):
    """Each decider in a thread of their own, and the jobs that tell the OA, twice over as after a crash."""
    claim = office.claim(claim_id)
    people = [person for person in DECIDERS if dice.random() < 0.8] or list(DECIDERS)
    scripts = [(person, [dice.random() for _ in range(3 * PRESSES)]) for person in people]
    takes_back = [dice.random() for _ in range(PRESSES)] if dice.random() < 0.3 else []
    together = Barrier(len(scripts) + 3)
    with ThreadPoolExecutor(len(scripts) + 3) as threads:
        pressing = [threads.submit(press, office, claim, first_task, *script, together) for script in scripts]
        pressing.append(threads.submit(take_back, office, claim_id, takes_back, together))
        telling = [threads.submit(tell_the_oa, office, claim_id, together) for _ in range(2)]
        happened = Counter(what for each in pressing for what in each.result())
        for each in telling:
            each.result()
    time.sleep(WINDOW.total_seconds())
    apply_all(office, claim_id)
    return happened


def press(office, claim, first_task, person, chances, together):
    """What one person does on the cards they have: on open ones, on one that is long decided, and undo."""
    mine = [task for task in claim.open_tasks() if task.assignee == person] or [first_task]
    happened, decisions = [], []
    together.wait()
    for chance, choice, pause in zip(chances[::3], chances[1::3], chances[2::3], strict=True):
        time.sleep(pause * 0.02)
        try:
            if decisions and chance < 0.4:
                office.record.undo(decisions[-1].id, person)
                happened.append("undone")
                continue
            verdict = [Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT, Verdict.RETURN][int(choice * 4)]
            decisions.append(office.record(claim.id, mine[0].id, claim.round, person, verdict, "unclear", "请补充"))
            happened.append("recorded")
        except Expected:
            happened.append("refused")
    return happened


def take_back(office, claim_id, pauses, together):
    """The submitter presses Withdraw, perhaps several times."""
    happened = []
    together.wait()
    for pause in pauses:
        time.sleep(pause * 0.02)
        try:
            office.withdraw(claim_id, SUBMITTER)
            happened.append("withdrew")
        except Refused:
            happened.append("not withdrawn")
    return happened


def tell_the_oa(office, claim_id, together):
    together.wait()
    for _ in range(8):
        time.sleep(0.015)
        apply_all(office, claim_id)


def apply_all(office, claim_id):
    with office.transactions.read() as tx:
        waiting = [each.id for each in tx.decisions.of_claim(claim_id) if each.state is DecisionState.WAITING]
    for decision_id in waiting:
        office.apply(decision_id)
    office.tell_withdrawal(claim_id)


def check_one_outcome(office, claim_id, seed):
    """The decisions that stand, the OA, the claim and the cards say the same."""
    claim = office.claim(claim_id)
    with office.transactions.read() as tx:
        decisions = tx.decisions.of_claim(claim_id)
    sent = [each for each in decisions if each.state is DecisionState.SENT]
    assert {each.state for each in decisions} <= {DecisionState.SENT, DecisionState.UNDONE}, (seed, decisions)
    assert max(Counter(each.node_id for each in sent).values(), default=0) <= 1, (seed, sent)
    snapshot = office.oa.get(claim.oa)
    assert snapshot.tasks == claim.tasks, seed
    assert snapshot.version == claim.oa_version, seed
    decided = {task.id: task.status for task in claim.tasks if task.status in TASK_AFTER.values()}
    assert decided == {each.task_id: TASK_AFTER[each.verdict] for each in sent}, (seed, decisions)
    ends = [STATE_AFTER[each.verdict] for each in sent if each.verdict in STATE_AFTER]
    assert len(ends) <= 1, (seed, sent)
    if ends:  # what was sent back may be withdrawn after that
        assert claim.state in {ends[0], *([ClaimState.WITHDRAWN] if ends[0] is ClaimState.RETURNED else [])}, seed
    assert claim.state is not ClaimState.WITHDRAWING, seed
    shown, views = office.views.claim(claim_id)
    assert shown == claim
    by_step = {each.node_id: each for each in sent}
    for task, view in zip(claim.tasks, views, strict=True):
        assert view.decision == by_step.get(task.node_id), (seed, view.decision)
        assert view.undo_until is None, seed


def check_the_invoice(office, claim_id, invoice_id):
    """It stands where its claim's end puts it; only what was approved, or may be sent again, holds its number."""
    state, invoice = office.claim(claim_id).state, office.invoice(invoice_id)
    is_draft = state in (ClaimState.RETURNED, ClaimState.WITHDRAWN)
    assert invoice.state is (InvoiceState.DRAFT if is_draft else InvoiceState.CLAIMED)
    assert invoice.claim_id == (None if state is ClaimState.WITHDRAWN else claim_id)
    holds = office.holder_of(invoice.identity()) == invoice_id
    assert holds is (state in (ClaimState.APPROVED, ClaimState.RETURNED))
