"""`piaobot corrections export FOLDER`: what people corrected, in the form of reading's test sets.

The folder holds labels.json (document's file → what stands on it and what was corrected), the documents as they were
sent, under names that say nothing, and crops/. It is complete or not there, and only its owner can read it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.backup import failures_said, has_database, has_keys
from bot.settings import Settings
from core.errors import Refused, Unreadable
from core.messages import Message
from core.use_cases.export_corrections import Corrected, ExportCorrections, LabelledDocument
from integrations.configuration import load_configuration
from integrations.database.engine import create_engine
from integrations.database.schema import up_to_date
from integrations.database.transaction import SqlTransactions
from integrations.jobs.engine import JobEngine
from integrations.reading.pictures import PillowPictures
from integrations.reading.sniff import JPEG, OFD, PDF, PNG, XML, ZIP, media_of
from integrations.storage.files import FileStorage
from integrations.storage.keys import NotDecrypted, load_keyring

_SUFFIXES = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", OFD: ".ofd", XML: ".xml", ZIP: ".zip"}


def export_corrections(
    settings: Settings, folder: Path, now: Callable[[], datetime], say: Callable[[Message], None]
) -> int:
    """Write the folder and say what is in it; how many documents that were. Raises Refused, KeysUnusable.

    Without corrections nothing is written.
    """
    _expect_room(folder)
    with _exporting(settings, now) as export:
        corrected = export.find()
        if corrected.left_out:
            say(
                Message(
                    "{count} documents are left out: their senders are no longer in people.yaml.",
                    count=corrected.left_out,
                )
            )
        if not corrected.documents:
            say(Message("Nobody has corrected anything that could be exported. Nothing was written."))
            return 0
        export.record(corrected, os.getuid())
        written, corrections = _write(export, corrected, folder)
    if written < len(corrected.documents):
        say(
            Message(
                "{count} documents are left out: their originals are no longer kept or cannot be opened.",
                count=len(corrected.documents) - written,
            )
        )
    say(
        Message(
            "{folder} holds {documents} documents with {corrections} corrections, as they were sent: labels.json, the files "
            "and crops/.",
            folder=str(folder),
            documents=written,
            corrections=corrections,
        )
    )
    say(
        Message(
            "They are not encrypted and hold personal data: names, tax ids, amounts, whole invoices. Only this account can read them. "
            "Keep them on this machine, and delete them when they have served. The export stands in the audit log."
        )
    )
    return written


def _expect_room(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            Message(
                "{path} is there already and is no empty folder; it was left as it is. Name one that is empty or not there.",
                path=str(folder),
            ),
            code="E-CORRECTIONS",
        )


@contextmanager
def _exporting(settings: Settings, now: Callable[[], datetime]) -> Iterator[ExportCorrections]:
    if not has_database(settings) or not has_keys(settings):
        raise Refused(
            Message(
                "There is no installation here: no database, or no keys, in {folder}. See PIAOBOT_DATA_DIR.",
                folder=str(settings.data_dir),
            ),
            code="E-CORRECTIONS",
        )
    url = settings.url_of_database()
    if not up_to_date(url):
        raise Refused(
            Message("The database's tables are not those of this version. Run: script/piaobot migrate"),
            code="E-CORRECTIONS",
        )
    keyring = load_keyring(settings.data_dir, settings.encryption_keys.get_secret_value() or None)
    engine, jobs = create_engine(url, keyring), JobEngine(url, "command-line", {})
    try:
        yield ExportCorrections(
            SqlTransactions(engine, jobs.enqueue),
            FileStorage(settings.data_dir / "originals", keyring),
            PillowPictures(),
            load_configuration(settings.config_dir).directory,
            now,
        )
    finally:
        jobs.stop()
        engine.dispose()


def _write(export: ExportCorrections, corrected: Corrected, folder: Path) -> tuple[int, int]:
    """Beside the folder first, where nobody else may look, then in its place. How many documents and corrections."""
    with failures_said(lambda said: Refused(said, code="E-CORRECTIONS")):
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
        try:
            (part / "crops").mkdir(mode=0o700)
            labels: dict[str, Any] = {}
            corrections = 0
            for document_id in corrected.documents:
                try:
                    document = export.document(document_id)
                except (KeyError, NotDecrypted):  # forgotten since, or damaged
                    continue
                name = f"{document.id}{_suffix(document)}"
                labels[name] = document.label
                corrections += document.corrections
                _keep(part / name, document.content)
                for crop, picture in document.crops.items():
                    _keep(part / crop, picture)
            _keep(part / "labels.json", json.dumps(labels, ensure_ascii=False, indent=1).encode())
            part.replace(folder)
        except BaseException:
            shutil.rmtree(part)
            raise
    return len(labels), corrections


def _keep(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _suffix(document: LabelledDocument) -> str:
    """By its content: the sender's name for it may say who they are."""
    try:
        return _SUFFIXES[media_of(document.content)]
    except Unreadable:  # the limits were wider when it was read
        return ""
