"""OFD (GB/T 33190): a ZIP of XML. What an invoice says stands in attachments, in tags that point at text, in the
document's information, and on its pages. Source: domain table, 11.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element, SubElement

from core.errors import Unreadable
from core.invoice import Box, Candidate, Field, FieldName, FieldState, Kind, ReadInvoice, Source
from core.messages import Message
from core.reading.kinds import DIGITAL, VAT, kind_of
from core.reading.layout import Word, word
from core.reading.layout import page as page_of
from core.reading.merging import merged
from core.reading.numerals import numerals_in, says
from core.reading.originals import written_in
from core.reading.originals.tree import every, local, one, text
from integrations.reading.archive import Archive, open_archive
from integrations.reading.limits import ReadingLimits
from integrations.reading.text_faces import faces_on, invoice_on
from integrations.reading.xml_file import parse

_ROOT = "OFD.xml"
_DEEPEST = 20  # elements inside one another in a tree of tags
_INFORMATION = {
    "发票代码": ("InvoiceCode",),
    "发票号码": ("InvoiceNo",),
    "开票日期": ("IssueDate",),
    "校验码": ("InvoiceCheckCode",),
    "合计金额": ("TaxExclusiveTotalAmount",),
    "合计税额": ("TaxTotalAmount",),
    "价税合计": ("TaxInclusiveTotalAmount",),
    "购买方名称": ("Buyer", "BuyerName"),
    "购买方纳税人识别号": ("Buyer", "BuyerTaxID"),
    "销售方名称": ("Seller", "SellerName"),
    "销售方纳税人识别号": ("Seller", "SellerTaxID"),
}
"""The document's information by the names that older e-invoices' own data have."""

# Issuers write tags like <:eInvoice xmlns:="">, and prefixes that are declared nowhere.
_PREFIX = re.compile(rb"(</?)[A-Za-z_][\w.-]*:|(</?):|\s+xmlns(?::[\w.-]*)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")


@dataclass(frozen=True)
class Page:
    """A page by its size in millimetres: the places and texts of its objects by their ids, and those of its form."""

    width: float
    height: float
    objects: Mapping[str, tuple[Box, str]]
    form: Sequence[tuple[Box, str]]

    def words(self) -> tuple[Word, ...]:
        """All of its text, with places as fractions of the page."""
        across, down = self.width, self.height
        return tuple(
            word(said, Box(box.x0 / across, box.y0 / down, box.x1 / across, box.y1 / down))
            for box, said in (*self.form, *self.objects.values())
            if said.strip()
        )


def read_ofd(content: bytes, limits: ReadingLimits) -> tuple[ReadInvoice, ...]:
    """The invoice of an OFD, or those printed on it when it has no data; a NOT_INVOICE when it is another document.

    Raises: Unreadable: E-OFD-BROKEN, E-OFD-NESTED, E-PAGES, E-ZIP-…, E-XML-….
    """
    archive = open_archive(content, limits, rooted=True)
    if any(name.lower().endswith((".zip", ".ofd", ".rar", ".7z")) for name in archive.entries):
        raise Unreadable(
            Message(
                "This OFD holds another archive, which no invoice does, so it was not read. The original is kept (24 hours). "
                "Please send the invoice itself."
            ),
            code="E-OFD-NESTED",
        )
    return _Ofd(archive, limits).invoices()


class _Ofd:
    """An opened OFD. Each of its parts is parsed once."""

    def __init__(self, archive: Archive, limits: ReadingLimits) -> None:
        self._archive, self._limits = archive, limits
        self._trees: dict[str, Element] = {}
        self._lowered = {name.lower(): name for name in archive.entries}

    def invoices(self) -> tuple[ReadInvoice, ...]:
        pages = self.pages
        said = [written.invoice(Source.OFD) for root in self._data() if (written := written_in(root))]
        if said:
            first, *others = said
            number = first.value(FieldName.NUMBER)
            same = [replace(each, kind=first.kind) for each in others if each.value(FieldName.NUMBER) == number]
            if first.value(FieldName.CODE) is None:
                same = [_with(each, FieldName.CODE, None) for each in same]
            (whole,) = merged((first, *same))
            return (_completed(whole, list(pages.values())),)
        return self._printed(list(pages.values())) or (ReadInvoice(1, Kind.NOT_INVOICE, {}),)

    @staticmethod
    def _printed(pages: Sequence[Page]) -> tuple[ReadInvoice, ...]:
        """Without data: what stands on the pages, as on a PDF's."""
        found = [
            invoice
            for number, page in enumerate(pages, 1)
            for face in faces_on(number, page.words(), Source.PDF_TEXT, ())
            for invoice in invoice_on([face])
        ]
        return tuple(invoice for invoice in found if invoice.kind is not Kind.NOT_INVOICE)

    def _data(self) -> Iterator[Element]:
        """Trees that may say an invoice, the best first: attachments, tags, the document's information."""
        for _, document in self._bodies:
            yield from (self._tree(path) for path in self._listed(document, "Attachments", "Attachment"))
        for _, document in self._bodies:
            for path in self._listed(document, "CustomTags", "CustomTag"):
                yield self._resolved(self._tree(path), 0)
        yield from (_information(body) for body, _ in self._bodies)

    @cached_property
    def _bodies(self) -> list[tuple[Element, str]]:
        """Each document of the file: its body in OFD.xml, and the path of its own root."""
        root = self._find("", _ROOT)
        if root is None:
            raise _broken("no OFD.xml")
        bodies = [(body, self._find(root, text(body, "DocRoot"))) for body in every(self._tree(root), "DocBody")]
        found = [(body, path) for body, path in bodies if path]
        if not found:
            raise _broken("no document")
        return found

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """All pages by their ids, in order."""
        found: dict[str, Page] = {}
        for _, path in self._bodies:
            document = self._tree(path)
            common, listed = one(document, "CommonData"), list(every(document, "Pages", "Page"))
            if len(found) + len(listed) > self._limits.pages:
                raise Unreadable(
                    Message(
                        "This OFD has more than {limit} pages. The original is kept (24 hours). Please send only the pages with invoices.",
                        limit=self._limits.pages,
                    ),
                    code="E-PAGES",
                )
            forms = {
                each.get("ID", ""): self._find(path, each.get("BaseLoc", "")) for each in every(common, "TemplatePage")
            }
            for number, entry in enumerate(listed):
                content = self._find(path, entry.get("BaseLoc", ""))
                if content:
                    page = self._page(content, text(common, "PageArea", "PhysicalBox"), forms)
                    found[entry.get("ID") or f"{path} {number}"] = page
        return found

    def _page(self, path: str, area: str, forms: Mapping[str, str | None]) -> Page:
        tree = self._tree(path)
        box = _box(text(tree, "Area", "PhysicalBox")) or _box(area) or Box(0, 0, 210, 297)
        used = [forms.get(each.get("TemplateID", "")) for each in every(tree, "Template")]
        form = [each for used_form in used if used_form for each in _objects(self._tree(used_form)).values()]
        return Page(max(box.x1 - box.x0, 1.0), max(box.y1 - box.y0, 1.0), _objects(tree), form)

    def _resolved(self, tag: Element, depth: int) -> Element:
        """A tree of tags in which each reference has become the text it points at."""
        if depth > _DEEPEST:
            raise _broken("tags too deep")
        twin, said = Element(local(tag)), [(tag.text or "").strip()]
        for child in tag:
            name = local(child)
            if name == "ObjectRef":
                said.append(self._object(child.get("PageRef", ""), text(child)))
            elif name == "ObjectData":
                said.append(text(child))
            elif name:
                twin.append(self._resolved(child, depth + 1))
        twin.text = "".join(said)
        return twin

    def _object(self, page: str, number: str) -> str:
        candidates = [self.pages[page]] if page in self.pages else self.pages.values()
        return next((each.objects[number][1] for each in candidates if number in each.objects), "")

    def _listed(self, document: str, listing: str, entry: str) -> Iterator[str]:
        """The XML parts a document's listing names."""
        for listed in every(self._tree(document), listing):
            path = self._find(document, text(listed))
            for each in every(self._tree(path), entry) if path else ():
                part = self._find(path or "", text(each, "FileLoc"))
                if part and part.lower().endswith(".xml"):
                    yield part

    def _find(self, base: str, location: str) -> str | None:
        """The part a location names: beside the part that names it, from the root, or in other capitals."""
        plain = location.strip().replace("\\", "/")
        tried = [plain] if plain.startswith("/") else [join(dirname(base), plain), plain]
        for candidate in tried if plain else ():
            path = normpath(candidate).lstrip("/")
            if path in self._archive.entries:
                return path
            if path.lower() in self._lowered:
                return self._lowered[path.lower()]
        return None

    def _tree(self, path: str) -> Element:
        if path not in self._trees:
            self._trees[path] = _parsed(self._archive.read(path))
        return self._trees[path]


