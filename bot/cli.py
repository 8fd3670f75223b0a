"""The command line: `python -m bot …`, or `script/piaobot …` from a checkout."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import webbrowser
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Annotated

import httpx
import typer
import uvicorn
from pydantic import SecretStr, ValidationError

from bot.backup import Contents, back_up
from bot.backup import restore as restore_from
from bot.corrections import export_corrections
from bot.doctor import CHECKS
from bot.doctor.place import Place
from bot.doctor.report import tell
from bot.logs import configure_logs
from bot.read_command import read_files
from bot.settings import Settings
from bot.wiring import Program, build, ensure_database
from core.errors import Expected, Refused
from core.messages import Language, Message
from core.use_cases.check_invoice import COMPANY_ZONE
from integrations.configuration import ConfigurationError, load_configuration
from integrations.database.audit import verify
from integrations.database.engine import create_engine
from integrations.database.schema import up_to_date
from integrations.jobs.engine import JobEngine
from integrations.language import Languages
from integrations.reading.pool import ReaderPool

ROOT = Path(__file__).parents[1]
SANDBOX_PORT = int(os.environ.get("PIAOBOT_SANDBOX_PORT", "8600"))
SANDBOX_SECONDS = 20

_AUDIT_WHOLE = Message("The audit log is whole.")
_WITHOUT_KEYS = Message(
    "It opens only with the encryption keys of this installation (data/keys.json, or PIAOBOT_ENCRYPTION_KEYS), which are not "
    "in it: keep a copy of them in another place, such as a safe. Nor are config/ and .env in it."
)

app = typer.Typer(
    help="Piaobot: the invoice desk inside the company's chat.", no_args_is_help=True, add_completion=False
)
audit = typer.Typer(help="The audit log.", no_args_is_help=True)
jobs = typer.Typer(help="Jobs that failed.", no_args_is_help=True)
corrections = typer.Typer(help="What people corrected in drafts.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(jobs, name="jobs")
app.add_typer(corrections, name="corrections")


@app.command()
def server() -> None:
    """Start everything: the bot, its worker and its scheduler; without Slack keys also the sandbox workspace."""
    settings = Settings()
    with ExitStack() as stack:
        if settings.slack_bot_token.get_secret_value() or settings.slack_app_token.get_secret_value():
            _has_slack_keys(settings)
        else:
            settings = _with_sandbox(settings, stack)
        configure_logs(settings.log_level)
        ensure_database(settings)
        _serve(settings, build(settings))


@app.command()
def web() -> None:
    """Only answer Slack and browsers; jobs wait for a worker. Any number of these may run."""
    settings = _for_real(Settings())
    _serve(settings, build(settings, works=False))


@app.command()
def worker() -> None:
    """Only run jobs and scans. Any number of these may run, each with a PIAOBOT_EXECUTOR_ID of its own."""
    settings = _for_real(Settings())
    program = build(settings)
    ended = Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: ended.set())
    program.start()
    ended.wait()
    program.stop()


@app.command()
def migrate() -> None:
    """Create or upgrade the tables. Needed before `web` and `worker`; `server` does it by itself."""
    ensure_database(Settings())


@app.command()
def doctor(
    checks: Annotated[list[str] | None, typer.Argument(help="Only these, by their names in --json; else all.")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line per check.")] = False,
) -> None:
    """Check everything and say how to mend what is wrong. Ends with 1 when something is (✗)."""
    try:
        settings = Settings()
    except ValidationError as problem:
        raise _not_a_setting(problem) from None
    known = {check.name: check for check in CHECKS}
    if strange := set(checks or ()) - set(known):
        raise typer.BadParameter(f"There is no check {', '.join(sorted(strange))}. Checks: {', '.join(known)}.")
    chosen = [known[name] for name in checks or known]
    well = tell(Place(settings, lambda: datetime.now(UTC)), chosen, _language(), as_json=json)
    raise typer.Exit(0 if well else 1)


def _not_a_setting(problem: ValidationError) -> Refused:
    """Which settings cannot be read, without their values, which may be secret."""
    fields = {str(each["loc"][0]) for each in problem.errors()}
    names = tuple(sorted(name if name.isupper() else f"PIAOBOT_{name.upper()}" for name in fields))
    return Refused(
        Message(
            "✗ These settings have values that cannot be read: {names}. Correct them in the environment or in .env; "
            "docs/settings.md has an example for each.",
            names=names,
        ),
        code="E-SETTINGS",
    )


def _for_real(settings: Settings) -> Settings:
    """Slack's keys are there and the tables are as this version needs them. Refuses in words."""
    _has_slack_keys(settings)
    configure_logs(settings.log_level)
    if not up_to_date(settings.url_of_database()):
        raise typer.BadParameter("The database's tables are not those of this version. Run: script/piaobot migrate")
    return settings


