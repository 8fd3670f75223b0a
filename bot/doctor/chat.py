"""Slack: tokens, scopes, events, clocks, channels, people."""

import re
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.data import engine_of
from bot.doctor.found import Found, broken, good, look
from bot.doctor.place import Place
from core.directory import Person, Role
from core.messages import Message
from core.ports import ChatUnavailable
from integrations.configuration import ConfigurationError
from integrations.database.engine import for_reading
from integrations.database.tables import InboxRow
from integrations.slack.access import COMMANDS, EVENTS, OF_CHANNELS, SCOPES, everybody, is_in, may_connect
from integrations.slack.client import SlackRefused

SIGNED_FOR = timedelta(minutes=5)
"""Slack's requests count for so long after they were signed."""
NEAR = timedelta(minutes=1)
SHOWN = 5

_FIRST = Message("First mend what is said of the bot token; then run this again.")
_GUIDE = "docs/connect-slack.md"


def _at(*steps: str) -> str:
    """A place among the pages of the app, as Slack names them in every language."""
    return " › ".join(("api.slack.com/apps", "Piaobot", *steps))


_TOKEN = _at("OAuth & Permissions", "Bot User OAuth Token")


def bot_token(place: Place) -> Found:
    """SLACK_BOT_TOKEN, asked of auth.test."""
    token = place.bot_token
    if not token and not place.signing_secret and not place.app_token:
        return look(
            Message("No Slack keys are set, so script/server opens the sandbox on this machine."),
            Message("To work in your own Slack, follow {guide}.", guide=_GUIDE),
        )
    if not token:
        return broken(
            Message("SLACK_BOT_TOKEN is not set."),
            Message("Copy it from {where} into the file .env, as SLACK_BOT_TOKEN=…", where=_TOKEN),
        )
    if not token.startswith("xoxb-"):
        return broken(
            Message("SLACK_BOT_TOKEN is no bot token: it does not begin with “xoxb”."),
            Message("Copy it from {where} into the file .env, as SLACK_BOT_TOKEN=…", where=_TOKEN),
        )
    try:
        greeting = place.greeting()
    except ChatUnavailable as problem:
        return _unreachable(place, problem)
    if greeting.error:
        return broken(
            Message("Slack does not accept SLACK_BOT_TOKEN: {error}.", error=greeting.error),
            Message(
                "Copy it anew from {where} into the file .env and start Piaobot again. If that does not help, press "
                "“Reinstall to Workspace” there first.",
                where=_TOKEN,
            ),
        )
    return good(Message("The bot token works: {user} in {team}.", user=greeting.user, team=greeting.team))


def _unreachable(place: Place, problem: ChatUnavailable) -> Found:
    return broken(
        Message("Slack does not answer at {url}: {problem}.", url=place.settings.slack_api_url, problem=str(problem)),
        Message(
            "Let this machine open https connections to slack.com and files.slack.com; behind a proxy set HTTPS_PROXY. "
            "SLACK_API_URL should not be set."
        ),
    )


def signing_secret(place: Place) -> Found:
    """Only Slack knows whether it is the right one."""
    secret = place.signing_secret
    if not secret and place.app_token:
        return good(Message("No signing secret is needed, since Slack comes through Socket Mode."))
    if not secret and not place.bot_token:
        return good(Message("No signing secret is needed for the sandbox."))
    where = _at("Basic Information", "App Credentials", "Signing Secret")
    if not secret:
        return broken(
            Message("SLACK_SIGNING_SECRET is not set, so nothing that Slack sends can be believed."),
            Message(
                "Copy it from {where} into the file .env, as SLACK_SIGNING_SECRET=… Or use Socket Mode: {guide}.",
                where=where,
                guide=_GUIDE,
            ),
        )
    if not re.fullmatch("[0-9a-f]{32}", secret):
        return look(
            Message("SLACK_SIGNING_SECRET does not look like Slack's: 32 characters of 0-9 and a-f."),
            Message("Compare it with {where}.", where=where),
        )
    return good(Message("A signing secret is set. Whether it is the right one, the line about events tells."))


