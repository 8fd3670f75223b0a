"""What people and systems can do, one file each. `register` is the table of contents."""

from slack_bolt.async_app import AsyncApp

from handlers.approval import Approval
from handlers.batch import BatchPresses
from handlers.commands import Commands
from handlers.draft import Draft
from handlers.events import Events
from handlers.home import Home
from handlers.practice import Practice


def register(
    app: AsyncApp,
    *,
    events: Events,
    draft: Draft,
    batch: BatchPresses,
    approval: Approval,
    commands: Commands,
    home: Home,
    practice: Practice,
) -> None:
    """Tell Bolt who listens to what."""
    events.register(app)
    draft.register(app)
    batch.register(app)
    approval.register(app)
    commands.register(app)
    home.register(app)
    practice.register(app)
