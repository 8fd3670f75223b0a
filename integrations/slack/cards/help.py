"""What one can try, by role: at most ten lines, each of which works as it stands."""

from collections.abc import Iterator

from core.messages import Message
from core.views import HelpView
from integrations.language import Language
from integrations.slack.cards.paper import Card, Paper

_EVERYBODY = (
    Message("Send me an invoice as photo, PDF, OFD, XML or ZIP: I read it, check it and show you a draft"),
    Message("Reply under a draft to correct it: total 128.50, date 2026-11-03, category travel"),
    Message("/invoice mine: your drafts and claims, and who has them"),
    Message("/invoice status CL-2026-0001: where a claim is, who has it, since when"),
    Message("/invoice find Yunfan: by a part of the seller's name, a number, a reference or a total (find 475.80)"),
    Message("Open my Home tab: what needs you, what is under way, what has ended"),
)
_APPROVES = (Message("Home tab, Details: all about a claim that waits for you; you decide it on its card in Messages"),)
_FINANCE = (Message("/invoice find and status: everybody's claims for you; the queue is on my Home tab"),)
_ADMIN = (
    Message("On the server: script/piaobot jobs failed lists jobs that ended in an error; jobs retry runs one again"),
    Message("On the server: script/piaobot audit verify checks that nobody changed the audit log"),
)


def help_card(view: HelpView, language: Language) -> Card:
    """The lines for this person; before them what was not understood."""
    paper = Paper(language)
    said = Message("Things to try:")
    if view.unclear is not None:
        said = Message("I did not understand “{words}”. You can say:", words=paper.clip(view.unclear, 60))
    paper.lines(paper.say(said), *("• " + paper.say(line) for line in _lines(view)))
    return paper.card(said)


def _lines(view: HelpView) -> Iterator[Message]:
    yield from _EVERYBODY
    yield from _APPROVES if view.approves else ()
    yield from _FINANCE if view.finance else ()
    yield from _ADMIN if view.admin else ()