def _parsed(content: bytes) -> Element:
    """A part, if need be without its prefixes."""
    try:
        return parse(content)
    except Unreadable as problem:
        if problem.code != "E-XML-BROKEN":
            raise
    try:
        return parse(_PREFIX.sub(lambda found: found[1] or found[2] or b"", content))
    except Unreadable as problem:
        raise _broken(str(problem)) if problem.code == "E-XML-BROKEN" else problem from problem


def _objects(tree: Element) -> dict[str, tuple[Box, str]]:
    """The texts of a page by their ids."""
    found = {}
    for place, element in enumerate(tree.iter()):
        box = _box(element.get("Boundary", "")) if local(element) == "TextObject" else None
        if box:
            said = "".join(text(code) for code in element if local(code) == "TextCode")
            found[element.get("ID") or f"? {place}"] = (box, said)
    return found


def _box(four: str) -> Box | None:
    """The corners of "left top width height"; None when it is anything else."""
    parts = four.split()
    if len(parts) != 4 or not all(re.fullmatch(r"-?[0-9]{1,6}(?:\.[0-9]{1,9})?", part) for part in parts):
        return None
    left, top, width, height = map(float, parts)
    return Box(left, top, left + width, top + height)


def _information(body: Element) -> Element:
    """The document's information as a tree of the older e-invoices' names."""
    root = Element("eInvoice")
    for entry in every(body, "DocInfo", "CustomDatas", "CustomData"):
        path = _INFORMATION.get(re.sub(r"\s", "", entry.get("Name", "")))
        if not path or not text(entry):
            continue
        parent = root
        for name in path[:-1]:
            known = one(parent, name)
            parent = SubElement(parent, name) if known is None else known
        SubElement(parent, path[-1]).text = text(entry)
    return root


