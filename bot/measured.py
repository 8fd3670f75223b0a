"""The reader and the OA, counted and timed."""

from dataclasses import dataclass
from typing import Any

from bot.health import clock
from core.approval import OAError
from core.document import Reading
from core.errors import Unreadable
from core.invoice import ReadInvoice, Source, questions
from core.ports import DocumentReader, OfficeAutomation
from integrations.metrics import INVOICES, OA_ERRORS, QUESTIONS, READING_SECONDS, UNREADABLE


@dataclass(frozen=True)
class MeasuredReader:
    """A DocumentReader around another."""

    reader: DocumentReader

    def read(self, content: bytes, name: str) -> Reading:
        """As the reader's."""
        started = clock()
        try:
            reading = self.reader.read(content, name)
        except Unreadable as problem:
            UNREADABLE.labels(problem.code).inc()
            raise
        READING_SECONDS.labels(_strongest(reading.invoices)).observe(clock() - started)
        for invoice in reading.invoices:
            INVOICES.labels(invoice.kind.value).inc()
            for field in questions(invoice):
                QUESTIONS.labels(field.value).inc()
        return reading


def _strongest(invoices: tuple[ReadInvoice, ...]) -> str:
    seen = {each.source for invoice in invoices for field in invoice.fields.values() for each in field.candidates}
    return next((source.value for source in Source if source in seen), "nothing")


class MeasuredOA:
    """An OfficeAutomation around another: counts what it did not take."""

    def __init__(self, oa: OfficeAutomation) -> None:
        self._oa = oa

    def __getattr__(self, name: str) -> Any:
        held = getattr(self._oa, name)
        if not callable(held):
            return held

        def counted(*args: Any, **kwargs: Any) -> Any:
            try:
                return held(*args, **kwargs)
            except OAError as problem:
                OA_ERRORS.labels(self._oa.system, type(problem).__name__).inc()
                raise

        return counted
