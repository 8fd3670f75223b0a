"""A small company with its use cases over a real database, and invoices to hand in."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.approval import Verdict
from core.directory import Directory, Entity, Person, Role
from core.document import Document, DocumentState
from core.invoice import Candidate, Field, FieldName, FieldState, Invoice, ItemLine, Kind, ReadInvoice, Source
from core.messages import Message
from core.policy import Category, Policy
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.edit_draft import EditDraft
from core.use_cases.open_approval import OpenApproval, apply_snapshot
from core.use_cases.record_decision import ApplyDecision, RecordDecision
from core.use_cases.submit_claim import SubmitClaim
from core.use_cases.withdraw_claim import TellWithdrawal, WithdrawClaim
from integrations.database.transaction import SqlTransactions
from integrations.language import Language
from integrations.oa.builtin import BuiltinOA

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
WINDOW = timedelta(seconds=30)
OURS = Entity("beijing", "虚构科技（北京）有限公司", "91110108MA4TEXTE06")
OTHERS = Entity("shanghai", "虚构科技（上海）有限公司", "91310000MA4FREMD0R")
SELLER = "91430100MA4TEXTE12"
NUMBER = "26432000000000000001"

ENGLISH = Language("en", UTC, {})
MEAL = ItemLine("*餐饮服务*餐费", "448.87", "6%", "26.93")
VERIFIED = (Source.RAPIDOCR, Source.TESSERACT)

quick = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For long tables, whose rule the databases share: on one of them."""


def a_person(id_, *roles, manager=None, active=True):
    return Person(
        id_, id_.title(), f"{id_}@example.com", OURS.id, manager, frozenset({Role.EMPLOYEE, *roles}), active=active
    )


PEOPLE = (
    a_person("boss"),
    a_person("chen", manager="boss"),
    a_person("wang", manager="chen"),
    a_person("li", manager="chen"),
    a_person("zhao", Role.REVIEWER, manager="boss"),
    a_person("qian", Role.REVIEWER, manager="boss"),
)
DIRECTORY = Directory("T1", PEOPLE, [OURS, OTHERS])
POLICY = Policy(
    "1",
    (Category("meals", Message("Meals"), ("餐饮",)), Category("travel", Message("Travel"), ("差旅",))),
    {"unclear": Message("The purpose is missing or unclear")},
    second_approval_above=Decimal(5000),
)


def a_field(value, *sources, state=FieldState.VERIFIED):
    return Field(value, state, tuple(Candidate(value, source) for source in sources or VERIFIED))


def was_read(value, *sources):
    """A value that has to be confirmed."""
    return a_field(value, *sources or (Source.RAPIDOCR,), state=FieldState.READ)


def a_reading(kind=Kind.DIGITAL_ORDINARY, *, lines=(MEAL,), **fields):
    """A photo of an invoice that every check passes, except for what is given by name: a value, a Field or None."""
    face = {
        "number": NUMBER,
        "date": "2026-11-03",
        "buyer_name": OURS.name,
        "buyer_tax_id": OURS.tax_id,
        "seller_name": "虚构餐饮（长沙）有限公司",
        "seller_tax_id": SELLER,
        "amount_ex_tax": "448.87",
        "tax": "26.93",
        "total": "475.80",
        "total_cn": "肆佰柒拾伍圆捌角整",
        **fields,
    }
    known = {FieldName(name): value for name, value in face.items() if value is not None}
    return ReadInvoice(
        page=1,
        kind=kind,
        fields={name: value if isinstance(value, Field) else a_field(value) for name, value in known.items()},
        lines=tuple(lines),
    )


class Office:
    """The use cases on one database. `jobs` is what was enqueued; `now` is the time on its clock."""

    def __init__(self, engine, directory=DIRECTORY, policy=POLICY):
        self.now = NOON
        self.jobs = []
        self.transactions = SqlTransactions(engine, lambda _, job: self.jobs.append(job))
        self.oa = BuiltinOA(engine, "https://example.com", self.clock)
        counted = itertools.count(1)

        def new_id():
            return f"n{next(counted)}"

        check = CheckInvoice(directory, POLICY, self.clock)
        self.edit = EditDraft(self.transactions, check, POLICY, self.clock)
        self.submit = SubmitClaim(self.transactions, check, directory, policy, b"secret", new_id, self.clock)
        self.record = RecordDecision(self.transactions, directory, WINDOW, new_id, self.clock)
        self.open = OpenApproval(self.transactions, self.oa, ENGLISH, timedelta(days=1), self.clock)
        self.apply = ApplyDecision(self.transactions, self.oa, timedelta(days=1), self.clock)
        self.withdraw = WithdrawClaim(self.transactions, self.clock)
        # The built-in OA always allows it: nothing has to be said.
        self.tell_withdrawal = TellWithdrawal(self.transactions, self.oa, None, None, timedelta(days=1), self.clock)

    def clock(self):
        return self.now

    def draft(self, id_="i1", owner="wang", reading=None, **changes):
        """A draft in a document of its own."""
        invoice = Invoice(id_, f"d-{id_}", owner, reading or a_reading(), purpose="客户晚餐", category="meals")
        invoice = replace(invoice, **changes)
        document = Document(invoice.document_id, owner, "发票.jpg", "F1", f"C1/{id_}", NOON, DocumentState.READ)
        with self.transactions.write() as tx:
            tx.documents.add(replace(document, practice=invoice.practice))
            tx.invoices.add(invoice)
        return invoice.id

    def pending(self, id_="i1", **changes):
        """A draft of Wang's handed in, and known to the OA: waits for its manager."""
        claim = self.submit(self.draft(id_, **changes), "wang")
        self.open(claim.id)
        return claim.id

    def decide(self, claim_id, by, verdict=Verdict.APPROVE, **said):
        """Press the button of one's open task, and wait until it has taken effect."""
        decision = self.press(claim_id, by, verdict, **said)
        self.now += WINDOW
        self.apply(decision.id)
        return decision.id

    def press(self, claim_id, by, verdict=Verdict.APPROVE, **said):
        claim = self.claim(claim_id)
        task = next(task for task in claim.open_tasks() if task.assignee == by)
        said = {"reason_code": "unclear", "words": "请补充"} | said if verdict is not Verdict.APPROVE else said
        return self.record(claim_id, task.id, claim.round, by, verdict, **said)

    def tell(self, claim_id, **changes):
        """The OA's own record, changed, as a snapshot newer than the last."""
        claim = self.claim(claim_id)
        known = self.oa.get(claim.oa)
        snapshot = replace(known, **{"version": claim.oa_version + 1} | changes)
        with self.transactions.write() as tx:
            return apply_snapshot(tx, claim_id, claim.round, snapshot, self.now)

    def invoice(self, id_="i1"):
        with self.transactions.read() as tx:
            return tx.invoices.get(id_)

    def field(self, name, id_="i1"):
        return self.invoice(id_).reading.fields[name]

    def findings(self, id_="i1"):
        with self.transactions.read() as tx:
            return {finding.code: finding.severity for finding in tx.findings.of(id_)}

    def claim(self, id_):
        with self.transactions.read() as tx:
            return tx.claims.get(id_)

    def decision(self, id_):
        with self.transactions.read() as tx:
            return tx.decisions.get(id_)

    def holder_of(self, identity=NUMBER):
        with self.transactions.read() as tx:
            return tx.invoices.holder_of(identity)

    def waiting(self, claim_id):
        """Who is asked now, and at which step."""
        return {(task.node_id, task.assignee) for task in self.claim(claim_id).open_tasks()}

    def jobs_named(self, name):
        return [job.key for job in self.jobs if job.name == name]
