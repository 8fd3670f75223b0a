"""One test a rule, and for each rule what it must not prove."""

from decimal import Decimal

import pytest

from core.invoice import Candidate, FieldName, FieldState, Kind, Severity, Source
from core.messages import Message
from core.reading.elsewhere.table import Closing as Sum
from core.reading.evidence import Evidence, doubtful, weigh
from core.reading.numerals import capitals_of
from core.reading.qr_payload import crc16_buypass, payload_of
from sandbox.papers import Paper, invent

N, D, C = FieldName.NUMBER, FieldName.DATE, FieldName.CODE
NET, TAX, TOTAL, WORDS = FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL, FieldName.TOTAL_CN
BUYER, SELLER, BUYER_NAME = FieldName.BUYER_TAX_ID, FieldName.SELLER_TAX_ID, FieldName.BUYER_NAME
READ, VERIFIED, MISSING = FieldState.READ, FieldState.VERIFIED, FieldState.MISSING

PAPER = invent(1, "digital_special")


def ocr(value: str, confidence: float = 0.99) -> tuple[Candidate, ...]:
    return (Candidate(value, Source.RAPIDOCR, confidence),)


def tesseract(value: str) -> tuple[Candidate, ...]:
    return (Candidate(value, Source.TESSERACT, 0.8),)


def exact(value: str) -> tuple[Candidate, ...]:
    return (Candidate(value, Source.PDF_TEXT),)


def evidence(*, qr: str | None = None, kind: Kind = Kind.DIGITAL_SPECIAL, **seen: tuple[Candidate, ...]) -> Evidence:
    return Evidence(kind, {FieldName(name): found for name, found in seen.items()}, payload_of(qr) if qr else None)


def printed(paper: Paper, how, **changes: tuple[Candidate, ...]) -> Evidence:
    """All of a paper's face as one reader sees it, with some fields as another reader does."""
    face = {name: how(value) for name in FieldName if (value := paper.labels()[name.value])}
    return Evidence(
        Kind(paper.kind),
        {**face, **{FieldName(name): seen for name, seen in changes.items()}},
        payload_of(paper.qr_text),
    )


def states(given: Evidence) -> dict[FieldName, FieldState]:
    return {name: field.state for name, field in weigh(given)[0].items()}


# structured_original_says_it


@pytest.mark.parametrize("source", [Source.XML, Source.OFD])
def test_a_structured_original_verifies_what_it_names(source):
    given = evidence(number=(Candidate("24112000000000000001", source),), seller_tax_id=(Candidate("1", source),))
    assert states(given)[N] is states(given)[SELLER] is VERIFIED
    assert states(given)[D] is MISSING


def test_a_structured_original_does_not_verify_what_others_read():
    given = evidence(number=(Candidate("24112000000000000001", Source.XML),), date=exact("2024-06-02"))
    assert states(given)[D] is READ


# qr_checksum_closes


def test_a_qr_code_whose_checksum_closes_verifies_its_fields_alone():
    given = evidence(qr=PAPER.qr_text)
    assert {name for name, state in states(given).items() if state is VERIFIED} == {N, D, TOTAL}


def test_a_qr_code_without_a_checksum_verifies_nothing_alone():
    given = evidence(qr="01,31,,24112000000000000001,57.00,20240602,,")
    assert states(given)[N] is READ


def closed(payload: str) -> str:
    return f"{payload}{crc16_buypass(payload.encode()):04X}"


@pytest.mark.parametrize(
    ("type_", "kind", "name"),
    [("01", Kind.VAT_PAPER_SPECIAL, NET), ("04", Kind.VAT_PAPER_ORDINARY, NET), ("10", Kind.VAT_E_ORDINARY, NET),
     ("31", Kind.DIGITAL_SPECIAL, TOTAL), ("32", Kind.DIGITAL_ORDINARY, TOTAL), ("51", Kind.RAIL_ETICKET, TOTAL),
     ("61", Kind.AIR_ITINERARY, TOTAL)],
)  # fmt: skip
def test_the_amount_of_a_code_is_net_or_total_by_its_type(type_, kind, name):
    numbered = ",24112000000000000001" if name is TOTAL else "033002000211,83089647"
    given = evidence(qr=closed(f"01,{type_},{numbered},510.68,20240723,,"), kind=kind)
    assert {known for known, state in states(given).items() if state is VERIFIED and known in (NET, TOTAL)} == {name}


