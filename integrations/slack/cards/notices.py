"""Files on their way, files that could not be read, and single sentences."""

from core.messages import Message
from core.views import DocumentView, NoticeView
from integrations.language import Language
from integrations.slack.cards.paper import Card, Paper
from integrations.slack.cards.words import PRACTICE


def document_card(view: DocumentView, language: Language) -> Card:
    """A file that is being read, was sent before, or why it could not be read, with the code finance can search."""
    paper = Paper(language)
    name = paper.clip(view.name, 80)
    if view.practice:
        paper.small(paper.say(PRACTICE))
    ended = view.problem or view.said
    said = (
        Message("Reading {name} …", name=name)
        if ended is None
        else Message("{name}: {problem}", name=name, problem=ended)
    )
    paper.lines(paper.say(said))
    if view.problem_code:
        paper.small(view.problem_code)
    return paper.card(said)


def notice_card(view: NoticeView, language: Language) -> Card:
    """A sentence. A value named `url` is an address of our own and becomes a link."""
    paper = Paper(language)
    url = view.message.values.get("url")
    if isinstance(url, str):
        paper.linked(view.message, url)
    else:
        paper.lines(paper.say(view.message))
    return paper.card(view.message)
