"""`piaobot doctor`: what is missing and how to mend it. CHECKS is the table of contents."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.doctor import chat, company, data, reading
from bot.doctor.found import Found
from bot.doctor.place import Place
from core.messages import Message

SECONDS = 10.0


@dataclass(frozen=True)
class Check:
    """One line of the report. `seconds`: how long it may take."""

    name: str
    title: Message
    look: Callable[[Place], Found]
    seconds: float = SECONDS


CHECKS = (
    Check("configuration", Message("Configuration"), company.configuration),
    Check("language", Message("Language"), company.language),
    Check("bot_token", Message("Bot token"), chat.bot_token),
    Check("signing_secret", Message("Signing secret"), chat.signing_secret),
    Check("app_token", Message("App token"), chat.app_token),
    Check("scopes", Message("Scopes"), chat.scopes),
    Check("team", Message("Workspace"), chat.team),
    Check("clock", Message("Clock"), chat.clock),
    Check("events", Message("Events"), chat.events),
    Check("commands", Message("Commands and buttons"), chat.commands),
    Check("channels", Message("Intake channels"), chat.channels),
    Check("people", Message("People"), chat.people),
    Check("public_url", Message("Public address"), company.public_url),
    Check("program", Message("Program"), company.program),
    Check("data_folder", Message("Data folder"), data.folder),
    Check("disk", Message("Disk"), data.space),
    Check("keys", Message("Encryption keys"), data.keys),
    Check("database", Message("Database"), data.database),
    Check("migrations", Message("Tables"), data.migrations),
    Check("executor", Message("Worker name"), data.executor),
    Check("tesseract", Message("Tesseract"), reading.tesseract),
    Check("fonts", Message("Fonts"), reading.fonts),
    Check("reader", Message("Reader"), reading.reader, seconds=reading.READER_SECONDS + SECONDS),
    Check("confinement", Message("Confinement"), reading.confinement),
    Check("calendar", Message("Work calendar"), company.calendar),
    Check("oa", Message("OA"), company.oa),
)
