"""Invented things to keep, and threads that race for them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.approval import OARef, OATask, TaskStatus, Verdict
from core.claim import Claim, ClaimLine, ClaimState, Means, Plan, Step, StepRule
from core.decision import Decision
from core.document import Document
from core.invoice import (
    Box,
    Candidate,
    Field,
    FieldName,
    FieldState,
    Finding,
    Invoice,
    ItemLine,
    Kind,
    ReadInvoice,
    Severity,
    Source,
)
from core.messages import Message
from core.money import Money

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def a_document(id_="d1", **changes):
    document = Document(
        id=id_,
        owner="wang",
        name="出租车发票.jpg",
        chat_file="F1",
        place=f"C1/{id_}",
        received_at=NOON,
        size=7,
        previews={1: "key-1", 2: "key-2"},
    )
    return replace(document, **changes)


def a_reading(number="26317000000000000001", total="475.80"):
    def field(value, source=Source.QR):
        return Field(value, FieldState.VERIFIED, (Candidate(value, source, 0.98, Box(0.1, 0.2, 0.3, 0.4)),))

    return ReadInvoice(
        page=1,
        kind=Kind.DIGITAL_ORDINARY,
        fields={
            FieldName.NUMBER: field(number),
            FieldName.TOTAL: field(total),
            FieldName.DATE: field("2026-11-03"),
            FieldName.SELLER_TAX_ID: field("91310000MA1K00000X"),
            FieldName.BUYER_NAME: Field(
                "某某有限公司", FieldState.READ, reason=Message("Read by {count} readers.", count=1)
            ),
            FieldName.TAX: Field(None, FieldState.MISSING),
        },
        lines=(ItemLine("*餐饮服务*餐费", "448.87", "6%", "26.93"),),
        findings=(a_finding("Q3"),),
        place=Box(0.0, 0.0, 1.0, 0.5),
    )


def a_finding(code="A1", severity=Severity.WARN):
    return Finding(
        code,
        severity,
        Message("{total} is not {sum} on {day}.", total=Money(Decimal("1.10")), sum="1.00", day=date(2026, 11, 3)),
        {"print": "1.10"},
    )


def an_invoice(id_="i1", **changes):
    return replace(Invoice(id=id_, document_id="d1", owner="wang", reading=a_reading(), purpose="客户晚餐"), **changes)


STEP = Step(
    "manager", Message("Manager"), ("chen", "liu"), StepRule.ANY, Message("{name} leads the team.", name="陈经理")
)


def a_claim(id_="c1", **changes):
    claim = Claim(
        id=id_,
        reference=f"CL-2026-{id_}",
        submitter="wang",
        beneficiary="wang",
        payee="wang",
        paying_entity="shanghai",
        means=Means.OWN_MONEY,
        lines=(ClaimLine("i1", Money(Decimal("475.80")), Money(Decimal("400.00")), "own share"),),
        plan=Plan((STEP,)),
        policy_version="2026-1",
        submitted_at=NOON,
        purpose="客户晚餐",
        category="meals",
    )
    return replace(claim, **changes)


def by_policy(id_, amount, **changes):
    """A claim that needs no approver."""
    line = ClaimLine("i1", Money(Decimal(amount)), Money(Decimal(amount)))
    return a_claim(id_, lines=(line,), plan=Plan((), Message("Below the limit.")), **changes)


def a_task(id_="t1", assignee="chen", status=TaskStatus.PENDING):
    return OATask(id_, "manager", "Manager", assignee, status, "好", NOON)


def pending(claim, *tasks):
    return replace(
        claim,
        state=ClaimState.PENDING,
        oa=OARef("builtin", f"A-{claim.id}", "shanghai", {"form": "7"}),
        oa_version=1790000000000,
        tasks=tasks,
    )


def a_decision(id_="x1", **changes):
    decision = Decision(
        id=id_,
        claim_id="c1",
        round=1,
        task_id="t1",
        node_id="manager",
        by="chen",
        verdict=Verdict.RETURN,
        at=NOON,
        effective_at=NOON + timedelta(minutes=1),
        reason_code="unclear",
        words="请补充说明",
    )
    return replace(decision, **changes)


def race(*runners):
    """Run all at once, each in a thread; what each returned."""
    start = threading.Barrier(len(runners))

    def run(runner):
        start.wait()
        return runner()

    with ThreadPoolExecutor(len(runners)) as threads:
        return list(threads.map(run, runners))
