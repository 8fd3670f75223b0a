"""A desk with one open claim: real use cases over a real database, the built-in OA, and the web pages on top."""

import itertools
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from core.claim import Claim, ClaimLine, Means, Plan, Step, StepRule
from core.directory import Directory, Member, Person, Role
from core.document import DocumentState
from core.invoice import Candidate, Field, FieldName, FieldState, Finding, Invoice, Kind, ReadInvoice, Severity, Source
from core.messages import Message, Term, named
from core.money import Money
from core.policy import Category, Policy
from core.use_cases.open_approval import OpenApproval
from core.use_cases.record_decision import ApplyDecision, RecordDecision
from core.use_cases.see_claims import SeeClaims
from core.use_cases.sign_in import LinkMaker, Sessions
from handlers.web import WebPages, web_router
from integrations.database.transaction import SqlTransactions
from integrations.language import Languages
from integrations.oa.builtin import BuiltinOA
from integrations.slack.cards import words
from integrations.storage.files import FileStorage
from sandbox.papers import invent, to_picture
from tests.integrations.database.samples import a_document

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LOCALES = Path(__file__).parents[2] / "locales"
SECRET = b"a secret of the tests"
UNDO = timedelta(minutes=1)
LILEI, WANGFANG, ZHAOMIN, QIANFENG, EMMA = "lilei", "wangfang", "zhaomin", "qianfeng", "emma"
NAMES = {LILEI: "李雷", WANGFANG: "王芳", ZHAOMIN: "赵敏", QIANFENG: "钱峰", EMMA: "Emma Clarke"}
REASONS = {
    "missing_purpose": named(Term("The purpose is missing or unclear", "事由缺失或不清楚")),
    "over_limit": named(Term("Above the limit of the rules", "超过制度标准")),
}
STEPS = (
    Step("manager", Message("Manager"), (WANGFANG,), StepRule.ANY, Message("Manager")),
    Step("finance", Message("Finance review"), (ZHAOMIN, QIANFENG), StepRule.ANY, Message("Finance review")),
)


class Desk:
    """What the tests turn: `time`, `people`, `members`, `member_of`. `url` is where the pages are reached."""

    def __init__(self, engine, keyring, folder, url):
        self.url = url
        self.time = NOON
        self.people = {
            id_: Person(
                id=id_,
                name=name,
                email=f"{id_}@morningstar.example",
                entity="beijing",
                roles=frozenset({Role.EMPLOYEE, Role.REVIEWER} if id_ in (ZHAOMIN, QIANFENG) else {Role.EMPLOYEE}),
            )
            for id_, name in NAMES.items()
        }
        self.members = {
            id_: Member("T1", f"U{id_}", id_, name, "en-US" if id_ == EMMA else "zh-CN", "Asia/Shanghai")
            for id_, name in NAMES.items()
        }
        self.jobs = []
        self.transactions = SqlTransactions(engine, lambda _, job: self.jobs.append(job))
        self.storage = FileStorage(folder / "files", keyring)
        self.oa = BuiltinOA(engine, url, now=self.now)
        self.languages = Languages(LOCALES)
        self.links = LinkMaker(SECRET, url, self.transactions, self.now)
        numbers = (f"decision-{number}" for number in itertools.count(1))
        self.record = RecordDecision(self.transactions, self.directory(), UNDO, lambda: next(numbers), self.now)
        policy = Policy("1", (Category("meals", named(Term("Meals", "餐饮"))),), REASONS)
        self.pages = WebPages(
            see=SeeClaims(self.transactions, self.directory, policy, self.storage, self.now),
            record=self.record,
            links=self.links,
            sessions=Sessions(SECRET, self.now),
            directory=self.directory,
            member_of=lambda person: self.member_of(person),  # noqa: PLW0108, tests replace it
            languages=self.languages,
            words=words,
            https=url.startswith("https:"),
        )

    def now(self):
        return self.time

    def member_of(self, person):
        return self.members.get(person)

    def directory(self):
        return Directory("T1", self.people.values(), [])

    def submits(self, claim_id="c1", paper=None, **changes):
        """A claim of 李雷's for one invented invoice, open in the OA."""
        paper = paper or invent(7, "digital_ordinary", category="meals")
        invoice = _invoice(claim_id, paper)
        total = Money(Decimal(paper.labels()["total"]))
        claim = Claim(
            id=claim_id,
            reference=f"CL-2026-{claim_id[1:]:0>4}",
            submitter=LILEI,
            beneficiary=LILEI,
            payee=LILEI,
            paying_entity="beijing",
            means=Means.OWN_MONEY,
            lines=(ClaimLine(invoice.id, total, total),),
            plan=Plan(STEPS),
            policy_version="1",
            submitted_at=self.time - timedelta(hours=2),
            purpose="客户来访晚餐",
            category="meals",
        )
        page = self.storage.put(to_picture(paper, dpi=100, format="JPEG"))
        with self.transactions.write() as tx:
            tx.documents.add(
                a_document(
                    invoice.document_id,
                    owner=LILEI,
                    chat_file=f"F{claim_id}",
                    state=DocumentState.READ,
                    previews={1: page},
                )
            )
            tx.invoices.add(invoice)
            tx.findings.replace(invoice.id, [OLD])
            tx.claims.add(replace(claim, **changes))
        OpenApproval(
            self.transactions, self.oa, self.languages.for_locale("zh-CN", "Asia/Shanghai"), timedelta(days=1), self.now
        )(claim_id)
        return claim_id

    def undo_time_is_over(self):
        """The clock moves on, and what was decided reaches the OA."""
        self.time += UNDO
        with self.transactions.write() as tx:
            due = tx.decisions.take_due(self.time)
        for decision_id in due:
            ApplyDecision(self.transactions, self.oa, timedelta(days=1), self.now)(decision_id)

    def claim(self, claim_id="c1"):
        with self.transactions.read() as tx:
            return tx.claims.get(claim_id)

    def decisions(self, claim_id="c1"):
        with self.transactions.read() as tx:
            return tx.decisions.of_claim(claim_id)


@contextmanager
def serving(engine, keyring, folder):
    """A desk whose pages are served on this machine until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        desk = Desk(engine, keyring, folder, f"http://127.0.0.1:{listener.getsockname()[1]}")
        app = FastAPI()
        app.include_router(web_router(desk.pages))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield desk
        finally:
            server.should_exit = True
            thread.join()


def _invoice(claim_id, paper):
    labels = paper.labels()
    fields = {
        name: Field(
            labels[name.value],
            FieldState.VERIFIED,
            (Candidate(labels[name.value], Source.QR), Candidate(labels[name.value], Source.RAPIDOCR, 0.98)),
        )
        for name in FieldName
        if labels.get(name.value)
    }
    seller = labels["seller_tax_id"]
    fields[FieldName.SELLER_TAX_ID] = Field(seller, FieldState.READ, (Candidate(seller, Source.RAPIDOCR, 0.91),))
    fields[FieldName.TAX] = Field(
        labels["tax"], FieldState.ENTERED, entered_by=LILEI, read_value=labels["tax"].replace("3", "8")
    )
    return Invoice(
        id=f"i-{claim_id}",
        document_id=f"d-{claim_id}",
        owner=LILEI,
        reading=ReadInvoice(1, Kind(paper.kind), fields),
        claim_id=claim_id,
    )


OLD = Finding(
    "D3",
    Severity.WARN,
    Message("The invoice is older than {limit} days; finance will see it.", limit=90),
    {"age": "120", "limit": "90"},
)