@pytest.mark.parametrize("type_", ["03", "08", "11", "14", "15", "83", "85"])
@pytest.mark.parametrize("name", [NET, TOTAL])
def test_an_amount_whose_meaning_nobody_has_seen_confirms_what_is_printed_and_nothing_else(type_, name):
    qr = closed(f"01,{type_},033002000211,83089647,510.68,20200723,,")
    other = TOTAL if name is NET else NET
    given = evidence(qr=qr, kind=Kind.VAT_E_TOLL, **{name.value: ocr("510.68"), other.value: ocr("526.00")})
    fields, findings = weigh(given)
    assert (fields[name].state, fields[other].state, fields[N].state) == (VERIFIED, READ, VERIFIED)
    assert (fields[other].value, findings) == ("526.00", ())
    alone, accused = weigh(evidence(qr=qr, kind=Kind.VAT_E_TOLL, **{name.value: exact("526.00")}))
    assert (alone[name].state, alone[name].value, accused) == (READ, "526.00", ())


# qr_equals_print


def test_qr_code_and_print_that_agree_verify_each_other():
    given = evidence(qr="01,31,,24112000000000000001,57.00,20240602,,", number=ocr("24112000000000000001"))
    assert states(given)[N] is VERIFIED
    assert states(given)[D] is READ


# text_layer_equals_its_qr


def test_a_text_layer_that_equals_its_qr_code_is_verified_wholly():
    fields, findings = weigh(printed(PAPER, exact))
    assert {field.state for field in fields.values()} == {VERIFIED}
    assert findings == ()


@pytest.mark.parametrize("name", [N, D, TOTAL])
def test_a_text_layer_that_lacks_one_of_the_three_proves_no_names(name):
    given = printed(PAPER, exact)
    given = Evidence(given.kind, {field: seen for field, seen in given.seen.items() if field is not name}, given.qr)
    assert states(given)[BUYER_NAME] is READ


def test_an_edited_text_layer_is_found_and_proves_no_names():
    fields, findings = weigh(printed(PAPER, exact, total=exact("9999.00")))
    assert fields[TOTAL].state is READ
    assert fields[TOTAL].value == f"{PAPER.total:.2f}"
    assert fields[BUYER_NAME].state is READ
    assert [(found.code, found.severity) for found in findings] == [("Q3", Severity.BLOCK)]


# two_engines_agree


def test_two_engines_that_agree_verify():
    given = evidence(number=ocr("24112000000000000001") + tesseract("24112000000000000001"))
    assert states(given)[N] is VERIFIED


def test_one_engine_twice_is_one_source():
    given = evidence(number=ocr("24112000000000000001") + ocr("24112000000000000001"))
    assert states(given)[N] is READ


def test_two_engines_that_differ_prove_nothing():
    given = evidence(number=ocr("24112000000000000001") + tesseract("24112000000000000007"))
    fields, _ = weigh(given)
    assert fields[N].state is READ
    assert fields[N].reason is not None
    assert fields[N].reason.text.startswith("Two readings differ")


def test_two_engines_shown_the_wrong_figure_do_not_make_it_a_net():
    given = evidence(amount_ex_tax=ocr("1067.20") + tesseract("1067.20"), total=ocr("1067.20"))
    assert states(given)[NET] is READ


def test_where_no_sum_is_printed_two_engines_verify_the_fare():
    given = evidence(kind=Kind.RAIL_ETICKET, total=ocr("48.00") + tesseract("48.00"))
    assert states(given)[TOTAL] is VERIFIED


def test_two_engines_verify_the_sums_of_a_vehicle_only_when_they_add_up():
    seen = {"amount_ex_tax": ocr("100.00") + tesseract("100.00"), "tax": ocr("13.00") + tesseract("13.00")}
    torn = evidence(kind=Kind.MOTOR_VEHICLE, **seen, total=ocr("118.00") + tesseract("118.00"))
    assert {states(torn)[name] for name in (NET, TAX, TOTAL)} == {READ}
    whole = evidence(kind=Kind.MOTOR_VEHICLE, **seen, total=ocr("113.00") + tesseract("113.00"))
    assert {states(whole)[name] for name in (NET, TAX, TOTAL)} == {VERIFIED}


