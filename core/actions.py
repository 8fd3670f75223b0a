"""What can be pressed or filled in, by name. Cards draw these; handlers answer them."""

from enum import StrEnum


class Action(StrEnum):
    """Buttons. The button's value is a Target as text."""

    SUBMIT = "submit"
    EDIT = "edit"
    DISCARD = "discard"
    CONFIRM_FIELD = "confirm_field"
    CORRECT_FIELD = "correct_field"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    DETAILS = "details"
    UNDO = "undo"
    MORE = "more"
    WITHDRAW = "withdraw"
    OPEN_LINK = "open_link"
    LOOK = "look"
    NEWER = "newer"
    OLDER = "older"
    REFRESH = "refresh"
    PRACTISE = "practise"
    SUBMIT_PRACTICE = "submit_practice"
    TOGETHER = "together"
    ONE_BY_ONE = "one_by_one"


class Modal(StrEnum):
    """Modals, by callback id. private_metadata is a Target as text."""

    EDIT = "edit_invoice"
    DECIDE = "decide_with_reason"
    DETAILS = "claim_details"
    STATUS = "claim_status"
    TOGETHER = "put_together"


class Input(StrEnum):
    """Inputs that are no invoice field. An invoice field's input carries its FieldName. block_id = action_id = this."""

    CATEGORY = "category"
    PURPOSE = "purpose"
    REASON = "reason"
    WORDS = "words"
    VERDICT = "verdict"
