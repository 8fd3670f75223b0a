"""The first words to somebody, and what became of a practice invoice."""

from collections.abc import Mapping

from core.actions import Action
from core.invoice import FieldName, InvoiceState
from core.messages import Message
from core.views import InvoiceView
from integrations.language import Language
from integrations.slack.cards.paper import Card, Paper, dotted
from integrations.slack.cards.words import PRACTICE, total_of

_VERDICTS: Mapping[InvoiceState, Message] = {
    InvoiceState.CLAIMED: Message("Waiting for the pretend approver"),
    InvoiceState.SETTLED: Message("Approved by the pretend approver"),
    InvoiceState.DISCARDED: Message("Discarded"),
    InvoiceState.ATTACHMENT: Message("Kept as an attachment"),
}


def meeting_card(language: Language) -> Card:
    """Three lines and a button."""
    paper = Paper(language)
    first = Message("Send me invoices as photo, PDF, OFD, XML or ZIP, that is all.")
    paper.lines(
        paper.say(first),
        paper.say(Message("I read and check them; you look at the draft and submit; I ask those who approve.")),
        paper.say(Message("Try one?")),
    )
    paper.actions(paper.button(Action.PRACTISE, Message("Practise with a sample"), "sample", main=True))
    return paper.card(first)


def practised_card(view: InvoiceView, language: Language, files: Mapping[str, str]) -> Card:
    """A practice invoice that has left the draft."""
    paper = Paper(language, files)
    verdict = _VERDICTS[view.invoice.state]
    total = total_of(view.invoice.reading)
    paper.header(paper.say(Message("Practice")), paper.say(verdict), paper.show(total))
    paper.lines(paper.say(PRACTICE))
    seller = view.invoice.reading.value(FieldName.SELLER_NAME)
    paper.small(dotted(paper.foreign(seller) if seller else None, view.invoice.reading.value(FieldName.NUMBER)))
    if view.invoice.state is not InvoiceState.CLAIMED:
        paper.actions(paper.button(Action.PRACTISE, Message("Practise again"), "sample"))
    return paper.card(Message("Practice: {verdict}, {total}", verdict=verdict, total=total))
