"""Files that need no OCR: XML and OFD. What is imported here is light, so that a process of its own can wait for them."""

from core.document import Reading
from integrations.reading.limits import ReadingLimits
from integrations.reading.ofd import read_ofd
from integrations.reading.sniff import XML
from integrations.reading.xml_file import read_xml


def read_document(content: bytes, media: str, limits: ReadingLimits) -> Reading:
    """The invoice of an XML or OFD file. Raises Unreadable (E-XML-…, E-OFD-…, E-ZIP-…, E-EINVOICE-INVALID, …)."""
    return Reading(read_xml(content) if media == XML else read_ofd(content, limits), {})
