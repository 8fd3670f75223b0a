"""A decision on one line: what, by whom, when, and the words exactly as they were given."""

from collections.abc import Mapping

from core.approval import OATask
from core.decision import Decision
from core.ids import PersonId
from integrations.slack.cards.paper import Paper, dotted
from integrations.slack.cards.words import TASK_WORDS, VERDICT_WORDS


def decision_line(decision: Decision, names: Mapping[PersonId, str], paper: Paper, *, words: bool = True) -> str:
    """For example: 已同意 · 王芳 · 11-24 14:02 · “季度打印耗材”."""
    return dotted(
        paper.say(VERDICT_WORDS[decision.verdict]),
        paper.show(names.get(decision.by, decision.by)),
        paper.show(decision.at),
        quoted(decision.words, paper) if words else None,
    )


def task_line(task: OATask, names: Mapping[PersonId, str], paper: Paper) -> str:
    """The same for a task as the OA tells it."""
    return dotted(
        paper.say(TASK_WORDS[task.status]),
        paper.show(names.get(task.assignee, task.assignee)),
        paper.show(task.at) if task.at else None,
        quoted(task.comment, paper),
    )


def quoted(words: str, paper: Paper) -> str | None:
    """Somebody's words in quotation marks, None when there are none."""
    return f"“{paper.show(words.strip())}”" if words.strip() else None
