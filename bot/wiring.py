"""Ports meet adapters. Everything is built here, once, from the settings."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from prometheus_client import REGISTRY

from bot.health import Health, Queues
from bot.http_app import SlackSocket, http_app, slack_app
from bot.jobs import JobCare
from bot.measured import MeasuredOA, MeasuredReader
from bot.scheduler import Scheduler
from bot.settings import Settings
from core.errors import Refused
from core.ids import ClaimId, DecisionId, DocumentId, InvoiceId, PersonId
from core.messages import Message
from core.ports import Subject
from core.use_cases.build_views import BuildViews
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.edit_draft import EditDraft
from core.use_cases.find_draft import FindDraft
from core.use_cases.forget_unreadable import ForgetUnreadable
from core.use_cases.look_back import LookBack
from core.use_cases.look_up import LookUp
from core.use_cases.meet import Meet
from core.use_cases.open_approval import OpenApproval
from core.use_cases.practise import PretendDecision, StartPractice, SubmitPractice
from core.use_cases.put_together import PutTogether
from core.use_cases.read_document import ReadDocument
from core.use_cases.receive_files import ReceiveFiles
from core.use_cases.record_decision import ApplyDecision, RecordDecision
from core.use_cases.remind import Remind
from core.use_cases.scan import Scan
from core.use_cases.see_claims import SeeClaims
from core.use_cases.see_home import SeeHome
from core.use_cases.show import Show
from core.use_cases.sign_in import LinkMaker, Sessions
from core.use_cases.store_event import StoreEvent
from core.use_cases.submit_claim import SubmitClaim
from core.use_cases.unattended import TellUnattended
from core.use_cases.withdraw_claim import TellWithdrawal, WithdrawClaim
from handlers import register
from handlers.approval import Approval
from handlers.batch import BatchPresses
from handlers.callers import Callers
from handlers.commands import Commands
from handlers.draft import Draft
from handlers.events import Events
from handlers.home import Home
from handlers.practice import Practice
from handlers.upload import Upload
from handlers.web import WebPages, web_router
from integrations.configuration import load_configuration
from integrations.database.audit import last_restore
from integrations.database.engine import create_engine
from integrations.database.members import SqlMembers
from integrations.database.schema import upgrade
from integrations.database.transaction import SqlTransactions
from integrations.jobs.engine import Handler, JobEngine, prepare
from integrations.language import Languages
from integrations.oa.builtin import BuiltinOA
from integrations.reading.pictures import PillowPictures
from integrations.reading.pool import LIGHT, Lanes, ReaderPool
from integrations.slack.cards import words
from integrations.slack.client import Slack
from integrations.slack.files import SlackFiles
from integrations.slack.history import SlackHistory
from integrations.slack.messenger import SlackScreens
from integrations.slack.people import SlackPeople
from integrations.storage.files import FileStorage
from integrations.storage.keys import load_keyring

log = structlog.get_logger()
ROOT = Path(__file__).parents[1]


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return uuid.uuid4().hex


def ensure_database(settings: Settings) -> None:
    """The data folder and the tables, as this version needs them."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        (settings.data_dir / ".writable").touch()
    except OSError as problem:
        raise Refused(
            Message(
                "The data folder {folder} cannot be written to. Choose another with PIAOBOT_DATA_DIR.",
                folder=str(settings.data_dir),
            ),
            code="E-DATA-DIR",
            detail=str(problem.strerror),
        ) from problem
    upgrade(settings.url_of_database())
    prepare(settings.url_of_database())


@dataclass(frozen=True)
class Program:
    """The web application, and the worker and scheduler that may run beside it or in processes of their own."""

    app: FastAPI
    start: Callable[[], None]
    stop: Callable[[], None]


