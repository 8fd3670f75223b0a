"""Buyer and seller. Source: domain rules T1, T2, B1–B5."""

import re
import unicodedata
from datetime import date

from core.checks.facts import NO_BUYER, SPECIAL, Answer, CheckFacts, after_re_read, found, is_person, masked
from core.directory import Entity
from core.invoice import FieldName, Finding, Kind, Severity
from core.messages import Message
from core.policy import Policy
from core.reading.kinds import VAT
from core.reading.tax_ids import Closing, closing

_OLD_IDS_UNTIL = date(2019, 1, 1)
_BUYER_ID_SINCE = date(2017, 7, 1)


def seller_id_closes(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """T1: the check character of an 18-character id fits, a company's or a person's."""
    seller = facts.text(FieldName.SELLER_TAX_ID)
    if seller is None or len(seller) != 18 or facts.kind is Kind.FOREIGN_INVOICE:
        return Answer.SKIPPED
    if closing(seller) is not Closing.NO:
        return Answer.PASSED
    return found(
        "T1",
        after_re_read(facts, FieldName.SELLER_TAX_ID),
        Message("The seller's tax id {id} is not a valid one. Please compare it with the invoice.", id=seller),
        {"seller_tax_id": seller},
    )


def seller_is_a_company(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """T1b: a person sold this and the tax bureau issued the invoice for them (自然人代开). Their id is not shown."""
    seller = facts.text(FieldName.SELLER_TAX_ID)
    if seller is None:
        return Answer.SKIPPED
    if not is_person(seller):
        return Answer.PASSED
    return found(
        "T1b",
        Severity.NOTE,
        Message("The seller is a private person; the tax bureau issued this invoice for them."),
        {"seller_tax_id": masked(seller)},
    )


def seller_id_is_of_its_time(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """T2: ids of 15 digits ended with 2018."""
    seller, day = facts.text(FieldName.SELLER_TAX_ID), facts.reading.day()
    if facts.kind not in VAT or seller is None or day is None:
        return Answer.SKIPPED
    if len(seller) != 15 or day < _OLD_IDS_UNTIL:
        return Answer.PASSED
    return found(
        "T2",
        Severity.WARN,
        Message("The seller's tax id has 15 digits; such ids ended with 2018."),
        {"seller_tax_id": seller},
    )


def buyer_is_ours(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B1: the buyer's tax id is one of ours."""
    buyer = facts.text(FieldName.BUYER_TAX_ID)
    if facts.kind in NO_BUYER or not facts.entities or buyer is None or is_person(buyer):
        return Answer.SKIPPED
    if _of_id(facts, buyer) is not None:
        return Answer.PASSED
    return found(
        "B1",
        after_re_read(facts, FieldName.BUYER_TAX_ID),
        Message(
            "The invoice is made out to tax id {id}, which is none of ours. Please ask the seller for one made out to us.",
            id=buyer,
        ),
        {"buyer_tax_id": buyer, "buyer_name": facts.text(FieldName.BUYER_NAME)},
    )


def buyer_name_is_ours(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B2: the buyer's name is that of the entity with this tax id."""
    buyer, name = facts.text(FieldName.BUYER_TAX_ID), facts.text(FieldName.BUYER_NAME)
    if facts.kind in NO_BUYER or not facts.entities or name is None:
        return Answer.SKIPPED
    if buyer is not None and not is_person(buyer):
        entity = _of_id(facts, buyer)
        return _same_name(facts, name, entity) if entity else Answer.SKIPPED  # B1 says it
    if any(_plain(each.name) == _plain(name) for each in facts.entities):
        return Answer.PASSED
    asked = buyer is None and FieldName.BUYER_TAX_ID in facts.reading.fields
    if asked and not facts.sure(FieldName.BUYER_NAME):
        return Answer.SKIPPED  # perhaps misread; the tax id will tell
    if buyer is not None or _is_a_persons(name):
        severity, message = (
            Severity.NOTE,
            Message("The invoice is made out to a person, “{name}”, not to one of our companies.", name=name),
        )
    else:
        severity, message = Severity.WARN, Message("The bill-to “{name}” is none of our companies.", name=name)
    return found("B2", severity, message, {"buyer_name": name})


def _same_name(facts: CheckFacts, name: str, entity: Entity) -> Finding | Answer:
    """The tax id says who it is; a name that a camera saw may be misread and is not compared."""
    if _plain(entity.name) == _plain(name) or not facts.sure(FieldName.BUYER_NAME):
        return Answer.PASSED
    return found(
        "B2",
        Severity.NOTE,
        Message("The tax id is ours, but the name reads “{name}”.", name=name),
        {"buyer_name": name, "ours": entity.name},
    )


def buyer_id_is_there(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B3: an ordinary invoice to a company carries its tax id since July 2017."""
    name = facts.text(FieldName.BUYER_NAME)
    day = facts.reading.day()
    if facts.kind not in VAT - SPECIAL or name is None or _is_a_persons(name) or (day and day < _BUYER_ID_SINCE):
        return Answer.SKIPPED
    if facts.text(FieldName.BUYER_TAX_ID) is not None:
        return Answer.PASSED
    if FieldName.BUYER_TAX_ID in facts.reading.fields:
        return Answer.SKIPPED  # not found rather than blank: a person is asked for it
    return found(
        "B3",
        Severity.WARN,
        Message("The invoice carries no tax id of ours; for a company it has to."),
        {"buyer_name": name},
    )


def buyer_is_not_seller(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B4: nobody sells to themselves."""
    buyer, seller = facts.text(FieldName.BUYER_TAX_ID), facts.text(FieldName.SELLER_TAX_ID)
    if buyer is None or seller is None:
        return Answer.SKIPPED
    if buyer != seller:
        return Answer.PASSED
    return found("B4", Severity.WARN, Message("Buyer and seller have the same tax id."), {"tax_id": buyer})


def buyer_pays(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B5: the entity it is made out to is the one that pays."""
    entity = own_entity(facts)
    if entity is None or facts.paying_entity is None:
        return Answer.SKIPPED
    if entity.id == facts.paying_entity:
        return Answer.PASSED
    return found(
        "B5",
        Severity.WARN,
        Message("The invoice is made out to {name}, which is not the company that would pay it.", name=entity.name),
        {"buyer": entity.id, "payer": facts.paying_entity},
    )


def own_entity(facts: CheckFacts) -> Entity | None:
    """Which of our companies the invoice is made out to: by tax id, by name where it carries none."""
    buyer, name = facts.text(FieldName.BUYER_TAX_ID), facts.text(FieldName.BUYER_NAME)
    if buyer is not None:
        return _of_id(facts, buyer)
    return next((entity for entity in facts.entities if name and _plain(entity.name) == _plain(name)), None)


def _is_a_persons(name: str) -> bool:
    """个人, 张三, 张三（个人）; a name of more characters, or in Latin letters, counts as a company's."""
    plain = _plain(name).removesuffix("(个人)")
    return plain == "个人" or bool(
        re.fullmatch(r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}", plain)
    )


def _of_id(facts: CheckFacts, tax_id: str) -> Entity | None:
    return next((entity for entity in facts.entities if entity.tax_id == tax_id), None)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
