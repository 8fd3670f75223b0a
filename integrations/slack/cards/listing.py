"""Drafts and claims in lists: the answers of /invoice mine and find, and the rows of the Home tab."""

from collections.abc import Mapping

from slack_sdk.models.blocks import ButtonElement

from core.actions import Action
from core.claim import UNDER_WAY, Claim, ClaimState
from core.ids import PersonId
from core.invoice import FieldName, Invoice
from core.messages import Message
from core.views import ListView, Row
from integrations.language import Language
from integrations.slack.cards.paper import Card, Paper, dotted
from integrations.slack.cards.words import CLAIM_WORDS, KIND_WORDS, total_of


def list_card(view: ListView, language: Language) -> Card:
    """One page of a list, each row with a button to see more of it."""
    paper = Paper(language)
    said = _heading(view, paper)
    paper.lines(paper.say(said))
    for row in view.rows:
        draw_row(row, view.names, paper, named=row.claim is not None and row.claim.submitter != view.viewer)
    if not view.everything:
        paper.small(paper.say(Message("Only the newest invoices were searched. A claim's reference is always found.")))
    if view.pages > 1:
        paper.small(paper.say(Message("Page {page} of {pages}", page=view.page, pages=view.pages)))
        paper.actions(
            _turn(Action.NEWER, Message("Newer"), view, view.page - 1, paper) if view.page > 1 else None,
            _turn(Action.OLDER, Message("Older"), view, view.page + 1, paper) if view.page < view.pages else None,
        )
    return paper.card(said)


def _heading(view: ListView, paper: Paper) -> Message:
    if view.words is None:
        if view.count == 0:
            return Message(
                "You have no drafts and no claims yet. Send me an invoice as photo, PDF, OFD, XML or ZIP, and I will read it."
            )
        return Message("Your drafts and claims: {count}, newest first", count=view.count)
    words = paper.clip(view.words, 100)
    if view.count == 0:
        return Message(
            "Nothing found for “{words}”. I look for a part of the seller's name, an invoice number, a claim's "
            "reference, or the exact total, for example 475.80.",
            words=words,
        )
    return Message("Found for “{words}”: {count}, newest first", words=words, count=view.count)


def _turn(action: Action, label: Message, view: ListView, page: int, paper: Paper) -> ButtonElement:
    return paper.button(action, label, f"{page}|{view.line}")


def draw_row(row: Row, names: Mapping[PersonId, str], paper: Paper, *, named: bool) -> None:
    """A claim with a button to look at it, or a draft with one to edit it. `named`: with its submitter's name."""
    if row.claim is None:
        draft = row.invoices[0]
        label = Message("Edit the draft of {seller}", seller=seller_of(row, paper))
        button = paper.button(Action.EDIT, Message("Edit"), draft.id, aloud=label)
        paper.row(button, dotted(seller_of(row, paper), paper.show(total_of(draft.reading))), paper.say(_draft(draft)))
        return
    aloud = Message("Look at {reference}", reference=row.claim.reference)
    button = paper.button(Action.LOOK, Message("Look"), row.claim.id, aloud=aloud)
    said = standing(row.claim, names)
    if row.claim.state is ClaimState.RETURNED and not named:
        said = Message("Sent back; look why, correct the draft and submit it again")
    paper.row(button, claim_line(row, row.claim, names, paper, named=named), paper.say(said))


def claim_line(row: Row, claim: Claim, names: Mapping[PersonId, str], paper: Paper, *, named: bool) -> str:
    """For example: CL-2026-0213 · 李雷 · ¥475.80 · 云帆文具."""
    who = paper.foreign(names.get(claim.submitter, claim.submitter), 40) if named else None
    return dotted(claim.reference, who, paper.show(claim.claimed), seller_of(row, paper))


def seller_of(row: Row, paper: Paper) -> str:
    """The first invoice's seller, and how many invoices there are beside it."""
    first = row.invoices[0].reading
    seller = first.value(FieldName.SELLER_NAME)
    name = paper.foreign(seller, 40) if seller else paper.say(KIND_WORDS[first.kind])
    if len(row.invoices) == 1:
        return name
    return paper.say(Message("{seller} and {count} more", seller=name, count=len(row.invoices) - 1))


def _draft(draft: Invoice) -> Message:
    left = len(draft.questions())
    if left:
        return Message("Draft, to be checked before it can be submitted: {count}", count=left)
    return Message("Draft, not submitted yet")


def standing(claim: Claim, names: Mapping[PersonId, str]) -> Message:
    """Where a claim is, and who has it since when."""
    people = tuple(dict.fromkeys(names.get(task.assignee, task.assignee) for task in claim.open_tasks()))
    if claim.state is ClaimState.PENDING and people:
        return Message("Waiting for {people} since {time}", people=people, time=claim.waits_since())
    if claim.state is ClaimState.RETURNED:
        who = names.get(claim.submitter, claim.submitter)
        return Message("Sent back; {name} has to correct it and submit it again", name=who)
    if claim.state in UNDER_WAY:
        return Message("{state} (since {time})", state=CLAIM_WORDS[claim.state], time=claim.waits_since())
    return CLAIM_WORDS[claim.state]
