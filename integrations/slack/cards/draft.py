"""The draft: what was read, what the checks say, what is asked, where it goes."""

from collections.abc import Mapping

from slack_sdk.models.blocks import ConfirmObject

from core.actions import Action
from core.claim import Plan
from core.ids import PersonId
from core.invoice import FieldName, FieldState, Severity
from core.messages import Message, Value
from core.views import InvoiceView, Question
from integrations.language import Language
from integrations.slack.cards.claim import withdraw_button
from integrations.slack.cards.paper import NAME, Card, Paper, dotted, plain_text
from integrations.slack.cards.words import (
    FIELD_NAMES,
    KIND_WORDS,
    PRACTICE,
    by_weight,
    counted,
    finding_line,
    reasons_of,
    shown,
    step_words,
    tax_bureau,
    total_of,
)

NOTES = 5
"""Notes drawn; stops and warnings are all drawn."""


def draft_card(view: InvoiceView, language: Language, files: Mapping[str, str]) -> Card:
    """An invoice that can be submitted, corrected or discarded: new, or sent back."""
    paper = Paper(language, files)
    reading = view.invoice.reading
    practice = view.invoice.practice
    paper.header(
        paper.say(Message("Practice")) if practice else None,
        _name(view, paper),
        paper.say(view.category_name) if view.category_name else None,
        paper.show(total_of(reading)),
    )
    paper.lines(paper.say(PRACTICE) if practice else None)
    paper.lines(paper.say(view.outcome) if view.outcome else None)
    paper.lines(*_facts(view, paper))
    paper.lines(*_checks(view, paper))
    paper.small(
        paper.say(tax_bureau(view.verification)),
        paper.say(
            Message("✓ means verified: the reading is sure. Something wrong? Press Edit, or reply “total 475.80”.")
        ),
    )
    if view.picture:
        paper.picture(view.picture, otherwise=Message("Picture: see the file you sent."))
    for question in view.questions:
        _ask(view, question, paper)
    left = view.unsure - len(view.questions)
    paper.lines(paper.say(Message("{count} more to check after these", count=left)) if left > 0 else None)
    paper.lines(*_route(view, paper))
    _buttons(view, paper)
    aloud = Message(
        "{name}, {total}: {verdict}",
        name=_name(view, paper),
        total=total_of(reading),
        verdict=_in_the_way(view, paper) or Message("ready to submit."),
    )
    return paper.card(
        Message("Practice: {said}", said=aloud) if practice else aloud,
        rest=Message("“…” marks what is shortened here. Edit and the file you sent have all of it."),
    )


def _name(view: InvoiceView, paper: Paper) -> str:
    seller = view.invoice.reading.value(FieldName.SELLER_NAME)
    return paper.foreign(seller) if seller else paper.say(KIND_WORDS[view.invoice.reading.kind])


def _facts(view: InvoiceView, paper: Paper) -> tuple[str, ...]:
    printed = [_fact(view, paper, name, labelled=False) for name in (FieldName.CODE, FieldName.NUMBER, FieldName.DATE)]
    sums = [_fact(view, paper, name, labelled=True) for name in (FieldName.TAX, FieldName.TOTAL)]
    purpose = view.invoice.purpose
    kind = paper.say(KIND_WORDS[view.invoice.reading.kind])
    return (
        dotted(kind if kind != _name(view, paper) else None, *printed),
        dotted(_fact(view, paper, FieldName.BUYER_NAME, labelled=True), *sums),
        dotted(
            None if view.category_name else paper.say(Message("No category yet: press Edit to choose one.")),
            paper.say(Message("Purpose: {purpose}", purpose=paper.clip(purpose, 120))) if purpose else None,
        ),
    )


def _fact(view: InvoiceView, paper: Paper, name: FieldName, *, labelled: bool) -> str | None:
    """One field with the mark of its state; None when this kind of invoice has no such field."""
    field = view.invoice.reading.fields.get(name)
    if field is None:
        return None
    value = _short(name, field.value, paper, view.invoice.reading.currency())
    match field.state:
        case FieldState.VERIFIED:
            value = Message("{value} ✓", value=value)
        case FieldState.ENTERED:
            value = Message("{value} (typed in)", value=value)
    if labelled or field.state is FieldState.MISSING:
        value = Message("{field} {value}", field=FIELD_NAMES[name], value=value)
    return paper.show(value)


def _short(name: FieldName, value: str | None, paper: Paper, currency: str) -> Value:
    whole = shown(name, value, currency)
    return paper.clip(whole, NAME) if isinstance(whole, str) else whole


def _checks(view: InvoiceView, paper: Paper) -> list[str]:
    drawn = [finding for finding in by_weight(view.findings) if finding.severity is not Severity.NOTE]
    notes = [finding for finding in view.findings if finding.severity is Severity.NOTE]
    passed = Message("1 passed") if view.passed == 1 else Message("{count} passed", count=view.passed)
    lines = [paper.say(Message("Checks: {results}", results=(passed, *counted(view.findings))))]
    lines += ["• " + paper.clip(paper.say(finding_line(finding)), 240) for finding in (*drawn, *notes[:NOTES])]
    if len(notes) > NOTES:
        lines.append(paper.say(Message("and {count} more notes that do not stop you", count=len(notes) - NOTES)))
    return lines


