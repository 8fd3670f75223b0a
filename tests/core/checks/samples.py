"""One sound invoice, and how a test changes it."""

from collections.abc import Callable
from datetime import date

from core.checks import CHECKS, CheckFacts
from core.checks.facts import Answer
from core.directory import Entity
from core.invoice import MISSING, Candidate, Field, FieldName, FieldState, Finding, ItemLine, Kind, ReadInvoice, Source
from core.messages import Message
from core.policy import Policy

OURS = (
    Entity("beijing", "晨星科技（北京）有限公司", "91110108MAJTF2GC56"),
    Entity("shanghai", "晨星科技（上海）有限公司", "91310115MA8KPAP7XC"),
)
POLICY = Policy(version="test", categories=(), reasons={})
PERSON_ID = "11010519491231002X"
"""The example in the standard's own text (GB 11643); nobody's."""

SOUND = {
    "number": "26112000000012345678",
    "date": "2026-11-02",
    "buyer_name": OURS[0].name,
    "buyer_tax_id": OURS[0].tax_id,
    "seller_name": "北京松间小馆餐饮管理有限公司",
    "seller_tax_id": "91110108MAEGLTEG01",
    "amount_ex_tax": "448.87",
    "tax": "26.93",
    "total": "475.80",
    "total_cn": "肆佰柒拾伍圆捌角整",
}
OLD = {"code": "033002000211", "number": "83089647", "date": "2020-07-23"}
"""What makes it an 电子普票 of Zhejiang."""

BLANK = "blank"
"""The value of a field that the invoice does not have: left out of what was read."""


def a_field(text: str | None, state: FieldState, source: Source) -> Field:
    if text is None:
        return MISSING
    return Field(text, state, (Candidate(text, source),))


def facts(
    *,
    kind: Kind = Kind.DIGITAL_ORDINARY,
    lines: tuple[ItemLine, ...] = (),
    today: date = date(2026, 11, 24),
    original: bool = True,
    unsure: tuple[str, ...] = (),
    entities: tuple[Entity, ...] = OURS,
    paying_entity: str | None = "beijing",
    seen_elsewhere: str | None = None,
    findings: tuple[Finding, ...] = (),
    **values: str | None,
) -> CheckFacts:
    """The sound invoice with other values. `unsure` fields were read by one camera reader and confirmed by nobody."""
    fields = {
        FieldName(name): a_field(text, FieldState.READ, Source.RAPIDOCR)
        if name in unsure
        else a_field(text, FieldState.VERIFIED, Source.PDF_TEXT)
        for name, text in (SOUND | values).items()
        if text != BLANK
    }
    return CheckFacts(
        reading=ReadInvoice(page=1, kind=kind, fields=fields, lines=lines, findings=findings),
        entities=entities,
        paying_entity=paying_entity,
        today=today,
        original=original,
        seen_elsewhere=seen_elsewhere,
    )


def outcome(check: Callable[[CheckFacts, Policy], Finding | Answer], given: CheckFacts) -> str:
    """ "passed", "skipped", or the finding's code and severity ("A1 block")."""
    assert check in CHECKS
    answer = check(given, POLICY)
    if isinstance(answer, Finding):
        assert isinstance(answer.message, Message)
        assert answer.message.text.format(**answer.message.values)
        return f"{answer.code} {answer.severity}"
    return answer.value