def build(settings: Settings, *, works: bool = True) -> Program:  # noqa: PLR0915, one list of what is joined to what
    """The whole program. `works`: this process runs jobs and scans; else it only answers and enqueues."""
    configuration = load_configuration(settings.config_dir)
    directory, policy = configuration.directory, configuration.policy
    keyring = load_keyring(settings.data_dir, settings.encryption_keys.get_secret_value() or None)
    database = create_engine(settings.url_of_database(), keyring)
    jobs: dict[str, Handler] = {}
    engine = JobEngine(settings.url_of_database(), settings.executor_id, jobs)
    transactions = SqlTransactions(database, engine.enqueue)

    languages = Languages(ROOT / "locales")
    slack = Slack(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
    people = SlackPeople(slack, lambda: directory, SqlMembers(database), now=now)
    screens = SlackScreens(slack, languages)
    storage = FileStorage(settings.data_dir / "originals", keyring)
    limits = settings.reading_limits()
    readers = Lanes(
        ReaderPool(1 if works else 0, limits, reader=LIGHT),
        ReaderPool(settings.readers if works else 0, limits),
        limits,
    )
    oa: Any = MeasuredOA(BuiltinOA(database, settings.url_for_people(), now=now))
    secret = keyring.fingerprint(b"web pages", b"secret").encode()
    links = LinkMaker(secret, settings.url_for_people(), transactions, now)

    check = CheckInvoice(directory, policy, now)
    views = BuildViews(transactions, check, directory, policy, storage, PillowPictures(), oa)
    show = Show(transactions, screens, people, views, new_id, now, forgotten=last_restore(database))
    files = SlackFiles(slack, most=limits.bytes)
    read = ReadDocument(transactions, files, storage, MeasuredReader(readers), check, policy, new_id, now)
    edit = EditDraft(transactions, check, policy, now)
    sample_secret = keyring.fingerprint(b"audit sample", b"secret").encode()
    submit = SubmitClaim(transactions, check, directory, policy, sample_secret, new_id, now)
    record = RecordDecision(transactions, directory, settings.undo_window(), new_id, now)
    company = languages.for_locale(settings.company_locale, settings.time_zone)
    open_approval = OpenApproval(transactions, oa, company, settings.remind_after(), now)
    apply_decision = ApplyDecision(transactions, oa, settings.remind_after(), now)
    withdraw = WithdrawClaim(transactions, now)
    tell_withdrawal = TellWithdrawal(transactions, oa, screens, people, settings.remind_after(), now)
    callers = Callers(people)
    home = Home(SeeHome(transactions, lambda: directory, now), callers, screens, languages)
    look_up = LookUp(transactions, lambda: directory, policy, now)
    meet = Meet(transactions)
    sample = (ROOT / "bot" / "practice" / "sample.pdf").read_bytes()
    start_practice = StartPractice(transactions, storage, sample, new_id, now)
    practice = Practice(meet, start_practice, SubmitPractice(transactions, check, now), callers, screens, languages)
    pretend = PretendDecision(transactions)

    events = Events(
        store=(store := StoreEvent(transactions)),
        upload=Upload(ReceiveFiles(transactions, now), meet, callers, screens, settings.channels()),
        draft=(draft := Draft(submit, withdraw, edit, FindDraft(transactions, views), callers, screens, languages)),
        home=home,
        practice=practice,
        forget_member=people.forget,
    )
    approval = Approval(record, views, links, callers, screens, languages)
    batch = BatchPresses(PutTogether(submit), callers, screens, languages)
    jobs["event"] = lambda ids: events.handle(ids["source"], ids["key"])
    look_back = LookBack(transactions, SlackHistory(slack, directory.team_id, settings.channels()), store, now)
    jobs["look_back"] = lambda ids: look_back.everywhere(datetime.fromisoformat(ids["since"]))
    jobs["look_back_in"] = lambda ids: look_back.within(ids["conversation"], datetime.fromisoformat(ids["since"]))
    jobs["read_document"] = lambda ids: read(DocumentId(ids["document"]))
    jobs["show"] = lambda ids: _say_refused(show(Subject(ids["subject"])))
    jobs["open_approval"] = lambda ids: open_approval(ClaimId(ids["claim"]))
    jobs["withdraw"] = lambda ids: tell_withdrawal(ClaimId(ids["claim"]))
    remind = Remind(transactions, screens, people, directory, now)
    jobs["remind"] = lambda ids: remind(ClaimId(ids["claim"]), ids["task"])
    jobs["pretend_decision"] = lambda ids: pretend(InvoiceId(ids["invoice"]))
    unattended = TellUnattended(transactions, screens, people, now)
    jobs["unattended"] = lambda ids: unattended(PersonId(ids["person"]), datetime.fromisoformat(ids["at"]))
    jobs["apply_decision"] = lambda ids: apply_decision(DecisionId(ids["decision"]))

    bolt = slack_app(settings.slack_signing_secret.get_secret_value(), slack.token, directory.team_id)
    commands = Commands(look_up, callers, screens, languages)
    register(
        bolt,
        events=events,
        draft=draft,
        batch=batch,
        approval=approval,
        commands=commands,
        home=home,
        practice=practice,
    )
    care = JobCare(engine, now, set())
    scheduler = Scheduler(
        {
            "due": (Scan(transactions, now), settings.scan_seconds),
            "jobs": (care.mend, settings.job_care_seconds),
            "old jobs": (care.forget, 24 * 3600),
            "look back": (look_back.over_the_last_day, 24 * 3600),
            "unreadable originals": (ForgetUnreadable(transactions, storage, now), 3600),
        }
    )

    pages = WebPages(
        see=SeeClaims(transactions, lambda: directory, policy, storage, now),
        record=record,
        links=links,
        sessions=Sessions(secret, now),
        directory=lambda: directory,
        member_of=people.member_of,
        languages=languages,
        words=words,
        https=settings.url_for_people().startswith("https:"),
    )

    def start() -> None:
        look_back.after_an_absence()
        if works:
            engine.start()
            scheduler.start()

    def stop() -> None:
        if works:
            scheduler.stop()
        engine.stop()
        readers.close()
        database.dispose()

    health = Health(database, engine.waiting, readers.alive if works else None)
    REGISTRY.register(Queues(engine.waiting))
    app_token = settings.slack_app_token.get_secret_value()
    socket_of = (lambda: SlackSocket(bolt, app_token, settings.slack_api_url)) if app_token else None
    signed = bool(settings.slack_signing_secret.get_secret_value())
    app = http_app(bolt, web_router(pages), health, start, stop, socket_of, signed=signed)
    return Program(app, start, stop)


def _say_refused(keys: tuple[str, ...]) -> None:
    for key in keys:
        log.warning("card could not be shown", key=key)
