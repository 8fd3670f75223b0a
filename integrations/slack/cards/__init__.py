"""Cards and modals as Block Kit: pure functions of a view and the reader's language."""

from collections.abc import Mapping
from typing import Any

from core.invoice import InvoiceState
from core.views import (
    ApprovalView,
    BatchView,
    DetailsForm,
    DocumentView,
    EditForm,
    Form,
    HelpView,
    HomeView,
    InvoiceView,
    ListView,
    MeetingView,
    MoreOfBatch,
    NoticeView,
    Picture,
    ReasonForm,
    SampledView,
    StatusForm,
    StatusView,
    TogetherForm,
    View,
)
from integrations.language import Language
from integrations.slack.cards.approval import approval_card, is_open
from integrations.slack.cards.batch import batch_card, more_of_batch, together_form
from integrations.slack.cards.claim import claimed_card
from integrations.slack.cards.draft import draft_card
from integrations.slack.cards.forms import details_form, edit_form, reason_form, status_form
from integrations.slack.cards.help import help_card
from integrations.slack.cards.home import home_card
from integrations.slack.cards.listing import list_card
from integrations.slack.cards.notices import document_card, notice_card
from integrations.slack.cards.paper import Card
from integrations.slack.cards.practice import meeting_card, practised_card
from integrations.slack.cards.sampled import sampled_card
from integrations.slack.cards.status import status_card


def card_of(view: View, language: Language, files: Mapping[str, str]) -> Card:  # noqa: C901, a line for each view
    """The message that shows a view. `files`: picture key → Slack file id, for the pictures Slack has."""
    match view:
        case DocumentView():
            return document_card(view, language)
        case InvoiceView():
            return _invoice_card(view, language, files)
        case ApprovalView():
            return approval_card(view, language, files)
        case NoticeView():
            return notice_card(view, language)
        case BatchView():
            return batch_card(view, language)
        case MoreOfBatch():
            return more_of_batch(view, language)
        case StatusView():
            return status_card(view, language)
        case ListView():
            return list_card(view, language)
        case HelpView():
            return help_card(view, language)
        case SampledView():
            return sampled_card(view, language)
        case MeetingView():
            return meeting_card(language)


def _invoice_card(view: InvoiceView, language: Language, files: Mapping[str, str]) -> Card:
    if view.invoice.state is InvoiceState.DRAFT:
        return draft_card(view, language, files)
    draw = practised_card if view.invoice.practice else claimed_card
    return draw(view, language, files)


def home_of(view: HomeView | NoticeView, language: Language) -> dict[str, Any]:
    """The Home tab, as views.publish takes it."""
    drawn = home_card(view, language) if isinstance(view, HomeView) else notice_card(view, language)
    return {"type": "home", "blocks": drawn.blocks}


def pictures_of(view: View) -> tuple[Picture, ...]:
    """The pictures its card shows, to be sent to Slack before the card."""
    match view:
        case InvoiceView(invoice=invoice) if invoice.state is InvoiceState.DRAFT:
            crops = (question.crop for question in view.questions)
            return tuple(picture for picture in (view.picture, *crops) if picture)
        case ApprovalView(picture=Picture() as picture) if is_open(view):
            return (picture,)
    return ()


def modal_of(form: Form, language: Language) -> dict[str, Any]:
    """The modal of a form, as views.open takes it."""
    match form:
        case EditForm():
            return edit_form(form, language)
        case ReasonForm():
            return reason_form(form, language)
        case DetailsForm():
            return details_form(form, language)
        case StatusForm():
            return status_form(form, language)
        case TogetherForm():
            return together_form(form, language)
