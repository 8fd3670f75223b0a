"""What is said of a file that more than one place may find wrong."""

from core.errors import Unreadable
from core.messages import Message
from integrations.reading.limits import ReadingLimits


def locked_pdf() -> Unreadable:
    """It opens with a password only."""
    return Unreadable(
        Message(
            "This PDF has a password and cannot be opened. The original is kept (24 hours). Please send a version without a password."
        ),
        code="E-PDF-LOCKED",
    )


def broken_pdf(detail: str) -> Unreadable:
    """PDFium cannot open it, or it is not all there."""
    return Unreadable(
        Message(
            "This PDF is damaged or incomplete. The original is kept (24 hours). Please download it again and send it anew."
        ),
        code="E-PDF-BROKEN",
        detail=detail,
    )


def broken_picture(detail: str) -> Unreadable:
    """Pillow cannot open it, or it is not all there."""
    return Unreadable(
        Message(
            "This picture is damaged or incomplete. The original is kept (24 hours). Please take or send it again."
        ),
        code="E-IMAGE-BROKEN",
        detail=detail,
    )


def too_large(limits: ReadingLimits, size: int) -> Unreadable:
    """More bytes than one file may have."""
    return Unreadable(
        Message("The file is larger than {limit} MB. Please send a smaller one.", limit=limits.bytes // 1024**2),
        code="E-TOO-LARGE",
        detail=f"{size} bytes",
    )
