"""Expected failures. Each carries the sentence a person reads: what happened, what was kept, what to do."""

from core.messages import Message


class Expected(Exception):
    """Something a person or an outside system may do; never a bug.

    `message` is for the person, `code` is short and searchable ("E-PDF-LOCKED"), `detail` is for the log and
    holds no personal data.
    """

    code = "E-REFUSED"

    def __init__(self, message: Message, *, code: str | None = None, detail: str = "") -> None:
        super().__init__(detail or message.text)
        self.message = message
        self.code = code or self.code


class Refused(Expected):
    """This person may not do this now."""


class NotUnderstood(Expected):
    """What was typed cannot be read as what was asked for. `field` names the input."""

    code = "E-INPUT"

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(message)
        self.field = field


class Changed(Expected):
    """The row was changed by somebody else since it was shown; nothing was done."""

    code = "E-CHANGED"


class Unreadable(Expected):
    """A document that gives no invoice; `code` says why."""

    code = "E-UNREADABLE"
