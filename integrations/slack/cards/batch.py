"""Many files in one message: progress, then what became of them, and the form that puts them into one claim."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement

from core.actions import Action, Input, Modal
from core.batch import Bucket, Item, Reconciliation
from core.messages import Message
from core.views import BatchView, MoreOfBatch, TogetherForm
from integrations.language import Language
from integrations.slack.cards.approval import invoice_line
from integrations.slack.cards.draft import route_lines
from integrations.slack.cards.forms import LONGEST_TYPED, field_input, modal, parts_of
from integrations.slack.cards.paper import NAME, Card, Paper
from integrations.slack.cards.words import CLAIM_WORDS

_SAID = 300
"""Characters of a sentence on a line: with 40 lines a card stays far below what Slack takes."""


def batch_card(view: BatchView, language: Language) -> Card:
    """How far reading is; once it is done, the figures, a line for each thing that is not ready, and the buttons."""
    paper = Paper(language)
    found = view.reconciliation
    if not found.done:
        said = Message("Reading {read}/{files} …", read=found.read, files=found.files)
        paper.lines(paper.say(said))
        return paper.card(said)
    figures = Message(
        "{files}, {invoices}: {buckets}", files=_files(found), invoices=_all(found), buckets=_buckets(found)
    )
    paper.header(paper.say(figures))
    for part in parts_of("\n".join(_lines(view, paper))):
        paper.lines(part)
    paper.lines(*_what_became(view, paper))
    paper.actions(*_buttons(found, paper))
    return paper.card(figures, rest=_REST)


_REST = Message("“…” marks what is shortened here. The file you sent has all of it.")


def more_of_batch(view: MoreOfBatch, language: Language) -> Card:
    """What had no room on the first card."""
    paper = Paper(language)
    for part in parts_of("\n".join(_line(item, paper) for item in view.items)):
        paper.lines(part)
    return paper.card(Message("{count} more that are not ready", count=len(view.items)), rest=_REST)


def _files(found: Reconciliation) -> Message:
    return Message("1 file") if found.files == 1 else Message("{count} files", count=found.files)


def _all(found: Reconciliation) -> Message:
    total = len(found.items)
    return Message("1 invoice in all") if total == 1 else Message("{count} invoices in all", count=total)


def _buckets(found: Reconciliation) -> Message:
    """The four figures; those that are nought are left out, except that nothing is ready."""
    count = {bucket: len(found.of(bucket)) for bucket in Bucket}
    said = [Message("{count} ready", count=count[Bucket.READY])]
    for bucket, one, several in (
        (Bucket.DUPLICATE, Message("1 duplicate"), Message("{count} duplicates", count=count[Bucket.DUPLICATE])),
        (Bucket.ATTACHMENT, Message("1 attachment"), Message("{count} attachments", count=count[Bucket.ATTACHMENT])),
        (Bucket.PROBLEM, Message("1 problem"), Message("{count} problems", count=count[Bucket.PROBLEM])),
    ):
        if count[bucket]:
            said.append(one if count[bucket] == 1 else several)
    first, *others = said
    for each in others:
        first = Message("{one} · {other}", one=first, other=each)
    return first


def _lines(view: BatchView, paper: Paper) -> Iterator[str]:
    for item in view.told:
        yield _line(item, paper)
    for name in view.reconciliation.batch.left_out:
        yield _bullet(
            paper.clip(name, NAME),
            Message(
                "not read, since {most} files are read at once. Please send it again.", most=view.reconciliation.files
            ),
            paper,
        )


def _line(item: Item, paper: Paper) -> str:
    file: Message | str = " › ".join(paper.clip(name, NAME) for name in (item.file, item.part) if name)
    if item.page is not None:
        file = Message("{file}, page {page}", file=file, page=item.page)
    said = item.said or Message("It cannot be used.")
    if item.code:
        said = Message("{sentence} ({code})", sentence=said, code=item.code)
    return _bullet(file, said, paper)


def _bullet(file: Message | str, said: Message, paper: Paper) -> str:
    return "• " + paper.say(Message("{name}: {problem}", name=file, problem=paper.clip(paper.say(said), _SAID)))


def _what_became(view: BatchView, paper: Paper) -> Iterator[str]:
    """What has to be confirmed first, and which claims its invoices went to."""
    asked = sum(item.to_confirm for item in view.reconciliation.of(Bucket.READY))
    if asked:
        one, several = (
            Message("1 has something to confirm first."),
            Message("{count} have something to confirm first.", count=asked),
        )
        yield paper.say(one if asked == 1 else several)
    for claim in view.claims:
        yield paper.say(
            Message(
                "{reference}: {count} of these, {total}, {state}",
                reference=claim.reference,
                count=sum(
                    item.invoice is not None and item.invoice.claim_id == claim.id for item in view.reconciliation.items
                ),
                total=claim.claimed,
                state=CLAIM_WORDS[claim.state],
            )
        )


def _buttons(found: Reconciliation, paper: Paper) -> Iterator[Any]:
    if len(found.ready) > 1:
        yield paper.button(Action.TOGETHER, Message("Put all into one claim"), found.batch.id, main=True)
    if any(item.loose for item in found.items) and not found.batch.opened:
        yield paper.button(Action.ONE_BY_ONE, Message("Look one by one"), found.batch.id)


def together_form(form: TogetherForm, language: Language) -> dict[str, Any]:
    """The invoices, the sum, what stays behind and why, the route with its reasons; the purpose is asked for."""
    paper = Paper(language)
    if form.total is not None:
        count = len(form.invoices)
        heading = Message("1 invoice, {total}", total=form.total)
        paper.lines(
            paper.say(heading if count == 1 else Message("{count} invoices, {total}", count=count, total=form.total))
        )
        lines = (f"{number}. {invoice_line(invoice, paper)}" for number, invoice in enumerate(form.invoices, 1))
        for part in parts_of("\n".join(lines)):
            paper.lines(part)
    if form.left_out:
        behind = [paper.say(Message("These stay behind:"))]
        behind += ["• " + paper.clip(paper.say(each), _SAID) for each in form.left_out]
        for part in parts_of("\n".join(behind)):
            paper.lines(part)
    if form.warnings:
        one, several = (
            Message("1 warning is shown to the approver."),
            Message("{count} warnings are shown to the approver.", count=form.warnings),
        )
        paper.lines(paper.say(one if form.warnings == 1 else several))
    submit = None
    if form.plan is None:
        paper.lines(paper.say(form.notice) if form.notice else None)
    else:
        paper.lines(*route_lines(form.plan, form.names, paper))
        typed = PlainTextInputElement(
            action_id=Input.PURPOSE.value, initial_value=form.purpose or None, max_length=LONGEST_TYPED
        )
        hint = Message("It is written to each of these invoices.")
        paper.blocks.append(field_input(Input.PURPOSE.value, Message("Purpose"), typed, paper, hint=hint))
        submit = Message("Submit")
    return modal(Modal.TOGETHER, Message("One claim"), paper, target=form.target, submit=submit)