def _has_slack_keys(settings: Settings) -> None:
    if not settings.slack_bot_token.get_secret_value():
        raise typer.BadParameter("SLACK_BOT_TOKEN is not set. Without Slack keys, script/server opens the sandbox.")
    if not (settings.slack_signing_secret.get_secret_value() or settings.slack_app_token.get_secret_value()):
        raise typer.BadParameter("SLACK_BOT_TOKEN is set; set SLACK_SIGNING_SECRET too (or SLACK_APP_TOKEN).")


def _serve(settings: Settings, program: Program) -> None:
    uvicorn.run(program.app, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=3)


def _with_sandbox(settings: Settings, stack: ExitStack) -> Settings:
    """The workspace on this machine, empty at each start, and the settings that join the bot to it."""
    for port in (SANDBOX_PORT, settings.port):
        if _answers(f"http://127.0.0.1:{port}"):
            raise typer.BadParameter(
                f"Something already answers on port {port}: perhaps another script/server. Stop it, or set PIAOBOT_PORT "
                "and PIAOBOT_SANDBOX_PORT to free ones. Nothing was started."
            )
    data = settings.data_dir / "sandbox"
    shutil.rmtree(data, ignore_errors=True)
    secret, token = secrets.token_hex(16), f"xoxb-sandbox-{secrets.token_hex(8)}"
    environment = {**os.environ, "SLACK_SIGNING_SECRET": secret, "SLACK_BOT_TOKEN": token}
    address = f"http://127.0.0.1:{SANDBOX_PORT}"
    workspace = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "sandbox",
            "--port",
            str(SANDBOX_PORT),
            "--bot-url",
            f"http://127.0.0.1:{settings.port}",
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    stack.callback(_end, workspace)
    until = time.monotonic() + SANDBOX_SECONDS
    while not _answers(address):
        if workspace.poll() is not None or time.monotonic() > until:
            raise typer.BadParameter(
                f"The sandbox did not start on port {SANDBOX_PORT}; set PIAOBOT_SANDBOX_PORT to a free one."
            )
        time.sleep(0.1)
    Thread(
        target=_announce, args=(f"http://127.0.0.1:{settings.port}/healthz", f"{address}/?as=U0LILEI"), daemon=True
    ).start()
    return settings.model_copy(
        update={
            "slack_signing_secret": SecretStr(secret),
            "slack_bot_token": SecretStr(token),
            "slack_api_url": f"{address}/api/",
            "data_dir": data,
            "database_url": "",
            "intake_channels": settings.intake_channels or "C0INTAKE",
            "log_level": settings.log_level if "log_level" in settings.model_fields_set else "WARNING",
        }
    )