def _completed(invoice: ReadInvoice, pages: Sequence[Page]) -> ReadInvoice:
    """What only stands on the page: its title, where the data leave the kind open, and the total in words."""
    words = tuple(each for page in pages[:1] for each in page.words())
    title = kind_of(page_of(words, Source.OFD), None)
    if invoice.kind is Kind.DIGITAL_ORDINARY and title in DIGITAL:
        invoice = replace(invoice, kind=title)
    total = invoice.amount(FieldName.TOTAL)
    if total is None or invoice.kind not in VAT or invoice.value(FieldName.TOTAL_CN) is not None:
        return invoice
    spelt = [each.text for each in words if (numerals := numerals_in(each.text)) and says(numerals, total)]
    return _with(invoice, FieldName.TOTAL_CN, spelt[0] if spelt else None)


def _with(invoice: ReadInvoice, name: FieldName, value: str | None) -> ReadInvoice:
    """With this field, or without it."""
    others = {other: held for other, held in invoice.fields.items() if other is not name}
    found = {name: Field(value, FieldState.VERIFIED, (Candidate(value, Source.OFD),))} if value else {}
    return replace(invoice, fields={**others, **found})


def _broken(detail: str) -> Unreadable:
    return Unreadable(
        Message(
            "This OFD is damaged or incomplete. The original is kept (24 hours). Please download it again and send it anew."
        ),
        code="E-OFD-BROKEN",
        detail=detail,
    )
