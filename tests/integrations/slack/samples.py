"""Views to draw: invented people, companies and invoices, with sentences as checks and policy would bring them."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from PIL import Image

from core.approval import OATask, TaskStatus, Verdict
from core.batch import Batch, Found, Reconciliation, reconcile
from core.claim import Claim, ClaimLine, ClaimState, Means, Plan, Step, StepRule
from core.decision import Decision, DecisionState
from core.document import Document, DocumentState, Problem
from core.ids import BatchId, ClaimId, DecisionId, DocumentId, InvoiceId, PersonId
from core.invoice import (
    MISSING,
    Candidate,
    Field,
    FieldName,
    FieldState,
    Finding,
    Invoice,
    InvoiceState,
    ItemLine,
    Kind,
    ReadInvoice,
    Severity,
    Source,
)
from core.messages import Message
from core.money import Money
from core.views import (
    ApprovalView,
    BatchView,
    DetailsForm,
    DocumentView,
    EditForm,
    Form,
    HelpView,
    HomeView,
    InvoiceView,
    ListView,
    MeetingView,
    MoreOfBatch,
    NoticeView,
    Part,
    Picture,
    Question,
    ReasonForm,
    Row,
    SampledView,
    Stage,
    StatusForm,
    StatusView,
    ToDecide,
    TogetherForm,
    View,
)

SAID = {
    "Older than 90 days (policy 3.2); you can submit it": "开票已超过 90 天（制度 3.2），可以提交",
    "Issued on a weekend": "开票日是周末",
    "The bill-to is none of our companies": "抬头不是本公司的任何主体",
    "Two readers disagree": "两次识别结果不同",
    "Office supplies": "办公用品",
    "Travel": "差旅",
    "Manager": "经理",
    "Finance review": "财务复核",
    "over {limit}": "超过 {limit}",
    "every claim ends there": "每张报销单都要复核",
    "small and clean": "金额小，检查无异常",
    "wrong bill-to": "抬头不对",
    "something else": "其他",
    "Sent back by {name}: {reason}": "{name}退回修改：{reason}",
    "Nobody above you may decide this. Ask an administrator.": "没有可以审批的上级，请联系管理员。",
    "This PDF has a password. Please send it without one.": "这个 PDF 有密码，打不开。请发未加密的版本。",
    "The invoice": "发票图片",
}
"""Sentences of other parts, so that these cards do not change with them."""

LILEI, WANGFANG, QIANFENG, ZHAOMIN = (PersonId(name) for name in ("p-lilei", "p-wangfang", "p-qianfeng", "p-zhaomin"))
NAMES = {LILEI: "李雷", WANGFANG: "王芳", QIANFENG: "钱峰", ZHAOMIN: "赵敏"}
AT = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)
UNTIL = datetime(2026, 11, 24, 6, 3, 20, tzinfo=UTC)


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


CROP = Picture("crop:i1:total", png(), Message("The invoice"))
PAGE = Picture("page:i1", png(), Message("The invoice"))
FILES = {CROP.key: "F0000000CROP", PAGE.key: "F0000000PAGE"}


def field(value: str, *sources: Source, state: FieldState = FieldState.VERIFIED) -> Field:
    return Field(value, state, tuple(Candidate(value, source) for source in sources))


def read_as(value: str, before: str | None) -> Field:
    candidates = (Candidate(before, Source.RAPIDOCR),) if before else ()
    return Field(value, FieldState.ENTERED, candidates, entered_by=LILEI, read_value=before)


READING = ReadInvoice(
    page=1,
    kind=Kind.DIGITAL_ORDINARY,
    fields={
        FieldName.NUMBER: field("26112000000012345678", Source.QR, Source.RAPIDOCR),
        FieldName.DATE: field("2026-08-14", Source.QR, Source.RAPIDOCR),
        FieldName.BUYER_NAME: field("晨星科技（北京）有限公司", Source.RAPIDOCR),
        FieldName.BUYER_TAX_ID: field("91110108MA01ABCD5X", Source.RAPIDOCR),
        FieldName.SELLER_NAME: field("云帆文具", Source.RAPIDOCR, state=FieldState.READ),
        FieldName.AMOUNT_EX_TAX: field("448.87", Source.RAPIDOCR, state=FieldState.READ),
        FieldName.TAX: field("26.93", Source.RAPIDOCR, Source.TESSERACT),
        FieldName.TOTAL: field("475.80", Source.QR, Source.RAPIDOCR),
        FieldName.TOTAL_CN: field("肆佰柒拾伍圆捌角", Source.RAPIDOCR),
    },
    lines=(ItemLine("*文具*打印纸", "448.87", "6%", "26.93"),),
)
INVOICE = Invoice(InvoiceId("i1"), DocumentId("d1"), LILEI, READING, category="office", purpose="季度打印耗材")
OLD = Finding(
    "D2",
    Severity.WARN,
    Message("Older than 90 days (policy 3.2); you can submit it"),
    {"date": "2026-08-14", "age": "102", "limit": "90"},
)
WEEKEND = Finding("C3", Severity.NOTE, Message("Issued on a weekend"))
STOP = Finding("B1", Severity.BLOCK, Message("The bill-to is none of our companies"))
MANAGER = Step("s1", Message("Manager"), (WANGFANG,), StepRule.ANY, Message("over {limit}", limit=Money(Decimal(200))))
FINANCE = Step("s2", Message("Finance review"), (QIANFENG, ZHAOMIN), StepRule.ANY, Message("every claim ends there"))
PLAN = Plan((MANAGER, FINANCE))
BY_POLICY = Plan((), Message("small and clean"))
TASK = OATask("t1", "s1", "Manager", WANGFANG, TaskStatus.PENDING)
CLAIM = Claim(
    id=ClaimId("c1"),
    reference="CL-2026-0213",
    submitter=LILEI,
    beneficiary=LILEI,
    payee=LILEI,
    paying_entity="e1",
    means=Means.OWN_MONEY,
    lines=(ClaimLine(INVOICE.id, Money(Decimal("475.80")), Money(Decimal("475.80"))),),
    plan=PLAN,
    policy_version="1",
    submitted_at=AT,
    state=ClaimState.PENDING,
    purpose="季度打印耗材",
    category="office",
    tasks=(TASK,),
)
DECISION = Decision(
    DecisionId("x1"), CLAIM.id, 1, TASK.id, "s1", WANGFANG, Verdict.APPROVE, AT, UNTIL, state=DecisionState.SENT
)
RETURNED = replace(DECISION, verdict=Verdict.RETURN, reason_code="wrong_title", words="抬头写成了分公司，\n请换开。")

DRAFT = InvoiceView(
    INVOICE, (OLD,), 11, "晨星科技（北京）有限公司", PLAN, names=NAMES, category_name=Message("Office supplies")
)
SENT = replace(DRAFT, invoice=replace(INVOICE, state=InvoiceState.CLAIMED, claim_id=CLAIM.id), claim=CLAIM)
APPROVAL = ApprovalView(
    CLAIM,
    TASK.id,
    Message("Manager"),
    Message("Finance review"),
    (SENT.invoice,),
    (OLD,),
    NAMES,
    Message("Office supplies"),
    PAGE,
    link="https://oa.example.com/c1",
)


def with_fields(invoice: Invoice, **fields: Field) -> Invoice:
    changed = {FieldName[name.upper()]: value for name, value in fields.items()}
    return replace(invoice, reading=replace(invoice.reading, fields={**invoice.reading.fields, **changed}))


def unsure(invoice: Invoice) -> Invoice:
    return with_fields(invoice, total=field("475.80", Source.RAPIDOCR, state=FieldState.READ))


def claim(state: ClaimState, **changes: object) -> Claim:
    return replace(CLAIM, state=state, **changes)  # type: ignore[arg-type]


def sent(state: ClaimState, **changes: object) -> InvoiceView:
    return replace(SENT, claim=claim(state, tasks=()), **changes)  # type: ignore[arg-type]


def done(status: TaskStatus) -> tuple[OATask, ...]:
    return (replace(TASK, status=status, at=AT, comment="同意，下不为例"),)


EVIL = "<!channel> *大促* <@U0WANGFANG> [x](http://evil.example) :tada: `a` &amp; \u202e08.574\u202c " + "超长" * 1500
RTL = "شركة القلم"
HOSTILE = replace(
    with_fields(
        INVOICE,
        seller_name=field(EVIL, Source.RAPIDOCR, state=FieldState.READ),
        buyer_name=field(RTL, Source.RAPIDOCR),
        number=field("9" * 3000, Source.RAPIDOCR),
    ),
    purpose=EVIL,
)


def a_file(name: str, *states: InvoiceState, state: DocumentState = DocumentState.READ, **changes: object) -> Found:
    """A file of a batch; its invoices stand as given, page after page."""
    document = Document(DocumentId(f"d-{name}"), LILEI, name, "F1", "D1/1", AT, state, **changes)  # type: ignore[arg-type]
    invoices = tuple(
        replace(
            INVOICE,
            id=InvoiceId(f"{name}-{page}"),
            state=each,
            reading=replace(INVOICE.reading, page=page),
            claim_id=CLAIM.id if each is InvoiceState.CLAIMED else None,
        )
        for page, each in enumerate(states, 1)
    )
    twin = Message("The same invoice as {file}; kept as another original of it.", file="云帆.pdf")
    return Found(document, invoices, {}, dict.fromkeys([document.id, *(each.id for each in invoices)], twin))


def a_batch(*found: Found, **changes: object) -> Reconciliation:
    return reconcile(Batch(BatchId("D0LILEI/1700000000.000100"), LILEI, **changes), found)  # type: ignore[arg-type]


def a_batch_view(done: Reconciliation, *claims: Claim) -> BatchView:
    return BatchView(done, done.not_ready, claims)


LOCKED = {
    "state": DocumentState.UNREADABLE,
    "problem": Message("This PDF has a password. Please send it without one."),
    "problem_code": "E-PDF-LOCKED",
}
READY = [a_file(f"发票{number}.pdf", InvoiceState.DRAFT) for number in range(1, 9)]
ASKING = Found(READY[0].document, (replace(READY[0].invoices[0], reading=unsure(INVOICE).reading),))
STOPPED = replace(a_file("抬头.pdf", InvoiceState.DRAFT), findings={InvoiceId("抬头.pdf-1"): (STOP,)})
TWIN = a_file("0012.pdf", InvoiceState.DUPLICATE)
PAGES = a_file("三张.pdf", InvoiceState.DRAFT, InvoiceState.DUPLICATE, InvoiceState.ATTACHMENT)
PARTLY = a_file(
    "十一月.zip",
    InvoiceState.DRAFT,
    InvoiceState.DUPLICATE,
    problems=(Problem("旧/0012.pdf", LOCKED["problem"], "E-PDF-LOCKED"),),  # type: ignore[arg-type]
)
PARTLY = replace(
    PARTLY,
    invoices=[replace(each, reading=replace(each.reading, part="dzfp_云帆.xml")) for each in PARTLY.invoices],
)
MIXED = a_batch(
    ASKING,
    *READY[1:],
    TWIN,
    a_file("再发.pdf", same_as=DocumentId("d1")),
    PAGES,
    STOPPED,
    a_file("0013.pdf", **LOCKED),  # type: ignore[arg-type]
)

ROW, DRAFT_ROW, UNSURE_ROW = Row(CLAIM, (SENT.invoice,)), Row(None, (INVOICE,)), Row(None, (unsure(INVOICE),))
MANY_ROW = Row(replace(CLAIM, reference="CL-2026-0214"), (SENT.invoice,) * 3)
BACK_ROW = Row(claim(ClaimState.RETURNED, reference="CL-2026-0187", tasks=()), (INVOICE,))
OVER_ROW = Row(claim(ClaimState.APPROVED, reference="CL-2026-0101", tasks=()), (SENT.invoice,))
HOSTILE_ROW = Row(replace(CLAIM, purpose=EVIL), (HOSTILE,))
STATUS = StatusView(ROW, (), NAMES, Message("Office supplies"), {"wrong_title": Message("wrong bill-to")})
AGAIN = claim(
    ClaimState.PENDING,
    round=2,
    resume_at="s2",
    submitted_at=UNTIL,
    tasks=(
        replace(TASK, id="t8", node_id="s2", assignee=QIANFENG),
        replace(TASK, id="t9", node_id="s2", assignee=ZHAOMIN),
    ),
)
IN_OA = claim(
    ClaimState.PENDING, tasks=(*done(TaskStatus.APPROVED), replace(TASK, id="t2", node_id="s2", assignee=ZHAOMIN))
)
LIST = ListView(LILEI, "mine", None, (DRAFT_ROW, UNSURE_ROW, ROW, MANY_ROW, BACK_ROW, OVER_ROW), 6, 1, 1, NAMES)
PRACTISED = replace(INVOICE, practice=True)

VIEWS: dict[str, View] = {
    "status-waiting": STATUS,
    "status-undo": replace(STATUS, decisions=(replace(DECISION, state=DecisionState.WAITING),)),
    "status-again": replace(
        STATUS,
        row=Row(AGAIN, (SENT.invoice,)),
        decisions=(replace(DECISION, at=AT), replace(RETURNED, task_id="t3", by=ZHAOMIN)),
    ),
    "status-in-oa": replace(STATUS, row=Row(IN_OA, (SENT.invoice,) * 2)),
    "status-over": replace(STATUS, row=OVER_ROW, decisions=(DECISION,)),
    "list-mine": LIST,
    "list-middle": replace(LIST, rows=(ROW,) * 8, count=24, page=2, pages=3),
    "list-empty": replace(LIST, rows=(), count=0),
    "list-found": replace(
        LIST, viewer=QIANFENG, line="find 云帆", words="云帆", rows=(ROW, DRAFT_ROW), count=2, everything=False
    ),
    "list-nothing": replace(LIST, line="find 4758", words="4758", rows=(), count=0),
    "help-employee": HelpView(approves=False, finance=False, admin=False),
    "help-everything": HelpView(approves=True, finance=True, admin=True),
    "help-unclear": HelpView(approves=True, finance=False, admin=False, unclear="超标三"),
    "hostile-status": replace(
        STATUS, row=HOSTILE_ROW, names={LILEI: EVIL, WANGFANG: RTL}, decisions=(replace(RETURNED, words=EVIL),) * 30
    ),
    "hostile-list": replace(
        LIST, words=EVIL, line=f"find {EVIL[:100]}", rows=(HOSTILE_ROW, Row(None, (HOSTILE,))), page=2, pages=3
    ),
    "hostile-help": HelpView(approves=False, finance=False, admin=False, unclear=EVIL),
    "batch-reading": a_batch_view(a_batch(*READY[:3], a_file("x.jpg", state=DocumentState.RECEIVED))),
    "batch-mixed": a_batch_view(MIXED),
    "batch-ready": a_batch_view(a_batch(*READY, left_out=("发票31.pdf", "发票32.pdf"))),
    "batch-opened": a_batch_view(a_batch(*READY, opened=True)),
    "batch-one": a_batch_view(a_batch(READY[0], TWIN)),
    "batch-archive": a_batch_view(a_batch(PARTLY)),
    "batch-claimed": a_batch_view(
        a_batch(a_file("a.pdf", InvoiceState.CLAIMED), a_file("b.pdf", InvoiceState.CLAIMED)), CLAIM
    ),
    "batch-more": MoreOfBatch(MIXED.not_ready),
    "claim-of-several": replace(SENT, claim=replace(CLAIM, lines=CLAIM.lines * 3)),
    "document-again": DocumentView(
        DocumentId("d1"),
        "0012.pdf",
        said=Message(
            "You sent this file before, on {time}. {where}", time=AT, where=Message("Its draft still waits for you.")
        ),
    ),
    "hostile-batch": a_batch_view(
        a_batch(
            *(a_file(EVIL + str(each), **LOCKED) for each in range(30)),  # type: ignore[arg-type]
            a_file(EVIL, problems=(Problem(EVIL, Message("{name}", name=EVIL), "E-TYPE"),) * 10),
        )
    ),
    "document-reading": DocumentView(DocumentId("d1"), "IMG_2041.jpg"),
    "document-locked": DocumentView(
        DocumentId("d1"), "0012.pdf", Message("This PDF has a password. Please send it without one."), "E-PDF-LOCKED"
    ),
    "meeting": MeetingView(),
    "sampled": SampledView(replace(CLAIM, plan=BY_POLICY), "李雷", Message("Office supplies")),
    "draft-not-at-once": replace(DRAFT, plan=replace(PLAN, reason=Message("over {limit}", limit=Money(Decimal(200))))),
    "document-practice": DocumentView(DocumentId("d1"), "practice.pdf", practice=True),
    "draft-practice": replace(DRAFT, invoice=PRACTISED, plan=Plan(())),
    "practice-waiting": replace(DRAFT, invoice=replace(PRACTISED, state=InvoiceState.CLAIMED), plan=None),
    "practice-approved": replace(DRAFT, invoice=replace(PRACTISED, state=InvoiceState.SETTLED), plan=None),
    "draft-ready": DRAFT,
    "draft-question": replace(
        DRAFT,
        invoice=with_fields(unsure(INVOICE), date=field("2026-08-14", Source.RAPIDOCR, state=FieldState.READ)),
        questions=(
            Question(FieldName.DATE, "2026-08-14", Message("One reader saw this; nothing else confirms it."), None),
            Question(FieldName.TOTAL, "475.80", Message("Two readers disagree"), CROP),
        ),
        unsure=3,
    ),
    "draft-question-missing": replace(
        DRAFT,
        invoice=with_fields(INVOICE, date=MISSING),
        questions=(Question(FieldName.DATE, None, None, None),),
        unsure=1,
    ),
    "draft-blocked": replace(DRAFT, findings=(WEEKEND, STOP, OLD), plan=None),
    "draft-entered-by-policy": replace(
        DRAFT,
        invoice=with_fields(INVOICE, total=read_as("128.50", "12.00")),
        findings=(),
        plan=BY_POLICY,
        category_name=None,
    ),
    "draft-no-route": replace(
        DRAFT, plan=None, notice=Message("Nobody above you may decide this. Ask an administrator.")
    ),
    "draft-sent-back": replace(
        DRAFT,
        invoice=replace(INVOICE, claim_id=CLAIM.id),
        claim=claim(ClaimState.RETURNED),
        outcome=Message("Sent back by {name}: {reason}", name="王芳", reason="抬头写成了分公司"),
    ),
    "draft-taxi": replace(
        DRAFT,
        invoice=replace(
            INVOICE,
            purpose="",
            reading=ReadInvoice(
                1,
                Kind.TAXI,
                {
                    FieldName.CODE: field("144032200411", Source.RAPIDOCR, Source.TESSERACT),
                    FieldName.NUMBER: field("04875996", Source.RAPIDOCR, Source.TESSERACT),
                    FieldName.DATE: field("2026-11-03", Source.RAPIDOCR, Source.TESSERACT),
                    FieldName.TOTAL: field("38.00", Source.RAPIDOCR, Source.TESSERACT),
                },
            ),
        ),
        findings=(WEEKEND,),
        passed=1,
    ),
    "discarded": replace(DRAFT, invoice=replace(INVOICE, state=InvoiceState.DISCARDED), plan=None),
    "claim-saved": sent(ClaimState.SUBMITTED),
    "claim-waiting": SENT,
    "claim-withdrawing": sent(ClaimState.WITHDRAWING),
    "claim-approved": sent(ClaimState.APPROVED, history=(DECISION,)),
    "claim-by-policy": replace(SENT, claim=claim(ClaimState.APPROVED, plan=BY_POLICY, tasks=())),
    "claim-rejected": sent(ClaimState.REJECTED, history=(replace(RETURNED, verdict=Verdict.REJECT),)),
    "claim-unclear": sent(ClaimState.NEEDS_REVIEW),
    "approval-open": APPROVAL,
    "approval-clean-last": replace(APPROVAL, findings=(), next_step=None, picture=None, link=None),
    "approval-entered": replace(
        APPROVAL,
        invoices=(
            with_fields(
                SENT.invoice,
                total=read_as("1200.00", "12.00"),
                date=read_as("2026-08-14", None),
                tax=read_as("26.93", "26.93"),
            ),
        ),
        claim=replace(CLAIM, beneficiary=ZHAOMIN),
    ),
    "approval-many": replace(APPROVAL, invoices=(SENT.invoice,) * 8, findings=(WEEKEND,) * 6 + (OLD,)),
    "approval-no-picture": replace(APPROVAL, picture=replace(PAGE, key="page:refused")),
    "approval-undo": replace(APPROVAL, decision=replace(DECISION, state=DecisionState.WAITING), undo_until=UNTIL),
    "approval-colleague": replace(APPROVAL, decision=replace(DECISION, state=DecisionState.WAITING)),
    "approval-approved": replace(APPROVAL, decision=DECISION),
    "approval-returned": replace(APPROVAL, decision=RETURNED, reason=Message("wrong bill-to")),
    "approval-refused": replace(APPROVAL, decision=replace(DECISION, state=DecisionState.REFUSED)),
    "approval-in-oa": replace(APPROVAL, claim=replace(CLAIM, tasks=done(TaskStatus.APPROVED))),
    "approval-withdrawing": replace(APPROVAL, claim=claim(ClaimState.WITHDRAWING)),
    "approval-withdrawn": replace(APPROVAL, claim=claim(ClaimState.WITHDRAWN, tasks=done(TaskStatus.CANCELLED))),
    "notice": NoticeView(Message("Sent back by {name}: {reason}", name="王芳", reason="<!channel> *x*")),
    "hostile-draft": replace(
        DRAFT, invoice=HOSTILE, questions=(Question(FieldName.NUMBER, "9" * 3000, None, CROP),), unsure=1
    ),
    "hostile-approval": replace(
        APPROVAL,
        invoices=(replace(HOSTILE, state=InvoiceState.CLAIMED),) * 3,
        claim=replace(CLAIM, purpose=EVIL),
        names={LILEI: EVIL, WANGFANG: RTL},
    ),
    "hostile-stamp": replace(APPROVAL, decision=replace(RETURNED, words=EVIL), names={LILEI: EVIL, WANGFANG: EVIL}),
    "hostile-file": DocumentView(DocumentId("d1"), EVIL),
}

CATEGORIES = (("office", Message("Office supplies")), ("travel", Message("Travel")))
REASONS = (("wrong_title", Message("wrong bill-to")), ("other", Message("something else")))
TOGETHER = TogetherForm(
    "D0LILEI/1700000000.000100|0123456789abcdef",
    (INVOICE, unsure(INVOICE)),
    (Message("{file}: {reason}", file="IMG_2041.jpg", reason=Message("The bill-to is none of our companies")),),
    Money(Decimal("951.60")),
    PLAN,
    NAMES,
    purpose="季度打印耗材",
    warnings=1,
)
FORMS: dict[str, Form] = {
    "edit": EditForm(with_fields(INVOICE, tax=read_as("26.93", "2.93"), date=MISSING), CATEGORIES, FieldName.DATE),
    "reason-return": ReasonForm(CLAIM, "c1|t1|1", "return", REASONS),
    "reason-reject": ReasonForm(CLAIM, "c1|t1|1", "reject", REASONS),
    "details": DetailsForm(
        replace(
            APPROVAL,
            findings=(WEEKEND, OLD),
            invoices=(with_fields(SENT.invoice, tax=read_as("26.93", "2.93"), date=MISSING),),
            claim=replace(
                CLAIM, tasks=(*done(TaskStatus.APPROVED), replace(TASK, id="t2", node_name="", assignee=QIANFENG))
            ),
        )
    ),
    "status": StatusForm(STATUS),
    "hostile-status": StatusForm(
        replace(STATUS, row=HOSTILE_ROW, names={LILEI: EVIL}, decisions=(replace(RETURNED, words=EVIL),) * 30)
    ),
    "hostile-edit": EditForm(HOSTILE, CATEGORIES),
    "together": TOGETHER,
    "together-nothing": replace(
        TOGETHER, invoices=(), total=None, plan=None, notice=Message("None of these can be submitted yet.")
    ),
    "hostile-together": replace(
        TOGETHER,
        invoices=(HOSTILE,) * 60,
        left_out=(Message("{file}: {reason}", file=EVIL, reason=EVIL),) * 60,
        names={WANGFANG: EVIL, QIANFENG: RTL, ZHAOMIN: EVIL},
        purpose=EVIL[:200],
    ),
}
HUGE = DetailsForm(
    replace(APPROVAL, claim=replace(CLAIM, purpose=EVIL), invoices=(HOSTILE,) * 40, findings=(OLD,) * 200)
)
"""More than fits a modal; too long for a golden file."""

NOTHING = Part((), 0)
HOMES: dict[str, HomeView | NoticeView] = {
    "empty": HomeView(AT, (), 0, NOTHING, NOTHING, NOTHING, None, NOTHING, NAMES),
    "employee": HomeView(
        AT,
        (),
        0,
        Part((BACK_ROW, DRAFT_ROW, UNSURE_ROW), 9),
        Part((ROW, MANY_ROW), 2),
        Part((OVER_ROW,), 1),
        None,
        NOTHING,
        NAMES,
    ),
    "approver": HomeView(
        AT, (ToDecide(ROW, "t1"), ToDecide(MANY_ROW, "t1")), 3, NOTHING, NOTHING, NOTHING, None, NOTHING, NAMES
    ),
    "finance": HomeView(
        AT,
        (ToDecide(ROW, "t1"),),
        1,
        NOTHING,
        NOTHING,
        NOTHING,
        (
            Stage(Message("Manager"), 3, (Money(Decimal("1427.40")),), AT),
            Stage(Message("Finance review"), 2, (Money(Decimal("951.60")), Money(Decimal(120), "USD")), UNTIL),
        ),
        Part((ROW, MANY_ROW), 5),
        NAMES,
    ),
    "hostile": HomeView(
        AT,
        (ToDecide(HOSTILE_ROW, "t1"),) * 8,
        80,
        Part((HOSTILE_ROW, Row(None, (HOSTILE,))) * 4, 80),
        Part((HOSTILE_ROW,) * 8, 80),
        Part((HOSTILE_ROW,) * 5, 80),
        (Stage(Message("{name}: {problem}", name=EVIL, problem=RTL), 1, (Money(Decimal(1)),), AT),),
        Part((HOSTILE_ROW,) * 8, 80),
        {LILEI: EVIL, WANGFANG: RTL},
    ),
    "refused": NoticeView(Message("{name}: {problem}", name="<!here>", problem="*x*")),
}
