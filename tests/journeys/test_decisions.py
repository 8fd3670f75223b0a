"""One invoice, one decision: from the file in the chat to every card, over HTTP, on both databases."""

import threading
from decimal import Decimal

import pytest

from sandbox.papers import to_pdf
from sandbox.person import NotShown
from tests.journeys.people import (
    DAVID,
    EMMA,
    HANMEI,
    LILEI,
    QIANFENG,
    WANGFANG,
    ZHAOMIN,
    approves,
    drops,
    paper,
    reference_in,
    submits,
)


def test_approved_by_the_manager_and_by_finance(site):
    lilei, wangfang, zhaomin = site.person(LILEI), site.person(WANGFANG), site.person(ZHAOMIN)
    invoice = paper()
    draft = drops(lilei, invoice)
    assert invoice.seller_name in draft.text_all()
    draft.click("提交")
    reference = reference_in(draft.wait_for("等 王芳"))

    approves(wangfang, reference)
    review, other = zhaomin.wait_for(reference), site.person(QIANFENG).wait_for(reference)
    review.click("同意")
    review.wait_for("已同意")
    stamped = other.wait_for("赵敏")
    assert not any(label.startswith("同意") for label in stamped.buttons)
    lilei.wait_for(f"{reference} 已通过")
    draft.wait_for("已通过")


def test_above_the_limit_a_second_manager_approves_too(site):
    lilei = site.person(LILEI)
    reference = submits(lilei, paper(total=Decimal("5000.01")))
    approves(site.person(WANGFANG), reference)
    approves(site.person("U0SUNLI"), reference)
    approves(site.person(ZHAOMIN), reference)
    lilei.wait_for(f"{reference} 已通过")


def test_the_same_in_english(site):
    emma, david = site.person(EMMA), site.person(DAVID)
    invoice = paper()
    draft = drops(emma, invoice)
    assert "Submit" in draft.buttons
    draft.click("Submit")
    reference = reference_in(draft.wait_for("Waiting for David Miller"))
    approves(david, reference, "Approve", "Approved")
    approves(site.person(ZHAOMIN), reference)
    emma.wait_for(f"{reference} is approved")


def test_sent_back_corrected_and_submitted_again(site):
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    invoice = paper()
    reference = submits(lilei, invoice)
    card = wangfang.wait_for(reference)
    card.click("退回修改")
    modal = wangfang.wait_for_modal("退回修改")
    assert modal.fill(words="请写事由 <!channel> *粗*").submit(expect_errors=True)
    modal.fill(reason=first_reason(modal)).submit()
    card.wait_for("已退回修改")

    told = lilei.wait_for("退回修改：")
    assert "王芳" in told.text_all()
    assert "请写事由 <!channel> *粗*" in told.text_all()
    draft = lilei.wait_for(invoice.number)
    draft.click("编辑")
    lilei.wait_for_modal().fill(purpose="季度打印耗材").submit()
    draft.wait_for("季度打印耗材").click("提交")
    draft.wait_for("等")
    again = wangfang.wait_for(reference, after=card)
    assert "季度打印耗材" in again.text_all()
    again.click("同意")
    again.wait_for("已同意")
    site.person(ZHAOMIN).wait_for(reference)


def test_sent_back_by_finance_resumes_at_finance(site):
    lilei, zhaomin = site.person(LILEI), site.person(ZHAOMIN)
    invoice = paper()
    reference = submits(lilei, invoice)
    first = approves(site.person(WANGFANG), reference)
    card = zhaomin.wait_for(reference)
    card.click("退回修改")
    modal = zhaomin.wait_for_modal("退回修改")
    modal.fill(reason=first_reason(modal)).submit()
    lilei.wait_for(f"{reference}（")
    draft = lilei.wait_for(invoice.number)
    draft.click("提交")
    again = zhaomin.wait_for(reference, after=card)
    again.click("同意")
    lilei.wait_for(f"{reference} 已通过")
    with pytest.raises(NotShown):
        site.person(WANGFANG).wait_for(reference, within=0.5, after=first)


def test_rejected_with_a_reason(site):
    hanmei, wangfang = site.person(HANMEI), site.person(WANGFANG)
    invoice = paper()
    reference = submits(hanmei, invoice)
    card = wangfang.wait_for(reference)
    card.click("拒绝")
    modal = wangfang.wait_for_modal("拒绝")
    modal.fill(reason=first_reason(modal), words="不属于公司费用").submit()
    card.wait_for("已拒绝")
    told = hanmei.wait_for(f"{reference}（")
    assert "不属于公司费用" in told.text_all()
    # The number is free again: the same invoice may be claimed once more.
    hanmei.drop(("again.pdf", to_pdf(invoice)))
    hanmei.wait_for(invoice.number, after=told)


def test_a_double_click_decides_once(site):
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    reference = submits(lilei, paper())
    card = wangfang.wait_for(reference)
    for _ in range(3):
        card.click("同意")
    card.wait_for("已同意")
    review = site.person(ZHAOMIN).wait_for(reference)
    assert len([m for m in site.person(ZHAOMIN).everything() if reference in m.text_all()]) == 1
    assert review.buttons


