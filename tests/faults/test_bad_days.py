"""Slack's bad days: whatever it answers, or does not, every card is there exactly once when the day is over."""

from datetime import datetime

from sandbox.papers import to_pdf
from tests.faults.desk import Desk, check_everything_is_there_once
from tests.faults.mortal import mortal_site
from tests.journeys.people import LILEI, paper

RETRY_AFTER = 3
FAULTS = [
    ("rate_limited", "chat.postMessage", {"times": 4, "retry_after": RETRY_AFTER}),
    ("http_error", "*", {"times": 5, "status": 503}),
    ("slack_error", "chat.postMessage", {"times": 2, "error": "internal_error"}),
    ("answer_lost", "chat.postMessage", {"times": 3, "status": 500}),
    ("answer_lost", "chat.update", {"times": 3, "status": 502}),
    ("timeout", "chat.postMessage", {"times": 2, "seconds": 12}),
    ("answer_lost", "*", {"times": 8, "status": 502}),
    ("token_revoked", "*", {"times": 2}),
]
"""12 s: the bot gives up after 10, and the post takes effect after that. A token's refusal is waited out for a minute."""


def test_every_card_is_there_once(database_url, tmp_path, thorough):
    """All faults at once over three invoices; in full, on SQLite each by itself too (Slack is the same on both)."""
    alone = FAULTS if thorough and database_url.startswith("sqlite") else []
    days = [FAULTS, *([fault] for fault in alone)]
    with mortal_site(database_url, tmp_path, {"server": {}}) as (site, _):
        control, lilei = site.control(), site.person(LILEI)
        invoices = []
        for faults in days:
            for kind, method, more in faults:
                control.fault(kind, method, **more)
            for invoice in [paper() for _ in range(3)]:
                invoices.append(invoice)
                lilei.drop((f"{invoice.number}.pdf", to_pdf(invoice)))
            desk = Desk(site, len(invoices))
            desk.work_until_done()
            control.clear_faults()
        check_everything_is_there_once(site, desk, invoices)
        assert min(waits(control.calls("chat.postMessage"))) >= RETRY_AFTER


def waits(calls):
    """Seconds from each post refused for the rate to the same card's next try."""
    found = []
    for place, call in enumerate(calls):
        if call["status"] == 429:
            later = [each for each in calls[place + 1 :] if each["args"].get("metadata") == call["args"]["metadata"]]
            if later:
                found.append(
                    (datetime.fromisoformat(later[0]["at"]) - datetime.fromisoformat(call["at"])).total_seconds()
                )
    return found