# capitals_say_the_total


def test_capitals_that_say_the_total_verify_both():
    given = evidence(total=ocr("475.80"), total_cn=ocr("肆佰柒拾伍圆捌角"))
    assert states(given)[TOTAL] is states(given)[WORDS] is VERIFIED


def test_capitals_that_say_another_total_prove_nothing():
    given = evidence(total=ocr("475.30"), total_cn=ocr("肆佰柒拾伍圆捌角"))
    assert states(given)[TOTAL] is states(given)[WORDS] is READ


def test_of_two_readings_the_one_that_the_capitals_say_is_taken():
    given = evidence(total=ocr("475.30") + tesseract("475.80"), total_cn=ocr("肆佰柒拾伍圆捌角"))
    assert weigh(given)[0][TOTAL].value == "475.80"


# sum_closes_on_what_is_known


def test_a_sum_that_closes_on_a_verified_total_verifies_net_and_tax():
    given = evidence(amount_ex_tax=ocr("100.00"), tax=ocr("6.00"), total=ocr("106.00"), total_cn=ocr("壹佰零陆圆整"))
    assert states(given)[NET] is states(given)[TAX] is VERIFIED


def test_three_readings_of_one_engine_that_fit_each_other_prove_nothing():
    given = evidence(amount_ex_tax=ocr("700.00"), tax=ocr("6.00"), total=ocr("706.00"))
    assert {states(given)[name] for name in (NET, TAX, TOTAL)} == {READ}


def test_a_tax_of_zero_makes_net_and_total_one_figure_and_proves_nothing():
    given = evidence(amount_ex_tax=ocr("475.80"), tax=ocr("0.00"), total=ocr("475.80"))
    assert {states(given)[name] for name in (NET, TAX, TOTAL)} == {READ}


def test_a_verified_net_alone_does_not_carry_tax_and_total():
    qr = "01,01,1100094140,87654321,100.00,20180807,,"
    given = evidence(
        qr=qr, kind=Kind.VAT_PAPER_SPECIAL, amount_ex_tax=ocr("100.00"), tax=ocr("70.00"), total=ocr("170.00")
    )
    assert states(given)[NET] is VERIFIED
    assert states(given)[TAX] is states(given)[TOTAL] is READ


def test_two_verified_figures_carry_the_third():
    given = evidence(
        amount_ex_tax=ocr("100.00") + tesseract("100.00"), tax=ocr("6.00") + tesseract("6.00"), total=ocr("106.00")
    )
    assert states(given)[TOTAL] is VERIFIED


def test_a_sum_never_closes_over_a_figure_the_qr_code_contradicts():
    forged = exact(f"{PAPER.amount_ex_tax + 100:.2f}"), exact(f"{PAPER.total + 100:.2f}")
    words = exact(capitals_of(PAPER.total + 100))
    given = printed(PAPER, exact, amount_ex_tax=forged[0], total=forged[1], total_cn=words)
    assert {states(given)[name] for name in (NET, TAX, TOTAL, WORDS)} == {READ}


# tax_id_holds_together


def test_an_id_that_holds_together_verifies_itself():
    assert states(evidence(seller_tax_id=ocr(PAPER.seller_tax_id)))[SELLER] is VERIFIED


def test_an_id_read_without_confidence_does_not():
    assert states(evidence(seller_tax_id=ocr(PAPER.seller_tax_id, 0.7)))[SELLER] is READ


def test_an_id_with_a_broken_check_digit_says_so():
    broken = PAPER.seller_tax_id[:-1] + ("0" if PAPER.seller_tax_id[-1] != "0" else "1")
    fields, _ = weigh(evidence(seller_tax_id=ocr(broken)))
    assert fields[SELLER].state is READ
    assert fields[SELLER].reason is not None
    assert "check character" in fields[SELLER].reason.text


def test_a_repaired_id_is_proposed_and_never_taken():
    broken = PAPER.seller_tax_id.replace("M", "N", 1)
    assert broken != PAPER.seller_tax_id
    field = weigh(evidence(seller_tax_id=ocr(broken)))[0][SELLER]
    assert (field.value, field.state) == (broken, READ)
    assert field.reason is not None
    assert field.reason.values.get("proposal") in {PAPER.seller_tax_id, None}


