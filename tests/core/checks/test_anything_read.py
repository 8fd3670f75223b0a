"""Whatever a reader gives in canonical form, the checks answer; they never fail."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.checks import CHECKS, run_checks
from core.invoice import MISSING, Candidate, Field, FieldName, FieldState, ItemLine, Kind, ReadInvoice, Source
from tests.core.checks.samples import OURS, PERSON_ID, POLICY, facts

ids = st.sampled_from(["", PERSON_ID, "9111010８MAJTF2GC56", "x" * 18]) | st.text(
    "0123456789ABCDEFGHX零٣²", min_size=1, max_size=21
)
money = st.sampled_from(["0.00", "448.87", "-448.87", "99999999999999999.99"]) | st.decimals(
    -(10**18), 10**18, places=2
).map(str)
no_money = st.none() | st.sampled_from(["abc", "NaN", "-Infinity", "1e400"])
rates = st.none() | st.sampled_from(
    ["13%", "6 %", "免税", "***", "%", "9.5%", "-3%", "٣%", "1e3%", "100000000000000000000%"]
)
VALUES = {
    FieldName.DATE: st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat),
    FieldName.AMOUNT_EX_TAX: money,
    FieldName.TAX: money,
    FieldName.TOTAL: money,
    FieldName.TOTAL_CN: st.text("零壹贰叁拾佰仟万亿元圆角分整负数（）⊗x", max_size=12),
    FieldName.BUYER_NAME: st.text(max_size=12) | st.sampled_from([OURS[0].name, "个人", "张三（个人）"]),
    FieldName.SELLER_NAME: st.text(max_size=12),
}
lines = st.builds(ItemLine, st.text(max_size=5), no_money | money, rates, no_money | money)


@st.composite
def readings(draw):
    fields = {}
    for name in draw(st.sets(st.sampled_from(list(FieldName)))):
        value = draw(st.none() | VALUES.get(name, ids))
        seen = (Candidate(value, draw(st.sampled_from(list(Source)))),) if value is not None else ()
        state = draw(st.sampled_from([FieldState.VERIFIED, FieldState.READ, FieldState.ENTERED]))
        fields[name] = Field(value, state, seen) if value is not None else MISSING
    return ReadInvoice(1, draw(st.sampled_from(list(Kind))), fields, tuple(draw(st.lists(lines, max_size=3))))


@given(readings(), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.booleans())
def test_every_check_answers(reading, today, original):
    given = facts(today=today, original=original)
    given = given.__class__(**{**vars(given), "reading": reading})
    result = run_checks(given, POLICY)
    assert 0 <= result.passed <= len(CHECKS) - len(result.findings)
    for finding in result.findings:
        assert finding.message.text.format(**finding.message.values)
        assert all(isinstance(shown, str) for shown in finding.evidence.values())