def _ask(view: InvoiceView, question: Question, paper: Paper) -> None:
    if question.crop:
        paper.picture(question.crop, otherwise=Message("Picture: see the file you sent."))
    paper.lines(
        paper.say(_asked(view, question, paper)),
        paper.say(Message("Why we ask: {reason}", reason=question.reason)) if question.reason else None,
    )
    target = f"{view.invoice.id}|{question.field.value}"
    known = question.value is not None
    paper.actions(
        paper.button(Action.CONFIRM_FIELD, Message("Yes"), target, main=True, aloud=_yes(view, question, paper))
        if known
        else None,
        paper.button(Action.CORRECT_FIELD, Message("Change") if known else Message("Fill in"), target),
    )


def _asked(view: InvoiceView, question: Question, paper: Paper) -> Message:
    field = FIELD_NAMES[question.field]
    if question.value is None:
        return Message("{field} could not be read. Please fill it in.", field=field)
    return Message(
        "Please check. {field}: {value}. Is that right?", field=field, value=_value_asked(view, question, paper)
    )


def _yes(view: InvoiceView, question: Question, paper: Paper) -> Message:
    return Message(
        "Yes, {field} is {value}", field=FIELD_NAMES[question.field], value=_value_asked(view, question, paper)
    )


def _value_asked(view: InvoiceView, question: Question, paper: Paper) -> Value:
    return _short(question.field, question.value, paper, view.invoice.reading.currency())


def _in_the_way(view: InvoiceView, paper: Paper) -> Message | None:
    """Why there is no Submit, and what to do; None when there is."""
    stop = next((finding for finding in view.findings if finding.severity is Severity.BLOCK), None)
    if stop:
        return Message("It cannot be submitted yet. {reason}", reason=stop.message)
    if len(view.questions) == 1:
        return _asked(view, view.questions[0], paper)
    if view.questions:
        return Message("Please check: {fields}.", fields=tuple(FIELD_NAMES[each.field] for each in view.questions))
    if view.plan is None:
        return Message(
            "It cannot be submitted yet. {reason}", reason=view.notice or Message("Press Edit and complete it.")
        )
    return None


def _route(view: InvoiceView, paper: Paper) -> tuple[str | None, ...]:
    if view.invoice.practice:
        return (paper.say(Message("After you submit: a pretend approver decides within seconds")),)
    return () if view.plan is None else route_lines(view.plan, view.names, paper)


def route_lines(plan: Plan, names: Mapping[PersonId, str], paper: Paper) -> tuple[str | None, ...]:
    """Where a claim goes once it is submitted, and why."""
    if not plan.steps:
        return (
            paper.say(Message("After you submit: approved at once, by policy")),
            paper.say(Message("Why: {reasons}", reasons=plan.reason)) if plan.reason else None,
        )
    route = " → ".join(paper.say(step_words(step, names)) for step in plan.steps)
    return (
        paper.say(Message("After you submit: {route}", route=route)),
        paper.say(Message("Why: {reasons}", reasons=reasons_of(plan))),
        _not_at_once(plan, paper),
    )


def _not_at_once(plan: Plan, paper: Paper) -> str | None:
    """What kept policy from approving a small claim at once; None for a claim that was not thought of."""
    return paper.say(Message("Not approved at once, because {reasons}", reasons=plan.reason)) if plan.reason else None


def _buttons(view: InvoiceView, paper: Paper) -> None:
    obstacle = _in_the_way(view, paper)
    if view.questions and not view.blocked:
        paper.small(paper.say(Message("You can submit once everything is checked.")))
    elif obstacle and not view.blocked:  # what blocks stands first among the checks
        paper.lines(paper.say(obstacle))
    if view.notice and view.plan is not None:
        paper.lines(paper.say(view.notice))
    action = Action.SUBMIT_PRACTICE if view.invoice.practice else Action.SUBMIT
    submit = paper.button(action, Message("Submit"), view.invoice.id, main=True) if obstacle is None else None
    # What came back with a claim is corrected or withdrawn, never thrown away.
    away = (
        paper.button(Action.DISCARD, Message("Discard"), view.invoice.id, confirm=_sure(paper))
        if view.claim is None
        else withdraw_button(view.claim, paper)
    )
    paper.actions(submit, paper.button(Action.EDIT, Message("Edit"), view.invoice.id), away)


def _sure(paper: Paper) -> ConfirmObject:
    return ConfirmObject(
        title=plain_text(paper.say(Message("Discard this draft?"))),
        text=plain_text(paper.say(Message("This cannot be undone."))),
        confirm=plain_text(paper.say(Message("Discard"))),
        deny=plain_text(paper.say(Message("Keep"))),
    )