def test_one_check_digit_is_enough_for_exact_text_and_not_for_ocr():
    person = "11010519491231002X"
    assert states(evidence(seller_tax_id=exact(person)))[SELLER] is VERIFIED
    assert states(evidence(seller_tax_id=ocr(person)))[SELLER] is READ


def test_two_ids_that_both_hold_together_cancel_each_other():
    other = invent(2, seller=None, category="meals").seller_tax_id
    assert other != PAPER.seller_tax_id
    given = evidence(seller_tax_id=ocr(PAPER.seller_tax_id) + tesseract(other))
    assert states(given)[SELLER] is READ


def test_an_id_without_check_digit_needs_two_engines():
    assert states(evidence(seller_tax_id=ocr("440101732976324")))[SELLER] is READ
    assert states(evidence(seller_tax_id=ocr("440101732976324") + tesseract("440101732976324")))[SELLER] is VERIFIED


# sum_of_a_receipt_closes

CENTS = {NET: "22.64", TAX: "1.36", TOTAL: "24.00"}


def receipt(*closings: Sum, **changes: tuple[Candidate, ...]) -> Evidence:
    seen = {name: ocr(value) for name, value in CENTS.items()} | {
        FieldName(name): found for name, found in changes.items()
    }
    return Evidence(Kind.FOREIGN_INVOICE, seen, closings=closings)


def sum_of(*parts: str, **known: str) -> Sum:
    amounts = tuple(Decimal(part) for part in parts)
    return Sum(Decimal("24.00"), amounts, **{name: Decimal(value) for name, value in known.items()})


def test_a_receipts_sum_verifies_the_total_and_the_parts_it_names():
    seen = states(receipt(sum_of("22.64", "1.36", net="22.64", tax="1.36")))
    assert [seen[name] for name in (NET, TAX, TOTAL)] == [VERIFIED] * 3


def test_what_was_paid_less_the_change_verifies_the_total_and_not_a_tax_beside_it():
    seen = states(receipt(sum_of("50.00", "-26.00"), amount_ex_tax=ocr("22.00")))
    assert [seen[name] for name in (NET, TAX, TOTAL)] == [READ, READ, VERIFIED]


def test_a_sum_of_the_total_alone_proves_nothing():
    assert states(receipt(sum_of("24.00", "0.00")))[TOTAL] is READ


def test_a_sum_proves_nothing_where_the_second_engine_sees_another_total():
    assert states(receipt(sum_of("22.64", "1.36"), total=ocr("24.00") + tesseract("24.80")))[TOTAL] is READ


# air_parts_close_on_the_total


def flown(total: tuple[Candidate, ...], tax: str, *parts: str) -> Evidence:
    amounts = tuple(Decimal(part) for part in (*parts, tax))
    closing = Sum(sum(amounts, Decimal(0)), amounts, tax=Decimal(tax))
    return Evidence(Kind.AIR_ITINERARY, {TOTAL: total, TAX: ocr(tax)}, closings=(closing,))


def test_the_parts_of_an_air_ticket_verify_its_tax_on_a_verified_total():
    given = flown(ocr("1190.00") + tesseract("1190.00"), "94.13", "1000.00", "45.87", "50.00", "0.00")
    assert states(given)[TAX] is states(given)[TOTAL] is VERIFIED


def test_parts_that_do_not_make_the_total_prove_nothing_and_neither_do_two_engines_then():
    given = flown(ocr("1190.00") + tesseract("1190.00"), "94.18", "1000.00", "45.87", "50.00", "0.00")
    assert states(given)[TAX] is READ
    both = Evidence(given.kind, {**given.seen, TAX: ocr("94.18") + tesseract("94.18")}, closings=given.closings)
    assert states(both)[TAX] is READ


def test_the_parts_of_an_air_ticket_do_not_verify_its_total():
    given = flown(ocr("1190.00"), "94.13", "1000.00", "45.87", "50.00", "0.00")
    assert states(given)[TAX] is states(given)[TOTAL] is READ


# text_and_ink_agree