def _announce(bot: str, page: str) -> None:
    """Say where to look, once there is something to see."""
    while not _answers(bot):
        time.sleep(0.1)
    typer.echo(f"票宝 Piaobot 已启动 / is running.\n打开 / open: {page}\n停止 / stop: Ctrl+C")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
        webbrowser.open(page)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=1, trust_env=False).status_code < 500
    except httpx.TransportError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Write the database and the originals into one encrypted file. The program may run meanwhile."""
    settings = Settings()
    held = back_up(settings, file, datetime.now(UTC), _said_aside)
    _tell(
        Message(
            "{path} was written and read back, {size} MB: {contents}.",
            path=str(file),
            size=-(-file.stat().st_size // 1_000_000),
            contents=_contents(held),
        )
    )
    _tell(_WITHOUT_KEYS)
    _warn_of_lost(held)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Make the installation of a backup here: empty database, empty data folder, the keys of that installation."""
    held = restore_from(Settings(), file, datetime.now(UTC), _said_aside)
    _tell(Message("Restored: {contents}.", contents=_contents(held)))
    if held.broken is None:
        _tell(_AUDIT_WHOLE)
    else:
        _tell(Message("{number}: {problem}", number=held.broken.seq, problem=held.broken.problem))
    _warn_of_lost(held)
    _tell(Message("Start the program: it goes on with what had not ended, and cards are drawn again."))
    raise typer.Exit(0 if held.broken is None else 1)


def _contents(held: Contents) -> Message:
    return Message(
        "{claims} claims, {invoices} invoices, {originals} originals, {entries} entries in the audit log",
        claims=held.claims,
        invoices=held.invoices,
        originals=held.originals,
        entries=held.entries,
    )


def _warn_of_lost(held: Contents) -> None:
    if held.lost:
        _said_aside(
            Message(
                "{count} originals or previews are damaged or missing. Look for them in an older backup.",
                count=held.lost,
            )
        )


def _tell(message: Message) -> None:
    typer.echo(_language().say(message))


def _said_aside(message: Message) -> None:
    typer.echo(_language().say(message), err=True)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="JPEG, PNG, PDF, OFD, XML or ZIP files.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line per invoice.")] = False,
) -> None:
    """Read invoices and show every field, how sure it is and why. Ends with 1 when a file gave nothing."""
    settings = Settings()
    policy = load_configuration(settings.config_dir).policy
    with ReaderPool(1, settings.reading_limits()) as reader:
        complete = read_files(
            files, reader, policy, _language(), datetime.now(UTC).astimezone(COMPANY_ZONE).date(), as_json=json
        )
    raise typer.Exit(0 if complete else 1)


@corrections.command("export")
def corrections_export(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty or not there yet.")],
) -> None:
    """Write what people corrected as labelled documents, so that a wrong reading becomes a test case.

    The folder gets whole invoices, not encrypted, readable by this account alone; the audit log gets an entry.
    """
    export_corrections(Settings(), folder, lambda: datetime.now(UTC), _tell)


@jobs.command("failed")
def jobs_failed() -> None:
    """List jobs that ended in an error: when, which, why."""
    for job in _engine().failed():
        typer.echo(f"{job.at:%Y-%m-%d %H:%M} {job.id} {job.problem}")


@jobs.command("retry")
def jobs_retry(job: str) -> None:
    """Run a failed job again; a running worker takes it."""
    try:
        _engine().retry(job)
    except KeyError:
        raise typer.BadParameter(f"There is no failed job {job}. See: jobs failed") from None


def _engine() -> JobEngine:
    return JobEngine(Settings().url_of_database(), "command-line", {})


@audit.command("verify")
def audit_verify() -> None:
    """Check the audit log's chain; names the first entry that was changed, removed or added."""
    broken = verify(create_engine(Settings().url_of_database()))
    said = _AUDIT_WHOLE if broken is None else broken.problem
    typer.echo(_language().say(said) if broken is None else f"{broken.seq}: {_language().say(said)}")
    raise typer.Exit(0 if broken is None else 1)


def _language() -> Language:
    """Of the terminal: Chinese when LANG says so, else English."""
    locale = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "en").partition(".")[0].replace("_", "-")
    return Languages(ROOT / "locales").for_locale(locale, "Asia/Shanghai")


def run() -> None:
    """The `piaobot` command."""
    try:
        app()
    except (Expected, ConfigurationError) as problem:
        said = _language().say(problem.message) if isinstance(problem, Expected) else str(problem)
        typer.echo(said, err=True)
        raise SystemExit(1) from None
