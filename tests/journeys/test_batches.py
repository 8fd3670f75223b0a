"""Many files in one message: progress, the figures, one claim for all; and the same file again."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest

from sandbox.papers import not_an_invoice, password_pdf, to_pdf, to_picture
from sandbox.person import NotShown
from tests.journeys.people import (
    DAVID,
    EMMA,
    HANMEI,
    LILEI,
    WANGFANG,
    ZHAOMIN,
    approves,
    drops,
    paper,
    reference_in,
)

FIGURES = re.compile(r"(\d+) 个文件，共 (\d+) 张：(.+)")
ENOUGH = 300
"""Seconds for a whole message, two pictures among it, on a busy machine."""


def pdfs(count):
    """(name, invoice) of so many small PDFs."""
    return [(f"发票{place}.pdf", paper()) for place in range(1, count + 1)]


def drop_all(person, papers, *others, channel=None):
    files = [*((name, to_pdf(invoice)) for name, invoice in papers), *others]
    return person.drop(*files, channel=channel) if channel else person.drop(*files)


def figures(card):
    """(files, in all, {bucket: count}) of a summary; the counts must sum."""
    files, total, buckets = FIGURES.search(card.text_all()).groups()
    counts = [re.match(r"(\d+) [张个](.+)", each).groups() for each in buckets.split(" · ")]
    assert sum(int(count) for count, _ in counts) == int(total)
    return int(files), int(total), {word: int(count) for count, word in counts}


def summary(person, sent):
    return person.wait_for(" 个文件，共 ", after=sent, within=ENOUGH)


def bots(person, after):
    return [each for each in person.messages() if each.user != person.id and each.ts > after.ts]


def test_twelve_files_of_which_two_are_duplicates_one_is_no_invoice_and_one_is_unreadable(site):
    control, lilei, wangfang, zhaomin = (
        site.control(),
        site.person(LILEI),
        site.person(WANGFANG),
        site.person(ZHAOMIN),
    )
    papers = pdfs(8)
    photo = ("同一张.png", to_picture(papers[1][1]))
    again = ("又一次.pdf", to_pdf(papers[0][1]))
    edits = len(control.calls("chat.update"))

    sent = drop_all(lilei, papers, again, photo, ("风景.png", not_an_invoice()), ("加密.pdf", password_pdf()))
    card = summary(lilei, sent)

    assert figures(card) == (12, 12, {"可提交": 8, "重复": 2, "附件": 1, "有问题": 1})
    seen = card.text_all()
    assert "又一次.pdf：与本条消息中的 发票1.pdf 是同一个文件" in seen
    assert "同一张.png：与 发票2.pdf 是同一张发票，已作为它的另一份原件保存" in seen
    assert "风景.png：这不是发票" in seen
    assert re.search("加密.pdf：.*密码.*E-PDF-LOCKED", seen)
    assert len(bots(lilei, sent)) == 1  # one message, no draft cards
    assert_paced(control.calls("chat.update")[edits:], card)

    card.click("全部放入一张报销单")
    modal = lilei.wait_for_modal("8 张发票")
    total = sum((invoice.total for _, invoice in papers), start=Decimal(0))
    assert f"{total:,.2f}" in modal.text_all()
    assert "王芳" in modal.text_all()
    modal.fill(purpose="季度差旅").submit()
    claimed = lilei.wait_for("等 王芳", after=card)
    reference = reference_in(claimed)
    assert "另有 7 张发票" in claimed.text_all()
    card.wait_for(f"{reference}：其中 8 张")
    assert "全部放入一张报销单" not in card.again().buttons

    asked = wangfang.wait_for(reference)
    assert "季度差旅" in asked.text_all()
    assert f"{total:,.2f}" in asked.text_all()
    approves(wangfang, reference)
    if total > 5000:
        approves(site.person("U0SUNLI"), reference)
    approves(zhaomin, reference)
    lilei.wait_for(f"{reference} 已通过")
    claimed.wait_for("已通过")


def assert_paced(updates, card):
    """Edits of this card are 3 s apart or more, less what the clocks of two processes may differ."""
    times = [
        datetime.fromisoformat(call["at"])
        for call in updates
        if call["args"].get("ts") == card.ts and call["status"] == 200
    ]
    assert times
    assert all(later - earlier >= timedelta(seconds=2.9) for earlier, later in pairwise(times)), times


def test_the_same_file_again_by_the_same_person(site):
    hanmei = site.person(HANMEI)
    invoice = paper()
    first = drops(hanmei, invoice)
    sent = hanmei.drop(("换了名字.pdf", to_pdf(invoice)))
    said = hanmei.wait_for("发过", after=sent)
    assert "它的草稿还在等你处理" in said.text_all()
    copy = hanmei.wait_for(invoice.number, after=sent)
    assert "提交" in copy.buttons
    copy.click("提交")
    reference = reference_in(copy.wait_for("CL-"))
    first.wait_for(reference)
    sent = hanmei.drop(("再来.pdf", to_pdf(invoice)))
    assert reference in hanmei.wait_for("发过", after=sent).text_all()


def test_the_same_file_by_another_person(site):
    lilei, hanmei = site.person(LILEI), site.person(HANMEI)
    invoice = paper()
    draft = drops(lilei, invoice)
    draft.click("提交")
    reference = reference_in(draft.wait_for("CL-"))
    sent = hanmei.drop(("invoice.pdf", to_pdf(invoice)), ("other.pdf", to_pdf(paper())))
    card = summary(hanmei, sent)
    assert figures(card)[2] == {"可提交": 1, "重复": 1}
    seen = card.text_all()
    assert reference in seen
    for secret in ("李雷", "王芳", str(invoice.total), invoice.seller_name):
        assert secret not in seen


def test_thirty_files_and_one_too_many(site):
    control, hanmei = site.control(), site.person(HANMEI)
    papers = pdfs(31)
    edits = len(control.calls("chat.update"))
    sent = drop_all(hanmei, papers)
    card = summary(hanmei, sent)
    assert figures(card) == (30, 30, {"可提交": 30})
    assert re.search("发票31.pdf：没有识别，一次最多识别 30 个文件", card.text_all())
    assert_paced(control.calls("chat.update")[edits:], card)
    card.click("逐张查看")
    hanmei.wait_until(lambda: len(bots(hanmei, card)) >= 30 or None, "30 draft cards", within=ENOUGH)
    hanmei.wait_until(lambda: "逐张查看" not in card.again().buttons or None, "the button is still there")
    card.again().click("全部放入一张报销单")
    hanmei.wait_for_modal("30 张发票").close()
    assert sorted(
        invoice.number in " ".join(each.text_all() for each in bots(hanmei, card)) for _, invoice in papers
    ) == [
        False,
        *[True] * 30,
    ]
    assert len(bots(hanmei, card)) == 30  # each once


def test_the_same_in_english_and_sent_back(site):
    emma, david = site.person(EMMA), site.person(DAVID)
    papers = [(f"invoice {place}.pdf", paper()) for place in (1, 2, 3)]
    sent = drop_all(emma, papers)
    card = emma.wait_for("3 files, 3 invoices in all: 3 ready", after=sent, within=ENOUGH)
    card.click("Put all into one claim")
    emma.wait_for_modal("3 invoices").submit()
    reference = reference_in(emma.wait_for("Waiting for David Miller", after=card))
    asked = david.wait_for(reference)
    asked.click("Send back")
    modal = david.wait_for_modal("Send back")
    block = next(block for block in modal.blocks if block["block_id"] == "reason")
    modal.fill(reason=block["element"]["options"][0]["text"]["text"]).submit()

    drafts = [emma.wait_for(invoice.number, after=card) for _, invoice in papers]
    for draft in drafts:
        draft.wait_for(f"one of 3 invoices of {reference}")
    drafts[2].wait_for("Submit").click("Submit")
    drafts[0].wait_for("Waiting for David Miller")
    again = david.wait_for(reference, after=asked)
    again.click("Approve")
    again.wait_for("Approved")
    approves(site.person(ZHAOMIN), reference)
    emma.wait_for(f"{reference} is approved")


def test_one_file_with_several_invoices(site):
    lilei = site.person(LILEI)
    first, second = paper(), paper()
    sent = lilei.drop(("两张.pdf", joined(to_pdf(first), to_pdf(second))))
    card = summary(lilei, sent)
    assert figures(card) == (1, 2, {"可提交": 2})
    assert len(bots(lilei, sent)) == 1
    card.click("逐张查看")
    for invoice in (first, second):
        assert "提交" in lilei.wait_for(invoice.number, after=card).buttons
    lilei.say("类别 差旅", thread=card)  # no draft stands there
    with pytest.raises(NotShown):
        lilei.wait_for("已修改", thread=card, within=1)


def joined(*pdfs):
    """One PDF of all their pages."""
    whole = pypdfium2.PdfDocument.new()
    for each in pdfs:
        whole.import_pages(pypdfium2.PdfDocument(each))
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def test_in_a_channel_only_the_count_is_said(site):
    lilei = site.person(LILEI)
    sent = drop_all(lilei, pdfs(3), channel="C0INTAKE")
    lilei.wait_for("3 个文件已收到", channel="C0INTAKE", thread=sent)
    card = summary(lilei, sent)
    assert card.channel == "D0LILEI"
    seen = [each for each in lilei.messages("C0INTAKE") if each.thread_ts == sent.ts and each.ts != sent.ts]
    assert [each.text for each in seen] == ["3 个文件已收到，结果在私信。"]


def test_only_the_owner_puts_them_together_or_looks(site):
    lilei, hanmei = site.person(LILEI), site.person(HANMEI)
    card = summary(lilei, drop_all(lilei, pdfs(2)))
    batch = next(
        element["value"] for block in card.blocks for element in block.get("elements", []) if element.get("value")
    )
    for action in ("together", "one_by_one"):
        for value in (batch, "", "x", "D0LILEI/1"):
            assert site.press(HANMEI, action, value).status_code == 200
    hanmei.wait_for("没有这条消息")
    assert hanmei.modal is None
    assert "逐张查看" in card.again().buttons


def test_what_changed_since_the_form_was_opened_is_not_submitted(site):
    lilei = site.person(LILEI)
    papers = pdfs(3)
    card = summary(lilei, drop_all(lilei, papers))
    card.click("逐张查看")
    draft = lilei.wait_for(papers[0][1].number, after=card)
    card = card.wait_for("全部放入一张报销单") if "全部放入一张报销单" not in card.again().buttons else card.again()
    card.click("全部放入一张报销单")
    modal = lilei.wait_for_modal("3 张发票")
    draft.click("丢弃")
    draft.wait_for("已丢弃")
    assert "有变化" in " ".join(modal.submit(expect_errors=True).values())
