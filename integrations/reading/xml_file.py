"""XML from strangers: parsed without entities, without a DTD, without reaching for anything outside."""

import codecs
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.errors import Unreadable
from core.invoice import ReadInvoice, Source
from core.messages import Message
from core.reading.originals import Written, written_in
from integrations.reading import schemas

_MOST_TAGS = 400_000
"""An invoice of 2,000 lines has about 40,000. Each takes some 300 bytes of memory."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]{0,200}\?>""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Chinese issuers declare GB2312 and mean its superset; the parser itself knows none of them.
_CHINESE = {"gb2312", "gbk", "gb18030", "cp936"}


def parse(content: bytes) -> Element:
    """The root of a file. Raises Unreadable: E-XML-BROKEN, E-XML-ENTITIES, E-XML-TOO-LARGE."""
    if content.count(b"<") > 2 * _MOST_TAGS:
        raise Unreadable(
            Message(
                "This XML file is far larger than any invoice, so it was not read. The original is kept (24 hours). Please send the invoice itself."
            ),
            code="E-XML-TOO-LARGE",
        )
    try:
        root: Element = fromstring(_text(content), forbid_dtd=True)
    except DefusedXmlException as forbidden:
        raise Unreadable(
            Message(
                "This XML file declares a document type or entities, which no invoice does and which may be an attack. "
                "It was not read, and nothing it names was fetched. The original is kept (24 hours). Please download the invoice again and send that."
            ),
            code="E-XML-ENTITIES",
            detail=type(forbidden).__name__,
        ) from forbidden
    except (ParseError, ValueError, LookupError, RecursionError) as problem:
        raise broken_xml(f"{problem}"[:200]) from problem
    return root


def broken_xml(detail: str) -> Unreadable:
    """It is not well-formed, or says it is in an encoding that does not exist. `detail` is where and why."""
    return Unreadable(
        Message(
            "This XML file is damaged or incomplete. The original is kept (24 hours). Please download it again and send it anew, or send the invoice as OFD or PDF."
        ),
        code="E-XML-BROKEN",
        detail=detail,
    )


def _text(content: bytes) -> bytes | str:
    """What the parser is given: text where it does not know the encoding."""
    declared = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8))
    if declared is None or declared[1].decode().lower() not in _CHINESE:
        return content.strip(b" \r\n\t")
    return _DECLARATION.sub("", content.decode("gb18030"), count=1)


def written_file(content: bytes) -> Written | None:
    """What an XML file says as an invoice; None when it is another XML.

    Raises Unreadable: as parse, and E-EINVOICE-INVALID for an EN 16931 invoice that its own schema refuses.
    """
    root = parse(content)
    written = written_in(root)
    if written is not None:
        schemas.refuse_invalid(content, root)
    return written


def read_xml(content: bytes) -> tuple[ReadInvoice, ...]:
    """The invoice of an XML file. Raises Unreadable: as written_file, and E-NOT-AN-INVOICE for another XML."""
    written = written_file(content)
    if written is None:
        raise Unreadable(
            Message(
                "This XML file is no invoice that is known here: digital (shudian) and older Chinese e-invoices, XBRL vouchers, UBL, and Factur-X or ZUGFeRD (CII) can be read. "
                "The original is kept (24 hours). Please send the invoice itself."
            ),
            code="E-NOT-AN-INVOICE",
        )
    return (written.invoice(Source.XML),)