def test_two_reviewers_racing_make_one_decision(site):
    lilei = site.person(LILEI)
    reference = submits(lilei, paper())
    approves(site.person(WANGFANG), reference)
    people = [site.person(ZHAOMIN), site.person(QIANFENG)]
    cards = [person.wait_for(reference) for person in people]
    together = threading.Barrier(2)

    def press(card):
        together.wait()
        card.click("同意")

    threads = [threading.Thread(target=press, args=(card,)) for card in cards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lilei.wait_for(f"{reference} 已通过")
    stamps = [card.wait_for("已同意").text_all() for card in cards]
    deciders = [name for name in ("赵敏", "钱峰") if all(name in stamp for stamp in stamps)]
    assert len(deciders) == 1
    said = [whisper for person in people for whisper in person.ephemerals() if "你无需操作" in whisper.text_all()]
    assert len(said) == 1


def test_a_stale_click_is_answered_and_changes_nothing(site):
    lilei, zhaomin, qianfeng = site.person(LILEI), site.person(ZHAOMIN), site.person(QIANFENG)
    reference = submits(lilei, paper())
    approves(site.person(WANGFANG), reference)
    old = qianfeng.wait_for(reference)
    approves(zhaomin, reference)
    old.wait_for("赵敏")
    # A phone may still show the card as it was.
    assert site.press(QIANFENG, "approve", value_of(old, "同意")).status_code == 200
    qianfeng.wait_for("你无需操作", after=old)


def test_nobody_decides_their_own_claim(site):
    """The manager submits; their card goes to their own manager, and a forged press of theirs is refused."""
    wangfang = site.person(WANGFANG)
    reference = submits(wangfang, paper())
    card = site.person("U0SUNLI").wait_for(reference)
    assert site.press(WANGFANG, "approve", value_of(card, "同意")).status_code == 200
    wangfang.wait_for("不能审批自己")
    assert any(label.startswith("同意") for label in card.again().buttons)


def test_the_same_invoice_from_two_people(site):
    lilei, hanmei = site.person(LILEI), site.person(HANMEI)
    invoice = paper()
    first, second = drops(lilei, invoice), drops(hanmei, invoice)
    first.click("提交")
    reference = reference_in(first.wait_for("CL-"))
    # As from a phone that still shows the button, although the card may say it already.
    assert site.press(HANMEI, "submit", value_of(second, "提交")).status_code == 200
    hanmei.wait_for("没有提交", after=second)
    seen = second.wait_for("重复").text_all()
    assert "李雷" not in seen
    assert "提交" not in second.again().buttons
    assert reference in seen or "CL-" not in seen


def first_reason(modal) -> str:
    """The label of the first coded reason."""
    block = next(block for block in modal.blocks if block["block_id"] == "reason")
    return block["element"]["options"][0]["text"]["text"]


def value_of(card, label: str) -> str:
    """What the button with this label carries."""
    buttons = [
        element for block in card.blocks for element in block.get("elements", []) if element.get("type") == "button"
    ]
    return next(button["value"] for button in buttons if button["text"]["text"].startswith(label))


def test_presses_by_people_who_may_not_decide_change_nothing(site):
    lilei = site.person(LILEI)
    reference = submits(lilei, paper())
    card = site.person(WANGFANG).wait_for(reference)
    target = value_of(card, "同意")
    for user in (LILEI, HANMEI, ZHAOMIN, "U0GUEST", "U0STRANGER", "U0NOBODY"):
        for action in ("approve", "return", "reject", "details"):
            assert site.press(user, action, target).status_code == 200
    for nonsense in ("", "x", "a|b|c", "a|b|1", target.replace("|1", "|2"), target + "|1"):
        assert site.press(WANGFANG, "approve", nonsense).status_code == 200
    assert site.press(WANGFANG, "approve", target, secret="another").status_code == 401
    assert site.press(WANGFANG, "approve", target, age=600).status_code == 401
    assert site.press(WANGFANG, "action_of_another_app", target).status_code == 404
    assert any(label.startswith("同意") for label in card.again().buttons)
    card.click("同意")
    card.wait_for("已同意")


def test_withdrawn_while_it_waits_and_submitted_anew(site):
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    draft = drops(lilei, paper())
    draft.click("提交")
    reference = reference_in(draft.wait_for("等 王芳"))
    card = wangfang.wait_for(reference)

    draft.again().click("撤回")
    lilei.wait_for(f"{reference} 已撤回")
    assert not card.wait_for("已撤回").buttons
    draft.wait_for("提交后").click("提交")
    anew = reference_in(draft.wait_for("等 王芳"))
    assert anew != reference
    approves(wangfang, anew)


def test_sent_back_and_then_withdrawn(site):
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    draft = drops(lilei, paper())
    draft.click("提交")
    reference = reference_in(draft.wait_for("等 王芳"))
    wangfang.wait_for(reference).click("退回修改")
    modal = wangfang.wait_for_modal("退回修改")
    modal.fill(reason=first_reason(modal)).submit()
    lilei.wait_for(f"{reference}（")

    returned = draft.again()
    assert "丢弃" not in returned.buttons
    returned.click("撤回")
    lilei.wait_for(f"{reference} 已撤回")
    lilei.wait_until(lambda: "丢弃" in draft.again().buttons, "a draft like any other")
