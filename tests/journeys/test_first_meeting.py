"""Who meets the bot is told once what to do, and can practise without anybody else noticing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import practice
from integrations.database.engine import create_engine
from integrations.database.tables import ClaimRow, CounterRow, ReminderRow, ReservationRow
from integrations.oa.builtin_tables import ApprovalRow, ApprovalTaskRow
from sandbox.papers import to_pdf
from sandbox.person import NotShown
from tests.databases import database_url, migrated_sqlite, postgres_server
from tests.journeys.people import DAVID, EMMA, GUEST, HANMEI, LILEI, QIANFENG, WANGFANG, ZHAOMIN, ZHOUJIE, paper
from tests.journeys.site import ROOT
from tests.journeys.site import site as open_site

__all__ = ["database_url", "migrated_sqlite", "postgres_server"]

SAMPLE = (ROOT / "bot" / "practice" / "sample.pdf").read_bytes()
ZH = {
    "greeting": "把发票发给我就行，照片、PDF、OFD、XML、ZIP 都可以。",
    "practise": "用示例练习",
    "mark": "练习",
    "question": "请核对",
    "yes": "是",
    "submit": "提交",
    "waits": "等模拟审批人",
    "approved": "模拟审批人已同意",
    "outcome": "现在可以发真的发票了",
    "again": "再练一次",
}
EN = {
    "greeting": "Send me invoices as photo, PDF, OFD, XML or ZIP",
    "practise": "Practise with a sample",
    "mark": "Practice",
    "question": "Please check",
    "yes": "Yes",
    "submit": "Submit",
    "waits": "Waiting for the pretend approver",
    "approved": "Approved by the pretend approver",
    "outcome": "Now send a real invoice",
    "again": "Practise again",
}


@pytest.fixture
def fresh(database_url, tmp_path):
    """A site on which nobody has met the bot."""
    with open_site(database_url, tmp_path) as site:
        yield site


def practises(person, words):
    """From the button to the outcome; every card on the way says what it is."""
    card = person.wait_for(words["question"])
    assert words["mark"] in card.text_all()
    card.click(words["yes"])
    card = submittable(person, words)
    assert words["mark"] in card.text_all()
    assert "125.00" in card.text_all()
    card.click(words["submit"])
    card.wait_for(words["waits"])
    card.wait_for(words["approved"])
    assert words["mark"] in card.again().text_all()
    return card.again()


def submittable(person, words):
    """The card with a Submit."""
    return person.wait_until(
        lambda: next((each for each in person.messages() if words["submit"] in each.buttons), None), "a Submit button"
    )


def greetings(person, words):
    return [message for message in person.messages() if words["greeting"] in message.text_all()]


def test_met_once_and_practised_twice_without_anybody_noticing(fresh):
    lilei, emma = fresh.person(LILEI), fresh.person(EMMA)
    lilei.open_home("messages")
    emma.say("hello")
    first, second = lilei.wait_for(ZH["greeting"]), emma.wait_for(EN["greeting"])
    lilei.open_home("messages")
    lilei.open_home("home")
    emma.say("hello again")
    emma.wait_for("To correct a draft")

    first.click(ZH["practise"])
    second.click(EN["practise"])
    done, other = practises(lilei, ZH), practises(emma, EN)
    assert ZH["mark"] in lilei.wait_for(ZH["outcome"]).text_all()
    assert EN["mark"] in emma.wait_for(EN["outcome"]).text_all()

    done.click(ZH["again"])
    again = lilei.wait_for(ZH["question"])
    other.click(EN["again"])
    english = emma.wait_for(EN["question"])
    first.click(ZH["practise"])
    lilei.wait_for("你已经在练习了")
    emma.say("date 2026-11-02", thread=english)
    emma.wait_for("Confirmed", thread=english)
    again.click("丢弃")
    again.wait_for("已丢弃")
    practises_from_submit(emma, EN)

    assert len(greetings(lilei, ZH)) == len(greetings(emma, EN)) == 1
    for user in (WANGFANG, DAVID, ZHAOMIN, QIANFENG, ZHOUJIE, HANMEI):
        assert [each for each in fresh.person(user).everything() if each.user == "U0PIAOBOT"] == []
    for message in (*lilei.messages(), *emma.messages()):
        if message.user == "U0PIAOBOT" and practice.SELLER.name in message.text_all():
            assert ZH["mark"] in message.text_all() or EN["mark"] in message.text_all()
    assert left_behind(fresh) == {}


def practises_from_submit(person, words):
    card = submittable(person, words)
    card.click(words["submit"])
    card.wait_for(words["approved"])


def left_behind(site):
    """Rows in every table that a claim would be found in."""
    engine = create_engine(site.environment["PIAOBOT_DATABASE_URL"])
    try:
        with Session(engine) as session:
            tables = (ClaimRow, CounterRow, ReminderRow, ReservationRow, ApprovalRow, ApprovalTaskRow)
            found = {
                table.__tablename__: len(session.execute(select(*table.__table__.primary_key)).all())
                for table in tables
            }
    finally:
        engine.dispose()
    return {name: count for name, count in found.items() if count}


def test_whoever_begins_with_a_file_gets_a_draft_and_no_lecture(fresh):
    lilei, guest = fresh.person(LILEI), fresh.person(GUEST)
    invoice = paper()
    lilei.drop(("invoice.pdf", to_pdf(invoice)))
    lilei.wait_for(invoice.number)
    lilei.open_home("messages")
    guest.open_home("messages")
    lilei.say("你好")
    lilei.wait_for("回复")
    assert greetings(lilei, ZH) == greetings(guest, ZH) == []


def test_the_sample_sent_as_a_real_invoice_is_refused_in_words(site):
    for user, said, submit, discard in (
        (LILEI, "练习用的示例发票", "提交", "丢弃"),
        (EMMA, "the sample invoice of practice", "Submit", "Discard"),
    ):
        person = site.person(user)
        sent = person.drop(("real.pdf", SAMPLE))
        card = person.wait_for(said, after=sent, within=60)
        assert submit not in card.buttons
        pressed = (element for block in card.blocks for element in block.get("elements", []))
        value = next(element["value"].partition("|")[0] for element in pressed if element.get("value"))
        site.press(user, "submit", value)
        site.press(user, "submit_practice", value)
        with pytest.raises(NotShown):
            card.wait_for("CL-", within=2)
        card.click(discard)
        card.wait_for("已丢弃" if user == LILEI else "Discarded")
