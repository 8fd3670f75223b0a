"""A claim that policy approved and the sample drew: finance looks at it afterwards."""

from core.actions import Action
from core.messages import Message
from core.views import SampledView
from integrations.language import Language
from integrations.slack.cards.paper import NAME, Card, Paper, dotted


def sampled_card(view: SampledView, language: Language) -> Card:
    """A notice with a way to the claim's page; nothing waits for it."""
    paper, claim = Paper(language), view.claim
    paper.header(paper.say(Message("Sampled for audit")), paper.show(claim.claimed), claim.reference)
    paper.lines(
        dotted(
            paper.foreign(view.name),
            paper.say(view.category_name),
            paper.clip(claim.purpose, NAME) if claim.purpose else None,
        ),
        paper.say(
            Message("Approved by policy {version} at once. Nothing waits for you.", version=claim.policy_version)
        ),
        paper.say(Message("Why: {reasons}", reasons=claim.plan.reason)) if claim.plan.reason else None,
    )
    paper.actions(paper.button(Action.OPEN_LINK, Message("Look at it"), f"{claim.id}||{claim.round}"))
    return paper.card(
        Message(
            "Sampled for audit: {reference} of {name}, {total}, approved by policy.",
            reference=claim.reference,
            name=view.name,
            total=claim.claimed,
        )
    )
