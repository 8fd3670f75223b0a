"""Buyer and seller. Source: domain rules T1, T2, B1–B5."""

import re
import unicodedata
from datetime import date

from core.checks.facts import NO_BUYER, ORDINARY, VAT, Answer, CheckFacts, after_re_read, found
from core.directory import Entity
from core.invoice import FieldName, FieldState, Finding, Severity
from core.messages import Message
from core.policy import Policy
from core.reading.tax_ids import Closing, closing

_OLD_IDS_UNTIL = date(2019, 1, 1)


def seller_id_closes(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """T1: the check character of an 18-character id fits; a person's id counts too (T1b)."""
    seller = facts.text(FieldName.SELLER_TAX_ID)
    if seller is None or len(seller) != 18:
        return Answer.SKIPPED
    if closing(seller) is not Closing.NO:
        return Answer.PASSED
    return found(
        "T1",
        after_re_read(facts, FieldName.SELLER_TAX_ID),
        Message("The seller's tax id {id} is not a valid one. Please compare it with the invoice.", id=seller),
        {"seller_tax_id": seller},
    )


def seller_id_is_of_today(facts: CheckFacts, _: Policy) -> Finding | Answer:
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
    if facts.kind in NO_BUYER or not facts.entities or buyer is None:
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
    entity = _of_id(facts, buyer) if buyer else None
    names = [entity] if entity else list(facts.entities)
    if any(_plain(each.name) == _plain(name) for each in names):
        return Answer.PASSED
    if entity is not None:
        return found(
            "B2",
            Severity.NOTE,
            Message("The tax id is ours, but the name reads “{name}”.", name=name),
            {"buyer_name": name, "ours": entity.name},
        )
    return found(
        "B2", Severity.WARN, Message("The bill-to “{name}” is none of our companies.", name=name), {"buyer_name": name}
    )


def buyer_id_is_there(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B3: an ordinary invoice to a company carries its tax id since July 2017."""
    if facts.kind not in ORDINARY or facts.text(FieldName.BUYER_NAME) is None:
        return Answer.SKIPPED
    field = facts.reading.fields.get(FieldName.BUYER_TAX_ID)
    if field is not None and (field.value is not None or field.state is FieldState.MISSING):
        return Answer.PASSED if field.value else Answer.SKIPPED
    return found(
        "B3",
        Severity.WARN,
        Message("The invoice carries no tax id of ours; for a company it has to."),
        {"buyer_name": facts.text(FieldName.BUYER_NAME)},
    )


def buyer_is_not_seller(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B4: nobody sells to themselves."""
    buyer, seller = facts.text(FieldName.BUYER_TAX_ID), facts.text(FieldName.SELLER_TAX_ID)
    if facts.kind not in VAT or buyer is None or seller is None:
        return Answer.SKIPPED
    if buyer != seller:
        return Answer.PASSED
    return found("B4", Severity.WARN, Message("Buyer and seller have the same tax id."), {"tax_id": buyer})


def buyer_pays(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """B5: the entity it is made out to is the one that pays."""
    buyer = facts.text(FieldName.BUYER_TAX_ID)
    entity = _of_id(facts, buyer) if buyer else None
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


def _of_id(facts: CheckFacts, tax_id: str) -> Entity | None:
    return next((entity for entity in facts.entities if entity.tax_id == tax_id), None)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
