"""The company's files, its language, calendar, OA, and where browsers find us."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from bot.doctor.found import Found, broken, good, look
from bot.doctor.place import Place
from core.messages import Message
from integrations.configuration import ConfigurationError

LOCALES = ("zh-CN", "en")
_SECONDS = 8


def configuration(place: Place) -> Found:
    """company.yaml, policy.yaml, people.yaml."""
    folder = str(place.settings.config_dir.absolute())
    try:
        held = place.configuration()
    except ConfigurationError as problem:
        return broken(
            problem.message,
            Message(
                "Open the file in {folder} with an editor, correct what is named at that line, and run this again.",
                folder=folder,
            ),
        )
    return good(
        Message(
            "The configuration in {folder} is valid: {people} people, {entities} companies, {categories} categories.",
            folder=folder,
            people=len(held.directory.people),
            entities=len(held.directory.entities),
            categories=len(held.policy.categories),
        )
    )


def language(place: Place) -> Found:
    """The company's language and time zone."""
    locale, zone = place.settings.company_locale, place.settings.time_zone
    if locale not in LOCALES:
        return broken(
            Message("PIAOBOT_COMPANY_LOCALE is {locale}, which is not known.", locale=locale),
            Message("Set it to one of: {locales}.", locales=LOCALES),
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return broken(
            Message("PIAOBOT_TIME_ZONE is {zone}, which this machine does not know.", zone=zone),
            Message(
                "Set it to a name such as Asia/Shanghai; if that is not known, run as root: apt-get install tzdata"
            ),
        )
    return good(Message("The company's language is {locale}, its time zone {zone}.", locale=locale, zone=zone))


def calendar(place: Place) -> Found:
    """No rule counts working days yet."""
    return good(
        Message(
            "No work calendar is used: reminders come after {hours} hours, weekends and holidays included.",
            hours=f"{place.settings.remind_hours:g}",
        )
    )


def oa(_: Place) -> Found:
    """The built-in one is the only one there is."""
    return good(Message("The built-in OA keeps the approvals in the database; there is nothing to reach."))


def program(place: Place) -> Found:
    """Whether Piaobot itself answers on its port, and whether it can serve."""
    address = f"http://127.0.0.1:{place.settings.port}"
    try:
        parts = httpx.get(f"{address}/readyz", timeout=_SECONDS, trust_env=False).json()
        ready = {str(name): str(state) for name, state in parts.items()}
    except httpx.TransportError:
        return good(Message("Nothing runs on port {port}; script/server can start there.", port=place.settings.port))
    except (ValueError, AttributeError):
        return broken(
            Message("Another program answers on port {port}.", port=place.settings.port),
            Message("Stop it, or choose another port with PIAOBOT_PORT."),
        )
    ill = tuple(f"{name}: {state}" for name, state in ready.items() if state != "ok")
    if ill:
        return broken(
            Message("Piaobot runs on port {port} but cannot serve: {parts}.", port=place.settings.port, parts=ill),
            Message("Mend what the other lines name; then stop Piaobot and start it again. Its log says more."),
        )
    return good(Message("Piaobot runs on port {port} and can serve.", port=place.settings.port))


def public_url(place: Place) -> Found:
    """Where browsers, and Slack without Socket Mode, find us."""
    url = place.settings.public_url.rstrip("/")
    if not place.bot_token:
        return good(Message("The sandbox needs no public address."))
    if not url:
        return look(
            Message("PIAOBOT_PUBLIC_URL is not set, so links in messages open on this machine only."),
            Message(
                "Set it to the https address under which browsers reach this machine, for example https://bot.example.com."
            ),
        )
    if not url.startswith("https://"):
        return broken(
            Message("PIAOBOT_PUBLIC_URL does not begin with https://."),
            Message("Put a proxy with a certificate (Caddy, nginx) before Piaobot and set its https address."),
        )
    try:
        answer = httpx.get(f"{url}/healthz", timeout=_SECONDS)
    except httpx.HTTPError as problem:
        return look(
            Message("{url} does not answer from here: {problem}.", url=url, problem=type(problem).__name__),
            Message(
                "Start Piaobot and its proxy. If this machine may not see its own public address, open {url}/healthz in a browser elsewhere.",
                url=url,
            ),
        )
    if answer.status_code != 200 or "ok" not in answer.text:
        return broken(
            Message("{url}/healthz answers {status} in place of Piaobot.", url=url, status=answer.status_code),
            Message("Let the proxy pass everything on to http://127.0.0.1:{port}.", port=place.settings.port),
        )
    return good(Message("{url} leads to Piaobot.", url=url))