def app_token(place: Place) -> Found:
    """SLACK_APP_TOKEN, asked of apps.connections.open."""
    if not place.app_token:
        return good(Message("Socket Mode is not used."))
    renew = Message(
        "At {where} make a token with the scope connections:write and copy it into the file .env; "
        "then turn on “Enable Socket Mode” at {switch}.",
        where=_at("Basic Information", "App-Level Tokens"),
        switch=_at("Socket Mode"),
    )
    if not place.app_token.startswith("xapp-"):
        return broken(Message("SLACK_APP_TOKEN is no app-level token: it does not begin with “xapp”."), renew)
    try:
        error = may_connect(place.slack, place.app_token)
    except ChatUnavailable as problem:
        return broken(Message("Slack does not open a Socket Mode connection: {problem}.", problem=str(problem)), renew)
    if error:
        return broken(Message("Slack refuses Socket Mode with SLACK_APP_TOKEN: {error}.", error=error), renew)
    return good(Message("The app token works: Slack opens a Socket Mode connection."))


def scopes(place: Place) -> Found:
    """The header of auth.test against what the program needs."""
    if not place.bot_token:
        return good(Message("No scopes are needed for the sandbox."))
    try:
        granted = place.greeting().scopes
    except ChatUnavailable:
        granted = frozenset()
    if not granted:
        return look(Message("The scopes of the bot token are not known, since Slack did not tell them."), _FIRST)
    lacking = [scope for scope in SCOPES if scope not in granted]
    if not lacking:
        return good(Message("All {count} scopes are granted.", count=len(SCOPES)))
    why = tuple(Message("{scope} ({loss})", scope=scope, loss=SCOPES[scope]) for scope in lacking)
    mend = Message(
        "At {where} press “Add an OAuth Scope” for each; then, at the top of that page, “Reinstall to Workspace”.",
        where=_at("OAuth & Permissions", "Scopes", "Bot Token Scopes"),
    )
    said = Message("These scopes are missing: {scopes}.", scopes=why)
    if set(lacking) <= OF_CHANNELS and (not place.settings.channels() or OF_CHANNELS - set(lacking)):
        return look(said, Message("Right if no intake channel needs it. Else: {mend}", mend=mend))
    return broken(said, mend)


def team(place: Place) -> Found:
    """The token's workspace against people.yaml."""
    try:
        ours = place.configuration().directory.team_id
    except ConfigurationError:
        return look(
            Message("The workspace could not be compared, since the configuration cannot be read."),
            Message("First mend what is said of the configuration; then run this again."),
        )
    if not place.bot_token:
        return good(Message("people.yaml is for workspace {team}.", team=ours))
    try:
        theirs = place.greeting().team_id
    except ChatUnavailable:
        theirs = ""
    if not theirs:
        return look(Message("The workspace of the bot token is not known."), _FIRST)
    if theirs != ours:
        return broken(
            Message(
                "people.yaml is for workspace {ours}, but the token belongs to {theirs}.", ours=ours, theirs=theirs
            ),
            Message(
                "In people.yaml write team: {theirs}. If that is another company, take the right token.", theirs=theirs
            ),
        )
    return good(Message("people.yaml and the token are of the same workspace, {team}.", team=ours))


def clock(place: Place) -> Found:
    """Our clock against Slack's."""
    if not place.bot_token:
        return good(Message("The sandbox has the clock of this machine."))
    try:
        ahead = place.greeting().ahead
    except ChatUnavailable:
        ahead = None
    mend = Message("Let the system keep the time: run as root: timedatectl set-ntp true. In a container, on its host.")
    if ahead is None:
        return look(Message("Slack did not tell the time, so this machine's clock could not be compared."), _FIRST)
    off = timedelta(seconds=abs(ahead))
    said = Message("slow") if ahead > 0 else Message("fast")
    if off >= SIGNED_FOR:
        return broken(
            Message(
                "This machine's clock is {minutes} min {way}. From 5 min on, everything that Slack sends is refused.",
                minutes=round(off / timedelta(minutes=1)),
                way=said,
            ),
            mend,
        )
    if off >= NEAR:
        return look(
            Message(
                "This machine's clock is {minutes} min {way}.", minutes=round(off / timedelta(minutes=1)), way=said
            ),
            mend,
        )
    return good(Message("This machine's clock agrees with Slack's."))


