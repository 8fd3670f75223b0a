"""What is said of a file that more than one place may find wrong."""

from core.errors import Unreadable
from core.messages import Message


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
