"""T1, T1b, T2, B1–B5."""

import pytest

from core.checks import parties
from core.invoice import Finding, Kind
from tests.core.checks.samples import BLANK, OURS, PERSON_ID, POLICY, SOUND, facts, outcome

ANOTHER = "91430100717079385W"
OLD_ID = "110108717079385"
BY_NAME = {"buyer_tax_id": BLANK}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"seller_tax_id": "91430100717079385W"}, "passed"),
        ({"seller_tax_id": "31350000B36902401A"}, "passed"),
        ({"seller_tax_id": "91430100717079385V"}, "T1 block"),
        ({"seller_tax_id": "91430100717079385V", "unsure": ("seller_tax_id",)}, "T1 warn"),
        ({"seller_tax_id": PERSON_ID}, "passed"),
        ({"seller_tax_id": OLD_ID}, "skipped"),
        ({"seller_tax_id": None}, "skipped"),
    ],
)
def test_t1_check_character(given, expected):
    assert outcome(parties.seller_id_closes, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "passed"), ({"seller_tax_id": PERSON_ID}, "T1b note"), ({"seller_tax_id": None}, "skipped")],
)
def test_t1b_private_seller(given, expected):
    assert outcome(parties.seller_is_a_company, facts(**given)) == expected


def test_t1b_does_not_show_the_persons_id():
    found = parties.seller_is_a_company(facts(seller_tax_id=PERSON_ID), POLICY)
    assert isinstance(found, Finding)
    assert found.evidence == {"seller_tax_id": "110***********002X"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"seller_tax_id": OLD_ID, "date": "2018-12-31"}, "passed"),
        ({"seller_tax_id": OLD_ID, "date": "2019-01-01"}, "T2 warn"),
        ({"seller_tax_id": OLD_ID, "date": None}, "skipped"),
        ({"seller_tax_id": OLD_ID, "kind": Kind.TAXI}, "skipped"),
    ],
)
def test_t2_old_ids(given, expected):
    assert outcome(parties.seller_id_is_of_its_time, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"buyer_tax_id": OURS[1].tax_id}, "passed"),
        ({"buyer_tax_id": ANOTHER}, "B1 block"),
        ({"buyer_tax_id": ANOTHER, "unsure": ("buyer_tax_id",)}, "B1 warn"),
        ({"buyer_tax_id": ANOTHER, "kind": Kind.RAIL_ETICKET}, "B1 block"),
        ({"buyer_tax_id": ANOTHER, "kind": Kind.TAXI}, "skipped"),
        ({"buyer_tax_id": ANOTHER, "entities": ()}, "skipped"),
        ({"buyer_tax_id": PERSON_ID}, "skipped"),
        ({"buyer_tax_id": None}, "skipped"),
    ],
)
def test_b1_buyer_is_ours(given, expected):
    assert outcome(parties.buyer_is_ours, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"buyer_name": "晨星科技(北京) 有限公司"}, "passed"),
        ({"buyer_name": "晨星科技有限公司"}, "B2 note"),
        ({"buyer_name": OURS[1].name}, "B2 note"),
        ({"buyer_name": "晨星科技有限公司", "unsure": ("buyer_name",)}, "passed"),
        ({"buyer_tax_id": ANOTHER, "buyer_name": "别家有限公司"}, "skipped"),
        ({**BY_NAME, "buyer_name": OURS[1].name}, "passed"),
        ({**BY_NAME, "buyer_name": "别家有限公司"}, "B2 warn"),
        ({**BY_NAME, "buyer_name": "个人"}, "B2 note"),
        ({**BY_NAME, "buyer_name": "韩梅梅（个人）"}, "B2 note"),
        ({"buyer_tax_id": PERSON_ID, "buyer_name": "韩梅梅"}, "B2 note"),
        ({"buyer_tax_id": None, "buyer_name": "别家有限公司", "unsure": ("buyer_name",)}, "skipped"),
        ({"buyer_name": "别家有限公司", "entities": ()}, "skipped"),
        ({"buyer_name": "别家有限公司", "kind": Kind.QUOTA}, "skipped"),
        ({"buyer_name": None}, "skipped"),
    ],
)
def test_b2_buyer_name(given, expected):
    assert outcome(parties.buyer_name_is_ours, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        (BY_NAME, "B3 warn"),
        ({"buyer_tax_id": None}, "skipped"),
        ({**BY_NAME, "buyer_name": "韩梅梅"}, "skipped"),
        ({**BY_NAME, "date": "2017-06-30"}, "skipped"),
        ({**BY_NAME, "kind": Kind.DIGITAL_SPECIAL}, "skipped"),
        ({**BY_NAME, "kind": Kind.RAIL_ETICKET}, "skipped"),
    ],
)
def test_b3_buyer_id_is_there(given, expected):
    assert outcome(parties.buyer_id_is_there, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"buyer_tax_id": SOUND["seller_tax_id"]}, "B4 warn"),
        ({"seller_tax_id": None}, "skipped"),
    ],
)
def test_b4_buyer_is_not_seller(given, expected):
    assert outcome(parties.buyer_is_not_seller, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"paying_entity": "shanghai"}, "B5 warn"),
        ({**BY_NAME, "paying_entity": "shanghai"}, "B5 warn"),
        ({"paying_entity": None}, "skipped"),
        ({"buyer_tax_id": ANOTHER}, "skipped"),
    ],
)
def test_b5_buyer_pays(given, expected):
    assert outcome(parties.buyer_pays, facts(**given)) == expected
