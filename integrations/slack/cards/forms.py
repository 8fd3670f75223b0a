"""The modals: edit a draft, give a reason, see the details. private_metadata holds ids only."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)

from core.actions import Input, Modal
from core.approval import Verdict
from core.ids import PersonId
from core.invoice import EXACT, Field, FieldName, FieldState, Finding, Invoice
from core.messages import Message
from core.views import ApprovalView, DetailsForm, EditForm, ReasonForm, StatusForm
from integrations.language import Language
from integrations.slack.cards.paper import Paper, dotted, plain_text
from integrations.slack.cards.stamp import quoted, task_line
from integrations.slack.cards.status import draw_status
from integrations.slack.cards.words import (
    CLAIM_WORDS,
    FIELD_NAMES,
    KIND_WORDS,
    MEANS_WORDS,
    by_weight,
    evidence_line,
    finding_line,
    in_print_order,
    reasons_of,
    shown,
    state_of,
    step_words,
    tax_bureau,
)

LONGEST_TYPED = 200
LONGEST_WORDS = 1000
_MOST_BLOCKS = 99
"""Slack takes 100 in a modal; one is left to say that there is more."""
_MOST_CHARACTERS = 60_000
"""Slack takes 250 kB in all; a Chinese character is 3 bytes, or 6 as JSON escapes it."""
_PART = 2900
_DERIVED = frozenset({FieldName.TOTAL_CN, FieldName.CHECK_CODE})


def edit_form(form: EditForm, language: Language) -> dict[str, Any]:
    """Every field in the order it is printed, with its state; what the invoice's own code says cannot be typed over."""
    paper = Paper(language)
    currency = form.invoice.reading.currency()
    for name, field in in_print_order(form.invoice.reading):
        if _fixed(name, field):
            _fixed_line(name, field, currency, paper)
        else:
            paper.blocks.append(_typed(name, field, currency, paper, focus=form.focus is name))
    if form.categories:
        paper.blocks.append(_category(form, paper))
    purpose = PlainTextInputElement(
        action_id=Input.PURPOSE.value,
        initial_value=form.invoice.purpose[:LONGEST_TYPED] or None,
        max_length=LONGEST_TYPED,
    )
    paper.blocks.append(field_input(Input.PURPOSE.value, Message("Purpose"), purpose, paper))
    return modal(Modal.EDIT, Message("Edit invoice"), paper, target=form.invoice.id, submit=Message("Save"))


def _fixed(name: FieldName, field: Field) -> bool:
    exact = field.state is not FieldState.MISSING and bool(EXACT & set(field.sources))
    return exact or name in _DERIVED or len(field.value or "") > LONGEST_TYPED


def _fixed_line(name: FieldName, field: Field, currency: str, paper: Paper) -> None:
    paper.lines(
        paper.say(Message("{field}: {value}", field=FIELD_NAMES[name], value=shown(name, field.value, currency))),
        paper.say(state_of(name, field, currency, {})),
    )
    if EXACT & set(field.sources):
        paper.small(
            paper.say(Message("From the invoice's own data, so it cannot be typed over. If it is wrong, ask finance."))
        )


def _typed(name: FieldName, field: Field, currency: str, paper: Paper, *, focus: bool) -> InputBlock:
    element = PlainTextInputElement(
        action_id=name.value,
        initial_value=field.value or None,
        max_length=LONGEST_TYPED,
        focus_on_load=True if focus else None,
    )
    missing = field.value is None
    return field_input(
        name.value, FIELD_NAMES[name], element, paper, hint=_hint(name, field, currency), optional=missing
    )


def _hint(name: FieldName, field: Field, currency: str) -> Message:
    if field.state is FieldState.ENTERED:
        return Message("typed in; read as {before}", before=shown(name, field.read_value, currency))
    if field.reason:
        return Message("{state}. {reason}", state=state_of(name, field, currency, {}), reason=field.reason)
    return state_of(name, field, currency, {})


def _category(form: EditForm, paper: Paper) -> InputBlock:
    options = [_option(key, name, paper) for key, name in form.categories[:100]]
    chosen = next((option for option in options if option.value == form.invoice.category), None)
    select = StaticSelectElement(action_id=Input.CATEGORY.value, options=options, initial_option=chosen)
    return field_input(Input.CATEGORY.value, Message("Category"), select, paper)


def reason_form(form: ReasonForm, language: Language) -> dict[str, Any]:
    """Why a claim is sent back or rejected. The verdict is the last part of private_metadata."""
    paper = Paper(language)
    sends_back = form.verdict == Verdict.RETURN.value
    title = Message("Send back") if sends_back else Message("Reject")
    paper.lines(dotted(form.claim.reference, paper.show(form.claim.claimed)))
    options = [_option(key, name, paper) for key, name in form.reasons[:100]]
    select = StaticSelectElement(action_id=Input.REASON.value, options=options)
    paper.blocks.append(field_input(Input.REASON.value, Message("Reason"), select, paper, optional=False))
    words = PlainTextInputElement(action_id=Input.WORDS.value, multiline=True, max_length=LONGEST_WORDS)
    hint = Message("The submitter sees the reason and your words exactly so.")
    paper.blocks.append(field_input(Input.WORDS.value, Message("In your words"), words, paper, hint=hint))
    return modal(Modal.DECIDE, title, paper, target=f"{form.target}|{form.verdict}", submit=title)


