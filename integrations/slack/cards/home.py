"""The Home tab: what needs its reader first, then what is under way, then what has ended; finance sees the queue."""

from core.actions import Action
from core.messages import Message
from core.views import HomeView, Part, Stage, ToDecide
from integrations.language import Language
from integrations.slack.cards.listing import claim_line, draw_row
from integrations.slack.cards.paper import Card, Paper


def home_card(view: HomeView, language: Language) -> Card:
    """Every part that has something in it, each row with its button."""
    paper = Paper(language)
    _head(view, paper)
    if view.to_decide_count:
        _heading(Message("Waiting for your decision: {count}", count=view.to_decide_count), paper)
        for each in view.to_decide:
            _to_decide(each, view, paper)
        _left(view.to_decide_count - len(view.to_decide), paper)
    _part(Message("Needs you: {count}", count=view.needs_me.count), view.needs_me, view, paper)
    _part(Message("Under way: {count}", count=view.under_way.count), view.under_way, view, paper)
    _part(Message("Ended: {count}", count=view.ended.count), view.ended, view, paper)
    if view.queue is not None:
        _queue(view, view.queue, paper)
    return paper.card(Message("Home"))


def _head(view: HomeView, paper: Paper) -> None:
    if not view.to_decide_count and not view.needs_me.count:
        paper.lines(
            paper.say(
                Message(
                    "Nothing needs you now. Send me an invoice as photo, PDF, OFD, XML or ZIP in Messages, and I will read it."
                )
            )
        )
    paper.row(
        paper.button(Action.REFRESH, Message("Refresh"), "home"),
        paper.say(Message("As of {time}", time=view.at)),
    )


def _heading(said: Message, paper: Paper) -> None:
    paper.header(paper.say(said))


def _to_decide(each: ToDecide, view: HomeView, paper: Paper) -> None:
    claim = each.row.claim
    assert claim is not None
    button = paper.button(
        Action.DETAILS,
        Message("Details"),
        f"{claim.id}|{each.task_id}|{claim.round}",
        aloud=Message("Details of {reference}", reference=claim.reference),
    )
    since = Message("Waiting since {time}", time=claim.waits_since())
    paper.row(button, claim_line(each.row, claim, view.names, paper, named=True), paper.say(since))


def _part(said: Message, part: Part, view: HomeView, paper: Paper) -> None:
    if not part.count:
        return
    _heading(said, paper)
    for row in part.rows:
        draw_row(row, view.names, paper, named=False)
    _left(part.count - len(part.rows), paper)


def _left(count: int, paper: Paper) -> None:
    if count > 0:
        paper.small(paper.say(Message("and {count} more", count=count)))


def _queue(view: HomeView, queue: tuple[Stage, ...], paper: Paper) -> None:
    _heading(Message("All open claims: {count}", count=view.longest.count), paper)
    paper.lines(
        *(
            "• "
            + paper.say(
                Message(
                    "{step}: {count}, together {totals}, the longest since {time}",
                    step=stage.name,
                    count=stage.count,
                    totals=stage.totals,
                    time=stage.since,
                )
            )
            for stage in queue
        )
    )
    for row in view.longest.rows:
        draw_row(row, view.names, paper, named=True)
    _left(view.longest.count - len(view.longest.rows), paper)
