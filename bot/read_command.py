"""`piaobot read FILE…`: what the reader and the checks make of files, without a chat or a database."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from core.checks import CheckFacts, CheckResult, run_checks
from core.errors import Unreadable
from core.invoice import Box, Field, ReadInvoice, questions
from core.messages import Language, Message
from core.policy import Policy
from core.ports import DocumentReader
from core.words import FIELD_WORDS


def read_files(
    paths: list[Path], reader: DocumentReader, policy: Policy, language: Language, today: date, *, as_json: bool
) -> bool:
    """Print one line (or one table) per invoice; False when any file gave nothing."""
    console = Console()
    complete = True
    for path in paths:
        try:
            reading = reader.read(path.read_bytes(), path.name)
        except (Unreadable, OSError) as problem:
            complete = False
            _print_problem(console, path, problem, language, as_json=as_json)
            continue
        for entry in reading.problems:
            complete = False
            _print_problem(
                console, path / entry.name, Unreadable(entry.message, code=entry.code), language, as_json=as_json
            )
        for invoice in reading.invoices:
            checked = _checked(invoice, policy, today)
            if as_json:
                print(json.dumps(as_line(path, invoice, checked, language), ensure_ascii=False), flush=True)
            else:
                _print_table(console, path, invoice, checked, language)
    return complete


def _checked(invoice: ReadInvoice, policy: Policy, today: date) -> CheckResult:
    """The checks that need neither our own entities nor what was claimed before."""
    facts = CheckFacts(
        reading=invoice,
        entities=(),
        paying_entity=None,
        today=today,
        original=invoice.is_original(),
        seen_elsewhere=None,
    )
    return run_checks(facts, policy)


def as_line(path: Path, invoice: ReadInvoice, checked: CheckResult, language: Language) -> dict[str, Any]:
    """One invoice as JSON: strings; money "475.80"; ISO dates; page from 1; boxes as fractions of the upright page."""
    return {
        "file": str(path),
        "part": invoice.part or None,
        "page": invoice.page,
        "kind": invoice.kind.value,
        "fields": {name.value: _field(field) for name, field in invoice.fields.items()},
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "message": language.say(finding.message),
                "evidence": dict(finding.evidence),
            }
            for finding in checked.findings
        ],
        "questions": [name.value for name in questions(invoice)],
        "lines": [
            {"name": line.name, "amount": line.amount, "rate": line.rate, "tax": line.tax} for line in invoice.lines
        ],
        "details": dict(invoice.details),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "state": field.state.value,
        "sources": [source.value for source in field.sources],
        "confidence": None if field.confidence is None else round(field.confidence, 4),
        "box": _corners(field.box),
    }


def _corners(box: Box | None) -> list[float] | None:
    return None if box is None else [round(edge, 4) for edge in (box.x0, box.y0, box.x1, box.y1)]


def _print_problem(console: Console, path: Path, problem: Exception, language: Language, *, as_json: bool) -> None:
    code, said = ("E-FILE", str(problem))
    if isinstance(problem, Unreadable):
        code, said = problem.code, language.say(problem.message)
    if as_json:
        print(json.dumps({"file": str(path), "error": {"code": code, "message": said}}, ensure_ascii=False), flush=True)
    else:
        console.print(f"{path}: {said} ({code})", style="bold", markup=False)


def _print_table(console: Console, path: Path, invoice: ReadInvoice, checked: CheckResult, language: Language) -> None:
    table = Table(
        title=f"{path.name}{invoice.part and f' › {invoice.part}'} · {invoice.kind.value}",
        title_justify="left",
        title_style="bold",
    )
    for heading in (Message("Field"), Message("Value"), Message("State"), Message("Sources")):
        table.add_column(language.say(heading), overflow="fold")
    for name, field in invoice.fields.items():
        sources = ", ".join(source.value for source in field.sources)
        table.add_row(language.say(FIELD_WORDS[name]), field.value or "–", field.state.value, sources)
    console.print(table)
    for line in _remarks(invoice, checked):
        console.print(f"  {language.say(line)}", markup=False)


def _remarks(invoice: ReadInvoice, checked: CheckResult) -> Iterator[Message]:
    for finding in checked.findings:
        yield Message("{code}: {sentence}", code=finding.code, sentence=finding.message)
    for name in questions(invoice):
        yield Message("To be confirmed by a person: {field}", field=FIELD_WORDS[name])