def details_form(form: DetailsForm, language: Language) -> dict[str, Any]:
    """All there is: fields with their state, findings with evidence, lines, route, history."""
    paper = Paper(language)
    room = _MOST_CHARACTERS
    for part in (part for paragraph in _paragraphs(form.view, paper) for part in parts_of(paragraph)):
        room -= len(part)
        if len(paper.blocks) == _MOST_BLOCKS or room < 0:
            paper.lines(paper.say(Message("… There is more than fits here; the OA has all of it.")))
            break
        paper.lines(part)
    claim = form.view.claim
    title = Message("Claim {reference}", reference=claim.reference)
    return modal(Modal.DETAILS, title, paper, target=claim.id)


def status_form(form: StatusForm, language: Language) -> dict[str, Any]:
    """Where a claim is, from a list."""
    paper = Paper(language)
    draw_status(form.view, paper)
    claim = form.view.claim
    title = Message("Claim {reference}", reference=claim.reference)
    return modal(Modal.STATUS, title, paper, target=claim.id)


def _paragraphs(view: ApprovalView, paper: Paper) -> Iterator[str]:
    claim = view.claim
    names = {person: paper.foreign(name) for person, name in view.names.items()}
    yield dotted(claim.reference, paper.say(CLAIM_WORDS[claim.state]), paper.show(claim.claimed))
    people = names.get(claim.submitter, claim.submitter)
    yield dotted(
        people,
        paper.say(view.category_name) if view.category_name else None,
        paper.say(MEANS_WORDS[claim.means]),
        quoted(claim.purpose, paper),
    )
    yield "\n".join(
        [paper.say(tax_bureau(view.verification)), *(_finding(each, paper) for each in by_weight(view.findings))]
    )
    for number, invoice in enumerate(view.invoices, 1):
        yield _fields(number, invoice, names, paper)
        if invoice.reading.lines:
            yield _items(invoice, paper)
    route = " → ".join(paper.say(step_words(step, names)) for step in claim.plan.steps)
    if route:
        yield (
            paper.say(Message("Route: {route}", route=route))
            + "\n"
            + paper.say(Message("Why: {reasons}", reasons=reasons_of(claim.plan)))
        )
    if claim.tasks:
        yield "\n".join(
            [paper.say(Message("So far:")), *("• " + task_line(task, names, paper) for task in claim.tasks)]
        )


def parts_of(paragraph: str) -> Iterator[str]:
    """A paragraph in pieces that fit a section, broken between lines where it can be."""
    part = ""
    for line in (piece for whole in paragraph.split("\n") for piece in _pieces(whole)):
        if len(part) + 1 + len(line) > _PART:
            yield part
            part = line
        else:
            part = f"{part}\n{line}" if part else line
    yield part


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, max(len(line), 1), _PART):
        yield line[start : start + _PART]


def _fields(number: int, invoice: Invoice, names: Mapping[PersonId, str], paper: Paper) -> str:
    lines = [f"{number}. {paper.say(KIND_WORDS[invoice.reading.kind])}"]
    for name, field in in_print_order(invoice.reading):
        state = state_of(name, field, invoice.reading.currency(), names)
        if field.state in {FieldState.ENTERED, FieldState.MISSING}:
            line = state if field.state is FieldState.ENTERED else Message("{field}: not read", field=FIELD_NAMES[name])
        else:
            value = shown(name, field.value, invoice.reading.currency())
            line = Message("{field}: {value} ({state})", field=FIELD_NAMES[name], value=value, state=state)
        lines.append("• " + paper.say(line))
    return "\n".join(lines)


def _items(invoice: Invoice, paper: Paper) -> str:
    lines = [dotted(paper.show(line.name), line.amount, line.rate, line.tax) for line in invoice.reading.lines]
    return "\n".join([paper.say(Message("Lines: name, amount, rate, tax")), *("• " + line for line in lines)])


def _finding(finding: Finding, paper: Paper) -> str:
    evidence = [paper.say(evidence_line(name, value)) for name, value in finding.evidence.items()]
    return dotted(f"• {paper.say(finding_line(finding))} [{finding.code}]", *evidence)


def _option(key: str, name: Message, paper: Paper) -> Option:
    return Option(text=plain_text(paper.clip(paper.say(name), 75)), value=key)


def field_input(
    block_id: str,
    label: Message,
    element: InputInteractiveElement,
    paper: Paper,
    *,
    hint: Message | None = None,
    optional: bool = True,
) -> InputBlock:
    """A labelled input of a modal."""
    return InputBlock(
        block_id=block_id,
        label=plain_text(paper.say(label)),
        element=element,
        hint=plain_text(paper.clip(paper.say(hint), 300)) if hint else None,
        optional=optional,
    )


def modal(name: Modal, title: Message, paper: Paper, *, target: str, submit: Message | None = None) -> dict[str, Any]:
    """The modal as views.open takes it; without `submit` it can only be closed."""
    close = Message("Cancel") if submit else Message("Close")
    drawn: dict[str, Any] = {
        "type": "modal",
        "callback_id": name.value,
        "private_metadata": target,
        "title": plain_text(paper.clip(paper.say(title), 24)).to_dict(),
        "close": plain_text(paper.clip(paper.say(close), 24)).to_dict(),
        "blocks": [block.to_dict() for block in paper.blocks],
    }
    if submit:
        drawn["submit"] = plain_text(paper.clip(paper.say(submit), 24)).to_dict()
    return drawn
