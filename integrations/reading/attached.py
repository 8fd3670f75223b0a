"""XML attached to a PDF: the rail ticket's XBRL, Factur-X, ZUGFeRD. The data lead, the page is their picture."""

from collections.abc import Iterator

import pypdfium2

from core.errors import Unreadable
from core.invoice import Kind
from core.reading.originals import Written
from integrations.reading import schemas, xml_file
from integrations.reading.pdf import opened

_MOST = 20  # attachments that are looked at
_E_INVOICES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")
"""Names by which a PDF says that its attachment is the invoice, in lower case."""


def written_in_pdf(content: bytes) -> Written | None:
    """What a PDF's attachments say as an invoice; None when none of them does.

    Raises: Unreadable: E-EINVOICE-INVALID and others, when the only data that claim to be the invoice cannot be trusted.
    """
    refused: Unreadable | None = None
    for name, data in _attachments(content):
        try:
            written = xml_file.written_file(data)
        except Unreadable as problem:
            if refused is None and name.lower() in _E_INVOICES:
                refused = schemas.invalid(str(problem)) if problem.code == "E-XML-BROKEN" else problem
            continue
        if written is not None:
            return written
    if refused is not None:
        raise refused
    return None


def is_leading(written: Written) -> bool:
    """Whether the data alone are the invoice, so that nothing on the page is read: EN 16931 says so of its own."""
    return written.kind is Kind.FOREIGN_INVOICE


def _attachments(content: bytes) -> Iterator[tuple[str, bytes]]:
    with opened(content) as document:
        for index in range(min(document.count_attachments(), _MOST)):
            try:
                attachment = document.get_attachment(index)
                name = attachment.get_name()
                if name.lower().endswith((".xml", ".xbrl")):
                    yield name, bytes(attachment.get_data())
            except pypdfium2.PdfiumError:
                continue