def events(place: Place) -> Found:
    """Slack does not tell a bot what is subscribed; what has arrived tells it."""
    if not place.bot_token:
        return good(Message("The sandbox sends every event."))
    try:
        engine = engine_of(place)
        with for_reading(engine).connect() as connection:
            last = connection.scalar(select(func.max(InboxRow.received_at)).where(InboxRow.source == "slack"))
        engine.dispose()
    except SQLAlchemyError:
        last = None
    mend = Message(
        "Write hello to the bot in Slack, wait a minute, run this again. If nothing has arrived, look at {where}: it must be "
        "on, say Verified, and list under bot events: {events}.",
        where=_at("Event Subscriptions"),
        events=tuple(EVENTS),
    )
    if last is None:
        return look(
            Message("No event of Slack's has arrived yet, and Slack does not tell a bot which ones are subscribed."),
            mend,
        )
    return look(
        Message("Events arrive, the last one on {at}; whether every kind is subscribed, Slack does not tell.", at=last),
        Message(
            "Compare {where} with this list: {events}.",
            where=_at("Event Subscriptions", "Subscribe to bot events"),
            events=tuple(EVENTS),
        ),
    )


def commands(place: Place) -> Found:
    """Slack tells a bot neither its commands nor whether buttons work."""
    if not place.bot_token:
        return good(Message("The sandbox has every command and button."))
    return look(
        Message("Slack does not tell a bot which commands it has, nor whether buttons and the Home tab are on."),
        Message(
            "Type {command} help in Slack: an answer comes at once. If not, look at {where}: Slash Commands lists {command}, "
            "Interactivity & Shortcuts is on, under App Home the Home Tab and the Messages Tab are on.",
            where=_at("Features"),
            command=COMMANDS[0],
        ),
    )


def channels(place: Place) -> Found:
    """Whether the bot is in the intake channels."""
    wanted = sorted(place.settings.channels())
    if not wanted:
        return good(Message("No intake channel is set; files are taken by direct message."))
    if not place.bot_token:
        return good(Message("The sandbox has its intake channel."))
    try:
        refused = {channel: error for channel in wanted if (error := is_in(place.slack, channel))}
    except ChatUnavailable as problem:
        return look(Message("Slack did not tell about the intake channels: {problem}.", problem=str(problem)), _FIRST)
    if refused:
        why = tuple(f"{channel} ({error})" for channel, error in refused.items())
        return broken(
            Message("The bot cannot read these intake channels: {channels}.", channels=why),
            Message(
                "In the channel write /invite @piaobot. If it is in there already, compare the id: the channel's name, "
                "“View channel details”, at the very bottom; it belongs into PIAOBOT_INTAKE_CHANNELS."
            ),
        )
    return good(Message("The bot is in its intake channels: {channels}.", channels=tuple(wanted)))


def people(place: Place) -> Found:
    """Everybody of people.yaml against the members of the workspace."""
    try:
        directory = place.configuration().directory
    except ConfigurationError:
        return look(
            Message("People could not be compared, since the configuration cannot be read."),
            Message("First mend what is said of the configuration; then run this again."),
        )
    ours = [person for person in directory.people.values() if person.active]
    if not place.bot_token:
        return good(Message("people.yaml lists {count} active people.", count=len(ours)))
    try:
        members = everybody(place.slack)
    except (ChatUnavailable, SlackRefused) as problem:
        return look(Message("Slack did not tell who is in the workspace: {problem}.", problem=str(problem)), _FIRST)
    known = {key for member in members if member.welcome for key in (member.user_id, member.email)}
    lost = [person for person in ours if not _known(person, known)]
    if not lost:
        return good(Message("All {count} active people of people.yaml are found in Slack.", count=len(ours)))
    names = tuple(str(person.id) for person in lost[:SHOWN]) + (("…",) if len(lost) > SHOWN else ())
    said = Message(
        "{count} of {all} people are not found in Slack: {people}.", count=len(lost), all=len(ours), people=names
    )
    mend = Message(
        "In people.yaml give each the e-mail address of their Slack profile, or slack: and their member ID (profile, ⋮, "
        "“Copy member ID”); for leavers write active: false. Guests cannot take part."
    )
    managers = {person.manager for person in ours}
    deciding = any(person.id in managers or Role.REVIEWER in person.roles for person in lost)
    return broken(said, mend) if deciding else look(said, mend)


def _known(person: Person, known: set[str]) -> bool:
    return (person.slack or person.email.casefold()) in known
