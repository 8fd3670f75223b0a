"""What goes wrong in a listener is said to the person who pressed, and never loses the answer to Slack."""

import asyncio
import html
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from core.errors import Expected, NotUnderstood
from core.messages import Languages, Message
from core.ports import ChatRefused, ChatUnavailable, Screens
from handlers.callers import Callers
from handlers.metrics import TURNED_AWAY

Body = Mapping[str, Any]
log = structlog.get_logger()

LATER = Message("Slack is not answering just now. Nothing was changed; please press again in a moment.")


class Listeners(Protocol):
    """What a class of listeners has, so that failures can be said."""

    @property
    def callers(self) -> Callers: ...
    @property
    def screens(self) -> Screens: ...
    @property
    def languages(self) -> Languages: ...


Errors = Mapping[str, str]
"""A form's errors: block id → sentence, in the reader's language."""

Work = Callable[[Any, Body], Errors | None]
Listener = Callable[[Any, AsyncAck, Body], Awaitable[None]]


def reports_failures(work: Work) -> Listener:
    """A listener that does plain, blocking work in a thread and answers Slack once it is done.

    What the work raises becomes a sentence for the person who pressed. Caught here and not in app.error: slack-bolt
    1.30 loses the answer of a listener that raises within 10 ms of it.
    """

    async def guarded(self: Listeners, ack: AsyncAck, body: Body) -> None:
        try:
            errors = await asyncio.to_thread(work, self, body)
        except Exception as problem:  # noqa: BLE001, the one place where every failure becomes a sentence
            await _answer(self, ack, body, problem)
        else:
            await (ack(response_action="errors", errors=dict(errors)) if errors else ack())

    guarded.__name__ = work.__name__
    return guarded


async def _answer(listeners: Listeners, ack: AsyncAck, body: Body, problem: Exception) -> None:
    said = _sentence(problem)
    if body.get("type") == "view_submission":
        block = problem.field if isinstance(problem, NotUnderstood) else next(iter(body["view"]["state"]["values"]))
        await ack(response_action="errors", errors={block: await asyncio.to_thread(_in_words, listeners, body, said)})
        return
    unsaid = await asyncio.to_thread(_tell, listeners, body, said)
    # The answer to Slack's request is the last way to the person that is left; only a command's is shown to them.
    await (ack(unsaid) if unsaid and "command" in body else ack())


def _sentence(problem: Exception) -> Message:
    if isinstance(problem, NotUnderstood):
        return problem.message
    if isinstance(problem, Expected):
        TURNED_AWAY.labels(problem.code).inc()
        log.info("refused", code=problem.code)
        return Message("{sentence} ({code})", sentence=problem.message, code=problem.code)
    if isinstance(problem, (ChatUnavailable, ChatRefused)):
        log.warning("chat failed", error=str(problem))
        return LATER
    reference = uuid.uuid4().hex[:8].upper()
    log.error("listener failed", reference=reference, exc_info=problem)
    return Message(
        "Something went wrong on our side and nothing was changed. Please try again; if it happens again, "
        "tell finance this code: E-{reference}.",
        reference=reference,
    )


def _in_words(listeners: Listeners, body: Body, said: Message) -> str:
    member = listeners.callers.pressing(body)
    return listeners.languages.for_locale(member.locale, member.time_zone).say(said)


def _tell(listeners: Listeners, body: Body, said: Message) -> str:
    """Only the person who pressed or asked sees it. What could not be said, as text that is safe to show; else "".

    A press in the Home tab has no address to answer to: it is answered by direct message.
    """
    words = [listeners.languages.for_locale(locale, "UTC").say(said) for locale in ("zh-CN", "en")]
    try:
        words = [_in_words(listeners, body, said)]
        listeners.screens.answer(body.get("response_url", ""), listeners.callers.pressing(body), said)
    except (ChatUnavailable, ChatRefused) as unsaid:
        log.warning("could not answer", error=str(unsaid))
        return html.escape("\n".join(words), quote=False)
    return ""