@pytest.mark.parametrize("kind", [Kind.BLOCKCHAIN, Kind.FISCAL, Kind.TOLL_LOCAL_E])
def test_text_that_no_code_repeats_is_verified_by_its_picture(kind):
    assert states(evidence(kind=kind, number=exact("01234567") + tesseract("01234567")))[N] is VERIFIED
    assert states(evidence(kind=kind, number=exact("01234567") + tesseract("01234561")))[N] is READ


def test_a_kind_that_has_a_code_is_not_verified_by_its_picture_instead():
    assert states(evidence(number=exact("24112000000000000001") + tesseract("24112000000000000001")))[N] is READ


def test_text_of_an_invoice_from_elsewhere_is_verified_by_its_picture():
    given = {TOTAL: exact("24.00") + tesseract("24.00")}
    assert states(Evidence(Kind.FOREIGN_INVOICE, given))[TOTAL] is VERIFIED
    assert states(Evidence(Kind.FOREIGN_INVOICE, {TOTAL: exact("24.00") + tesseract("24.80")}))[TOTAL] is READ


def test_text_alone_verifies_nothing():
    assert states(Evidence(Kind.FOREIGN_INVOICE, {TOTAL: exact("24.00")}))[TOTAL] is READ


# two_prints_say_it


def test_what_two_different_prints_say_is_verified():
    currency = FieldName.CURRENCY
    given = Evidence(Kind.FOREIGN_INVOICE, {currency: ocr("MYR")}, confirmed=frozenset({currency}))
    assert states(given)[currency] is VERIFIED
    assert states(Evidence(Kind.FOREIGN_INVOICE, {currency: ocr("MYR")}))[currency] is READ


# doubts


def test_what_the_page_leaves_open_is_verified_by_nobody():
    given = Evidence(
        Kind.FOREIGN_INVOICE,
        {D: ocr("2019-12-11") + tesseract("2019-12-11")},
        doubts={D: Message("Not found on the page.")},
    )
    assert states(given)[D] is READ


# the QR code against the print


@pytest.mark.parametrize(
    ("name", "forged", "code", "severity"),
    [
        (N, "24112000000000000009", "Q1", Severity.BLOCK),
        (D, "2020-01-01", "Q2", Severity.BLOCK),
        (TOTAL, "1.00", "Q3", Severity.BLOCK),
    ],
)
def test_print_that_two_engines_see_otherwise_than_the_qr_code_is_a_finding(name, forged, code, severity):
    fields, findings = weigh(printed(PAPER, ocr, **{name.value: ocr(forged) + tesseract(forged)}))
    assert [(found.code, found.severity) for found in findings] == [(code, severity)]
    assert fields[name].state is READ
    assert fields[name].value == PAPER.labels()[name.value]


def test_the_check_code_only_warns():
    paper = invent(3, "vat_e_ordinary")
    _, findings = weigh(printed(paper, exact, check_code=exact("0" * 20)))
    assert [(found.code, found.severity) for found in findings] == [("Q4", Severity.WARN)]


def test_one_look_that_differs_is_doubtful_but_accuses_nobody():
    given = printed(PAPER, ocr, total=ocr("1.00"))
    fields, findings = weigh(given)
    assert findings == ()
    assert fields[TOTAL].state is VERIFIED  # by the checksum of the QR code
    assert TOTAL in doubtful(given)


def test_a_checksum_of_no_known_kind_is_noted():
    given = evidence(qr="01,31,,24112000000000000001,57.00,20240602,,1234", number=ocr("24112000000000000001"))
    assert [(found.code, found.severity) for found in weigh(given)[1]] == [("Q5", Severity.NOTE)]


# the fields themselves


def test_a_field_that_should_be_there_is_missing_and_a_blank_one_is_left_out():
    given = evidence(number=ocr("24112000000000000001"))
    assert states(given)[BUYER] is MISSING
    assert BUYER not in states(Evidence(given.kind, given.seen, blank=frozenset({BUYER})))


def test_a_crowded_page_proves_nothing():
    given = printed(PAPER, exact)
    fields, findings = weigh(Evidence(given.kind, given.seen, given.qr, crowded=True))
    assert {field.state for field in fields.values()} == {READ}
    assert findings == ()


def test_every_unverified_field_says_why():
    fields, _ = weigh(printed(invent(5, "vat_paper_special"), ocr))
    assert all((field.reason is None) == (field.state is VERIFIED) for field in fields.values())
