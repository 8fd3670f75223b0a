"""Runs the checks side by side and says what each found, in the order of the list."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import typer

from bot.doctor import Check
from bot.doctor.found import Found, Mark, broken
from bot.doctor.place import Place
from core.messages import Language, Message
from integrations.http import without_tokens

QUIET_SECONDS = 2.0
"""What takes longer is named while it runs."""
_SIGNS = {Mark.GOOD: "✓", Mark.LOOK: "!", Mark.BROKEN: "✗"}
_COLOURS = {Mark.GOOD: "green", Mark.LOOK: "yellow", Mark.BROKEN: "red"}


@dataclass
class _Run:
    """One check under way in a thread of its own, which may hang without holding up the others."""

    check: Check
    began: float = field(default_factory=time.monotonic)
    ended: Event = field(default_factory=Event)
    found: Found | None = None

    def start(self, place: Place) -> "_Run":
        Thread(target=self._look, args=(place,), name=self.check.name, daemon=True).start()
        return self

    def _look(self, place: Place) -> None:
        try:
            self.found = self.check.look(place)
        except Exception as problem:  # noqa: BLE001, said in the report: one check's fault is not the others'
            where = traceback.extract_tb(problem.__traceback__)[-1]
            self.found = broken(
                Message(
                    "This check itself failed: {problem} at {place}.",
                    problem=type(problem).__name__,
                    place=f"{Path(where.filename).name}:{where.lineno}",
                ),
                Message("Please report this line to whoever maintains Piaobot."),
            )
        self.ended.set()

    def wait(self, slow: Callable[[Check], None]) -> Found:
        """`slow` is called when it takes long. What has not ended in its time is broken."""
        if not self.ended.wait(QUIET_SECONDS):
            slow(self.check)
        self.ended.wait(max(0.0, self.began + self.check.seconds - time.monotonic()))
        return self.found or broken(
            Message("No answer came within {seconds} seconds.", seconds=int(self.check.seconds)),
            Message(
                "See whether the machine or its network is overloaded, or a network drive hangs; then run this again."
            ),
        )


def examine(place: Place, checks: Iterable[Check], slow: Callable[[Check], None]) -> Iterator[tuple[Check, Found]]:
    """What each check found, in their order. All run at once."""
    for run in [_Run(check).start(place) for check in checks]:
        yield run.check, run.wait(slow)


def tell(place: Place, checks: Iterable[Check], language: Language, *, as_json: bool) -> bool:
    """Print the report; whether nothing is broken."""

    def slow(check: Check) -> None:
        print(f"… {language.say(check.title)}", file=sys.stderr, flush=True)

    counted = dict.fromkeys(Mark, 0)
    logging.disable()  # what libraries complain of stands in the report, in words
    for check, found in examine(place, checks, slow):
        counted[found.mark] += 1
        said = _safe(language.say(found.said))
        line = language.say(Message("{title}: {said}", title=check.title, said=said))
        mend = _safe(language.say(found.mend)) if found.mend else ""
        if as_json:
            row = {"check": check.name, "mark": found.mark.value, "said": said, "mend": mend}
            print(json.dumps(row, ensure_ascii=False), flush=True)
            continue
        sign = typer.style(_SIGNS[found.mark], fg=_COLOURS[found.mark], bold=True)
        typer.echo(f"{sign} {line}")
        if mend:
            typer.echo(f"    → {mend}")
    logging.disable(logging.NOTSET)
    if not as_json:
        typer.echo("\n" + language.say(_summary(counted)))
    return not counted[Mark.BROKEN]


def _summary(counted: dict[Mark, int]) -> Message:
    if counted[Mark.BROKEN]:
        return Message(
            "To mend: {broken} (✗). To look at: {look} (!). Mend from the top down, then run this again.",
            broken=counted[Mark.BROKEN],
            look=counted[Mark.LOOK],
        )
    if counted[Mark.LOOK]:
        return Message("Nothing is broken. To look at: {look} (!).", look=counted[Mark.LOOK])
    return Message("All is well.")


def _safe(text: str) -> str:
    """Without tokens, and without what could steer the terminal."""
    return "".join(letter for letter in without_tokens(text) if letter.isprintable() or letter == "\n").replace(
        "\n", "\n    "
    )
