"""What goes wrong is said in a sentence that tells what happened, what was kept and what to do."""

import json
from io import BytesIO

import httpx
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from sandbox.papers import (
    decompression_bomb,
    empty,
    not_an_invoice,
    password_pdf,
    text_renamed_jpg,
    to_pdf,
    to_picture,
    too_blurred,
    truncated_pdf,
)
from tests.journeys.people import EMMA, GUEST, LILEI, NOBODY, STRANGER, paper

LARGE = b"%PDF-1.7\n" + b"0" * (21 * 1024 * 1024)


@pytest.mark.parametrize(
    ("name", "content", "code", "zh", "en"),
    [
        ("empty.pdf", empty, "E-EMPTY", "空", "empty"),
        ("large.pdf", lambda: LARGE, "E-TOO-LARGE", "20 MB", "20 MB"),
        ("note.jpg", text_renamed_jpg, "E-TYPE", "PDF", "PDF"),
        ("cut.pdf", truncated_pdf, "E-PDF-BROKEN", "PDF", "PDF"),
        ("locked.pdf", password_pdf, "E-PDF-LOCKED", "密码", "password"),
        ("bomb.png", decompression_bomb, "E-PIXELS", "像素", "pixels"),
        ("blurred.jpg", lambda: too_blurred(to_picture(paper())), "E-BLURRED", "重拍", "photo"),
    ],
)
def test_a_file_that_cannot_be_read(site, name, content, code, zh, en):
    bytes_of_it = content()
    for user, word in ((LILEI, zh), (EMMA, en)):
        person = site.person(user)
        sent = person.drop((name, bytes_of_it))
        said = person.wait_for(code, after=sent, within=60)
        assert word in said.text_all()
        assert name in said.text_all()


def test_a_picture_of_no_invoice_is_named_as_such(site):
    lilei, emma = site.person(LILEI), site.person(EMMA)
    picture = not_an_invoice()
    sent = lilei.drop(("view.png", picture))
    lilei.wait_for("不是发票", after=sent, within=60)
    sent = emma.drop(("view.png", picture))
    emma.wait_for("ot an invoice", after=sent, within=60)


def test_a_missing_scope_is_named_for_the_administrator(site):
    control, lilei = site.control(), site.person(LILEI)
    control.fault("no_files_read")
    try:
        sent = lilei.drop(("a.pdf", to_pdf(paper())))
        said = lilei.wait_for("E-HTML", after=sent)
        assert "files:read" in said.text_all()
    finally:
        control.clear_faults()


@pytest.mark.parametrize("user", [GUEST, NOBODY, STRANGER])
def test_people_who_may_not_send_are_told_and_nothing_is_kept(site, user):
    person = site.person(user)
    sent = person.drop(("a.pdf", to_pdf(paper())))
    said = person.wait_for("没有保存" if user != STRANGER else "kept", after=sent)
    assert not said.buttons


def test_forged_old_and_foreign_requests_have_no_effect(site):
    event = {"type": "message", "channel": "D0LILEI", "channel_type": "im", "user": LILEI, "text": "hello", "ts": "1.0"}
    body = {"type": "event_callback", "team_id": "T0MORNSTAR", "event_id": "EvFORGED", "event": event}
    assert httpx.post(f"{site.bot}/slack/events", json=body, trust_env=False).status_code == 401
    assert site.send(json.dumps(body), secret="another").status_code == 401
    assert site.send(json.dumps(body), age=600).status_code == 401
    foreign = {**body, "team_id": "T0OTHER", "event_id": "EvFOREIGN"}
    site.send(json.dumps(foreign))
    assert "EvFOREIGN" not in str(site.control().calls("chat.postMessage"))


def test_nonsense_in_the_form_is_said_under_each_field(site):
    lilei = site.person(LILEI)
    draft = drops_photo(lilei)
    draft.click("编辑")
    modal = lilei.wait_for_modal()
    errors = modal.fill(total="很多钱", date="明天").submit(expect_errors=True)
    assert "475.80" in errors["total"]
    assert "2026-08-14" in errors["date"]
    modal.fill(total="１２８．５０元", date="2026年8月14日").submit()
    draft.wait_for("128.50")


def drops_photo(person):
    """A draft whose fields may be typed over: a photo without a readable code."""
    invoice = paper()
    person.drop(("photo.png", without_code(to_picture(invoice))))
    return person.wait_for(invoice.number, within=60)


def without_code(picture: bytes) -> bytes:
    """The picture with its QR code painted over."""
    with Image.open(BytesIO(picture)) as opened:
        page = opened.convert("RGB")
    found = zxingcpp.read_barcodes(page)[0].position
    xs, ys = zip(*[(corner.x, corner.y) for corner in (found.top_left, found.bottom_right)], strict=True)
    ImageDraw.Draw(page).rectangle((min(xs) - 4, min(ys) - 4, max(xs) + 4, max(ys) + 4), fill="white")
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def test_an_answer_under_a_draft_corrects_it(site):
    lilei, emma = site.person(LILEI), site.person(EMMA)
    draft = drops_photo(lilei)
    lilei.say("金额 128.50", thread=draft)
    draft.wait_for("128.50")
    lilei.wait_for("已修改", thread=draft)
    lilei.say("今天天气不错", thread=draft)
    lilei.wait_for("没看懂", thread=draft)
    english = drops_photo(emma)
    emma.say("total 99", thread=english)
    english.wait_for("99.00")


def test_onlookers_in_the_intake_channel_see_counts_only(site):
    lilei, onlooker = site.person(LILEI), site.person("U0HANMEI")
    invoice = paper()
    sent = lilei.drop(("invoice.pdf", to_pdf(invoice)), channel="C0INTAKE")
    lilei.wait_for(invoice.number)
    onlooker.wait_for("1 个文件已收到", channel="C0INTAKE", thread=sent)
    seen = " ".join(message.text_all() for message in onlooker.messages("C0INTAKE") if message.user == "U0PIAOBOT")
    assert invoice.seller_name not in seen
    assert str(invoice.total) not in seen


def test_a_file_deleted_before_it_is_read_is_said(site):
    control, lilei = site.control(), site.person(LILEI)
    control.fault("slack_error", "files.info", times=1, error="file_deleted")
    sent = lilei.drop(("gone.pdf", to_pdf(paper())))
    lilei.wait_for("E-FILE-DELETED", after=sent)
